"""Limits of tests: what never comes is told, and what takes long because of other work is not."""

import asyncio

import pytest

from tests.support.waiting import Allowance, until, within


async def test_what_never_comes_is_told_in_words() -> None:
    with pytest.raises(AssertionError, match="nobody comes"):
        await until(lambda: False, "nobody comes", 0.01)
    with pytest.raises(AssertionError, match="3 were there"):
        await until(lambda: False, lambda: "3 were there", 0.01)
    with pytest.raises(TimeoutError):
        async with within(0.01):
            await asyncio.Event().wait()


async def test_what_comes_is_waited_for() -> None:
    looks = iter([False, 0, "", "here"])

    async def look() -> object:
        return next(looks)

    await until(look, "nobody comes")
    async with within(60):
        await asyncio.sleep(0)


def test_an_allowance_is_spent_no_faster_than_time_passes() -> None:
    allowance = Allowance(3600)
    spent = [allowance.spent for _ in range(100)]
    assert spent == sorted(spent)
    assert not allowance.over
    assert Allowance(-1).over
