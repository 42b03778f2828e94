"""A send under control: paused, resumed, stopped, undone; halted when it fails; held after a long stop."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from bot.model.news import ArticleState
from bot.sandbox.faults import Fault, Kind
from storage.delivery.view import LedgerView
from tests.support.newsroom import Desk, Newsroom, open_newsroom
from tests.support.people import Somebody, buttons_of
from tests.support.rows import told_nothing
from tests.support.waiting import until


async def _readers(room: Newsroom, number: int) -> list[Somebody]:
    people = [room.person(f"Читач {n}", n) for n in range(1, number + 1)]
    for somebody in people:
        await somebody.says("/start")
    return people


async def _publishes_unsent(room: Newsroom, editor: Desk) -> None:
    """Publish while nothing goes out, so that there is something to control."""
    room.sender.window = 0
    await editor.publishes("Перша новина")


async def _got(people: list[Somebody]) -> int:
    return sum([await p.count("Перша новина") for p in people])


async def test_a_send_can_be_paused_and_goes_on_where_it_was(room: Newsroom) -> None:
    people, editor = await _readers(room, 3), room.owner()
    await _publishes_unsent(room, editor)
    await editor.taps("⏸ Пауза")
    await editor.sees_now("⏸ Призупинено")
    room.sender.window = 10
    await room.tick()
    await room.settled()
    assert await _got(people) == 0
    await editor.taps("▶ Продовжити")
    await room.tick()
    await room.settled()
    assert await _got(people) == 3


async def test_a_paused_send_stays_paused_over_a_restart_and_holds_nothing_else_up(room: Newsroom) -> None:
    people, editor = await _readers(room, 2), room.owner()
    await _publishes_unsent(room, editor)
    await editor.taps("⏸ Пауза")
    await room.restart()
    await editor.publishes("Друга новина")
    await room.settled()
    assert await _got(people) == 0
    for somebody in people:
        await somebody.sees("Друга новина")


async def test_a_send_that_is_stopped_never_goes_on_and_says_what_was_not_sent(room: Newsroom) -> None:
    people, editor = await _readers(room, 3), room.owner()
    await _publishes_unsent(room, editor)
    await editor.taps("⏹ Зупинити")
    await editor.sees_now("3 читачі цієї новини не отримають.")
    await editor.taps("Так, зупинити")
    room.sender.window = 10
    await room.tick()
    await room.settled()
    await room.restart()
    await room.tick()
    assert await _got(people) == 0
    await editor.sees("Зупинено")
    assert (await LedgerView(room.database).counts())[DeliveryState.DROPPED] == 3


async def test_a_second_tap_on_pause_says_that_it_is_late(room: Newsroom) -> None:
    await _readers(room, 1)
    editor = room.owner()
    await _publishes_unsent(room, editor)
    card = dict(editor.last)
    await editor.taps("⏸ Пауза")
    await editor.presses(next(b for r in card["reply_markup"]["inline_keyboard"] for b in r)["callback_data"], card)
    assert editor.toast.get("text")


@pytest.fixture
async def careful_room(sqlite_url: str) -> AsyncIterator[Newsroom]:
    """A newsroom in which two readers are many."""
    async with open_newsroom(sqlite_url, hold_above=1) as opened:
        yield opened


async def _publishes_urgently(editor: Desk) -> None:
    await editor.says("/post Перша новина")
    await editor.taps("Терміново")
    await editor.taps("Так, опублікувати")


async def test_urgent_news_for_many_can_be_undone_before_it_leaves(careful_room: Newsroom) -> None:
    room = careful_room
    people, editor = await _readers(room, 2), room.owner()
    await _publishes_urgently(editor)
    await editor.sees("Ще можна скасувати")
    assert await _got(people) == 0
    await editor.taps("↩ Скасувати")
    room.clock.advance(seconds=40)
    await room.tick()
    await room.settled()
    assert await _got(people) == 0
    await editor.says("/drafts")
    await editor.sees_now("Перша новина")


async def test_the_way_back_of_one_send_takes_no_later_plan_back(careful_room: Newsroom) -> None:
    room = careful_room
    _, editor = await _readers(room, 2), room.owner()
    await _publishes_urgently(editor)
    await editor.sees("Ще можна скасувати")
    old = dict(editor.last)
    publisher, person = room.app.parts.desk.publisher, await room.app.parts.desk.staff.person(100)
    article = await publisher.cancel(
        await room.store.articles.get(1), person
    )  # as another editor does, who plans it for later
    await publisher.schedule(article, person, room.clock.now() + timedelta(hours=3))
    await editor.taps("↩ Скасувати", old)
    assert (await room.store.articles.get(1)).state is ArticleState.SCHEDULED
    assert "Тут уже все змінилося" in editor.toast["text"]


@pytest.mark.parametrize("again", ["🕒 Перенести", "🔴 Терміново"])
async def test_the_way_back_of_a_held_send_leaves_what_it_was_moved_to(careful_room: Newsroom, again: str) -> None:
    room = careful_room
    _, editor = await _readers(room, 2), room.owner()
    await _publishes_urgently(editor)
    await editor.sees("Ще можна скасувати")
    held = dict(editor.last)
    room.clock.advance(seconds=5)
    await editor.says("/scheduled")
    await editor.taps("1")
    await editor.taps(again)
    if "Терміново" in again:
        await editor.taps("Так, опублікувати")
    else:
        await editor.says("завтра о 9:00")
    (moved,) = await room.store.publications.of_article(1)
    await editor.taps("↩ Скасувати", held)
    assert (await room.store.articles.get(1)).state is ArticleState.SCHEDULED
    assert [(one.id, one.at) for one in await room.store.publications.of_article(1)] == [(moved.id, moved.at)]
    assert "Тут уже все змінилося" in editor.toast["text"]


async def test_the_way_back_of_a_held_send_that_an_older_version_showed_still_leads_back(
    careful_room: Newsroom,
) -> None:
    room = careful_room
    _, editor = await _readers(room, 2), room.owner()
    await _publishes_urgently(editor)
    await editor.sees("Ще можна скасувати")
    await editor.presses("p:undo:1", editor.last)
    assert (await room.store.articles.get(1)).state is ArticleState.DRAFT


async def test_urgent_news_that_is_not_undone_leaves_by_itself(careful_room: Newsroom) -> None:
    room = careful_room
    people, editor = await _readers(room, 2), room.owner()
    await _publishes_urgently(editor)
    await room.tick()
    assert await _got(people) == 0
    room.clock.advance(seconds=31)
    await room.tick()
    await room.settled()
    assert await _got(people) == 2


async def test_a_send_that_mostly_fails_is_halted_and_the_owner_hears_why(room: Newsroom) -> None:
    people, editor = await _readers(room, 30), room.owner()
    await editor.says("/help")
    for somebody in people:
        odd = {"status": 400, "description": "Bad Request: something is odd", "chat_id": somebody.chat.id}
        room.faults.order(Fault("answer", method="sendMessage", times=2, **odd))
    room.sender.window = 2
    await editor.publishes("Перша новина")

    async def halted() -> bool:
        return (await room.store.publications.get(1)).state is PublicationState.PAUSED

    await until(halted, "the send goes on")
    await room.delivered()  # what is in the air still meets its second refusal
    room.faults.waiting.clear()
    await editor.sees("Розсилання призупинено автоматично")
    assert await _got(people) == 0
    tally = (await room.store.publications.get(1)).tally
    assert tally.failed < 30
    await editor.taps("▶ Продовжити")
    await room.tick()
    await room.settled()
    assert await _got(people) == 30 - tally.failed


async def test_what_is_in_doubt_is_listed_and_sent_again_with_one_tap(room: Newsroom) -> None:
    (reader,), editor = await _readers(room, 1), room.owner()
    room.faults.order(Fault("reset", method="sendMessage", chat_id=reader.chat.id))
    await editor.publishes("Перша новина")
    await room.settled()
    await room.tick()
    await editor.sees("Невідомо, чи дійшло: 1, з’ясовуємо…")
    assert "Невідомо, чи дійшло: 1" not in editor.buttons, "nobody has to decide what is being found out"
    await told_nothing(room.database)
    await room.tick()
    await editor.taps("Невідомо, чи дійшло: 1")
    await editor.sees_now("Читач 1")
    await editor.taps("Надіслати ще раз")
    await room.settled()
    assert await reader.count("Перша новина") == 1
    await room.tick()
    await editor.sees("Надіслано: 1 з 1")


async def test_what_is_in_doubt_can_be_let_go(room: Newsroom) -> None:
    (reader,), editor = await _readers(room, 1), room.owner()
    room.faults.order(Fault("lost", method="sendMessage", chat_id=reader.chat.id))
    await editor.publishes("Перша новина")
    await room.settled()
    await told_nothing(room.database)
    await room.tick()
    await editor.taps("Невідомо, чи дійшло: 1")
    await editor.taps("Не повторювати")
    await room.tick()
    await room.settled()
    assert await reader.count("Перша новина") == 1
    assert (await room.store.publications.get(1)).tally.uncertain == 0


async def _a_digest_in_doubt(room: Newsroom, *, fault: Kind) -> tuple[Somebody, Desk]:
    (reader,), editor = await _readers(room, 1), room.owner()
    await editor.says("/help")
    await reader.says("/schedule 19:00")
    await editor.publishes("Перша новина")
    room.faults.order(Fault(fault, method="sendMessage", chat_id=reader.chat.id))
    room.clock.advance(hours=9)
    await room.tick()
    await room.settled()
    await told_nothing(room.database)
    await room.tick()
    return reader, editor


async def test_the_owner_hears_of_a_digest_in_doubt_and_sends_it_again_with_one_tap(room: Newsroom) -> None:
    reader, editor = await _a_digest_in_doubt(room, fault="reset")
    await editor.sees("Невідомо, чи дійшли дайджести й повідомлення про виправлення: 1")
    await room.tick()
    assert await editor.count("Невідомо, чи дійшли дайджести") == 1, "told once"
    await editor.says("/published")
    await editor.taps("Невідомо, чи дійшли дайджести: 1")
    await editor.sees_now("Читач 1 · дайджест")
    await editor.taps("Надіслати ще раз")
    await editor.sees_now("Надсилаємо ще раз: 1")
    await room.settled()
    assert await reader.count("Перша новина") == 1
    assert (await room.store.uncertain.loose()).number == 0


async def test_a_digest_in_doubt_can_be_let_go_with_its_lines(room: Newsroom) -> None:
    reader, editor = await _a_digest_in_doubt(room, fault="lost")
    asked = dict(editor.last)
    await editor.taps("Не повторювати")
    await editor.sees_now("Не повторюємо: 1")
    again = next(one["callback_data"] for one in buttons_of(asked) if one["text"] == "Надіслати ще раз")
    await editor.presses(again, editor.chat.messages[asked["message_id"]])  # of another owner, who has it still
    await editor.sees_now("Невідомого більше немає.")
    await room.settled()
    assert await reader.count("Перша новина") == 1
    tally = (await room.store.publications.get(1)).tally
    assert (tally.held, tally.dropped) == (0, 1)


async def test_only_an_owner_decides_about_digests_in_doubt(room: Newsroom) -> None:
    reader, _ = await _a_digest_in_doubt(room, fault="reset")
    await reader.presses("v:drop", reader.last)
    assert (await room.store.uncertain.loose()).number == 1


async def test_a_policy_of_sending_again_needs_nobody(room: Newsroom) -> None:
    (reader,), editor = await _readers(room, 1), room.owner()
    room.faults.order(Fault("reset", method="sendMessage", chat_id=reader.chat.id))
    await editor.says("/post Перша новина")
    await editor.taps("Опублікувати")
    assert "Якщо невідомо" not in editor.screen
    await editor.taps("⋯")
    await editor.sees_now("Якщо невідомо, чи дійшло")
    await editor.taps("Надіслати ще раз")
    await editor.sees_now("Опублікувати?")
    assert "Якщо невідомо, чи дійшло: Надіслати ще раз" in editor.screen
    await editor.taps("Так, опублікувати")
    for _ in range(3):
        await room.tick()
        await room.settled()
        await told_nothing(room.database)
    assert await reader.count("Перша новина") == 1
    assert (await room.store.publications.get(1)).tally.sent == 1


async def test_after_a_long_stop_nothing_leaves_until_the_owner_says_so(room: Newsroom) -> None:
    people, editor = await _readers(room, 2), room.owner()
    await editor.says("/help")
    await _publishes_unsent(room, editor)
    await room.app.parts.delivery.restart_guard.beat()
    await room.stop()
    room.clock.advance(hours=3)
    await room.start()
    await editor.sees("Розсилання чекає на вас")
    await room.tick()
    assert await _got(people) == 0
    await editor.taps("Надіслати все, що чекає")
    await room.tick()
    await room.settled()
    assert await _got(people) == 2


async def test_after_a_long_stop_what_waits_can_be_skipped(room: Newsroom) -> None:
    people, editor = await _readers(room, 2), room.owner()
    await editor.says("/help")
    await people[1].says("/schedule 19:00")
    await _publishes_unsent(room, editor)
    await room.app.parts.delivery.restart_guard.beat()
    await room.stop()
    room.clock.advance(hours=9)
    await room.start()
    await editor.sees("Чекають 2 надсилання")
    await editor.taps("Пропустити те, що чекає")
    await room.tick()
    await room.settled()
    assert await _got(people) == 0
    await editor.publishes("Друга новина")
    await room.settled()
    await people[0].sees("Друга новина")


async def test_a_short_stop_asks_nobody(room: Newsroom) -> None:
    people, editor = await _readers(room, 2), room.owner()
    await _publishes_unsent(room, editor)
    await room.app.parts.delivery.restart_guard.beat()
    await room.stop()
    room.clock.advance(minutes=2)
    await room.start()
    await room.tick()
    await room.settled()
    assert await _got(people) == 2


async def test_news_that_is_not_urgent_leaves_at_once_however_many_get_it(careful_room: Newsroom) -> None:
    room = careful_room
    people, editor = await _readers(room, 2), room.owner()
    await editor.publishes("Перша новина")
    await room.settled()
    assert await _got(people) == 2


async def test_urgent_news_for_few_leaves_at_once(careful_room: Newsroom) -> None:
    room = careful_room
    people, editor = await _readers(room, 1), room.owner()
    await editor.publishes("Перша новина", urgent=True)
    await room.settled()
    assert await _got(people) == 1
