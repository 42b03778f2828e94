"""Every change of what a small newsroom has, by name, as the product makes it; and the newsroom to make it in again.

For tests that make two changes at once, or many one after another, and ask what became of the promises.
"""

import itertools
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from bot.model.asking import Absent, Doubt, Found, Unclear, Verdict
from bot.model.backlog import Waterline
from bot.model.changes import ArticleChanges
from bot.model.desk import Order
from bot.model.ledger import Aloud, DeliveryState, Finish, Policy, Retry
from bot.model.matching import topic_key
from bot.model.news import RevisionKind
from bot.model.readers import Hourly, Instantly, ReaderState, Rule
from bot.relevance.lemmas import terms_of
from storage.schema.tables import delivery, reader
from tests.support.life import GROUP, MOVED, PICTURE, SHELF, Life, SlowCommits, a_correction
from tests.support.rows import LEASE, a_matter

_COPIES = itertools.count(1)

Change = Callable[[Life], Awaitable[object]]


async def _sent(life: Life) -> None:
    await life.finish(life.other)


async def _sent_and_claimed(life: Life) -> None:
    """Record what was sent and claim what is next, as a sender does."""
    mine = [number for number, (holder, _, _) in life.taken.items() if holder is life.other]
    done = [life.sent(number) for number in mine]
    before = {number: life.taken.pop(number) for number in mine}
    try:
        await life.claim(life.other, done=done)
    except BaseException:
        life.taken.update(before)
        raise


async def _retried(life: Life) -> None:
    for number, (holder, one, message) in list(life.taken.items()):
        if holder is life.other and life.taken.pop(number, None) is not None:  # a try has one end, told by one
            if not one.kind.traits.edits:
                life.telegram.pop(message, None)  # Telegram said 429: it never was there
            step = Retry(life.now, "429", one.attempts + 1)
            await holder.ledger.finish([(number, step)], life.now)


async def _aloud(life: Life) -> None:
    """The message under which something was to stand is not there any more."""
    for number, (holder, one, message) in list(life.taken.items()):
        if holder is life.other and one.kind.traits.mentions and life.taken.pop(number, None) is not None:
            assert one.article_id is not None
            life.telegram[message].mentions -= {one.article_id}
            step = Aloud(life.now, "message to edit not found", one.attempts + 1)
            await holder.ledger.finish([(number, step)], life.now)


async def _late_success(life: Life) -> None:
    """The answer comes after all: the message had arrived, in the revision it was sent in."""
    for row in await rows_in(life, DeliveryState.UNCERTAIN):
        if row.id in life.asked:
            continue  # what can still come had come before Telegram was asked
        if row.id in life.taken:
            continue  # what became of it is known to who sends it, and comes with the next outcomes
        if row.id not in life.late:  # an answer may be heard twice, the message is one
            life.late[row.id] = life.arrived(row.chat_id, row.article_id, row.publication_id, row.revision)
        number = life.late[row.id]
        await life.other.ledger.finish([(row.id, Finish(DeliveryState.SENT, message_id=number))], life.now)


async def rows_in(life: Life, state: DeliveryState) -> list[Any]:
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
            await life.store.publications.fan_out(one.id, a_matter(), 100, life.now, SHELF, life.told(one.article_id))


async def _start(life: Life) -> None:
    number, article_id = life.names["ordered:send"], life.names["ordered"]
    version = (await life.store.articles.get(article_id)).version
    await life.store.publications.start(number, version, terms_of("x", "", "", "uk"), life.now)


async def _pause(life: Life, name: str) -> None:
    """Pause, and what the ticker does a moment later."""
    await life.store.sends.pause(life.names[f"{name}:send"], "", 1, life.now)
    await life.store.sends.follow(life.now)


async def _stop(life: Life, name: str) -> None:
    """Stop, and what the ticker does a moment later: a second look, which finds nothing left, ends the send."""
    await life.store.sends.stop(life.names[f"{name}:send"], 1, life.now)
    while await life.store.sends.follow(life.now):
        pass


async def _ask(life: Life) -> None:
    """Ask Telegram what became of what is uncertain, when nothing of it can be carried out any more."""
    verdicts: dict[Doubt, Verdict] = {}
    for doubt in await life.store.doubts.open():
        message = life.taken[doubt.id][2] if doubt.id in life.taken else life.late.get(doubt.id)
        verdicts[doubt] = Unclear() if doubt.edits else Absent() if message is None else Found(message)
        life.asked.add(doubt.id)
        life.taken.pop(doubt.id, None)
    await life.store.doubts.settle(verdicts, life.now)


async def _send_again(life: Life) -> None:
    """Let an editor have what Telegram cannot tell of sent again, on their own head if it had arrived."""
    number = life.names["running:send"]
    for row in await rows_in(life, DeliveryState.UNCERTAIN):
        if row.publication_id == number and row.asked_at is not None:
            life.decided.add(row.id)
            if row.id in life.taken:
                life.telegram.pop(life.taken.pop(row.id)[2], None)
    await life.store.uncertain.decide(number, Policy.RESEND, 1, life.now)


def _everything(life: Life) -> Waterline:
    return Waterline(since=life.now, newest=max(n for name, n in life.names.items() if name.endswith(":send")))


async def _take_back(life: Life) -> None:
    await life.store.backlogs.take_back(_everything(life), 1, life.now)


async def _give_back(life: Life) -> None:
    """Stop in good order: what Telegram has got was begun, and is settled later."""
    await life.other.ledger.give_back([number for number, (holder, _, _) in life.taken.items() if holder is life.other])


CHANGES: dict[str, Change] = {
    "claim": lambda life: life.claim(life.store),
    "claim elsewhere": lambda life: life.claim(life.other),
    "claim: sent before": _sent_and_claimed,
    "finish: sent": _sent,
    "finish: again": _retried,
    "finish: aloud": _aloud,
    "finish: a late success": _late_success,
    "renew": lambda life: life.store.ledger.renew(life.now, LEASE),
    "give back": _give_back,
    "bring forward": lambda life: life.store.moments.bring_forward(0, life.now, life.now + SHELF),
    "bring orders forward": lambda life: life.store.moments.bring_orders_forward(life.now, life.now + SHELF),
    "plan digests anew": lambda life: life.store.moments.plan_digests(0, life.now),
    "recover": lambda life: life.store.ledger.recover(life.now + 2 * LEASE),
    "expire": lambda life: life.store.ledger.expire(life.now),
    "expire elsewhere": lambda life: life.other.ledger.expire(life.now),
    "pause": lambda life: _pause(life, "running"),
    "pause what is fanned out": lambda life: _pause(life, "fanning"),
    "resume": lambda life: life.store.sends.resume(life.names["paused:send"], 1, life.now),
    "stop a running send": lambda life: _stop(life, "running"),
    "stop what is fanned out": lambda life: _stop(life, "fanning"),
    "stop a paused send": lambda life: _stop(life, "paused"),
    "follow": lambda life: life.store.sends.follow(life.now),
    "follow elsewhere": lambda life: life.other.sends.follow(life.now),
    "drop the backlog": lambda life: life.store.backlogs.drop(_everything(life), life.now),
    "take the backlog back": _take_back,
    "correct what runs": _correct("running", RevisionKind.CORRECTION),
    "correct what waits": _correct("waiting", RevisionKind.CORRECTION),
    "typo in what was sent": _correct("corrected", RevisionKind.TYPO),
    "retract what runs": _correct("running", RevisionKind.RETRACTION),
    "retract what was sent": _correct("corrected", RevisionKind.RETRACTION),
    "spread": _spread,
    "order": lambda life: life.store.publications.order(Order(life.names["draft"], 0, life.now, 1), life.now),
    "cancel": lambda life: life.store.publications.cancel(life.names["ordered"], 1, 1, life.now),
    "move": lambda life: life.store.publications.move(
        Order(life.names["ordered"], 1, life.now + timedelta(minutes=30), 1), life.now
    ),
    "discard": lambda life: life.store.articles.discard(life.names["ordered"], 1, 1, life.now, scheduled=True),
    "use a picture": lambda life: life.store.pictures.use(PICTURE, life.names["token"], life.names["ordered"]),
    "show no picture": lambda life: life.store.articles.revise_draft(
        life.names["ordered"], 1, ArticleChanges(photo=None), 1, life.now, scheduled=True
    ),
    "start": _start,
    "fan out": _fan_out,
    "settle": lambda life: life.store.publications.settle(life.now),
    "build digests": lambda life: life.store.digests.build(life.now),
    "ask for a digest": lambda life: life.store.digests.ask(life.readers["hourly"].id, life.now),
    "ask for a digest elsewhere": lambda life: life.other.digests.ask(life.readers["hourly"].id, life.now),
    "build digests elsewhere": lambda life: life.other.digests.build(life.now),
    "promise digests": lambda life: life.store.digests.promise(life.now),
    "save: at once": lambda life: life.store.readers.save(
        replace(life.readers["hourly"], schedule=Instantly()), life.now
    ),
    "save: a newcomer at once": lambda life: life.store.readers.save(
        replace(life.readers["newcomer"], schedule=Instantly()), life.now
    ),
    "save: hourly": lambda life: life.store.readers.save(replace(life.readers["anna"], schedule=Hourly()), life.now),
    "follow a topic": lambda life: life.store.readers.choose(life.readers["bohdan"].id, [topic_key(1)]),
    "follow words": lambda life: life.store.readers.put_rules(life.readers["bohdan"].id, [Rule(key=topic_key(2))]),
    "keep away": lambda life: life.store.readers.exclude(life.readers["bohdan"].id, topic_key(3)),
    "look at a story": lambda life: life.store.stories.look(life.readers["bohdan"].id, life.names["story"], life.now),
    "leave": lambda life: life.store.readers.drop_held(life.readers["hourly"].id),
    "mute": lambda life: life.store.waiting.change(
        life.readers["anna"].id, withdraw=[life.names["running"]], put_back=(), now=life.now
    ),
    "block": lambda life: life.store.readers.shut_chat(101, ReaderState.BLOCKED, life.now),
    "erase": lambda life: life.store.personal_data.erase(101, life.now),
    "unblock": lambda life: life.store.readers.open_chat(101, life.now),
    "move chat": lambda life: life.store.readers.move_chat(GROUP, MOVED, life.now),
    "make two stories one": lambda life: life.store.stories.gather(
        life.names["running"], life.names["corrected"], 1, life.now
    ),
    "unite two stories": lambda life: life.store.stories.unite(
        life.names["running"], life.names["corrected"], life.now
    ),
    "decide: again": _send_again,
    "decide: let go": lambda life: life.store.uncertain.decide(life.names["running:send"], Policy.DROP, 1, life.now),
    "ask": _ask,
    "policies": lambda life: life.store.uncertain.follow_policies(life.now),
}


@dataclass(slots=True)
class Restoring:
    """A newsroom to be had again and again, as it was when it was kept."""

    database: SlowCommits
    life: Life
    tables: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)  # those that were not empty

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
                if await connection.scalar(text(f'SELECT EXISTS (SELECT FROM kept."{table}")')):
                    self.filled.append(table)

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
                for table in self.filled:
                    await connection.execute(text(f'INSERT INTO "{table}" SELECT * FROM kept."{table}"'))
        return self.life.again(database)
