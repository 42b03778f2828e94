"""The sender over a ledger in memory: what each answer makes it do, and what it leaves alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bot.delivery.attempts import Attempts, Taken
from bot.delivery.pacing import ChatPacer
from bot.delivery.sender import LEASE, Sender
from bot.model.ledger import (
    Aloud,
    Claimed,
    ClaimUnconfirmed,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Finish,
    Priority,
    Retry,
    Step,
)
from bot.model.outcomes import (
    BadContent,
    Delivered,
    Moved,
    NotConnected,
    Outcome,
    Refused,
    Throttled,
    Unauthorized,
    Unknown,
)
from bot.model.readers import Address, ChatKind, Reader, ReaderState
from bot.screens.card import Card
from bot.timing.leases import Lease
from storage.delivery import doubts
from tests.support.clock import TestClock
from tests.support.waiting import within

CARD = cast("Card", object())


@dataclass(slots=True)
class Desk:
    """Everything round the sender: what is due, and what it was asked to do, in order."""

    clock: TestClock = field(default_factory=lambda: TestClock(speed=0))
    due: list[Delivery] = field(default_factory=list)
    answer: Callable[[Delivery], Outcome] = lambda _: Delivered(5)
    shown: Card | None = CARD
    paid: bool = False
    unconfirmed: bool = False
    steps: dict[int, Step] = field(default_factory=dict)
    sent: list[Delivery] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    acts: list[object] = field(default_factory=list)
    left: list[set[int]] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    gate: asyncio.Event | None = None
    turn: asyncio.Event | None = None
    finished: int = 0

    # the ledger

    async def claim(
        self, limit: int, now: datetime, lease: timedelta, _: object, done: Sequence[tuple[int, Step]]
    ) -> Claimed:
        assert (now, lease) == (self.clock.now(), LEASE)
        self.rooms.append(limit)
        found, self.due = self.due[:limit], self.due[limit:]
        if self.unconfirmed and found:
            self.unconfirmed = False
            raise ClaimUnconfirmed(found)
        self.steps.update(done)
        return Claimed(found, 0)

    async def finish(self, steps: Sequence[tuple[int, Step]], now: datetime) -> None:
        assert now == self.clock.now()
        self.finished += 1
        self.steps.update(steps)

    async def give_back(self, begun: Collection[int]) -> None:
        self.left.append(set(begun))

    async def renew(self, now: datetime, lease: timedelta) -> Collection[int]:
        self.acts.append(("renew", now, lease))
        return self.kept

    # the rest

    async def card(self, _: Delivery) -> Card | None:
        return self.shown

    async def send(self, item: Delivery, card: Card) -> Outcome:
        assert card is CARD
        self.sent.append(item)
        if self.gate is not None:
            await self.gate.wait()
        return self.answer(item)

    async def answers(self) -> bool:
        return True

    async def ready(self, number: int) -> None:
        self.acts.append(("ready", number))

    async def slot(self, lane: Priority) -> bool:
        self.acts.append(("slot", lane))
        if self.turn is not None:
            await self.turn.wait()
        return self.paid

    def pause(self, seconds: float) -> None:
        self.acts.append(("pause", seconds))

    def go_on(self) -> None: ...

    def unused(self) -> None:
        self.acts.append("unused")

    def accepted(self) -> None:
        self.acts.append("accepted")

    def refused(self, chat_id: int, seconds: float) -> float:
        self.acts.append(("refused", chat_id, seconds))
        return seconds / 2

    async def move_chat(self, old: int, new: int, now: datetime) -> None:
        self.acts.append(("moved", old, new, now))

    async def throttled(self, seconds: float) -> None:
        self.acts.append(("throttled", seconds))

    async def spiked(self, publication_id: int, reason: str) -> None:
        self.acts.append(("spiked", publication_id, reason))

    def refund(self) -> None:
        self.acts.append("refund")

    def did(self, *names: str) -> list[object]:
        """Return what was done of some kinds of acts."""
        return [act for act in self.acts if (act[0] if isinstance(act, tuple) else act) in names]

    def sender(self, **options: Any) -> Sender:
        me = cast("Any", self)
        attempts = Attempts(
            readers=me,
            composer=me,
            messenger=me,
            pacer=me,
            chats=options.pop("chats", None) or ChatPacer(self.clock),
            throttle=me,
            clock=self.clock,
            alarm=me,
            refund=self.refund,
        )
        return Sender(ledger=me, attempts=attempts, clock=self.clock, **options)


def _delivery(number: int = 1, **values: Any) -> Delivery:
    reader = Reader(id=number, address=Address(1000 + number), name="Оля", kind=ChatKind.PRIVATE)
    known: dict[str, Any] = {"kind": DeliveryKind.PUSH, "lane": Priority.INSTANT, "publication_id": 9} | values
    return Delivery(id=number, reader=reader, **known)


@asynccontextmanager
async def _working(sender: Sender, workers: int = 2) -> AsyncIterator[None]:
    jobs = [sender.feed(), *(sender.work() for _ in range(workers))]
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        await sender.stop(workers)
        async with within(5):
            await asyncio.gather(*tasks)


async def _until(condition: Callable[[], object]) -> None:
    async with within(5):
        while not condition():  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.001)


async def _sent(desk: Desk, *due: Delivery, **options: Any) -> Sender:
    """Let a sender work until it is known what became of all that is due."""
    desk.due = list(due)
    sender = desk.sender(**options)
    async with _working(sender):
        await _until(lambda: len(desk.steps) == len(due))
    return sender


NOW = TestClock(speed=0).now()
CHAT = 1001


def _later(step: Step) -> float:
    assert isinstance(step, Retry)
    return round((step.not_before - NOW).total_seconds())


@pytest.mark.parametrize(
    ("outcome", "step", "acts"),
    [
        (Delivered(5), Finish(DeliveryState.SENT, message_id=5, chat_id=CHAT), ["accepted"]),
        (
            Refused("blocked", ReaderState.BLOCKED),
            Finish(DeliveryState.FAILED, "blocked", None, ReaderState.BLOCKED),
            [],
        ),
        (BadContent("odd"), Finish(DeliveryState.FAILED, "odd"), []),
        (Unknown("reset"), Finish(DeliveryState.UNCERTAIN, "reset"), []),
        (Throttled(8), 8, [("refused", CHAT, 8), ("throttled", 4)]),
        (NotConnected("refused"), 4, []),
        (Unauthorized("401"), 60, [("pause", 60)]),
    ],
)
async def test_what_telegram_answers_decides_what_is_written_down(
    outcome: Outcome, step: Finish | float, acts: list[object]
) -> None:
    desk = Desk(answer=lambda _: outcome)
    await _sent(desk, _delivery(attempts=2))
    [noted] = desk.steps.values()
    if isinstance(step, Finish):
        assert noted == step
    else:
        assert isinstance(noted, Retry)
        assert (noted.attempt, _later(noted)) == (3, step)
    assert desk.did("accepted", "refused", "throttled", "pause", "moved") == acts


async def test_a_chat_that_moved_is_known_by_its_new_number() -> None:
    desk = Desk(answer=lambda _: Moved(-100))
    await _sent(desk, _delivery())
    assert [act[:3] for act in desk.did("moved") if isinstance(act, tuple)] == [("moved", CHAT, -100)]


async def test_a_wait_of_one_chat_alone_is_told_to_nobody() -> None:
    desk = Desk(answer=lambda _: Throttled(0))
    await _sent(desk, _delivery())
    assert desk.did("refused", "throttled") == [("refused", CHAT, 0)]


async def test_where_there_is_nothing_to_send_nothing_is_sent_and_no_turn_taken() -> None:
    desk = Desk(shown=None)
    await _sent(desk, _delivery())
    assert desk.steps == {1: Finish(DeliveryState.DROPPED, "nothing to send")}
    assert (desk.sent, desk.did("slot")) == ([], [])


async def test_what_raises_is_in_doubt_and_the_next_one_goes_out() -> None:
    def answer(item: Delivery) -> Outcome:
        if item.id == 1:
            raise RuntimeError("nobody thought of this")
        return Delivered(5)

    desk = Desk(answer=answer)
    await _sent(desk, _delivery(1), _delivery(2))
    assert desk.steps[1] == Finish(DeliveryState.UNCERTAIN, "an error of the sender")
    assert desk.steps[2] == Finish(DeliveryState.SENT, message_id=5, chat_id=CHAT + 1)


async def test_what_raises_before_anything_was_sent_goes_back_to_the_queue_and_so_does_an_edit() -> None:
    class Away(Desk):
        async def slot(self, lane: Priority) -> bool:
            raise OSError(f"{lane.name}: the database that counts the budget is away")

    desk = Away()
    await _sent(desk, _delivery(1, attempts=2))
    assert desk.steps[1] == Retry(desk.clock.now() + timedelta(seconds=4), "an error of the sender", 3)

    def answer(_: Delivery) -> Outcome:
        raise RuntimeError("nobody thought of this")

    desk = Desk(answer=answer)
    await _sent(desk, _delivery(1, kind=DeliveryKind.EDIT, target_message=7))
    assert desk.steps[1] == Retry(desk.clock.now() + timedelta(seconds=1), "an error of the sender", 1)


@pytest.mark.parametrize("paid", [True, False])
@pytest.mark.parametrize(
    ("outcome", "costs"),
    [(Delivered(5), True), (Unknown("reset"), True), (BadContent("odd"), False), (Throttled(3), False)],
)
async def test_what_certainly_did_not_arrive_costs_nothing(outcome: Outcome, costs: bool, paid: bool) -> None:
    desk = Desk(answer=lambda _: outcome, paid=paid)
    await _sent(desk, _delivery())
    assert [item.paid for item in desk.sent] == [paid]
    assert len(desk.did("refund")) == int(paid and not costs)


async def test_turns_are_asked_for_by_lane_and_connections_made_ready() -> None:
    desk = Desk()
    await _sent(desk, _delivery(1, lane=Priority.URGENT), _delivery(2))
    assert set(desk.did("slot")) == {("slot", Priority.URGENT), ("slot", Priority.INSTANT)}
    assert desk.did("ready")[0] == ("ready", 2)


async def test_a_chat_that_is_written_to_has_to_wait() -> None:
    desk, chats = Desk(), ChatPacer(TestClock(speed=0))
    await _sent(desk, _delivery(), chats=chats)
    assert (chats.wait(CHAT), chats.wait(CHAT + 1)) == (1.0, 0.0)


async def test_no_more_is_claimed_than_there_is_room_for_and_not_for_a_little_room() -> None:
    desk = Desk(due=[_delivery(n) for n in range(1, 13)], gate=asyncio.Event())
    async with _working(desk.sender(), workers=10):
        await _until(lambda: len(desk.sent) == 10)
        assert desk.rooms == [10]
        assert desk.gate is not None
        desk.gate.set()
        await _until(lambda: len(desk.steps) == 12)
    assert desk.rooms[1] == 10


async def test_while_it_is_held_nothing_is_claimed() -> None:
    desk = Desk(due=[_delivery()])
    sender = desk.sender(held=True)
    async with _working(sender):
        for _ in range(20):
            await asyncio.sleep(0)
        assert desk.rooms == []
    assert desk.steps == {}


async def test_of_a_claim_that_is_in_doubt_nothing_is_sent() -> None:
    desk = Desk(unconfirmed=True)
    await _sent(desk, _delivery(attempts=2))
    assert desk.steps == {1: Retry(NOW, "not claimed", 3)}
    assert desk.sent == []


async def test_outcomes_are_written_down_by_the_claim_of_the_next_ones() -> None:
    desk = Desk()
    await _sent(desk, *(_delivery(n) for n in range(1, 31)))
    assert desk.finished == 0
    assert all(isinstance(step, Finish) for step in desk.steps.values())


async def test_outcomes_that_a_claim_could_not_write_down_are_written_again_before_it_is_put_back() -> None:
    desk = Desk(gate=asyncio.Event())
    desk.due = [_delivery(n) for n in range(1, 13)]
    async with _working(desk.sender(), workers=10):
        await _until(lambda: len(desk.sent) == 10)
        desk.unconfirmed = True
        assert desk.gate is not None
        desk.gate.set()
        await _until(lambda: len(desk.steps) == 12)
    assert list(desk.steps)[-2:] == [11, 12]
    assert {type(desk.steps[n]) for n in (11, 12)} == {Retry}
    assert len(desk.sent) == 10


@pytest.mark.parametrize("slept", [True, False])
@pytest.mark.parametrize("paid", [True, False])
async def test_what_outlived_its_lease_leaves_its_turn_to_others_and_its_stars(paid: bool, slept: bool) -> None:
    """After a wait of Telegram's one turn is tried at a time: nobody would hear how this one went.

    While a machine sleeps its seconds stand still, and only its clock has moved on afterwards.
    """
    desk = Desk(due=[_delivery(attempts=2)], turn=asyncio.Event(), paid=paid)
    async with _working(desk.sender()):
        await _until(lambda: desk.did("slot"))
        (desk.clock.jump if slept else desk.clock.advance)(seconds=LEASE.total_seconds())
        assert desk.turn is not None
        desk.turn.set()
        await _until(lambda: desk.steps)
    assert (desk.sent, desk.did("unused", "refund")) == ([], ["unused", "refund"] if paid else ["unused"])
    assert desk.steps[1] == Retry(desk.clock.now(), "not sent in time", 3)


async def test_after_a_stop_nothing_is_composed_any_more() -> None:
    desk = Desk()
    attempts = desk.sender().attempts
    attempts.stop(0)
    for shown in (CARD, None):
        desk.shown = shown
        step = await attempts.make(Taken(_delivery(attempts=2), Lease.of(desk.clock, LEASE)))
        assert step == Retry(NOW, "stopping", 3)
    assert (desk.sent, desk.did("slot")) == ([], [])


@pytest.mark.parametrize("publication", [9, None])
async def test_a_send_that_fails_for_most_is_told_by_its_number_and_reason(publication: int | None) -> None:
    desk = Desk(answer=lambda _: BadContent("odd"))
    await _sent(desk, *(_delivery(n, publication_id=publication) for n in range(1, 31)), window=40)
    assert desk.did("spiked")[:1] == ([("spiked", 9, "odd")] if publication else [])


@pytest.mark.parametrize(("tried", "told"), [(5, True), (3, False)])
async def test_a_send_of_which_nothing_can_be_begun_is_told_as_well_when_that_does_not_pass(
    tried: int, told: bool
) -> None:
    class Broken(Desk):
        async def slot(self, lane: Priority) -> bool:
            raise TypeError(f"{lane.name}: nobody thought of this")

    desk = Broken()
    await _sent(desk, *(_delivery(n, attempts=tried) for n in range(1, 31)), window=40)
    assert desk.did("spiked")[:1] == ([("spiked", 9, "an error of the sender")] if told else [])
    assert {type(step) for step in desk.steps.values()} == {Retry}


async def test_leases_are_kept_while_something_is_under_way() -> None:
    desk = Desk(due=[_delivery()], gate=asyncio.Event())
    sender = desk.sender()
    await sender.renew()
    assert desk.did("renew") == []
    async with _working(sender):
        await _until(lambda: desk.sent)
        await sender.renew()
        assert desk.did("renew") == [("renew", desk.clock.now(), LEASE)]
        assert desk.gate is not None
        desk.gate.set()
        await _until(lambda: desk.steps)
    await sender.renew()
    assert len(desk.did("renew")) == 1


async def test_what_is_kept_is_begun_after_its_first_lease_and_what_is_not_kept_is_not() -> None:
    desk = Desk(due=[_delivery(1), _delivery(2)], turn=asyncio.Event(), kept={1, 99})  # 99 was over a moment ago
    sender = desk.sender()
    async with _working(sender):
        await _until(lambda: len(desk.did("slot")) == 2)
        desk.clock.advance(seconds=10)
        await sender.renew()
        desk.clock.advance(seconds=10)
        assert desk.turn is not None
        desk.turn.set()
        await _until(lambda: len(desk.steps) == 2)
    assert [one.id for one in desk.sent] == [1]
    assert desk.steps[2] == Retry(desk.clock.now(), "not sent in time", 1)


def test_a_doubt_reckons_with_the_lease_that_a_delivery_had() -> None:
    assert doubts._LEASE == LEASE


async def test_a_stop_waits_for_no_turn_that_does_not_come() -> None:
    desk = Desk(due=[_delivery(attempts=2)], turn=asyncio.Event())
    sender = desk.sender()
    async with _working(sender):
        await _until(lambda: desk.did("slot"))
        await sender.stop(2)
        desk.clock.advance(seconds=3)
        await _until(lambda: desk.steps)
    assert desk.steps == {1: Retry(desk.clock.now(), "stopping", 3)}
    assert desk.sent == []


async def test_in_the_end_only_what_was_begun_and_is_not_known_is_kept() -> None:
    desk = Desk()
    sender = await _sent(desk, _delivery())
    await sender.give_back()
    assert desk.left == [set()]
    desk.due, desk.gate = [_delivery(2)], asyncio.Event()
    cut = desk.sender()
    tasks = [asyncio.create_task(job) for job in (cut.feed(), cut.work())]
    await _until(lambda: len(desk.sent) == 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await cut.give_back()
    assert desk.steps[2] == Finish(DeliveryState.UNCERTAIN, "stopping")
    assert desk.left == [set(), set()]


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (DeliveryKind.EDIT, Finish(DeliveryState.DROPPED, "the chat has moved")),
        (DeliveryKind.MENTION, Aloud(TestClock(speed=0).now(), "the chat has moved", 2)),
    ],
)
async def test_a_change_whose_message_stayed_in_another_chat_is_none_of_the_new_one(
    kind: DeliveryKind, step: Step
) -> None:
    desk = Desk()
    await _sent(desk, _delivery(1, kind=kind, attempts=1))
    assert (desk.sent, desk.steps[1]) == ([], step)
