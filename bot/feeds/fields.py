"""What a record says: its fields by any of their names, and the names of its topics."""

from collections.abc import Mapping

import regex

from bot.feeds.categories import is_known_topic
from bot.feeds.encodings import LOST
from bot.model.limits import TOPIC_MOST
from bot.text.cleaning import clean, clean_line
from bot.text.languages import columns_for, record_words
from bot.text.urls import digest


def _called(name: str, *others: str) -> tuple[str, ...]:
    """Return the names of a field: its own, what other systems call it, what languages do; the first counts first."""
    return (name, *others, *columns_for(name))


DATES = _called(
    "published_at", "date", "date_published", "published", "pubDate", "publishedAt", "datePublished", "updated_at",
    "date_modified",
)  # fmt: skip
TITLES, LEADS = _called("title", "headline"), _called("lead", "summary", "description")
TEXTS = _called("html", "content", "text", "body", "articleBody")
URLS, IDS = _called("url", "link"), _called("id", "guid")
PUBLISHERS = _called("source", "publisher")
SOURCES = (*PUBLISHERS, *_called("author"))
LANGUAGES = _called("language", "lang", "inLanguage")
TOPICS = _called("topics", "topic", "category", "categories", "tags", "keywords")
PHOTOS = _called("photo", "image", "urlToImage", "image_url", "thumbnailUrl")
STATES, STORIES = _called("status", "state", "post_status"), _called("story")
_DRAFT, _OUT = _called("draft", "is_draft", "isDraft"), ("published", "is_published", "isPublished")
_NAMES = dict.fromkeys((
    *DATES, *TITLES, *LEADS, *TEXTS, *URLS, *IDS, *SOURCES, *LANGUAGES, *TOPICS, *PHOTOS, *STATES, *STORIES,
    *_DRAFT, *_OUT,
))  # fmt: skip
_BY_SMALL = {name.casefold(): name for name in reversed(_NAMES)}
_NAMES_OF_OBJECTS = ("name", "title", "url", "rendered")
# What programs call it; the words that people read stand in the languages' folders.
_NOT_OUT = frozenset({"auto-draft", "future", "inherit", "soft_trashed", "pitch", "assigned", "in-progress"})
_SHOWN = 80  # characters of what is quoted in a report
_KEPT_BACK = record_words("kept_back")
_YES, _NO = frozenset({"true", "1", *record_words("yes")}), frozenset({"false", *record_words("no")})
_ADDRESS = regex.compile(r"^(https?://|tag:|urn:)", regex.IGNORECASE)
_SEPARATORS = regex.compile(r"[;|\n]")
_HASHTAGS = regex.compile(r"(?:#[^\s#]+\s*){2,}")


def with_known_names(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return a record with the names that are read, in whatever case they are written: "Title", "PubDate"."""
    small = {_BY_SMALL.get(name.casefold(), name): name for name in reversed([*fields]) if name not in _NAMES}
    more = {name: fields[own] for name, own in small.items() if name != own and name not in fields}
    return {**fields, **more} if more else fields


def known_name(name: str) -> str:
    """Return the name of a field that is read, in whatever case it is written; "" for any other."""
    return _BY_SMALL.get(name.casefold(), "")


def kept_back(fields: Mapping[str, object]) -> str:
    """Return why a record is not for readers, as it says itself: "draft", "private"; "" when it is."""
    if any(_flag(fields, name) in _YES for name in _DRAFT) or any(_flag(fields, name) in _NO for name in _OUT):
        return "draft"
    said = (clean_line(string_of(fields, name)).casefold() for name in STATES)
    return next((one[:_SHOWN] for one in said if one and _is_kept_back(one)), "")


def dates_of(fields: Mapping[str, object]) -> list[object]:
    """Return what a record says of when it appeared, as it says it; whether it did is no date."""
    return [fields[name] for name in DATES if fields.get(name) not in (None, "") and _flag(fields, name) not in _YES]


def _flag(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return str(value).strip().casefold() if isinstance(value, (str, int)) else ""


def _is_kept_back(status: str) -> bool:
    return status in _NOT_OUT or any(
        status == word[1:] if word.startswith("=") else status.startswith(word) for word in _KEPT_BACK
    )


def string_of(fields: Mapping[str, object], *names: str) -> str:
    """Return the first of these fields that is a text or a number; of an object, its name or address.

    Of a list it is the first such thing in it, of a text in paragraphs all of them.
    """
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            said = [text for text in map(_said, value) if text]
            text = "\n\n".join(said) if name in TEXTS else next(iter(said), "")
        else:
            text = _said(value)
        if text:
            return text
    return ""


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        value = next((value[key] for key in _NAMES_OF_OBJECTS if isinstance(value.get(key), str)), None)
    if isinstance(value, str):
        return value if value and not value.isspace() else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""


def is_rendered(fields: Mapping[str, object], *names: str) -> bool:
    """Tell whether the first of these fields that is there has HTML, as what WordPress answers has ("rendered")."""
    value = next((fields[name] for name in names if fields.get(name)), None)
    return isinstance(value, Mapping) and isinstance(value.get("rendered"), str)


def named(fields: Mapping[str, object]) -> tuple[str, str]:
    """Return what a record is called, "" for nothing, and a fingerprint of what else tells it from another one."""
    external = clean(string_of(fields, *IDS)).strip()
    own = own_name(external, clean_line(string_of(fields, *SOURCES))) if external else ""
    return own, digest(f"{address_of(fields)}\n{clean_line(string_of(fields, *TITLES))}")


def address_of(fields: Mapping[str, object]) -> str:
    """Return where a record says that it was published, as it says it; "" for nowhere."""
    return clean(string_of(fields, *URLS)).strip()


def is_address(external: str) -> bool:
    """Tell whether an id is an address: its own everywhere (RSS 2.0, RFC 4287)."""
    return bool(_ADDRESS.match(external))


def own_name(external: str, source: str) -> str:
    """Return what an id is called among all there are: a mere number is its own only with its source."""
    return external if is_address(external) else f"{source}|{external}"


def topic_names(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the topics that a record says it belongs to, each once."""
    value = next((fields[name] for name in TOPICS if fields.get(name)), None)
    names = value if isinstance(value, list) else [value]
    said = [_said(one) for one in names if not isinstance(one, int)]
    # One text for all of them is a list with commas; a name in a list may have a comma in it.
    alone = not isinstance(value, list)
    parts = (part for one in said for part in _parts(one, alone) if LOST not in part)
    lines = (clean_line(part).removeprefix("#")[:TOPIC_MOST].strip() for part in parts)
    return tuple(dict.fromkeys(name for name in lines if name))


def _parts(text: str, alone: bool) -> list[str]:  # noqa: FBT001
    """Return the names in what should be one of them: lists are written into one field in many ways."""
    if _HASHTAGS.fullmatch(text.strip()):
        return text.split()
    parts = _SEPARATORS.split(text)
    found: list[str] = []
    for part in parts:
        names = part.split(",")
        if len(names) > 1 and ((alone and len(parts) == 1) or all(map(is_known_topic, names))):
            found += names
        elif "/" in part and any(map(is_known_topic, part.split("/"))):
            found += part.split("/")
        else:
            found.append(part)
    return found
