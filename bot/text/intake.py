"""What an editor sends, read as an article: the first line is the title, the next one may be the lead."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import regex

from bot.errors import Empty
from bot.model.limits import LEAD_LINE, TITLE_LINE
from bot.text.cleaning import clean_line
from bot.text.document import Block, Document, Heading, Listing, Paragraph, Quote, Run, Runs, block_text, trimmed
from bot.text.ellipsis import elided
from bot.text.entities import Entity, parse_message

_SENTENCE = regex.compile(r"(?<=[.!?…][\"'»”’)]*)\s+(?=[\p{Lu}\"«“(—–\d])")
_TAG = regex.compile(r"#[\p{L}\p{N}_]+")
_HASHTAGS = regex.compile(rf"(?:{_TAG.pattern}[\s,|·]*)+")
_SAYS = regex.compile(r"[\p{L}\p{N}]")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}")


@dataclass(frozen=True, slots=True)
class Post:
    """An article as it was written in one message."""

    title: str
    lead: str
    body: Document


def read_post(text: str, entities: Iterable[Entity] = ()) -> Post:
    """Return the title, the lead and the body of a message.

    Raises:
        Empty: there is no text.

    """
    return titled(parse_message(text, entities))


def titled(document: Document) -> Post:
    """Return the title, the lead and the body of a text that has no title apart from it.

    A line right under the title is the lead when more text follows; one with links or words set apart stays
    in the body. A text that begins with a whole paragraph gets its first sentence as the title. What is a link in the
    title begins the body.

    Raises:
        Empty: there is no text.

    """
    signs, tags, rest = _headless(document)
    post = _titled(rest)
    if signs and len(signs) + len(post.title) < TITLE_LINE:
        post = replace(post, title=f"{signs} {post.title}")
    elif signs:
        tags = (Paragraph((Run(signs),)), *tags)
    post = replace(post, body=(*post.body, *tags))
    there = {run.href for block in post.body for run in _runs_of(block)}
    lost = [run for block in document[:2] for run in _runs_of(block) if run.href and run.href not in there]
    if not lost:
        return post
    apart = [
        replace(run, text=f" {run.text}" if n and run.href != lost[n - 1].href else run.text)
        for n, run in enumerate(lost)
    ]
    return replace(post, body=(Paragraph(trimmed(tuple(apart))), *post.body))


def _headless(document: Document) -> tuple[str, Document, Document]:
    """Return a text without the lines over its title that are none: emoji by themselves, hashtags, rows of signs.

    The emoji belong before the title, all else, which comes second, behind the text.
    """
    signs, tags, rest = "", list[Block](), document
    while (found := _line_over(rest)) is not None:
        line, below = found
        said = clean_line("".join(run.text for run in line))
        if _EMOJI.search(said) and not _SAYS.search(said):
            signs = f"{signs} {said}".strip()
        else:
            tags.append(Paragraph(line))
        rest = below
    return signs, tuple(tags), rest


def _line_over(document: Document) -> tuple[Runs, Document] | None:
    """Return the first line where it is no title, and what stands below it; None where it is one, or all there is."""
    first = next((n for n, block in enumerate(document) if block_text(block).strip()), None)
    head = document[first] if first is not None else None
    if first is None or not isinstance(head, Paragraph):
        return None
    line, *others = _lines(head.runs) or [()]
    said = clean_line("".join(run.text for run in line))
    if any(run.href for run in line) or not (_HASHTAGS.fullmatch(said) or not _SAYS.search(said)):
        return None
    more = tuple(run for n, other in enumerate(others) for run in (*((Run("\n"),) if n else ()), *other))
    below = (*((Paragraph(more),) if others else ()), *document[first + 1 :])
    return (line, below) if any(_SAYS.search(_TAG.sub("", block_text(block))) for block in below) else None


def _runs_of(block: Block) -> Runs:
    match block:
        case Paragraph(runs) | Heading(runs):
            return runs
        case Quote(lines) | Listing(lines):
            return tuple(run for line in lines for run in line)
        case _:
            return ()


def _titled(document: Document) -> Post:
    first = next((n for n, block in enumerate(document) if block_text(block).strip()), None)
    if first is None:
        raise Empty
    head, rest = document[first], document[first + 1 :]
    lines = _lines(head.runs) if isinstance(head, Paragraph) else []
    if not lines:
        return _titled_by_sentence(block_text(head), (), document[first:])
    title = clean_line("".join(run.text for run in lines[0]))
    if len(title) > TITLE_LINE:
        return _titled_by_sentence(title, tuple(lines[1:]), document[first:])
    below = lines[1:]
    paragraphs: tuple[Block, ...] = tuple(Paragraph(runs) for runs in below)
    lead = clean_line("".join(run.text for run in below[0])) if len(below) > 1 or (below and rest) else ""
    if lead and len(lead) <= LEAD_LINE and _of_one_look(below[0]):
        return Post(title, lead, (*paragraphs[1:], *rest))
    return Post(title, "", (*paragraphs, *rest))


def _of_one_look(runs: Runs) -> bool:
    """Tell whether a line loses nothing as a lead, which has no formatting of its own: no link, no word set apart."""
    return not any(run.href or run.emoji for run in runs) and len({run.marks for run in runs if run.text.strip()}) <= 1


def _lines(runs: Runs) -> list[Runs]:
    """Return the runs line by line, without empty lines."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines.extend([replace(run, text=other)] for other in others)
    return [line for line in (trimmed(tuple(line)) for line in lines) if line]


def _titled_by_sentence(text: str, below: tuple[Runs, ...], document: Document) -> Post:
    """Return a post whose title is the first sentence, cut if need be; nothing of the text is lost."""
    first = clean_line(_SENTENCE.split(clean_line(text), maxsplit=1)[0])
    if len(first) <= TITLE_LINE and not below and isinstance(document[0], Paragraph):
        rest = _without_beginning(document[0].runs, first)
        if rest is not None:
            return Post(first, "", (*((Paragraph(rest),) if rest else ()), *document[1:]))
    title = elided(first, TITLE_LINE)
    return Post(title, "", document)


def _without_beginning(runs: Runs, beginning: str) -> Runs | None:
    """Return the runs without the sentence they begin with, or None when they do not begin with it to the letter."""
    whole = "".join(run.text for run in runs)
    if not whole.startswith(beginning):
        return None
    left, result = len(beginning), []
    for run in runs:
        cut = min(left, len(run.text))
        left -= cut
        result.append(replace(run, text=run.text[cut:]))
    return trimmed(tuple(result))
