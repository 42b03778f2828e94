"""The pictures that stand in a text: where each is, in the largest size that Telegram takes."""

from collections.abc import Mapping
from html.parser import HTMLParser

import regex

from bot.text.cleaning import clean, safe_url
from bot.text.emoji import is_emoji
from bot.text.markup import Whole

_CANDIDATE = regex.compile(r"(\S*[^\s,])(?:\s+([0-9]+(?:\.[0-9]+)?)([wx]))?\s*(?:,|$)")  # of a srcset
_MOST_WIDE, _AS_SHOWN = 2048, 1000  # pixels of the picture that is taken, and of one that says to be the usual size
_LATE = ("data-src", "data-lazy-src", "data-original")


def images(html: str, whole: Whole = safe_url) -> list[str]:
    """Return the web addresses of the pictures in the HTML, each once; `whole` completes them."""
    finder = _ImageFinder(whole)
    finder.feed(clean(html))
    return finder.found


class _ImageFinder(HTMLParser):
    """Finds the pictures that have a web address and are neither counting pixels nor emoji."""

    def __init__(self, whole: Whole) -> None:
        super().__init__()
        self._whole = whole
        self._seen: set[str] = set()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img" and values.get("width") not in {"0", "1"} and not is_emoji(values.get("alt") or ""):
            picture = _picture(values)
            if picture in self._seen:
                return
            self._seen.add(picture)
            address = self._whole(picture)
            if address.startswith("http") and address not in self.found:
                self.found.append(address)


def _picture(values: Mapping[str, str | None]) -> str:
    """Return where a picture is: a page that loads it late has something empty in its usual place."""
    late = next((str(values[name]) for name in _LATE if values.get(name)), "")
    src = late or values.get("src") or ""
    if not src or src.startswith("data:"):
        src = _largest(values.get("srcset") or values.get("data-srcset") or "")
    return src


def _largest(srcset: str) -> str:
    """Return the largest of a picture's sizes that Telegram surely takes, else the smallest."""
    sizes = {
        one[1]: float(one[2] or 1) * (1 if one[3] == "w" else _AS_SHOWN) for one in _CANDIDATE.finditer(srcset.strip())
    }
    fitting = [address for address, width in sizes.items() if width <= _MOST_WIDE]
    return max(fitting, key=sizes.__getitem__) if fitting else min(sizes, key=sizes.__getitem__, default="")
