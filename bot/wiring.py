"""The parts of one process, built from the settings: who is given what."""

import uuid
from collections.abc import Awaitable, Callable

from aiogram import Bot, Dispatcher

from bot.config import Settings
from bot.delivery.alarms import SendAlarm
from bot.delivery.composer import CardComposer
from bot.delivery.copies import CopyComposer
from bot.delivery.fan_out import FanOut
from bot.delivery.owner_alerts import OwnerAlerts
from bot.delivery.pacing import ChatPacer, Pacer, Slots, Throttle
from bot.delivery.paid import PayingPacer, StarsBudget
from bot.delivery.progress import Progress
from bot.delivery.restart_guard import RestartGuard
from bot.delivery.sender import Sender
from bot.delivery.shared_pacing import SharedPacer
from bot.desk.corrections import Corrections
from bot.desk.drafts import Drafts
from bot.desk.ownership import OwnerCode
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.desk.stories import StoryDesk
from bot.model.ledger import Priority
from bot.readers.library import Library
from bot.readers.subscriptions import Subscriptions
from bot.relevance.embedder import EmbeddingWorker
from bot.relevance.model_process import ModelProcess
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.semantic import SemanticIndex
from bot.screens.digests import DigestScreens
from bot.screens.inline import InlineSearch
from bot.screens.presenter import Presenter
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.questions import QuestionStorage
from bot.telegram.session import Session
from bot.timing.clock import Clock, SystemClock
from bot.timing.ticker import Ticker
from handlers import make_routers
from handlers.access import Admins, Flood, IdentityMiddleware
from storage.engine.database import Database
from storage.store import Store

_PAID = {"urgent": frozenset({Priority.URGENT}), "all": frozenset({Priority.URGENT, Priority.INSTANT, Priority.DIGEST})}


class Components:
    """Every part of one process, wired to the others; nothing runs yet."""

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
        self._build_desk()

    def _build_core(self) -> None:
        store, clock, settings = self.store, self.clock, self.settings
        self.meaning = SemanticIndex(store.embeddings, clock)
        self.studying = EmbeddingWorker(
            store.embeddings, store.stories, self.meaning, ModelProcess(), store.leases, clock
        )
        self.subscriptions = Subscriptions(store.readers, store.topics, store.keywords, store.sources, clock)
        finder = Finder(store.words, self.meaning)
        self.story_desk = StoryDesk(store.articles, store.stories, finder, clock)
        self.library = Library(
            store.articles,
            store.topics,
            store.stories,
            finder,
            Searcher(store.words, store.articles, clock),
            clock,
        )
        self.drafts = Drafts(store.articles, store.topics, clock, settings.newsroom)
        self.owner_code = OwnerCode(store.editors, store.notes, clock)
        digests = DigestScreens(store.articles, store.digests, store.topics)
        self.composer = CardComposer(store.articles, digests, clock)
        self.presenter = Presenter(
            self.library, self.subscriptions, digests, store.message_screens, store.corrections, clock
        )

    def _pacer(self, rate: float, name: str) -> Pacer | SharedPacer:
        """Return a pacer: one process paces by itself, several share the slots in their database."""
        if self.database.is_sqlite:
            return Pacer(rate, self.clock)
        return SharedPacer(rate, self.clock, self.store.pace, name)

    def _build_delivery(self) -> None:
        store, clock, settings = self.store, self.clock, self.settings
        self.chats = ChatPacer(clock)
        self.pacers = [self._pacer(settings.send_rate, "bot")]
        self.pacer: Slots = self.pacers[0]
        if settings.paid_rate > settings.send_rate and settings.paid_stars:
            self.pacers.append(self._pacer(settings.paid_rate - settings.send_rate, "paid"))
            purse = StarsBudget(store.pace, clock, settings.paid_stars)
            self.pacer = PayingPacer(self.pacer, self.pacers[1], purse, _PAID[settings.paid_for])
        self.messenger = TelegramMessenger(self.bot, self.pacer, self.chats, clock)
        owners = OwnerAlerts(store.editors, store.readers, self.messenger, clock, settings.language, settings.timezone)
        self.restart_guard = RestartGuard(store.notes, store.sends, owners, clock)
        copies = CopyComposer(
            self.composer,
            self.presenter,
            store.articles,
            store.corrections,
            store.message_screens,
            self.messenger,
            clock,
        )
        self.sender = Sender(
            ledger=store.ledger,
            readers=store.readers,
            composer=copies,
            messenger=self.messenger,
            pacer=self.pacer,
            chats=self.chats,
            throttle=Throttle(clock),
            clock=clock,
            alarm=SendAlarm(store.throttles, store.sends, store.publications, store.articles, owners, clock),
            window=window_for(max(settings.send_rate, settings.paid_rate)),
        )

    def _build_desk(self) -> None:
        store, clock, settings = self.store, self.clock, self.settings
        self.corrections = Corrections(store.articles, store.corrections, clock)
        self.send_control = SendControl(store.sends, store.uncertain, clock, self.sender.wake)
        self.publisher = Publisher(
            articles=store.articles,
            publications=store.publications,
            audiences=store.audiences,
            keywords=store.keywords,
            stories=store.stories,
            clock=clock,
            rate=settings.send_rate,
            hold_above=settings.hold_above,
        )
        self.fan_out = FanOut(
            articles=store.articles,
            publications=store.publications,
            corrections=store.corrections,
            stories=store.stories,
            keywords=store.keywords,
            clock=clock,
            wake_sender=self.sender.wake,
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

    def dispatcher(
        self, username: str, run_due_soon: Callable[[], None], refresh_menus: Callable[[], Awaitable[None]]
    ) -> Dispatcher:
        """Return a dispatcher with every router and everything handlers ask for by name."""
        store, settings = self.store, self.settings
        dispatcher = Dispatcher(
            storage=QuestionStorage(store.dialogs, self.clock),
            library=self.library,
            subscriptions=self.subscriptions,
            presenter=self.presenter,
            drafts=self.drafts,
            publisher=self.publisher,
            corrections=self.corrections,
            story_desk=self.story_desk,
            send_control=self.send_control,
            restart_guard=self.restart_guard,
            inline_search=InlineSearch(self.library, self.clock, settings.timezone, settings.language, username),
            publications=store.publications,
            people=store.editors,
            owner_code=self.owner_code,
            message_screens=store.message_screens,
            readers=store.readers,
            messenger=self.messenger,
            clock=self.clock,
            newsroom=settings.newsroom,
            default_language=settings.language,
            run_due_soon=run_due_soon,
            refresh_menus=refresh_menus,
        )
        access = IdentityMiddleware(
            self.subscriptions,
            store.readers,
            store.editors,
            self.messenger,
            store.message_screens,
            Admins(self.clock),
            Flood(self.clock),
            self.clock,
            settings.language,
            settings.timezone,
            username,
        )
        dispatcher.update.outer_middleware(access)
        dispatcher.include_routers(*make_routers())
        return dispatcher


def window_for(rate: float) -> int:
    """Return how many deliveries may be between "about to send" and their outcome: a third of a second's worth."""
    return max(10, round(rate / 3))


def workers_for(rate: float) -> int:
    """Return how many requests may be under way: enough for the rate when an answer takes a quarter of a second."""
    return min(256, max(8, round(rate / 4)))
