"""What is changed of an article, from the desk to storage."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Final

from bot.model.news import Photo


class Unchanged(Enum):
    """The type of UNCHANGED, which stands for a part that stays as it is; None is a value a part may have."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChanges:
    """The parts of an article that get a new value.

    `body` is canonical HTML, `minutes` the reading time of lead and body, `source` a name, `topics` the numbers of all
    the topics it has from then on. A `photo` of None takes the picture away, a
    `published_at` of None the date that a draft carries as its own.
    """

    title: str | Unchanged = UNCHANGED
    lead: str | Unchanged = UNCHANGED
    body: str | Unchanged = UNCHANGED
    minutes: int | Unchanged = UNCHANGED
    source: str | Unchanged = UNCHANGED
    url: str | Unchanged = UNCHANGED
    language: str | Unchanged = UNCHANGED
    topics: frozenset[int] | Unchanged = UNCHANGED
    photo: Photo | Unchanged | None = UNCHANGED
    published_at: datetime | Unchanged | None = UNCHANGED

    @property
    def parts(self) -> list[str]:
        """The names of the parts that change, in alphabetical order."""
        return sorted(one.name for one in fields(self) if getattr(self, one.name) is not UNCHANGED)
