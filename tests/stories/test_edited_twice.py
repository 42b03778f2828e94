"""An edit is handled again where a process ended before its end: it is no change of somebody else's, and is shown."""

import asyncio

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.world import Json
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, buttons_of, text_of
from tests.support.waiting import until

pytestmark = pytest.mark.wide

UNTRUE = "новину вже правили чи затвердили"


async def _cut_off(room: Newsroom, method: str, happened: Json) -> None:
    """Have something handled by a process that ends while Telegram does not answer what it draws; then once more."""
    receiver = room.app._receiver
    assert receiver is not None
    fault = Fault("hang", method=method)
    room.faults.order(fault)
    room.world.put_update(happened)
    update = room.world.updates.pop()
    dies = asyncio.create_task(receiver.dispatcher.feed_raw_update(receiver.bot, update))
    await until(lambda: not fault.times, "nothing is drawn")
    dies.cancel()
    await asyncio.gather(dies, return_exceptions=True)
    room.world.updates.append(update)
    room.world.arrived()
    await room.heard()


async def _edits_and_is_cut_off(
    room: Newsroom, editor: Somebody, words: str, text: str, method: str = "editMessageText"
) -> None:
    own = [one for one in editor.chat.messages.values() if one["from"]["id"] == editor.person.id]
    message = next(one for one in reversed(own) if words in one["text"])
    message["text"] = text
    await _cut_off(room, method, {"edited_message": message})


async def test_an_edit_that_was_cut_off_while_it_was_drawn_is_drawn_and_the_next_is_heard(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/post Перша\n\nТекст.")
    card = editor.last
    await _edits_and_is_cut_off(room, editor, "/post Перша", "/post Друга\n\nТекст.")
    assert await editor.count(UNTRUE) == 0
    assert text_of(editor.chat.messages[card["message_id"]]).startswith("Друга")
    editor.edits("Друга", text="/post Третя\n\nТекст.")
    await room.heard()
    assert await editor.count(UNTRUE) == 0
    assert (await room.store.articles.get(1)).title == "Третя"


async def test_an_edit_of_one_of_several_messages_that_was_cut_off_is_drawn(room: Newsroom) -> None:
    editor = room.owner()
    await editor.pastes("Довга новина\n\n" + "Речення про міст. " * 300)
    await room.heard()
    card = editor.last
    first = next(text_of(one) for one in editor.chat.messages.values() if text_of(one).startswith("Довга новина"))
    await _edits_and_is_cut_off(room, editor, first, first.replace("Довга", "Коротка", 1))
    assert await editor.count(UNTRUE) == 0
    assert text_of(editor.chat.messages[card["message_id"]]).startswith("Коротка новина")
    editor.edits("Коротка новина", text=first.replace("Довга", "Інша", 1))
    await room.heard()
    assert await editor.count(UNTRUE) == 0
    assert (await room.store.articles.get(1)).title == "Інша новина"


async def test_what_is_taken_after_all_and_cut_off_while_it_was_drawn_is_followed_on(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/post Перша\n\nТекст.")
    await editor.taps("✏️ Лід")
    await editor.says("Лід.")
    editor.edits("Перша", text="/post Друга\n\nТекст.")
    await room.heard()
    assert UNTRUE in editor.screen
    (button,) = (one for one in buttons_of(editor.last) if "Взяти текст" in one["text"])
    tap = {"id": "1", "from": editor.person.as_user(), "message": editor.last, "chat_instance": "1"}
    await _cut_off(room, "editMessageText", {"callback_query": {**tap, "data": button["callback_data"]}})
    before = await editor.count(UNTRUE)
    editor.edits("Друга", text="/post Третя\n\nТекст.")
    await room.heard()
    assert await editor.count(UNTRUE) == before
    assert (await room.store.articles.get(1)).title == "Третя"


async def test_an_edited_answer_that_was_cut_off_while_it_was_drawn_is_drawn_and_the_next_is_heard(
    room: Newsroom,
) -> None:
    editor = room.owner()
    await editor.says("/post Перша\n\nТекст.")
    await editor.taps("✏️ Заголовок")
    await editor.says("Загловок")
    await _edits_and_is_cut_off(room, editor, "Загловок", "Заголовок", "sendMessage")
    assert await editor.count(UNTRUE) == 0
    assert editor.screen.startswith("Заголовок")
    editor.edits("Заголовок", text="Інший заголовок")
    await room.heard()
    assert await editor.count(UNTRUE) == 0
    assert (await room.store.articles.get(1)).title == "Інший заголовок"
    await editor.taps("✏️ Заголовок")
    await editor.says("Ще інший")
    editor.edits("Інший заголовок", text="Зовсім інший")
    await room.heard()
    assert await editor.count(UNTRUE) == 1
    assert (await room.store.articles.get(1)).title == "Ще інший"
