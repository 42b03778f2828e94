"""The composition root: builds everything from the settings, owns every background task, orders the shutdown."""

import asyncio
from datetime import timedelta
from enum import Flag
from typing import Any

import structlog
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError

from bot.config import Settings
from bot.delivery.sender import RENEW_SECONDS
from bot.delivery.shared_pacing import SharedPacer
from bot.errors import ConfigError
from bot.relevance.topics import START_TOPICS
from bot.telegram.calls import Call, ask
from bot.telegram.menus import fingerprint, menus, set_menus
from bot.telegram.receiving import POLLING, Poller, Receiver
from bot.timing.clock import Clock
from bot.wiring import Components, workers_for
from storage.index.writing import trim_hot
from storage.schema.migrate import migrate, wait_for_database

log = structlog.get_logger(__name__)

HANDLERS = 8  # updates handled at the same time, of different chats
_MENUS = "menus"
_SHUTDOWN_SECONDS = 30


class Work(Flag):
    """What a process does: talk to people, send, or both."""

    WEB = 1
    SENDER = 2
    ALL = WEB | SENDER


class App(Components):
    """One process of Visnyk: `prepare`, then `run` until told to stop."""

    def __init__(self, settings: Settings, clock: Clock | None = None, role: Work = Work.ALL) -> None:
        super().__init__(settings, clock)
        self.work = role
        self._arrived = asyncio.Event()
        self.code: str | None = None

    async def prepare(self) -> None:
        """Bring the database up to date, take over what an earlier process left, ask Telegram who we are.

        Raises:
            ConfigError: the database or Telegram cannot be used with these settings.

        """
        if self.database.is_sqlite and self.work is not Work.ALL:
            raise ConfigError("--role: SQLite serves one process, which does everything. Several need PostgreSQL.")
        self.database.hold()
        await wait_for_database(self.database)
        await migrate(self.database)
        now = self.clock.now()
        await self.store.topics.seed(START_TOPICS)
        await self.store.editors.appoint_first(self.settings.admins, now)
        self.code = await self.owner_code.new_code()
        alone = self.database.is_sqlite
        recovered = await self.store.ledger.recover(now, alone=alone)
        if any(recovered.values()):
            log.warning("took over what an earlier process left", rows={s.name: n for s, n in recovered.items()})
        await self.store.inbox.take_over(now, alone=alone)
        self.sender.held = await self.restart_guard.check()
        for scope, until in (await self.store.throttles.in_force(now)).items():
            if scope == "bot":
                self.pacer.pause((until - now).total_seconds())
        self.username = await self._who_am_i()

    async def _who_am_i(self) -> str:
        while True:
            try:
                me: dict[str, Any] = await ask(self.bot, Call("getMe", {}))
                await ask(self.bot, Call("deleteWebhook", {}))  # polling needs it gone
            except TelegramUnauthorizedError:
                raise ConfigError("BOT_TOKEN: Telegram does not accept this token.") from None
            except AiogramError as error:
                log.warning("Telegram cannot be reached; trying again", error=type(error).__name__)
                await self.clock.sleep(3)
            else:
                return str(me.get("username") or "")

    def _soon(self) -> None:
        self._due_soon()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what runs: first what comes in, then what goes out."""
        self._set_up_ticker()
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(p.run(), name="pace") for p in self.pacers if isinstance(p, SharedPacer)]
            polling, receiving = self._receive(tasks) if Work.WEB in self.work else (None, [])
            sending = self._send(tasks) if Work.SENDER in self.work else []
            if Work.WEB in self.work:
                beside.append(tasks.create_task(self.studying.run(), name="study"))
            self.ticker.start()
            if self.sender.held:
                await self.restart_guard.ask()
            await stop.wait()
            log.info("stopping: finishing what runs")
            if polling is not None:
                polling.cancel()
                self.receiver.stop()
            await _finish(receiving)
            await self.ticker.stop()
            await self.sender.stop(len(sending))
            await _finish(sending)
            for task in beside:
                task.cancel()
        if Work.WEB in self.work and not self.database.is_sqlite:
            await self.store.leases.give_back(POLLING)

    def _receive(self, tasks: asyncio.TaskGroup) -> tuple[asyncio.Task[None], list[asyncio.Task[None]]]:
        dispatcher = self.dispatcher(self.username, self._soon, self.refresh_menus)
        # SQLite serves one process, which nobody competes with.
        leases = None if self.database.is_sqlite else self.store.leases
        poller = Poller(self.bot, self.store.inbox, self.clock, self._arrived, leases)
        self.receiver = receiver = Receiver(self.bot, dispatcher, self.store.inbox, self.clock, self._arrived)
        polling = tasks.create_task(poller.run(), name="poll")
        receiving = [tasks.create_task(receiver.feed(HANDLERS), name="receive")]
        receiving += [tasks.create_task(receiver.work(), name=f"handle-{n}") for n in range(HANDLERS)]
        return polling, receiving

    def _send(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        sending = [tasks.create_task(self.sender.feed(), name="feed")]
        workers = range(workers_for(max(self.settings.send_rate, self.settings.paid_rate)))
        sending += [tasks.create_task(self.sender.work(), name=f"send-{n}") for n in workers]
        return [*sending, tasks.create_task(self.sender.record(), name="record")]

    async def tick(self) -> None:
        """Do now what the ticker does by and by: publish what is due, build digests, report progress."""
        await self.fan_out.run_due()
        await self._control()
        await self._build_digests()
        await self.progress.report()

    def _set_up_ticker(self) -> None:
        every = self.ticker.every
        self._due_soon = every(1, "publish", self.fan_out.run_due)
        every(1, "digests", self._build_digests)
        every(1, "control", self._control)
        if Work.WEB in self.work:
            every(2, "progress", self.progress.report)
        every(RENEW_SECONDS, "renew", self.sender.renew)
        every(5, "recover", self._recover)
        every(10, "checkpoint", self.database.checkpoint)
        every(30, "heartbeat", self.restart_guard.beat)()
        every(3600, "housekeeping", self._keep_house)
        every(3600, "menus", self.refresh_menus)()

    async def _control(self) -> None:
        """Follow what was decided about sends: pauses and stops, rows in doubt, and whether anything may go out."""
        now = self.clock.now()
        held = await self.restart_guard.held()
        if self.sender.held and not held:
            self.sender.wake()
        self.sender.held = held
        while await self.store.sends.follow(now):
            self.sender.wake()
        await self.store.uncertain.follow_policies(now)

    async def _build_digests(self) -> None:
        if self.sender.held:
            return
        while await self.store.digests.build(self.clock.now()):
            self.sender.wake()

    async def _recover(self) -> None:
        now = self.clock.now()
        await self.store.ledger.recover(now)
        while not self.sender.held and await self.store.ledger.expire(now):
            pass
        if await self.store.inbox.take_over(now):
            self._arrived.set()

    async def _keep_house(self) -> None:
        now = self.clock.now()
        await self.store.inbox.forget(now - timedelta(days=2))
        await self.store.dialogs.forget(now - timedelta(days=7))
        await self.store.message_screens.forget(now - timedelta(days=90))
        await trim_hot(self.database)

    async def refresh_menus(self) -> None:
        """Tell Telegram the menus, when they are not what it knows."""
        calls = menus(self.settings.language, await self.store.editors.all())
        name = fingerprint(calls)
        if await self.store.notes.get(_MENUS) != name and await set_menus(self.bot, calls):
            await self.store.notes.put(_MENUS, name, self.clock.now())

    async def close(self) -> None:
        """Close connections; may be repeated."""
        await self.bot.session.close()
        await self.database.close()


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for tasks to end by themselves, and cancel them when they take too long."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=_SHUTDOWN_SECONDS)
    for task in late:
        task.cancel()
