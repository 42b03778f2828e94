"""The desk: who may publish, and what is on its way out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from bot.model.changes import ArticleChanges
from bot.model.ledger import DeliveryCounts, Policy, Priority
from bot.model.news import RevisionKind, Terms


class Role(IntEnum):
    """What a person may do; a higher role may do all that a lower one may. Numbers are stored."""

    READER = 0
    AUTHOR = 1  # writes drafts
    EDITOR = 2  # publishes
    OWNER = 3  # names editors


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody on the desk."""

    user_id: int
    role: Role
    name: str = ""


@dataclass(frozen=True, slots=True)
class DeskAct:
    """What somebody did on the desk, by its name in the audit trail: to an article, or to a person, `who`.

    `by` is a Telegram id, None for the bot itself; `at_then` is for when an article was ordered.
    """

    id: int
    name: str
    at: datetime
    by: int | None
    article_id: int | None = None
    who: int | None = None
    at_then: datetime | None = None


class PublicationState(IntEnum):
    """Where a send stands; numbers are stored. STOPPING becomes STOPPED when no row waits any more."""

    SCHEDULED = 0
    RUNNING = 1
    PAUSED = 2
    DONE = 3
    STOPPED = 4
    CANCELLED = 5
    STOPPING = 6


@dataclass(frozen=True, slots=True)
class Order:
    """What an editor asks for: which version of which draft goes out, when and how."""

    article_id: int
    version: int
    at: datetime
    by: int
    lane: Priority = Priority.INSTANT
    policy: Policy = Policy.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One send of one revision of an article: when, in which lane, how far it is.

    `fanned_to` is the last reader key that has its rows (None when all have); `progress` is the message that
    shows the progress to the editor, as (chat, message). `purpose` is why the revision was made: FIRST sends the
    article, the others change the copies that readers hold. Of `asking` of its uncertain deliveries it is still being
    found out what became of them.
    """

    id: int
    article_id: int
    state: PublicationState
    at: datetime
    lane: Priority = Priority.INSTANT
    policy: Policy = Policy.HOLD
    by: int | None = None
    revision: int = 1
    purpose: RevisionKind = RevisionKind.FIRST
    fanned_to: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    progress: tuple[int, int] | None = None
    tally: DeliveryCounts = field(default_factory=DeliveryCounts)
    reason: str = ""
    asking: int = 0

    @property
    def undecided(self) -> int:
        """Return of how many deliveries Telegram cannot tell whether they arrived: somebody has to decide."""
        return self.tally.uncertain - self.asking


@dataclass(frozen=True, slots=True)
class Audience:
    """How many readers a publication reaches: at once, and in later digests."""

    now: int
    later: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A new revision of a published article: `note` says in one sentence what changed, `by` is None for its source.

    `terms` are the words of the new text, None for a retraction: a retracted article is not found any more. `answers`
    is the question of a feed that it answers, which nobody may have answered yet.
    """

    article_id: int
    version: int
    kind: RevisionKind
    by: int | None
    note: str = ""
    changes: ArticleChanges = field(default_factory=ArticleChanges)
    terms: Terms | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """A correction as everybody can read it."""

    article_id: int
    kind: RevisionKind
    title: str
    note: str
    at: datetime
