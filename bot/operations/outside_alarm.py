"""Telling somebody outside Telegram, where owners cannot be told in it: ALERT_URL."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.text.phrasebook import Phrasebook
from bot.timing.clock import Clock

AWAY_SECONDS = 120.0  # shorter absences pass before anybody would do anything about them
Post = Callable[[Mapping[str, str]], Awaitable[bool]]


@dataclass(slots=True, kw_only=True)
class OutsideAlarm:
    """Posts each trouble of this process with Telegram once, and once when it is over; what is not taken, again later.

    `silent_for` is for how many seconds Telegram has not answered, `refused` whether it refuses the token.
    """

    silent_for: Callable[[], float]
    refused: Callable[[], bool]
    post: Post
    clock: Clock
    say: Phrasebook
    instance: str
    _since: dict[str, datetime] = field(default_factory=dict)  # what was taken, from when on

    async def look(self) -> None:
        """Post what has begun and what is over; called again and again. Raises nothing."""
        now = self.clock.now()
        wrong = {
            "telegram": self.silent_for() >= AWAY_SECONDS,
            "token": self.refused(),
        }
        for name, is_so in wrong.items():
            if is_so and name not in self._since:
                if await self.post(self._said(name, "begun", now)):
                    self._since[name] = now
            elif not is_so and name in self._since and await self.post(self._said(name, "over", now)):
                del self._since[name]

    def _said(self, name: str, state: str, now: datetime) -> Mapping[str, str]:
        text = self.say("outside-over") if state == "over" else self.say(f"outside-{name}")
        since = self._since.get(name, now)
        return {
            "source": "visnyk",
            "instance": self.instance,
            "trouble": name,
            "state": state,
            "text": text,
            "at": now.isoformat(timespec="seconds"),
            "since": since.isoformat(timespec="seconds"),
        }
