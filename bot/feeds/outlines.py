"""OPML: a list of feeds to follow, as readers of feeds save it."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

import regex

from bot.feeds.encodings import decoded
from bot.feeds.findings import Finding, Follow, Record
from bot.text.cleaning import clean_line, safe_url
from bot.text.tags import Tags

_LONGEST = 200  # characters of a name


def outline_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield the feeds that a list names, each once.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    finder, read = _Outlines(), decoded(content)
    finder.feed(read.text)
    finder.close()
    if read.findings:
        yield Record(place=place, notes=read.findings)
    for number, (name, address) in enumerate(finder.found.items(), 1):
        at, whole = f"{place}#{number}", safe_url(_FEED.sub(_http, name))
        if whole.lower().startswith(("http://", "https://")):
            yield Record(place=at, end=len(content), follow=Follow(address, whole))
        else:
            yield Record(place=at, end=len(content), problem="import-bad-feed", values={"address": name[:_LONGEST]})
    if "</opml" not in read.text.lower():
        note = Finding("import-ends-early", {"n": len(finder.found)})
        yield Record(place=place, end=len(content), notes=(note,))
    if not finder.found:
        yield Record(place=place, end=len(content), problem="import-no-feeds")


def outlines_of(title: str, feeds: Iterable[Follow]) -> str:
    """Return a list of feeds as OPML 2.0, which `outline_records` and readers of feeds understand."""
    lines = (
        f'<outline type="rss" text={quoteattr(one.name)} title={quoteattr(one.name)} xmlUrl={quoteattr(one.address)}/>'
        for one in feeds
    )
    head = f"<title>{escape(title)}</title>"
    body = "\n".join(lines)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0"><head>{head}</head><body>\n{body}\n</body></opml>'
    )


_FEED = regex.compile(r"^feed:(//)?(?=.)", regex.IGNORECASE)


def _http(found: "regex.Match[str]") -> str:
    """Return how an address begins that says "feed:" in front of it, or in place of "http:"."""
    return "http://" if found[1] else ""


class _Outlines(Tags):
    """Finds the outlines of feeds, also in a list that is broken or cut off; `found` has their names by address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "outline":
            return
        values = {name: value or "" for name, value in attrs}
        if address := values.get("xmlurl", "").strip():
            name = values.get("title") or values.get("text") or values.get("htmlurl") or address
            self.found.setdefault(clean_line(address), clean_line(name)[:_LONGEST])
