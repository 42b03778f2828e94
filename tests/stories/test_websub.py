"""WebSub: feeds name a hub, and the hub hears which of them have changed, until it has taken it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs

import aiohttp
import feedparser
import orjson
import pytest
from aiohttp import web

from bot.model.listeners import EventKind, ListenerForm, ListenerState
from bot.model.news import RevisionKind
from bot.web.outgoing.hub import EVENTS
from bot.web.outgoing.timetable import GIVEN_UP_AFTER
from storage.engine.database import Database
from tests.support.listening import an_outlet, told_all
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.rows import NOW
from tests.support.site import Site, a_site
from tests.support.waiting import until

pytestmark = pytest.mark.wide

WORLD = "https://news.example"
LATEST = [f"{WORLD}/feed.xml", f"{WORLD}/feed.json"]


@dataclass(slots=True)
class Hub:
    """A hub on loopback: what it was told, and how it answers."""

    site: Site
    status: int = HTTPStatus.NO_CONTENT
    told: list[list[str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self.site.root}/hub"

    async def answer(self, request: web.Request) -> web.Response:
        said = parse_qs(await request.text(), strict_parsing=True)
        assert (said["hub.mode"], request.content_type) == (["publish"], "application/x-www-form-urlencoded")
        self.told.append(said["hub.url"])
        return web.Response(status=self.status)


@asynccontextmanager
async def a_hub() -> AsyncIterator[Hub]:
    async with a_site() as site:
        hub = Hub(site)
        site.pages["/hub"] = hub.answer
        yield hub


async def _got(room: Newsroom, path: str) -> tuple[bytes, str]:
    async with aiohttp.ClientSession() as session, session.get(room.web_address + path) as answer:
        assert answer.status == HTTPStatus.OK
        return await answer.read(), answer.headers["Link"]


async def test_feeds_name_the_hub_and_it_hears_of_what_is_published_corrected_and_retracted(sqlite_url: str) -> None:
    async with a_hub() as hub:
        settings = {"http_bind": "127.0.0.1:0", "public_url": WORLD, "websub_hub": hub.address}
        async with open_newsroom(sqlite_url, fetch_allow="127.0.0.1", **settings) as room:
            owner = room.owner()
            article = await owner.publishes("Міст відкрили\n\nРух почався о шостій.", topics=("Суспільство",))
            await told_all(room)
            of_topic = [f"{WORLD}/topics/society/feed.xml", f"{WORLD}/topics/society/feed.json"]
            assert hub.told == [[*LATEST, *of_topic]]
            rss, link = await _got(room, "/topics/society/feed.xml")
            assert link == f'<{hub.address}>; rel="hub", <{of_topic[0]}>; rel="self"'
            links = {one.rel: one.href for one in feedparser.parse(rss).feed.links}
            assert (links["hub"], links["self"]) == (hub.address, of_topic[0])
            written, link = await _got(room, "/feed.json")
            assert orjson.loads(written)["hubs"] == [{"type": "WebSub", "url": hub.address}]
            assert link.endswith(f'<{LATEST[1]}>; rel="self"')
            hub.status = HTTPStatus.SERVICE_UNAVAILABLE
            desk, (editor, *_) = room.app.parts.desk.corrections, await room.store.editors.all()
            await desk.correct(article, RevisionKind.CORRECTION, "О сьомій.", editor)
            await told_all(room)
            hub.status = HTTPStatus.ACCEPTED
            room.clock.advance(minutes=1)
            await until(lambda: len(hub.told) == 3, hub)
            await desk.retract(await room.store.articles.get(article.id), "Переплутали дату.", editor)
            await until(lambda: len(hub.told) == 4, hub)
            assert hub.told[1:] == [[*LATEST, *of_topic]] * 3


async def test_a_hub_that_fails_is_told_later_of_all_at_once_given_up_in_the_end_and_told_again_after_a_start(
    database: Database,
) -> None:
    outlet = an_outlet(database)
    store = outlet.store.listeners
    async with a_hub() as hub:
        await store.keep_hub(hub.address, EVENTS, NOW)
        hub.status = HTTPStatus.BAD_GATEWAY
        await outlet.happens(EventKind.PUBLISHED, EventKind.CORRECTED, EventKind.FINISHED)
        await outlet.tells()
        (stored,) = await store.all()
        assert (stored.form, stored.failures, stored.waiting, stored.secret) == (ListenerForm.HUB, 1, 2, "")
        await outlet.tells(seconds=1)
        assert hub.told == [LATEST], "it has its time"
        hub.status = HTTPStatus.OK
        await outlet.tells(minutes=1)
        assert hub.told == [LATEST, LATEST], "once for all that has happened"
        assert [(one.failures, one.waiting) for one in await store.all()] == [(0, 0)]
        hub.status = HTTPStatus.NOT_FOUND
        await outlet.happens()
        while (await store.all())[0].state is ListenerState.ACTIVE:
            await outlet.tells(hours=7)
            assert outlet.clock.now() - NOW < GIVEN_UP_AFTER + timedelta(days=1)
        hub.status = HTTPStatus.OK
        await store.keep_hub(hub.address, EVENTS, outlet.clock.now())
        await outlet.happens()
        await outlet.tells(hours=7)
        (stored,) = await store.all()
        assert (stored.state, stored.waiting) == (ListenerState.ACTIVE, 0)


async def test_the_setting_names_the_only_hub_and_webhooks_stay_as_they_are(database: Database) -> None:
    outlet = an_outlet(database)
    store = outlet.store.listeners
    await store.add("https://site.example/hook", "whsec_AAAA", EventKind.PUBLISHED, 20, NOW)
    for hub in ("https://one.example/", "https://one.example/", "https://two.example/", ""):
        await store.keep_hub(hub, EVENTS, NOW)
        await outlet.happens()
        told = [(one.address, one.form) for one in await store.all()]
        assert told == [("https://site.example/hook", ListenerForm.WEBHOOK)] + [(hub, ListenerForm.HUB)] * bool(hub)
    load = await outlet.store.loads.now()
    assert load.events == 4, "of a hub that is gone nothing is left"
