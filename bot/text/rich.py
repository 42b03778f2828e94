"""Blocks as a rich message (Bot API 10.2): JSON blocks, cut into pages that keep Telegram's limits."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.text.document import Block, Code, Document, Heading, Listing, Paragraph, Quote, Rule, Run, Runs, merged
from bot.text.markup import stored_document
from bot.text.plain import plain_block
from bot.text.split import split
from bot.text.styled import Styled, units

RICH_LIMIT = 32_768  # characters of a rich message; Bot API, rich message formatting options
RICH_BLOCKS = 500  # blocks, list items and nested blocks included
# Room for what stands round the body on each page: title, source line, lead, notes, page mark.
_FRAME_TEXT = 2_768
_FRAME_BLOCKS = 20

RichText = str | dict[str, object] | list[object]
RichBlock = dict[str, object]

_MARK_ORDER = ("bold", "italic", "underline", "strikethrough", "spoiler", "code")


def rich_pages(document: Document) -> list[list[RichBlock]]:
    """Return the body as pages of blocks; each leaves room for a title and a lead. One empty page for no body."""
    pages: list[list[RichBlock]] = [[]]
    text_left, blocks_left = RICH_LIMIT - _FRAME_TEXT, RICH_BLOCKS - _FRAME_BLOCKS
    for block in _small_blocks(document):
        size, count = units(plain_block(block).text), _count(block)
        if pages[-1] and (size > text_left or count > blocks_left):
            pages.append([])
            text_left, blocks_left = RICH_LIMIT - _FRAME_TEXT, RICH_BLOCKS - _FRAME_BLOCKS
        pages[-1].append(rich_block(block))
        text_left, blocks_left = text_left - size, blocks_left - count
    return pages


@lru_cache(maxsize=32)
def stored_pages(html: str) -> list[list[RichBlock]]:
    """Return the pages of a stored body, which nobody may change. The last few are kept: many readers open the same."""
    return rich_pages(stored_document(html))


def blocks_in(blocks: Iterable[RichBlock]) -> int:
    """Return how many blocks these are as Telegram counts them: list items and what is nested included."""
    number = 0
    for block in blocks:
        number += 1
        for name in ("blocks", "items"):
            inside = block.get(name)
            number += blocks_in(inside) if isinstance(inside, (list, tuple)) else 0
    return number


def rich_block(block: Block) -> RichBlock:
    """Return one block as the Bot API's InputRichBlock."""
    match block:
        case Paragraph(runs):
            return paragraph(rich_text(runs))
        case Heading(runs):
            return {"type": "heading", "text": rich_text(runs), "size": 3}
        case Quote(paragraphs, expandable=True):
            lines = [(*runs, Run("\n")) for runs in paragraphs[:-1]]
            return {"type": "expandable_blockquote", "text": rich_text(merged(sum([*lines, paragraphs[-1]], ())))}
        case Quote(paragraphs):
            return {"type": "blockquote", "blocks": [paragraph(rich_text(runs)) for runs in paragraphs]}
        case Listing(items, start):
            return {"type": "list", "items": [_item(runs, start, n) for n, runs in enumerate(items)]}
        case Code(text, language):
            return {"type": "pre", "text": text, **({"language": language} if language else {})}
        case Rule():
            return {"type": "divider"}


def paragraph(text: RichText) -> RichBlock:
    """Return a paragraph block."""
    return {"type": "paragraph", "text": text}


def rich_text(runs: Runs) -> RichText:
    """Return runs as the Bot API's RichText: a string, or nested objects around strings."""
    pieces: list[object] = []
    for run in runs:
        piece: object = run.text
        if run.emoji:
            piece = {"type": "custom_emoji", "custom_emoji_id": run.emoji, "alternative_text": run.text}
        for mark in reversed([m for m in _MARK_ORDER if m in run.marks]):
            piece = {"type": mark, "text": piece}
        pieces.append({"type": "url", "text": piece, "url": run.href} if run.href else piece)
    if len(pieces) == 1 and isinstance(pieces[0], (str, dict)):
        return pieces[0]
    return pieces


def plain_emoji(block: RichBlock) -> RichBlock:
    """Return a block with the plain emoji in place of custom ones."""
    return {name: _plain_emoji(value) for name, value in block.items()}


def _plain_emoji(value: object) -> object:
    if isinstance(value, list):
        return [_plain_emoji(one) for one in value]
    if isinstance(value, dict):
        return value["alternative_text"] if value.get("type") == "custom_emoji" else plain_emoji(value)
    return value


def _item(runs: Runs, start: int | None, index: int) -> dict[str, object]:
    item: dict[str, object] = {"blocks": [paragraph(rich_text(runs))]}
    if start is not None:
        item |= {"value": start + index, "type": "1"}
    return item


def _count(block: Block) -> int:
    match block:
        case Quote(paragraphs):
            return 1 + len(paragraphs)
        case Listing(items):
            return 1 + 2 * len(items)
        case _:
            return 1


def _small_blocks(document: Document) -> Iterable[Block]:
    """Yield the blocks, those that no page could hold cut into several of their kind."""
    text_room, block_room = RICH_LIMIT - _FRAME_TEXT, (RICH_BLOCKS - _FRAME_BLOCKS) // 2 - 1
    for block in document:
        match block:
            case Paragraph(runs) | Heading(runs):
                yield from map(Paragraph, _short(runs, text_room)) if _long(runs, text_room) else [block]
            case Quote(paragraphs):
                for group in _groups(paragraphs, text_room, block_room):
                    yield Quote(group, expandable=block.expandable)
            case Listing(items, start):
                done = 0
                for group in _groups(items, text_room, block_room):
                    yield Listing(group, None if start is None else start + done)
                    done += len(group)
            case Code(text, language) if units(text) > text_room:
                for part in split(Styled(text), text_room):
                    yield Code(part.text, language)
            case _:
                yield block


def _long(runs: Runs, room: int) -> bool:
    return sum(units(run.text) for run in runs) > room


def _short(runs: Runs, room: int) -> list[Runs]:
    """Return over-long runs as several; formatting is kept, cuts fall between words."""
    if not _long(runs, room):
        return [runs]
    result: list[Runs] = []
    line: Runs = ()
    used = 0
    for run in runs:
        for piece in split(Styled(run.text), room) if units(run.text) > room else [Styled(run.text)]:
            if line and used + len(piece) > room:
                result.append(line)
                line, used = (), 0
            line += (replace(run, text=piece.text),)
            used += len(piece)
    return [*result, line] if line else result


def _groups(lines: tuple[Runs, ...], text_room: int, most: int) -> Iterable[tuple[Runs, ...]]:
    group: list[Runs] = []
    used = 0
    for runs in (short for line in lines for short in _short(line, text_room)):
        size = sum(units(run.text) for run in runs)
        if group and (used + size > text_room or len(group) >= most):
            yield tuple(group)
            group, used = [], 0
        group.append(runs)
        used += size
    if group:
        yield tuple(group)
