"""What the core needs from storage: a page for each room of `storage/`, which provides it.

Consumers import from `bot.ports`. `Store.articles` is the `ArticleStore`, `Store.stories` the `StoryStore`, and so on;
one object has one protocol, whoever uses it. What Telegram has to do stands beside its consumer, in
`bot/delivery/messenger.py`.

What holds for every method:

- One that says "Return" or "Tell" reads. It changes nothing, sees what is committed, and may be repeated. Asked about
  numbers that are not there, it leaves them out.
- Every other one is a transaction: when it returns, all of it is committed; when it raises, none of it is, unless the
  connection broke in the commit. It says whether it may be repeated, which is whether a second call with the same
  arguments leaves what one call leaves. Where it may not, it says what a second call does instead.
- What stands under "Raises" is for the caller. Beside that, a method raises what the database raises when it is away:
  work that repeats tries again later, and a person is told that it did not work.
- Instants are aware, `now` is the caller's, and `by` is the Telegram id of who acts, None for the bot itself. What an
  editor does is kept in the audit trail by the same transaction.
"""

from bot.ports.articles import ArticleStore, ImportStore, SourceStore, StoryStore, TopicStore
from bot.ports.asking import DoubtStore, MessageIdStore
from bot.ports.control import BacklogStore, SendStore, UncertainStore
from bot.ports.delivery import (
    CorrectionStore,
    DigestStore,
    LedgerStore,
    PublicationStore,
)
from bot.ports.feeds import FeedItemStore, FeedNoticeStore, FeedStore
from bot.ports.inbox import InboxStore
from bot.ports.index import EmbeddingStore, WordIndex, WordStore
from bot.ports.kept_copies import KeptCopyStore
from bot.ports.listeners import ListenerStore
from bot.ports.mentions import MentionStore
from bot.ports.people import (
    AudienceStore,
    AuditStore,
    EditorStore,
    KeywordStore,
    PersonalDataStore,
    PostStore,
    ReaderStore,
    TokenStore,
    WaitingStore,
)
from bot.ports.pictures import PictureStore
from bot.ports.runtime import (
    BackupStore,
    ContinuityStore,
    DialogStore,
    FactStore,
    HealthStore,
    LeaseStore,
    LoadStore,
    MessageScreenStore,
    MomentStore,
    PaceStore,
    ThrottleStore,
    VitalStore,
)

__all__ = [
    "ArticleStore",
    "AudienceStore",
    "AuditStore",
    "BacklogStore",
    "BackupStore",
    "ContinuityStore",
    "CorrectionStore",
    "DialogStore",
    "DigestStore",
    "DoubtStore",
    "EditorStore",
    "EmbeddingStore",
    "FactStore",
    "FeedItemStore",
    "FeedNoticeStore",
    "FeedStore",
    "HealthStore",
    "ImportStore",
    "InboxStore",
    "KeptCopyStore",
    "KeywordStore",
    "LeaseStore",
    "LedgerStore",
    "ListenerStore",
    "LoadStore",
    "MentionStore",
    "MessageIdStore",
    "MessageScreenStore",
    "MomentStore",
    "PaceStore",
    "PersonalDataStore",
    "PictureStore",
    "PostStore",
    "PublicationStore",
    "ReaderStore",
    "SendStore",
    "SourceStore",
    "StoryStore",
    "ThrottleStore",
    "TokenStore",
    "TopicStore",
    "UncertainStore",
    "VitalStore",
    "WaitingStore",
    "WordIndex",
    "WordStore",
]
