"""The demo's clock: whatever a page or a program asks of it, it answers, and goes on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.clock import SandboxClock
from bot.sandbox.control import Control
from bot.sandbox.world import World


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock()


@pytest.fixture
async def address(clock: SandboxClock) -> AsyncIterator[str]:
    nothing: Any = dict
    control = Control(
        world=cast("World", type("Quiet", (), {})()), clock=clock, roles={}, places=nothing, ledger=nothing,
        begin_anew=nothing,
    )  # fmt: skip
    app = web.Application()
    app.add_routes(control.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/sim/clock"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ('{"speed": "fast"}', 400), ('{"speed": []}', 400), ('{"skip": null}', 400), ('{"skip": true}', 400),
        ('{"skip": 1e300}', 200), ('{"skip": -5}', 200), ('{"speed": 60}', 200), ('{"speed": 0}', 200), ("[]", 400),
    ],
)  # fmt: skip
async def test_odd_values_are_refused_or_kept_within_bounds(
    address: str, clock: SandboxClock, change: str, status: int
) -> None:
    before = clock.now()
    async with aiohttp.ClientSession() as session, session.post(address, data=change) as answer:
        assert answer.status == status
    assert before <= clock.now() <= before + timedelta(days=367)
