"""The addresses of the public site, and what is sent with every answer."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.errors import NotFound, UnknownTopic
from bot.model.news import Article, Headline, Topic
from bot.model.pictures import EXTENSIONS
from bot.ports import PictureStore
from bot.readers.library import Library
from bot.screens.links import Links
from bot.web.site.pages import Frame, article_page, missing_page
from bot.web.site.syndication import Feed, Item, as_json, as_rss, feed_paths

_ITEMS = 50
_LISTED = 5
_FRESH_SECONDS = 60
_PICTURE_SECONDS = 3600  # one that is erased is shown by caches for so long
_MOST_DIGITS = 15
_HTML = "text/html"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

Write = Callable[[Feed, Frame], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Answers with what is published, and nothing that is not. `language` is for pages of no article.

    `hub` is the WebSub hub that is told when a feed changes, "" for none.
    """

    library: Library
    pictures: PictureStore
    frame: Frame
    links: Links
    language: str
    hub: str = ""

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        (rss, json), (rss_of_topic, json_of_topic) = feed_paths(), feed_paths("{topic}")
        return [
            web.get("/a/{number}", self._article),
            web.get("/media/{file}", self._picture),
            *(web.get(path, self._rss) for path in (rss, rss_of_topic)),
            *(web.get(path, self._json) for path in (json, json_of_topic)),
        ]

    async def _article(self, request: web.Request) -> web.Response:
        latest = (await self.library.latest_of_all(0, 0, _LISTED + 1)).items
        try:
            article = await self.library.article(_number(request.match_info["number"]))
        except NotFound:
            page = missing_page(self.frame, self.language, latest[:_LISTED])
            return _answer(request, page.encode(), _HTML, HTTPStatus.NOT_FOUND)
        page = await self._page(article, latest)
        return _answer(request, page.encode(), _HTML, HTTPStatus.GONE if article.retracted else HTTPStatus.OK)

    async def _page(self, article: Article, latest: tuple[Headline, ...]) -> str:
        related: list[Headline] = []
        if not article.retracted:
            found = await self.library.finder.related(article.id, language=article.language)
            related = await self.library.articles.headlines([item.id for item in found])
        others = [item for item in latest if item.id != article.id and item not in related][:_LISTED]
        return article_page(article, self.frame, self.links.article(article.id), related, others)

    async def _picture(self, request: web.Request) -> web.Response:
        name, _, extension = request.match_info["file"].partition(".")
        found = await self.pictures.get(name) if name.isascii() and name.isalnum() else None
        if found is None or EXTENSIONS[found.kind] != extension:
            raise web.HTTPNotFound
        return _answer(request, found.content, found.kind, seconds=_PICTURE_SECONDS)

    async def _rss(self, request: web.Request) -> web.Response:
        return await self._feed(request, as_rss, "application/rss+xml")

    async def _json(self, request: web.Request) -> web.Response:
        return await self._feed(request, as_json, "application/feed+json")

    async def _feed(self, request: web.Request, write: Write, content_type: str) -> web.Response:
        topic = await self._topic(request.match_info.get("topic", ""))
        page = await self.library.articles.latest(topics=[topic.id] if topic is not None else [], limit=_ITEMS)
        texts = await self.library.articles.texts([item.id for item in page.items])
        items = []
        for headline in page.items:
            _, lead, body, *_ = texts.get(headline.id, ("", "", ""))
            items.append(Item(headline, lead, body))
        newsroom = self.frame.newsroom
        title = newsroom if topic is None else f"{newsroom}: {topic.name(self.language)}"
        address = self.frame.root + request.path
        feed = Feed(title=title, address=address, language=self.language, items=items, hub=self.hub)
        answer = _answer(request, write(feed, self.frame), content_type)
        if self.hub:  # WebSub, section 4: subscribers look here first
            answer.headers["Link"] = f'<{self.hub}>; rel="hub", <{address}>; rel="self"'
        return answer

    async def _topic(self, slug: str) -> Topic | None:
        if not slug:
            return None
        try:
            topic = await self.library.topic(slug, self.language)
        except UnknownTopic:
            raise web.HTTPNotFound from None
        if topic.slug != slug:
            raise web.HTTPNotFound
        return topic


def _number(written: str) -> int:
    if written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS:
        return int(written)
    raise NotFound


def _answer(
    request: web.Request,
    body: bytes,
    content_type: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    seconds: int = _FRESH_SECONDS,
) -> web.Response:
    """Return an answer that whoever has it already need not be sent again."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": f"public, max-age={seconds}",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer-when-downgrade",
    }
    if status is HTTPStatus.OK and any(known.value in {tag, "*"} for known in request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    charset = None if content_type in EXTENSIONS else "utf-8"
    return web.Response(status=status, body=body, content_type=content_type, charset=charset, headers=headers)
