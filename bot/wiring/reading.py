"""What readers ask for, and what shows it to them."""

from dataclasses import dataclass

from bot.readers.chats import Chats
from bot.readers.library import Library
from bot.readers.searches import Searches
from bot.readers.subscriptions import Subscriptions
from bot.readers.withdrawals import Withdrawals
from bot.relevance.embedder import EmbeddingWorker
from bot.relevance.model_process import ModelProcess
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.semantic import SemanticIndex
from bot.screens.digests import DigestScreens
from bot.screens.presenter import Presenter
from bot.timing.clock import Clock
from bot.wiring.ground import Ground
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What readers ask for, and what shows it to them."""

    meaning: SemanticIndex
    embedding_worker: EmbeddingWorker
    finder: Finder
    library: Library
    subscriptions: Subscriptions
    searches: Searches
    chats: Chats
    digests: DigestScreens
    presenter: Presenter


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
    finder = Finder(store.words, meaning)
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
    return Reading(
        meaning=meaning,
        embedding_worker=_embedding_worker(store, meaning, clock),
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


def _embedding_worker(store: Store, meaning: SemanticIndex, clock: Clock) -> EmbeddingWorker:
    return EmbeddingWorker(
        store=store.embeddings,
        stories=store.stories,
        meaning=meaning,
        embedder=ModelProcess(),
        leases=store.leases,
        clock=clock,
    )
