"""Feeds: addresses that are polled for news, what they brought, and what the desk is told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from bot.model.changes import UNCHANGED, Unchanged


class FeedState(IntEnum):
    """Where a feed stands; numbers are stored. OFFERED was found and shown, and nobody has added it yet."""

    OFFERED = 0
    ACTIVE = 1
    PAUSED = 2
    ENDED = 3


class FeedMode(IntEnum):
    """What becomes of what a feed brings; numbers are stored."""

    APPROVE = 0  # drafts, for an editor to publish
    PUBLISH = 1  # goes out at once
    ARCHIVE = 2  # public, without a push


class ItemState(IntEnum):
    """Where an item of a feed stands; numbers are stored."""

    TAKEN = 0
    HELD = 1  # came with too many others: an editor is asked
    DROPPED = 2
    VANISHED = 3  # its source has taken it away, and the desk knows
    MISSING = 4  # its feed was without it once, and should not be
    GATHERED = 5  # an album of a channel, of which more may come


class NoticeKind(IntEnum):
    """What the desk is told of a feed; numbers are stored. What a feed is like goes to owners, the rest to editors."""

    FAILING = 0
    ENDED = 1
    RECOVERED = 2
    FLOOD = 3  # a question: what becomes of what is held
    CHANGED = 4  # a question: whether an article follows its source
    VANISHED = 5
    DAMAGED = 6  # some of its bytes make no characters

    @property
    def is_for_owners(self) -> bool:
        """Whether it is about the feed itself, and not about what it brought."""
        return self in {NoticeKind.FAILING, NoticeKind.ENDED, NoticeKind.RECOVERED, NoticeKind.DAMAGED}


WHOLE = "*"
"""Stands for all categories of a feed where its topics are chosen."""
AUTOMATIC = 0
"""The interval of a feed that is asked as often as it brings something."""
_CHANNEL = "telegram:"
_POST = "channel:"


def channel_address(chat_id: int) -> str:
    """Return what stands where another feed has its address, for a channel of Telegram's."""
    return f"{_CHANNEL}{chat_id}"


def post_identity(chat_id: int, key: str) -> str:
    """Return what the article is known by that a channel's post became; `key` is the post's in its channel."""
    return f"{_POST}{chat_id}:{key}"


def channel_of(identity: str | None) -> int | None:
    """Return the channel whose post an article is, by what it is known by; None for any other article."""
    rest = (identity or "").removeprefix(_POST)
    chat = rest.partition(":")[0]
    return int(chat) if rest != identity and chat.removeprefix("-").isdecimal() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skips:
    """When a feed wants not to be asked: hours of UTC, and days, of which 0 is Monday."""

    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed. `source` and `language` are "" where its own count; `every` is in seconds, or AUTOMATIC.

    `topics` says by which of the newsroom's topics (a slug, "" for none) a category of the feed goes, `categories` how
    often each was seen. `print` is the fingerprint of what it last held. Before it was `filled`, what it holds goes to
    the archive without a push. `fresh_for` is for how many seconds it said last that nothing new is to be had.
    `reason` and `detail` are why it failed the last time, "" if it did not; `told` is whether owners know. With
    `full_text` pages’ texts are taken where they are longer, and their pictures where the feed has none; with
    `page_pictures` only those. `page_trouble` is why a page could not be read the last time.
    """

    id: int
    address: str
    state: FeedState
    mode: FeedMode
    name: str = ""
    source: str = ""
    language: str = ""
    every: int = AUTOMATIC
    topics: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    added_by: int | None = None
    next_at: datetime
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    etag: str = ""
    modified: str = ""
    print: str = ""
    filled: bool = False
    fresh_for: int = 0
    skips: Skips = field(default_factory=Skips)
    failures: int = 0
    reason: str = ""
    detail: str = ""
    told: bool = False
    full_text: bool = False
    page_pictures: bool = False
    page_trouble: str = ""

    @property
    def title(self) -> str:
        """What it is called at the desk."""
        return self.source or self.name or self.address

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel of Telegram's, which is not polled: Telegram brings its posts."""
        return self.address.startswith(_CHANNEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """What of a feed's settings gets a new value."""

    state: FeedState | Unchanged = UNCHANGED
    mode: FeedMode | Unchanged = UNCHANGED
    source: str | Unchanged = UNCHANGED
    language: str | Unchanged = UNCHANGED
    every: int | Unchanged = UNCHANGED
    topics: Mapping[str, str] | Unchanged = UNCHANGED
    full_text: bool | Unchanged = UNCHANGED
    page_pictures: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll came to, as it is stored: everything that belongs to the answer, and when to ask again.

    `address` is the one it has moved to for good, "" if it has not. `tell` is what owners are to hear, if anything.
    None of a field leaves what is stored.
    """

    next_at: datetime
    succeeded: bool
    failures: int = 0
    reason: str = ""
    detail: str = ""
    told: bool = False
    tell: NoticeKind | None = None
    state: FeedState = FeedState.ACTIVE
    address: str = ""
    name: str | None = None
    etag: str | None = None
    modified: str | None = None
    print: str | None = None
    categories: Mapping[str, int] | None = None
    filled: bool | None = None
    fresh_for: int | None = None
    skips: Skips | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An item of a feed, known by `key`; `print` is the fingerprint of its text as the feed last had it.

    `article_id` is what it became, `url_key` what its address is known by. `dated_at` is its own date, `seen_at` when
    it came, `missing_since` when the feed was first without it.
    """

    key: str
    state: ItemState = ItemState.TAKEN
    article_id: int | None = None
    print: str = ""
    url_key: str = ""
    dated_at: datetime | None = None
    seen_at: datetime
    missing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNotice:
    """Something the desk is told of a feed, once; a question is answered once. `detail` belongs to its kind.

    `answered` is whether nobody is asked any more, `answered_by` the user who answered, None where nobody has.
    """

    id: int
    feed_id: int
    kind: NoticeKind
    at: datetime
    article_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    answered: bool = False
    answered_by: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """How much a feed brings: items a day over the last week, and how many of all are held."""

    a_day: float = 0.0
    held: int = 0
