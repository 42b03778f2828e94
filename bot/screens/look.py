"""How somebody sees: their language, their clock."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.readers import Reader
from bot.screens.moments import moment
from bot.text.phrasebook import Phrasebook, phrases


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody sees: language, zone, and what time it is. Equal looks see equal cards."""

    language: str
    zone: str
    now: datetime

    @property
    def say(self) -> Phrasebook:
        """The phrases of the language."""
        return phrases(self.language)

    def moment(self, at: datetime) -> str:
        """Return an instant in the looker's words."""
        return moment(at, self.now, self.zone, self.language)


def look_of(reader: Reader, now: datetime) -> Look:
    """Return how a reader sees."""
    return Look(reader.language, reader.zone, now)
