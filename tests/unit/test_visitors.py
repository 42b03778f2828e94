"""The demo's server serves this machine's own page and programs, and no other site that is open in the browser."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.visitors import own_visitors_only


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="served")

    app = web.Application(middlewares=[own_visitors_only])
    app.add_routes([web.route("*", path, answer) for path in ("/", "/sim/say", "/sim/state", "/botTOKEN/sendMessage")])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "text/plain"}
BOT = "/botTOKEN/sendMessage"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site"}, 200),  # a link somebody follows
        ("GET", "/", {"Host": "localhost"}, 200),
        ("GET", "/", {"Host": "[::1]:8080"}, 200),
        ("GET", "/", {"Host": "evil.example"}, 403),
        ("GET", "/sim/state", {"Host": "evil.example:80", "Origin": "http://evil.example:80"}, 403),
        ("GET", "/", {"Host": "127.0.0.1.evil.example"}, 403),
        ("GET", "/", {"Host": "127.0.0.1:x"}, 403),
        ("GET", "/sim/state", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("GET", "/sim/state", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/sim/state", {"Origin": "http://evil.example"}, 403),
        ("POST", "/sim/say", {**JSON, "Origin": "own", "Sec-Fetch-Site": "same-origin"}, 200),
        ("POST", "/sim/say", JSON, 200),  # a program
        ("POST", "/sim/say", FORM, 415),
        ("POST", "/sim/say", {**JSON, "Origin": "http://evil.example"}, 403),
        ("POST", "/sim/say", {**JSON, "Origin": "null"}, 403),
        ("POST", "/sim/say", {**JSON, "Sec-Fetch-Site": "same-site"}, 403),  # another port
        ("POST", BOT, {"Content-Type": "application/x-www-form-urlencoded"}, 200),  # the bot itself
        ("POST", BOT, {**JSON, "Origin": "http://evil.example"}, 403),
        ("GET", BOT, {"Sec-Fetch-Site": "cross-site"}, 403),  # a picture in another page
    ],
)
async def test_who_is_served(address: str, method: str, path: str, headers: dict[str, str], status: int) -> None:
    own = {name: f"http://{address}" if value == "own" else value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://{address}{path}", headers=own, data=b"{}") as answer,
    ):
        assert answer.status == status
