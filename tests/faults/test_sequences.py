"""Any changes, one after another, in any order and with any time between them: no promise is broken.

Beside `test_machine`, which knows each row of the ledger, this knows everything a newsroom does: corrections, digests,
settings, stories, what owners decide; and asks only what holds at the end.
"""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.errors import VisnykError
from tests.support.changes import CHANGES, Restoring
from tests.support.depth import depth
from tests.support.life import Life, SlowCommits, begin

pytestmark = pytest.mark.thorough
TIMES = {"seconds pass": 20, "a minute passes": 60, "an hour passes": 3600, "a night passes": 36_000}
EXAMPLES = depth(2000, 5)


async def _make(life: Life, name: str) -> None:
    """Make a change, or let time pass. Whoever comes too late is told so, which is no fault."""
    if name in TIMES:
        life.now += timedelta(seconds=TIMES[name])
        return
    with contextlib.suppress(VisnykError):
        await CHANGES[name](life)


async def _wrong(room: Restoring, names: list[str]) -> list[str]:
    life = await room.again()
    try:
        for name in names:
            await _make(life, name)
        await life.go_on()
        return await life.broken()
    finally:
        if life.database is not room.database:
            await life.database.close()


@pytest.mark.timeout(3600)
def test_no_order_of_changes_breaks_a_promise(database_url: str) -> None:
    with asyncio.Runner() as runner:
        database = SlowCommits(database_url)
        room = Restoring(database, runner.run(begin(database)))
        runner.run(room.keep())

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[phase for phase in Phase if phase is not Phase.explain],
        )
        @given(st.lists(st.sampled_from([*CHANGES, *TIMES]), min_size=15, max_size=30))
        @example(
            [
                "claim elsewhere",
                "retract what was sent",
                *["claim"] * 10,
                "claim: sent before",
                "move chat",
                "finish: again",
            ]
        )
        @example(["recover", "drop the backlog"])  # what may have arrived does not count as not sent
        @example(["recover", "drop the backlog", "decide: again"])  # whoever sends it again answers for it
        @example(["finish: sent", "drop the backlog", "stop a running send", "decide: again"])  # it was stopped before
        def orders(names: list[str]) -> None:
            assert runner.run(_wrong(room, names)) == []

        try:
            orders()
        finally:
            runner.run(database.close())
