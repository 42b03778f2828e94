"""Paid broadcasts: Telegram lets a bot send up to 1000 messages a second for 0.1 Star each.

Source: core.telegram.org/bots/api, "Paid broadcasts". Nothing is spent unless the operator set a rate and a budget for
the day; what a message may cost is counted before it is sent, so the budget is never exceeded, also by several
processes.
"""

from dataclasses import dataclass
from datetime import date

from bot.delivery.pacing import Slots
from bot.model.ledger import Priority
from bot.ports import PaceStore
from bot.timing.clock import Clock

MESSAGES_A_STAR = 10
_BLOCK = 100  # messages that are taken from the budget at a time; those not sent before a stop are not given back


@dataclass(slots=True)
class StarsBudget:
    """The day's budget, in UTC days."""

    budget: PaceStore
    clock: Clock
    stars_a_day: int
    _day: date | None = None
    _left: int = 0
    _empty: bool = False

    async def pay(self) -> bool:
        """Take the price of one message; returns whether there was enough."""
        day = self.clock.now().date()
        if day != self._day:
            self._day, self._left, self._empty = day, 0, False
        if not self._left and not self._empty:
            most = self.stars_a_day * MESSAGES_A_STAR
            self._left = await self.budget.spend(f"stars {day.isoformat()}", _BLOCK, most)
            self._empty = not self._left
        self._left -= not self._empty
        return not self._empty


@dataclass(slots=True, kw_only=True)
class PayingPacer:
    """Turns to send: for the lanes that are paid for at the paid rate, as long as the budget lasts; else the usual."""

    usual: Slots
    paid: Slots
    purse: StarsBudget
    lanes: frozenset[Priority]

    async def slot(self, lane: Priority) -> bool:
        """Wait for the turn to send one message; returns whether it may be a paid one."""
        if lane not in self.lanes or not await self.purse.pay():
            return await self.usual.slot(lane)
        await self.paid.slot(lane)
        return True

    def pause(self, seconds: float) -> None:
        """Grant nothing for that long."""
        self.usual.pause(seconds)
        self.paid.pause(seconds)

    def go_on(self) -> None:
        """Note that a message got through."""
        self.usual.go_on()
        self.paid.go_on()
