"""Old deliveries become compact: a correction and a retraction still reach who holds a copy, counts stay."""

import pytest
from sqlalchemy import Table, func, select

from bot.operations.compaction import COMPACTED
from storage.schema.tables import delivery, kept_copy
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide


async def _number(room: Newsroom, table: Table) -> int:
    async with room.database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def test_what_is_compact_is_corrected_and_retracted_and_the_owner_sees_how_far_it_is(database_url: str) -> None:
    async with open_newsroom(database_url, keep_ledger_days=30) as room:
        desk, who = room.owner(), room.person()
        await who.says("/start")
        await desk.publishes("Міст відкрили\n\nМіст через Дніпро відкрили після ремонту.")
        await who.sees("Міст відкрили")
        await room.settled()
        await room.tick()
        for _ in range(5):  # a working newsroom, for weeks
            room.clock.advance(days=9)
            await room.tick()
        await desk.publishes("Рада ухвалила бюджет\n\nБюджет міста ухвалено.")
        await who.sees("Рада ухвалила бюджет")
        compaction = room.app.parts.delivery.compaction
        await compaction.look()
        assert (await _number(room, kept_copy), await _number(room, delivery)) == (1, 1)
        before = await room.store.facts.get(COMPACTED)
        await room.restart()
        await room.app.parts.delivery.compaction.look()
        assert (await room.store.facts.get(COMPACTED))["until"] > before["until"]
        await desk.says("/status")
        assert "стиснуто: виправлення до нього дійдуть" in desk.screen
        copy = next(m for m in who.got if "Міст відкрили" in text_of(m))
        for part, said, sure in (
            ("Заголовок", "Міст нарешті відкрили", "Одрук"),
            ("Відкликати", "Хибне", "Так, відкликати"),
        ):
            await desk.says("/published")
            await desk.taps("2")
            await desk.taps("✎ Виправити")
            await desk.taps(part)
            await desk.says(said)
            await desk.taps(sure)
            await room.tick()
            await room.settled()
            if part == "Заголовок":
                assert "Міст нарешті відкрили" in text_of(copy)
        assert "Хибне" in text_of(copy)
        await desk.sees("Змінено: 1 з 1")
