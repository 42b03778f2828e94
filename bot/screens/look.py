"""How somebody sees: their language, their clock."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.readers import Reader
from bot.screens.moments import in_full, moment
from bot.text.languages import LANGUAGES
from bot.text.phrasebook import Phrasebook, interface_language, phrases
from bot.timing.clock import Clock


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

    def in_full(self, at: datetime) -> str:
        """Return an instant so that nobody takes it for another."""
        return in_full(at, self.now, self.zone, self.language)


def look_of(reader: Reader, now: datetime) -> Look:
    """Return how a reader sees."""
    return Look(reader.language, reader.zone, now)


@dataclass(frozen=True, slots=True)
class Locale:
    """The newsroom's own language and zone, for whoever has not chosen any; and the clock everybody sees by."""

    language: str
    zone: str
    clock: Clock

    def look(self, reader: Reader | None = None) -> Look:
        """Return how a reader sees now, or somebody who is not known as one."""
        now = self.clock.now()
        return look_of(reader, now) if reader is not None else Look(self.language, self.zone, now)

    def spoken(self, code: str | None) -> str:
        """Return the language to speak with somebody whose Telegram speaks `code`; None when nobody knows."""
        return interface_language(code, self.language)

    def shared(self, code: str | None) -> str:
        """Return the language to speak in a chat of many that somebody whose Telegram speaks `code` has brought us to.

        Where we have not theirs it is the newsroom's own: what the others speak nobody knows.
        """
        primary = (code or "").partition("-")[0].lower()
        return primary if primary in LANGUAGES else self.language
