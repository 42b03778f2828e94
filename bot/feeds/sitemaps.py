"""A sitemap of news, as sites hand it to search engines: title, address and time of each page."""

from collections.abc import Iterator
from html import unescape

import regex

from bot.feeds.findings import Finding, Record, Surroundings

# What is open stops at the next tag, so that no text is read to its end from each of a million of them.
_PAGE = regex.compile(r"<(?:\w{1,20}:)?url(?=[\s>])[^<>]*+>", regex.IGNORECASE)
_END = regex.compile(r"</(?:\w{1,20}:)?url\s*>", regex.IGNORECASE)
_SAID = regex.compile(
    r"<(?P<name>(?:\w{1,20}:)?(?:loc|title|name|language|publication_date|keywords))(?=[\s>])[^<>]*+>"
    r"(?:\s*<!\[CDATA\[(?P<plain>(?:[^<\]]|\](?!\]>)|<(?!!\[CDATA\[))*+)\]\]>\s*|(?P<text>[^<]*+))</(?P=name)\s*>",
    regex.DOTALL | regex.IGNORECASE,
)
_MOST, _LONGEST = 50_000, 100_000  # pages of one sitemap, as the protocol has it; characters of one
_FIELDS = {
    "loc": "url", "image:loc": "photo", "title": "title", "name": "source", "language": "language",
    "publication_date": "published_at", "keywords": "topics",
}  # fmt: skip


def sitemap_records(place: str, size: int, text: str) -> Iterator[Record]:
    """Yield the news that a sitemap names; one that names none has no items. `size` are its bytes."""
    parts = _PAGE.split(text, maxsplit=_MOST + 1)[1:]
    around, found = Surroundings(feed=True), 0
    for number, part in enumerate(parts[:_MOST], 1):
        end = _END.search(part, endpos=_LONGEST)
        fields = _fields(part[: end.start()] if end else "")
        at = f"{place}#{number}"
        if end is None:
            yield Record(place=at, problem="import-cut", values={"n": number})
        elif "title" in fields:
            found += 1
            yield Record(place=at, end=size * number // len(parts), fields=fields, around=around)
    if len(parts) > _MOST:
        yield Record(place=place, problem="import-too-many", values={"limit": _MOST})
    if not found:
        yield Record(place=place, end=size, problem="import-no-items")
    elif (others := min(len(parts), _MOST) - found) and _END.search(parts[-1]):
        yield Record(place=place, end=size, notes=(Finding("import-pages-only", {"n": others}),))


def _fields(part: str) -> dict[str, object]:
    fields: dict[str, object] = {}
    for said in _SAID.finditer(part):
        name = said["name"].lower()
        field = _FIELDS.get(name if name.startswith("image:") else name.rpartition(":")[2], "")
        value = said["plain"] if said["plain"] is not None else unescape(said["text"])
        if field and value.strip():
            fields.setdefault(field, value.strip())
    return fields
