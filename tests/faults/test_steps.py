"""A change stops before each of its statements that change deliveries, while another goes through: no promise is broken.

The pairs stop a change before its commit. Of its statements each sees what was committed before it began, so what comes
between two of them is another thing, on PostgreSQL: a copy that is sent between looking for copies and marking them.
Those that take a turn of the ledger wait for each other; here the second is one that takes none.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.util import await_only

from bot.errors import VisnykError
from tests.support.changes import CHANGES, Change, Restoring
from tests.support.depth import WHOLE
from tests.support.life import SlowCommits, begin
from tests.support.together import through_or_blocked

pytestmark = pytest.mark.thorough
KNOWN = [
    # Copies that became SENT between two statements of a correction kept the old text.
    ("correct what runs", "finish: sent"),
    # What came back to the queue behind the look for what waits, and before that for what is under way, was sent after
    # its send had been stopped and ended.
    ("stop a running send", "finish: again"),
]
"""What went wrong once."""
FIRST = (
    "correct what runs", "retract what runs", "spread", "expire", "build digests", "ask", "recover", "pause",
    "stop a running send", "move chat",
)  # fmt: skip
"""Not what is one statement, or a chain of them that the driver runs: a claim, an outcome, a stretch of a fan-out."""
SECOND = ("finish: sent", "finish: again", "give back", "save: at once", "fan out", "block")
ALL = [(first, second) for first in FIRST for second in SECOND if first != second]


class Stepping(SlowCommits):
    """A database where a change waits before the statement of that number which changes deliveries."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.left = 0
        self.step: Callable[[], Awaitable[None]] | None = None
        event.listen(self._writer.sync_engine, "before_cursor_execute", self._before)

    def _before(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        if self.step is None or not statement.startswith(("UPDATE delivery", "INSERT INTO delivery")):
            return
        self.left -= 1
        if not self.left:
            step, self.step = self.step, None
            await_only(step())


async def _stepped(room: Restoring, first: Change, second: Change, number: int) -> list[str] | None:
    """Return which promises were broken; None when the first change has no statement of that number."""
    life = await room.again()
    database = life.database
    assert isinstance(database, Stepping)
    reached, release = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        reached.set()
        await release.wait()

    database.left, database.step = number, step
    one, waiting = asyncio.ensure_future(first(life)), asyncio.ensure_future(reached.wait())
    await asyncio.wait({one, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    database.step = None
    if not reached.is_set():
        await asyncio.gather(one, return_exceptions=True)
        return None
    two = asyncio.ensure_future(second(life))
    await through_or_blocked(two, database)
    release.set()
    answers = await asyncio.gather(one, two, return_exceptions=True)
    wrong = [repr(one) for one in answers if isinstance(one, BaseException) and not isinstance(one, VisnykError)]
    await life.go_on()
    return [*wrong, *await life.broken()]


@pytest.mark.timeout(1800)
async def test_what_comes_between_two_statements_of_a_change_breaks_no_promise(postgres_url: str) -> None:
    database = Stepping(postgres_url)
    room = Restoring(database, await begin(database))
    await room.keep()
    broken = {}
    for first, second in ALL if WHOLE else KNOWN:
        number = 1
        while (wrong := await _stepped(room, CHANGES[first], CHANGES[second], number)) is not None:
            if wrong:
                broken[first, second, number] = wrong
            number += 1
        assert number > 1, f"{first} changes no delivery"
    assert broken == {}
    await database.close()
