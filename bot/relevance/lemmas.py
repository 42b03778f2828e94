"""A text to words: the one normalisation behind search, related items, keywords and duplicates.

Apostrophes go (they are written in four ways), letters become small, words become their dictionary form. What is left
are *lemmas*: "мобілізацією" and "мобілізації" are both "мобілізація".
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from bot.model.news import Article, Terms
from bot.relevance import stopwords
from bot.text.document import document_text
from bot.text.markup import parse_html

if TYPE_CHECKING:
    from simplemma import Lemmatizer

_APOSTROPHES = regex.compile(r"(?<=\p{L})['`’‘ʼ′](?=\p{L})")
_APOSTROPHE_PLACES = regex.compile(r"(?<=[бвгґджзкмнпрстфхш])(?=[яюєї])")  # Ukrainian spelling, 2019, § 7
_TOKEN = regex.compile(r"\p{L}+|\p{N}+")
# Accents that are written apart, as over a stressed vowel; й and ї are letters of their own once composed. Latin
# letters lose theirs too: SQLite's index takes é for e, and PostgreSQL has to answer the same.
_MARKS = regex.compile(r"\p{M}+")
_ACCENTED = regex.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_NOT_TOKEN = regex.compile(r"[^\p{L}\p{N}]+")
_LONGEST = 40
_REMEMBERED = 30_000  # words with their forms, of some 200 bytes each
# Letters that look alike in both scripts, some of them only as capitals, which are small by the time this is asked:
# a word of one script with a stray letter of the other is a slip or a trick.
_LATIN_LOOKS = str.maketrans("abcehikmoptxy", "авсенікмортху")
_LATIN, _CYRILLIC = regex.compile(r"\p{Latin}"), regex.compile(r"\p{Cyrillic}")
_MIXED = regex.compile(r"(?=.*\p{Cyrillic})(?=.*\p{Latin})")


def tokens(text: str) -> Iterator[str]:
    """Yield the words and numbers of a text as they are compared: composed, small, without apostrophes."""
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))
    folded = _APOSTROPHES.sub("", folded)
    # Most texts have neither accents nor two scripts: asked once a text, not once a word.
    accented = _ACCENTED.search(folded) is not None
    mixed = _LATIN.search(folded) is not None and _CYRILLIC.search(folded) is not None
    for word in _TOKEN.findall(folded):
        if accented and _ACCENTED.search(word):
            word = _MARKS.sub("", unicodedata.normalize("NFD", word))  # noqa: PLW2901  the word as it is compared
        if mixed and not word.isascii() and _MIXED.match(word):
            word = word.translate(_LATIN_LOOKS)  # noqa: PLW2901
        yield word[:_LONGEST]


def lemmas(text: str, language: str) -> Iterator[str]:
    """Yield the dictionary form of each word of a text, in order, without words that say nothing."""
    return lemmas_of(tokens(text), language)


def lemmas_of(found: Iterable[str], language: str) -> Iterator[str]:
    """Yield the dictionary forms of the words that `tokens` found."""
    for token in found:
        if lemma := _said(token, language):
            yield lemma


@lru_cache(maxsize=_REMEMBERED)
def _said(token: str, language: str) -> str:
    """Return the dictionary form of a word, or "" for one that says nothing."""
    if token in stopwords.ALL:
        return ""
    lemma = lemma_of(token, language)
    return lemma if lemma not in stopwords.ALL and (len(lemma) > 1 or lemma.isdigit()) else ""


def lemma_of(token: str, language: str) -> str:
    """Return the dictionary form of one word; a word that no dictionary knows stays as it is."""
    if token.isdigit():
        return token
    dictionaries = _dictionaries(token, language)
    lemma = str(_lemmatizer().lemmatize(_with_apostrophe(token, dictionaries), lang=dictionaries))
    if lemma != lemma.casefold():
        # A name. Written small it may be in the dictionary as another word, and all its forms have to meet there:
        # "києва" is found under "Київ", but "київ" under "кий".
        lemma = str(_lemmatizer().lemmatize(lemma.casefold(), lang=dictionaries))
    # What a dictionary answers passes the same way as what was asked: a token is letters or digits, nothing else.
    return "".join(tokens(_NOT_TOKEN.sub("", lemma)))[:_LONGEST] or token


def _with_apostrophe(token: str, dictionaries: tuple[str, ...]) -> str:
    """Return the token as the dictionary writes it, when it is found there only with its apostrophe."""
    from simplemma import is_known

    if dictionaries != ("uk",) or is_known(token, lang="uk", low_memory=True):
        return token
    written = (f"{token[: place.start()]}'{token[place.start() :]}" for place in _APOSTROPHE_PLACES.finditer(token))
    return next((word for word in written if is_known(word, lang="uk", low_memory=True)), token)


def _dictionaries(token: str, language: str) -> tuple[str, ...]:
    if token[0] <= "\u024f":
        return ("en",)
    return ("ru",) if language == "ru" else ("uk",)


@lru_cache(maxsize=1)
def _lemmatizer() -> "Lemmatizer":
    # Loading takes most of a second: not before the first word is needed. The dictionaries stay packed: 10 MB for
    # Ukrainian, not 65, 22 for Russian, not 158. Looking a word up takes twice as long; few are not remembered above.
    from simplemma import Lemmatizer
    from simplemma.strategies import DefaultStrategy

    return Lemmatizer(cache_max_size=1, lemmatization_strategy=DefaultStrategy(low_memory=True))


def terms_of(title: str, lead: str, body_text: str, language: str) -> Terms:
    """Return how often each lemma stands in the parts of an article."""
    return Terms(
        title=Counter(lemmas(title, language)),
        lead=Counter(lemmas(lead, language)),
        body=Counter(lemmas(body_text, language)),
    )


def article_terms(article: Article) -> Terms:
    """Return what the word index keeps of an article."""
    return terms_of(article.title, article.lead, document_text(parse_html(article.body)), article.language)
