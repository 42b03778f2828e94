"""The pictures that stand in a text: where each is, in the largest size that Telegram takes."""

from collections.abc import Mapping

import regex

from bot.text.cleaning import clean, safe_url
from bot.text.emoji import is_emoji
from bot.text.markup import Whole
from bot.text.tags import Tags

_SIZE = regex.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)([wx])")  # of a candidate of a srcset
_MOST_WIDE, _AS_SHOWN = 2048, 1000  # pixels of the picture that is taken, and of one that says to be the usual size
_LATE = ("data-src", "data-lazy-src", "data-original")


def images(html: str, whole: Whole = safe_url) -> list[str]:
    """Return the web addresses of the pictures in the HTML, each once; `whole` completes them."""
    finder = _ImageFinder(whole)
    finder.feed(clean(html))
    return finder.found


class _ImageFinder(Tags):
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
    sizes = _sizes(srcset)
    fitting = [address for address, width in sizes.items() if width <= _MOST_WIDE]
    return max(fitting, key=sizes.__getitem__) if fitting else min(sizes, key=sizes.__getitem__, default="")


def _sizes(srcset: str) -> dict[str, float]:
    """Return the addresses of a srcset, each with its width in pixels; HTML, "Parsing a srcset attribute"."""
    sizes: dict[str, float] = {}
    open_one = ""  # the address whose size is still to come: no comma has ended it
    for token in srcset.split():
        rest = token
        if open_one:
            size, comma, rest = token.partition(",")
            if found := _SIZE.fullmatch(size):
                sizes[open_one] = float(found[1]) * (1 if found[2] == "w" else _AS_SHOWN)
            if not comma:
                continue
        address = rest.strip(",")
        if address:
            sizes[address] = _AS_SHOWN
        open_one = "" if rest.endswith(",") else address
    return sizes
