"""News that flows in and out again, as the page shows it: a site, what the newsroom makes of its items, a form."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.app import App
from bot.desk.token_desk import fingerprint, new_secret
from bot.errors import NotFound
from bot.model.feeds import Feed, FeedState
from bot.model.news import Article, ArticleState
from bot.model.tokens import Scope
from bot.sandbox.local_site import LocalSite, LocalSites
from bot.sandbox.people import answer, body_of
from bot.text.urls import url_key

Json = dict[str, Any]

EVERY = 30.0  # seconds of the machine between two changes of the site
_FIRST = 8.0  # seconds from the first reading of its feed to the first change
_AGAIN = 4.0  # what is taken away the bot believes when it looks a second time
_SHOWN = 8
_TICK = "local site"
_TEXT_MOST = 5_000
_STATES = frozenset({"draft", "publish", "archive"})


@dataclass(slots=True)
class _Follower:
    """What is kept of one language's site: when it changes next, when the bot is rung up, what the form brought."""

    secret: str
    due: float | None = None
    rings: list[float] = field(default_factory=list)
    brought: list[int] = field(default_factory=list)
    said: Json | None = None


@dataclass(slots=True)
class Flow:
    """Lets the sites change once their feeds are followed, and brings to the API what people type into the form.

    A site rings the bot up when it changes: nobody wants to wait for the next poll in a demo. Routes are under `/sim`.
    """

    sites: LocalSites
    app: App | None = None
    _followers: dict[str, _Follower] = field(default_factory=dict)

    async def open(self, app: App) -> None:
        """Follow a newsroom that was just opened: give the sites' own systems tokens, and be called every second."""
        self.app, self._followers = app, {}
        ground = app.parts.ground
        for code, site in self.sites.sites.items():
            secret = new_secret()
            scope = Scope.DRAFT | Scope.PUBLISH | Scope.CORRECT
            await ground.store.tokens.add(f"demo-{code}", site.name, scope, fingerprint(secret), ground.clock.now())
            self._followers[code] = _Follower(secret)
        ground.ticker.every(1, _TICK, self.look)

    def routes(self) -> list[web.RouteDef]:
        """Return what the page asks for."""
        return [
            web.get("/sim/flow/{code}", self._show),
            web.post("/sim/flow/{code}/next", self._go_on),
            web.post("/sim/flow/{code}/post", self._post),
        ]

    async def look(self) -> None:
        """Let each site that is followed change when it is time, and ring the bot up."""
        app = self._opened()
        ground, poller = app.parts.ground, app.parts.feeds.poller
        seconds = ground.clock.monotonic()
        for code, follower in self._followers.items():
            feed = await self._feed(self.sites.sites[code])
            if feed is None or feed.state is not FeedState.ACTIVE or not feed.filled:
                continue
            follower.due = seconds + _FIRST if follower.due is None else follower.due
            if seconds >= follower.due:
                self._change(code, seconds)
            if follower.rings and seconds >= follower.rings[0]:
                follower.rings.pop(0)
                await ground.store.feeds.ask_soon(feed.id, ground.clock.now())
                poller.wake()

    def _change(self, code: str, seconds: float) -> None:
        site, follower = self.sites.sites[code], self._followers[code]
        if site.next is not None:
            site.go_on(self._opened().parts.ground.clock.now())
            follower.rings = [seconds, seconds + _AGAIN]
            follower.due = seconds + EVERY

    async def _feed(self, site: LocalSite) -> Feed | None:
        feed = await self._opened().parts.ground.store.feeds.at(f"{site.root}feed.xml")
        return feed if feed is not None and feed.state is not FeedState.OFFERED else None

    async def _go_on(self, request: web.Request) -> web.Response:
        """Let the next change of a site happen now."""
        code = self._code(request)
        if await self._feed(self.sites.sites[code]) is None:
            raise web.HTTPConflict
        self._change(code, self._opened().parts.ground.clock.monotonic())
        return answer(await self._state(code))

    async def _show(self, request: web.Request) -> web.Response:
        return answer(await self._state(self._code(request)))

    def _code(self, request: web.Request) -> str:
        code = request.match_info["code"]
        if code not in self._followers:
            raise web.HTTPNotFound
        return code

    def _opened(self) -> App:
        if self.app is None:
            raise web.HTTPConflict  # it is being opened
        return self.app

    async def _post(self, request: web.Request) -> web.Response:
        """Bring an article as the site's own system would: over HTTP, with its token."""
        code, said = self._code(request), await body_of(request)
        title, text = str(said.get("title", "")).strip(), str(said.get("text", "")).strip()
        if not title or len(title) + len(text) > _TEXT_MOST or said.get("state") not in _STATES:
            raise web.HTTPBadRequest
        follower = self._followers[code]
        headers = {"Authorization": f"Bearer {follower.secret}"}
        article = {"title": title, "html": text, "state": said["state"], "language": code}
        root = self._web_address()
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{root}/api/articles", json=article) as response,
        ):
            follower.said = {"status": response.status}
            found = await response.json(content_type=None)
        if response.status in {200, 201}:
            follower.brought.insert(0, int(found["number"]))
        else:
            follower.said["detail"] = str(found.get("detail", ""))[:200]
        return answer(await self._state(code))

    def _web_address(self) -> str:
        web_side = self._opened().web
        assert web_side is not None
        return web_side.server.address

    async def _state(self, code: str) -> Json:
        site, follower = self.sites.sites[code], self._followers[code]
        feed = await self._feed(site)
        ground = self._opened().parts.ground
        left = None if follower.due is None else max(0, round(follower.due - ground.clock.monotonic()))
        return {
            "name": site.name,
            "site": site.root,
            "mode": feed.mode.name if feed is not None else None,
            "next": site.next["does"] if site.next is not None else None,
            "seconds": left,
            "out": f"{ground.links.site}/feed.xml",
            "said": follower.said,
            "lines": [*await self._brought(follower), *await self._lines(site, feed)][:_SHOWN],
        }

    async def _lines(self, site: LocalSite, feed: Feed | None) -> list[Json]:
        items = await self._opened().parts.ground.store.feed_items.of(feed.id) if feed is not None else {}
        became = {item.url_key: item.article_id for item in items.values()}
        lines = []
        for one in site.items:
            link = site.link(one)
            here = await self._here(became.get(url_key(link)))
            lines.append({"way": "feed", "title": one.title, "link": link, "mark": one.mark, "here": here})
        return lines

    async def _brought(self, follower: _Follower) -> list[Json]:
        lines = []
        for number in follower.brought:
            article = await self._article(number)
            if article is not None:
                here = self._shown(article)
                lines.append({"way": "api", "title": article.title, "link": None, "mark": "", "here": here})
        return lines

    async def _here(self, number: int | None) -> Json | None:
        article = await self._article(number) if number is not None else None
        return self._shown(article) if article is not None else None

    async def _article(self, number: int) -> Article | None:
        try:
            return await self._opened().parts.ground.store.articles.get(number)
        except NotFound:
            return None

    def _shown(self, article: Article) -> Json:
        public = article.state in {ArticleState.PUBLISHED, ArticleState.RETRACTED}
        page = self._opened().parts.ground.links.page(article.id) if public else None
        return {"state": article.state.name, "revision": article.revision, "page": page}
