"""The stand-in's rate limits: 30 messages a second for the bot, one a second in a chat, twenty a minute in a group."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Limits:
    """Counts messages and says how long to wait. Private chats tolerate a short burst, as Telegram does."""

    monotonic: Callable[[], float]
    bot_rate: int = 30
    chat_burst: int = 8
    group_a_minute: int = 20
    _bot: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def wait(self, chat_id: int) -> int:
        """Note a message to a chat; returns the whole seconds to wait, 0 when it goes through."""
        now = self.monotonic()
        span, most = (60.0, self.group_a_minute) if chat_id < 0 else (float(self.chat_burst), self.chat_burst)
        recent = self._chats.setdefault(chat_id, deque())
        _forget(recent, now - span)
        _forget(self._bot, now - 1.0)
        if len(recent) >= most:
            return max(1, round(recent[0] + span - now))
        if len(self._bot) >= self.bot_rate:
            return 1
        recent.append(now)
        self._bot.append(now)
        return 0


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
