"""A process that stands still between Telegram's answer and its commit, longer than its lease, beside one that lives.

A machine that was paused, or swaps. The living one takes its rows for lost, asks Telegram, and sends again what is not
there; then the other one wakes, and writes down what it knows.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from bot.delivery.sender import Sender
from bot.model.desk import Editor, Role
from bot.model.ledger import Delivery, DeliveryState, Policy, Step
from bot.model.news import RevisionKind
from bot.model.outcomes import Delivered, Outcome
from bot.sandbox.world import Chat
from storage.delivery.ledger import Ledger
from tests.stories.test_asking import TITLE, found_out, pushes
from tests.support.newsroom import OWNER, Newsroom, open_newsroom
from tests.support.people import text_of
from tests.support.sending import Scripted, a_sender, fates, running
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

READERS, CHANNEL = (1, 2, 3), -1_000_000_000_700
SENT, UNCERTAIN = DeliveryState.SENT, DeliveryState.UNCERTAIN


class Stalling:
    """The ledger of a process that stands still as soon as it has something to record, until it is woken."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.stalled, self.wakes = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def claim(self, *arguments: Any) -> Any:
        await self._stall(arguments[-1])
        return await self._ledger.claim(*arguments)

    async def finish(self, steps: Sequence[tuple[int, Step]], now: datetime) -> None:
        await self._stall(steps)
        await self._ledger.finish(steps, now)

    async def _stall(self, steps: Sequence[tuple[int, Step]]) -> None:
        if steps:
            self.stalled.set()
            await self.wakes.wait()


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url) as opened:
        for number in READERS:
            await opened.person(f"Читач {number}", number).says("/start")
        boss = opened.person("Власник каналу", 70)
        channel = opened.world.add_chat(Chat(CHANNEL, "channel", "Новини міста"))
        opened.world.membership(boss.person, channel, "left", "administrator")
        seat = opened.member(boss, channel, admin=True)
        seat.sends(text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}])
        await seat.sees("Ви отримуєте всі новини.")
        await opened.owner().publishes("Парк закрили")
        await opened.settled()
        yield opened


@asynccontextmanager
async def _another_process(room: Newsroom) -> AsyncIterator[tuple[Stalling, Sender]]:
    """Run the sender of a process that stalls; what it sends does arrive. The living one sends nothing yet."""

    async def arrives(item: Delivery) -> Outcome:
        to = {"chat_id": item.reader.address.chat_id, "text": f"{TITLE}, як сказав інший процес"}
        answer = await room.api.call("sendMessage", to)
        return Delivered(answer.body["result"]["message_id"])

    ledger = Stalling(Ledger(room.database, "stalled"))
    sender = a_sender(room.database, Scripted(arrives), ledger=ledger, clock=room.clock)
    window, room.sender.window = room.sender.window, 0
    async with running(sender):
        try:
            await _sent_and_stalled(room, ledger)
            room.sender.window = window
            yield ledger, sender
        finally:
            ledger.wakes.set()


async def _states(room: Newsroom) -> dict[int, DeliveryState]:
    return {chat: state for chat, (state, _) in (await fates(room.database)).items() if chat in (*READERS, CHANNEL)}


async def _sent_and_stalled(room: Newsroom, ledger: Stalling) -> None:
    """Publish, and let the other process send all of it and stall for longer than its lease."""
    await room.owner().publishes(TITLE)
    await until(lambda: all(pushes(room, chat) == 1 for chat in (*READERS, CHANNEL)), "it is not sent")
    await ledger.stalled.wait()
    room.clock.advance(seconds=20)
    await room.app.rounds.recover()
    assert set((await _states(room)).values()) == {UNCERTAIN}


async def _wakes(room: Newsroom, ledger: Stalling, sender: Sender) -> None:
    sender.window = 0  # it writes down what it knows, and claims nothing more
    ledger.wakes.set()
    await until(lambda: not sender._taken, "what it knows is not written down")
    await room.delivered()
    await room.tick()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("when", ["before it is asked", "when it was found", "when it was corrected"])
async def test_who_stalls_behind_telegrams_answer_doubles_nothing_where_telegram_can_be_asked(
    room: Newsroom, when: str
) -> None:
    async with _another_process(room) as (ledger, sender):
        if when == "when it was found":
            await found_out(room)
            assert {chat: state for chat, state in (await _states(room)).items() if chat > 0} == dict.fromkeys(
                READERS, SENT
            )
        if when == "when it was corrected":
            desk = room.app.parts.desk.corrections
            article = await desk.open(2)
            changed = await desk.proposed(article, "title", "Міст закрили")
            await desk.correct(changed, RevisionKind.TYPO, "", Editor(OWNER, Role.OWNER))
            await room.tick()
        await _wakes(room, ledger, sender)
    assert await _states(room) == dict.fromkeys((*READERS, CHANNEL), SENT), "it says so for the channel as well"
    assert [pushes(room, chat) for chat in (*READERS, CHANNEL)] == [1, 1, 1, 1]
    tally = (await room.store.publications.get(2)).tally
    assert (tally.sent, tally.uncertain, tally.left) == (tally.total, 0, 0)
    if when == "when it was corrected":
        for number in READERS:
            newest = list(room.world.chats[number].messages.values())[-1]
            assert "Міст закрили" in text_of(newest)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("decided", [Policy.HOLD, Policy.RESEND])
async def test_where_telegram_cannot_be_asked_it_stays_uncertain_unless_somebody_decides(
    room: Newsroom, decided: Policy
) -> None:
    async with _another_process(room) as (ledger, sender):
        await found_out(room, 1500, step=20)
        assert await _states(room) == {**dict.fromkeys(READERS, SENT), CHANNEL: UNCERTAIN}
        if decided is Policy.RESEND:
            await room.store.uncertain.decide(2, Policy.RESEND, OWNER, room.clock.now())
            await room.delivered()
        await _wakes(room, ledger, sender)
    assert await _states(room) == dict.fromkeys((*READERS, CHANNEL), SENT)
    twice = decided is Policy.RESEND  # on the head of whoever decided so: the question says it
    assert [pushes(room, chat) for chat in (*READERS, CHANNEL)] == [1, 1, 1, 1 + twice]
    tally = (await room.store.publications.get(2)).tally
    assert (tally.sent, tally.uncertain, tally.left) == (tally.total, 0, 0)
