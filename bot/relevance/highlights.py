"""Marking: where the words of a query stand in a text, in any form, and the stretch of it that shows them best."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import regex

from bot.relevance.lemmas import lemma_of, tokens
from bot.relevance.query import Query, beginning
from bot.text.styled import Span, Styled, units

EXCERPT_UNITS = 180
MOST_MARKS = 8  # in one text; Telegram ignores a message's entities after the hundredth
_SCANNED = 20_000  # characters of a text that are looked through
_WINDOWS = 200  # matches tried as the first of the excerpt
_SENTENCE_BEFORE = 90  # characters; a sentence that begins so close before a match is shown from its beginning
_WORDS_BEFORE = 40
# The same letters, digits and apostrophes that bot/relevance/lemmas.py takes for a word, found where they stand.
_WORD = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|['`’‘ʼ′](?=\p{L}))*")
_SENTENCE = regex.compile(r"[.!?…][\"'»”’)\]]*\s+")
_UNENDED = regex.compile(r"(?<=[\p{L}\p{N}»”’)])(?<![.!?…][»”’)])[ \t\r]*+\n[ \t\r]*+\n\s*+(?=[\p{Lu}«“„])")
_BLANKS = regex.compile(r"[ \t\r\n\f\v]+")  # a no-break space stays: what it holds together is not torn apart
_CHARACTER = regex.compile(r"\X")
_CLOSING = " ,;:–—-([{«“„"


@dataclass(frozen=True, slots=True)
class Match:
    """Where something of a query stands: characters from `start` up to `end`. `key` is what of the query it is."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A found article's title with its matches underlined, and a stretch of its text with its matches in bold."""

    title: Styled
    text: Styled


def excerpt(title: str, text: str, query: Query, language: str) -> Excerpt:
    """Return what shows how an article, in a language, answers a query. `text` is without markup.

    A word is marked in the forms of its own lemma; where there is none in title and text, in words that begin like it.
    A phrase is marked as it stands, and its words nowhere else. A lead, a heading or a paragraph without an end of its
    own gets one, as it is read on with the next.
    """
    flat = _BLANKS.sub(" ", _UNENDED.sub(". ", text[:_SCANNED])).strip()
    in_title, in_text = _matches((title, flat), query, language)
    return Excerpt(_marked(title, in_title, "underline"), _passage(flat, in_text))


def _matches(texts: Sequence[str], query: Query, language: str) -> list[list[Match]]:
    found: list[list[Match]] = [[] for _ in texts]
    words = [list(_words(text)) for text in texts]
    for phrase in query.phrases:
        for place, own in enumerate(words):
            found[place] += _phrase(phrase, own)
    alone = [
        word for word, typed in zip(query.words, query.typed, strict=True) if tuple(tokens(typed)) not in query.phrases
    ]
    forms = [[(one, _lemmas(one.tokens, language)) for one in own] for own in words]
    for word in alone:
        exact = [[Match(one.start, one.end, word) for one, lemmas in own if word in lemmas] for own in forms]
        if not any(exact) and beginning(word):
            exact = [
                [
                    Match(one.start, one.end, word)
                    for one, lemmas in own
                    if any(beginning(lemma) == beginning(word) for lemma in lemmas)
                ]
                for own in forms
            ]
        for place, some in enumerate(exact):
            found[place] += some
    return [sorted(some, key=lambda match: (match.start, -match.end)) for some in found]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    tokens: tuple[str, ...]


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        if own := _tokens(match.group()):
            yield _Word(match.start(), match.end(), own)


@lru_cache(maxsize=50_000)  # a text has few different words, and most of them are those of every other text
def _tokens(word: str) -> tuple[str, ...]:
    return tuple(tokens(word))


@lru_cache(maxsize=20_000)
def _lemmas(own: tuple[str, ...], language: str) -> frozenset[str]:
    return frozenset(lemma_of(token, language) for token in own)


def _phrase(phrase: tuple[str, ...], words: Sequence[_Word]) -> Iterator[Match]:
    flat = [(token, word) for word in words for token in word.tokens]
    for place in range(len(flat) - len(phrase) + 1):
        if all(flat[place + n][0] == token for n, token in enumerate(phrase)):
            yield Match(flat[place][1].start, flat[place + len(phrase) - 1][1].end, " ".join(phrase))


def _passage(text: str, matches: Sequence[Match]) -> Styled:
    """Return the stretch with most different matches, the first of equals; without any, how the text begins."""
    windows = [_window(text, match) for match in matches[:_WINDOWS]] or [_window(text, Match(0, 0, ""))]

    begins = [match.start for match in matches]

    def shown(window: tuple[int, int]) -> int:
        near = matches[bisect_left(begins, window[0]) : bisect_right(begins, window[1])]
        return len({match.key for match in near if match.end <= window[1]})

    start, end = max(windows, key=lambda window: (shown(window), -window[0]))
    while end > start and end < len(text) and text[end - 1] in _CLOSING:
        end -= 1
    before = "…" if start and not _SENTENCE.match(text, _sentence_end(text, start)) else ""
    after = "…" if end < len(text) and text[end - 1 : end] not in {".", "!", "?", "…"} else ""
    inside = [
        Match(max(match.start, start) - start, min(match.end, end) - start, match.key)
        for match in matches
        if match.start < end and match.end > start
    ]
    return Styled(before) + _marked(text[start:end], inside, "bold") + after


def _window(text: str, match: Match) -> tuple[int, int]:
    start = _start(text, match.start)
    return start, _end(text, start)


def _start(text: str, place: int) -> int:
    """Return where to begin so that `place` is shown: at a sentence, else at a word."""
    if place <= _SENTENCE_BEFORE:
        return 0
    begins = [found.end() for found in _SENTENCE.finditer(text, place - _SENTENCE_BEFORE, place)]
    if begins:
        return int(begins[0])
    blank = text.find(" ", place - _WORDS_BEFORE, place)
    return blank + 1 if blank >= 0 else place


def _end(text: str, start: int) -> int:
    """Return where to end: after a word, or after a character of a word that is longer than an excerpt."""
    window = text[start : start + EXCERPT_UNITS + 1]
    sizes = list(accumulate(2 if character > "\uffff" else 1 for character in window))
    most = sum(size <= EXCERPT_UNITS for size in sizes)
    if start + most >= len(text):
        return len(text)
    blank = text.rfind(" ", start + 1, start + most + 1)
    if blank > 0:
        return blank
    characters = [found.end() for found in _CHARACTER.finditer(window) if found.end() <= most]
    return start + (characters[-1] if characters else most)


def _sentence_end(text: str, start: int) -> int:
    """Return where the end of the sentence before `start` would be: its last mark and what closes it."""
    place = start - 1
    while place > 0 and text[place - 1] in "\"'»”’)]":
        place -= 1
    return max(0, place - 1)


def _marked(text: str, matches: Sequence[Match], kind: str) -> Styled:
    """Return the text with its matches marked; neighbours are marked as one."""
    joined: list[tuple[int, int]] = []
    for match in matches:
        if joined and (match.start <= joined[-1][1] or text[joined[-1][1] : match.start] == " "):
            joined[-1] = (joined[-1][0], max(joined[-1][1], match.end))
        else:
            joined.append((match.start, match.end))
    spans = (
        Span(kind, units(text[:start]), units(text[start:end])) for start, end in joined[:MOST_MARKS] if end > start
    )
    return Styled(text, tuple(spans))
