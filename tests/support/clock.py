"""A virtual clock: begins at a known instant, runs on, can be moved, and hurries through whatever only sleeps."""

import asyncio
import heapq
import itertools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_MOMENT = 0.01  # real seconds that the longest sleep takes


@dataclass(order=True, slots=True)
class Alarm:
    """Something that is called when the clock shows its second."""

    at: float
    number: int
    action: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        self.action = None


class TestClock:
    """One time for everything: instants, seconds and waits move together, `speed` times as fast as real time.

    Whoever sleeps is woken after a moment, and the clock has moved on by what was slept; everybody whose time has come
    by then is woken too, in order. Rests, and waits for events, do not move it: they end when the clock gets there.
    Without `hurries` sleeps take their time as well: for processes that live beside others. At speed 0 it stands still.
    """

    __test__ = False

    def __init__(
        self,
        at: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        speed: float = 1.0,
        *,
        hurries: bool = True,
    ) -> None:
        self._began = time.monotonic()
        self._speed = speed
        self._hurries = hurries
        self._jumped = 0.0
        self._zero = at
        self._alarms: list[Alarm] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        return self._zero + timedelta(seconds=self.monotonic())

    def wall(self) -> datetime:
        return self.now()

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed + self._jumped

    async def sleep(self, seconds: float) -> None:
        await self._pass(seconds, hurries=self._hurries)

    async def rest(self, seconds: float) -> None:
        await self._pass(seconds, hurries=False)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        if not event.is_set() and seconds > 0:
            waiting = asyncio.get_running_loop().create_task(event.wait())
            alarm = self._at(seconds, waiting.cancel, hurries=False)
            try:
                await asyncio.wait([waiting])
            finally:
                alarm.cancel()
                waiting.cancel()
        return event.is_set()

    def call_later(self, seconds: float, action: Callable[[], None]) -> Alarm:
        return self._at(seconds, action, hurries=self._hurries)

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self._to(self.monotonic() + timedelta(**span).total_seconds())

    def set(self, at: datetime) -> None:
        """Move to an instant. Seconds never go back: to an earlier one only instants move."""
        ahead = (at - self.now()).total_seconds()
        if ahead >= 0:
            self.advance(seconds=ahead)
        else:
            self._zero += timedelta(seconds=ahead)

    def jump(self, **span: float) -> None:
        """Set the instants by a timedelta's arguments, forward or back, as somebody does who sets a machine's clock."""
        self._zero += timedelta(**span)

    async def _pass(self, seconds: float, *, hurries: bool) -> None:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        alarm = self._at(seconds, lambda: over.done() or over.set_result(None), hurries=hurries)
        try:
            await over
        finally:
            alarm.cancel()

    def _at(self, seconds: float, action: Callable[[], object], *, hurries: bool) -> Alarm:
        alarm = Alarm(self.monotonic() + max(0.0, seconds), next(self._numbers), lambda: action() and None)
        heapq.heappush(self._alarms, alarm)
        real = max(0.0, seconds) / self._speed if self._speed else math.inf
        if hurries or self._speed:
            asyncio.get_running_loop().call_later(min(real, _MOMENT) if hurries else real, self._ring, alarm)
        return alarm

    def _ring(self, alarm: Alarm) -> None:
        if alarm.action is not None:
            self._to(alarm.at)

    def _to(self, second: float) -> None:
        """Move on to a second, and call what is due by then."""
        self._jumped += max(0.0, second - self.monotonic())
        while self._alarms and (self._alarms[0].at <= second or self._alarms[0].action is None):
            alarm = heapq.heappop(self._alarms)
            action, alarm.action = alarm.action, None
            if action is not None:
                action()
