"""What waits from before a long stop, or in a database that was put back from a copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterline:
    """What counts as waiting from before: deliveries made before `since`, publications up to the number `newest`.

    Of what is planned counts what is due by `planned_to`, and all of it if that is None: a copy does not know what was
    sent ahead of its time.
    """

    since: datetime
    newest: int
    planned_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """How many deliveries of a send are uncertain; those of no send are digests and notes of corrections."""

    publication_id: int | None
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: deliveries, planned publications, sends whose deliveries are not all written.

    What is `in_doubt` does not wait, nor is it taken back: it may have arrived.
    """

    deliveries: int = 0
    planned: int = 0
    unfinished: int = 0
    in_doubt: Sequence[InDoubt] = ()

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.deliveries or self.planned or self.unfinished)
