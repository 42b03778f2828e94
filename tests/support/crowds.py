"""A crowd of readers of a bot that runs as a process of its own: let in, sent to, and looked after in its ledger."""

import asyncio
from collections import Counter
from collections.abc import Collection

from sqlalchemy import select

from bot.model.ledger import DeliveryState
from bot.sandbox.world import Person
from storage.engine.database import Database
from storage.schema.tables import delivery, reader
from tests.support.people import Somebody, at_once
from tests.support.rows import a_crowd
from tests.support.standin import TOKEN, StandIn
from tests.support.waiting import Allowance

OWNER = 100


def settings_of(standin: StandIn, url: str, **others: str) -> dict[str, str]:
    """Return the settings of a bot with an owner, over a database and against a stand-in; others besides."""
    settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": standin.address, "DATABASE_URL": url, "ADMINS": str(OWNER)}
    return {**settings, "SEMANTIC": "off", **others}


async def let_in(standin: StandIn, url: str, chats: Collection[int]) -> None:
    """Let people in who want everything."""
    for number in chats:
        standin.world.add_person(Person(number, f"Читач {number}"))
    database = Database(url)
    await a_crowd(database, chats)
    await database.close()


def owner_of(standin: StandIn) -> Somebody:
    """Let the owner in."""
    owner = Person(OWNER, "Редакторка")
    return Somebody(standin.world, owner, standin.world.add_person(owner), lambda: True, at_once)


async def rows_of(url: str) -> list[tuple[int, DeliveryState, str | None]]:
    """Return the deliveries: to which chat, in which state, held by whom."""
    database = Database(url)
    rows = await _rows_in(database)
    await database.close()
    return rows


async def _rows_in(database: Database) -> list[tuple[int, DeliveryState, str | None]]:
    columns = (reader.c.chat_id, delivery.c.state, delivery.c.holder)
    async with database.read() as connection:
        found = await connection.execute(select(*columns).join(reader, reader.c.id == delivery.c.reader_id))
        return [(row.chat_id, row.state, row.holder) for row in found]


async def states_of(url: str) -> list[DeliveryState]:
    """Return the states of the deliveries, as many as there are."""
    return [state for _, state, _ in await rows_of(url)]


async def all_sent(url: str, seconds: float = 150) -> None:
    """Wait until every delivery is known to have been sent: of what nobody knew, Telegram has been asked."""
    allowance, database = Allowance(seconds), Database(url)
    while set(states := [state for _, state, _ in await _rows_in(database)]) - {DeliveryState.SENT}:
        assert not allowance.over, Counter(states)
        await asyncio.sleep(0.5)
    await database.close()


def came_once(standin: StandIn, title: str, chats: Collection[int]) -> None:
    """Hold against the server's own log that a headline came to each of these chats, once."""
    delivered = Counter(chat for chat in standin.headlines(title) if chat != OWNER)
    assert set(delivered) == set(chats), "a headline was lost"
    assert max(delivered.values()) == 1, "a headline came twice"
