"""The composition root: builds everything from the settings, owns every background task, orders the shutdown."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError

from bot.claiming import Claiming
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.delivery.composing import CardComposer
from bot.delivery.pacing import ChatPacer, Pacer, Throttle
from bot.delivery.progress import Progress
from bot.delivery.sender import RENEW_SECONDS, Sender
from bot.drafting import Drafting
from bot.errors import ConfigError
from bot.proposing import START_TOPICS
from bot.publishing import Publishing
from bot.readership import Readership
from bot.reading import Reading
from bot.related.finding import Finder
from bot.related.searching import Searcher
from bot.showing import Showing
from bot.telegram.calls import Call, ask
from bot.telegram.menus import fingerprint, menus, set_menus
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.questions import QuestionStorage
from bot.telegram.receiving import Poller, Receiver
from bot.telegram.session import Session
from bot.ticking import Ticker
from handlers import make_routers
from handlers.access import Access, Admins, Flood
from storage.database import Database
from storage.indexing import trim_hot
from storage.migrate import migrate, wait_for_database
from storage.store import Store

log = structlog.get_logger(__name__)

HANDLERS = 8  # updates handled at the same time, of different chats
_MENUS = "menus"
_HEARTBEAT = "heartbeat"
_SHUTDOWN_SECONDS = 30


class App:
    """One process of Visnyk: `prepare`, then `run` until told to stop."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.owner = str(uuid.uuid4())
        self.database = Database(settings.database_url.get_secret_value())
        self.store = Store(self.database, self.owner)
        self.bot = Bot(settings.token(), session=Session(settings.telegram_api_url))
        self.ticker = Ticker()
        self._build_core()
        self._build_delivery()
        self._arrived = asyncio.Event()
        self.code: str | None = None

    def _build_core(self) -> None:
        store, clock, settings = self.store, self.clock, self.settings
        self.readership = Readership(store.readers, store.topics, store.keywords, store.sources, clock)
        self.reading = Reading(
            store.articles,
            store.topics,
            store.stories,
            Finder(store.words, store.articles, clock),
            Searcher(store.words, store.articles, clock),
            clock,
        )
        self.drafting = Drafting(store.articles, store.topics, clock, settings.newsroom)
        self.claiming = Claiming(store.editors, store.notes, clock)
        self.composer = CardComposer(store.articles, store.digests, store.topics, clock)
        self.showing = Showing(self.reading, self.readership, self.composer, store.screens, clock)

    def _build_delivery(self) -> None:
        store, clock, settings = self.store, self.clock, self.settings
        # Pacing counts real seconds, whatever the clock of the newsroom shows: it is Telegram's time that matters.
        monotonic = SystemClock().monotonic
        self.pacer, self.chats = Pacer(settings.send_rate, monotonic), ChatPacer(monotonic)
        self.messenger = TelegramMessenger(self.bot, self.pacer, self.chats)
        self.sender = Sender(
            ledger=store.ledger,
            readers=store.readers,
            composer=self.composer,
            messenger=self.messenger,
            pacer=self.pacer,
            chats=self.chats,
            throttle=Throttle(monotonic),
            clock=clock,
            remember=self._remember_throttle,
            window=window_for(settings.send_rate),
        )
        self.publishing = Publishing(
            store.articles,
            store.publications,
            store.audiences,
            self.readership,
            store.stories,
            clock,
            settings.send_rate,
            self.sender.wake,
        )
        self.progress = Progress(
            store.publications,
            store.articles,
            store.readers,
            self.messenger,
            clock,
            settings.send_rate,
            settings.timezone,
            settings.language,
        )

    async def _remember_throttle(self, scope: str, seconds: float) -> None:
        await self.store.throttles.put(scope, self.clock.now() + timedelta(seconds=seconds))

    async def prepare(self) -> None:
        """Bring the database up to date, take over what an earlier process left, ask Telegram who we are.

        Raises:
            ConfigError: the database or Telegram cannot be used with these settings.

        """
        self.database.hold()
        await wait_for_database(self.database)
        await migrate(self.database)
        now = self.clock.now()
        await self.store.topics.seed(START_TOPICS)
        await self.store.editors.appoint_first(self.settings.admins, now)
        self.code = await self.claiming.new_code()
        alone = self.database.is_sqlite
        recovered = await self.store.ledger.recover(now, alone=alone)
        if any(recovered.values()):
            log.warning("took over what an earlier process left", rows={s.name: n for s, n in recovered.items()})
        await self.store.inbox.take_over(now, alone=alone)
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
                await asyncio.sleep(3)
            else:
                return str(me.get("username") or "")

    def dispatcher(self) -> Dispatcher:
        """Return a dispatcher with every router and everything handlers ask for by name."""
        store, settings = self.store, self.settings
        dispatcher = Dispatcher(
            storage=QuestionStorage(store.dialogs, self.clock),
            reading=self.reading,
            readership=self.readership,
            showing=self.showing,
            drafting=self.drafting,
            publishing=self.publishing,
            publications=store.publications,
            people=store.editors,
            claiming=self.claiming,
            searches=store.screens,
            readers=store.readers,
            messenger=self.messenger,
            clock=self.clock,
            newsroom=settings.newsroom,
            default_language=settings.language,
            run_due_soon=self._soon,
            refresh_menus=self.refresh_menus,
        )
        access = Access(
            self.readership,
            store.readers,
            store.editors,
            self.messenger,
            store.screens,
            Admins(self.clock),
            Flood(self.clock),
            self.clock,
            settings.language,
            settings.timezone,
            self.username,
        )
        dispatcher.update.outer_middleware(access)
        dispatcher.include_routers(*make_routers())
        return dispatcher

    def _soon(self) -> None:
        self._due_soon()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what runs: first what comes in, then what goes out."""
        dispatcher = self.dispatcher()
        poller = Poller(self.bot, self.store.inbox, self.clock, self._arrived)
        self.receiver = receiver = Receiver(self.bot, dispatcher, self.store.inbox, self.clock, self._arrived)
        workers = workers_for(self.settings.send_rate)
        self._set_up_ticker()
        async with asyncio.TaskGroup() as tasks:
            polling = tasks.create_task(poller.run(), name="poll")
            receiving = [tasks.create_task(receiver.feed(HANDLERS), name="receive")]
            receiving += [tasks.create_task(receiver.work(), name=f"handle-{n}") for n in range(HANDLERS)]
            sending = [tasks.create_task(self.sender.feed(), name="feed")]
            sending += [tasks.create_task(self.sender.work(), name=f"send-{n}") for n in range(workers)]
            sending.append(tasks.create_task(self.sender.record(), name="record"))
            self.ticker.start()
            await stop.wait()
            log.info("stopping: finishing what runs")
            polling.cancel()
            receiver.stop()
            await _finish(receiving)
            await self.ticker.stop()
            await self.sender.stop(workers)
            await _finish(sending)

    async def tick(self) -> None:
        """Do now what the ticker does by and by: publish what is due, build digests, report progress."""
        await self.publishing.run_due()
        await self._build_digests()
        await self.progress.report()

    def _set_up_ticker(self) -> None:
        every = self.ticker.every
        self._due_soon = every(1, "publish", self.publishing.run_due)
        every(1, "digests", self._build_digests)
        every(2, "progress", self.progress.report)
        every(RENEW_SECONDS, "renew", self.sender.renew)
        every(5, "recover", self._recover)
        every(10, "checkpoint", self.database.checkpoint)
        every(30, "heartbeat", self._beat)
        every(3600, "housekeeping", self._keep_house)
        every(3600, "menus", self.refresh_menus)()

    async def _build_digests(self) -> None:
        while await self.store.digests.build(self.clock.now()):
            self.sender.wake()

    async def _recover(self) -> None:
        now = self.clock.now()
        await self.store.ledger.recover(now)
        await self.store.ledger.expire(now)
        if await self.store.inbox.take_over(now):
            self._arrived.set()

    async def _beat(self) -> None:
        await self.store.notes.put(_HEARTBEAT, self.clock.now().isoformat(), self.clock.now())

    async def _keep_house(self) -> None:
        now = self.clock.now()
        await self.store.inbox.forget(now - timedelta(days=2))
        await self.store.dialogs.forget(now - timedelta(days=7))
        await self.store.screens.forget(now - timedelta(days=90))
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


def window_for(rate: float) -> int:
    """Return how many deliveries may be between "about to send" and their outcome: a third of a second's worth."""
    return max(10, round(rate / 3))


def workers_for(rate: float) -> int:
    """Return how many requests may be under way: enough for the rate when an answer takes a quarter of a second."""
    return min(256, max(8, round(rate / 4)))


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for tasks to end by themselves, and cancel them when they take too long."""
    _, late = await asyncio.wait(tasks, timeout=_SHUTDOWN_SECONDS)
    for task in late:
        task.cancel()
