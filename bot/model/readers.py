"""Readers: the chats that receive news, and what they chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import IntEnum

from bot.model.matching import MatchKey, MatchKind


class ReaderState(IntEnum):
    """Whether a reader can and wants to be sent anything; numbers are stored."""

    ACTIVE = 0
    PAUSED = 1
    LEFT = 2
    BLOCKED = 3  # a person blocked the bot: comes back by unblocking
    DEACTIVATED = 4  # the account is gone
    KICKED = 5  # the bot is no longer in the group or channel
    MUTED = 6  # the bot may not write there: its administrators have to change that
    GONE = 7  # Telegram does not know the chat


class ChatKind(IntEnum):
    """What kind of chat a reader is."""

    PRIVATE = 0
    GROUP = 1
    CHANNEL = 2


@dataclass(frozen=True, slots=True)
class Instantly:
    """Headlines come one by one, as they are published."""


@dataclass(frozen=True, slots=True)
class Hourly:
    """Headlines come in one digest at each full hour of the reader's clock."""


@dataclass(frozen=True, slots=True)
class AtHours:
    """Headlines come in one digest at each of these times of the reader's day, earliest first."""

    times: tuple[time, ...]


Schedule = Instantly | Hourly | AtHours


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the reader's day without a sound; may run over midnight. `start == end` means the whole day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Address:
    """Where messages go: a chat, and in a group perhaps one forum topic of it (`thread_id`, 0 for none)."""

    chat_id: int
    thread_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat that receives news.

    `language` is the interface's; `news_language` is the one news must be in, or "" for any. `plain` asks for
    simple messages instead of rich ones, `titles_only` for pushes without lead and picture. `urgent_breaks` lets urgent
    news through digests and quiet hours. With `fold_sources`, what another source tells of news that was sent already
    stands under that message, without a push.
    `next_digest_at` is when what is held back goes out, None when nothing can be held back.
    """

    id: int
    address: Address
    kind: ChatKind = ChatKind.PRIVATE
    name: str = ""
    language: str = "uk"
    zone: str = "Europe/Kyiv"
    state: ReaderState = ReaderState.ACTIVE
    schedule: Schedule = Instantly()
    quiet: Quiet | None = None
    news_language: str = ""
    plain: bool = False
    titles_only: bool = False
    urgent_breaks: bool = True
    fold_sources: bool = False
    next_digest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """A reader's subscriptions and exclusions (see `bot.readers.audience`).

    `until` says when an exclusion ends, of those that do; `words` are keywords as the reader typed them. Of what is
    unwanted `resting` are the subscriptions that a mute silences for a while.
    """

    wanted: frozenset[MatchKey] = frozenset()
    unwanted: frozenset[MatchKey] = frozenset()
    until: Mapping[MatchKey, datetime] = field(default_factory=dict)
    words: Mapping[MatchKey, str] = field(default_factory=dict)
    resting: frozenset[MatchKey] = frozenset()

    @property
    def has_topics(self) -> bool:
        """Whether a topic is wanted, or all news."""
        return any(key.kind in {MatchKind.TOPIC, MatchKind.EVERYTHING} for key in self.wanted)

    @property
    def rules(self) -> list[MatchKey]:
        """What is wanted beside topics, the most particular first."""
        return sorted(key for key in self.wanted if key.kind not in {MatchKind.TOPIC, MatchKind.EVERYTHING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing a reader said of a match key: a subscription, or with `exclude` that nothing of it may come.

    `until` is when the exclusion ends, if ever; one that stands beside `exclude` false silences a subscription for a
    while. `words` is how they typed a keyword.
    """

    key: MatchKey
    exclude: bool = False
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a reader gets an article, or does not: the match key, and the name people know it by ("" for all news).

    `until` is when it ends that nothing comes, for what is muted for a while.
    """

    key: MatchKey
    name: str = ""
    until: datetime | None = None
