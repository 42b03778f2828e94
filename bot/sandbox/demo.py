"""The demo: a stand-in for Telegram, a fresh database, a sample newsroom, readers; and the bot against it."""

import asyncio
import contextlib
import random
import shutil
import socket
import sys
import tempfile
from dataclasses import replace
from datetime import time
from pathlib import Path

import structlog
from aiohttp import web

from bot import logs
from bot.app import App
from bot.config import Settings
from bot.model.readers import Address, AtHours, Hourly, Reader, Schedule
from bot.sandbox.api import BotApi
from bot.sandbox.clock import SandboxClock
from bot.sandbox.control import Control
from bot.sandbox.faults import Faults
from bot.sandbox.flow import Flow
from bot.sandbox.languages import EDITORS, READERS, people
from bot.sandbox.limits import Limits
from bot.sandbox.local_site import LocalSites
from bot.sandbox.newsroom import import_newsroom
from bot.sandbox.people import People
from bot.sandbox.places import build_places
from bot.sandbox.server import BotApiServer
from bot.sandbox.terminal import sit_at_terminal
from bot.sandbox.visitors import own_visitors_only
from bot.sandbox.world import Json, Person, World
from bot.text.phrasebook import Phrasebook
from bot.wiring.signals import StopSignals
from storage.delivery.view import LedgerView

log = structlog.get_logger(__name__)

TOKEN = "7000000001:sandbox-sandbox-sandbox-sandbox-000"  # noqa: S105  opens nothing but this machine's stand-in
_CROWD = 120
_LAST_PORT = 65_535
_NAMES = ("Оксана", "Андрій", "Ірина", "Богдан", "Марко", "Леся", "Остап", "Ганна", "Юрій", "Зоя", "Тарас", "Віра")


class Demo:
    """Everything the demo runs, built around one clock."""

    def __init__(self, folder: Path, speed: float, *, in_terminal: bool) -> None:
        self.in_terminal = in_terminal
        self.clock = SandboxClock(speed)
        self.world = World(self.clock.now)
        self.api = BotApi(self.world, Limits(self.clock.monotonic))
        self.faults = Faults()
        self.flow = Flow(LocalSites())
        self.folder = folder
        self.app: App
        self.address = ""
        self._site_address = ""
        self._public = 0  # the port of the newsroom's own public pages
        self.open = False
        self.stop = asyncio.Event()
        self._number = 0
        self._runners: list[web.AppRunner] = []
        self._anew: asyncio.Future[None] | None = None
        self._ended = False
        self._populate()

    def _populate(self) -> None:
        self.world.forget()
        for person in people():
            self.world.add_person(person)
        self.places = build_places(self.world)

    async def start(self, port: int) -> None:
        """Serve the stand-in, its page and the sites, then build the bot and fill the newsroom."""
        control = Control(
            world=self.world,
            clock=self.clock,
            roles={"reader": READERS, "editor": EDITORS},
            places=lambda: self.places,
            ledger=self.ledger,
            begin_anew=self.begin_anew,
        )
        # A page may send an album of pictures at once.
        web_app = web.Application(client_max_size=64_000_000, middlewares=[own_visitors_only])
        server = BotApiServer(self.api, self.faults, TOKEN)
        web_app.add_routes([*server.routes(), *People(self.world).routes(), *control.routes(), *self.flow.routes()])
        runner = await self._serve(web_app, port)
        self.address = _address(runner)
        self._site_address = _address(await self._serve(self.flow.sites.application(), _beside(port, 1)))
        self._public = _free(_beside(port, 2))
        await self._open()

    async def _serve(self, application: web.Application, port: int) -> web.AppRunner:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        self._runners.append(runner)
        await runner.setup()
        await _listen(runner, port)
        return runner

    async def close(self) -> None:
        """Close whatever is open; may be repeated."""
        if hasattr(self, "app"):
            await self.app.close()
        for runner in self._runners:
            await runner.cleanup()

    async def _open(self) -> None:
        """Build the bot over an empty database, and fill the newsroom."""
        self._number += 1
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # the operator's own settings are none of the demo's business
            bot_token=TOKEN,  # type: ignore[arg-type]
            telegram_api_url=self.address,
            database_url=f"sqlite:///{self.folder / f'demo-{self._number}.db'}",  # type: ignore[arg-type]
            admins=",".join(map(str, EDITORS.values())),  # type: ignore[arg-type]
            http_bind=f"127.0.0.1:{self._public}",
            public_url=f"http://127.0.0.1:{self._public}",
            webhook="off",
            # Of all that is no public network, nothing but the demo's own site.
            fetch_allow=self._site_address.removeprefix("http://"),
            semantic="off",  # the newsroom is there in a second, and a model would still be reading
        )
        self.app = App(settings, self.clock)
        await self.app.prepare()
        self.flow.sites.open(self._site_address, self.clock.now())
        await self.flow.open(self.app)
        self.open = True
        await import_newsroom(self.app, self.world)
        await self._crowd()

    async def run(self) -> None:
        """Run the bot until `stop` is set, and again from the beginning each time somebody asks for that."""
        while True:
            await self.app.run(self.stop)
            if self._anew is None or self._ended:
                return
            asked, self._anew, self.stop = self._anew, None, asyncio.Event()
            self.open, self.flow.app = False, None
            await self.app.close()
            for left in self.folder.glob(f"demo-{self._number}.db*"):
                left.unlink()
            self.clock.run_at(1.0)
            self._populate()
            await self._open()
            asked.set_result(None)

    def end(self) -> None:
        """Stop for good."""
        self._ended = True
        self.stop.set()

    async def begin_anew(self) -> None:
        """Wipe the newsroom and everything that happened in it; returns when it is open again.

        Refused (409) while it is not open yet, and at a terminal, whose chats would not notice.
        """
        if not self.open or self.in_terminal:
            raise web.HTTPConflict
        if self._anew is None:
            self._anew = asyncio.get_running_loop().create_future()
        asked = self._anew
        self.stop.set()
        await asyncio.shield(asked)

    async def _crowd(self) -> None:
        """Let silent readers in, with choices of their own, so that a publication has somebody to go to."""
        rng = random.Random(7)  # noqa: S311  the same crowd each time
        subscriptions = self.app.parts.reading.subscriptions
        topics = await subscriptions.all_topics()
        for number in range(3001, 3001 + _CROWD):
            name = f"{rng.choice(_NAMES)} {rng.choice('АБВГДЖКЛМНОПРСТ')}."
            self.world.add_person(Person(number, name, "uk" if rng.random() < 0.8 else "en"))
            known = Reader(id=0, address=Address(number), name=name, language=self.world.people[number].language_code)
            reader, _ = await subscriptions.meet(known)
            await subscriptions.begin(reader)
            if rng.random() < 0.5:
                for topic in rng.sample(topics, rng.randint(1, 4)):
                    await subscriptions.follow_topic(reader, topic, only=True)
            if rng.random() < 0.3:
                schedules: list[Schedule] = [Hourly(), AtHours((time(8), time(19))), AtHours((time(21),))]
                await subscriptions.save(replace(reader, schedule=rng.choice(schedules)))
        gone = rng.sample(range(3001, 3001 + _CROWD), 3)
        for number in gone:  # as in life: some have blocked the bot, and it finds out
            self.world.people[number].blocked = True

    async def ledger(self) -> Json:
        """Return the ledger for the page."""
        if not self.open:
            return {"counts": {}, "lines": []}
        view = LedgerView(self.app.parts.ground.database)
        counts = {state.name: number for state, number in (await view.counts()).items()}
        lines = [
            {
                "id": line.id,
                "reader": line.reader,
                "title": line.title,
                "kind": line.kind.name,
                "lane": line.lane.name,
                "state": line.state.name,
                "attempts": line.attempts,
                "message_id": line.message_id,
                "reason": line.reason,
                "at": line.changed_at.timestamp(),
            }
            for line in await view.last(14)
        ]
        return {"counts": counts, "lines": lines}


async def _listen(runner: web.AppRunner, port: int) -> None:
    """Listen on the port, or on any other when it is taken."""
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError:
        await web.TCPSite(runner, "127.0.0.1", 0).start()


def _beside(port: int, number: int) -> int:
    """Return the port so many further on; 0, which is any, for any and beyond the last one."""
    return port + number if port and port + number <= _LAST_PORT else 0


def _address(runner: web.AppRunner) -> str:
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


def _free(port: int) -> int:
    """Return the port if it is free, else any that is: the newsroom has to know its own address before it listens."""
    for wanted in (port, 0):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(("127.0.0.1", wanted))
            return int(tried.getsockname()[1])
    return 0


async def run_demo(*, port: int, terminal: bool, speed: float, language: str, say: Phrasebook) -> int:
    """Run the demo until it is interrupted; `say` are the phrases of the shell."""
    logs.set_up("ERROR" if terminal else "WARNING", "text")
    folder = Path(tempfile.mkdtemp(prefix="visnyk-demo-"))
    demo = Demo(folder, speed, in_terminal=terminal)
    starting = asyncio.current_task()
    assert starting is not None
    signals = StopSignals(starting.cancel)
    signals.listen()
    try:
        await demo.start(port)
        await _run(demo, language if terminal else None, signals, say)
    except asyncio.CancelledError:
        return 0
    finally:
        await demo.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


async def _run(demo: Demo, language: str | None, signals: StopSignals, say: Phrasebook) -> None:
    signals.act = demo.end
    if language is None:
        print("\n  " + say("shell-demo-open", address=demo.address) + "\n", file=sys.stderr, flush=True)  # noqa: T201
        await demo.run()
        return
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(demo.run())
        how = say("shell-demo-help")
        tasks.create_task(sit_at_terminal(demo.world, READERS[language], EDITORS[language], demo.stop, how))
