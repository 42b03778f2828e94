"""A digest that waits for its turn goes out as its news are by then: nothing retracted, nothing stopped, no old title."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.model.desk import Editor, Role
from bot.model.news import RevisionKind
from storage.schema.tables import delivery, publication
from tests.support.life import miscounted
from tests.support.newsroom import OWNER, Newsroom, open_newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide

_EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 19:00 in Kyiv
_OWNER = Editor(OWNER, Role.OWNER)
_NEWS = ("Міст відкрили", "Ринок закрили", "Бюджет ухвалили", "Школу збудували", "Парк посадили")


async def _goes_on(room: Newsroom) -> None:
    room.sender.window = 10
    room.sender.wake()
    await room.tick()
    await room.delivered()


async def test_a_digest_on_its_way_takes_along_what_became_of_its_lines(database_url: str) -> None:
    async with open_newsroom(database_url) as room:
        reader, other, editor = room.person(), room.person("Петро", 2), room.owner()
        for person in (reader, other):
            await person.says("/start")
        await reader.says("/schedule 19:00")
        room.sender.window = 0  # what goes to the other at once waits, too: these sends are not over
        bridge, market, budget, school, _ = [await editor.publishes(f"{title}\n\nПодробиці.") for title in _NEWS]
        store, now = room.store, room.clock.now()
        sends = {one.id: (await store.publications.of_article(one.id))[0].id for one in (budget, school)}
        room.clock.set(_EVENING)
        await room.tick()  # the digest is put together, and waits
        desk = room.app.parts.desk.corrections
        await desk.retract(await store.articles.get(bridge.id), "Не підтвердилося.", _OWNER)
        renamed = await desk.proposed(await desk.open(market.id), "title", "Ринок перенесли")
        await desk.correct(renamed, RevisionKind.CORRECTION, "Ринок не закрили.", _OWNER)
        await store.sends.stop(sends[budget.id], OWNER, now)
        await store.sends.pause(sends[school.id], "", OWNER, now)
        await room.tick()
        before = len(reader.got)
        await _goes_on(room)
        (digest,) = reader.got[before:]
        assert text_of(digest).startswith("Дайджест"), digest
        assert "Ринок перенесли" in text_of(digest)
        assert all(title not in text_of(digest) for title in (*_NEWS[:4], "відкликано"))
        # Another line's correction draws the digest anew: what had left it does not come back.
        parks = await desk.open((await store.articles.latest(limit=1)).items[0].id)
        await desk.correct(await desk.proposed(parks, "title", "Парк засадили"), RevisionKind.TYPO, "", _OWNER)
        await _goes_on(room)
        assert "Парк засадили" in text_of(reader.message_with("Дайджест"))
        assert await reader.lacks("відкликано")
        assert len(reader.got) == before + 1
        # What was paused comes with a later digest.
        await store.sends.resume(sends[school.id], OWNER, now)
        room.clock.advance(hours=24)
        await room.tick()
        await room.settled()
        assert "Школу збудували" in text_of(reader.last)
        async with room.database.read() as connection:
            rows = (await connection.execute(select(delivery))).all()
            orders = (await connection.execute(select(publication))).all()
        assert miscounted(rows, orders) == []


async def test_a_digest_of_which_nothing_is_left_does_not_go_out(database_url: str) -> None:
    async with open_newsroom(database_url) as room:
        reader, editor = room.person(), room.owner()
        await reader.says("/start")
        await reader.says("/schedule 19:00")
        article = await editor.publishes("Міст відкрили\n\nПодробиці.")
        room.sender.window = 0
        room.clock.set(_EVENING)
        await room.tick()
        before = len(reader.got)
        await room.app.parts.desk.corrections.retract(article, "Не підтвердилося.", _OWNER)
        await room.tick()
        await _goes_on(room)
        await room.settled()
        assert len(reader.got) == before
