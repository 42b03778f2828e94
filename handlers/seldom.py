"""Saying something in a chat once in a while: who goes on asking is not to fill it."""

from dataclasses import dataclass, field

from bot.timing.clock import Clock

_AGAIN_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Seldom:
    """Knows in which chats something has been said within the last minute."""

    clock: Clock
    _said: dict[int, float] = field(default_factory=dict)

    def may_say(self, chat_id: int) -> bool:
        """Tell whether it may be said in a chat now, and count it as said."""
        now = self.clock.monotonic()
        self._said = {chat: at for chat, at in self._said.items() if now - at < _AGAIN_SECONDS}
        if chat_id in self._said:
            return False
        self._said[chat_id] = now
        return True
