"""Words that somebody wants to follow or never to see, as typed: "ремонт мосту, -футбол" says two things."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from bot.errors import BadWords, TooLong, TooManyWords
from bot.model.limits import PHRASE_MOST
from bot.relevance.query import MOST_WORDS, asked_lemmas, spoken_parts

# A comma between digits belongs to a number. A minus counts at the beginning, and before a word: "мосту -футбол", but
# not in "Івано-Франківськ" nor as a dash between words.
_ENTRY = regex.compile(r"(?<!\d),|,(?!\d)|[;\n]")
_MINUS = regex.compile(r"\A\s*[-−–—➖]+|(?<=\s)[-−–➖]+(?=\S)")
_BEFORE = regex.compile(r"""\A(?:[\s"“”„«»'’+]|\.(?!\p{Latin}))+""")  # .NET keeps its dot
_BEHIND = regex.compile(r"""(?:[\s"“”„«»'’.]|(?<![\p{L}\p{N}+])\+)+\Z""")  # ... and 5G+ its sign


@dataclass(frozen=True, slots=True)
class WordRule:
    """Words that stand together in what is wanted; with `without`, in what must never come."""

    words: str
    without: bool = False


def word_rules(text: str) -> list[WordRule]:
    """Return what a text says, each rule once; none for a text without words.

    A comma, a semicolon or a line's end separates rules; a minus begins one of words that must not occur. Words that
    are said both ways must not occur: the sterner rule counts.
    """
    rules = {words.casefold(): WordRule(words, without) for words, without in sorted(_said(text), key=lambda r: r[1])}
    return list(rules.values())


def _said(text: str) -> Iterator[tuple[str, bool]]:
    for entry in _ENTRY.split(text):
        first, *others = _MINUS.split(entry)
        for part, without in ((first, False), *((other, True) for other in others)):
            words = " ".join(_BEHIND.sub("", _BEFORE.sub("", part)).split())
            if words:
                yield words, without


def search_rules(text: str) -> list[WordRule]:
    """Return what following a search says: its words, and apart from them each of its minus-words."""
    plain, without = spoken_parts(text)
    return [*([WordRule(plain)] if plain else []), *(WordRule(words, without=True) for words in without)]


def lemmas_asked(words: str) -> list[str]:
    """Return the lemmas a rule looks for; raises BadWords, TooLong or TooManyWords where it would look for others."""
    if len(words) > PHRASE_MOST:
        raise TooLong(length=len(words), limit=PHRASE_MOST)
    lemmas = asked_lemmas(words)
    if not lemmas:
        raise BadWords
    if len(lemmas) > MOST_WORDS:
        raise TooManyWords(limit=MOST_WORDS, number=len(lemmas))
    if (length := len(" ".join(lemmas))) > PHRASE_MOST:
        raise TooLong(length=length, limit=PHRASE_MOST)
    return lemmas
