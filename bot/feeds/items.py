"""One item of a feed or a file to an article on its way in."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import regex

from bot.model.limits import LEAD_LINE, LEAD_MOST, NAME_MOST, SOURCE_MOST, TITLE_MOST, TOPIC_MOST
from bot.model.news import Incoming, Photo
from bot.text.cleaning import clean_line, clean_paragraphs, safe_url
from bot.text.document import Document, document_text
from bot.text.entities import parse_message
from bot.text.intake import read_post
from bot.text.language import detect_language
from bot.text.markup import first_image, parse_html, to_html
from bot.text.urls import canonical_url, digest
from bot.timing.schedules import instant_of

_LOCAL = regex.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$")
_ADDRESS = regex.compile(r"^(https?://|tag:|urn:)", regex.IGNORECASE)
_MARKUP = regex.compile(
    r"<(p|br|div|a|b|i|strong|em|ul|ol|li|h\d|img|blockquote|table|figure)\b[^>]*>", regex.IGNORECASE
)


class Rejected(Exception):
    """The item cannot be taken; `reason` is the key of a phrase."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def item_of(fields: Mapping[str, object], zone: ZoneInfo, now: datetime) -> Incoming:
    """Return the article a record means; docs/IMPORT.md lists the names its fields may have.

    Raises:
        Rejected: there is neither a title nor a text, or the date cannot be read or is in the future.

    """
    title, lead, body = _texts(fields)
    url = safe_url(_string(fields, "url", "link"))
    source = clean_line(_string(fields, "source", "publisher", "author"))[:SOURCE_MOST]
    at = instant_in(fields.get("published_at", fields.get("date")), zone)
    if at is not None and at > now and (at - now).days >= 1:
        raise Rejected("import-future")
    external = _string(fields, "id", "guid")[:NAME_MOST]
    return Incoming(
        title=title,
        lead=lead,
        body=to_html(body),
        source=source,
        url=url,
        language=_string(fields, "language")[:8] or detect_language(f"{title} {lead} {document_text(body)}"),
        topics=_topics(fields),
        photo=_photo(fields, _string(fields, "html", "content")),
        published_at=min(at, now) if at is not None else None,
        external_id=external,
        identity=identity_of(external, url, title, source, at),
        story=_string(fields, "story")[:NAME_MOST],
    )


def _texts(fields: Mapping[str, object]) -> tuple[str, str, Document]:
    """Return title, lead and body; a text without a title gives its first sentence for one."""
    title = clean_line(_strip(_string(fields, "title", "headline")))[:TITLE_MOST]
    lead = clean_line(_strip(_string(fields, "lead", "summary", "description")))
    raw = _string(fields, "html", "content", "text", "body")
    document = parse_html(raw) if _MARKUP.search(raw) else parse_message(clean_paragraphs(raw))
    if not title:
        text = document_text(document)
        if not text.strip():
            raise Rejected("import-no-text")
        post = read_post(text)
        return post.title, lead or post.lead, post.body
    if len(lead) > LEAD_LINE and not document:
        return title, "", parse_message(lead)
    return title, "" if lead == title else lead[:LEAD_MOST], document


def _strip(text: str) -> str:
    return document_text(parse_html(text)) if "<" in text or "&" in text else text


def _string(fields: Mapping[str, object], *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, (str, int)) and str(value).strip():
            return str(value)
    return ""


def _topics(fields: Mapping[str, object]) -> tuple[str, ...]:
    value = fields.get("topics", fields.get("topic", fields.get("category")))
    names = value if isinstance(value, list) else [value]
    return tuple(clean_line(str(name))[:TOPIC_MOST] for name in names if isinstance(name, str) and name.strip())


def _photo(fields: Mapping[str, object], html: str) -> Photo | None:
    value = fields.get("photo", fields.get("image"))
    address = safe_url(value) if isinstance(value, str) else first_image(html) if "<img" in html else ""
    return Photo(url=address) if address.startswith("http") else None


def instant_in(value: object, zone: ZoneInfo) -> datetime | None:
    """Return the instant a date means: seconds since 1970, ISO, RFC 822; without an offset in `zone`; None for none.

    A day without a time is taken at noon. Raises Rejected for what is no date.
    """
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > 10**11 else value
        if not 0 < seconds < 4_102_444_800:
            raise Rejected("import-bad-date")
        return datetime.fromtimestamp(seconds, UTC)
    text = str(value).strip()
    if text.isdigit() and len(text) >= 9:
        return instant_in(int(text), zone)
    try:
        return _local(text, zone) or _absolute(text, zone)
    except (ValueError, OverflowError, IndexError, TypeError):
        raise Rejected("import-bad-date") from None


def _local(text: str, zone: ZoneInfo) -> datetime | None:
    match = _LOCAL.match(text)
    if match is None:
        return None
    day = date(int(match[1]), int(match[2]), int(match[3]))
    at = time(int(match[4]), int(match[5]), int(match[6] or 0)) if match[4] else time(12)
    return instant_of(day, at, zone)


def _absolute(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = parsedate_to_datetime(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC if text.endswith("-0000") else zone)  # RFC 5322, 3.3: UTC, the place is not told
    return at.astimezone(UTC)


def identity_of(external: str, url: str, title: str, source: str, at: datetime | None) -> str:
    """Return what makes an item the same item the next time: its id, else its address, else what it says.

    An id that is an address is its own everywhere (RSS 2.0, RFC 4287); a mere number is so only with its source.
    """
    if external:
        own = external if _ADDRESS.match(external) else f"{source}|{external}"
        return f"id:{own}" if len(own) <= 76 else f"id:{digest(own)}"
    if url:
        return f"url:{digest(canonical_url(url))}"
    return f"text:{digest('|'.join([title, source, at.date().isoformat() if at else '']))}"
