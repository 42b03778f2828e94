"""The server's clock is set while people read: nobody waits for hours, and the owners hear why times look odd."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model.desk import Order, PublicationState
from bot.model.ledger import DeliveryState
from bot.model.readers import Address, Hourly
from storage.schema.tables import delivery
from storage.store import Store
from tests.support.newsroom import Newsroom
from tests.support.rows import a_draft, claimed

pytestmark = pytest.mark.wide

BY_THEN = 7  # seconds in which everybody has looked


@pytest.mark.parametrize(("language", "words"), [("uk", "Годинник сервера перестрибнув"), ("en", "clock jumped")])
@pytest.mark.parametrize("hours", [-3, 2])
async def test_the_owner_hears_that_the_clock_jumped(room: Newsroom, language: str, words: str, hours: int) -> None:
    owner = room.owner(language)
    await owner.says("/start")
    shown = room.clock.now() + timedelta(hours=2)  # in Kyiv
    room.clock.jump(hours=hours)
    room.clock.advance(seconds=BY_THEN)
    await owner.sees(words)
    await owner.sees(f"{shown:%H:%M}")
    await owner.sees(f"{shown + timedelta(hours=hours):%H:%M}")


async def test_a_send_that_waits_goes_on_when_the_clock_is_set_back(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    room.sender.window = 0
    await owner.publishes("Міст відкрили")
    room.clock.jump(hours=-3)
    room.sender.window = 10
    room.clock.advance(seconds=BY_THEN)
    await somebody.sees("Міст відкрили")


async def test_an_order_keeps_its_seconds_when_the_clock_is_set_back_while_a_send_waits(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    room.sender.window = 0
    await owner.publishes("Міст відкрили")
    in_a_minute = room.clock.now() + timedelta(minutes=1)
    order = Order(await a_draft(room.database, "Ринок закрили"), 0, in_a_minute, 100)
    number = await room.store.publications.order(order, room.clock.now())
    room.clock.jump(hours=-3)
    room.clock.advance(seconds=BY_THEN)
    await room.app.tick()
    found = await room.store.publications.get(number)
    assert (found.state, found.at > room.clock.now() + timedelta(seconds=30)) == (PublicationState.SCHEDULED, True)
    room.clock.advance(minutes=1)
    room.sender.window = 10
    await room.app.tick()
    await somebody.sees("Ринок закрили")


async def test_a_clock_that_was_set_back_while_nobody_ran_is_noticed_at_the_start(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    room.sender.window = 0
    await owner.publishes("Міст відкрили")
    await room.stop()
    room.clock.jump(hours=-3)
    await room.start()
    room.clock.advance(seconds=BY_THEN)
    await somebody.sees("Міст відкрили")
    await owner.sees("Годинник сервера перестрибнув")


async def test_whoever_lives_beside_has_time_to_renew_its_leases_after_a_jump(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    room.sender.window = 0
    await owner.publishes("Міст відкрили")
    assert await claimed(Store(room.database, "another").ledger, at=room.clock.now())

    async def state() -> DeliveryState:
        async with room.database.read() as connection:
            return DeliveryState(await connection.scalar(select(delivery.c.state)))

    room.clock.jump(hours=2)
    await room.app.rounds.recover()
    assert await state() is DeliveryState.SENDING
    room.clock.advance(seconds=31)
    await room.app.rounds.recover()
    assert await state() is DeliveryState.UNCERTAIN, "it did not renew: it is gone"


async def _states(room: Newsroom) -> set[DeliveryState]:
    async with room.database.read() as connection:
        return set((await connection.execute(select(delivery.c.state))).scalars())


async def test_a_clock_that_was_wrong_for_a_moment_makes_nothing_stale(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    room.sender.window = 0
    await owner.publishes("Міст відкрили")
    room.clock.jump(hours=30)
    await room.app.rounds.recover()
    assert await _states(room) == {DeliveryState.QUEUED}
    room.clock.advance(seconds=31)
    await room.app.rounds.recover()
    assert await _states(room) == {DeliveryState.EXPIRED}, "it is that hour"


async def test_nor_does_it_take_from_a_digest_what_has_waited_for_it(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    reader = await room.store.readers.find(Address(somebody.chat.id))
    assert reader is not None
    await room.store.readers.save(replace(reader, schedule=Hourly()), room.clock.now())
    await owner.publishes("Міст відкрили")
    room.clock.jump(days=3)
    await room.app.tick()
    assert await _states(room) == {DeliveryState.HELD}
    room.clock.advance(seconds=31)
    await room.app.tick()
    assert await _states(room) == {DeliveryState.EXPIRED}, "it is that day"


async def test_nor_is_anything_forgotten_by_it(room: Newsroom) -> None:
    screens = room.store.message_screens
    await screens.put(7, 1, "list", None, [], room.clock.now())
    room.clock.jump(days=100)
    await room.app.rounds.forget()
    assert await screens.get(7, 1) is not None
    room.clock.advance(seconds=31)
    await room.app.rounds.forget()
    assert await screens.get(7, 1) is None, "it is that day"


@pytest.mark.parametrize("set_right", [True, False])
async def test_a_clock_that_was_wrong_for_a_moment_begins_no_send_before_its_time(
    room: Newsroom, set_right: bool
) -> None:
    in_an_hour = room.clock.now() + timedelta(hours=1)
    orders = [
        Order(await a_draft(room.database, title), 0, at, 100)
        for title, at in (("Ринок закрили", in_an_hour), ("Міст відкрили", room.clock.now()))
    ]
    late, due = [await room.store.publications.order(order, room.clock.now()) for order in orders]

    async def states() -> list[PublicationState]:
        await room.app.rounds._publish()
        return [(await room.store.publications.get(number)).state for number in (late, due)]

    room.clock.jump(hours=3)
    room.clock.advance(seconds=5)
    assert (await states())[0] is PublicationState.SCHEDULED
    assert (await states())[1] is not PublicationState.SCHEDULED, "its time had come before"
    if set_right:
        room.clock.jump(hours=-3)
    room.clock.advance(seconds=31)
    assert ((await states())[0] is PublicationState.SCHEDULED) == set_right


async def test_a_clock_that_never_comes_to_rest_is_gone_by_as_it_is(room: Newsroom) -> None:
    somebody, owner = room.person(), room.owner()
    await somebody.says("/start")
    reader = await room.store.readers.find(Address(somebody.chat.id))
    assert reader is not None
    await room.store.readers.save(replace(reader, schedule=Hourly()), room.clock.now())
    await owner.publishes("Міст відкрили")
    in_an_hour = room.clock.now() + timedelta(hours=1)
    planned = Order(await a_draft(room.database, "Ринок закрили"), 0, in_an_hour, 100)
    late = await room.store.publications.order(planned, room.clock.now())
    ago = []
    for ahead in (2, -2) * 17:  # a host and a time server that do not agree
        room.clock.jump(hours=ahead)
        for _ in range(4):
            room.clock.advance(seconds=5)
            await room.app.rounds._publish()
            await room.app.rounds._build_digests()
        ago.append((DeliveryState.HELD in await _states(room), (await room.store.publications.get(late)).state))
    assert ago[0] == (True, PublicationState.SCHEDULED)
    assert ago[-1][0] is False
    assert ago[-1][1] is not PublicationState.SCHEDULED


async def test_however_many_look_at_a_jump_back_an_order_keeps_its_seconds(room: Newsroom) -> None:
    in_a_minute = room.clock.now() + timedelta(minutes=1)
    order = Order(await a_draft(room.database, "Ринок закрили"), 0, in_a_minute, 100)
    number = await room.store.publications.order(order, room.clock.now())
    room.clock.jump(minutes=-3)
    guard = room.app.parts.delivery.clock_guard
    await asyncio.gather(*(guard.look() for _ in range(3)))
    found = await room.store.publications.get(number)
    assert found.at > room.clock.now() + timedelta(seconds=30)


async def test_what_is_published_after_a_jump_ahead_does_not_wait_for_the_clock_to_be_right(room: Newsroom) -> None:
    room.clock.jump(hours=3)
    room.clock.advance(seconds=2)
    await room.app.parts.delivery.clock_guard.look()
    order = Order(await a_draft(room.database, "Міст відкрили"), 0, room.clock.now(), 100)
    number = await room.store.publications.order(order, room.clock.now())
    await room.app.rounds._publish()
    assert (await room.store.publications.get(number)).state is not PublicationState.SCHEDULED
