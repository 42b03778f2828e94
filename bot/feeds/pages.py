"""An agency's page, copied from a browser as text: source, time, title, reading time, text, and lists round it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import regex

from bot.feeds.encodings import decoded
from bot.feeds.findings import Record
from bot.feeds.page_lines import Kind, clock_in, ends_sentence, heads_list, is_author, is_place, kind_of, may_be_title

_CLOCK_WITHIN = 12  # lines from the top, empty ones not counted
_MOST_LOOKED_AT = 20_000  # paragraphs; a longer text is none of an agency, and what follows is text
_FRAME = 2  # lines that only pages have: one may stand in any message
_LEAD_WORDS = 3
_NAMED, _LONGEST_TITLE = 4, 160  # other articles that a page names within a text, and letters of a title
_MOST_TAGS = 12  # lines of them; more are a list of the text
_TAG_WORDS, _TAG_LETTERS = 4, 40  # of a line behind the text that says what it is about
_SENTENCES = regex.compile(r"\p{Ll}[.!?…][\"'»”’)]*\s\p{Lu}")  # several of them, which no title has
_NO_TAG = regex.compile(r"^[–—•*·-]|[0-9]|[.!?…:;,][\"'»”’)]*$")

_Line = tuple[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says. `paragraphs` are where the lines of its text are, from the first character to behind the last.

    `at` is its time as its clock shows it, to be read as a date. `beyond` are the headings of what follows the text,
    `left_out` is the number of lines that belong to no part, `framed` whether buttons or appeals are among them.
    """

    source: str
    at: str
    title: str
    paragraphs: tuple[tuple[int, int], ...]
    beyond: tuple[str, ...]
    left_out: int
    timed: bool
    framed: bool

    @property
    def is_certain(self) -> bool:
        """Whether it has more of a page than a time over a line: the time to read it, lists behind it, buttons."""
        return self.timed or bool(self.beyond) or self.framed


def page_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield the one article of a page.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    whole = decoded(content)
    fields = page_fields(whole.text)
    if fields is None:
        yield Record(place=place, end=len(content), problem="import-not-a-page")
        return
    yield Record(place=place, end=len(content), fields=fields, notes=whole.findings)


def page_fields(text: str) -> dict[str, object] | None:
    """Return what a page says, by the names of a record; None when it is no agency's page."""
    page = read_page(text)
    if page is None:
        return None
    body = "\n\n".join(text[begin:end] for begin, end in page.paragraphs)
    return {"title": page.title, "text": body, "source": page.source, "published_at": page.at}


def read_page(text: str) -> Page | None:
    """Return the parts of a page; None when it is no agency's page, which has a time with a date near its top."""
    lines = _lines(text)
    top = list(islice(lines, _CLOCK_WITHIN))
    clock = next((n for n, (line, _) in enumerate(top) if clock_in(line)), None)
    if clock is None:
        return None
    found = clock_in(top[clock][0])
    above, behind = top[:clock], [*top[clock + 1 :], *lines]
    head = _headed(above, behind)
    if found is None or not head.title:
        return None
    body = _Body(frozenset({head.title, head.source}))
    body.paragraphs += [place for _, place in head.lead]
    for line, place in head.behind:
        body.take(line, place)
    body.drop_tags(text)
    return Page(
        source=head.source,
        at=found.at,
        title=head.title,
        paragraphs=tuple(body.paragraphs),
        beyond=tuple(body.beyond),
        left_out=body.left_out + head.left_out,
        timed=body.timed or head.timed,
        framed=body.framed + (head.above and sum(_is_frame(line) for line, _ in above[1:])) >= _FRAME,
    )


class _Head(NamedTuple):
    """What stands at the top: `lead` are lines of the text above the time, `behind` is what follows the head."""

    title: str
    source: str
    lead: list[_Line]
    behind: list[_Line]
    left_out: int
    above: bool = False  # whether the title stands over the time
    timed: bool = False


def _headed(above: list[_Line], behind: list[_Line]) -> _Head:
    """Find the title: under the time, as agencies have it, or over it."""
    start = next((n for n, (line, _) in enumerate(behind) if not _is_frame(line)), len(behind))
    below = behind[start][0] if start < len(behind) else ""
    titles = [n for n, (line, _) in enumerate(above) if may_be_title(line)]
    plain = [n for n, (line, _) in enumerate(above) if not _is_frame(line) and not is_place(line)]
    if not titles and ends_sentence(below) and (len(plain) > 1 or _SENTENCES.search(below)):
        titles = plain[-1:]
    repeated = any(line == below for line, _ in behind[start + 1 : start + 4])
    if not titles or (below and (repeated or _is_timed(behind[start + 1 : start + 2]))):
        named = [line for line, _ in above if kind_of(line) is Kind.TEXT and not is_place(line)]
        source, timed = (named[-1] if named else ""), _is_timed(behind[:start])
        return _Head(below, source, [], behind[start + 1 :], len(above) - bool(source) + start, timed=timed)
    at = titles[0]
    lead = [above[n] for n in plain if n > at and len(above[n][0].split()) >= _LEAD_WORDS]
    first = above[0][0]
    source = first if at and kind_of(first) is Kind.TEXT and not is_place(first) else ""
    left_out = len(above) - 1 - len(lead) - bool(source)
    return _Head(above[at][0], source, lead, behind, left_out, above=True)


def _is_frame(line: str) -> bool:
    """Tell whether a line at the top is no title: a button, a number, how long it takes to read, or who wrote it."""
    return kind_of(line) is not Kind.TEXT or is_author(line)


def _is_timed(lines: list[_Line]) -> bool:
    return any(kind_of(line) is Kind.READING for line, _ in lines)


def _lines(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the lines that say something, without white space, and where they are."""
    at = 0
    for whole in text.splitlines(keepends=True):
        if line := whole.replace("\ufeff", " ").strip():
            begin = at + whole.index(line[0])
            yield line, (begin, begin + len(line))
        at += len(whole)


class _Body:
    """Takes the lines under the head one by one: which are the text, which headings end it, what is left out."""

    def __init__(self, said: frozenset[str]) -> None:
        self._said = said  # above it
        self.paragraphs: list[tuple[int, int]] = []
        self.beyond: list[str] = []
        self.left_out = 0
        self.timed = False
        self.framed = 0  # lines that only pages have
        self._begun = False
        self._aside = False  # other articles are named here, so many till now
        self._named = 0

    def take(self, line: str, place: tuple[int, int]) -> None:
        """Take the next line."""
        if self.beyond:
            self.beyond += [line] if heads_list(line) else []
            self.left_out += 1
            return
        kind = kind_of(line) if len(self.paragraphs) < _MOST_LOOKED_AT else Kind.TEXT
        if kind is Kind.COMMENTS:
            kind = Kind.LIST if self.paragraphs else Kind.PAGE
        self.timed = self.timed or (kind is Kind.READING and not self.paragraphs)
        if kind is Kind.LIST:
            self.beyond.append(line)
        if kind is Kind.ASIDE:
            self._aside = True
            self._named = 0
        elif self._aside and kind is Kind.TEXT:
            self._named += 1
            self._aside = not ends_sentence(line) and self._named <= _NAMED and len(line) <= _LONGEST_TITLE
        nobody = not self._begun and is_author(line)
        self.framed += nobody or kind not in {Kind.TEXT, Kind.LIST}
        if self.beyond or self._aside or kind is not Kind.TEXT or line in self._said or nobody:
            self.left_out += 1
        else:
            self.paragraphs.append(place)
            self._begun = True

    def drop_tags(self, text: str) -> None:
        """Leave out what the page says behind the text of what it is about: short lines that end no sentence."""
        end = len(self.paragraphs)
        while end and len(self.paragraphs) - end <= _MOST_TAGS and _is_tag(text[slice(*self.paragraphs[end - 1])]):
            end -= 1
        if end and len(self.paragraphs) - end <= _MOST_TAGS and ends_sentence(text[slice(*self.paragraphs[end - 1])]):
            self.framed += end < len(self.paragraphs)
            self.left_out += len(self.paragraphs) - end
            del self.paragraphs[end:]


def _is_tag(line: str) -> bool:
    return len(line) <= _TAG_LETTERS and len(line.split()) <= _TAG_WORDS and not _NO_TAG.search(line)
