"""A Telegram message to blocks: what editors paste and forward."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from bot.text.cleaning import clean, safe_url
from bot.text.code import code_language
from bot.text.document import Block, Code, Document, Marks, Paragraph, Quote, Run, Runs, trimmed
from bot.text.emoji import custom_emoji

_MARK_OF = {
    "bold": "bold", "italic": "italic", "underline": "underline", "strikethrough": "strikethrough",
    "spoiler": "spoiler", "code": "code",
}  # fmt: skip
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_SCHEME = regex.compile(r"[a-z][a-z0-9+.-]*://|mailto:|tel:", regex.IGNORECASE)
_NOT_DIALLED = regex.compile(r"[^0-9+]")
_LONGEST_MARK = 4  # units that may join what follows to a character: a joiner, a colour, a variation
_EMPTY_LINES = regex.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Entity:
    """A Bot API MessageEntity; `offset` and `length` in UTF-16 units. `emoji` is the number of a custom emoji."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    emoji: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it as `entities_of` takes it back."""
        own = {"url": self.url, "language": self.language, "custom_emoji_id": self.emoji}
        named = {name: value for name, value in own.items() if value}
        return {"type": self.type, "offset": self.offset, "length": self.length, **named}


def entities_of(raw: Iterable[Mapping[str, object]]) -> tuple[Entity, ...]:
    """Return Bot API entities from their JSON; fields this does not know are passed over."""
    return tuple(
        Entity(
            str(item.get("type", "")),
            int(str(item.get("offset", 0))),
            int(str(item.get("length", 0))),
            str(item.get("url") or ""),
            str(item.get("language") or ""),
            str(item.get("custom_emoji_id") or ""),
        )
        for item in raw
    )


def parse_message(text: str, entities: Iterable[Entity] = ()) -> Document:
    """Return the blocks of a message: paragraphs at empty lines, quotations and code where the entities say so."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    spans = [e for e in entities if _lies_on(encoded, e) and (e.type != "custom_emoji" or _is_whole(encoded, e))]
    edges = sorted({0, len(encoded) // 2, *(e.offset for e in spans), *(e.offset + e.length for e in spans)})
    blocks: list[Block] = []
    pending: list[Run] = []
    around: Entity | None = None
    for start, end in pairwise(edges):
        over = [e for e in spans if e.offset <= start and end <= e.offset + e.length]
        block_entity = next((e for e in over if e.type == "pre" or e.type in _QUOTES), None)
        if block_entity is not around:
            blocks += _blocks(pending, around)
            pending, around = [], block_entity
        piece = clean(encoded[start * 2 : end * 2].decode("utf-16-le", "replace"))
        pending.append(Run(piece, _marks(over), _href(over, encoded), _emoji(over, piece)))
    return tuple(blocks + _blocks(pending, around))


def _lies_on(encoded: bytes, entity: Entity) -> bool:
    """Tell whether an entity covers whole characters of the text; Telegram's do, made up ones need not."""
    edges = (entity.offset, entity.offset + entity.length)
    if entity.length <= 0 or edges[0] < 0 or edges[1] * 2 > len(encoded):
        return False
    return not any(0xDC <= encoded[edge * 2 + 1] < 0xE0 for edge in edges if edge * 2 < len(encoded))


def _is_whole(encoded: bytes, entity: Entity) -> bool:
    """Tell whether a custom emoji covers one emoji and not a part of it: a family is one character."""
    from_there = encoded[entity.offset * 2 : (entity.offset + entity.length + _LONGEST_MARK) * 2]
    plain = encoded[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le", "replace")
    first = regex.match(r"\X", from_there.decode("utf-16-le", "replace"))
    return first is not None and first[0] == plain and bool(custom_emoji(entity.emoji, plain))


def _marks(over: Iterable[Entity]) -> Marks:
    return frozenset(_MARK_OF[e.type] for e in over if e.type in _MARK_OF)


def _href(over: Iterable[Entity], encoded: bytes) -> str:
    """Return where a stretch of text leads: an address that is formatted in part is one address all the same."""
    for entity in over:
        whole = encoded[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le", "replace")
        if entity.type == "text_link":
            return safe_url(entity.url)
        if entity.type == "url":
            return safe_url(whole if _SCHEME.match(whole) else f"https://{whole}")
        if entity.type == "email":
            return safe_url(f"mailto:{whole}")
        if entity.type == "phone_number":
            return safe_url(f"tel:{_NOT_DIALLED.sub('', whole)}")
    return ""


def _emoji(over: list[Entity], piece: str) -> str:
    if any(e.type == "code" for e in over):  # nothing may stand inside code
        return ""
    return next((number for e in over if e.type == "custom_emoji" and (number := custom_emoji(e.emoji, piece))), "")


def _blocks(pending: list[Run], around: Entity | None) -> list[Block]:
    if around is not None and around.type == "pre":
        text = "".join(run.text for run in pending).strip("\n")
        return [Code(text, code_language(around.language))] if text.strip() else []
    paragraphs = [runs for runs in map(trimmed, _split(pending)) if runs]
    if around is not None:
        expandable = around.type == "expandable_blockquote"
        return [Quote(tuple(paragraphs), expandable=expandable)] if paragraphs else []
    return [Paragraph(runs) for runs in paragraphs]


def _split(runs: list[Run]) -> list[Runs]:
    """Return the runs as paragraphs, cut where a line is empty, also when the line ends lie in different runs."""
    whole = "".join(run.text for run in runs)
    cuts = [(match.start(), match.end()) for match in _EMPTY_LINES.finditer(whole)]
    paragraphs: list[Runs] = []
    begin = 0
    for cut_start, cut_end in [*cuts, (len(whole), len(whole))]:
        paragraphs.append(_slice(runs, begin, cut_start))
        begin = cut_end
    return paragraphs


def _slice(runs: list[Run], begin: int, end: int) -> Runs:
    result, position = [], 0
    for run in runs:
        low, high = max(begin - position, 0), min(end - position, len(run.text))
        if low < high:
            result.append(replace(run, text=run.text[low:high]))
        position += len(run.text)
    return tuple(result)
