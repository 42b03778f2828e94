"""Other systems are told what becomes public: signed, and nothing before its time; the owner hears when they are not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import pytest

from bot.feeds.importer import FILES
from bot.feeds.intake import fed
from bot.model.desk import Order
from bot.model.listeners import EventKind, ListenerState
from bot.model.news import Incoming, RevisionKind
from storage.articles.imports import Imports
from tests.support.listening import Elsewhere, elsewhere, told_all
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.rows import a_draft

pytestmark = pytest.mark.wide


@pytest.fixture
async def other() -> AsyncIterator[Elsewhere]:
    async with elsewhere() as opened:
        yield opened


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(sqlite_url, fetch_allow="127.0.0.1") as opened:
        yield opened


async def test_what_is_published_corrected_retracted_and_sent_is_told_signed_and_once(
    database_url: str, other: Elsewhere
) -> None:
    public = {"http_bind": "127.0.0.1:0", "public_url": "https://news.example"}
    async with open_newsroom(database_url, fetch_allow="127.0.0.1", **public) as room:
        await other.listens(room.store)
        reader, owner = room.person(), room.owner()
        await reader.says("/start")
        article = await owner.publishes("Міст відкрили\n\nРух почався о шостій.")
        await room.settled()
        await room.tick()
        await told_all(room)
        assert other.types == ["article.published", "send.finished"]
        published, finished = other.told
        assert published["data"]["article"]["number"] == article.id
        assert published["data"]["article"]["page"] == f"https://news.example/a/{article.id}"
        figures = {"total": 1, "sent": 1, "failed": 0, "expired": 0, "uncertain": 0, "left": 0}
        assert finished["data"]["publication"].items() >= {"purpose": "first", "state": "done", **figures}.items()
        desk, (editor, *_) = room.app.parts.desk.corrections, await room.store.editors.all()
        for kind, note, title in (
            (RevisionKind.TYPO, "", "Міст відкрили!"),
            (RevisionKind.CORRECTION, "Не міст, а естакада.", "Естакаду відкрили"),
        ):
            changed = replace(await room.store.articles.get(article.id), title=title)
            await desk.correct(changed, kind, note, editor)
        await desk.retract(await room.store.articles.get(article.id), "Переплутали дату.", editor)
        await told_all(room)
        changes = [one for one in other.told if not one["type"].startswith("send")][1:]
        assert [(one["type"], one["data"]["kind"], one["data"]["note"]) for one in changes] == [
            ("article.corrected", "typo", ""),
            ("article.corrected", "correction", "Не міст, а естакада."),
            ("article.retracted", "retraction", "Переплутали дату."),
        ]
        assert changes[-1]["data"]["article"]["state"] == "retracted"
        assert len(set(other.ids)) == len(other.ids)
        assert other.forged == 0


async def test_nothing_is_told_before_its_time_nor_of_what_goes_into_the_archive(
    room: Newsroom, other: Elsewhere
) -> None:
    await other.listens(room.store)
    number = await a_draft(room.database, "Під ембарго")
    article, at = await room.store.articles.get(number), room.clock.now() + timedelta(hours=1)
    await room.store.publications.order(Order(number, article.version, at, 100), room.clock.now())
    for push in (False, True):
        title = f"Імпорт {push}"
        batch = [fed(Incoming(title=title, identity=title, external_id=title), FILES)]
        await Imports(room.database).add(batch, room.clock.now(), push=push)
    await room.tick()
    await told_all(room)
    assert {one["data"]["article"]["title"] for one in other.told} == {"Імпорт True"}
    room.clock.set(at + timedelta(seconds=1))
    await room.tick()
    await told_all(room)
    embargoed = [one for one in other.told if one["data"]["article"]["title"] == "Під ембарго"]
    assert embargoed[0]["type"] == "article.published"
    assert {one["data"]["article"]["state"] for one in embargoed} == {"published"}


async def test_the_owner_hears_once_of_a_webhook_that_is_over_with_what_to_do_and_once_that_it_works_again(
    room: Newsroom, other: Elsewhere
) -> None:
    owner = room.owner()
    await owner.says("/start")
    number = await other.listens(room.store, EventKind.PUBLISHED)
    other.status = HTTPStatus.GONE
    await owner.publishes("Міст відкрили")
    await told_all(room)
    alarm = room.app.parts.listeners.alarm
    for _ in range(2):
        await alarm.look()
    assert await owner.count(f"Вебхук {other.address} вимкнено") == 1
    assert f"python -m bot webhooks enable {number}" in owner.screen
    await owner.publishes("Про це вже не кажуть")
    (stored,) = await room.store.listeners.all()
    assert (stored.state, stored.waiting) == (ListenerState.DISABLED, 1)
    other.status = HTTPStatus.OK
    await room.store.listeners.enable(number)
    await told_all(room)
    for _ in range(2):
        await alarm.look()
    assert await owner.count(f"Вебхук {other.address} знову працює") == 1
    assert other.taken == [other.ids[0]]  # what waited, under the id it had


async def test_nobody_is_told_anything_while_everything_is_held(room: Newsroom, other: Elsewhere) -> None:
    await other.listens(room.store)
    room.sender.held = True
    deliverer = room.app.parts.listeners.deliverer
    assert deliverer.held()
    room.sender.held = False
    assert not deliverer.held()
