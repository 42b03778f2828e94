"""One record of a feed or a file to an article on its way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import regex

from bot.feeds.addresses import Addresses
from bot.feeds.dates import BadDate, moment_in
from bot.feeds.findings import PLAIN, Finding, Rejected, Surroundings
from bot.feeds.titles import title_text, without_entities
from bot.model.limits import LEAD_LINE, LEAD_MOST, NAME_MOST, SOURCE_MOST, TITLE_MOST, TOPIC_MOST
from bot.model.news import Incoming, Photo
from bot.text.cleaning import clean, clean_line, clean_paragraphs
from bot.text.document import Document, document_text
from bot.text.entities import parse_message
from bot.text.intake import read_post
from bot.text.language_tags import language_of
from bot.text.markup import first_image, parse_html, to_html
from bot.text.urls import canonical_url, digest

_ADDRESS = regex.compile(r"^(https?://|tag:|urn:)", regex.IGNORECASE)
_MARKUP = regex.compile(
    r"<(p|br|div|a|b|i|strong|em|ul|ol|li|h\d|img|blockquote|table|figure)\b[^>]*>", regex.IGNORECASE
)
# What an article about markup writes without escaping it; a page's own declaration stands at its beginning.
_DECLARATION = regex.compile(
    r"(?<!\A\s*)<(?=!(?:ENTITY|ELEMENT|ATTLIST|NOTATION|DOCTYPE)\b|\?(?:php\b|=|xml\s))", regex.IGNORECASE
)
_DATES = ("published_at", "date", "date_published", "updated_at", "date_modified")
_TITLES, _LEADS, _TEXTS = ("title", "headline"), ("lead", "summary", "description"), ("html", "content", "text", "body")
_URLS, _IDS, _SOURCES = ("url", "link"), ("id", "guid"), ("source", "publisher", "author")
_LANGUAGES, _TOPICS, _PHOTOS = ("language", "lang"), ("topics", "topic", "category", "tags"), ("photo", "image")
_LONGEST = 5_000_000  # characters of a text
_SHOWN = 80  # characters of what is quoted in a report


@dataclass(slots=True)
class _Reading:
    """One record on its way: its fields, what stands around it, and what there is to say of it."""

    fields: Mapping[str, object]
    around: Surroundings
    addresses: Addresses = field(default_factory=Addresses)
    notes: list[Finding] = field(default_factory=list)

    def string(self, *names: str) -> str:
        """Return the first of these fields that says something, cleaned."""
        return clean(_string(self.fields, *names)).strip()

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
        Rejected: there is neither a title nor a text, or the date is in the future.

    """
    reading = _Reading(fields, around, notes=[] if notes is None else notes)
    outer = Addresses(around.bases, _string(fields, *_URLS))
    url = outer.whole(_string(fields, *_URLS))
    reading.addresses = Addresses(around.bases, url)
    title, lead, body = _texts(reading)
    source = clean_line(_string(fields, *_SOURCES))[:SOURCE_MOST]
    at = _when(reading, zone, now)
    external = reading.string(*_IDS)[:NAME_MOST]
    photo = _photo(reading)
    _tell(reading, outer)
    return Incoming(
        title=title,
        lead=lead,
        body=to_html(body),
        source=source,
        url=url,
        language=language_of(reading.string(*_LANGUAGES), around.language, f"{title} {lead} {document_text(body)}"),
        topics=topic_names(fields),
        photo=photo,
        published_at=min(at, now) if at is not None else None,
        external_id=external,
        identity=identity_of(external, url, title, source, at),
        story=reading.string("story")[:NAME_MOST],
    )


def _tell(reading: _Reading, outer: Addresses) -> None:
    for address in dict.fromkeys([*outer.unresolved, *reading.addresses.unresolved]):
        reading.note("import-unresolved", address=address[:_SHOWN])
    texts = (_string(reading.fields, *names) for names in (_TITLES, _LEADS, _TEXTS))
    if any("\ufffd" in text for text in texts):
        reading.note("import-damaged")


def _texts(reading: _Reading) -> tuple[str, str, Document]:
    """Return title, lead and body; a text without a title gives its first sentence for one."""
    title = _string(reading.fields, *_TITLES)
    title = (title_text(title) if reading.around.feed else clean_line(title))[:TITLE_MOST]
    lead = _string(reading.fields, *_LEADS)
    raw = _string(reading.fields, *_TEXTS)
    if max(len(raw), len(lead)) > _LONGEST:
        raise Rejected("import-long-item")
    lead = clean_line(_line(lead, reading))
    document = _body(raw, reading)
    if not title:
        text = document_text(document)
        if not text.strip():
            raise Rejected("import-no-text")
        post = read_post(text)
        return post.title, lead or post.lead, post.body
    if len(lead) > LEAD_LINE and not document:
        return title, "", parse_message(lead)
    return title, "" if lead == title else lead[:LEAD_MOST], document


def _body(raw: str, reading: _Reading) -> Document:
    if _MARKUP.search(raw):
        return parse_html(_DECLARATION.sub("&lt;", raw), reading.addresses.whole)
    return parse_message(clean_paragraphs(without_entities(raw) if reading.around.feed else raw))


def _line(text: str, reading: _Reading) -> str:
    if _MARKUP.search(text):
        return document_text(parse_html(_DECLARATION.sub("&lt;", text)))
    return without_entities(text) if reading.around.feed else text


def _string(fields: Mapping[str, object], *names: str) -> str:
    """Return the first of these fields that is a text or a number; of an object, its name or address."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, dict):
            value = next((value[key] for key in ("name", "title", "url") if isinstance(value.get(key), str)), None)
        if isinstance(value, str):
            if value and not value.isspace():
                return value
        elif isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def _photo(reading: _Reading) -> Photo | None:
    address = reading.addresses.whole(_string(reading.fields, *_PHOTOS))
    html = _string(reading.fields, "html", "content")
    if not address and "<img" in html.lower():
        address = first_image(html, reading.addresses.whole)
    return Photo(url=address) if address.startswith("http") else None


def _when(reading: _Reading, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the article appeared; None, with a note, when no date it has can be read."""
    unreadable: list[object] = []
    for value in (reading.fields[name] for name in _DATES if reading.fields.get(name) not in (None, "")):
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
            raise Rejected("import-future")
        return moment.at
    if unreadable:
        reading.note("import-bad-date", date=_shown(unreadable[0]))
    return None


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return clean_line(text)[:_SHOWN]


def named(fields: Mapping[str, object]) -> tuple[str, str]:
    """Return what a record is called, "" for nothing, and a fingerprint of what else tells it from another one."""
    external = clean(_string(fields, *_IDS)).strip()[:NAME_MOST]
    own = own_name(external, clean_line(_string(fields, *_SOURCES))) if external else ""
    return own, digest(f"{_string(fields, *_URLS)}\n{clean_line(_string(fields, *_TITLES))}")


def topic_names(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the topics that a record says it belongs to, each once."""
    value = next((fields[name] for name in _TOPICS if fields.get(name)), None)
    names = value if isinstance(value, list) else [value]
    lines = (clean_line(name)[:TOPIC_MOST].strip() for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(name for name in lines if name))


def without_id(incoming: Incoming) -> Incoming:
    """Return an article that is known by its address, else by its title and day: its id is another one's as well."""
    identity = identity_of("", incoming.url, incoming.title, incoming.source, incoming.published_at)
    return replace(incoming, identity=identity)


def is_address(external: str) -> bool:
    """Tell whether an id is an address: its own everywhere (RSS 2.0, RFC 4287)."""
    return bool(_ADDRESS.match(external))


def own_name(external: str, source: str) -> str:
    """Return what an id is called among all there are: a mere number is its own only with its source."""
    return external if is_address(external) else f"{source}|{external}"


def identity_of(external: str, url: str, title: str, source: str, at: datetime | None) -> str:
    """Return what makes an item the same item the next time: its id, else its address, else what it says."""
    if external:
        own = own_name(external, source)
        return f"id:{own}" if len(own) <= 76 else f"id:{digest(own)}"
    if url:
        return f"url:{digest(canonical_url(url))}"
    return f"text:{digest('|'.join([title, source, at.date().isoformat() if at else '']))}"
