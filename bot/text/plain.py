"""Blocks as a plain message: text and entities, for clients and chats that cannot show rich ones."""

from functools import lru_cache

from bot.text.document import Block, Code, Document, Heading, Listing, Paragraph, Quote, Rule, Runs
from bot.text.markup import stored_document
from bot.text.styled import Styled, bold, join, link, styled

_INLINE_INSIDE_CODE = frozenset({"code"})


def plain(document: Document) -> Styled:
    """Return the whole body; blocks are separated by an empty line."""
    return join("\n\n", map(plain_block, document))


@lru_cache(maxsize=32)
def stored_plain(html: str) -> Styled:
    """Return a stored body as text with entities. The last few are kept: many readers open the same."""
    return plain(stored_document(html))


def plain_block(block: Block) -> Styled:
    """Return one block as text with spans."""
    match block:
        case Paragraph(runs):
            return _runs(runs)
        case Heading(runs):
            return bold(_runs(runs))
        case Quote(paragraphs):
            return styled(
                join("\n", map(_runs, paragraphs)), "expandable_blockquote" if block.expandable else "blockquote"
            )
        case Listing(items, start):
            marks = ("• " if start is None else f"{start + n}. " for n in range(len(items)))
            return join("\n", (Styled(mark) + _runs(runs) for mark, runs in zip(marks, items, strict=True)))
        case Code(text, language):
            return styled(text, "pre", language=language)
        case Rule():
            return Styled("⸻")


def _runs(runs: Runs) -> Styled:
    pieces: list[Styled] = []
    for run in runs:
        piece = styled(run.text, "custom_emoji", emoji=run.emoji) if run.emoji else Styled(run.text)
        # Nothing may stand inside code (Bot API, formatting options), so code wins over the other marks.
        for mark in _INLINE_INSIDE_CODE & run.marks or sorted(run.marks):
            piece = styled(piece, mark)
        pieces.append(link(piece, run.href) if run.href and "code" not in run.marks else piece)
    return join("", pieces)
