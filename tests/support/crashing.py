"""Bots that end themselves by SIGKILL at a step they are told: `python -m tests.support.crashing`.

Each is a process of its own, forked from this one, which is forked itself from one that has loaded everything. A step is a moment just before or just after a
commit that changes something, or just before a request is written or just after it was answered. The product knows
nothing of it: the database's `write` and the session's `make_request` are wrapped from outside.

Jobs come as JSON lines on stdin; a line goes out when a process starts (its pid) and when it ends (its status).
"""

import asyncio
import gc
import os
import select
import signal
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, text
from sqlalchemy import select as select_rows

from bot import logs
from bot.app import App
from bot.config import Settings
from bot.model.desk import PublicationState
from bot.model.ledger import OPEN
from storage.engine.database import Database
from storage.schema.tables import delivery, publication, reader
from tests.support.clock import TestClock
from tests.support.launching import Job
from tests.support.waiting import Allowance, within

MOST_SECONDS = 60.0
"""From one step to the next: a run takes as many steps as it takes, and on a busy machine as long as that lasts."""
LONGEST_SECONDS = 600.0
COUNTED_REQUESTS = {"sendMessage", "editMessageText", "setMessageReaction"}
STORAGE = Path(__file__).parents[2] / "storage"
COUNTED_STORES = ("Doubts.", "Ledger.", "Publications.", "Digests.", "LedgerReaders.", "Throttles.")


@dataclass(slots=True)
class Steps:
    """Counts the steps, names them in a file, and ends the process at one of them."""

    path: Path
    crash_at: int
    crash_on: str = ""
    armed: bool = False
    patience: Allowance = field(default_factory=lambda: Allowance(MOST_SECONDS))
    _count: int = 0
    _file: int = field(init=False)

    def __post_init__(self) -> None:
        self._file = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def reach(self, name: str) -> None:
        if not self.armed:
            return
        self._count += 1
        self.patience = Allowance(MOST_SECONDS)
        os.write(self._file, f"{name}\n".encode())
        if self._count == self.crash_at or name == self.crash_on:
            os.kill(os.getpid(), signal.SIGKILL)


def count_commits(database: Database, steps: Steps, stores: tuple[str, ...] = COUNTED_STORES) -> None:
    """Take the commits of these families of rows as steps."""
    write = database.write
    # A transaction that changed nothing is no step.
    changes = text("SELECT total_changes()" if database.is_sqlite else "SELECT count(pg_current_xact_id_if_assigned())")

    @asynccontextmanager
    async def counted() -> AsyncIterator[Any]:
        name, changed = _caller(), False
        async with write() as connection:
            before = await connection.scalar(changes)
            yield connection
            changed = name.startswith(stores) and await connection.scalar(changes) != before
            if changed:
                steps.reach(f"{name}, before its commit")
        if changed:
            steps.reach(f"{name}, committed")

    database.write = counted  # type: ignore[method-assign]


def _caller() -> str:
    """Return the method of a store that opens a transaction."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        place = Path(frame.f_code.co_filename)
        if STORAGE in place.parents and place.name != "database.py":
            return frame.f_code.co_qualname
    return "?"


def _count_requests(session: Any, steps: Steps) -> None:
    make_request = session.make_request

    async def counted(bot: Any, method: Any, timeout: Any = None) -> Any:  # noqa: ASYNC109  aiogram's parameter
        name = method.__api_method__
        if name not in COUNTED_REQUESTS:
            return await make_request(bot, method, timeout)
        steps.reach(f"{name}, before it is written")
        how = "refused"
        try:
            answer = await make_request(bot, method, timeout)
            how = "answered"
            return answer
        finally:
            steps.reach(f"{name}, {how}")

    session.make_request = counted


async def _work(job: Job) -> None:
    settings: dict[str, Any] = {"_env_file": None, "semantic": "off", **job.settings}
    app = App(Settings(**settings), TestClock(datetime.fromisoformat(job.at), hurries=False))
    chats = app.parts.pace.chats
    chats.private_seconds = chats.group_seconds = 0.0  # each chat gets one message here, and a second try
    app.parts.delivery.sender.lease = timedelta(seconds=job.lease)
    steps = Steps(Path(job.folder) / f"steps-{job.crash_at}", job.crash_at, job.crash_on)
    count_commits(app.parts.ground.database, steps)
    _count_requests(app.parts.ground.bot.session, steps)
    await app.prepare()
    steps.armed, steps.patience = True, Allowance(MOST_SECONDS)
    running = asyncio.create_task(app.run(asyncio.Event()))
    while job.forever or not await _settled(app):
        assert job.forever or not steps.patience.over, "it stands still"
        with suppress(Exception):  # the ticker logs it and comes again
            await app.tick()
            if job.forever:
                await app.parts.delivery.sender.renew()
                await app._recover()
        app.parts.delivery.sender.wake()
        if app.parts.delivery.asker.waits and not job.forever:
            app.parts.ground.clock.advance(seconds=10)  # nobody has to sit the grace out
        await asyncio.sleep(0.05 if job.forever else 0.2)
        assert not running.done(), "the bot has ended"


async def _settled(app: App) -> bool:
    """Tell whether nothing is owed any more and the last progress message says so."""
    open_ = select_rows(func.count()).where(delivery.c.state.in_(OPEN))
    over = (PublicationState.DONE, PublicationState.STOPPED, PublicationState.CANCELLED)
    unfinished = select_rows(func.count()).where(publication.c.state.not_in(over) | ~publication.c.reported)
    due = select_rows(func.count()).where(reader.c.next_digest_at <= app.parts.ground.clock.now())
    doubts = app.parts.ground.store.doubts
    # Asked before and after: between two looks what is in doubt may go back to the queue, or what was sent into doubt.
    if await doubts.open():
        return False
    async with app.parts.ground.database.read() as connection:
        settled = not any([await connection.scalar(question) for question in (open_, unfinished, due)])
    return settled and not await doubts.open()


async def _within_limits(job: Job) -> None:
    """Work; what waits for ever for one thing, and comes to no step for it, ends all the same."""
    async with within(LONGEST_SECONDS):
        await _work(job)


def _child(job: Job) -> None:
    log = os.open(Path(job.folder) / "log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(0)
    status = 1
    try:
        asyncio.run(_within_limits(job))
        status = 0
    except BaseException:  # noqa: BLE001  whatever it is, the log says it and the status tells
        traceback.print_exc()
    finally:
        os._exit(status)


def _say(**facts: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(facts) + b"\n")
    sys.stdout.buffer.flush()


def _start(line: bytes, running: dict[int, int]) -> None:
    order = orjson.loads(line)
    pid = os.fork()
    if pid == 0:
        # What was settled but is still in memory ends with the process: that is no loss, it is the point.
        _child(Job(**order["job"]))
    running[pid] = order["number"]
    _say(number=order["number"], pid=pid)


def _reap(running: dict[int, int]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        _say(number=running.pop(pid), status=os.waitstatus_to_exitcode(status))


def main() -> None:
    """Start what is asked for until stdin ends; then end what still runs."""
    logs.set_up("WARNING", "text")
    gc.freeze()
    running: dict[int, int] = {}
    buffer = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.01)
        if readable:
            read = os.read(0, 65536)
            if not read:
                break
            *lines, buffer = (buffer + read).split(b"\n")
            for line in lines:
                _start(line, running)
        _reap(running)
    for pid in running:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
