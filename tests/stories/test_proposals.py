"""A proposed correction belongs to the message that shows it: what a button sends out is what stands above it."""

import pytest

from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Json, buttons_of, text_of

pytestmark = pytest.mark.wide


async def _proposes(editor: Desk, title: str) -> Json:
    """Propose another title for the newest article; returns the message that shows it."""
    for label in ("1", "✎ Виправити", "✏️ Заголовок"):
        if label == "1":
            await editor.says("/published")
        await editor.taps(label)
    await editor.says(title)
    await editor.sees_now("Що зміниться")
    return editor.last


async def _title(room: Newsroom) -> str:
    await room.settled()
    (newest,) = (await room.store.articles.latest(limit=1)).items
    return newest.title


async def test_of_two_proposals_goes_out_the_one_whose_button_was_pressed(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    first = await _proposes(editor, "Міст відкрито сьогодні")
    second = await _proposes(editor, "Міст відкрито вчора")
    await editor.taps("✎ Одрук", first)
    assert await _title(room) == "Міст відкрито сьогодні"
    await editor.taps("✎ Одрук", second)  # was proposed for what stood there before
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert await _title(room) == "Міст відкрито сьогодні"


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("Брама -> Браму", True),
        ("міст -> Міст старий", False),
        ("Міст → Київ відкрито", False),
        ("Міст зачинено", False),
    ],
)
async def test_a_mend_of_what_is_not_there_says_that_it_was_taken_whole(
    room: Newsroom, said: str, *, noted: bool
) -> None:
    editor = room.owner()
    await editor.publishes("Відкрито міст\n\nТекст.")
    await _proposes(editor, said)
    assert ("«Брама» тут не було, тож узято все надіслане, разом зі стрілкою." in editor.screen) is noted
    assert ("узято все надіслане" in editor.screen) is noted


async def test_a_note_goes_with_the_proposal_it_was_asked_for(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    first = await _proposes(editor, "Міст відкрито сьогодні")
    await _proposes(editor, "Міст відкрито вчора")
    await editor.taps("📣 Виправлення", first)
    await editor.says("Уточнено день.")
    assert await _title(room) == "Міст відкрито сьогодні"
    assert "reply_markup" not in first


async def test_a_proposal_outlasts_whatever_else_its_editor_does(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes("Міст відкрито\n\nТекст.")
    proposal = await _proposes(editor, "Міст відкрито сьогодні")
    await editor.says("Інша новина\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    await editor.says("Інший заголовок")
    await editor.says("/timezone Варшава")
    await room.restart()
    await editor.taps("✎ Одрук", proposal)
    assert await _title(room) == "Міст відкрито сьогодні"


async def test_what_was_left_as_it_is_does_not_go_out_from_a_button_pressed_late(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes("Міст відкрито\n\nТекст.")
    proposal = await _proposes(editor, "Міст відкрито сьогодні")
    late = proposal["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await editor.taps("Скасувати", proposal)
    await editor.presses(late, proposal)
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert await _title(room) == "Міст відкрито"


async def test_an_article_is_taken_back_with_the_reason_that_stands_above_the_button(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    asked = []
    for reason in ("Джерело спростувало.", "Помилка редакції."):
        await editor.says("/published")
        for label in ("1", "✎ Виправити", "✖ Відкликати новину"):
            await editor.taps(label)
        await editor.says(reason)
        await editor.sees_now("Відкликати цю новину?")
        asked.append(editor.last)
    await editor.taps("Так, відкликати", asked[0])
    await room.settled()
    await reader.sees("Джерело спростувало.")
    assert not any("Помилка редакції." in text_of(message) for message in await reader.everything())


def _callback(message: Json, label: str) -> str:
    return str(next(one["callback_data"] for one in buttons_of(message) if label in one["text"]))


async def test_a_question_and_a_proposal_outlast_their_messages_and_a_restart(room: Newsroom) -> None:
    """Whoever has the bot's message deleted still has the button before their eyes on another device."""
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    await editor.says("/published")
    for label in ("1", "✎ Виправити", "✏️ Заголовок"):
        await editor.taps(label)
    room.world.delete_message(editor.chat, editor.last["message_id"])
    await room.restart()
    await editor.says("Міст відкрито зраку")
    await editor.sees_now("Що зміниться")
    gone = dict(editor.last)
    room.world.delete_message(editor.chat, gone["message_id"])
    await room.restart()
    editor.edits("зраку", text="Міст відкрито зранку")  # the answer is given again, in a new message
    await editor.sees_now("Міст відкрито зранку")
    await editor.presses(_callback(gone, "✎ Одрук"), gone)  # what it showed is not proposed any more
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert await _title(room) == "Міст відкрито"
    gone = dict(editor.message_with("Що зміниться"))
    room.world.delete_message(editor.chat, gone["message_id"])
    await room.restart()
    old = {"chat": editor.chat.as_chat(), "message_id": gone["message_id"], "date": 0}  # all that Telegram tells of it
    await editor.presses(_callback(gone, "📣 Виправлення"), old)
    await editor.sees_now("Одним реченням: що змінилося?")
    room.world.delete_message(editor.chat, editor.last["message_id"])
    await room.restart()
    await editor.says("Уточнено час.")
    assert await _title(room) == "Міст відкрито зранку"
    await reader.sees("Уточнено час.")


async def test_proposals_of_before_and_after_the_language_was_switched_go_out_as_they_stand(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    await editor.publishes("Ринок відкрито\n\nТекст.")
    await editor.says("/published")
    listed = dict(editor.last)
    first = await _proposes(editor, "Ринок відкрито зранку")
    await editor.says("/settings")
    for label in ("💬 Мова", "English"):
        await editor.taps(label)
    await editor.presses(_callback(listed, "2"), listed)
    for label in ("✎ Correct", "✏️ Title"):
        await editor.taps(label)
    await editor.says("Міст відкрито ввечері")
    await editor.sees_now("What changes")
    second = editor.last
    await editor.taps("✎ Одрук", first)
    await editor.taps("📣 Correction", second)
    await editor.says("The hour was missing.")
    await room.settled()
    titles = [one.title for one in (await room.store.articles.latest(limit=2)).items]
    assert titles == ["Ринок відкрито зранку", "Міст відкрито ввечері"]
    await reader.sees("The hour was missing.")
    await room.tick()
    await editor.sees_now("✅ Done in")


@pytest.mark.parametrize(
    ("language", "words", "stale", "shown"),
    [
        ("uk", ("✏️ Заголовок", "✏️ Лід"), "Тут уже все змінилося. Ось поточний стан.", "✖ Новину відкликано"),
        ("en", ("✏️ Title", "✏️ Lead"), "This has changed since. Here is how it stands now.", "✖ Retracted"),
    ],
)
async def test_a_correction_of_what_was_retracted_meanwhile_is_told_so_and_shows_it(
    room: Newsroom, language: str, words: tuple[str, str], stale: str, shown: str
) -> None:
    editor = room.owner(language)
    article = await editor.publishes("Plane lands in Rivne\n\nThe pilot took the wrong runway.")
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎")
    card = editor.last
    await editor.taps(words[0])
    me = await room.app.parts.desk.staff.editor(100, "")
    await room.app.parts.desk.corrections.retract(article, "", me)
    await editor.says("Plane lands in Lutsk")
    await editor.sees(stale)
    assert shown in editor.screen
    await editor.taps(words[1], card)
    assert editor.toast["text"] == stale
    assert shown in text_of(editor.chat.messages[card["message_id"]])


async def test_an_edit_of_a_proposal_that_went_out_offers_another_and_leaves_the_open_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes("Міст відкрито\n\nТекст.")
    await editor.says("Інша новина\nлід\n\nтекст")
    other = editor.last
    await editor.says("/published")
    for label in ("1", "✎ Виправити", "✏️ Текст"):
        await editor.taps(label)
    await editor.pastes(("Ремонт тривав пів року. " * 250).strip())
    await room.heard()
    await editor.taps("✎ Одрук")
    await room.settled()
    await editor.taps("✏️ Заголовок", other)
    asked = editor.last
    editor.edits("Ремонт", text="Ремонт тривав рік.")
    await room.heard()
    assert "але новина вже вийшла" in editor.screen
    assert editor.buttons == ["✎ Виправити"]
    assert "Скасувати" in [one["text"] for one in buttons_of(asked)]
    await editor.says("Інший заголовок")
    assert text_of(editor.last).startswith("Інший заголовок")


@pytest.mark.parametrize("out", [True, False])
@pytest.mark.parametrize("part", ["Початок", "Середина", "Кінець"])
async def test_an_edit_of_a_piece_of_a_correction_is_answered_also_after_another_draft(
    room: Newsroom, part: str, out: bool
) -> None:
    editor = room.owner()
    await editor.publishes("Міст відкрито\n\nТекст.")
    await editor.says("/published")
    for label in ("1", "✎ Виправити", "✏️ Текст"):
        await editor.taps(label)
    for piece in ("Початок", "Середина", "Кінець"):
        editor.sends(text=f"{piece}. " + "Ремонт тривав пів року. " * 150)
    await room.heard()
    proposal = editor.last
    if out:
        await editor.taps("✎ Одрук")
        await room.settled()
    await editor.says("/post Інша новина\n\nтекст")
    editor.edits(part, text=f"{part}. Ремонт тривав рік.")
    await room.heard()
    assert "але новина вже вийшла" in editor.screen
    assert "Міст відкрито" in editor.screen
    assert editor.buttons == ["✎ Виправити"]
    if not out:  # it goes out as it stands there
        await editor.taps("✎ Одрук", proposal)
        await room.settled()
    body = (await room.store.articles.get(1)).body
    assert [body.count(piece) for piece in ("Початок", "Середина", "Кінець", "рік.")] == [1, 1, 1, 0]


async def test_what_is_wrong_with_an_edit_closes_no_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша новина\nлід\n\nтекст")
    await editor.says("Друга новина\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    asked = editor.last
    editor.edits("Перша", text="Перша новина\n\n" + "д" * 100_001)
    await room.heard()
    assert editor.screen.startswith("Задовго")
    assert "заголовок" not in editor.screen
    assert "Скасувати" in [one["text"] for one in buttons_of(asked)]
    await editor.says("Другий заголовок")
    assert (await room.store.articles.get(2)).title == "Другий заголовок"


async def test_a_proposal_that_is_edited_while_its_note_is_asked_for_goes_out_with_the_note(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    await _proposes(editor, "Міст закрито")
    await editor.taps("📣 Виправлення")
    editor.edits("Міст закрито", text="Міст зачинено")
    await editor.sees_now("Міст зачинено")
    await editor.says("Назва була хибна")
    assert await _title(room) == "Міст зачинено"
    await reader.sees("Назва була хибна")
