"""A small news site on this machine, one in each language, with a feed that changes by itself.

It tells a short story and then rests: an item appears, another is corrected, one is taken away. Its words are in
`site.json` of each language's folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.visitors import is_here
from bot.text.languages import BY_CODE, COMMON, LANGUAGES

Json = dict[str, Any]

_FEED = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{name}</title><link>{root}</link>'
    "<description>{about}</description><language>{code}</language>{items}</channel></rss>"
)
_ITEM = (
    '<item><guid isPermaLink="false">{slug}</guid><title>{title}</title><link>{link}</link>'
    "<description>{text}</description><pubDate>{date}</pubDate></item>"
)
_PAGE = (
    '<!doctype html><html lang="{code}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>{title}</title><link rel="alternate" type="application/rss+xml" title="{feed}" href="{root}feed.xml">'
    "<style>:root{{color-scheme:light dark}}body{{max-width:38em;margin:2em auto;"
    "padding:0 1em;font:17px/1.55 system-ui}}"
    '</style><body><p><a href="{root}">{name}</a> · <a href="{root}feed.xml">{feed}</a></p>{body}</body></html>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteItem:
    """A piece of news on the site; `mark` is what became of it last: "", "new", "changed" or "gone"."""

    slug: str
    title: str
    lead: str
    text: str
    at: datetime
    mark: str = ""


@dataclass(slots=True)
class LocalSite:
    """The site in one language. `root` is its address; `begun` is when it began to change, by a clock of seconds."""

    code: str
    root: str
    items: list[SiteItem]
    events: list[Json] = field(default_factory=list)
    begun: float | None = None

    @property
    def name(self) -> str:
        """What the site is called."""
        return str(_words(self.code)["name"])

    @property
    def next(self) -> Json | None:
        """What happens next on it; None when it has told everything."""
        return self.events[0] if self.events else None

    def go_on(self, now: datetime) -> None:
        """Let happen what happens next."""
        event = self.events.pop(0)
        if event["does"] == "new":
            own = {name: event[name] for name in ("slug", "title", "lead", "text")}
            self.items.insert(0, SiteItem(**own, at=now, mark="new"))
            return
        place = next(place for place, one in enumerate(self.items) if one.slug == event["slug"])
        if event["does"] == "gone":
            self.items[place] = replace(self.items[place], mark="gone")
            return
        text = self.items[place].text.replace(event["from"], event["to"])
        self.items[place] = replace(self.items[place], text=text, mark="changed")

    def feed(self) -> str:
        """Return what it has now, as RSS."""
        said = _words(self.code)
        items = [
            _ITEM.format(
                slug=one.slug,
                title=escape(one.title),
                link=self.link(one),
                text=escape(_html(one)),
                date=format_datetime(one.at),
            )
            for one in self.shown()
        ]
        about = {name: escape(said[name]) for name in ("name", "about")}
        return _FEED.format(root=self.root, code=self.code, items="".join(items), **about)

    def page(self, slug: str = "") -> str | None:
        """Return the front page, or that of one item; None when it has none of that name."""
        said = {name: escape(text) for name, text in _words(self.code).items() if isinstance(text, str)}
        if not slug:
            entries = [
                f'<h2><a href="{self.link(one)}">{escape(one.title)}</a></h2><p>{escape(one.lead)}</p>'
                for one in self.shown()
            ]
            body, title = f"<h1>{said['name']}</h1><p>{said['about']}</p>{''.join(entries)}", said["name"]
        else:
            found = next((one for one in self.shown() if one.slug == slug), None)
            if found is None:
                return None
            body, title = f"<h1>{escape(found.title)}</h1>{_html(found)}", escape(found.title)
        return _PAGE.format(
            code=self.code, root=self.root, name=said["name"], feed=said["feed"], title=title, body=body
        )

    def shown(self) -> Sequence[SiteItem]:
        """Return what was not taken away, the newest first."""
        return [one for one in self.items if one.mark != "gone"]

    def link(self, item: SiteItem) -> str:
        """Return the address of an item's page."""
        return f"{self.root}{item.slug}"


def _html(item: SiteItem) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in (item.lead, *item.text.split("\n")))


def new_site(code: str, root: str, now: datetime) -> LocalSite:
    """Return the site in a language as it is before anything happens."""
    said = _words(code)
    items = [
        SiteItem(
            **{name: one[name] for name in ("slug", "title", "lead", "text")}, at=now - timedelta(hours=one["hours"])
        )
        for one in said["items"]
    ]
    return LocalSite(code, f"{root}/{code}/", sorted(items, key=lambda one: one.at, reverse=True), list(said["events"]))


@cache
def _words(code: str) -> Mapping[str, Any]:
    """Return the words of the site in a language; one that has none tells what the common one does."""
    file = BY_CODE[code].folder / "site.json"
    found: Mapping[str, Any] = orjson.loads(
        (file if file.is_file() else BY_CODE[COMMON].folder / "site.json").read_bytes()
    )
    return found


@dataclass(slots=True)
class LocalSites:
    """The site in every language, over HTTP, at an address of its own. `sites` is empty until it is opened."""

    sites: dict[str, LocalSite] = field(default_factory=dict)

    def open(self, root: str, now: datetime) -> None:
        """Begin from the beginning; `root` is where it is served."""
        self.sites = {code: new_site(code, root, now) for code in LANGUAGES}

    def application(self) -> web.Application:
        """Return what serves it: to this machine, and only to be read."""
        application = web.Application(middlewares=[_this_machine_only])
        application.add_routes([web.get("/{code}/", self._page), web.get("/{code}/{slug}", self._page)])
        return application

    async def _page(self, request: web.Request) -> web.Response:
        site, slug = self.sites.get(request.match_info["code"]), request.match_info.get("slug", "")
        if site is None:
            raise web.HTTPNotFound
        if slug == "feed.xml":
            return web.Response(text=site.feed(), content_type="application/rss+xml")
        page = site.page(slug)
        if page is None:
            raise web.HTTPNotFound
        return web.Response(text=page, content_type="text/html")


@web.middleware
async def _this_machine_only(request: web.Request, handler: Any) -> web.StreamResponse:
    if not is_here(request.host):
        raise web.HTTPForbidden
    answer: web.StreamResponse = await handler(request)
    return answer
