"""Listeners that fail, lie, hang and vanish, processes that are killed, clocks that jump: nothing lost, all bounded."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import web

from bot.fetch.answers import Failed, Posted, Reason
from bot.model.listeners import EventKind, ListenerNews, ListenerState
from bot.web.outgoing.deliverer import LEASE
from bot.web.outgoing.timetable import GIVEN_UP_AFTER, MOST_WAITING, failure_of, wait
from storage.engine.database import Database
from storage.schema.tables import event
from tests.support.listening import Elsewhere, an_outlet, elsewhere
from tests.support.rows import NOW
from tests.support.site import a_raw_server

pytestmark = pytest.mark.wide

HOUR = timedelta(hours=1)


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def other() -> AsyncIterator[Elsewhere]:
    async with elsewhere() as opened:
        yield opened


async def test_what_is_not_taken_is_tried_again_under_the_same_id_later_and_later(
    database: Database, other: Elsewhere
) -> None:
    outlet = an_outlet(database)
    number = await other.listens(outlet.store)
    other.status = HTTPStatus.INTERNAL_SERVER_ERROR
    await outlet.happens()
    await outlet.tells()
    load = await outlet.store.loads.now()
    assert (load.events, load.oldest_event) == (1, NOW)
    for tries in range(1, 6):
        assert len(other.told) == tries
        after = (await outlet.next_try(number)).total_seconds()
        assert 5 * 4 ** (tries - 1) - 0.2 <= after <= 5 * 4 ** (tries - 1) * 1.3
        await outlet.tells(seconds=after - 0.1)
        assert len(other.told) == tries
        await outlet.tells(seconds=0.2)
    other.status = HTTPStatus.NO_CONTENT
    await outlet.tells(hours=3)
    assert other.taken == [other.ids[0]]
    assert len(set(other.ids)) == 1
    assert len({one["at"] for one in other.told}) == len(other.told)  # each is signed for when it is sent
    assert other.forged == 0
    stored = await outlet.listener(number)
    assert (stored.failures, stored.failing_since, stored.reason, stored.waiting) == (0, None, "", 0)
    load = await outlet.store.loads.now()
    assert (load.events, load.oldest_event) == (0, None)


async def test_a_listener_is_given_up_after_days_of_failing_and_owners_hear_of_it_twice(
    sqlite_database: Database, other: Elsewhere
) -> None:
    outlet, told = an_outlet(sqlite_database), []
    number = await other.listens(outlet.store)
    other.status = HTTPStatus.BAD_GATEWAY
    await outlet.happens()
    while (await outlet.listener(number)).state is ListenerState.ACTIVE:
        await outlet.tells(seconds=(await outlet.next_try(number)).total_seconds() + 1)
        for one in await outlet.store.listeners.untold():
            told.append((one.news, outlet.clock.now() - NOW))
            await outlet.store.listeners.settle(one)
    (first, early), (second, late) = told
    assert (first, second) == (ListenerNews.FAILING, ListenerNews.DISABLED)
    assert HOUR <= early <= 6 * HOUR
    assert GIVEN_UP_AFTER <= late <= GIVEN_UP_AFTER + 8 * HOUR
    tries = len(other.told)
    await outlet.happens()
    await outlet.tells(days=3)
    assert len(other.told) == tries  # nothing is tried any more, nor noted
    assert (await outlet.listener(number)).waiting == 1
    assert (await outlet.store.loads.now()).events == 0, "of who is given up nothing is overdue"
    await outlet.store.listeners.forget(outlet.clock.now())
    assert (await outlet.listener(number)).waiting == 0


async def test_owners_that_cannot_be_told_are_told_later_and_of_what_holds_then(sqlite_database: Database) -> None:
    outlet = an_outlet(sqlite_database)
    async with elsewhere() as other:
        number = await other.listens(outlet.store)
        other.status = HTTPStatus.GONE
        await outlet.happens()
        await outlet.tells()
        store = outlet.store.listeners
        (told,) = await store.untold()
        assert [told.news] == [one.news for one in await store.untold()] == [ListenerNews.DISABLED]
        other.status = HTTPStatus.OK
        await store.enable(number)
        await outlet.tells()
        await store.settle(told)  # of what was so before
        (now,) = await store.untold()
        assert now.news is ListenerNews.RECOVERED
        await store.settle(now)
        assert await store.untold() == []


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(1_000):
        await answer.write(b"x" * 100_000)
    return answer


async def _never(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


HOSTILE: dict[str, tuple[Any, str]] = {
    "/inside": (web.Response(status=302, headers={"Location": "http://169.254.169.254/"}), "redirect"),
    "/moved": (web.Response(status=308, headers={"Location": "/hook"}), "redirect"),
    "/never": (_never, "timeout"),
    "/busy": (web.Response(status=503, headers={"Retry-After": "3600"}), "busy"),
    "/denied": (web.Response(status=401), "status"),
    "/gone": (web.Response(status=410), "gone"),
    "/endless": (_endless, ""),  # 100 MB of an answer: it was taken, and nobody reads on
}


async def test_hostile_listeners_are_survived_each_for_its_reason(sqlite_database: Database, other: Elsewhere) -> None:
    outlet = an_outlet(sqlite_database, seconds=1.0)
    numbers = {}
    for path, (page, _) in HOSTILE.items():
        other.site.pages[path] = page
        numbers[await other.listens(outlet.store, path=path)] = path
    async with (
        a_raw_server(b"SSH-2.0-OpenSSH_9.9\r\n") as no_http,
        a_raw_server(b"HTTP/1.1 204 ", then_wait=True) as half,
    ):
        for address in ("http://10.0.0.1/", "http://nobody.invalid/", no_http, half):
            number = await outlet.store.listeners.add(address, other.secret, EventKind.PUBLISHED, 20, NOW)
            assert number is not None
            numbers[number] = address
        await outlet.happens()
        await outlet.tells()
    reasons = {numbers[one.id]: one.reason for one in await outlet.store.listeners.all()}
    wanted = {path: why for path, (_, why) in HOSTILE.items()}
    assert reasons == {
        **wanted, "http://10.0.0.1/": "network", "http://nobody.invalid/": "name", no_http: "protocol", half: "timeout",
    }  # fmt: skip
    assert other.told == []  # nothing has followed a redirect
    busy = next(number for number, path in numbers.items() if path == "/busy")
    assert HOUR <= await outlet.next_try(busy) <= 1.3 * HOUR


async def test_what_a_listener_does_not_take_holds_up_nothing_else_and_is_not_tried_for_ever(
    sqlite_database: Database, other: Elsewhere
) -> None:
    outlet, plain = an_outlet(sqlite_database), other.answer

    async def picky(request: web.Request) -> web.Response:
        answer = await plain(request)
        return web.Response(status=422) if other.told[-1]["type"] == "article.published" else answer

    other.site.pages["/hook"] = picky
    number = await other.listens(outlet.store)
    await outlet.happens(EventKind.PUBLISHED, EventKind.CORRECTED, EventKind.RETRACTED)
    await outlet.tells()
    await outlet.tells(seconds=10)
    assert {*other.types} == {"article.published", "article.corrected", "article.retracted"}
    for _ in range(25):
        await outlet.tells(hours=6)
        await outlet.happens(EventKind.CORRECTED)
        await outlet.tells(minutes=1)
    stored = await outlet.listener(number)
    assert (stored.state, stored.waiting) == (ListenerState.ACTIVE, 0)
    assert other.types.count("article.published") < 40
    assert other.types.count("article.corrected") == 26


async def test_two_processes_tell_everything_once_and_never_the_same_listener_at_once(
    database: Database, other: Elsewhere
) -> None:
    one = an_outlet(database)
    two = an_outlet(database, "two", one.clock)
    await other.listens(one.store)
    await one.happens(times=30)
    await asyncio.gather(*(outlet.tells() for outlet in (one, two, one, two)))
    assert sorted(other.ids) == sorted(set(other.ids)) == sorted(other.taken)
    assert len(other.ids) == 30
    assert other.most_at_work == 1


async def _until_told(other: Elsewhere, telling: "asyncio.Future[None]") -> None:
    other.arrived.clear()
    waiting = asyncio.ensure_future(other.arrived.wait())
    await asyncio.wait({telling, waiting}, return_when=asyncio.FIRST_COMPLETED)


async def test_killed_between_telling_and_ticking_off_it_tells_again_under_the_same_id(
    database: Database, other: Elsewhere
) -> None:
    dying, other.gate = an_outlet(database), asyncio.Event()
    number = await other.listens(dying.store)
    await dying.happens(EventKind.PUBLISHED, EventKind.CORRECTED)
    telling = asyncio.ensure_future(dying.tells())
    await _until_told(other, telling)
    telling.cancel()  # as dead as it gets: it neither ticks off nor gives back
    dying.store.listeners.give_back = None  # type: ignore[method-assign,assignment]
    await asyncio.wait({telling})
    other.gate.set()
    heir = an_outlet(database, "heir", dying.clock)
    await heir.tells()
    assert len(other.told) == 1  # while the lease holds nobody else tells it
    await heir.tells(seconds=LEASE.total_seconds() + 1)
    assert other.ids[0] == other.ids[1]
    assert other.types == ["article.published", "article.published", "article.corrected"]
    assert (await heir.listener(number)).waiting == 0


async def test_a_process_that_slept_past_its_lease_changes_nothing_that_is_another_s(
    sqlite_database: Database, other: Elsewhere
) -> None:
    sleeper, other.gate, other.status = an_outlet(sqlite_database), asyncio.Event(), HTTPStatus.BAD_GATEWAY
    number = await other.listens(sleeper.store)
    await sleeper.happens()
    telling = asyncio.ensure_future(sleeper.tells())
    await _until_told(other, telling)
    sleeper.clock.advance(seconds=LEASE.total_seconds() + 1)
    held = await an_outlet(sqlite_database, "two", sleeper.clock).store.listeners.claim(
        sleeper.clock.now(), sleeper.clock.now() + LEASE
    )
    assert held is not None
    other.gate.set()
    await telling
    stored = await sleeper.listener(number)
    assert (stored.failures, stored.state) == (0, ListenerState.ACTIVE)
    assert not await sleeper.store.listeners.renew(number, sleeper.clock.now())


async def test_a_listener_that_is_removed_while_one_is_on_its_way_leaves_nothing(
    database: Database, other: Elsewhere
) -> None:
    outlet, other.gate = an_outlet(database), asyncio.Event()
    number = await other.listens(outlet.store)
    await outlet.happens(EventKind.PUBLISHED, EventKind.CORRECTED)
    telling = asyncio.ensure_future(outlet.tells())
    await _until_told(other, telling)
    await outlet.store.listeners.remove(number)
    other.gate.set()
    await telling
    assert len(other.told) == 1
    assert await outlet.store.listeners.count(number) == 0
    assert await outlet.store.listeners.all() == []


async def test_what_waits_for_a_dead_listener_is_bounded(sqlite_database: Database, other: Elsewhere) -> None:
    outlet = an_outlet(sqlite_database)
    number, other.status = await other.listens(outlet.store), HTTPStatus.BAD_GATEWAY
    await outlet.happens(times=MOST_WAITING + 1)
    await outlet.tells()
    stored = await outlet.listener(number)
    assert (stored.state, stored.reason, stored.detail) == (ListenerState.DISABLED, "overflow", str(MOST_WAITING + 1))
    await outlet.happens()
    assert await outlet.store.listeners.count(number) == MOST_WAITING + 1
    assert len(other.told) == 1


async def test_a_clock_that_jumps_disables_nobody_and_keeps_nobody_waiting(
    sqlite_database: Database, other: Elsewhere
) -> None:
    outlet = an_outlet(sqlite_database)
    number, other.status = await other.listens(outlet.store), HTTPStatus.BAD_GATEWAY
    await outlet.happens()
    await outlet.tells()
    outlet.clock.jump(days=30)
    await outlet.tells()
    assert len(other.told) == 2
    assert (await outlet.listener(number)).state is ListenerState.ACTIVE
    other.status = HTTPStatus.OK
    outlet.clock.jump(days=-60)
    await outlet.tells()
    assert len(other.taken) == 1


async def test_on_a_disk_that_is_full_nothing_is_told_over_and_over(
    sqlite_database: Database, other: Elsewhere
) -> None:
    outlet = an_outlet(sqlite_database)
    await other.listens(outlet.store)
    await outlet.happens()
    ticking_off = outlet.store.listeners.delivered

    async def full(*_: object, **__: object) -> None:
        raise OSError("database or disk is full")

    outlet.store.listeners.delivered = outlet.store.listeners.give_back = full  # type: ignore[method-assign,assignment]
    for _ in range(5):
        with pytest.raises(OSError, match="full"):
            await outlet.deliverer.look()
        for _ in range(3):
            assert not await outlet.deliverer.look()  # its lease stands, though nobody could give it back
        outlet.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert len(set(other.ids)) == 1
    assert len(other.ids) == 5
    outlet.store.listeners.delivered = ticking_off  # type: ignore[method-assign]
    with pytest.raises(OSError, match="full"):
        await outlet.deliverer.look()
    assert await outlet.store.listeners.count(1) == 0


async def test_what_there_is_nothing_to_tell_of_any_more_is_forgotten(
    sqlite_database: Database, other: Elsewhere
) -> None:
    outlet = an_outlet(sqlite_database)
    number = await other.listens(outlet.store)
    async with sqlite_database.write() as connection:
        row = {"listener_id": number, "key": "msg_1", "kind": 1, "article_id": 404, "revision": 1, "at": NOW}
        await connection.execute(event.insert().values(row))
    await outlet.happens()
    await outlet.tells()
    assert other.types == ["article.published"]
    assert (await outlet.listener(number)).waiting == 0


def test_only_an_answer_of_success_counts_as_taken() -> None:
    assert [failure_of(Posted(status)) for status in (200, 202, 204, 299)] == [None] * 4
    refused = {status: failure_of(Posted(status)) for status in (199, 301, 304, 307, 400, 404, 410, 429, 500, 503)}
    reasons = {status: failed.reason for status, failed in refused.items() if failed is not None}
    assert reasons == {
        199: Reason.STATUS, 301: Reason.REDIRECT, 304: Reason.REDIRECT, 307: Reason.REDIRECT, 400: Reason.STATUS,
        404: Reason.STATUS, 410: Reason.GONE, 429: Reason.BUSY, 500: Reason.STATUS, 503: Reason.BUSY,
    }  # fmt: skip
    assert failure_of(Failed(Reason.TLS)) == Failed(Reason.TLS)


def test_no_wait_is_shorter_than_it_should_be_nor_longer_than_a_day_and_a_bit() -> None:
    for tries in (1, 2, 5, 9, 1_000):
        for asked in (0.0, 60.0, 10**9):
            for chance in (0.0, 0.5, 1.0):
                seconds = wait(tries, asked, chance).total_seconds()
                assert max(5, min(asked, 86_400)) <= seconds <= 86_400 * 1.3
    assert wait(1_000, 0, 1) <= timedelta(hours=7.8)
