"""Asking Telegram what became of uncertain deliveries: what is asked, what it answers, what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.model.outcomes import NotConnected, Refused, Throttled, Unknown
from bot.model.readers import ChatKind, ReaderState

ACCOUNT = 0
"""The counter that gives the messages of all private chats and basic groups their numbers."""
_LOWEST_OF_ACCOUNT = -(10**12)  # below are supergroups and channels (core.telegram.org/api/bots/ids)


def counter_of(chat_id: int) -> int:
    """Return which counter numbers the messages of a chat: the account's, or the chat's own, by its id."""
    return ACCOUNT if chat_id > _LOWEST_OF_ACCOUNT else chat_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An uncertain delivery that Telegram may be asked about.

    `attempt` is the try that nobody knows of; its message has a higher number than `after`, the highest that was known
    of its counter when it was claimed, None when none was. `since` is when its process was known to live.
    """

    id: int
    attempt: int
    chat_id: int
    after: int | None
    since: datetime
    kind: ChatKind = ChatKind.PRIVATE
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message of ours of which everything is known: its chat, its number, and what was known when it was claimed."""

    chat_id: int
    message_id: int
    after: int | None


@dataclass(frozen=True, slots=True)
class SentMessages:
    """Messages that one handler sent, as (chat, number); 0 for one that may be there and whose number nobody has.

    `requests` are all that made messages, in any chat, in their order, also those of earlier tries: each as the chat,
    what it is known by, and the numbers it got. Whoever handles the same again does not make the same ones again.
    """

    at: datetime
    ids: Sequence[tuple[int, int]] = ()
    requests: Sequence[Sequence[int]] = ()


@dataclass(frozen=True, slots=True)
class KnownIds:
    """Numbers that are known of a stretch of a counter; not `distinct` when one of them was given twice."""

    ids: frozenset[int] = frozenset()
    distinct: bool = True


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What may get a number just now that is not recorded yet: deliveries, as (row, try), and updates being handled.

    `mark` changes whenever everything that had come from Telegram is in the inbox.
    """

    sending: frozenset[tuple[int, int]] = frozenset()
    handling: frozenset[int] = frozenset()
    mark: str | None = None

    def still(self, later: "UnderWay") -> bool:
        """Tell whether something of it is under way later on as well."""
        return bool(self.sending & later.sending or self.handling & later.handling)


class Presence(Enum):
    """What Telegram says of one message in one chat. OTHER is there, and certainly none of ours."""

    THERE = "there"
    MISSING = "missing"
    OTHER = "other"
    UNCLEAR = "unclear"


Answer = Presence | Refused
"""What is learnt of a chat by one question; Refused where the chat is closed to the bot."""

Heard = Answer | Throttled | NotConnected | Unknown
"""What comes of one question: an answer, or a reason to ask again later."""


@dataclass(frozen=True, slots=True)
class Found:
    """The delivery arrived, as this message; None when it is one of several of its chat, nobody knows which."""

    message_id: int | None


@dataclass(frozen=True, slots=True)
class Absent:
    """The delivery certainly did not arrive: it may be sent again."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The reader cannot be reached any more, whether it arrived or not."""

    reason: str
    reader_state: ReaderState


@dataclass(frozen=True, slots=True)
class Unclear:
    """Telegram cannot tell: somebody, or the publication's policy, has to decide."""


Verdict = Found | Absent | Closed | Unclear


@dataclass(frozen=True, slots=True)
class Findings:
    """What asking came to, in numbers of deliveries."""

    found: int = 0
    returned: int = 0
    closed: int = 0
    unclear: int = 0
