"""An article's body as a tree of blocks: the one form every renderer reads and every parser makes."""

from dataclasses import dataclass, field, replace

Marks = frozenset[str]
"""Inline formatting: any of bold, italic, underline, strikethrough, spoiler, code."""

MARKS: Marks = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "code"})


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one formatting. A line break is "\\n". `href` is an allowed address or "".

    `emoji` is the number of a custom emoji, for which the text, one plain emoji, stands where it cannot be shown.
    """

    text: str
    marks: Marks = frozenset()
    href: str = ""
    emoji: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the body."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation of paragraphs; quotations do not nest in Telegram, so neither do they here.

    An `expandable` one is folded until somebody opens it.
    """

    paragraphs: tuple[Runs, ...]
    expandable: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `start` is the first number, None for bullets. An item is one line of runs."""

    items: tuple[Runs, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted text."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block = Paragraph | Heading | Quote | Listing | Code | Rule
Document = tuple[Block, ...]


def runs_text(runs: Runs) -> str:
    """Return the text of the runs without their formatting."""
    return "".join(run.text for run in runs)


def block_text(block: Block) -> str:
    """Return the text of one block, its lines separated by line breaks."""
    match block:
        case Paragraph(runs) | Heading(runs):
            return runs_text(runs)
        case Quote(paragraphs):
            return "\n".join(map(runs_text, paragraphs))
        case Listing(items):
            return "\n".join(map(runs_text, items))
        case Code(text):
            return text
        case Rule():
            return ""


def document_text(document: Document) -> str:
    """Return the text of all blocks, separated by empty lines: what words are counted and searched in."""
    return "\n\n".join(text for text in map(block_text, document) if text)


def merged(runs: Runs) -> Runs:
    """Return the same text with neighbouring runs of equal formatting joined and empty ones dropped.

    Two custom emoji stay two, also when they are the same.
    """
    result: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        last = result[-1] if result else None
        if last and (last.marks, last.href, last.emoji) == (run.marks, run.href, "") and not run.emoji:
            result[-1] = replace(run, text=last.text + run.text)
        else:
            result.append(run)
    return tuple(result)


def trimmed(runs: Runs) -> Runs:
    """Return the runs without white space at either end."""
    pieces = list(merged(runs))
    while pieces and not pieces[0].text.strip():
        pieces.pop(0)
    while pieces and not pieces[-1].text.strip():
        pieces.pop()
    if pieces:
        pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip())
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
    return tuple(pieces)
