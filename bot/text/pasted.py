"""A long text that a client has cut into several messages, put together again.

Clients cut where a paragraph ends, else a line, a sentence or a word, in the second half of what one message holds, and
drop the white space there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from bot.text.entities import Entity
from bot.text.styled import units

MESSAGE_UNITS = 4096  # of a text; Bot API, sendMessage
SHORTEST_CUT = MESSAGE_UNITS // 2

_LONGEST_WORD = SHORTEST_CUT // 2  # characters, which are of one unit or two: they are in the second half
_SPACE = regex.compile(r"\s")
_ENDS = regex.compile(r"[.!?…:;][\"'»”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the messages: its text, and entities within it."""

    text: str
    entities: tuple[Entity, ...] = ()


def may_go_on(part: Part) -> bool:
    """Tell whether a message is so long that the next one may be the rest of it."""
    return units(part.text) >= SHORTEST_CUT


def joined(parts: Sequence[Part]) -> Part:
    """Return the whole text, the entities shifted to where their words are in it."""
    text = ""
    entities: list[Entity] = []
    last = ""
    for number, part in enumerate(parts):
        text += _between(last, part.text) if number else ""
        entities += (replace(entity, offset=entity.offset + units(text)) for entity in part.entities)
        text += part.text
        last = part.text
    return Part(text, tuple(entities))


def picked(part: Part, stretches: Sequence[tuple[int, int]]) -> Part:
    """Return these stretches of a text, in their order, as paragraphs, with what formats them."""
    text = ""
    entities: list[Entity] = []
    at, seen = 0, 0  # the units up to the character `seen`
    for begin, end in stretches:
        at, seen = at + units(part.text[seen:begin]), begin
        text += "\n\n" if text else ""
        length, start = units(part.text[begin:end]), units(text)
        for entity in part.entities:
            first, last = max(entity.offset, at), min(entity.offset + entity.length, at + length)
            if first < last:
                entities.append(replace(entity, offset=first - at + start, length=last - first))
        text += part.text[begin:end]
    return Part(text, tuple(entities))


def _between(before: str, behind: str) -> str:
    """Return what stood where the text was cut: nothing inside a word, a space, or an empty line behind a sentence.

    Inside a word it is cut where the next character did not fit. Of one of two units a space may have been the first,
    but not in what has had none for long: there it would have been cut before.
    """
    full = units(before) >= MESSAGE_UNITS
    if full or (units(before) + units(behind[:1]) > MESSAGE_UNITS and not _SPACE.search(before[-_LONGEST_WORD:])):
        return ""
    return "\n\n" if _ENDS.search(before.rstrip()) else " "
