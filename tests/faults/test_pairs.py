"""Every pair of changes at once, the first one's commit delayed, both ways round, on both engines.

PostgreSQL runs at READ COMMITTED, where a statement that waits for a row goes on with what the other made of it.
A change that is not in the table of pairs, and does not say why, fails the last test.
"""

import ast
import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.errors import VisnykError
from bot.model.backlog import Waterline
from bot.model.desk import Order
from bot.model.ledger import DeliveryState, Finish, Policy, Retry
from bot.model.news import RevisionKind
from bot.model.readers import Address, Hourly, Instantly, ReaderState
from bot.relevance.lemmas import terms_of
from storage.schema.tables import delivery, reader
from tests.support.life import GROUP, MOVED, SHELF, Life, SlowCommits, a_correction, begin
from tests.support.rows import LEASE, a_matter

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).parents[2]
_COPIES = itertools.count(1)
BLOCKED = 0.06  # seconds after which the second change counts as waiting for the first, on SQLite
_LOOKS = 500  # a hundredth of a second each, until the second change is through or waits for a lock

Change = Callable[[Life], Awaitable[object]]


async def _sent(life: Life) -> None:
    await life.finish(life.other)


async def _retried(life: Life) -> None:
    for number, (holder, one, message) in list(life.taken.items()):
        if holder is life.other:
            life.telegram.pop(message, None)  # Telegram said 429: it never was there
            life.taken.pop(number)
            step = Retry(life.now, "429", one.attempts + 1)
            await holder.ledger.finish([(number, step)], life.now)


async def _late_success(life: Life) -> None:
    """The answer comes after all: the message had arrived, in the revision it was sent in."""
    for row in await _rows(life, DeliveryState.UNCERTAIN):
        number = life.arrived(row.chat_id, row.article_id, row.publication_id, row.revision)
        await life.other.ledger.finish([(row.id, Finish(DeliveryState.SENT, message_id=number))], life.now)


async def _rows(life: Life, state: DeliveryState) -> list[Any]:
    async with life.database.read() as connection:
        mine = delivery.join(reader, reader.c.id == delivery.c.reader_id)
        statement = select(delivery, reader.c.chat_id).select_from(mine).where(delivery.c.state == state)
        return list((await connection.execute(statement)).all())


def _correct(name: str, kind: RevisionKind) -> Change:
    async def change(life: Life) -> None:
        """Correct, and what the ticker does a moment later."""
        number = await life.store.corrections.correct(await a_correction(life, name, kind), life.now)
        while await life.store.corrections.spread(number, 1000, life.now):
            pass

    return change


async def _spread(life: Life) -> None:
    for one in await life.store.publications.fanning():
        if one.purpose is not RevisionKind.FIRST:
            await life.store.corrections.spread(one.id, 100, life.now)


async def _fan_out(life: Life) -> None:
    for one in await life.store.publications.fanning():
        if one.purpose is RevisionKind.FIRST:
            await life.store.publications.fan_out(one.id, a_matter(), 100, life.now, SHELF)


async def _start(life: Life) -> None:
    number, article_id = life.names["ordered:send"], life.names["ordered"]
    version = (await life.store.articles.get(article_id)).version
    await life.store.publications.start(number, version, terms_of("x", "", "", "uk"), life.now)


async def _pause(life: Life) -> None:
    """Pause, and what the ticker does a moment later."""
    await life.store.sends.pause(life.names["running:send"], "", 1, life.now)
    await life.store.sends.follow(life.now)


async def _stop(life: Life, name: str) -> None:
    await life.store.sends.stop(life.names[f"{name}:send"], 1, life.now)
    await life.store.sends.follow(life.now)


def _everything(life: Life) -> Waterline:
    return Waterline(since=life.now, newest=max(n for name, n in life.names.items() if name.endswith(":send")))


async def _take_back(life: Life) -> None:
    life.skips = True
    await life.store.backlogs.take_back(_everything(life), 1, life.now)


async def _give_back(life: Life) -> None:
    """Stop in good order: what Telegram has got was begun, and is settled later."""
    await life.other.ledger.give_back([number for number, (holder, _, _) in life.taken.items() if holder is life.other])


CHANGES: dict[str, Change] = {
    "claim": lambda life: life.claim(life.store),
    "claim elsewhere": lambda life: life.claim(life.other),
    "finish: sent": _sent,
    "finish: again": _retried,
    "finish: a late success": _late_success,
    "renew": lambda life: life.store.ledger.renew(life.now, LEASE),
    "give back": _give_back,
    "bring forward": lambda life: life.store.moments.bring_forward(life.now, life.now + SHELF),
    "plan digests anew": lambda life: life.store.moments.plan_digests(0, life.now),
    "recover": lambda life: life.store.ledger.recover(life.now + 2 * LEASE),
    "expire": lambda life: life.store.ledger.expire(life.now),
    "expire elsewhere": lambda life: life.other.ledger.expire(life.now),
    "pause": _pause,
    "resume": lambda life: life.store.sends.resume(life.names["paused:send"], 1, life.now),
    "stop a running send": lambda life: _stop(life, "running"),
    "stop a paused send": lambda life: _stop(life, "paused"),
    "follow": lambda life: life.store.sends.follow(life.now),
    "follow elsewhere": lambda life: life.other.sends.follow(life.now),
    "drop the backlog": lambda life: life.store.backlogs.drop(_everything(life), life.now),
    "take the backlog back": _take_back,
    "correct what runs": _correct("running", RevisionKind.CORRECTION),
    "correct what waits": _correct("waiting", RevisionKind.CORRECTION),
    "typo in what was sent": _correct("corrected", RevisionKind.TYPO),
    "retract what runs": _correct("running", RevisionKind.RETRACTION),
    "spread": _spread,
    "order": lambda life: life.store.publications.order(Order(life.names["draft"], 0, life.now, 1), life.now),
    "cancel": lambda life: life.store.publications.cancel(life.names["ordered"], 1, life.now),
    "move": lambda life: life.store.publications.move(
        Order(life.names["ordered"], 1, life.now + timedelta(minutes=30), 1), life.now
    ),
    "discard": lambda life: life.store.articles.discard(life.names["ordered"], 1, 1, life.now, scheduled=True),
    "start": _start,
    "fan out": _fan_out,
    "settle": lambda life: life.store.publications.settle(life.now),
    "build digests": lambda life: life.store.digests.build(life.now),
    "build digests elsewhere": lambda life: life.other.digests.build(life.now),
    "promise digests": lambda life: life.store.digests.promise(life.now),
    "save: at once": lambda life: life.store.readers.save(
        replace(life.readers["hourly"], schedule=Instantly()), life.now
    ),
    "save: a newcomer at once": lambda life: life.store.readers.save(
        replace(life.readers["newcomer"], schedule=Instantly()), life.now
    ),
    "save: hourly": lambda life: life.store.readers.save(replace(life.readers["anna"], schedule=Hourly()), life.now),
    "leave": lambda life: life.store.readers.drop_held(life.readers["hourly"].id),
    "block": lambda life: life.store.readers.set_state(Address(101), ReaderState.BLOCKED, life.now),
    "move chat": lambda life: life.store.readers.move_chat(GROUP, MOVED, life.now),
    "make two stories one": lambda life: life.store.stories.gather(
        life.names["running"], life.names["corrected"], 1, life.now
    ),
    "decide: again": lambda life: life.store.uncertain.decide(life.names["running:send"], Policy.RESEND, 1, life.now),
    "decide: let go": lambda life: life.store.uncertain.decide(life.names["running:send"], Policy.DROP, 1, life.now),
    "policies": lambda life: life.store.uncertain.follow_policies(life.now),
}


@dataclass(slots=True)
class Restoring:
    """A newsroom to be had again and again, as it was when it was kept."""

    database: SlowCommits
    life: Life
    tables: list[str] = field(default_factory=list)

    async def keep(self) -> None:
        if self.database.is_sqlite:
            await self.database.close()
            return
        async with self.database.write() as connection:
            found = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            self.tables = sorted(found.scalars())
            await connection.execute(text("CREATE SCHEMA kept"))
            for table in self.tables:
                await connection.execute(text(f'CREATE TABLE kept."{table}" AS SELECT * FROM "{table}"'))

    async def again(self) -> Life:
        database = self.database
        if database.is_sqlite:
            path = Path(database.url.removeprefix("sqlite:///"))
            copy = path.with_name(f"again-{next(_COPIES)}.db")
            shutil.copy(path, copy)
            database = SlowCommits(f"sqlite:///{copy}")
        else:
            everything = ", ".join(f'"{table}"' for table in self.tables)
            async with database.write() as connection:
                await connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys
                await connection.execute(text(f"TRUNCATE {everything}"))
                for table in self.tables:
                    await connection.execute(text(f'INSERT INTO "{table}" SELECT * FROM kept."{table}"'))
        return self.life.again(database)


@pytest.fixture
async def newsroom(database_url: str) -> AsyncIterator[Restoring]:
    database = SlowCommits(database_url)
    room = Restoring(database, await begin(database))
    await room.keep()
    yield room
    await database.close()


async def _through_or_blocked(change: "asyncio.Future[Any]", database: SlowCommits) -> None:
    """Wait until a change is done or waits for another: the server knows, however slow this machine is."""
    if database.is_sqlite:
        await asyncio.wait({change}, timeout=BLOCKED)
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(_LOOKS):
        done, _pending = await asyncio.wait({change}, timeout=0.01)
        async with database.read() as connection:
            if done or await connection.scalar(waiting):
                return


async def _together(room: Restoring, first: Change, second: Change) -> list[str]:
    """Let the first change come to its commit, begin the second, then let both end and life go on."""
    life = await room.again()
    reached, release = asyncio.Event(), asyncio.Event()

    async def gate() -> None:
        reached.set()
        await release.wait()

    database = life.database
    assert isinstance(database, SlowCommits)
    database.gate = gate
    one = asyncio.ensure_future(first(life))
    waiting = asyncio.ensure_future(reached.wait())
    await asyncio.wait({one, waiting}, return_when=asyncio.FIRST_COMPLETED)
    database.gate = None
    two = asyncio.ensure_future(second(life))
    await _through_or_blocked(two, database)
    release.set()
    waiting.cancel()
    answers = await asyncio.gather(one, two, return_exceptions=True)
    wrong = [
        f"{type(answer).__name__}: {str(answer)[:200]}"
        for answer in answers
        if isinstance(answer, BaseException) and not isinstance(answer, VisnykError)
    ]
    await life.go_on()
    wrong += await life.broken()
    if database is not room.database:
        await database.close()
    return wrong


PARTS = 4
IMPOSSIBLE = {
    frozenset({"finish: sent", "finish: again"}),  # one try has one outcome
    frozenset({"finish: sent", "finish: a late success"}),
    # Somebody sends again what had arrived: that doubles by its nature, and the button says so.
    frozenset({"finish: a late success", "decide: again"}),
    frozenset({"finish: a late success", "policies"}),
    frozenset({"recover", "decide: again"}),
    frozenset({"recover", "policies"}),
    frozenset({"recover", "decide: let go"}),
    # Somebody lets go what nobody knows of: the row says so, and a truth that comes later than that finds it ended.
    frozenset({"finish: a late success", "decide: let go"}),
}
PAIRS = [(first, second) for first in CHANGES for second in CHANGES]
_SAMPLE = {"postgresql": 19, "sqlite": 71}
"""In `make check` one pair of so many is run; all of them with `make faults`. SQLite has one writer: there the second
always waits."""


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(PARTS))
async def test_two_changes_at_once_break_no_promise(newsroom: Restoring, part: int) -> None:
    engine = "sqlite" if newsroom.database.is_sqlite else "postgresql"
    step = 1 if os.environ.get("VISNYK_FAULTS") == "all" else _SAMPLE[engine]
    broken = {}
    for first, second in [pair for pair in PAIRS[::step][part::PARTS] if frozenset(pair) not in IMPOSSIBLE]:
        if wrong := await _together(newsroom, CHANGES[first], CHANGES[second]):
            broken[first, second] = wrong
    assert broken == {}


async def test_a_newsroom_left_alone_keeps_every_promise(newsroom: Restoring) -> None:
    life = await newsroom.again()
    await life.go_on()
    assert await life.broken() == []
    await life.database.close()


def _changing_methods() -> set[str]:
    """Return every method of the storage that opens a transaction, as Class.method."""
    found = set()
    for path in (ROOT / "storage").rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for kind in ast.parse(path.read_text(encoding="utf-8")).body:
            for method in kind.body if isinstance(kind, ast.ClassDef) else ():
                names = {node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute)}
                if isinstance(method, ast.AsyncFunctionDef) and names & {"write", "turn"}:
                    found.add(f"{kind.name}.{method.name}")
    return found


IN_THE_TABLE = {
    "Articles.discard", "Corrections.correct", "Corrections.spread", "Digests.build", "Digests.promise", "Ledger.claim", "Ledger.renew",
    "Ledger.finish", "Ledger.give_back", "Ledger._correct_uncertain", "Ledger.recover", "Ledger.expire", "LedgerReaders.drop_held",
    "LedgerReaders.move_chat", "Moments.bring_forward", "Moments.plan_digests", "Publications.order", "Publications.move", "Publications.cancel", "Publications.start",
    "Publications.fan_out", "Publications.settle", "Readers.save", "Readers.set_state", "Sends._change",
    "Sends.follow", "Backlogs.drop", "Backlogs.take_back", "Stories.gather", "Uncertain.decide", "Uncertain.follow_policies",
}  # fmt: skip
APART = {
    "Database.turn": "the turn itself",
    **dict.fromkeys(
        ("Articles.draft", "Articles.revise_draft", "Articles.tie", "Publications.watch",
         "Publications.reported", "Readers.meet", "Readers.choose", "Readers.exclude", "Readers.put_rule", "Readers.take_rule",
         "Stories.look", "Facts.put",
         "Facts.swap",          "Facts.take", "Dialogs.put", "Dialogs.forget", "Throttles.put", "Throttles.in_force", "MessageScreens.put",
         "MessageScreens.forget", "MessageScreens.remember_query", "Leases.take", "Leases.give_back", "Pace.take",
         "Pace.spend", "Pace.give_back", "Pace.pause", "Editors.appoint", "Editors.dismiss", "Topics.seed", "Keywords.ensure",
         "Embeddings.put"),
        "changes rows of its own, each by one statement that names what it expects to find",
    ),
    **dict.fromkeys(
        ("Inbox.store", "Inbox.store_poisoned", "Inbox.claim", "Inbox._end", "Inbox.take_over", "Inbox.renew",
         "Inbox.give_back", "Inbox.forget"),
        "updates, which no delivery hangs on; claims take turns of their own",
    ),
    **dict.fromkeys(
        ("Imports._add", "Reindexing.replace", "Reindexing.finish", "Stories.thread", "Stories.cut", "Stories.put"),
        "articles and their index; deliveries are made from them by fan_out, under the article's lock",
    ),
}  # fmt: skip


def test_every_change_is_in_the_table_or_says_why_it_stands_apart() -> None:
    assert _changing_methods() == IN_THE_TABLE | set(APART)
