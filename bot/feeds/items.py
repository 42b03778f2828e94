"""One record of a feed or a file to an article on its way in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import regex

from bot.errors import FutureTime
from bot.feeds.addresses import Addresses, base_in
from bot.feeds.attachments import embedded, kind_of, left_out, left_out_pictures, poster
from bot.feeds.dates import BadDate, moment_in
from bot.feeds.encodings import LOST, is_spoilt
from bot.feeds.fields import (
    IDS,
    LANGUAGES,
    LEADS,
    PHOTOS,
    SOURCES,
    STORIES,
    TEXTS,
    TITLES,
    URLS,
    dates_of,
    is_rendered,
    kept_back,
    own_name,
    string_of,
    topic_names,
)
from bot.feeds.findings import PLAIN, Finding, Rejected, Surroundings
from bot.feeds.titles import title_text, without_empty_references, without_entities
from bot.feeds.written_html import escaped_whole, is_markup
from bot.feeds.yearless import names_a_day, nearest_in
from bot.model.limits import LEAD_LINE, LEAD_MOST, NAME_MOST, SOURCE_MOST, TITLE_MOST
from bot.model.news import Incoming, Photo
from bot.text.cleaning import clean, clean_line, clean_paragraphs
from bot.text.document import Document, document_text
from bot.text.ellipsis import cut, elided
from bot.text.entities import parse_message
from bot.text.images import images
from bot.text.intake import titled
from bot.text.language_tags import language_of
from bot.text.markup import parse_html, to_html
from bot.text.urls import canonical_url, digest

# What an article about markup writes without escaping it; a page's own declaration stands at its beginning.
_DECLARATION = regex.compile(
    r"(?<!\A\s*)<(?=!(?:(?:ENTITY|ELEMENT|ATTLIST|NOTATION|DOCTYPE)\b|\[CDATA\[)|\?(?:php\b|=|xml\s))", regex.IGNORECASE
)
_CUT_SHORT = ("…", "...", "[…]", "[...]")
_LONGEST = 5_000_000  # characters of a text
_SHOWN = 80  # characters of what is quoted in a report
_NAMED = 1000  # characters of a text that may become a name
SPOILT, DAMAGED, EARLY, TOO_LONG = "import-spoilt", "import-damaged", "import-future", "import-long-item"
"""Said of an item that lost too much, of one that lost a few characters, of one dated far ahead, of one too long."""


@dataclass(slots=True)
class _Reading:
    """One record on its way: its fields, what stands around it, and what there is to say of it."""

    fields: Mapping[str, object]
    around: Surroundings
    addresses: Addresses = field(default_factory=Addresses)
    notes: list[Finding] = field(default_factory=list)

    def string(self, *names: str) -> str:
        """Return the first of these fields that says something, cleaned."""
        return clean(string_of(self.fields, *names)).replace(LOST, "").strip()

    def note(self, key: str, **values: str | int) -> None:
        """Say something of the record."""
        self.notes.append(Finding(key, values))


def item_of(
    fields: Mapping[str, object],
    zone: ZoneInfo,
    now: datetime,
    around: Surroundings = PLAIN,
    notes: list[Finding] | None = None,
) -> Incoming:
    """Return the article a record means; docs/IMPORT.md lists the names its fields may have.

    What is left out of it, or was made of what is not clear, is added to `notes`.

    Raises:
        Rejected: there is neither a title nor a text, too much of it is lost, or the date is in the future.

    """
    reading = _Reading(fields, around, notes=[] if notes is None else notes)
    if why := kept_back(fields):
        raise Rejected("import-not-out", status=why)
    outer = Addresses(around.bases, string_of(fields, *URLS))
    url = outer.whole(string_of(fields, *URLS))
    own = outer.whole(base_in(string_of(fields, *TEXTS)))
    reading.addresses = Addresses((own, *around.bases), url)
    if any(is_spoilt(_string(reading, names)) for names in (TITLES, LEADS, TEXTS)):
        raise Rejected(SPOILT)
    title, lead, body = _texts(reading)
    source = cut(clean_line(reading.string(*SOURCES)), SOURCE_MOST)
    at = _when(reading, zone, now)
    external = reading.string(*IDS)
    photo, url = _photo(reading, url)
    _tell(reading, outer)
    return Incoming(
        title=title,
        lead=lead,
        body=to_html(body),
        source=source,
        url=url,
        language=language_of(reading.string(*LANGUAGES), around.language, f"{title} {lead} {document_text(body)}"),
        topics=topic_names(fields),
        photo=photo,
        published_at=min(at, now) if at is not None else None,
        external_id=external[:NAME_MOST],
        identity=identity_of(external, url, title, source, _day(at)),
        day=_day(at) if at is not None and at > now else "",
        story=reading.string(*STORIES)[:NAME_MOST],
    )


def name_of(fields: Mapping[str, object]) -> str:
    """Return what a record that cannot be taken is to be called: its title, the beginning of its text, or ""."""
    said = (title_text(string_of(fields, *names)[:_NAMED].replace(LOST, "")) for names in (TITLES, LEADS, TEXTS))
    return next((name for name in said if name), "")


def _tell(reading: _Reading, outer: Addresses) -> None:
    for address in dict.fromkeys([*outer.unresolved, *reading.addresses.unresolved]):
        reading.note("import-unresolved", address=address[:_SHOWN])
    if any(LOST in _string(reading, names) for names in (TITLES, LEADS, TEXTS)):
        reading.note(DAMAGED)


def _texts(reading: _Reading) -> tuple[str, str, Document]:
    """Return title, lead and body; a text without a title gives its first sentence for one."""
    title = _string(reading, TITLES)
    title = title_text(title) if reading.around.feed or is_rendered(reading.fields, *TITLES) else clean_line(title)
    lead, raw = _string(reading, LEADS), _string(reading, TEXTS)
    if reading.around.feed:
        lead, raw = escaped_whole(lead), escaped_whole(raw)
    if max(len(raw), len(lead)) > _LONGEST:
        raise Rejected(TOO_LONG)
    lead = clean_line(_line(lead, reading))
    if len(title) > TITLE_MOST:
        reading.note("import-shortened-title", limit=TITLE_MOST)
    title = elided(title, TITLE_MOST)
    document = _body(raw, reading)
    if not title:
        if not document_text(document).strip():
            document, lead = parse_message(lead), ""
        if not document:
            raise Rejected("import-no-text")
        post = titled(document)
        return post.title, lead or post.lead, post.body
    if len(lead) > LEAD_LINE and not document:
        return title, "", parse_message(lead)
    if lead.endswith(_CUT_SHORT) and _begins(document, lead.rstrip("[]…. ")):
        return title, "", document
    if len(lead) > LEAD_MOST:
        reading.note("import-shortened-lead", limit=LEAD_MOST)
    return title, "" if lead == title else elided(lead, LEAD_MOST), document


def _begins(document: Document, lead: str) -> bool:
    """Tell whether a text begins with a lead, which is then no lead but where a program has cut the text."""
    return clean_line(document_text(document[:3])).startswith(lead)


def _string(reading: _Reading, names: tuple[str, ...]) -> str:
    return without_empty_references(string_of(reading.fields, *names))


def _body(raw: str, reading: _Reading) -> Document:
    if is_markup(raw):
        return parse_html(_DECLARATION.sub("&lt;", raw), reading.addresses.whole)
    return parse_message(clean_paragraphs(without_entities(raw) if reading.around.feed else raw))


def _line(text: str, reading: _Reading) -> str:
    if is_markup(text):
        return document_text(parse_html(_DECLARATION.sub("&lt;", text)))
    return without_entities(text) if reading.around.feed else text


def _photo(reading: _Reading, url: str) -> tuple[Photo | None, str]:
    """Return the item's picture, and its address: that of a sound or a film where it has no other.

    What else hangs on it or stands in its text is noted.
    """
    whole = reading.addresses.whole
    said = next((reading.fields[name] for name in PHOTOS if reading.fields.get(name)), "")
    listed = [string_of({"url": one}, "url") for one in said] if isinstance(said, list) else [_string(reading, PHOTOS)]
    named_ones = [found for found in map(whole, listed) if found]
    html = string_of(reading.fields, *TEXTS)
    inside = images(html, whole) if "<img" in html.lower() else []
    pictures = [one for one in named_ones if kind_of(one) not in {"audio", "video"}] + inside
    address = next((one for one in pictures if one.startswith("http")), "") or whole(poster(html))
    heard = [one for one in named_ones if one not in pictures]
    url = url or next(iter(heard), "")
    films = [whole(one) or one for one in embedded(html)]
    reading.notes += left_out(one for one in (*heard, *films) if one != url)
    reading.notes += left_out_pictures(pictures, address)
    return Photo(url=address) if address.startswith("http") else None, url


def _when(reading: _Reading, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the article appeared; None, with a note, when no date it has can be read.

    What has a year is taken before what is the nearest such day.
    """
    unreadable: list[object] = []
    for value in dates_of(reading.fields):
        try:
            moment = moment_in(value, zone)
        except BadDate:
            unreadable.append(value)
            continue
        if moment.at is None:
            continue
        if moment.unknown_zone:
            reading.note("import-unknown-zone", zone=moment.unknown_zone[:_SHOWN])
        if moment.at > now and (moment.at - now).days >= 1:
            raise Rejected(EARLY)
        return moment.at
    for value in filter(names_a_day, unreadable):
        with suppress(BadDate, FutureTime):
            return nearest_in(value, zone, now).at
    if unreadable:
        reading.note("import-bad-date", date=_shown(unreadable[0]))
    return None


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return cut(clean_line(text), _SHOWN)


def without_id(incoming: Incoming, *, with_address: bool = True) -> Incoming:
    """Return an article that is known by its address, else by its title and day: its id is another one's as well.

    Its address is, too, unless it is `with_address`.
    """
    url = incoming.url if with_address else ""
    return replace(incoming, identity=identity_of("", url, incoming.title, incoming.source, day_of(incoming)))


def day_of(incoming: Incoming) -> str:
    """Return the day that an input says (ISO 8601), "" for none: whenever it is read it is the same one."""
    return incoming.day or _day(incoming.published_at)


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at is not None else ""


def identity_of(external: str, url: str, title: str, source: str, day: str) -> str:
    """Return what makes an item the same item the next time: its id, else its address, else what it says."""
    if external:
        own = own_name(external, source)
        return f"id:{own}" if len(own) <= 76 else f"id:{digest(own)}"
    if url:
        return f"url:{digest(canonical_url(url))}"
    return f"text:{digest(f'{title}|{source}|{day}')}"
