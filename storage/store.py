"""Every family of rows, over one database."""

from dataclasses import dataclass, field

from storage.articles.articles import Articles
from storage.articles.feed_items import FeedItems
from storage.articles.feed_notices import FeedNotices
from storage.articles.feeds import Feeds
from storage.articles.pictures import Pictures
from storage.articles.stories import Stories
from storage.articles.topics import Sources, Topics
from storage.delivery.backlog import Backlogs
from storage.delivery.corrections import Corrections
from storage.delivery.digests import Digests
from storage.delivery.doubts import Doubts
from storage.delivery.kept_copies import KeptCopies
from storage.delivery.ledger import Ledger
from storage.delivery.mentions import Mentions
from storage.delivery.moments import Moments
from storage.delivery.personal_data import PersonalData
from storage.delivery.posts import Posts
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.delivery.sends import Sends
from storage.delivery.uncertain import Uncertain
from storage.delivery.waiting import Waiting
from storage.engine.database import Database
from storage.index.archive import fill_archive
from storage.index.embeddings import Embeddings
from storage.index.reading import Words
from storage.people.audience import Audiences
from storage.people.audit import Audit
from storage.people.editors import Editors
from storage.people.keywords import Keywords
from storage.people.tokens import Tokens
from storage.runtime.backups import Backups
from storage.runtime.continuity import Continuity
from storage.runtime.dialogs import Dialogs
from storage.runtime.facts import Facts
from storage.runtime.health import Health
from storage.runtime.inbox import Inbox
from storage.runtime.leases import Leases, Pace
from storage.runtime.listeners import Listeners
from storage.runtime.loads import Loads
from storage.runtime.message_ids import MessageIds
from storage.runtime.message_screens import MessageScreens
from storage.runtime.throttles import Throttles
from storage.runtime.vitals import Vitals


@dataclass(slots=True)
class Store:
    """What one process start, called `holder`, remembers with."""

    database: Database
    holder: str
    articles: Articles = field(init=False)
    audiences: Audiences = field(init=False)
    audit: Audit = field(init=False)
    backlogs: Backlogs = field(init=False)
    backups: Backups = field(init=False)
    continuity: Continuity = field(init=False)
    corrections: Corrections = field(init=False)
    dialogs: Dialogs = field(init=False)
    digests: Digests = field(init=False)
    doubts: Doubts = field(init=False)
    editors: Editors = field(init=False)
    embeddings: Embeddings = field(init=False)
    health: Health = field(init=False)
    inbox: Inbox = field(init=False)
    kept_copies: KeptCopies = field(init=False)
    keywords: Keywords = field(init=False)
    leases: Leases = field(init=False)
    ledger: Ledger = field(init=False)
    listeners: Listeners = field(init=False)
    loads: Loads = field(init=False)
    facts: Facts = field(init=False)
    feed_items: FeedItems = field(init=False)
    feed_notices: FeedNotices = field(init=False)
    feeds: Feeds = field(init=False)
    pace: Pace = field(init=False)
    personal_data: PersonalData = field(init=False)
    pictures: Pictures = field(init=False)
    posts: Posts = field(init=False)
    publications: Publications = field(init=False)
    readers: LedgerReaders = field(init=False)
    message_ids: MessageIds = field(init=False)
    mentions: Mentions = field(init=False)
    message_screens: MessageScreens = field(init=False)
    moments: Moments = field(init=False)
    sends: Sends = field(init=False)
    sources: Sources = field(init=False)
    stories: Stories = field(init=False)
    throttles: Throttles = field(init=False)
    tokens: Tokens = field(init=False)
    topics: Topics = field(init=False)
    uncertain: Uncertain = field(init=False)
    vitals: Vitals = field(init=False)
    waiting: Waiting = field(init=False)
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        families = (
            Articles, Audiences, Audit, Backlogs, Continuity, Sends, Corrections, Dialogs, Digests, Doubts, Editors,
            Embeddings, Keywords, Facts, Health, Loads, Mentions, Moments, Pace, Pictures, Posts, Publications, Sources,
            Stories, Throttles, Tokens, Topics, Uncertain, Vitals, Waiting, Words,
        )  # fmt: skip
        for family in families:
            setattr(self, family.__name__.lower(), family(self.database))
        self.backups = Backups(self.database, fill_archive, Articles)
        self.readers = LedgerReaders(self.database)
        self.personal_data = PersonalData(self.database)
        self.kept_copies = KeptCopies(self.database)
        self.feed_items = FeedItems(self.database)
        self.feed_notices = FeedNotices(self.database)
        self.feeds = Feeds(self.database, self.holder)
        self.message_ids = MessageIds(self.database)
        self.message_screens = MessageScreens(self.database)
        self.inbox = Inbox(self.database, self.holder)
        self.leases = Leases(self.database, self.holder)
        self.listeners = Listeners(self.database, self.holder)
        self.ledger = Ledger(self.database, self.holder)
