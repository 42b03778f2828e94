"""What stands in a digest: by topic as the desk has them, page by page, without what is not wanted any more."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.delivery.composer import CardComposer
from bot.model.desk import Correction
from bot.model.ledger import DeliveryState, Finish, Priority
from bot.model.matching import topic_key
from bot.model.news import ArticleState, Headline, RevisionKind, Topic
from bot.model.readers import Hourly, Reader
from bot.ports import LedgerStore
from bot.screens.callbacks import Open, Show
from bot.screens.card import Card
from bot.screens.digests import DigestScreens, Section, digest_card
from bot.screens.look import Look
from bot.screens.screen_refs import DigestScreen
from bot.wiring.reading import make_subscriptions
from storage.engine.database import Database
from storage.schema.tables import article, digest
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed

LOOK = Look("uk", "Europe/Kyiv", NOW + timedelta(hours=1))


class Shelf:
    """A reader who takes digests, and the newsroom that makes them."""

    def __init__(self, database: Database) -> None:
        self.database, self.store = database, Store(database, "me")
        self.service = make_subscriptions(self.store, TestClock(NOW, speed=0))
        self.screens = DigestScreens(
            articles=self.store.articles,
            digests=self.store.digests,
            topics=self.store.topics,
            subscriptions=self.service,
        )
        self.numbers: dict[str, int] = {}

    async def publish(self, title: str, *topics: int, lane: Priority = Priority.INSTANT) -> None:
        number, send = await a_publication(self.database, title, lane, topics)
        while await self.store.publications.fan_out(send, a_matter(*topics), 100, NOW, timedelta(hours=6)):
            pass
        self.numbers[title] = number

    async def change(self, title: str, **values: object) -> None:
        async with self.database.write() as connection:
            mine = update(article).where(article.c.id == self.numbers[title])
            await connection.execute(mine.values(**values))

    async def digest(self) -> int:
        """Make the digest that is due an hour later; returns its number."""
        assert await self.store.digests.build(NOW + timedelta(hours=1)) == 1
        async with self.database.read() as connection:
            return int(await connection.scalar(select(digest.c.id).order_by(digest.c.id.desc()).limit(1)) or 0)

    async def card(self, number: int, reader: Reader, *, retracted: bool = True) -> Card | None:
        if not retracted:
            return (await self.screens.fresh(number, reader, LOOK)).card
        return await self.screens.card(number, reader, LOOK, DigestScreen(number))

    def composer(self, ledger: LedgerStore, now: datetime) -> CardComposer:
        clock = TestClock(now)
        return CardComposer(articles=self.store.articles, digests=self.screens, ledger=ledger, clock=clock)


def _lines(card: Card | None) -> list[str]:
    return [line.partition(" — ")[0] for line in card.text.text.splitlines() if line] if card is not None else []


async def test_a_digest_is_by_topic_in_the_desk_s_order_urgent_first_and_the_newest_before_older(
    database: Database,
) -> None:
    shelf = Shelf(database)
    await shelf.store.topics.seed([Topic(0, slug, {"uk": slug}, emoji) for slug, emoji in (("а", "🅰"), ("б", ""))])
    first, second = (topic.id for topic in await shelf.store.topics.all())
    reader = await a_reader(database, schedule=Hourly(), urgent_breaks=False)
    await shelf.publish("Без теми")
    await shelf.publish("Термінова", second, lane=Priority.URGENT)
    await shelf.publish("Старіша", second)
    await shelf.publish("Новіша", second, first)  # its first topic counts
    await shelf.publish("Перша", first)
    await shelf.publish("Знята", first)
    await shelf.publish("Виправлена")
    await shelf.change("Термінова", urgent=True)
    number = await shelf.digest()
    # The reader opens it again when one of them was corrected and one taken back.
    await shelf.change("Виправлена", corrected_at=NOW)
    await shelf.change("Знята", state=ArticleState.RETRACTED)
    card = await shelf.card(number, reader)
    said = [
        "Дайджест · 15:00 · 7 новин",
        "🅰 а", "1. ✖ Новину відкликано", "2. Перша", "3. Новіша",
        "б", "4. Термінова", "5. Старіша",
        "Інше", "6. ✎ Виправлена", "7. Без теми",
    ]  # fmt: skip
    topics = {title: (await shelf.store.articles.get(n)).topics for title, n in shelf.numbers.items()}
    assert topics["Новіша"][0].slug == "а"
    assert _lines(card) == said
    assert card is not None
    opened = ["Знята", "Перша", "Новіша", "Термінова", "Старіша", "Виправлена", "Без теми"]
    buttons = [button for row in card.rows for button in row]
    assert [button.action for button in buttons] == [
        Open(shelf.numbers[title], DigestScreen(number)) for title in opened
    ]
    # A digest that is only being made has no notice of what was taken back before.
    assert "1. Перша" in _lines(await shelf.card(number, reader, retracted=False))


async def test_a_digest_leaves_out_what_its_reader_has_muted_since_and_is_nothing_where_nothing_is_left(
    database: Database,
) -> None:
    shelf = Shelf(database)
    await shelf.store.topics.seed([Topic(0, slug, {"uk": slug}) for slug in ("а", "б")])
    first, second = (topic.id for topic in await shelf.store.topics.all())
    reader = await a_reader(database, schedule=Hourly())
    await shelf.publish("Перша", first)
    await shelf.publish("Друга", second)
    number = await shelf.digest()
    assert (owner := await shelf.screens.owner(number)) is not None
    assert owner.id == reader.id
    assert await shelf.screens.owner(number + 1) is None
    assert await shelf.card(number + 1, reader) is None
    assert _lines(await shelf.card(number, reader))[1:] == ["а", "1. Перша", "б", "2. Друга"]
    await shelf.service.mute(reader, topic_key(first), 0)
    assert _lines(await shelf.card(number, reader))[1:] == ["б", "1. Друга"]
    await shelf.change("Друга", state=ArticleState.RETRACTED)
    assert _lines(await shelf.card(number, reader))[1:] == ["б", "1. ✖ Новину відкликано"]
    assert await shelf.card(number, reader, retracted=False) is None


async def test_nobody_is_told_of_what_was_retracted_before_it_came_into_the_digest(database: Database) -> None:
    shelf = Shelf(database)
    reader = await a_reader(database, schedule=Hourly())
    for title in ("Міст", "Ринок", "Парк"):
        await shelf.publish(title)
    number, now = await shelf.digest(), NOW + timedelta(hours=1)
    store, composer = shelf.store, shelf.composer(shelf.store.ledger, now)
    [whole] = await claimed(store.ledger, at=now)
    lost = Correction(article_id=shelf.numbers["Міст"], version=2, kind=RevisionKind.RETRACTION, by=1, note="Ні.")
    retraction = await store.corrections.correct(lost, now)  # between its claim and its composing
    card = await composer.card(whole)
    assert _lines(card)[-2:] == ["1. Парк", "2. Ринок"]
    assert _lines(await composer.card(whole)) == _lines(card)
    await store.ledger.finish([(whole.id, Finish(DeliveryState.SENT, message_id=5))], now)
    while await store.corrections.spread(retraction, 1000, now):
        pass
    assert await claimed(store.ledger, at=now) == [], "a notice about what the reader never saw"
    assert "відкликано" not in str(_lines(await shelf.card(number, reader)))
    tally = (await store.publications.of_article(shelf.numbers["Міст"]))[-1].tally
    assert (tally.held, tally.dropped) == (0, 1)


async def test_what_the_reader_kept_away_from_a_digest_does_not_come_into_it_later(database: Database) -> None:
    shelf = Shelf(database)
    await shelf.store.topics.seed([Topic(0, slug, {"uk": slug}) for slug in "аб"])
    first, second = (topic.id for topic in await shelf.store.topics.all())
    reader = await a_reader(database, schedule=Hourly())
    await shelf.publish("Перша", first)
    await shelf.publish("Друга", second)
    number, now = await shelf.digest(), NOW + timedelta(hours=1)
    ledgers = [shelf.store.ledger, Store(database, "another").ledger]
    mine, others = (shelf.composer(one, now) for one in ledgers)
    [whole] = await claimed(shelf.store.ledger, at=now)
    await shelf.service.mute(reader, topic_key(first), 0)
    assert _lines(await others.card(whole))[1:] == ["б", "1. Друга"], "whoever does not hold it changes nothing"
    await shelf.service.drop(reader, topic_key(first))
    assert _lines(await shelf.card(number, reader))[1:] == ["а", "1. Перша", "б", "2. Друга"]
    await shelf.service.mute(reader, topic_key(first), 0)
    assert _lines(await mine.card(whole))[1:] == ["б", "1. Друга"]
    await shelf.service.drop(reader, topic_key(first))
    assert _lines(await shelf.card(number, reader))[1:] == ["б", "1. Друга"]


def test_a_digest_numbers_through_and_opens_each_of_its_items() -> None:
    items = [Headline(id=n, title=f"Новина {n}") for n in range(1, 32)]
    sections = [
        Section("Перша", tuple(items[:12])),
        Section("Друга", tuple(items[12:30])),
        Section("Третя", (items[30],)),
    ]
    pages = []
    for offset in (0, 15, 30):
        root = DigestScreen(7, offset)
        card = digest_card(NOW, sections, LOOK, root)
        opening = [b for row in card.rows for b in row if b.text.isdigit()]
        assert [b.action for b in opening] == [Open(int(b.text), root) for b in opening]
        names = [name for name in ("Перша", "Друга", "Третя") if name in card.text.text]
        turned = [b.action for row in card.rows for b in row if not b.text.isdigit()]
        pages.append((len(opening), opening[0].text, names, turned))
        assert card.text.text.count("Новина") == len(opening)
        assert "31 новина" in card.text.text
    assert pages == [
        (15, "1", ["Перша", "Друга"], [Show(DigestScreen(7, 15))]),
        (15, "16", ["Друга"], [Show(DigestScreen(7, 0)), Show(DigestScreen(7, 30))]),
        (1, "31", ["Третя"], [Show(DigestScreen(7, 15))]),
    ]
    whole = digest_card(NOW, [Section("Перша", tuple(items[:15]))], LOOK, DigestScreen(7))
    assert all(b.text.isdigit() for row in whole.rows for b in row)  # there is no second page
