"""Killed at every step of a send, one after the other, and started again: nothing is doubled, nothing is lost unsaid.

A first run counts the steps (before and after each commit, before and after each request). Then, for each step, a bot
over a database of its own ends itself there by SIGKILL, another one goes on, asks Telegram what became of what nobody
knows, and the stand-in server's own log is held against what was promised: in private chats nothing stays uncertain.
On SQLite every thirteenth step, on PostgreSQL every thirty-fourth, others each day, and all with `VISNYK_FAULTS=all`.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model.desk import Order, PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from bot.model.matching import EVERYTHING
from bot.model.readers import Address, AtHours, ChatKind, Reader
from bot.sandbox.faults import Fault
from bot.sandbox.world import Chat, Person
from bot.telegram.menus import fingerprint, menus
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.readers import Readers
from storage.runtime.facts import Facts
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import delivery, publication, reader
from tests.support.depth import depth, each
from tests.support.launching import KILLED, Job, Launcher
from tests.support.postgres import Server
from tests.support.rows import NOW, a_draft, a_matter, a_publication, a_reader
from tests.support.standin import TOKEN, StandIn, open_standin

pytestmark = pytest.mark.thorough

PUSHED = range(1001, 1009)
BLOCKED, SLOW, GROUP, SUPERGROUP = 1004, 1003, -5, -1_000_000_000_500
DIGESTS = range(2001, 2004)
EDITOR = 100
TITLE, HELD = "Міст відкрили", "Парк закрили"
PROGRESS = len(PUSHED) + 1  # the number of the editor's message; each who is pushed to has one before it
START = NOW + timedelta(minutes=2)
SENT = "sendMessage, answered"
ASKED_BY = ("setMessageReaction", "Doubts.settle")
AT_ONCE = 6  # runs at the same time: most of each is waiting
# Whatever the machine is busy with. What the ticks do beside these (digests, reports) comes in an order of its own, and on
# a loaded machine it may be over before the steps are counted.
MUST_BE_KILLED_AT = {
    "Publications.start", "Publications.fan_out", "Publications.settle",
    "Ledger.claim", "Ledger.finish", "LedgerReaders.move_chat", "sendMessage", "editMessageText",
}  # fmt: skip


async def _prepare(url: str) -> None:
    """Put into a database: readers of every kind, held news with a digest that is due, an article that is ordered."""
    database = Database(url)
    for chat_id in PUSHED:
        await a_reader(database, chat_id=chat_id)
    group = Reader(id=0, address=Address(GROUP), name="Двір", kind=ChatKind.GROUP)
    met, _ = await Readers(database).meet(group, NOW)
    await Readers(database).choose(met.id, [EVERYTHING])
    for chat_id in DIGESTS:
        await a_reader(database, chat_id=chat_id, schedule=AtHours((time(14, 1),)))
    publications = Publications(database)
    _, earlier = await a_publication(database, HELD)
    await publications.fan_out(earlier, a_matter(), 1000, NOW, timedelta(hours=6))
    async with database.write() as connection:  # the earlier article was only for the digest
        await connection.execute(delivery.delete().where(delivery.c.state == DeliveryState.QUEUED))
        await connection.execute(publication.update().values(state=PublicationState.DONE, reported=True))
    await _has_sent_before(database)
    article_id = await a_draft(database, TITLE)
    number = await publications.order(Order(article_id, 0, NOW, EDITOR, Priority.INSTANT), NOW)
    await publications.watch(number, EDITOR, PROGRESS)
    await Facts(database).put("menus", fingerprint(menus("uk", [])), NOW)  # Telegram knows them; nobody waits for them
    await database.close()


async def _has_sent_before(database: Database) -> None:
    """Put what an earlier send left into a database: its rows, and the numbers of its messages."""
    async with database.write() as connection:
        for place, chat_id in enumerate(PUSHED, 1):
            whose = select(reader.c.id).where(reader.c.chat_id == chat_id).scalar_subquery()
            row = {"reader_id": whose, "kind": DeliveryKind.NOTE, "lane": Priority.INSTANT, "state": DeliveryState.SENT}
            ids = {"message_id": place, "after_message": place - 1, "not_before": NOW, "created_at": NOW}
            await connection.execute(delivery.insert().values({**row, **ids}))
        await MessageIds(database).note(connection, [(EDITOR, n) for n in range(1, PROGRESS + 1)], NOW)


def _people(standin: StandIn) -> None:
    for chat_id in (*PUSHED, EDITOR, *DIGESTS):
        chat = standin.world.add_person(Person(chat_id, f"Читач {chat_id}"))
        if chat_id not in DIGESTS:
            standin.world.put_message(chat, {"text": "…"}, sender=standin.world.bot_user())
    standin.world.people[BLOCKED].blocked = True
    standin.world.add_chat(Chat(GROUP, "group", "Двір", moved_to=SUPERGROUP))
    standin.world.add_chat(Chat(SUPERGROUP, "supergroup", "Двір"))
    limit = Fault("answer", chat_id=SLOW, status=429, description="Too Many Requests: retry after 1", retry_after=1)
    standin.faults.order(limit)


@dataclass(slots=True)
class Verdict:
    """What one kill did, counted in the server's log and in the ledger."""

    step: str
    duplicates: int = 0
    misses: int = 0
    false: int = 0
    uncertain: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return not (self.duplicates or self.misses or self.false or self.other or self.uncertain)


async def _judge(standin: StandIn, url: str, step: str) -> Verdict:
    database = Database(url)
    columns = (reader.c.chat_id, delivery.c.state, delivery.c.kind)
    rows = (
        select(*columns)
        .join(reader, reader.c.id == delivery.c.reader_id)
        .where(delivery.c.kind.in_((DeliveryKind.PUSH, DeliveryKind.DIGEST)))
    )
    async with database.read() as connection:
        fates = {row.chat_id: row.state for row in await connection.execute(rows)}
        ended = (await connection.execute(select(publication).order_by(publication.c.id.desc()))).first()
    await database.close()
    got = Counter(standin.headlines(TITLE)) + Counter(standin.headlines("Дайджест", within=True))
    wanted = {*PUSHED, *DIGESTS, SUPERGROUP}
    missing = {chat for chat in wanted - {BLOCKED} if not got[chat]}
    unsure = {chat for chat, state in fates.items() if state is DeliveryState.UNCERTAIN}
    verdict = Verdict(step, uncertain=len(unsure - {GROUP, SUPERGROUP}))
    verdict.duplicates = sum(number - 1 for number in got.values())
    # A group that moved is still at its old address when nothing got through to it.
    verdict.misses = len({chat for chat in missing if not {chat, GROUP if chat == SUPERGROUP else chat} & unsure})
    verdict.false = sum(state is DeliveryState.SENT and not got[chat] for chat, state in fates.items())
    if set(fates.values()) - {DeliveryState.SENT, DeliveryState.UNCERTAIN, DeliveryState.FAILED}:
        verdict.other.append(f"states {Counter(fates.values())}")
    if fates.get(BLOCKED) not in {DeliveryState.FAILED, DeliveryState.UNCERTAIN} or DeliveryState.FAILED in {
        fates[c] for c in fates if c != BLOCKED
    }:
        verdict.other.append("failed is not exactly the one who blocked the bot")
    assert ended is not None
    counted = (ended.total, ended.held, ended.sent + ended.failed + ended.uncertain)
    if counted != (len(wanted), len(DIGESTS), len(PUSHED) + 1) or ended.state is not PublicationState.DONE:
        verdict.other.append(f"the publication is {ended.state.name} and counts {counted}")
    return verdict


@dataclass(slots=True)
class Ground:
    """Where the kills of one engine take place; `database` makes a prepared database under a name."""

    launcher: Launcher
    folder: Path
    database: Callable[[str], str]

    async def run(self, crash_at: int, and_then: int = 0, *, crash_on: str = "") -> Verdict:
        """Kill at a step, or at the first of a name, and the one that goes on at a step of its own, if that is named."""
        folder = self.folder / f"kill-{crash_at}-{and_then}"
        folder.mkdir()
        url = self.database(f"kill_{crash_at}_{and_then}")
        async with open_standin() as standin:
            _people(standin)
            settings = {
                "bot_token": TOKEN,
                "telegram_api_url": standin.address,
                "database_url": url,
                "send_rate": "30",
                "admins": str(EDITOR),
            }
            first = Job(settings, START.isoformat(), str(folder), crash_at=crash_at, crash_on=crash_on)
            status = await self.launcher.run(first)
            # Every lease is over for the one that comes after, also where the grace was sat out before.
            for minutes, again in ((1, and_then), (11, 0)):
                if status == KILLED:
                    place = folder / str(minutes)
                    place.mkdir()
                    at = (START + timedelta(minutes=minutes)).isoformat()
                    status = await self.launcher.run(Job(settings, at, str(place), crash_at=again))
            assert status == 0, "".join(path.read_text()[-3000:] for path in folder.rglob("log"))
            steps = self.steps(crash_at, and_then)
            named = crash_on if steps[-1:] == [crash_on] else ""
            return await _judge(standin, url, steps[crash_at - 1] if 0 < crash_at <= len(steps) else named)

    def steps(self, crash_at: int = 0, and_then: int = 0) -> list[str]:
        """Return the names of the steps that a run took until it was killed, or the one without a kill."""
        return (self.folder / f"kill-{crash_at}-{and_then}" / f"steps-{crash_at}").read_text().splitlines()

    def steps_after(self, crash_at: int) -> list[str]:
        """Return the names of the steps of the run that went on after a kill."""
        return (self.folder / f"kill-{crash_at}-0" / "1" / "steps-0").read_text().splitlines()


async def _kill_at_each(ground: Ground, every: int) -> list[Verdict]:
    """Count the steps, then kill at each (at each `every`th) of them, some at the same time."""
    whole = await ground.run(0)
    assert whole.fine, whole
    assert whole.uncertain == 0
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(crash_at: int) -> Verdict:
        async with turns:
            return await ground.run(crash_at)

    return await asyncio.gather(*(one(n) for n in range(1, len(ground.steps()) + 1)[each(every)]))


def _places(verdicts: Iterable[Verdict]) -> set[str]:
    return {verdict.step.split(",")[0] for verdict in verdicts}


async def _kill_by_name(ground: Ground, steps: Iterable[str]) -> list[Verdict]:
    """Kill at steps by their names: the number that one had in the run that was counted is another's in the next."""
    verdicts = []
    for number, step in enumerate(steps):
        folder = ground.folder / f"named-{number}"
        folder.mkdir()
        one = Ground(ground.launcher, folder, lambda name, number=number: ground.database(f"{name}_named_{number}"))  # type: ignore[misc]
        verdicts.append(await one.run(0, crash_on=step))
    return verdicts


@pytest.fixture
def sqlite_copies(sqlite_url: str, tmp_path: Path) -> Callable[[str], str]:
    asyncio.run(_prepare(sqlite_url))

    def copy(name: str) -> str:
        shutil.copy(tmp_path / "visnyk.db", tmp_path / f"{name}.db")
        return f"sqlite:///{tmp_path / name}.db"

    return copy


@pytest.fixture
def postgres_copies(postgres: Server, postgres_template: str) -> Iterator[Callable[[str], str]]:
    made: list[str] = ["kill_template"]
    asyncio.run(_prepare(postgres.create("kill_template", postgres_template)))

    def copy(name: str) -> str:
        made.append(name)
        return postgres.create(name, "kill_template")

    yield copy
    for name in made:
        postgres.drop(name)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("copies", "every"), [("sqlite_copies", depth(1, 13)), ("postgres_copies", depth(1, 34))])
def test_killed_at_each_step_of_a_send(
    copies: str, every: int, tmp_path: Path, launcher: Launcher, request: pytest.FixtureRequest
) -> None:
    database: Callable[[str], str] = request.getfixturevalue(copies)

    async def everything() -> tuple[list[str], list[Verdict]]:
        ground = Ground(launcher, tmp_path, database)
        verdicts, steps = await _kill_at_each(ground, every), ground.steps()
        left = MUST_BE_KILLED_AT - _places(verdicts) if every == 1 else ()
        return steps, verdicts + await _kill_by_name(ground, {step for step in steps if step.split(",")[0] in left})

    steps, verdicts = asyncio.run(everything())
    killed = [verdict for verdict in verdicts if verdict.step]
    figures = {
        "steps": len(steps),
        "kills": len(killed),
        "duplicates": sum(verdict.duplicates for verdict in killed),
        "unreported misses": sum(verdict.misses for verdict in killed),
        "most uncertain": max(verdict.uncertain for verdict in killed),
    }
    print(copies, figures)
    assert [verdict for verdict in verdicts if not verdict.fine] == []
    assert every > 1 or _places(killed) >= MUST_BE_KILLED_AT


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("copies", "every"), [("sqlite_copies", depth(1, 8)), ("postgres_copies", depth(1, 16))])
def test_killed_in_the_middle_of_a_send_and_again_while_it_is_asked_what_became_of_it(
    copies: str, every: int, tmp_path: Path, launcher: Launcher, request: pytest.FixtureRequest
) -> None:
    database: Callable[[str], str] = request.getfixturevalue(copies)

    async def everything() -> list[Verdict]:
        ground, turns = Ground(launcher, tmp_path, database), asyncio.Semaphore(AT_ONCE)
        assert (await ground.run(0, crash_on=SENT)).fine  # the others are in the air
        asking = [n for n, step in enumerate(ground.steps_after(0), 1) if step.startswith(ASKED_BY)]
        assert len(asking) >= 2, "nothing was written down"  # questions only where something had arrived

        async def one(and_then: int) -> Verdict:
            async with turns:
                return await ground.run(0, and_then, crash_on=SENT)

        return await asyncio.gather(*(one(n) for n in asking[each(min(every, len(asking)))]))

    assert [verdict for verdict in asyncio.run(everything()) if not verdict.fine] == []
