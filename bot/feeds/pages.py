"""An agency's page, copied from a browser as text: source, time, title, reading time, text, and lists round it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import regex

from bot.feeds.encodings import decoded
from bot.feeds.findings import Record

_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_DAY = r"(?:\p{L}{2,10}\.?,\s*)?[0-9]{1,2}(?:\.[0-9]{1,2}\.|\s\p{L}{3,10}\.?,?\s)[0-9]{4}(?:\sр(?:оку|\.))?"
_CLOCK = regex.compile(
    rf"{_TIME}[,|·•–—-]?\s{{1,3}}{_DAY}|{_DAY}[,|·•–—-]?\s{{1,3}}(?:(?:о|об|в|at)\s)?{_TIME}", regex.IGNORECASE
)
_READING = regex.compile(r"[0-9]+ (хв|мин|min)\b.{0,20}")
_BEYOND = frozenset({"ще за темою", "останнє", "читайте також", "more on this topic", "latest", "read also"})
_MARKS = frozenset({"реклама", "advertisement", "advertising"})  # over what a browser does not copy
_CLOCK_WITHIN = 6  # lines from the top, empty ones not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says. `paragraphs` are where the lines of its text are, from the first character to behind the last.

    `at` is its time as its clock shows it, to be read as a date. `beyond` are the headings of what follows the text,
    `left_out` is the number of lines that belong to no part.
    """

    source: str
    at: str
    title: str
    paragraphs: tuple[tuple[int, int], ...]
    beyond: tuple[str, ...]
    left_out: int
    timed: bool

    @property
    def is_certain(self) -> bool:
        """Whether it has more of a page than a time over a line: how long it takes to read, or lists behind it."""
        return self.timed or bool(self.beyond)


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
    clock = next((n for n, (line, _) in enumerate(top) if _CLOCK.fullmatch(line)), None)
    if clock is None:
        return None
    behind = iter([*top[clock + 1 :], *lines])
    title = next((line for line, _ in behind), "")
    if not title:
        return None
    paragraphs, beyond, left_out, timed = _text_under(title, behind)
    return Page(
        source=top[clock - 1][0] if clock else "",
        at=top[clock][0],
        title=title,
        paragraphs=paragraphs,
        beyond=beyond,
        left_out=left_out + max(0, clock - 1),
        timed=timed,
    )


def _lines(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the lines that say something, without white space, and where they are."""
    at = 0
    for whole in text.splitlines(keepends=True):
        if line := whole.replace("\ufeff", " ").strip():
            begin = at + whole.index(line[0])
            yield line, (begin, begin + len(line))
        at += len(whole)


def _text_under(
    title: str, lines: Iterator[tuple[str, tuple[int, int]]]
) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...], int, bool]:
    """Return where the text is, the headings behind it, how many lines are left out, and whether its length is told."""
    paragraphs: list[tuple[int, int]] = []
    beyond: list[str] = []
    left_out, timed = 0, False
    for line, place in lines:
        plain = line.casefold().rstrip(": ")
        heads_a_list = plain in _BEYOND
        is_time = bool(_READING.fullmatch(line))
        timed = timed or (is_time and not paragraphs)
        if heads_a_list:
            beyond.append(line)
        if heads_a_list or beyond or is_time or line == title or plain in _MARKS:
            left_out += 1
        else:
            paragraphs.append(place)
    return tuple(paragraphs), tuple(beyond), left_out, timed
