"""Which message a follow-up answers: the newest push of its story that this chat has, for who follows it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from bot.model.ledger import DeliveryKind, DeliveryState, Finish
from bot.model.matching import EVERYTHING, Targeting, story_key
from bot.model.readers import Hourly, Reader
from storage.articles.stories import Stories
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.readers import Readers
from storage.schema.tables import delivery
from tests.support.rows import NOW, a_publication, a_reader, claimed

MATTER = Targeting(frozenset({EVERYTHING}), "uk")


@dataclass(slots=True)
class Room:
    """A story's newsroom: what it publishes goes out at once."""

    database: Database
    story: int = 0
    last: int = 0

    async def published(self, *, goes_on: bool = True) -> int:
        """Publish an article, of the story or of none, without sending it; returns its number."""
        article_id, number = await a_publication(self.database)
        stories = Stories(self.database)
        if goes_on and self.last:
            await stories.thread(article_id, self.last, NOW)
        if goes_on:
            self.story = await stories.begin(article_id, NOW) or self.story
            self.last = article_id
        while await Publications(self.database).fan_out(number, MATTER, 1, NOW, timedelta(hours=6)):
            pass
        return article_id

    async def follow(self, *readers: Reader) -> None:
        for reader in readers:
            await Readers(self.database).choose(reader.id, [EVERYTHING, story_key(self.story)])

    async def sent(self, message: int = 0, state: DeliveryState = DeliveryState.SENT) -> None:
        """Send what is due; message numbers are so many more than the readers'."""
        ledger = Ledger(self.database, "me")
        steps = [(one.id, Finish(state, "", message + one.reader.id)) for one in await claimed(ledger)]
        await ledger.finish(steps, NOW)

    async def answered(self, article_id: int) -> dict[int, int | None]:
        """Return what the pushes of an article answer, by reader."""
        mine = (delivery.c.article_id == article_id, delivery.c.kind == DeliveryKind.PUSH)
        rows = select(delivery.c.reader_id, delivery.c.target_message).where(*mine)
        async with self.database.read() as connection:
            return {row[0]: row[1] for row in (await connection.execute(rows)).all()}


async def test_every_follower_s_own_newest_message_of_the_story_is_answered(database: Database) -> None:
    room, readers = Room(database), [await a_reader(database) for _ in range(3)]
    first = await room.published()
    await room.follow(*readers)
    await room.sent(500)
    second = await room.published()
    await room.sent(600)
    third = await room.published()
    assert await room.answered(first) == {one.id: None for one in readers}
    assert await room.answered(second) == {one.id: 500 + one.id for one in readers}
    assert await room.answered(third) == {one.id: 600 + one.id for one in readers}


async def test_news_of_no_story_answers_nothing_and_is_not_answered(database: Database) -> None:
    room, reader = Room(database), await a_reader(database)
    await room.published()
    await room.follow(reader)
    await room.sent(500)
    other = await room.published(goes_on=False)
    await room.sent(600)
    assert await room.answered(other) == {reader.id: None}
    assert await room.answered(await room.published()) == {reader.id: 500 + reader.id}


async def test_what_did_not_arrive_or_has_no_number_is_not_answered(database: Database) -> None:
    room, reader = Room(database), await a_reader(database)
    await room.published()
    await room.follow(reader)
    await room.sent(500)
    await room.published()
    await room.sent(600, DeliveryState.FAILED)
    assert await room.answered(await room.published()) == {reader.id: 500 + reader.id}
    await room.sent(-reader.id)  # sent, and nobody knows under which number
    assert await room.answered(await room.published()) == {reader.id: 500 + reader.id}


async def test_whoever_does_not_follow_the_story_gets_plain_news_and_who_muted_it_none(database: Database) -> None:
    room, (follower, other, muted) = Room(database), [await a_reader(database) for _ in range(3)]
    await room.published()
    await room.follow(follower, muted)
    await room.sent(500)
    await Readers(database).exclude(muted.id, story_key(room.story))
    assert await room.answered(await room.published()) == {follower.id: 500 + follower.id, other.id: None}


async def test_a_line_of_a_digest_answers_nothing_and_is_not_answered(database: Database) -> None:
    room = Room(database)
    hourly, follower = await a_reader(database, schedule=Hourly()), await a_reader(database)
    await room.published()
    await room.follow(hourly, follower)
    await room.sent(500)
    async with database.write() as connection:
        lines = update(delivery).where(delivery.c.kind == DeliveryKind.ITEM)
        await connection.execute(lines.values(state=DeliveryState.SENT, message_id=9))
    await room.published()
    async with database.read() as connection:
        lines_of = select(delivery.c.target_message).where(delivery.c.reader_id == hourly.id)
        assert list((await connection.execute(lines_of)).scalars()) == [None, None]
