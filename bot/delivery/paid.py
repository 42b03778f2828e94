"""Paid broadcasts: Telegram lets a bot send up to 1000 messages a second for 0.1 Star each.

Source: core.telegram.org/bots/api, "Paid broadcasts". Nothing is spent unless the operator set a rate and a budget for
the day; what a message may cost is counted before it is sent, so the budget is never exceeded, also by several
processes.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date

from bot.delivery.pacing import Slots
from bot.model.ledger import Priority
from bot.ports import PaceStore
from bot.timing.clock import Clock

MESSAGES_A_STAR = 10
_BLOCK = 100  # messages that are taken from the budget at a time, at most
_EMPTY_SECONDS = 30.0  # how long an empty budget is believed to be empty: others may give back what they did not use


@dataclass(slots=True)
class StarsBudget:
    """The day's budget, in UTC days. Taken is as much as is wanted at the moment, so that others find the rest."""

    budget: PaceStore
    clock: Clock
    stars_a_day: int
    _day: date | None = None
    _left: int = 0  # taken from the day's budget, and not spent
    _empty_until: float = float("-inf")
    _wanting: int = 0
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def pay(self) -> bool:
        """Take the price of one message; returns whether there was enough. Give it back if it costs nothing."""
        self._wanting += 1
        try:
            while True:
                # To the end also if this is cancelled: nobody would know of what had been taken.
                await asyncio.shield(self._fill())
                if self._left:
                    self._left -= 1
                    return True
                if self.clock.monotonic() < self._empty_until:
                    return False
        finally:
            self._wanting -= 1

    async def _fill(self) -> None:
        async with self._one:  # two that take at once would each think that the other's was all there is
            if self.clock.now().date() != self._day:
                await self._put_back()
                self._day, self._empty_until = self.clock.now().date(), float("-inf")
            if self._left or self.clock.monotonic() < self._empty_until:
                return
            most = self.stars_a_day * MESSAGES_A_STAR
            taken = await self.budget.spend(_name(self._day), min(_BLOCK, max(1, self._wanting)), most)
            self._left += taken  # beside what came back meanwhile
            if not self._left:
                self._empty_until = self.clock.monotonic() + _EMPTY_SECONDS

    def refund(self) -> None:
        """Take the price of one message back: it was not sent, or not accepted, and cost nothing."""
        self._left += 1

    async def give_back(self) -> None:
        """Let others have what was taken and not spent."""
        await asyncio.shield(self._emptied())

    async def _emptied(self) -> None:
        async with self._one:
            await self._put_back()

    async def _put_back(self) -> None:
        left, self._left = self._left, 0
        if left and self._day is not None:
            await self.budget.give_back(_name(self._day), left)


def _name(day: date) -> str:
    return f"stars {day.isoformat()}"


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
        try:
            await self.paid.slot(lane)
        except BaseException:
            self.purse.refund()
            raise
        return True

    def pause(self, seconds: float) -> None:
        """Grant nothing for that long."""
        self.usual.pause(seconds)
        self.paid.pause(seconds)

    def go_on(self) -> None:
        """Note that a message got through."""
        self.usual.go_on()
        self.paid.go_on()

    def unused(self) -> None:
        """Note that nothing was sent in a turn."""
        self.usual.unused()
        self.paid.unused()
