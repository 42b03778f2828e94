"""What became of a send whose answer was lost: the bot asks Telegram, and nobody has to decide anything."""

from collections.abc import AsyncIterator

import pytest

from bot.model.desk import Editor, Role
from bot.model.ledger import DeliveryState
from bot.model.news import RevisionKind
from bot.sandbox.faults import Fault
from storage.delivery.view import LedgerView
from tests.support.newsroom import OWNER, Desk, Newsroom, open_newsroom
from tests.support.people import Somebody
from tests.support.waiting import a_while

pytestmark = pytest.mark.wide

TITLE = "Міст відкрили"
ASKING = "з’ясовуємо"


async def _readers(room: Newsroom, number: int) -> list[Somebody]:
    people = [room.person(f"Читач {n}", n) for n in range(1, number + 1)]
    for somebody in people:
        await somebody.says("/start")
    return people


async def _publishes(room: Newsroom, *, arrived: tuple[int, ...] = (), lost: tuple[int, ...] = ()) -> Desk:
    """Send one article to everybody, then another whose answers are lost: some arrive, some do not."""
    editor = room.owner()
    await editor.publishes("Парк закрили")
    await room.settled()
    for number in arrived:
        room.faults.order(Fault("lost", method="sendMessage", chat_id=number))
    for number in lost:
        room.faults.order(Fault("reset", method="sendMessage", chat_id=number))
    await editor.publishes(TITLE)
    await room.settled()
    return editor


async def found_out(room: Newsroom, seconds: int = 600, step: int = 5) -> None:
    """Let time pass until nothing is asked any more; somebody's inline query lets the inbox take in what came."""
    await room.app.parts.delivery.asker.look()
    passer_by = room.person("Перехожий", 900)
    await passer_by.asks("міст")
    for _ in range(seconds // step):
        if not await room.store.doubts.open():
            break
        room.clock.advance(seconds=step)
        await room.app.parts.delivery.asker.look()
        await a_while(0.05)
    await room.delivered()
    await room.tick()


def pushes(room: Newsroom, number: int) -> int:
    """Return how often the headline was sent to a chat, as Telegram saw it."""
    sent = (call.payload for call in room.api.log if call.method == "sendMessage" and call.status == 200)
    return sum(payload["chat_id"] == number and payload["text"].startswith(TITLE) for payload in sent)


async def _counts(room: Newsroom) -> dict[DeliveryState, int]:
    counts = await LedgerView(room.database).counts()
    return {state: number for state, number in counts.items() if number}


async def test_what_arrived_is_found_and_the_rest_is_sent_again(room: Newsroom) -> None:
    people = await _readers(room, 3)
    editor = await _publishes(room, arrived=(1,), lost=(2,))
    await room.tick()
    await editor.sees_now(f"Невідомо, чи дійшло: 2, {ASKING}…")
    await found_out(room)
    assert [await one.count(TITLE) for one in people] == [1, 1, 1]
    assert await _counts(room) == {DeliveryState.SENT: 6}
    await editor.sees_now("З’ясовано, що дійшло: 1")
    await editor.sees_now("Не дійшло, надсилаємо ще раз: 1")
    assert "Невідомо" not in str(editor.got)


async def test_a_reader_who_opens_it_meanwhile_does_not_get_it_again(room: Newsroom) -> None:
    people = await _readers(room, 2)
    await _publishes(room, arrived=(1,), lost=(2,))
    await people[0].taps("Читати")
    await found_out(room)
    assert [pushes(room, number) for number in (1, 2)] == [1, 1]
    assert await _counts(room) == {DeliveryState.SENT: 4}


@pytest.mark.thorough
async def test_what_was_found_is_corrected_like_any_other_copy(room: Newsroom) -> None:
    people = await _readers(room, 2)
    await _publishes(room, arrived=(1,))
    article = (await room.store.articles.latest(limit=1)).items[0]
    await found_out(room)
    corrections = room.app.parts.desk.corrections
    changed = await corrections.proposed(await corrections.open(article.id), "title", "Міст відкрито")
    await corrections.correct(changed, RevisionKind.TYPO, "", Editor(OWNER, Role.OWNER))
    await room.tick()
    await room.settled()
    for one in people:
        await one.sees("Міст відкрито")


@pytest.fixture
async def other_answer(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url) as opened:
        opened.api.reaction_is_empty = True
        yield opened


@pytest.mark.thorough
async def test_either_answer_of_telegram_means_that_the_message_is_there(other_answer: Newsroom) -> None:
    people = await _readers(other_answer, 2)
    await _publishes(other_answer, arrived=(1,), lost=(2,))
    await found_out(other_answer)
    assert [await one.count(TITLE) for one in people] == [1, 1]
    assert await _counts(other_answer) == {DeliveryState.SENT: 4}


@pytest.mark.thorough
async def test_a_reader_who_deleted_it_does_not_get_it_again(room: Newsroom) -> None:
    people = await _readers(room, 2)
    editor = await _publishes(room, arrived=(1,))
    room.world.delete_message(people[0].chat, people[0].last["message_id"])
    await found_out(room)
    assert await _counts(room) == {DeliveryState.SENT: 3, DeliveryState.UNCERTAIN: 1}
    await editor.sees_now("Невідомо, чи дійшло: 1")
    assert await people[0].count(TITLE) == 0


@pytest.mark.thorough
async def test_whoever_blocked_the_bot_meanwhile_counts_as_unreachable(room: Newsroom) -> None:
    people = await _readers(room, 2)
    await _publishes(room, arrived=(1,))
    people[0].person.blocked = True
    await found_out(room)
    assert await _counts(room) == {DeliveryState.SENT: 3, DeliveryState.FAILED: 1}


@pytest.mark.thorough
async def test_what_people_write_meanwhile_is_not_taken_for_it(room: Newsroom) -> None:
    people = await _readers(room, 3)
    await _publishes(room, lost=(1, 2))
    await people[0].says("/latest")
    await people[1].says("що нового?")
    await found_out(room)
    assert [pushes(room, number) for number in (1, 2, 3)] == [1, 1, 1]
    assert await _counts(room) == {DeliveryState.SENT: 6}


@pytest.mark.thorough
async def test_telegram_asks_to_wait_and_is_asked_no_more_until_then(room: Newsroom) -> None:
    people = await _readers(room, 2)
    await _publishes(room, arrived=(1,), lost=(2,))
    wait = Fault("answer", method="setMessageReaction", status=429, description="Too Many Requests", retry_after=40)
    room.faults.order(wait)
    await found_out(room)
    assert [await one.count(TITLE) for one in people] == [1, 1]
    assert await _counts(room) == {DeliveryState.SENT: 4}


async def test_where_chats_have_counters_of_their_own_nothing_is_asked(room: Newsroom) -> None:
    room.world.counts_by_chat = True
    await _readers(room, 3)
    editor = await _publishes(room, arrived=(1,), lost=(2,))
    await found_out(room)
    assert not [call for call in room.api.log if call.method == "setMessageReaction"]
    assert await _counts(room) == {DeliveryState.SENT: 4, DeliveryState.UNCERTAIN: 2}
    await editor.sees_now("Невідомо, чи дійшло: 2")
    assert ASKING not in str(editor.last)
