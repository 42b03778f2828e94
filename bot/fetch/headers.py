"""What the head of an answer says: of its kind, and of when to ask again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import regex

_LONGEST = 86_400.0  # seconds; who asks to be left alone for longer is asked tomorrow
_LONGEST_TAG = 300  # characters
# Without s-maxage: that is for what lies in between and serves many.
_MAX_AGE = regex.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", regex.IGNORECASE)
_NEVER = regex.compile(r"(?:^|[\s,])no-(?:cache|store)\b", regex.IGNORECASE)
_CHARSET = regex.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]{1,40})", regex.IGNORECASE | regex.ASCII)
_STRANGE = regex.compile(r"[^a-z0-9/+._-]")
_READ_WORDS = ("xml", "json", "rss", "atom", "rdf", "html")
_UNKNOWN = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown"})


def kind_of(headers: Mapping[str, str]) -> str:
    """Return the media type, in small letters, without its parameters and strange signs; "" when none is said."""
    return str(_STRANGE.sub("", headers.get("Content-Type", "").partition(";")[0].lower()))


def charset_of(headers: Mapping[str, str]) -> str:
    """Return the encoding that is said beside the media type, as it is written; "" when none is said."""
    found = _CHARSET.search(headers.get("Content-Type", ""))
    return str(found[1]) if found is not None else ""


def said_again(headers: Mapping[str, str], name: str) -> str:
    """Return what a server is told when it is asked the next time, just as it said it; "" for what cannot be."""
    value = headers.get(name, "")
    return value if len(value) <= _LONGEST_TAG and value.isascii() and value.isprintable() else ""


def is_read(kind: str) -> bool:
    """Tell whether something of that kind can be a feed or a page at all; servers call feeds by many names."""
    return kind in _UNKNOWN or kind.startswith("text/") or any(word in kind for word in _READ_WORDS)


def fresh_for(headers: Mapping[str, str], now: datetime) -> float:
    """Return for how many seconds nothing newer is to be had, a day at most; 0 when nothing is said of it."""
    said = headers.get("Cache-Control", "")
    if _NEVER.search(said):
        return 0.0
    aged = headers.get("Age", "0").strip()
    age = int(aged) if aged.isascii() and aged.isdigit() and len(aged) < 10 else 0
    if (found := _MAX_AGE.search(said)) is not None:
        return min(_LONGEST, max(0.0, float(int(found[1]) - age)))
    expires = headers.get("Expires", "")
    sent = _moment(headers.get("Date", ""))
    return _until(expires, now) if sent is None else _until(expires, sent, age)  # all by the server's clock


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return for how many seconds the server asks to be left alone, a day at most; 0 when it does not."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(_LONGEST, float(said[:9]))
    return _until(said, now)


def _until(date: str, now: datetime, passed: int = 0) -> float:
    at = _moment(date)
    return min(_LONGEST, max(0.0, (at - now).total_seconds() - passed)) if at is not None else 0.0


def _moment(date: str) -> datetime | None:
    """Return the moment a head names; None for none."""
    try:
        at = parsedate_to_datetime(date)
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
