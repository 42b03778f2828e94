"""What readers ask for, and what shows it to them."""

from dataclasses import dataclass

import structlog

from bot.readers.chats import Chats
from bot.readers.library import Library
from bot.readers.searches import Searches
from bot.readers.subscriptions import Subscriptions
from bot.readers.withdrawals import Withdrawals
from bot.relevance.answers import Sure
from bot.relevance.choice import Reason, choose, free_megabytes
from bot.relevance.embedder import Embedder, EmbeddingWorker
from bot.relevance.model import installed
from bot.relevance.model_process import ModelProcess
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.semantic import SemanticIndex
from bot.relevance.topic_adviser import TopicAdviser
from bot.screens.digests import DigestScreens
from bot.screens.presenter import Presenter
from bot.timing.clock import Clock
from bot.wiring.ground import Ground
from storage.store import Store

log = structlog.get_logger(__name__)

_WHY = {
    Reason.SETTING: "SEMANTIC says so",
    Reason.HAND: "the command line said so: python -m bot semantic",
    Reason.ROOM: "this much memory is free",
    Reason.MISSING: "the model is not installed: make semantic",
    Reason.UNKNOWN: "this machine does not tell what memory is free; SEMANTIC=on does it all the same",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What readers ask for, and what shows it to them."""

    meaning: SemanticIndex
    embedding_worker: EmbeddingWorker
    adviser: TopicAdviser | None  # None where nothing is read in this process
    finder: Finder
    library: Library
    subscriptions: Subscriptions
    searches: Searches
    chats: Chats
    digests: DigestScreens
    presenter: Presenter


async def study(ground: Ground, reading: Reading) -> None:
    """Choose whether related items are found by meaning, too, and have what is published read, until cancelled.

    Where the model is missing, or the setting says no, nothing is read here.
    """
    try:
        await _choose(ground)
    except Exception:
        log.exception("how related items are found could not be chosen; what was chosen before holds")
    if ground.settings.semantic != "off" and installed():
        await reading.embedding_worker.run()


async def _choose(ground: Ground) -> None:
    now, there = ground.clock.now(), installed()
    choice = await choose(
        ground.settings.semantic, ground.store.embeddings, now, installed=there, free=free_megabytes()
    )
    way = "related items are found by meaning, too" if choice.on else "related items are found by words alone"
    log.info(way, reason=_WHY[choice.reason], free_mb=choice.free)


def make_subscriptions(store: Store, clock: Clock) -> Subscriptions:
    """Return what readers do with their own settings, over a store."""
    withdrawals = Withdrawals(
        waiting=store.waiting, readers=store.readers, articles=store.articles, keywords=store.keywords, clock=clock
    )
    return Subscriptions(
        readers=store.readers,
        topics=store.topics,
        keywords=store.keywords,
        sources=store.sources,
        withdrawals=withdrawals,
        clock=clock,
    )


def build_reading(ground: Ground) -> Reading:
    """Return what readers ask for."""
    store, clock = ground.store, ground.clock
    meaning = SemanticIndex(store.embeddings, clock)
    settings = ground.settings
    sure = Sure(settings.related_from_words, settings.related_from_meaning)
    finder = Finder(store.words, meaning if settings.semantic != "off" else None, sure)
    library = Library(
        articles=store.articles,
        topics=store.topics,
        stories=store.stories,
        keywords=store.keywords,
        mentions=store.mentions,
        finder=finder,
        searcher=Searcher(store.words, store.articles, clock),
        clock=clock,
    )
    subscriptions = make_subscriptions(store, clock)
    digests = DigestScreens(
        articles=store.articles, digests=store.digests, topics=store.topics, subscriptions=subscriptions
    )
    model = ModelProcess()
    adviser = TopicAdviser(topics=store.topics, meaning=meaning, embedder=model, clock=clock)
    return Reading(
        meaning=meaning,
        embedding_worker=_embedding_worker(store, meaning, model, clock),
        adviser=adviser if settings.semantic != "off" and installed() else None,
        finder=finder,
        library=library,
        subscriptions=subscriptions,
        searches=Searches(
            message_screens=store.message_screens, library=library, subscriptions=subscriptions, clock=clock
        ),
        chats=Chats(store.readers, clock),
        digests=digests,
        presenter=Presenter(
            library=library,
            subscriptions=subscriptions,
            digests=digests,
            message_screens=store.message_screens,
            corrections=store.corrections,
            clock=clock,
            newsroom=ground.settings.newsroom,
            links=ground.links,
        ),
    )


def _embedding_worker(store: Store, meaning: SemanticIndex, model: Embedder, clock: Clock) -> EmbeddingWorker:
    return EmbeddingWorker(
        store=store.embeddings,
        stories=store.stories,
        meaning=meaning,
        embedder=model,
        leases=store.leases,
        clock=clock,
    )
