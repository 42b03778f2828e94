"""The ticker: APScheduler wakes, the rows say what is due. A tick that is late or runs twice does no harm."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Ticker:
    """Calls things again and again. One that fails is logged and called again at its next time."""

    _scheduler: AsyncIOScheduler = field(init=False)
    _running: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _actions: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # By default a run that is a second late is dropped without a word.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def every(self, seconds: float, name: str, action: Callable[[], Awaitable[object]]) -> None:
        """Call `action` every so many seconds."""
        self._locks[name], self._actions[name] = asyncio.Lock(), action
        self._scheduler.add_job(self._run, "interval", seconds=seconds, args=[name], id=name)

    def soon(self, name: str) -> None:
        """Call an action soon as well, by its name; before `start`, at the start."""
        # Without a date a job runs at once, or, before the start, at the start.
        self._scheduler.add_job(self._run, args=[name], id=f"{name}-soon", replace_existing=True)

    async def _run(self, name: str) -> None:
        self._running += 1
        try:
            async with self._locks[name]:
                await self._actions[name]()
        except Exception:
            log.exception("a task failed; it is tried again", task=name)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Call nothing any more and wait for what runs: APScheduler itself would cancel it."""
        if self._scheduler.running:
            self._scheduler.pause()
            self._idle.clear()
            while self._running:
                await self._idle.wait()
                self._idle.clear()
            self._scheduler.shutdown(wait=False)
