"""Small changes said as "was -> is": so that nobody sends a whole text again for one letter of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.text.document import Block, Code, Document, Heading, Listing, Paragraph, Quote, Rule, Run, Runs, merged
from bot.text.document import runs_text as text_of

_ARROW = re.compile(r"\s*(->|=>|→)\s*")
_ALIKE = str.maketrans({"'": "’", "ʼ": "’", "`": "’", "\u00a0": " "})  # how people type, and how it stands in print


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in a text, and what takes its place; `plain` arrows may stand in a text of their own."""

    old: str
    new: str
    plain: bool = False


def replacements_in(text: str) -> tuple[Replacement, ...]:
    """Return what a message replaces, line by line; nothing when it is not made of such lines."""
    found = []
    for line in filter(str.strip, text.split("\n")):
        old, *rest = _ARROW.split(line.strip())
        if len(rest) != 2 or not old:
            return ()
        found.append(Replacement(old, rest[1], plain=rest[0] == "→"))
    return tuple(found)


def occurrences(document: Document, old: str) -> int:
    """Return how often a stretch stands in a body, within its lines."""
    return sum(_plain(text_of(runs)).count(_plain(old)) for block in document for runs in _lines(block))


def replaced(document: Document, one: Replacement) -> Document:
    """Return the body with what takes the place of a stretch, formatted as its beginning was."""
    return tuple(_in_block(block, one) for block in document)


def replaced_line(text: str, one: Replacement) -> str:
    """Return a line with what takes the place of a stretch."""
    return text_of(_in_runs((Run(text),), one))


def _lines(block: Block) -> Sequence[Runs]:
    match block:
        case Paragraph(runs) | Heading(runs):
            return (runs,)
        case Quote(lines) | Listing(lines):
            return lines
        case Code(text):
            return ((Run(text),),)
        case Rule():
            return ()


def _in_block(block: Block, one: Replacement) -> Block:
    match block:
        case Paragraph(runs) | Heading(runs):
            return replace(block, runs=_in_runs(runs, one))
        case Quote(lines):
            return replace(block, paragraphs=tuple(_in_runs(runs, one) for runs in lines))
        case Listing(lines):
            return replace(block, items=tuple(_in_runs(runs, one) for runs in lines))
        case Code(text):
            return replace(block, text=replaced_line(text, one))
        case Rule():
            return block


def _in_runs(runs: Runs, one: Replacement) -> Runs:
    at = _plain(text_of(runs)).find(_plain(one.old))
    if at < 0:
        return runs
    end, place, result = at + len(one.old), 0, []
    for run in runs:
        start, place = place, place + len(run.text)
        kept_before, kept_after = run.text[: max(0, at - start)], run.text[max(0, end - start) :]
        begins_here = start <= at < place
        result.append(replace(run, text=kept_before + one.new if begins_here else kept_before))
        result.append(replace(run, text=kept_after))
    return merged(tuple(result))


def _plain(text: str) -> str:
    return text.translate(_ALIKE)
