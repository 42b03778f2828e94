"""A kill in the middle of handling an update, without a process: everything stops there, and the update is handled anew.

A step is a moment just before or just after a commit that a handler makes, or a message it sends. What was committed
stays, nothing that the handler had still to do is done, and nobody knows what it has sent: as after `kill -9`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import text

from bot.telegram.records import handling
from tests.support.newsroom import Newsroom

_SAID = {"sendMessage", "editMessageText"}
_MOST = 60  # steps of one handler
_killed_here: ContextVar[bool] = ContextVar("killed_here", default=False)


class Killed(BaseException):
    """Ends a handler as the end of its process does: no `except` of the product's catches it."""


class Kills:
    """Stands where the dispatcher stands, and kills a handler at a step that is asked for, once.

    `passed` are the steps that handlers have come to.
    """

    def __init__(self, room: Newsroom) -> None:
        self._left, self._named = 0, ""
        self.step, self.passed = "", list[str]()
        receiver, session, database = room.app._receiver, room.app.parts.ground.bot.session, room.database
        assert receiver is not None
        self._dispatcher, self._request, self._write = receiver.dispatcher, session.make_request, database.write
        self._changes = text("SELECT total_changes()")
        receiver.dispatcher = self  # type: ignore[assignment]
        session.make_request = self._counted_request  # type: ignore[method-assign]
        database.write = self._counted_write  # type: ignore[method-assign]

    def at(self, step: int) -> None:
        """Kill the next handler at its step of that number."""
        self._left, self.step = step, ""

    def on(self, name: str) -> None:
        """Kill the next handler at its first step of that name."""
        self._named, self.step = name, ""

    def at_rest(self) -> None:
        """Kill nobody any more."""
        self._left = 0

    async def feed_raw_update(self, bot: Any, raw: dict[str, Any]) -> Any:
        token = _killed_here.set(True)
        try:
            return await self._dispatcher.feed_raw_update(bot, raw)
        except Killed:
            mine = handling.get()
            assert mine is not None
            mine.made.clear()
            return await self._dispatcher.feed_raw_update(bot, raw)
        finally:
            _killed_here.reset(token)

    def _reach(self, step: str) -> None:
        if not _killed_here.get():
            return
        self.passed.append(step)
        if self._named == step:
            self._left, self._named = 1, ""
        if self._left:
            self._left -= 1
            if not self._left:
                self.step = step
                raise Killed

    async def _counted_request(self, bot: Any, method: Any, timeout: Any = None) -> Any:  # noqa: ASYNC109  aiogram's
        name = method.__api_method__
        if name not in _SAID:
            return await self._request(bot, method, timeout)
        self._reach(f"{name}, before")
        answer = await self._request(bot, method, timeout)
        self._reach(f"{name}, answered")
        return answer

    @asynccontextmanager
    async def _counted_write(self) -> AsyncIterator[Any]:
        async with self._write() as connection:
            before = await connection.scalar(self._changes)
            yield connection
            changed = await connection.scalar(self._changes) != before
            if changed:
                self._reach("before a commit")
        if changed:
            self._reach("committed")


async def killed_at_each_step(kills: Kills, act: Callable[[int], Awaitable[None]]) -> list[str]:
    """Do something again and again, killed at each of its steps in turn; returns the steps."""
    steps: list[str] = []
    for number in range(1, _MOST):
        kills.step = ""
        try:
            await act(number)
        except AssertionError as error:
            error.add_note(f"killed at step {number}: {kills.step}, behind {steps}")
            raise
        if not kills.step:
            return steps
        steps.append(kills.step)
    raise AssertionError(f"more steps than any handler has: {steps}")
