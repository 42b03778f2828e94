"""The composition root: builds everything from the settings, owns every background task, orders the shutdown."""

import asyncio
from collections.abc import Sequence
from enum import Flag
from typing import Any

import structlog
from aiogram.exceptions import AiogramError

from bot.config import Settings
from bot.delivery.shared_pacing import SharedPacer
from bot.delivery.throttle import MOST_SECONDS
from bot.errors import ConfigError
from bot.inflow.poller import WORKERS
from bot.relevance.topics import START_TOPICS
from bot.telegram.calls import TOKEN_REFUSED, Call, ask
from bot.telegram.polling import POLLING, Poller
from bot.telegram.receiving import Receiver
from bot.timing.clock import Clock
from bot.web.outgoing.deliverer import WORKERS as TELLERS
from bot.web.outgoing.hub import EVENTS as HUB_EVENTS
from bot.wiring.components import build
from bot.wiring.delivery import workers_for
from bot.wiring.dispatcher import make_dispatcher
from bot.wiring.outside import build_outside
from bot.wiring.reading import study
from bot.wiring.rounds import Rounds
from bot.wiring.web import build_web
from storage.engine.losses import passes
from storage.schema.migrate import migrate, wait_for_database

log = structlog.get_logger(__name__)

HANDLERS = 128  # updates under way, of different chats; a few are worked on, the others wait for Telegram
# A stop: what Telegram is asked has so long, then what runs, then what is cancelled, then what goes back.
_ANSWER_SECONDS = 4.0
_FINISH_SECONDS = 5.0
_CANCEL_SECONDS = 1.0
_GIVE_BACK_SECONDS = 2.0


class Work(Flag):
    """What a process does: talk to people, send, or both."""

    WEB = 1
    SENDER = 2
    ALL = WEB | SENDER


class App:
    """One process of Visnyk: `prepare`, then `run` until told to stop."""

    def __init__(self, settings: Settings, clock: Clock | None = None, role: Work = Work.ALL) -> None:
        self.parts = build(settings, clock)
        ground, delivery = self.parts.ground, self.parts.delivery
        self._settings, self._clock, self._bot, self._ticker = settings, ground.clock, ground.bot, ground.ticker
        self._database, self._store = ground.database, ground.store
        self._sender, self._restart_guard = delivery.sender, delivery.restart_guard
        self._disk_guard = delivery.disk_guard
        self.work = role
        self.code: str | None = None
        self._arrived = asyncio.Event()
        self._receiver: Receiver | None = None
        self.web = build_web(self.parts, self._arrived)
        self.outside = build_outside(ground)
        self.rounds = Rounds(
            parts=self.parts,
            outside=self.outside,
            arrived=self._arrived,
            talks=Work.WEB in role,
            sends=Work.SENDER in role,
        )

    @property
    def idle(self) -> bool:
        """Whether no update is being handled."""
        return self._receiver is None or self._receiver.idle

    async def prepare(self) -> None:
        """Bring the database up to date, take over what an earlier process left, ask Telegram who we are, and listen.

        Raises:
            ConfigError: the database or Telegram cannot be used with these settings.

        """
        if self._database.is_sqlite and self.work is not Work.ALL:
            raise ConfigError("config-role")
        self._database.hold()
        looks = self.parts.delivery.lock_alarm.look_at_the_start()
        looking = asyncio.create_task(looks, name="look")  # noqa: TID251  a group would wrap the sentence of a start
        try:
            await wait_for_database(self._database)
            with self._database.in_a_sentence():
                await self._take_over()
        finally:
            looking.cancel()
            await asyncio.wait([looking])
        self.parts.ground.links.username = await self._who_am_i()
        if self.web is not None:
            await self.web.server.start()

    async def _take_over(self) -> None:
        await migrate(self._database)
        now = self._clock.now()
        await self._store.topics.seed(START_TOPICS)
        if Work.WEB in self.work:
            await self._store.listeners.keep_hub(self._settings.websub_hub, HUB_EVENTS, now)
        await self._store.editors.appoint_first(self._settings.admins, now)
        self.code = await self.parts.desk.owner_code.new_code()
        alone = self._database.is_sqlite
        recovered = await self._store.ledger.recover(now, alone=alone)
        if any(recovered.values()):
            log.warning("took over what an earlier process left", rows={s.name: n for s, n in recovered.items()})
        await self._store.inbox.take_over(now, alone=alone)
        await self.parts.delivery.backup_guard.tidy()
        await self.parts.delivery.clock_guard.start()
        self._sender.held = await self._restart_guard.check()
        await self.parts.delivery.asker.watch()
        for scope, until in (await self._store.throttles.in_force(now)).items():
            if scope == "bot":
                self.parts.pace.pacer.pause(min(MOST_SECONDS, (until - now).total_seconds()))

    async def _who_am_i(self) -> str:
        while True:
            try:
                me: dict[str, Any] = await ask(self._bot, Call("getMe", {}))
                if self._settings.webhook == "off":
                    await ask(self._bot, Call("deleteWebhook", {}))  # polling needs it gone
            except TOKEN_REFUSED:
                raise ConfigError("config-token-refused") from None
            except AiogramError as error:
                log.warning("Telegram cannot be reached; trying again", error=type(error).__name__)
                await self._clock.sleep(3)
            else:
                self.parts.delivery.asker.sees_groups = bool(me.get("can_read_all_group_messages"))
                return str(me.get("username") or "")

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what runs: first what comes in, then what goes out."""
        self.rounds.set_up()
        async with asyncio.TaskGroup() as tasks:
            shared = [pacer for pacer in self.parts.pace.pacers if isinstance(pacer, SharedPacer)]
            beside = [tasks.create_task(pacer.run(), name="pace") for pacer in shared]
            polling, receiving = self._receive(tasks) if Work.WEB in self.work else (None, [])
            sending = self._send(tasks) if Work.SENDER in self.work else []
            waiting = [polling] if polling is not None else []
            feeding = []
            if Work.WEB in self.work:
                warm = tasks.create_task(self.parts.feeds.warm_up.run(), name="warm up")
                waiting += [warm, tasks.create_task(study(self.parts.ground, self.parts.reading), name="study")]
                feeding = [*self._ask_feeds(tasks, warm), *self._tell_listeners(tasks)]
            ticking = [tasks.create_task(loop, name=name) for name, loop in self._ticker.loops()]
            await stop.wait()
            log.info("stopping: finishing what runs")
            for task in waiting:
                task.cancel()
            closing = self._close_doors(tasks, polling)
            await self._wind_down([*closing, *receiving, *feeding, *ticking, *sending], len(sending))
            for task in beside:
                task.cancel()
        await self._leave()

    def _close_doors(self, tasks: asyncio.TaskGroup, polling: asyncio.Task[None] | None) -> list[asyncio.Task[None]]:
        """Let others take what comes in from now on; what still comes here is stored, for them or the next start."""
        closing = []
        if self.web is not None:
            drain = 0 if self._database.is_sqlite else self._settings.http_drain
            closing.append(tasks.create_task(self.web.server.leave(drain), name="http"))
        if polling is not None and not self._database.is_sqlite:
            closing.append(tasks.create_task(self._hand_over(polling), name="hand over"))
        return closing

    async def _hand_over(self, polling: asyncio.Task[None]) -> None:
        """Let another process ask for updates as soon as this one does no more, not only when everything has ended."""
        await asyncio.wait([polling])
        try:
            await self._store.leases.give_back(POLLING)
        except Exception:
            log.exception("nobody else may ask for updates before this process's turn is over")

    async def _leave(self) -> None:
        """Leave the database so that the next start knows it again; of one that is lost, save what there is."""
        await self._disk_guard.save()
        if self._disk_guard.trouble is None:
            await self._restart_guard.leave(_GIVE_BACK_SECONDS)

    async def _wind_down(self, running: Sequence[asyncio.Task[None]], sending: int) -> None:
        """Let what runs come to its end, as far as there is time; what was taken and not begun goes back."""
        self.parts.delivery.messenger.end_in(_ANSWER_SECONDS)
        if self._receiver is not None:
            self._receiver.stop()
        self._ticker.stop()
        self.parts.feeds.poller.stop()
        self.parts.listeners.deliverer.stop()
        self._database.hurry()
        await self._sender.stop(sending)
        await _finish(running)
        try:
            async with asyncio.timeout(_GIVE_BACK_SECONDS):
                await self._give_back()
        except Exception:
            log.exception("what was taken could not be put back; the next start finds it")

    async def _give_back(self) -> None:
        await self._sender.give_back()
        if self.parts.pace.purse is not None:
            await self.parts.pace.purse.give_back()
        if self._receiver is not None:
            await self._receiver.give_back()

    def _receive(self, tasks: asyncio.TaskGroup) -> tuple[asyncio.Task[None], list[asyncio.Task[None]]]:
        dispatcher = make_dispatcher(self.parts, self.parts.ground.links.username)
        # SQLite serves one process, which nobody competes with.
        leases = None if self._database.is_sqlite else self._store.leases
        inbox, arrived = self._store.inbox, self._arrived
        alarm = self.parts.delivery.telegram_alarm
        common: dict[str, Any] = {"bot": self._bot, "inbox": inbox, "clock": self._clock, "arrived": arrived}
        asker = self.parts.delivery.asker
        keeper = self.web.keeper if self.web is not None else None
        source = keeper or Poller(alarm=alarm, leases=leases, in_haste=lambda: asker.waits, **common)
        durations = self.parts.ground.contact.updates
        receiver = Receiver(
            dispatcher=dispatcher,
            set_aside=alarm.set_aside,
            durations=durations,
            shared=not self._database.is_sqlite,
            passes=passes,
            **common,
        )
        self._receiver = self.rounds.receiver = receiver
        polling = tasks.create_task(source.run(), name="poll")
        receiving = [tasks.create_task(receiver.feed(HANDLERS), name="receive")]
        receiving += [tasks.create_task(receiver.work(), name=f"handle-{n}") for n in range(HANDLERS)]
        return polling, receiving

    def _send(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        sending = [tasks.create_task(self._sender.feed(), name="feed")]
        workers = range(workers_for(max(self._settings.send_rate, self._settings.paid_rate)))
        return [*sending, *(tasks.create_task(self._sender.work(), name=f"send-{n}") for n in workers)]

    def _ask_feeds(self, tasks: asyncio.TaskGroup, warm: asyncio.Task[None]) -> list[asyncio.Task[None]]:
        async def ask() -> None:
            await asyncio.wait([warm])  # it ends: with what reads feeds ready, or without
            await self.parts.feeds.poller.work()

        return [tasks.create_task(ask(), name=f"ask feeds-{n}") for n in range(WORKERS)]

    def _tell_listeners(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        deliverer = self.parts.listeners.deliverer
        return [tasks.create_task(deliverer.work(), name=f"tell listeners-{n}") for n in range(TELLERS)]

    async def tick(self) -> None:
        """Do now what is done by and by; see `Rounds`."""
        await self.rounds.tick()

    async def close(self) -> None:
        """Close connections; may be repeated."""
        if self.web is not None:
            await self.web.server.stop()
        await self._bot.session.close()
        await self.parts.feeds.close()
        await self._database.close()


async def _finish(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for tasks to end by themselves, and cancel them when they take too long."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=_FINISH_SECONDS)
    for task in late:
        task.cancel()
    if late:
        log.warning("cut off what did not end by itself", tasks=sorted(task.get_name() for task in late))
        await asyncio.wait(late, timeout=_CANCEL_SECONDS)
