"""Addresses in a feed that do not say where they begin: made whole, or noted."""

from collections.abc import Iterable
from html import unescape
from urllib.parse import urljoin, urlsplit

import regex

from bot.feeds.encodings import LOST
from bot.text.cleaning import clean, safe_url, without_spaces

_BASE = regex.compile(r"<base\b[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)", regex.IGNORECASE)


def base_in(html: str) -> str:
    """Return what a text says its addresses begin with, "" for nothing."""
    found = _BASE.search(html) if "<base" in html.lower() else None
    return unescape(str(found[1])) if found else ""


class Addresses:
    """Makes addresses whole, by the first of the bases that is one; `unresolved` are those that nothing completes."""

    def __init__(self, bases: Iterable[str] = (), page: str = "") -> None:
        self._page = safe_url(page)
        candidates = (safe_url(base) for base in (*bases, page))
        self._base = next((base for base in candidates if base.lower().startswith(("http://", "https://"))), "")
        self.unresolved: list[str] = []

    def whole(self, address: str) -> str:
        """Return an address that may be opened from a message; "" for one that cannot be completed or may not."""
        text = without_spaces(clean(address))
        if LOST in address:  # it leads elsewhere
            return self._noted(text)
        if not text or _has_scheme(text):
            return safe_url(text)
        if text.startswith("#"):  # a place on the article's own page
            return safe_url(urljoin(self._page, text)) if self._page else ""
        if text.startswith(("www.", f"{urlsplit(self._base).hostname or 'www.'}/")):
            return safe_url(f"https://{text}")  # only the beginning was left off
        base = self._base or ("https:" if text.startswith("//") else "")
        try:
            found = safe_url(urljoin(base, text)) if base else ""
        except ValueError:
            found = ""
        return found or self._noted(text)

    def _noted(self, text: str) -> str:
        if text not in self.unresolved:
            self.unresolved.append(text[:200])
        return ""


def _has_scheme(address: str) -> bool:
    try:
        return bool(urlsplit(address).scheme)
    except ValueError:
        return True
