"""A text to words: the one normalisation behind search, related items, keywords and duplicates.

Apostrophes go (they are written in four ways), letters become small, words become their dictionary form. What is left
are *lemmas*: "мобілізацією" and "мобілізації" are both "мобілізація".
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import regex

from bot.model.news import Terms
from bot.relevance.written_forms import LATIN_LOOKS, more_words, plain_letters
from bot.text.languages import ALL, BY_CODE, Language, stop_words

if TYPE_CHECKING:
    from simplemma import Lemmatizer

_APOSTROPHES = regex.compile(r"(?<=\p{L})['`’‘ʼ′](?=\p{L})")
_ACUTE = "\u00b4"  # an apostrophe on some keyboards; composing takes it for a space with an accent
_TOKEN = regex.compile(r"\p{L}+|\p{N}+")
# Accents that are written apart, as over a stressed vowel; й and ї are letters of their own once composed. Latin
# letters lose theirs too: SQLite's index takes é for e, and PostgreSQL has to answer the same.
_MARKS = regex.compile(r"\p{M}+")
_ACCENTED = regex.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_PLAIN = regex.compile(r"[a-z]++|[а-щьюяєіїґыэъё]++")  # nothing is to be done to these
_NOT_TOKEN = regex.compile(r"[^\p{L}\p{N}]+")
# Of small letters and marks that are what they are: most texts of Cyrillic scripts, and many of Latin ones.
_SIMPLE = re.compile("[a-zа-яєіїґё0-9 .,:;!?…«»“”„‘’()/%\n\"'–—-]*")
_SIMPLE_APOSTROPHES = re.compile("(?<=[a-zа-яєіїґё])['’‘](?=[a-zа-яєіїґё])")
_SIMPLE_TOKEN = re.compile("[a-zа-яєіїґё]+|[0-9]+")
_SIMPLE_MIXED = re.compile("[a-z][а-яєіїґё]|[а-яєіїґё][a-z]")
_LONGEST = 40
_NO_FORMS = frozenset({"ai"})  # that is a form of "be" to the dictionary, which has it from "ain't"
_REMEMBERED = 30_000  # words with their forms, of some 200 bytes each
_NO_LOOK = regex.compile("[^abcehikmoptxy]")
_MENDED = LATIN_LOOKS | str.maketrans("ï", "ї")
_MIXED = regex.compile(r"(?=.*\p{Cyrillic})(?=.*\p{Latin})")
# A word of both scripts somewhere; whatever stands between the two letters is gone through once.
_MIXED_WORD = regex.compile(
    r"\p{Latin}[^\P{L}\p{Latin}\p{Cyrillic}]*+\p{Cyrillic}|\p{Cyrillic}[^\P{L}\p{Latin}\p{Cyrillic}]*+\p{Latin}"
)


def tokens(text: str) -> Iterator[str]:
    """Yield the words and numbers of a text as they are compared: composed, small, without apostrophes."""
    small = text.casefold()
    if _SIMPLE.fullmatch(small):  # the same words as below, in a quarter of the time
        joined = _SIMPLE_APOSTROPHES.sub("", small)
        if not _SIMPLE_MIXED.search(joined):
            for word in _SIMPLE_TOKEN.findall(joined):
                yield word[:_LONGEST]
            return
    text = text.replace(_ACUTE, "'")
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))
    folded = _APOSTROPHES.sub("", folded)
    # Most texts have neither accents nor two scripts: asked once a text, not once a word.
    accented = _ACCENTED.search(folded) is not None
    mixed = _MIXED_WORD.search(folded) is not None
    for word in _TOKEN.findall(folded):
        if mixed:  # before accents go: the Latin ï may stand for ї
            word = script_mended(word)  # noqa: PLW2901  the word as it is compared
        if accented and _ACCENTED.search(word):
            word = _MARKS.sub("", unicodedata.normalize("NFD", word))  # noqa: PLW2901
        yield word[:_LONGEST]


def script_mended(word: str) -> str:
    """Return a small word with the stray letters of the other script put right."""
    return word.translate(_MENDED) if not word.isascii() and _MIXED.match(word) else word


def looked_alike(word: str) -> str:
    """Return what a small word in Latin letters looks like in Cyrillic ones when it is in capitals, "" for nothing.

    Somebody who has the wrong keyboard on writes HATO, and nobody sees it.
    """
    return word.translate(LATIN_LOOKS) if len(word) > 1 and not _NO_LOOK.search(word) else ""


def lemmas(text: str, language: str) -> Iterator[str]:
    """Yield the dictionary form of each word of a text, in order, without words that say nothing.

    After them comes what is one word though it is written as none: see `more_words`.
    """
    for token in tokens(text):
        lemma = _said(token, language)
        if lemma:
            yield lemma
        if "ґ" in token or "ґ" in lemma:
            yield from {plain_letters(lemma), _said(plain_letters(token), language)} - {"", lemma}
    yield from more_words(text, lambda word: not _said(word, language))


def lemmas_of(found: Iterable[str], language: str) -> Iterator[str]:
    """Yield the dictionary forms of the words that `tokens` found."""
    for token in found:
        if lemma := _said(token, language):
            yield lemma


@lru_cache(maxsize=_REMEMBERED)
def _said(token: str, language: str) -> str:
    """Return the dictionary form of a word, or "" for one that says nothing."""
    if token in stop_words():
        return ""
    lemma = lemma_of(token, language)
    return lemma if lemma not in stop_words() and (len(lemma) > 1 or lemma.isdigit()) else ""


def lemma_of(token: str, language: str) -> str:
    """Return the dictionary form of one word; a word that no dictionary knows stays as it is."""
    if token.isdigit() or token in _NO_FORMS:
        return token
    known = language_of(token, language)
    if not known.dictionary:
        return token
    token = _with_hard_letter(token, known)
    lemma = str(_lemmatizer().lemmatize(_with_apostrophe(token, known), lang=known.dictionary))
    if lemma != lemma.casefold():
        # A name. Written small it may be in the dictionary as another word, and all its forms have to meet there:
        # "києва" is found under "Київ", but "київ" under "кий".
        lemma = str(_lemmatizer().lemmatize(lemma.casefold(), lang=known.dictionary))
    if _PLAIN.fullmatch(lemma):
        return lemma[:_LONGEST]
    # What a dictionary answers passes the same way as what was asked: a token is letters or digits, nothing else.
    return "".join(tokens(_NOT_TOKEN.sub("", lemma)))[:_LONGEST] or token


@lru_cache(maxsize=_REMEMBERED)
def known_word(token: str, language: str) -> bool:
    """Tell whether a dictionary has a word, as a name or not."""
    from simplemma import is_known

    known = language_of(token, language)
    if not known.dictionary:
        return False
    written = (token, _with_apostrophe(token, known), token.capitalize())
    return any(is_known(word, lang=known.dictionary, low_memory=True) for word in written)


@lru_cache(maxsize=_REMEMBERED)
def proper(token: str, language: str) -> bool:
    """Tell whether a word that begins a sentence is a name for sure: the dictionary has it as one, however written."""
    known = language_of(token, language)
    if not known.dictionary or token in stop_words():
        return False
    written, small = (str(_lemmatizer().lemmatize(form, lang=known.dictionary)) for form in (token.capitalize(), token))
    # Written small it is a name as well, or another word by chance: "литва" is a form of "литво".
    return written[:1].isupper() and (small[:1].isupper() or small.casefold() != written.casefold())


def _with_hard_letter(token: str, language: Language) -> str:
    """Return a token that is written with г as the dictionary has it, with ґ, when it is found there only so."""
    from simplemma import is_known

    if not token.startswith("г") or language.dictionary != "uk" or is_known(token, lang="uk", low_memory=True):
        return token
    written = f"ґ{token[1:]}"
    return written if is_known(written, lang="uk", low_memory=True) else token


def _with_apostrophe(token: str, language: Language) -> str:
    """Return the token as the dictionary writes it, when it is found there only with its apostrophe."""
    from simplemma import is_known

    places = _apostrophe_places(*language.apostrophe)
    if places is None or places.search(token) is None or is_known(token, lang=language.dictionary, low_memory=True):
        return token
    written = (f"{token[: place.start()]}'{token[place.start() :]}" for place in places.finditer(token))
    return next((word for word in written if is_known(word, lang=language.dictionary, low_memory=True)), token)


@cache
def _apostrophe_places(after: str, before: str) -> "regex.Pattern[str] | None":
    return regex.compile(f"(?<=[{after}])(?=[{before}])") if after and before else None


def language_of(token: str, language: str) -> Language:
    """Return the language of a word in a text of some language: its own, or the first that has the word's script."""
    latin = token[0] <= "\u024f"
    own = BY_CODE.get(language)
    if own is not None and (own.script == "Latin") == latin:
        return own
    return next((known for known in ALL if (known.script == "Latin") == latin), ALL[0])


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
