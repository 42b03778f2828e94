"""The alarm on Telegram's side: long waits, others who use the token, updates that could not be read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.delivery.throttle import MOST_SECONDS
from bot.model.vitals import RIVAL
from bot.operations.troubles import Troubles
from bot.ports import FactStore, InboxStore
from bot.screens.alerts import (
    all_read_card,
    second_poller_card,
    token_card,
    unread_alert_card,
    wait_card,
    webhook_card,
    webhook_fails_card,
    webhook_replaced_card,
    webhook_works_card,
)
from bot.timing.clock import Clock

_LONG_FOR_A_CHAT = 3600.0  # shorter ones pass before anybody would do anything about them
_TOLD = "unread-told"

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class TelegramAlarm:
    """Notes what owners should know of Telegram. Its methods that are not async wait for nobody and raise nothing.

    `count_soon` has `count_unread` called soon.
    """

    troubles: Troubles
    inbox: InboxStore
    facts: FactStore
    clock: Clock
    count_soon: Callable[[], None]
    _chats: dict[int, datetime] = field(default_factory=dict)

    def asked(self, chat_id: int | None, seconds: float) -> None:
        """Note that Telegram wants nothing written to a chat for so many seconds; None for any chat."""
        until = self.clock.now() + timedelta(seconds=seconds)
        if chat_id is None:
            if seconds > MOST_SECONDS:
                self.troubles.note("wait", lambda look: wait_card(until, 0, look))
        elif seconds >= _LONG_FOR_A_CHAT:
            now = self.clock.now()
            self._chats = {**{chat: end for chat, end in self._chats.items() if end > now}, chat_id: until}
            chats = self._chats
            self.troubles.note("wait of a chat", lambda look: wait_card(max(chats.values()), len(chats), look))

    async def conflict(self, since: datetime) -> None:
        """Have it known that another program asks for this bot's updates, since then and now: `doctor` tells of it."""
        try:
            await self.facts.put(RIVAL, since.isoformat(), self.clock.now())
        except Exception:
            log.exception("a conflict could not be noted")

    def second_poller(self, since: datetime) -> None:
        """Note that another program has been asking for this bot's updates since then."""
        self.troubles.note("second poller", lambda look: second_poller_card(since, look))

    def webhook_removed(self) -> None:
        """Note that somebody had set a webhook and it is gone."""
        self.troubles.note("webhook", webhook_card)

    def webhook_replaced(self) -> None:
        """Note that somebody had set another webhook, or none, and ours is set again."""
        self.troubles.note("webhook replaced", webhook_replaced_card)

    def webhook_fails(self, reason: str, waiting: int) -> None:
        """Note that Telegram cannot bring updates, in its own words, and how many wait there."""
        self.troubles.note("webhook fails", lambda look: webhook_fails_card(reason, waiting, look))

    def webhook_works(self) -> None:
        """Note that Telegram can bring updates again."""
        self.troubles.note("webhook works", webhook_works_card)

    def token_accepted_again(self, since: datetime) -> None:
        """Note that Telegram did not accept the token since then, and does now."""
        until = self.clock.now()
        self.troubles.note("token", lambda look: token_card(since, until, look))

    def all_read(self, number: int) -> None:
        """Note that the model has read so many articles, and none is left."""
        self.troubles.note("read", lambda look: all_read_card(number, look))

    def set_aside(self) -> None:
        """Note that an update could not be read or handled, and is kept."""
        self.count_soon()

    async def count_unread(self) -> None:
        """Have the owners told of updates that were set aside since they last were; called again and again."""
        number, _ = await self.inbox.set_aside(0)
        told = await self.facts.get(_TOLD) or 0
        if number == told:
            return
        await self.facts.put(_TOLD, number, self.clock.now())
        if number > told:  # else old ones were forgotten
            self.troubles.note("unread", lambda look: unread_alert_card(number - told, look))
