"""A page's own feeds: what it links to, and where feeds usually are."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from bot.text.cleaning import clean_line, safe_url, without_spaces
from bot.text.tags import Tags

_KINDS = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json"}
)
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_COMMENTS = ("comments", "коментар")
_MOST = 8
_LONGEST = 1_000_000  # characters of a page that are looked at; links to feeds stand in its head


@dataclass(frozen=True, slots=True)
class Link:
    """A feed that a page links to."""

    address: str
    name: str


def links_in(page: str, address: str) -> tuple[Link, ...]:
    """Return the feeds that a page links to, each once, those of comments last."""
    finder = _Links(address)
    finder.feed(page[:_LONGEST])
    found = sorted(finder.found.items(), key=lambda one: any(word in one[1].casefold() for word in _COMMENTS))
    return tuple(Link(link, name) for link, name in found[:_MOST])


def usual_places(address: str) -> tuple[str, ...]:
    """Return where a site that says nothing may have its feed: beside the page, and at its root."""
    parts = urlsplit(address)
    folder = parts.path.rstrip("/")
    beside = [f"{folder}{name}" for name in _USUAL[:2]] if folder else []
    return tuple(urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in (*beside, *_USUAL))


class _Links(Tags):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._base = address
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and values.get("href"):
            self._base = _joined(self._base, values["href"]) or self._base
        elif tag == "link" and "alternate" in values.get("rel", "").lower().split():
            kind = values.get("type", "").partition(";")[0].strip().lower()
            link = _joined(self._base, values.get("href", "")) if kind in _KINDS else ""
            if link:
                self.found.setdefault(link, clean_line(values.get("title", ""))[:200])


def _joined(base: str, href: str) -> str:
    try:
        link = safe_url(urljoin(base, without_spaces(href)))
    except ValueError:
        return ""
    return link if link.lower().startswith(("http://", "https://")) else ""
