"""Stop means stop: a signal ends the process, well and soon, whatever it waits for; a second one at once."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model.ledger import DeliveryState
from bot.sandbox.faults import Fault
from bot.sandbox.world import Person
from bot.timing.clock import SystemClock
from storage.delivery.publications import Publications
from storage.engine.database import Database
from tests.support.crowds import states_of
from tests.support.postgres import Server, start_server
from tests.support.process import Process
from tests.support.rows import a_crowd, a_matter, a_publication
from tests.support.sending import LONG
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import Allowance, until

pytestmark = pytest.mark.thorough

FIRST, READERS = 1000, 6
SOON = 20.0  # seconds: twice the promise, for a machine with other work; what is waited for takes 25 and more
TITLE = "Міст відкрили"


@dataclass(slots=True)
class Run:
    """A bot as a process, and the server it talks to."""

    process: Process
    standin: StandIn

    async def polls(self) -> None:
        """Wait until it asks for updates."""
        await until(lambda: bool(self.standin.api._poll), "it never asks for updates")

    async def ends(self, number: int = signal.SIGTERM) -> None:
        """Send a signal; it ends in time, and says that all is well."""
        stop = Allowance(SOON)
        self.process.signal(number)
        assert await self.process.ends() == 0, self.process.log.read_text(encoding="utf-8")
        assert not stop.over


@asynccontextmanager
async def _started(
    url: str,
    folder: Path,
    module: str = "bot",
    command: tuple[str, ...] = ("run",),
    *,
    afresh: bool = False,
    **settings: str,
) -> AsyncIterator[Run]:
    async with open_standin() as standin:
        for number in range(FIRST, FIRST + READERS):
            standin.world.add_person(Person(number, f"Читач {number}"))
        everything = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": standin.address, "DATABASE_URL": url, "ADMINS": "1"}
        process = Process(everything | settings, folder / "bot.log", command, module, afresh)
        await process.start()
        try:
            yield Run(process, standin)
        finally:
            await process.end()


async def _publish(url: str) -> None:
    """Leave a headline for everybody in the ledger."""
    database = Database(url)
    now = SystemClock().now()
    await a_crowd(database, range(FIRST, FIRST + READERS))
    _, publication = await a_publication(database, TITLE)
    await Publications(database).fan_out(publication, a_matter(), 1000, now, LONG)
    await database.close()


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Let no signal be ignored from the start, as `nohup` and a shell's `&` would have it for all that tests start."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    ignored = [number for number, handler in before.items() if handler is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
async def test_each_signal_ends_a_long_poll(name: str, sqlite_url: str, tmp_path: Path) -> None:
    async with _started(sqlite_url, tmp_path) as run:
        await run.polls()
        await run.ends(getattr(signal, name))


async def test_one_stop_that_arrives_twice_is_one_stop(sqlite_url: str, tmp_path: Path) -> None:
    async with _started(sqlite_url, tmp_path) as run:
        await run.polls()
        run.process.signal(signal.SIGTERM)  # `make` hands on what it gets, too
        await run.ends(signal.SIGHUP)


async def test_a_hangup_that_nohup_ignores_ends_nothing(sqlite_url: str, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        async with _started(sqlite_url, tmp_path, afresh=True) as run:
            signal.signal(signal.SIGHUP, before)
            await run.polls()
            run.process.signal(signal.SIGHUP)
            await asyncio.sleep(0.5)
            assert run.process.runs
            await run.ends()
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_a_request_that_hangs_is_cut_off_and_what_was_not_begun_goes_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    await _publish(sqlite_url)
    async with _started(sqlite_url, tmp_path, SEND_RATE="1") as run:
        run.standin.faults.order(Fault("hang", method="sendMessage"))
        await until(lambda: not run.standin.faults.waiting, "nothing is sent")
        await run.ends()
        got = run.standin.headlines(TITLE)
    states = await states_of(sqlite_url)
    assert states.count(DeliveryState.UNCERTAIN) == 1, states
    assert states.count(DeliveryState.SENT) == len(got)
    assert states.count(DeliveryState.QUEUED) == READERS - 1 - len(got), "what never left went back"


async def test_a_flood_wait_of_hours_does_not_hold_a_stop_up(sqlite_url: str, tmp_path: Path) -> None:
    await _publish(sqlite_url)
    async with _started(sqlite_url, tmp_path) as run:
        limit = Fault(
            "answer", method="sendMessage", times=2, status=429, description="Too Many Requests", retry_after=40_000
        )
        run.standin.faults.order(limit)
        await until(lambda: not run.standin.faults.waiting, "nothing is sent")
        await run.ends()
    states = await states_of(sqlite_url)
    assert set(states) <= {DeliveryState.QUEUED, DeliveryState.SENT}, states


async def test_a_reply_that_hangs_is_answered_after_the_next_start(sqlite_url: str, tmp_path: Path) -> None:
    async with _started(sqlite_url, tmp_path) as run:
        await run.polls()
        for method in ("sendMessage", "sendRichMessage"):
            wait = Fault("answer", method=method, status=429, description="Too Many Requests", retry_after=15)
            run.standin.faults.order(wait)
        world = run.standin.world
        world.says(world.people[FIRST], world.chats[FIRST], {"text": "/help"})
        await until(lambda: len(run.standin.faults.waiting) < 2, "nobody answers")
        await run.ends()
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        states = [state for (state,) in connection.execute("SELECT state FROM inbox")]
    assert states == [0], "it waits for the next start, and not for a lease"


async def test_a_locked_database_does_not_hold_a_stop_up(sqlite_url: str, tmp_path: Path) -> None:
    async with _started(sqlite_url, tmp_path) as run:
        await run.polls()
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(1.5)  # until everything waits for it
        await run.ends()
        other.close()


@pytest.mark.parametrize("what", ["checkpoint", "model"])
async def test_a_thread_or_a_child_that_does_not_end_does_not_hold_a_stop_up(
    what: str, sqlite_url: str, tmp_path: Path
) -> None:
    async with _started(sqlite_url, tmp_path, "tests.support.hanging", (what,)) as run:
        await run.process.says("hanging")
        await run.ends()


@pytest.fixture
def server() -> Iterator[Server]:
    own = start_server()
    yield own
    own.stop()


async def _stops(server: Server) -> None:
    server.process.send_signal(signal.SIGSTOP)


async def _vanishes(server: Server) -> None:
    server.crash()


@pytest.mark.parametrize("gone", [_vanishes, _stops], ids=["vanished", "silent"])
async def test_a_stop_is_a_success_also_when_postgresql_is_away(
    gone: Callable[[Server], Awaitable[None]], server: Server, tmp_path: Path
) -> None:
    async with _started(server.create("newsroom"), tmp_path) as run:
        await run.polls()
        await gone(server)
        await asyncio.sleep(1.5)
        try:
            await run.ends()
        finally:
            if gone is _stops:
                server.process.send_signal(signal.SIGCONT)
            else:
                server.start_again()


async def test_a_second_signal_ends_it_at_once(sqlite_url: str, tmp_path: Path) -> None:
    async with _started(sqlite_url, tmp_path, "tests.support.hanging", ("checkpoint",)) as run:
        await run.process.says("hanging")
        run.process.signal(signal.SIGTERM)
        await run.process.says("stopping")
        await asyncio.sleep(1)
        run.process.signal(signal.SIGTERM)
        assert await run.process.ends(2) == -signal.SIGTERM


@pytest.mark.parametrize("words", ["", "Visnyk is open"], ids=["while it starts", "when it runs"])
async def test_the_demo_ends_well_and_leaves_nothing(words: str, tmp_path: Path) -> None:
    settings = {"TMPDIR": str(tmp_path), "LANGUAGE": "en"}
    process = Process(settings, tmp_path / "demo.log", ("demo", "--port", "0"), afresh=not words)
    await process.start()
    try:
        if words:
            await process.says(words)
        await until(lambda: bool(_left(tmp_path)), "it does not start")
        stop = Allowance(SOON)
        process.signal(signal.SIGINT)
        assert await process.ends() == 0
        assert not stop.over
    finally:
        await process.end()
    assert not _left(tmp_path)


def _left(folder: Path) -> list[Path]:
    return list(folder.glob("visnyk-demo-*"))
