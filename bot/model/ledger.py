"""The delivery ledger: one row for each thing that goes to a reader, and what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Self

from bot.model.frozen import unfrozen
from bot.model.readers import Reader, ReaderState


class DeliveryState(IntEnum):
    """The state of a delivery; numbers are stored.

    QUEUED → SENDING → one of SENT, FAILED, UNCERTAIN. SENDING is committed before the first byte leaves.
    HELD waits for a digest, BUNDLED went into one. EXPIRED and DROPPED were never sent. PARKED waits for its
    publication to be resumed. TOLD is what SENT is for a mention under an earlier message.
    """

    QUEUED = 0
    SENDING = 2
    SENT = 3
    FAILED = 4
    UNCERTAIN = 5
    EXPIRED = 6
    HELD = 7
    BUNDLED = 8
    DROPPED = 9
    PARKED = 10
    TOLD = 11


OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTraits:
    """What distinguishes one kind of delivery from the others; each is asked for by name, never by kind.

    `holds_article`: it is a copy of the article, alone or in a digest, and corrections go to it.
    `mentions`: it stands under an earlier message; there is one delivery to a reader that holds or mentions an article.
    `edits`: it changes the message `target_message` instead of sending one.
    `repeatable`: a second one changes nothing, so that it may be sent again when nobody knows whether it arrived.
    `reaches_paused`: it goes also to readers who paused or left: it concerns what they hold.
    `waits_for_quiet_end`: one that comes due in quiet hours stays queued until they end.
    `may_become_item`: waiting too long for its turn, it becomes a line of the reader's next digest.
    `is_held`: it waits for a digest, and is counted as held.
    `keeps_revision`: it tells of the revision it was written for; all else is sent as its article is by then.
    `is_counted`: it counts as a delivery of its publication.
    """

    holds_article: bool = False
    mentions: bool = False
    edits: bool = False
    repeatable: bool = False
    reaches_paused: bool = False
    waits_for_quiet_end: bool = False
    may_become_item: bool = False
    is_held: bool = False
    keeps_revision: bool = False
    is_counted: bool = False


class DeliveryKind(IntEnum):
    """What a delivery is, and what holds for its kind; numbers are stored.

    MENTION is a button under the message that told the same before, PUSH a headline, ITEM a headline inside a digest,
    DIGEST the digest itself, EDIT a change of a delivered copy, NOTE a short reply about a correction.
    """

    traits: KindTraits

    def __new__(cls, number: int, traits: KindTraits = KindTraits()) -> Self:
        """Make a member of a number and its traits."""
        member = int.__new__(cls, number)
        member._value_ = number
        member.traits = traits
        return member

    MENTION = 0, KindTraits(mentions=True, edits=True, repeatable=True, may_become_item=True, is_counted=True)
    PUSH = 1, KindTraits(holds_article=True, may_become_item=True, is_counted=True)
    ITEM = 2, KindTraits(holds_article=True, is_held=True, is_counted=True)
    DIGEST = 3
    EDIT = 4, KindTraits(edits=True, repeatable=True, reaches_paused=True, is_counted=True)
    NOTE = 5, KindTraits(waits_for_quiet_end=True, keeps_revision=True)


class Priority(IntEnum):
    """Who goes first when both wait. Of replies to people only a digest that was asked for stands in the ledger."""

    REPLY = 0
    URGENT = 1
    INSTANT = 2
    DIGEST = 3


class Policy(IntEnum):
    """What happens to deliveries whose fate nobody knows: keep them for the editor, send again, or let go."""

    HOLD = 0
    RESEND = 1
    DROP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking for a digest: how many lines it has, or that an earlier one is `under_way`."""

    lines: int = 0
    under_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the ledger with what is needed to send it.

    `attempts` is how often it was tried before, `paid` that it may cost Stars. `first_article` is the one under whose
    message, `target_message`, a mention stands.
    """

    id: int
    reader: Reader
    kind: DeliveryKind
    lane: Priority
    attempts: int = 0
    publication_id: int | None = None
    article_id: int | None = None
    digest_id: int | None = None
    revision: int = 0
    target_message: int | None = None
    first_article: int | None = None
    paid: bool = False


# What the ledger does next with a delivery.


@dataclass(frozen=True, slots=True)
class Finish:
    """The delivery ends here, in a final state. `chat_id` is where it made a new message, None if it made none.

    `reader_state` is what that says of the reader: of every one in the chat, unless it is `thread_only`.
    """

    state: DeliveryState
    reason: str = ""
    message_id: int | None = None
    reader_state: ReaderState | None = None
    chat_id: int | None = None
    thread_only: bool = False


_Finish = unfrozen(Finish)


def sent(message_id: int | None, chat_id: int | None) -> Finish:
    """Return how a delivery ends that has arrived, as nearly all of them do: made quickly."""
    end = _Finish()
    end.state, end.reason, end.message_id, end.chat_id = DeliveryState.SENT, "", message_id, chat_id
    end.reader_state, end.thread_only = None, False
    end.__class__ = Finish
    made: Finish = end
    return made


@dataclass(frozen=True, slots=True)
class Retry:
    """The delivery goes back to the queue, not to be tried before `not_before`.

    The only step that opens a row again, so it names the try that it ends (1 is the first): written down twice, or
    late, it must not take back a row that is being sent once more.
    """

    not_before: datetime
    reason: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Aloud:
    """A mention that could not be made goes back to the queue as a push. `attempt` is the try that it ends."""

    not_before: datetime
    reason: str
    attempt: int


Step = Finish | Retry | Aloud


QUIET_HOURS = "quiet hours"
"""The reason of what waits because its reader is not to be woken."""

NOTHING_TO_SEND = "nothing to send"
"""The reason of what is dropped because nothing is left of it."""


@dataclass(frozen=True, slots=True)
class Postpone:
    """Not now, for a reason: the delivery stays in the queue until then. That is no try.

    What waits for its reader's quiet hours to end, `QUIET_HOURS`, holds up no edit.
    """

    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ToDigest:
    """Not as a message of its own: the headline becomes a line of its reader's next digest."""


ClaimFilter = Callable[[Sequence[Delivery]], Mapping[int, Finish | Postpone | ToDigest]]
"""Says which of the deliveries that are due, by number, are not to be sent now; called inside the claim."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed: what may be sent, and how many rows were put aside."""

    deliveries: Sequence[Delivery] = ()
    aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What was made compact: up to which row of the ledger was looked, and how many rows are gone."""

    place: int
    gone: int


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How the deliveries of one publication stand; the numbers of rows. `told` are mentions, made without a push.

    Of those that were uncertain, `found` had arrived and `returned` to the queue, as Telegram said.
    """

    total: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    expired: int = 0
    dropped: int = 0
    held: int = 0
    found: int = 0
    returned: int = 0
    told: int = 0

    @property
    def left(self) -> int:
        """Rows that are still to be sent now (what is held for digests is not counted)."""
        ended = self.sent + self.failed + self.uncertain + self.expired + self.dropped + self.told
        return self.total - ended - self.held


@dataclass(frozen=True, slots=True)
class UncertainDelivery:
    """One delivery nobody knows of: whose, what it is, why, since when."""

    reader: str
    kind: DeliveryKind
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class UncertainCounts:
    """How many uncertain deliveries are for somebody to decide, and since when the newest; None when there are none."""

    number: int = 0
    newest: datetime | None = None


class ClaimUnconfirmed(Exception):
    """The commit that claims deliveries failed, or only seemed to. `deliveries` may be this process's now, or not.

    Not for people: the sender puts them back, whichever it was.
    """

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        super().__init__(f"{len(deliveries)} deliveries")
        self.deliveries = deliveries
