"""What is kept of the chats: updates as they came, and what messages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update as Telegram sent it: `chat_id` is whose order it belongs to, `payload` its JSON.

    `sent` is what was sent by a handling of it that did not come to its end; see `SentMessages.requests`.
    """

    update_id: int
    chat_id: int
    payload: str
    sent: Sequence[Sequence[int]] | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """An update that could not be read or handled: when it came, its JSON as far as there is any, and why."""

    update_id: int
    received_at: datetime
    payload: str
    reason: str


@dataclass(frozen=True, slots=True)
class RelatedUse:
    """What somebody did with what is related to an article: saw the list, or `opened` something in it."""

    article_id: int
    opened: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows now: an encoded screen, perhaps of an article, perhaps going on in further messages.

    The screen is "" where it is none that could be drawn anew.
    """

    screen: str
    article_id: int | None = None
    tail: tuple[int, ...] = ()
