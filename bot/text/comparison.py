"""Two versions of a text side by side, word by word, as somebody looks through a change before it goes out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from rapidfuzz.distance import Indel

from bot.text.ellipsis import cut
from bot.text.plain import stored_plain
from bot.text.styled import Styled, bold, join, styled

_TOKEN = re.compile(r"\n+|[^\S\n]*\S+|[^\S\n]+")
_AROUND = 6  # words of what is the same on either side of a change
_MOST_WORDS = 4000  # of a stretch that is laid side by side; a longer one would take too much memory
_MOST_SHOWN = 400  # characters of one stretch
_MOST_PIECES = 40
_MOST_TEXT = 2500  # characters of all that is shown


class Change(Enum):
    """What became of a stretch."""

    KEPT = auto()
    GONE = auto()
    NEW = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of either version, and what became of it."""

    change: Change
    text: str


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """Return what changed between two texts, with some words around; none when they are the same.

    A great many changes, and long ones, are cut.
    """
    if before == after:
        return ()
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[Piece] = []
    left = _MOST_TEXT
    for piece in _pieces(old, new):
        if len(found) == _MOST_PIECES or left < len(piece.text):
            return (*found, Piece(Change.KEPT, " …"))
        if piece.text:
            found.append(piece)
            left -= len(piece.text)
    return tuple(found)


@lru_cache(maxsize=8)
def stored_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Return what changed between two stored bodies. The last few are kept: a card shows them in two forms."""
    return compared(stored_plain(before).text, stored_plain(after).text)


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    steps = list(_steps(old, new))
    for number, (equal, (i, j), (k, m)) in enumerate(steps):
        if equal:
            yield Piece(Change.KEPT, _around(old[i:j], opens=number == 0, closes=number == len(steps) - 1))
        else:
            yield Piece(Change.GONE, _cut("".join(old[i:j])))
            yield Piece(Change.NEW, _cut("".join(new[k:m])))


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """Yield the stretches from and to, of either text, and whether they are the same."""
    begin, end = _ends(old, new)
    a, b = old[begin : len(old) - end], new[begin : len(new) - end]
    if begin:
        yield True, (0, begin), (0, begin)
    if min(len(a), len(b)) > _MOST_WORDS:
        yield False, (begin, begin + len(a)), (begin, begin + len(b))
    else:
        yield from _joined(a, b, begin)
    if end:
        yield True, (len(old) - end, len(old)), (len(new) - end, len(new))


def _joined(a: Sequence[str], b: Sequence[str], begin: int) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """Yield the same of what lies between the ends; what is taken away and put in at one place is one change."""
    last: list[int] | None = None
    for step in Indel.opcodes(a, b):
        here = [step.src_start + begin, step.src_end + begin, step.dest_start + begin, step.dest_end + begin]
        if step.tag != "equal":
            last = here if last is None else [last[0], here[1], last[2], here[3]]
            continue
        if last is not None:
            yield False, (last[0], last[1]), (last[2], last[3])
            last = None
        yield True, (here[0], here[1]), (here[2], here[3])
    if last is not None:
        yield False, (last[0], last[1]), (last[2], last[3])


def _ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """Return how many words the texts have in common at the beginning and at the end."""
    most = min(len(a), len(b))
    begin = next((n for n in range(most) if a[n] != b[n]), most)
    return begin, next((n for n in range(most - begin) if a[-1 - n] != b[-1 - n]), most - begin)


def _around(words: Sequence[str], *, opens: bool, closes: bool) -> str:
    """Return what is the same, cut to what stands beside a change."""
    before = [] if opens else words[:_AROUND]
    after = [] if closes else words[-_AROUND:]
    if len(before) + len(after) >= len(words):
        return _cut("".join(words))
    return _cut("".join(before)) + (" …" if before else "…") + _cut("".join(after))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else cut(text, _MOST_SHOWN).rstrip() + " …"


def _apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with a space where the first words of both versions would run into each other.

    Spaces before what changed are not marked with it: a struck one at the end of a line looks like a hyphen.
    """
    found: list[Piece] = []
    before = Piece(Change.KEPT, "")
    for piece in pieces:
        said = piece.text if piece.change is Change.KEPT else piece.text.lstrip(" ") or piece.text
        space = piece.text[: len(piece.text) - len(said)]
        touches = before.change is Change.GONE and piece.change is Change.NEW
        if touches and before.text and not before.text[-1].isspace() and not piece.text[:1].isspace():
            space = " "
        if space and before.change is Change.KEPT and found:
            found[-1] = Piece(Change.KEPT, before.text + space)
        elif space:
            found.append(Piece(Change.KEPT, space))
        found.append(Piece(piece.change, said))
        before = piece
    return found


def as_styled(pieces: Sequence[Piece]) -> Styled:
    """Return the pieces as one text: struck through what is gone, in bold what is new."""
    return join("", [_marked(piece) for piece in _apart(pieces)])


def _marked(piece: Piece) -> Styled | str:
    match piece.change:
        case Change.KEPT:
            return piece.text
        case Change.GONE:
            return styled(piece.text, "strikethrough")
        case Change.NEW:
            return bold(piece.text)


def as_rich(pieces: Sequence[Piece]) -> list[object]:
    """Return the pieces as the Bot API's RichText, marked the same way."""
    kinds = {Change.GONE: "strikethrough", Change.NEW: "bold"}
    return [
        {"type": kinds[piece.change], "text": piece.text} if piece.change in kinds else piece.text
        for piece in _apart(pieces)
    ]
