"""The alarm on Telegram's side: long waits, others who use the token, updates that could not be read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.delivery.throttle import MOST_SECONDS
from bot.model.trouble import Happening, Matter
from bot.model.vitals import RIVAL
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.troubles import AGAIN, Troubles
from bot.operations.turns import Turn
from bot.ports import FactStore, InboxStore
from bot.screens.alerts import unread_alert_card
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
    owners: OwnerAlerts
    turn: Turn
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
                self._note(Matter.WAIT, until=until)
        elif seconds >= _LONG_FOR_A_CHAT:
            now = self.clock.now()
            self._chats = {**{chat: end for chat, end in self._chats.items() if end > now}, chat_id: until}
            self._note(Matter.CHATS, until=max(self._chats.values()), number=len(self._chats))

    async def conflict(self, since: datetime) -> None:
        """Have it known that another program asks for this bot's updates, since then and now: `doctor` tells of it."""
        try:
            await self.facts.put(RIVAL, since.isoformat(), self.clock.now())
        except Exception:
            log.exception("a conflict could not be noted")

    def second_poller(self, since: datetime) -> None:
        """Note that another program has been asking for this bot's updates since then."""
        self._note(Matter.RIVAL, since=since)

    def webhook_removed(self) -> None:
        """Note that somebody had set a webhook and it is gone."""
        self._note(Matter.WEBHOOK)

    def webhook_replaced(self) -> None:
        """Note that somebody had set another webhook, or none, and ours is set again."""
        self._note(Matter.REPLACED)

    def webhook_fails(self, reason: str, waiting: int) -> None:
        """Note that Telegram cannot bring updates, in its own words, and how many wait there."""
        self._note(Matter.FAILS, reason=reason, number=waiting)

    def webhook_works(self) -> None:
        """Note that Telegram can bring updates again."""
        self._note(Matter.WORKS)

    def token_accepted_again(self, since: datetime) -> None:
        """Note that Telegram did not accept the token since then, and does now."""
        self._note(Matter.TOKEN, since=since, until=self.clock.now())

    def all_read(self, number: int) -> None:
        """Note that the model has read so many articles, and none is left."""
        self._note(Matter.READ, number=number)

    def set_aside(self) -> None:
        """Note that an update could not be read or handled, and is kept."""
        self.count_soon()

    async def count_unread(self) -> None:
        """Have the owners told of updates that were set aside since they last were; called again and again.

        One of several processes tells them, seldom: whoever can have one update set aside can have hundreds.
        """
        number, told = await self._unread()
        if number == told or not self.turn.is_due(_TOLD):
            return
        async with self.turn.taken() as mine:
            number, told = await self._unread()
            if not mine or number == told:
                return
            if number > told:  # else old ones were forgotten
                reached = await self.owners.tell(lambda look: unread_alert_card(number - told, look))
                if not reached:
                    self.turn.failed(_TOLD)
                    return
                self.turn.rests(_TOLD, AGAIN.total_seconds())
            await self.facts.put(_TOLD, number, self.clock.now())

    async def _unread(self) -> tuple[int, int]:
        """Return how many updates are set aside, and of how many owners were told."""
        number, _ = await self.inbox.set_aside(0)
        return number, int(await self.facts.get(_TOLD) or 0)

    def _note(
        self,
        matter: Matter,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        number: int = 0,
        reason: str = "",
    ) -> None:
        self.troubles.note(Happening(matter=matter, since=since, until=until, number=number, reason=reason))
