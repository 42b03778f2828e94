"""The stand-in over HTTP, for bots that run as processes of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.api import BotApi
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.server import BotApiServer
from bot.sandbox.world import World
from bot.timing.clock import SystemClock

TOKEN = "7000000001:AAHsandboxsandboxsandboxsandbox0000"


@dataclass(slots=True)
class StandIn:
    """A running stand-in."""

    world: World
    api: BotApi
    faults: Faults
    address: str
    _runner: web.AppRunner

    async def go_away(self) -> None:
        """Stop listening and end every connection, as a server does that is restarted."""
        for site in list(self._runner.sites):
            await site.stop()
        assert self._runner.server is not None
        await self._runner.server.shutdown(0)

    async def come_back(self) -> None:
        """Listen again, at the same address."""
        await web.TCPSite(self._runner, "127.0.0.1", int(self.address.rpartition(":")[2])).start()

    def headlines(self, title: str, *, within: bool = False) -> list[int]:
        """Return the chats that a headline was delivered to, once for each delivery, as the server saw it.

        A message counts that begins with the title or, `within`, has it anywhere.
        """
        return [
            int(call.payload["chat_id"])
            for call in self.api.log
            if call.method == "sendMessage"
            and call.status == 200
            and (str(call.payload.get("text", "")).startswith(title) or (within and title in call.payload["text"]))
        ]


@asynccontextmanager
async def open_standin() -> AsyncIterator[StandIn]:
    """Serve a stand-in that has no rate limits of its own."""
    clock = SystemClock()
    world = World(clock.now)
    api = BotApi(world, Limits(clock.monotonic, bot_rate=10**6, chat_burst=10**6, group_a_minute=10**6))
    faults = Faults()
    web_app = web.Application()
    web_app.add_routes(BotApiServer(api, faults, TOKEN).routes())
    runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield StandIn(world, api, faults, f"http://127.0.0.1:{runner.addresses[0][1]}", runner)
    finally:
        await runner.cleanup()
