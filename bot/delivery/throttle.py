"""Throttling: what Telegram's 429s ask for, each chat by itself, the whole bot bounded and tried again and again.

A 429 does not say whether its chat is meant or the bot, and may ask for hours.
"""

from dataclasses import dataclass, field
from typing import Protocol

from bot.delivery.pacing import ChatPacer, Slots
from bot.timing.clock import Clock

_FIRST_SECONDS = 5.0
MOST_SECONDS = 60.0
"""The longest the whole bot waits before it tries again, whatever Telegram asked for, over a restart as well."""


class WaitListener(Protocol):
    """Hears what Telegram asks for."""

    def asked(self, chat_id: int | None, seconds: float) -> None:
        """Note that a chat is not to be written to for so many seconds; None for any chat."""


@dataclass(slots=True, kw_only=True)
class Throttle:
    """Tells a limit of the whole bot from a limit of one chat, and has each wait for as long as it must.

    A refusal holds for its own chat, as long as it says. When another chat is refused as well, and nothing that was
    sent in between got through, it is the bot: it waits a few seconds, then one message is tried, and when that is
    refused too it waits for longer, never for longer than MOST_SECONDS or than each chat was told. So chats that are
    refused by chance, or by somebody's doing, one after the other, hold the others up for seconds.
    """

    clock: Clock
    pacer: Slots
    chats: ChatPacer
    listener: WaitListener | None = None
    _chat: int | None = None
    _until: float = 0.0  # of the chat that was refused last; while the bot waits, of what was asked of all
    _paused_until: float = 0.0
    _pause: float = 0.0
    _refused: set[int] = field(default_factory=set)  # while the bot waits: the chats that it was tried with

    def refused(self, chat_id: int, seconds: float) -> float:
        """Note a 429; returns for how many seconds the whole bot waits, 0 when only the chat does."""
        now = self.clock.monotonic()
        ends = now + max(seconds, 1.0)
        self.chats.refuse(chat_id, seconds)
        if self.listener is not None:
            self.listener.asked(chat_id, seconds)
        if now < self._paused_until:  # was under way when the wait began
            return 0.0
        if self._is_news(chat_id) and (self._pause or now < self._until):
            self._until = min(self._until, ends) if now < self._until else ends
            return self._wait(chat_id, now)
        if not self._pause:
            self._chat, self._until = chat_id, ends
        return 0.0

    def _is_news(self, chat_id: int) -> bool:
        """Tell whether a refusal says something of the bot: that a chat is refused again says nothing."""
        return self._chat is not None and chat_id != self._chat and chat_id not in self._refused

    def _wait(self, chat_id: int, now: float) -> float:
        self._refused.add(chat_id)
        asked = self._until - now
        self._pause = min(MOST_SECONDS, max(_FIRST_SECONDS, 2 * self._pause))
        seconds = min(self._pause, asked)
        self._paused_until = now + seconds
        self.pacer.pause(seconds)
        if self.listener is not None:
            self.listener.asked(None, asked)
        return seconds

    def accepted(self) -> None:
        """Note that a message got through; one that was under way when the wait of the bot began does not end it."""
        if self._chat is not None and self.clock.monotonic() >= self._paused_until:
            self._chat, self._pause = None, 0.0
            self._refused.clear()
        self.pacer.go_on()
