"""Uploaded pictures: one article's each, gone with it; and what becomes of them and of a hub on the way back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from bot.errors import Stale
from bot.model.changes import ArticleChanges
from bot.model.listeners import EventKind, Failing, ListenerForm, ListenerState
from bot.model.news import Photo
from bot.model.pictures import Picture
from bot.model.tokens import Scope
from storage.articles.articles import Articles
from storage.articles.pictures import Pictures
from storage.engine.database import Database
from storage.people.tokens import Tokens
from storage.runtime.events import Fact, note_events
from storage.runtime.listeners import Listeners
from storage.schema.migrate import move
from storage.schema.migrations import HEAD
from storage.schema.tables import article, event, listener, picture
from tests.support.life import SlowCommits
from tests.support.rows import NOW, a_draft
from tests.support.together import together


async def _pictured(database: Database, name: str, *, more: str = "") -> tuple[Pictures, int, int]:
    """Return the store, the token and the draft of an uploaded picture, which the draft shows and does not have yet."""
    pictures, token = Pictures(database), await _a_token(database, name)
    for one in filter(None, (name, more)):
        assert await pictures.add(one, token, BRIDGE, 3, NOW)
    return pictures, token, await a_draft(database, name, photo=_at(*filter(None, (name, more))))


def _at(name: str, *more: str) -> Photo:
    """Return the picture that is shown by an uploaded one of that name, and others behind it."""
    address = f"https://news.example/media/{name}.jpg"
    return Photo(url=address, more=tuple(_at(one) for one in more))


BRIDGE = Picture("image/jpeg", b"\xff\xd8\xff\x00bridge")


async def _a_token(database: Database, name: str) -> int:
    tokens = Tokens(database)
    assert await tokens.add(name, "Агенція", Scope.DRAFT, name.ljust(64, "x"), NOW)
    return next(one.id for one in await tokens.all() if one.name == name)


async def test_a_picture_is_one_article_s_and_goes_when_that_is_put_away_or_erased(database: Database) -> None:
    pictures, mine, other = Pictures(database), await _a_token(database, "cms"), await _a_token(database, "site")
    first, second = [
        await a_draft(database, title, photo=_at(*names)) for title, *names in (("Міст", "a"), ("Трамвай", "b", "a"))
    ]
    for name in ("a", "b", "c"):
        assert await pictures.add(name, mine, BRIDGE, 3, NOW)
    assert not await pictures.add("d", mine, BRIDGE, 3, NOW), "three wait already"
    assert await pictures.add("e", other, BRIDGE, 3, NOW)
    assert [await pictures.may_use(name, mine, None) for name in ("a", "e", "x")] == [True, False, False]
    for _ in range(2):
        assert await pictures.use("a", mine, first)
    assert not await pictures.use("a", mine, second)
    assert not await pictures.use("a", other, first)
    assert [await pictures.may_use("a", mine, number) for number in (None, first, second)] == [False, True, False]
    assert await pictures.use("b", mine, second)
    draft = await Articles(database).get(first)
    await Articles(database).discard(first, draft.version, 1, NOW)
    async with database.write() as connection:
        await connection.execute(delete(article).where(article.c.id == second))
    await pictures.forget(NOW)
    assert [await pictures.get(name) for name in ("a", "b", "c")] == [None, None, BRIDGE]
    await pictures.forget(NOW + timedelta(seconds=1))
    assert await pictures.get("c") is None


async def test_a_picture_goes_when_its_draft_shows_others_and_stays_when_others_come_to_it(database: Database) -> None:
    articles = Articles(database)
    pictures, token, number = await _pictured(database, "first", more="second")
    assert [await pictures.use(name, token, number) for name in ("first", "second")] == [True, True]
    for version, (shown, left) in enumerate(
        (
            (_at("first", "second", "elsewhere"), [True, True]),
            (Photo(file_id="film", more=(_at("second"),)), [False, True]),
            (None, [False, False]),
        )
    ):
        await articles.revise_draft(number, version, ArticleChanges(photo=shown), 1, NOW)
        assert [await pictures.get(name) is not None for name in ("first", "second")] == left
    with pytest.raises(Stale):
        await articles.revise_draft(number, 0, ArticleChanges(photo=None), 1, NOW)


async def test_a_picture_that_comes_while_its_article_goes_is_nobodys(database_url: str) -> None:
    database = SlowCommits(database_url)
    articles = Articles(database)

    def goings(number: int) -> list[Callable[[], Awaitable[object]]]:
        return [
            lambda: articles.discard(number, 0, 1, NOW),
            lambda: articles.revise_draft(number, 0, ArticleChanges(photo=None), 1, NOW),
            lambda: articles.revise_draft(number, 0, ArticleChanges(photo=_at("another")), 1, NOW),
        ]

    for turn in range(3):
        for goes_first in (True, False):
            name = f"{turn}{goes_first}"
            pictures, token, number = await _pictured(database, name)
            both = [goings(number)[turn], lambda: pictures.use(name, token, number)]  # noqa: B023
            done = await together(database, *(both if goes_first else reversed(both)))
            assert (True in done) is not goes_first
            async with database.read() as connection:
                theirs = select(func.count()).where(picture.c.article_id.is_not(None))
                assert await connection.scalar(theirs) == 0, (turn, goes_first)
            assert not await pictures.use(name, token, number)
    await database.close()


async def test_a_hub_that_was_given_up_begins_anew_at_a_start_and_an_active_one_goes_on_as_it_was(
    database: Database,
) -> None:
    listeners, number = Listeners(database, "me"), await a_draft(database)
    await listeners.keep_hub("https://hub.example/", EventKind.PUBLISHED, NOW)
    for _ in range(2):
        async with database.write() as connection:
            await note_events(connection, EventKind.PUBLISHED, [Fact(number)], NOW)
    later = NOW + timedelta(hours=1)
    for state in (ListenerState.ACTIVE, ListenerState.DISABLED):
        hub = await listeners.claim(NOW, later)
        assert hub is not None
        one, _ = await listeners.waiting(hub.id, NOW, 5)
        failing = Failing(event_at=later, listener_at=later, failures=7, reason="refused", told=True, state=state)
        await listeners.failed(hub.id, one.id, failing, NOW)
        await listeners.keep_hub("https://hub.example/", EventKind.PUBLISHED, NOW)
        (hub,) = await listeners.all()
        if state is ListenerState.ACTIVE:
            assert (hub.failures, hub.failing_since) == (7, NOW)
            assert await listeners.claim(NOW, later) is None, "its wait is not cut short"
            async with database.write() as connection:
                await connection.execute(update(listener).values(next_at=None))
                await connection.execute(update(event).values(next_at=None))
    assert (hub.state, hub.failures, hub.failing_since) == (ListenerState.ACTIVE, 0, None)
    assert await listeners.claim(NOW, later) is not None
    assert len(await listeners.waiting(hub.id, NOW, 5)) == 2, "what waits goes at once"


async def test_a_hub_and_pictures_are_forgotten_on_the_way_back_and_webhooks_stay(database: Database) -> None:
    listeners, pictures = Listeners(database, "me"), Pictures(database)
    await listeners.add("https://site.example/hook", "whsec_AAAA", EventKind.PUBLISHED, 20, NOW)
    await listeners.keep_hub("https://hub.example/", EventKind.PUBLISHED, NOW)
    await pictures.add("a", await _a_token(database, "cms"), BRIDGE, 3, NOW)
    number = await a_draft(database)
    async with database.write() as connection:
        await note_events(connection, EventKind.PUBLISHED, [Fact(number)], NOW)
    async with database.write() as connection:
        await move(connection, "0023")
        await move(connection, HEAD)
    (left,) = await listeners.all()
    assert (left.address, left.form, left.waiting) == ("https://site.example/hook", ListenerForm.WEBHOOK, 1)
    assert await pictures.get("a") is None
