"""The text of a news page, found by trafilatura in a process of its own, and the picture that it names for previews."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin

from pydantic import TypeAdapter

from bot.feeds.encodings import Unreadable, decoded_page, in_utf_8
from bot.inflow.worker import Worker, serve
from bot.text.cleaning import safe_url, without_spaces
from bot.text.document import document_text
from bot.text.markup import parse_html, to_html
from bot.text.tags import Tags

COMMAND = (sys.executable, "-m", "bot.inflow.extractor")
_SECONDS = 20.0  # for one page
_HEAD = 300_000  # characters in which a page says what it is
_FIRST_HEADING = re.compile(r"\A\s*(?:<html>\s*)?(?:<body>\s*)?<h1>.*?</h1>", re.DOTALL)
_ROBOTS = ("robots", "visnyk")
# Of schema.org, as Google wants it of pages behind a paywall: https://developers.google.com/search/docs
_PAID = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:https?://schema\.org/)?false\b', re.IGNORECASE)
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")


@dataclass(frozen=True, slots=True)
class Extracted:
    """A page's text as canonical HTML, its length in characters, and its picture's address; "" for what it has not.

    `robots` is what the page says of what programs may do with it, `paid` whether it says that not all of it is free to
    read. `problem` says that the page could not be read at all.
    """

    body: str = ""
    length: int = 0
    picture: str = ""
    robots: tuple[str, ...] = ()
    paid: bool = False
    problem: bool = False


@dataclass(slots=True)
class Extractor(Worker):
    """Reads pages: what takes long in one process, and those that come meanwhile in another."""

    command: Sequence[str] = COMMAND
    seconds: float = _SECONDS
    most: int = 2  # each takes some 100 MB

    async def extract(self, page: bytes, address: str, charset: str = "") -> Extracted:
        """Return what a page says; one that takes too long or too much memory is a problem. Raises nothing.

        It is in the encoding that its server says, `charset`, where it can be.
        """
        found = await self.ask({"address": address, "charset": charset}, page, _read)
        return found if found is not None else _BROKEN


_BROKEN = Extracted(problem=True)


def _read(answer: bytes) -> Extracted:
    return _adapter().validate_json(answer)


@cache
def _adapter() -> TypeAdapter[Extracted]:
    return TypeAdapter(Extracted)


def extracted(page: bytes, address: str) -> Extracted:
    """Return what a page says. Pure, slow, and as fragile as its library."""
    import trafilatura

    try:
        text = decoded_page(page).text
    except Unreadable:
        return _BROKEN
    tree = trafilatura.load_html(text)
    if tree is not None:
        # The library itself takes every address for one of the site's front page.
        tree.make_links_absolute(address, handle_failures="ignore")
    found = trafilatura.extract(
        tree if tree is not None else text,
        url=address,
        output_format="html",
        include_formatting=True,
        include_links=True,
        include_comments=False,
        include_tables=False,
        favor_precision=True,
    )
    document = parse_html(_FIRST_HEADING.sub("", found)) if found else ()
    plain = document_text(document)
    metas = _Metas()
    metas.feed(text[:_HEAD])
    return Extracted(
        body=to_html(document),
        length=len(plain),
        picture=_picture(metas.found, address),
        robots=tuple(metas.found[name] for name in _ROBOTS if name in metas.found),
        paid=metas.found.get("article:content_tier", "").strip().lower() == "locked" or _PAID.search(text) is not None,
    )


def _picture(metas: Mapping[str, str], address: str) -> str:
    """Return the picture that a page names for previews; "" for none that is on the web."""
    for name in _PICTURES:
        try:
            found = safe_url(urljoin(address, without_spaces(metas.get(name, "")))) if name in metas else ""
        except ValueError:
            continue
        if found.startswith(("http://", "https://")):
            return found
    return ""


class _Metas(Tags):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            values = {name: value or "" for name, value in attrs}
            name = (values.get("property") or values.get("name") or "").lower()
            if name in _ROBOTS and name in self.found:
                self.found[name] += f",{values.get('content', '')}"
            elif name and values.get("content"):
                self.found.setdefault(name, values["content"])


def _extract(said: Mapping[str, Any], content: bytes) -> Extracted:
    return extracted(in_utf_8(content, said["charset"]), said["address"])


if __name__ == "__main__":
    sys.exit(serve(_extract, _BROKEN))
