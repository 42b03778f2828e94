"""CSV: a table with a line of names above it, as a spreadsheet saves it."""

import csv
from _csv import Reader
from collections.abc import Iterator
from io import StringIO

import regex

from bot.feeds.encodings import decoded
from bot.feeds.fields import TEXTS, TITLES, known_name
from bot.feeds.findings import Record
from bot.text.cleaning import clean_line

_MOST_CELL = 5_000_000  # characters
_OPEN = "unexpected end"  # what the reader says of a file that ends within quotation marks
_SAID = regex.compile(r"\s*\"?sep=([,;|\t])\"?\r?\n", regex.IGNORECASE)


def table_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield the lines of a table. The line number of a record is that of its last line.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    whole = decoded(content)
    text, delimiter = _with_delimiter(whole.text.replace("\0", ""))
    size, length, count, full = len(content), max(1, len(text)), 0, True
    csv.field_size_limit(_MOST_CELL)
    lines = _Lines(text)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        head = next((row for row in rows if any(cell.strip() for cell in row)), [])
        names = [known_name(clean_line(name)) for name in head]
        if not {*TITLES, *TEXTS}.intersection(names):
            yield Record(place=place, end=size, problem="import-no-columns")
            return
        if whole.findings:
            yield Record(place=place, notes=whole.findings)
        for row in _whole(rows):
            count += 1
            if row is None:
                at = size * lines.read // length
                yield Record(place=f"{place}:{rows.line_num}", end=at, problem="import-bad-table", values={"n": count})
                continue
            short = len(row) < len(names)
            if short and full and count > 1 and lines.read == len(text) and not text.endswith(("\n", "\r")):
                yield Record(place=f"{place}:{rows.line_num}", end=size, problem="import-cut", values={"n": count})
            elif any(cell.strip() for cell in row):
                full = full and not short
                yield _row(f"{place}:{rows.line_num}", size * lines.read // length, names, row)
    except csv.Error as error:
        cut = _OPEN in str(error)
        problem = "import-cut" if cut else "import-bad-table"
        yield Record(place=f"{place}:{rows.line_num}", end=size, problem=problem, values={"n": count + 1})


def _whole(rows: Reader) -> Iterator[list[str] | None]:
    """Yield the rows, None for one with a quotation mark where none may be; the table goes on behind it.

    Raises:
        csv.Error: the table ends within quotation marks.

    """
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            if _OPEN in str(error):
                raise
            yield None
        else:
            if row is None:
                return
            yield row


class _Lines:
    """The lines of a text for the reader of tables, with how much of it has been read."""

    def __init__(self, text: str) -> None:
        self._file = StringIO(text, newline="")
        self.read = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.read += len(line)
        return line


def _with_delimiter(text: str) -> tuple[str, str]:
    """Return a table without what Excel writes above it, and what separates its columns."""
    if said := _SAID.match(text):
        return text[said.end() :], said[1]
    return text, _delimiter(text)


def _delimiter(text: str) -> str:
    """Return what separates the columns of the first line: what stands in it most often."""
    first = text.lstrip("\r\n ").split("\n", 1)[0]
    return max((",", ";", "\t", "|"), key=first.count)


def _row(place: str, end: int, names: list[str], row: list[str]) -> Record:
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        return Record(place=place, end=end, problem="import-bad-row", values={"n": len(row), "columns": len(names)})
    fields: dict[str, object] = {}
    for name, cell in zip(names, row, strict=False):
        if name and cell.strip() and name not in fields:
            fields[name] = cell
    return Record(place=place, end=end, fields=fields)
