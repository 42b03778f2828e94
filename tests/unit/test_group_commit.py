"""What several requests bring is stored by one commit; what cannot be stored, and who gives up, keeps nobody else away."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from bot.telegram.updates import Batch
from bot.web.group_commit import GroupCommit
from tests.support.clock import TestClock


@dataclass(slots=True)
class Slow:
    """An inbox that commits when it is let, once each time, and what is `bad` never."""

    bad: int = -1
    let: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    commits: list[list[int]] = field(default_factory=list)

    async def store(
        self, rows: Sequence[tuple[int, int, str]], _: datetime, came: Mapping[int, tuple[int, int]]
    ) -> None:
        await self.let.acquire()
        numbers = [row[0] for row in rows]
        assert sorted(came) == sorted(set(numbers))
        if self.bad in numbers:
            raise ValueError("not this one")
        self.commits.append(numbers)


@dataclass(slots=True)
class Away:
    """An inbox whose database is away."""

    asked: int = 0

    async def store(self, *_: object) -> None:
        self.asked += 1
        await asyncio.sleep(0)
        raise ConnectionError("away")


def _batch(number: int) -> Batch:
    return Batch([(number, 7, "{}")], {number: (7, number)})


def _bringing(inbox: Slow | Away, numbers: Sequence[int]) -> "list[asyncio.Task[None]]":
    commits = GroupCommit(cast("Any", inbox), TestClock())
    return [asyncio.create_task(commits.store(_batch(number))) for number in numbers]


async def _meanwhile() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_first_is_stored_at_once_and_all_that_come_meanwhile_by_the_next_commit() -> None:
    inbox = Slow()
    bringing = _bringing(inbox, [1, 2, 3, 2, 5])
    await _meanwhile()
    inbox.let.release()
    await _meanwhile()
    assert inbox.commits == [[1]]
    assert [task.done() for task in bringing] == [True, False, False, False, False]
    inbox.let.release()
    await asyncio.gather(*bringing)
    assert inbox.commits == [[1], [2, 3, 2, 5]]


async def test_what_cannot_be_stored_is_told_to_whom_it_concerns_and_to_nobody_else() -> None:
    inbox = Slow(bad=3, let=asyncio.Semaphore(100))
    bringing = _bringing(inbox, [1, 2, 3, 4, 5])
    ended = await asyncio.gather(*bringing, return_exceptions=True)
    assert [isinstance(end, ValueError) for end in ended] == [False, False, True, False, False]
    assert sorted(number for commit in inbox.commits for number in commit) == [1, 2, 4, 5]


async def test_who_gives_up_in_the_middle_of_the_commit_of_all_leaves_the_others_to_be_stored() -> None:
    inbox = Slow()
    bringing = _bringing(inbox, [1, 2, 3, 4])
    await _meanwhile()
    inbox.let.release()
    await _meanwhile()
    for gone in (1, 3):  # the one that stores for all, and one that waits
        bringing[gone].cancel()
    await _meanwhile()
    inbox.let.release()
    ended = await asyncio.gather(*bringing, return_exceptions=True)
    assert [isinstance(end, asyncio.CancelledError) for end in ended] == [False, True, False, True]
    assert inbox.commits == [[1], [3]]


async def test_who_is_cut_off_while_theirs_is_committed_with_others_spoils_nothing_for_them() -> None:
    inbox = Slow()
    bringing = _bringing(inbox, [1, 2, 3, 4])
    await _meanwhile()
    inbox.let.release()
    await _meanwhile()
    bringing[2].cancel()  # one that waits, of those that are being committed
    await _meanwhile()
    inbox.let.release()
    ended = await asyncio.gather(*bringing, return_exceptions=True)
    assert [isinstance(end, BaseException) for end in ended] == [False, False, True, False]
    assert inbox.commits == [[1], [2, 3, 4]]


async def test_a_database_that_is_away_is_asked_once_for_all_and_then_once_for_each() -> None:
    inbox = Away()
    ended = await asyncio.gather(*_bringing(inbox, range(1, 21)), return_exceptions=True)
    assert all(isinstance(end, ConnectionError) for end in ended)
    assert inbox.asked <= 1 + 1 + 20
