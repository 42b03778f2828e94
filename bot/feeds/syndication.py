"""RSS, Atom and RDF: a feed's items as records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from feedparser import FeedParserDict
from feedparser.encodings import convert_to_utf8

from bot.feeds.addresses import Addresses
from bot.feeds.attachments import kind_of, left_out, left_out_pictures
from bot.feeds.blog_exports import KINDS, excerpt_of, kept_back_by_blog, other_than_article, without_shortcodes
from bot.feeds.encodings import Decoded, decoded
from bot.feeds.findings import Finding, Record, Surroundings
from bot.feeds.kinds import ROOT
from bot.feeds.pieces import LONGEST_HEAD, Pieces, cleaned, defines_entities, in_pieces
from bot.feeds.sitemaps import sitemap_records
from bot.feeds.titles import title_text

_AT_ONCE = 50  # items that the parser gets in one document
_MOST_ITEMS = 100_000  # of one file
_BROKEN = object()
_EMPTY = 2  # tags of an item without anything in it
_PROLOG = 20_000  # bytes in which a document that hides its encoding would define entities
_SMALL = 400  # pixels; so wide are pictures for lists
_CAPTION = "media_caption"
_WHOLE_TEXTS = ("fulltext", "yandex_full-text", "full-text")
"""Where news sites put what others put into a content."""


@dataclass(frozen=True, slots=True)
class _Feed:
    """What a feed says of itself."""

    name: str
    address: str
    link: str
    language: str


def feed_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield the items of a feed's bytes, then what is to be said of the file.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    size = len(content)
    hidden = _hidden(content)
    whole = Decoded("") if hidden else decoded(content)
    document = cleaned(whole.text)
    if hidden or defines_entities(whole.text) or defines_entities(document):
        # A kilobyte of nested entities keeps a parser busy for seconds; no feed needs them.
        yield Record(place=place, end=size, problem="import-entities")
        return
    if (root := ROOT.match(document)) is not None and root["root"].lower() == "urlset":
        yield from sitemap_records(place, size, document)
        return
    pieces = in_pieces(document)
    if not (pieces.spans or pieces.cut) or len(pieces.head) > LONGEST_HEAD:
        yield Record(place=place, end=size, problem="import-no-items")
        return
    if whole.findings:
        yield Record(place=place, notes=whole.findings)
    yield from _items(place, size, pieces)
    count = len(pieces.spans)
    if count > _MOST_ITEMS:
        yield Record(place=place, end=size, problem="import-too-many", values={"limit": _MOST_ITEMS})
    if pieces.cut:
        values = {"n": count + 1}
        yield Record(place=f"{place}#{count + 1}", end=size, problem="import-cut", values=values)
    elif pieces.ends_early:
        yield Record(place=place, end=size, notes=(Finding("import-ends-early", {"n": count}),))


def _hidden(content: bytes) -> bool:
    """Tell whether the file defines entities in the encoding that it says itself, which a parser would believe."""
    try:
        text = convert_to_utf8({}, content[:_PROLOG], {})
        return defines_entities(text.decode("utf-8", "replace"))
    except (LookupError, ValueError):
        return False


def _parsed(document: str) -> Any:
    """Return what the parser makes of a document; where it breaks, that there is nothing in it, and `broken`."""
    try:
        return feedparser.parse(
            BytesIO(document.encode("utf-8", "replace")),
            # An address that completes nothing. With a real one the parser would complete ids as well; without one it
            # does not forget an entry's xml:base when the entry ends.
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": "about:blank"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (AttributeError, LookupError, TypeError, ValueError):  # of a place or a size that is none, for example
        return FeedParserDict(bozo=True, broken=True, entries=[], feed=FeedParserDict())


def _items(place: str, size: int, pieces: Pieces) -> Iterator[Record]:
    feed = _feed(pieces)
    length = max(1, len(pieces.text))
    for first in range(0, min(len(pieces.spans), _MOST_ITEMS), _AT_ONCE):
        spans = pieces.spans[first : first + _AT_ONCE]
        for number, ((_, end), entry) in enumerate(zip(spans, _entries(pieces, spans), strict=True), first + 1):
            at = size * end // length
            if entry is None or entry is _BROKEN:
                problem = "import-no-text" if entry is None else "import-unparsed"
                yield Record(place=f"{place}#{number}", end=at, problem=problem)
            else:
                yield _record(f"{place}#{number}", at, entry, feed)


def _entries(pieces: Pieces, spans: Sequence[tuple[int, int]]) -> list[Any]:
    """Return what the parser makes of some items; one by one when it finds another number of them than there are.

    None stands for one in which there is nothing, `_BROKEN` for one that breaks the parser.
    """
    texts = [pieces.text[begin:end] for begin, end in spans]
    if (filled := [n for n, text in enumerate(texts) if text.count("<") > _EMPTY]) != list(range(len(texts))):
        found_ones: list[Any] = [None] * len(texts)  # what has nothing in it is not worth a parser
        if filled:
            for number, entry in zip(filled, _entries(pieces, [spans[n] for n in filled]), strict=True):
                found_ones[number] = entry
        return found_ones
    found = _parsed(pieces.document("\n".join(texts)))
    if len(found.entries) == len(texts) and (not found.bozo or len(texts) == 1):
        return list(found.entries)
    if len(texts) == 1:
        return [found.entries[0] if found.entries else _BROKEN if found.get("broken") else None]
    return [_entries(pieces, [span])[0] for span in spans]


def feed_pieces(content: bytes) -> tuple[Pieces, Any]:
    """Return a feed in pieces, and what the parser says of the feed itself.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    pieces = in_pieces(cleaned(decoded(content).text))
    return pieces, _parsed(_around(pieces)).feed


def _around(pieces: Pieces) -> str:
    """Return the document without its items."""
    return f"{pieces.head}{pieces.tail}" if not pieces.cut and not pieces.ends_early else pieces.document()


def _feed(pieces: Pieces) -> _Feed:
    found = _parsed(_around(pieces)).feed
    links = [link for link in found.get("links", ()) if link.get("href")]
    own = next((link["href"] for link in links if link.get("rel") == "self"), "")
    # Where xml:base is in force for the whole feed, the parser has completed its address with it.
    return _Feed(
        name=title_text(str(found.get("title", ""))),
        address=own if urlsplit(own).scheme in {"http", "https"} else "",
        link=str(found.get("link", "")),
        language=str(found.get("language", "") or found.get("title_detail", {}).get("language", "") or ""),
    )


def _record(place: str, end: int, entry: Any, feed: _Feed) -> Record:
    if what := other_than_article(entry):
        return Record(place=place, end=end, problem="import-not-article", values={"kind": what})
    if why := kept_back_by_blog(entry):
        return Record(place=place, end=end, problem="import-not-out", values={"status": why})
    contents = [part for part in entry.get("content", ()) if part.get("value")]
    content: Mapping[str, Any] = max(contents, key=lambda part: len(part["value"]), default={})
    summary = str(entry.get("summary", ""))
    said = content.get("value", "") or next((str(entry[name]) for name in _WHOLE_TEXTS if entry.get(name)), "")
    detail = content or entry.get("summary_detail", {})
    of_entry = str(entry.get("title_detail", {}).get("base") or "")
    base = str(detail.get("base") or of_entry)
    own = str(detail.get("language") or entry.get("title_detail", {}).get("language") or "")
    bases = (urljoin(feed.address, base), feed.address, feed.link)
    own_addresses = Addresses((urljoin(feed.address, of_entry or base), feed.address, feed.link))
    link, left = _link(entry, own_addresses)
    source = entry.get("source", {})
    photo, pictures = _photo(entry)
    named = [tag.get("label") or tag.get("term") for tag in entry.get("tags", ()) if tag.get("scheme") != KINDS]
    whole, excerpt = without_shortcodes(entry, said), excerpt_of(entry)
    fields = {
        "id": entry.get("id", ""),
        "title": entry.get("title", ""),
        # The parser repeats a content as the summary of an entry that has none.
        "lead": excerpt or (summary if whole and summary.strip() != said.strip() else ""),
        "html": whole or summary or str(entry.get(_CAPTION, "")),
        "url": own_addresses.whole(link) or link,  # what a content's base is says nothing of it
        "source": title_text(str(source.get("title", ""))) or feed.name,
        "published_at": entry.get("published", ""),
        "updated_at": dict.get(entry, "updated", ""),  # its own method answers with the other date, and a warning
        "language": entry.get("language", ""),
        "topics": [title_text(str(name)) for name in named if name],
        **({"photo": photo} if photo else {}),
    }
    around = Surroundings(bases=bases, language=own or feed.language, feed=True)
    notes = (*left_out(left), *left_out_pictures(pictures, photo))
    return Record(place=place, end=end, fields=fields, around=around, notes=notes)


def _link(entry: Any, addresses: Addresses) -> tuple[str, list[str]]:
    """Return the item's address, an enclosure's where it has none; and what was left out because it has one."""
    attached = {str(one.get("href") or one.get("url") or ""): one for one in _attached(entry)}
    attached.pop("", None)
    link = _page(entry, attached)
    if not link:
        heard = [address for address, one in attached.items() if _kind(one, address) in {"audio", "video"}]
        link = next(iter([*heard, *attached]), "")
    left = [addresses.whole(address) or address for address, one in attached.items() if _kind(one, address) != "image"]
    taken = addresses.whole(link)
    return link, [address for address in left if address != taken]


def _page(entry: Any, attached: Mapping[str, Any]) -> str:
    """Return the address of the page that tells the item, "" for none."""
    links = [(str(one.get("rel", "")), str(one.get("href") or "")) for one in entry.get("links", ())]
    for wanted in ("alternate", "self", ""):
        if found := next((href for rel, href in links if rel == wanted and href and href not in attached), ""):
            return found
    link = str(entry.get("link", ""))
    elsewhere = {href for rel, href in links if rel not in {"alternate", "self", ""}}
    if link in attached or link in elsewhere:
        return ""
    if entry.get("guidislink") and not link.lower().startswith(("http://", "https://", "/")):
        return ""  # an id that claims to be an address, as every id does that says nothing else
    return link


def _attached(entry: Any) -> list[Mapping[str, Any]]:
    return [*entry.get("media_content", ()), *entry.get("enclosures", ())]


def _photo(entry: Any) -> tuple[str, list[str]]:
    """Return the address of the item's picture, else of a thumbnail; and the addresses of all that are attached."""
    addresses = [(str(one.get("url") or one.get("href") or ""), one) for one in _attached(entry)]
    shown = [(address, one) for address, one in addresses if address and _kind(one, address) == "image"]
    if shown and 0 < _width(shown[0][1]) < _SMALL:  # of one picture in several sizes the first is for lists
        shown.sort(key=lambda picture: -_width(picture[1]))
    pictures = [address for address, _ in shown]
    thumbnails = [str(one.get("url", "")) for one in entry.get("media_thumbnail", ())]
    rest = (*thumbnails, str(entry.get("image", {}).get("href", "")))
    return next((one for one in (*pictures, *rest) if one), ""), pictures


def _width(one: Mapping[str, Any]) -> int:
    width = str(one.get("width", ""))
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _kind(one: Mapping[str, Any], address: str) -> str:
    return kind_of(address, str(one.get("type", "")), str(one.get("medium", "")))
