"""What changes many rows, as the product does it: each act makes ready what it needs, yields, and does it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType

from sqlalchemy import text

from bot.delivery.batch_size import BatchSizer
from bot.delivery.fan_out import SHELF_LIFE
from bot.delivery.sender import LEASE
from bot.model.asking import Absent
from bot.model.backlog import Waterline
from bot.model.desk import Correction
from bot.model.ledger import DeliveryState, Finish, Policy, Step
from bot.model.matching import MatchKey, Targeting, story_key
from bot.model.news import RevisionKind
from bot.timing.clock import SystemClock
from storage.articles.merging import merge
from storage.articles.stories import Stories
from storage.delivery.backlog import Backlogs
from storage.delivery.corrections import Corrections
from storage.delivery.digests import Digests
from storage.delivery.doubts import Doubts
from storage.delivery.kept_copies import KeptCopies
from storage.delivery.ledger import Ledger
from storage.delivery.moments import Moments
from storage.delivery.personal_data import PersonalData
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.delivery.uncertain import Uncertain
from storage.engine.database import Database
from storage.runtime.inbox import Inbox
from tests.bench import databases
from tests.bench.fanout import KEYS, subscribe
from tests.support.rows import a_publication

Act = Callable[[Database, int], AsyncIterator[None]]
_DOUBTS = 2_000
_OWED = (
    "INSERT INTO delivery (reader_id, article_id, publication_id, kind, lane, state, revision, not_before, expires_at, "
    "created_at, finished_at, message_id, asked_at, attempts) SELECT id, {article}, {publication}, {kind}, 2, {state}, 1, "
    "{due}, {expires}, {at}, {ended}, {message}, {asked}, 1 FROM reader WHERE id <= {count}"
)


async def prepare(url: str, readers: int) -> None:
    """Fill a database with readers of several schedules and their rules."""
    database = Database(url)
    await databases.add_readers(database, readers, mixed=True)
    await subscribe(database)
    await _run(database, "ANALYZE")
    await database.checkpoint()
    await database.close()


async def _run(database: Database, statement: str) -> None:
    async with database.write() as connection:
        await connection.execute(text(statement.replace(":", r"\:")))


async def _owed(
    database: Database,
    readers: int,
    state: DeliveryState,
    *,
    kind: int = 1,
    due: int = -1,
    expires: int = 3600,
    at: int = -60,
) -> tuple[int, int]:
    """Publish an article of which every reader has a delivery in that state; times are seconds from now."""
    article_id, number = await a_publication(database, databases.TITLE, identity=f"bench:{state}:{kind}:{at}")
    now = datetime.now(UTC)

    def instant(seconds: int) -> str:
        return databases.instant(database, now + timedelta(seconds=seconds))

    over = state in (DeliveryState.SENT, DeliveryState.BUNDLED, DeliveryState.UNCERTAIN)
    values = {
        "article": article_id,
        "publication": number,
        "kind": kind,
        "state": int(state),
        "due": instant(due),
        "expires": instant(expires),
        "at": instant(at),
        "ended": instant(at) if over else "NULL",
        "message": "id + 1000" if state is DeliveryState.SENT else "NULL",
        "asked": instant(at) if state is DeliveryState.UNCERTAIN else "NULL",
        "count": readers,
    }
    await _run(database, _OWED.format(**values))
    held = readers if state is DeliveryState.HELD else 0
    await _run(
        database,
        f"UPDATE publication SET total = {readers}, held = {held}, fan_from = NULL, fan_end = NULL WHERE id = {number}",
    )
    await _run(database, "ANALYZE delivery")
    return article_id, number


async def _through(stretch: Callable[[int, int], Awaitable[int | None]]) -> None:
    """Go through rows, each stretch from the place where the one before ended."""
    sizes, place = BatchSizer.of_rows(SystemClock()), 0
    while (reached := await sizes.step(partial(stretch, place))) is not None:
        place = reached


async def _all(step: Callable[[int], Awaitable[int]]) -> None:
    """Take a step in stretches, as the ticker does, until there is nothing more."""
    sizes = BatchSizer.of_rows(SystemClock())
    while await sizes.step(step) > 0:
        pass


async def fan_out(database: Database, readers: int) -> AsyncIterator[None]:
    """Write the deliveries of an article."""
    _, number = await a_publication(database, databases.TITLE)
    matter = Targeting(frozenset(map(MatchKey.parse, KEYS)), "uk")
    await _fanned(database, number, matter, {})
    yield
    _, number = await a_publication(database, databases.TITLE + " 2", identity="bench:2")
    await _fanned(database, number, matter, {})


async def retelling(database: Database, readers: int) -> AsyncIterator[None]:
    """Write the deliveries of an article that tells in other words what all readers have been sent."""
    told, _ = await _owed(database, readers, DeliveryState.SENT)
    _, number = await a_publication(database, databases.TITLE)
    yield
    matter = Targeting(frozenset(map(MatchKey.parse, KEYS)), "uk")
    await _fanned(database, number, matter, {told: frozenset()})


async def _fanned(database: Database, number: int, matter: Targeting, told: Mapping[int, frozenset[MatchKey]]) -> None:
    publications, clock, more = Publications(database), SystemClock(), True
    spans = BatchSizer.of_rows(clock) if told else BatchSizer(clock)
    while more:
        with spans.next() as span:
            more = await publications.fan_out(number, matter, span, datetime.now(UTC), SHELF_LIFE, told)


async def digests(database: Database, readers: int) -> AsyncIterator[None]:
    """Make a digest of three lines for each reader."""
    for line in range(3):
        await _owed(database, readers, DeliveryState.HELD, kind=2, at=-60 - line)
    now = databases.instant(database, datetime.now(UTC))
    await _run(database, f"UPDATE reader SET schedule = '480', next_digest_at = {now}")
    await _run(database, "ANALYZE")
    yield
    await _all(partial(Digests(database).build, datetime.now(UTC)))


async def promises(database: Database, readers: int) -> AsyncIterator[None]:
    """Plan digests for readers who have something held and none planned."""
    await _owed(database, readers, DeliveryState.HELD, kind=2)
    yield
    await _all(partial(Digests(database).promise, datetime.now(UTC)))


async def expiry(database: Database, readers: int) -> AsyncIterator[None]:
    """Take what waited too long out of the queue."""
    await _owed(database, readers, DeliveryState.QUEUED, expires=-1)
    yield
    await _all(partial(Ledger(database, "bench").expire, datetime.now(UTC)))


async def pause(database: Database, readers: int) -> AsyncIterator[None]:
    """Park what waits of a send that is paused, and queue it again."""
    _, number = await _owed(database, readers, DeliveryState.QUEUED)
    yield
    sends, now = Sends(database), datetime.now(UTC)
    await sends.pause(number, "", 1, now)
    await _all(partial(sends.follow, now))
    await sends.resume(number, 1, now)
    await _all(partial(sends.follow, now))


async def paused(database: Database, readers: int) -> AsyncIterator[None]:
    """Look after a paused send, whose rows are parked, while another one waits in the queue."""
    _, number = await _owed(database, readers, DeliveryState.PARKED)
    await _owed(database, readers, DeliveryState.QUEUED)
    sends, now = Sends(database), datetime.now(UTC)
    await sends.pause(number, "", 1, now)
    yield
    for _ in range(5):
        assert not await sends.follow(now)
        await Ledger(database, "bench").expire(now)


async def stop(database: Database, readers: int) -> AsyncIterator[None]:
    """Drop what waits of a send that is stopped."""
    _, number = await _owed(database, readers, DeliveryState.QUEUED)
    yield
    sends, now = Sends(database), datetime.now(UTC)
    await sends.stop(number, 1, now)
    await _all(partial(sends.follow, now))


async def backlog(database: Database, readers: int) -> AsyncIterator[None]:
    """Cancel what waited over a long stop."""
    _, number = await _owed(database, readers, DeliveryState.QUEUED)
    yield
    now = datetime.now(UTC)
    line = Waterline(since=now, newest=number)
    await Backlogs(database).take_back(line, 1, now)
    await _all(partial(Backlogs(database).drop, line, now))


async def correction(database: Database, readers: int) -> AsyncIterator[None]:
    """Owe the copies of an article an edit and a note."""
    article_id, _ = await _owed(database, readers, DeliveryState.SENT)
    yield
    corrections, now = Corrections(database), datetime.now(UTC)
    wanted = Correction(article_id=article_id, version=2, kind=RevisionKind.CORRECTION, by=1, note="why")
    number = await corrections.correct(wanted, now)
    spans, more = BatchSizer.of_rows(SystemClock()), True
    while more:
        with spans.next() as span:
            more = await corrections.spread(number, span, now)


async def clock(database: Database, readers: int) -> AsyncIterator[None]:
    """Bring forward what a clock that was set back had planned, deliveries and digests."""
    await _owed(database, readers, DeliveryState.QUEUED, due=3600)
    later = databases.instant(database, datetime.now(UTC) + timedelta(hours=9))
    await _run(database, f"UPDATE reader SET schedule = 'hourly', next_digest_at = {later}")
    yield
    moments, now = Moments(database), datetime.now(UTC)
    before = now + timedelta(hours=2)
    await moments.bring_orders_forward(now, before)
    await _through(lambda place, most: moments.bring_forward(place, now, before, most))
    await _through(lambda place, most: moments.plan_digests(place, now, most))


async def compaction(database: Database, readers: int) -> AsyncIterator[None]:
    """Make old deliveries compact."""
    month = 30 * 86_400
    _, number = await _owed(database, readers, DeliveryState.SENT, at=-month)
    await _owed(database, 1, DeliveryState.SENT)
    over = databases.instant(database, datetime.now(UTC) - timedelta(days=29))
    await _run(database, f"UPDATE publication SET state = 3, finished_at = {over} WHERE id = {number}")
    yield
    copies, until, place, size = KeptCopies(database), datetime.now(UTC) - timedelta(days=20), 0, 200
    clock = SystemClock()
    while True:
        begun = clock.monotonic()
        done = await copies.compact(place, until, size)
        if done is None:
            break
        size = round(min(2_000, max(20, size * min(2.0, 0.02 / (clock.monotonic() - begun)))))
        place = done.place


async def uncertain(database: Database, readers: int) -> AsyncIterator[None]:
    """Decide about deliveries of which Telegram could not tell."""
    _, number = await _owed(database, _DOUBTS, DeliveryState.UNCERTAIN)
    yield
    await Uncertain(database).decide(number, Policy.RESEND, 1, datetime.now(UTC))


async def verdicts(database: Database, readers: int) -> AsyncIterator[None]:
    """Write down what Telegram said of doubts."""
    await _owed(database, _DOUBTS, DeliveryState.UNCERTAIN)
    await _run(database, "UPDATE delivery SET asked_at = NULL")
    doubts = Doubts(database)
    found = await doubts.open()
    yield
    await doubts.settle(dict.fromkeys(found, Absent()), datetime.now(UTC))


async def exchange(database: Database, readers: int) -> AsyncIterator[None]:
    """Record and claim, in the batches of 1000 a second."""
    await _owed(database, readers, DeliveryState.QUEUED)
    ledger = Ledger(database, "bench")
    yield
    done: list[tuple[int, Step]] = []
    for _ in range(30):
        found = (await ledger.claim(333, datetime.now(UTC), LEASE, lambda _: {}, done)).deliveries
        done = [(d.id, Finish(DeliveryState.SENT, message_id=d.id, chat_id=d.reader.address.chat_id)) for d in found]


async def erasure(database: Database, readers: int) -> AsyncIterator[None]:
    """Erase a reader, and what the ledger holds of them."""
    await _owed(database, readers, DeliveryState.SENT)
    yield
    people, now = PersonalData(database), datetime.now(UTC)
    await people.erase(databases.FIRST_CHAT + 5, now)
    while await people.sweep(now):
        pass


async def inbox(database: Database, readers: int) -> AsyncIterator[None]:
    """Forget updates that were handled days ago, one of each reader."""
    old = databases.instant(database, datetime.now(UTC) - timedelta(days=3))
    await _run(
        database,
        "INSERT INTO inbox (update_id, chat_id, state, received_at) "
        f"SELECT id, chat_id, 2, {old} FROM reader WHERE id <= {readers}",
    )
    yield
    now = datetime.now(UTC)
    await Inbox(database, "bench").forget(now - timedelta(days=2), poisoned_before=now - timedelta(days=30))


async def stories(database: Database, readers: int) -> AsyncIterator[None]:
    """Make one of two stories that all readers follow."""
    numbers = []
    for name in ("one", "two"):
        article_id, _ = await a_publication(database, f"{databases.TITLE} {name}", identity=f"bench:{name}")
        number = await Stories(database).begin(article_id, datetime.now(UTC))
        assert number is not None
        numbers.append(number)
    key, no = story_key(numbers[0]).encode(), "0" if database.is_sqlite else "false"
    await _run(
        database,
        f"INSERT INTO subscription (key, reader_id, exclude, words) SELECT '{key}', id, {no}, '' FROM reader",
    )
    yield
    async with database.write() as connection:
        await merge(database, connection, numbers[0], numbers[1])


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        act.__name__.replace("_", "-"): act
        for act in (
            fan_out, retelling, digests, promises, expiry, pause, paused, stop, backlog, correction, clock, compaction,
            uncertain, verdicts, exchange, erasure, inbox, stories,
        )
    }
)  # fmt: skip
"""The acts by name."""
