"""The ticker: it wakes, the rows say what is due. A tick that is late or runs twice does no harm.

What recurs every so many seconds is counted by the monotonic clock, which nobody can set. APScheduler has what goes by
the wall clock: it plans by instants, and has to be woken when these have jumped.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.timing.clock import Clock

_DAY = 86_400.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is called, and how many seconds pass before it is called again."""

    seconds: float
    action: Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Ticker:
    """Calls things again and again, each in a loop of its own. One that fails is logged and called again next time."""

    clock: Clock
    _tasks: dict[str, _Task] = field(default_factory=dict)
    _due: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    _scheduler: AsyncIOScheduler = field(init=False)
    _stopping: bool = False

    def __post_init__(self) -> None:
        # By default a run that is a second late is dropped without a word.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def every(self, seconds: float, name: str, action: Callable[[], Awaitable[object]]) -> None:
        """Call `action` whenever so many seconds have passed since it ended."""
        self._tasks[name] = _Task(seconds, action)

    def hourly(self, minute: int, name: str, action: Callable[[], Awaitable[object]]) -> None:
        """Call `action` when the wall clock shows that minute of an hour, and once a day wherever that clock goes."""
        self.every(_DAY, name, action)
        self._scheduler.add_job(self._ring, "cron", minute=minute, args=[name], id=name)

    async def _ring(self, name: str) -> None:
        self.soon(name)

    def soon(self, name: str) -> None:
        """Call an action at once, or at the start, by its name; when it is running, once more."""
        self._due[name].set()

    def loops(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """Begin; returns what has to run for it, by name: one loop for each action, which ends after `stop`."""
        self._scheduler.start()
        return [(name, self._loop(name, task)) for name, task in self._tasks.items()]

    async def _loop(self, name: str, task: _Task) -> None:
        due = self._due[name]
        while True:
            await self.clock.wait(due, task.seconds)
            if self._stopping:
                return
            due.clear()
            try:
                await task.action()
            except Exception:
                log.exception("a task failed; it is tried again", task=name)

    def jumped(self) -> None:
        """Plan anew what goes by the wall clock, and look at everything: moments may have come or gone."""
        if self._scheduler.running:
            self._scheduler.wakeup()
        for name in self._tasks:
            self.soon(name)

    def stop(self) -> None:
        """Call nothing any more; each loop ends after what it is doing."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for name in self._tasks:
            self.soon(name)
