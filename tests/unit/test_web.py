"""What every request over HTTP passes, and whether a process says rightly that it is ready."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network

import aiohttp
import pytest
import structlog
from aiohttp import web
from structlog.testing import capture_logs

from bot.model.ledger import Priority
from bot.model.load import Load
from bot.telegram.contact import Contact
from bot.web.guard import Guard, client, client_of, log
from bot.web.health import HealthRoutes
from bot.web.metrics import MetricsRoute
from bot.web.server import WebServer
from tests.support.clock import TestClock
from tests.support.refusals import refused
from tests.support.rooms import ROOT

CLOCK = TestClock(speed=0)
CALM = Load(
    updates=0, oldest_update=None, set_aside=0, waiting=0, oldest_send=None, sent=5, failed=0, expired=0, uncertain=0,
    lanes=dict.fromkeys(Priority, 0), held=0, feeds=0, feeds_failing=0, events=0, oldest_event=None, size=4096
)  # fmt: skip
SILENT = 61.0


@dataclass
class Loads:
    """A database that says one thing, or is away."""

    load: Load | None

    async def now(self) -> Load:
        if self.load is None:
            raise OSError("postgresql://user:secret@host is away")
        return self.load

    async def updates(self) -> tuple[int, datetime | None]:
        load = await self.now()
        return load.updates, load.oldest_update


@asynccontextmanager
async def served(*routes: web.RouteDef, guard: Guard | None = None) -> AsyncIterator[str]:
    server = WebServer(host="127.0.0.1", port=0, guard=guard or Guard(clock=CLOCK), routes=routes)
    await server.start()
    try:
        yield server.address
    finally:
        await server.stop()


async def _get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("load", "silent", "status", "said"),
    [
        (CALM, 0.0, 200, '"ready","database":"ok","updates":"ok","telegram":"ok"'),
        (CALM, SILENT, 503, '"telegram":"has not answered for over a minute"'),
        (CALM, 59.0, 200, '"telegram":"ok"'),
        (None, 0.0, 503, '"database":"cannot be asked","updates":"unknown"'),
        (replace(CALM, updates=3, oldest_update=CLOCK.now() - timedelta(seconds=61)), 0.0, 503, '"updates":"3 wait'),
        (replace(CALM, updates=3, oldest_update=CLOCK.now() - timedelta(seconds=59)), 0.0, 200, '"updates":"ok"'),
    ],
)
async def test_a_process_says_whether_it_is_ready_and_why_not(
    load: Load | None, silent: float, status: int, said: str
) -> None:
    seconds = 0.0
    contact = Contact(lambda: seconds)
    if silent:
        contact.failed("getUpdates")
        seconds = silent
    health = HealthRoutes(loads=Loads(load), contact=contact, clock=CLOCK)
    async with served(*health.routes()) as address:
        found, text = await _get(f"{address}/readyz")
        assert (await _get(f"{address}/healthz"))[0] == 200
    assert found == status
    assert said in text
    assert "secret" not in text


def test_an_answer_whatever_it_says_ends_a_silence() -> None:
    seconds = 0.0
    contact = Contact(lambda: seconds)
    contact.failed("getMe")
    seconds = SILENT
    contact.failed("getMe")
    assert contact.failing_for == SILENT
    contact.answered("getMe", 429)
    assert contact.failing_for == 0
    assert contact.answers == {("getMe", 0): 2, ("getMe", 429): 1}


def test_an_error_of_the_server_s_own_is_no_answer_and_says_nothing_of_the_token() -> None:
    seconds = 0.0
    contact = Contact(lambda: seconds)
    contact.answered("getUpdates", 401)
    for status in (500, 502, 504):  # what Telegram's door says while Telegram is away
        contact.answered("getUpdates", status)
        seconds += SILENT / 2
    assert (contact.failing_for, contact.refused) == (1.5 * SILENT, True)
    contact.answered("getUpdates", 200)
    assert (contact.failing_for, contact.refused) == (0, False)
    assert contact.answers["getUpdates", 502] == 1


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # it is no proxy of ours: it may say what it likes
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.2.3.4, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),  # the first one is the client's own word
        ("10.0.0.1", ["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["' OR 1=1, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [",".join(["10.0.0.2"] * 5000)], "10.0.0.2"),
        (None, ["198.51.100.1"], ""),
    ],
)
def test_who_asked_is_what_believed_proxies_say(peer: str | None, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, [ip_network("10.0.0.0/8")]) == client


async def test_more_at_a_time_than_is_taken_are_asked_to_come_again() -> None:
    go, began = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        began.set()
        await go.wait()
        return web.Response(text="done")

    async with served(web.get("/", slow), guard=Guard(clock=CLOCK, most=1)) as address:
        first = asyncio.ensure_future(_get(address))
        await began.wait()
        status, said = await _get(address)
        assert (status, "Too many" in said) == (503, True)
        go.set()
        assert await first == (200, "done")
        assert (await _get(address))[0] == 200


async def test_the_log_says_of_a_request_how_many_milliseconds_it_took_and_not_what_was_asked() -> None:
    clock = TestClock(speed=0)

    async def slow(_: web.Request) -> web.Response:
        clock.advance(seconds=2.5)
        return web.Response(text="done")

    structlog.reset_defaults()  # an earlier test may have set logging up, and a logger that wrote then keeps to that
    vars(log).pop("bind", None)
    async with served(web.get("/{secret}", slow), guard=Guard(clock=clock)) as address:
        with capture_logs() as said:
            await _get(f"{address}/token?key=token")
    [line] = [one for one in said if one["event"] == "request"]
    assert (line["ms"], line["status"], line["client"]) == (2500, 200, "127.0.0.1")
    assert "token" not in str(line)


async def test_what_takes_too_long_and_what_fails_end_in_words() -> None:
    async def endless(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def broken(_: web.Request) -> web.Response:
        raise RuntimeError("postgresql://user:secret@host")

    routes = [web.get("/endless", endless), web.get("/broken", broken)]
    async with served(*routes, guard=Guard(clock=CLOCK, seconds=0.05)) as address:
        assert (await _get(f"{address}/endless"))[0] == 408
        status, said = await _get(f"{address}/broken")
    assert status == 500
    assert "secret" not in said
    assert "Traceback" not in said


async def test_an_address_that_is_taken_is_a_sentence() -> None:
    async with served() as address:
        port = int(address.rpartition(":")[2])
        with refused("HTTP_BIND"):
            await WebServer(host="127.0.0.1", port=port, guard=Guard(clock=CLOCK), routes=()).start()


async def test_every_metric_of_the_newsroom_is_documented_and_the_other_way_round() -> None:
    contact = Contact()
    contact.answered("getMe", 200)
    route = MetricsRoute(loads=Loads(CALM), contact=contact, clock=CLOCK)
    async with served(*route.routes()) as address:
        said = (await _get(f"{address}/metrics"))[1]
    told = set(re.findall(r"`(visnyk_\w+)", (ROOT / "docs" / "HTTP.md").read_text(encoding="utf-8")))
    assert set(re.findall(r"^(visnyk_\w+)", said, re.MULTILINE)) == told


async def test_a_process_that_stops_says_so_and_takes_nothing_more() -> None:
    asked: list[str] = []

    async def noted(request: web.Request) -> web.Response:
        asked.append(client(request))
        return web.Response(text="done")

    guard = Guard(clock=CLOCK)
    async with served(web.get("/", noted), guard=guard) as address:
        assert await _get(address) == (200, "done")
        guard.closing = True
        status, said = await _get(address)
    assert (status, "stopping" in said, asked) == (503, True, ["127.0.0.1"])


async def test_a_process_that_leaves_says_so_to_balancers_and_answers_everybody_until_it_closes() -> None:
    clock = TestClock(speed=0)
    guard = Guard(clock=clock)
    health = HealthRoutes(loads=Loads(CALM), contact=Contact(), clock=clock, leaving=lambda: guard.leaving)

    async def work(_: web.Request) -> web.Response:
        return web.Response(text="done")

    server = WebServer(host="127.0.0.1", port=0, guard=guard, routes=[*health.routes(), web.post("/", work)])
    await server.start()
    address = server.address
    async with aiohttp.ClientSession() as session:
        async with session.post(address) as answer:
            assert answer.headers.get("Connection") != "close"
        leaving = asyncio.create_task(server.leave(3))
        await asyncio.sleep(0)
        async with session.get(f"{address}/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"status": "stopping"})
        async with session.get(f"{address}/healthz") as answer:
            assert answer.status == 200
        async with session.post(address) as answer:
            assert (answer.status, answer.headers.get("Connection")) == (200, "close")
        clock.advance(seconds=3)
        await leaving
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{address}/readyz")
