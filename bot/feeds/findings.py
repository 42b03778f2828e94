"""What reading a file brings: records as they stand there, items made of them, and what is to be said of either."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.news import Incoming

Values = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be said of an item: the key of a phrase, and its variables."""

    key: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed that a list of feeds names."""

    name: str
    address: str


class Rejected(Exception):
    """The item cannot be taken; `reason` is the key of a phrase."""

    def __init__(self, reason: str, **values: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values: Values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a file says around its records.

    `bases` are what addresses without a beginning are completed with, the first that is one; `language` is the file's
    own. `feed` says that titles may be marked up and texts hold entities, as feeds have them.
    """

    bases: tuple[str, ...] = ()
    language: str = ""
    feed: bool = False


PLAIN = Surroundings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of a file, by the names of docs/IMPORT.md, or the reason why there is none.

    `end` is how many bytes of the file are behind it. A record without fields may carry a problem, findings that
    concern the file, or a feed to follow; else it is that of an item in which nothing is known.
    """

    place: str
    end: int = 0
    fields: Mapping[str, object] = field(default_factory=dict)
    around: Surroundings = PLAIN
    problem: str = ""
    values: Values = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    follow: Follow | None = None

    @property
    def is_item(self) -> bool:
        """Whether it is to be read as an item, were there nothing in it: what is left out is named."""
        return not (self.problem or self.follow) and (bool(self.fields) or not self.notes)


@dataclass(frozen=True, slots=True)
class Item:
    """An item that was read, or the reason why not. `end` is how many bytes of the file are behind it.

    `notes` are what was left out of an item that is taken, and what was made of what was not clear.
    """

    place: str
    end: int
    incoming: Incoming | None = None
    problem: str = ""
    values: Values = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    follow: Follow | None = None
