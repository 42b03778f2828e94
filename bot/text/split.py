"""Cutting a long text into messages: at a paragraph, else a line, a sentence, a word, a whole character."""

from bisect import bisect_right, insort
from collections import deque
from dataclasses import replace
from itertools import accumulate

import regex

from bot.text.styled import MESSAGE_LIMIT, Span, Styled, units

MAX_ENTITIES = 100  # Telegram shows the first hundred of a message and ignores the rest
_LOOK_AHEAD = 64  # white space at the limit belongs to the cut

_BOUNDARIES = (
    regex.compile(r"\n\s*\n"),
    regex.compile(r"\n"),
    regex.compile(r"[.!?…][\"'»”’)\]]*\s+"),
    regex.compile(r"\s+"),
)
_CHARACTER = regex.compile(r"\X")
_LETTERS = regex.compile(r"[A-Za-zА-ЯҐЄІЇа-яґєії0-9]{2}")  # between two of these every cut is one between characters


def split(text: Styled, limit: int = MESSAGE_LIMIT, *, first: int | None = None) -> list[Styled]:
    """Return the text as messages of at most `limit` UTF-16 units (`first` for the first one) and 100 entities.

    No cut falls inside an entity that would fit into a message of its own, nor inside a character that is made of
    several (flags, families, letters with marks), unless such a one is longer than a whole message. White space at
    the cuts is dropped; nothing else is.
    """
    parts: list[Styled] = []
    rest = _Rest(_stripped(text))
    while rest.left:
        room = first if first is not None and not parts else limit
        window = rest.beginning(room + _LOOK_AHEAD)  # a character is one unit at least
        if rest.left <= room and (len(window.spans) <= MAX_ENTITIES or len(window.text) == 1):
            parts.append(Styled(window.text, window.spans[:MAX_ENTITIES]))
            break
        position = _cut_position(window, room)
        head = _head(window, position)
        if head.text:
            parts.append(head)
        rest.go_on(position)
    return parts


class _Rest:
    """What is left of a text without outer white space; of it no more is looked at than a message may take.

    `left` is its length in units.
    """

    def __init__(self, text: Styled) -> None:
        self._text, self._spans = text.text, text.spans
        self._ahead = deque(sorted(range(len(text.spans)), key=lambda n: text.spans[n].offset))
        self._open: list[int] = []  # of the spans, those that have begun and not ended, in their own order
        self._index = self._unit = 0
        self.left = len(text)

    def beginning(self, length: int) -> Styled:
        """Return so many characters, with the spans that begin in them: what is left of those, to their ends."""
        window = self._text[self._index : self._index + length]
        end = self._unit + units(window)
        while self._ahead and self._spans[self._ahead[0]].offset < end:
            insort(self._open, self._ahead.popleft())
        begun = (self._spans[number] for number in self._open)
        return Styled(window, tuple(_clip(span, self._unit, span.end) for span in begun))

    def go_on(self, length: int) -> None:
        """Leave so many characters behind, and white space after them."""
        begun = self._index
        self._index += length
        while self._text[self._index : self._index + 1].isspace():
            self._index += 1
        passed = units(self._text[begun : self._index])
        self._unit += passed
        self.left -= passed
        self._open = [number for number in self._open if self._spans[number].end > self._unit]


def _cut_position(text: Styled, limit: int) -> int:
    """Return where to cut, as an index of the string, at most `limit` units from its start and more than 0.

    The text goes on a little longer than that, if there is more of it.
    """
    window = text.text
    ends = list(accumulate(2 if c > "\uffff" else 1 for c in window))
    fits = bisect_right(ends, limit)
    most = min(fits, _entity_room(text, ends))
    forbidden = _inside_entities(text, ends, limit)
    for least in (most // 2, 1):
        for pattern in _BOUNDARIES:
            for place in reversed([m.end() for m in pattern.finditer(window)]):
                # White space is dropped at the cut, so a boundary counts by where its white space begins.
                if least <= _bare(window, place) <= most and not _within(place, forbidden):
                    return int(place)
    if _LETTERS.fullmatch(window, most - 1, most + 1) and not _within(most, forbidden):
        return most  # as the search below finds, which looks at every character of a message
    characters = [m.end() for m in _CHARACTER.finditer(window) if m.end() <= fits]
    whole = [p for p in characters if p <= most] or characters[:1]
    return next((p for p in reversed(whole) if not _within(p, forbidden)), whole[-1] if whole else max(1, most))


def _bare(text: str, position: int) -> int:
    """Return `position` moved left over white space."""
    return len(text[:position].rstrip())


def _entity_room(text: Styled, ends: list[int]) -> int:
    """Return the index up to which there are no more than MAX_ENTITIES entities."""
    if len(text.spans) <= MAX_ENTITIES:
        return len(ends)
    offsets = sorted(span.offset for span in text.spans)
    return max(1, bisect_right(ends, offsets[MAX_ENTITIES]))


def _inside_entities(text: Styled, ends: list[int], limit: int) -> list[tuple[int, int]]:
    """Return the index ranges that must not be cut, as (first index inside, first index after)."""
    return [
        (bisect_right(ends, span.offset), bisect_right(ends, span.end - 1))
        for span in text.spans
        if span.length <= limit and span.offset < ends[-1]
    ]


def _within(position: int, ranges: list[tuple[int, int]]) -> bool:
    return any(start < position <= end for start, end in ranges)


def _head(text: Styled, position: int) -> Styled:
    """Return what stands before a cut."""
    head = text.text[:position]
    border = units(head)
    return _stripped(Styled(head, tuple(_clip(s, 0, border) for s in text.spans if s.offset < border)[:MAX_ENTITIES]))


def _clip(span: Span, low: int, high: int) -> Span:
    """Return the part of the span between two units, counted from `low`."""
    start, end = max(span.offset, low), min(span.end, high)
    return replace(span, offset=start - low, length=end - start)


def _stripped(text: Styled) -> Styled:
    """Return the text without outer white space (Telegram would take it away itself and shift nothing)."""
    bare = text.text.strip()
    if bare == text.text:
        return text
    lead = len(text.text) - len(text.text.lstrip())
    low = units(text.text[:lead])
    high = low + units(bare)
    spans = (_clip(s, low, high) for s in text.spans if s.end > low and s.offset < high)
    return Styled(bare, tuple(span for span in spans if span.length > 0))
