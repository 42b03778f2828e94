"""What a client does with what somebody types before it is sent: a long text becomes several messages."""

import re
from collections.abc import Iterator

from bot.sandbox.world import Json

_LIMIT = 4096  # UTF-16 units of a message
_BREAKS = ("\n\n", "\n", r"(?<=[.!?…]) ", " ")  # where it is cut, the best first


def typed_messages(text: str, entities: list[Json] | None = None) -> Iterator[Json]:
    """Yield the messages that a typed or pasted text becomes, each with its own entities."""
    marks, start = entities or [], 0
    encoded = text.encode("utf-16-le")
    while start * 2 < len(encoded):
        piece = encoded[start * 2 : (start + _LIMIT) * 2].decode("utf-16-le", "ignore")
        if (start + _units(piece)) * 2 < len(encoded):
            piece = piece[: _cut(piece)]
        said = piece.strip()
        begin = start + _units(piece[: len(piece) - len(piece.lstrip())])
        if said:
            own = list(_inside(marks, begin, begin + _units(said)))
            yield {"text": said} | ({"entities": own} if own else {})
        start += _units(piece)


def _cut(piece: str) -> int:
    """Return where a client cuts: at the last and best break of the second half, or at the very end."""
    for pattern in _BREAKS:
        ends = [match.end() for match in re.finditer(pattern, piece) if match.start() >= len(piece) // 2]
        if ends:
            return ends[-1]
    return len(piece)


def _inside(marks: list[Json], begin: int, end: int) -> Iterator[Json]:
    for mark in marks:
        first, last = max(mark["offset"], begin), min(mark["offset"] + mark["length"], end)
        if first < last:
            yield {**mark, "offset": first - begin, "length": last - first}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
