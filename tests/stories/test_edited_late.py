"""An edit of whatever somebody has said is done, or answered: also of an answer before the last, of a search, of the past."""

import pytest

from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of, text_of

pytestmark = pytest.mark.wide


async def test_an_answer_before_the_last_is_given_again_by_an_edit(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    await editor.says("Загловок")
    await editor.taps("✏️ Лід")
    await editor.says("Новий лід")
    editor.edits("Загловок", text="Заголовок")
    await room.heard()
    assert text_of(editor.last).startswith("Заголовок")
    assert "Новий лід" in editor.screen


async def test_an_edit_of_an_answer_leaves_the_question_that_is_open_meanwhile(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    await editor.says("Загловок")
    await editor.taps("✏️ Лід")
    editor.edits("Загловок", text="Заголовок")
    await room.heard()
    assert text_of(editor.last).startswith("Заголовок")
    await editor.says("Новий лід")
    assert text_of(editor.last).startswith("Заголовок")
    assert "Новий лід" in editor.screen


async def test_what_an_edit_has_asked_once_more_is_what_the_next_answer_is_to(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("🗓 Власна дата")
    await editor.says("25.06.2023 07:35")
    await editor.taps("✏️ Заголовок")
    asked = editor.last
    editor.edits("25.06.2023", text="31.02.2023 07:35")
    await room.heard()
    assert "такої дати немає" in editor.screen
    assert buttons_of(asked) == []
    await editor.says("26.06.2023 07:35")
    assert text_of(editor.last).startswith("Перша")
    assert "26 червня 2023" in editor.screen


async def test_an_edited_answer_takes_the_place_of_nothing_that_was_written_since(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    for title in ("Загловок", "Інший заголовок"):
        await editor.taps("✏️ Заголовок")
        await editor.says(title)
    editor.edits("Загловок", text="Заголовок")
    await room.heard()
    assert text_of(editor.last).startswith("Інший заголовок")
    assert "вона лишилася, як була" in editor.screen


async def test_an_edit_of_what_was_retracted_or_discarded_is_answered_and_can_become_a_draft(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes("Міст відкрито\n\nТекст.")
    await editor.says("/published")
    for label in ("1", "✎ Виправити", "✖ Відкликати новину", "Без причини", "Так, відкликати"):
        await editor.taps(label)
    await room.settled()
    editor.edits("Міст відкрито", text="/post Міст зачинено\n\nТекст.")
    await room.heard()
    assert "новину з нього відкликано: у ній уже нічого не змінити. Зробити нову?" in editor.screen
    await editor.taps("📝 Зробити чернеткою")
    assert text_of(editor.last).startswith("Міст зачинено")
    editor.edits("Міст зачинено", text="/post Міст знову зачинено\n\nТекст.")
    await room.heard()
    assert "Зробити нову?" not in editor.screen


async def test_an_edit_of_a_piece_of_what_was_discarded_is_answered(room: Newsroom) -> None:
    editor = room.owner()
    await editor.pastes("Довга новина\n\n" + "Речення про міст. " * 300)
    await editor.taps("🗑 Відкинути")
    await editor.taps("Так, відкинути")
    before = len(editor.got)
    editor.edits("Довга новина", text="Коротка новина")
    await room.heard()
    assert [text_of(one) for one in editor.got[before:]] == ["Повідомлення змінено, але чернетку з нього відкинуто."]


async def test_words_that_were_typed_wrong_are_offered_to_be_searched_for_as_they_are_now(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await editor.publishes("Київська рада зібралася\n\nТекст.")
    await reader.says("/start")
    await reader.says("Київська рда")
    first = reader.last
    reader.edits("рда", text="Київська рада")
    await room.heard()
    assert reader.screen == "Пошукати «Київська рада» у новинах?"
    assert buttons_of(first) == []
    await reader.taps("🔎 Шукати")
    assert "Київська рада зібралася" in reader.screen


async def test_a_line_that_is_edited_into_an_article_becomes_one(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Міст відкрито")
    editor.edits("Міст відкрито", text="Міст відкрито\n\nТекст про міст.")
    await room.heard()
    assert "🗑 Відкинути" in [one["text"] for one in buttons_of(editor.last)]


async def test_a_refused_answer_that_is_edited_answers_the_question_that_is_still_open(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/timezone")
    await editor.says("Марс")
    assert "не знайдено" in editor.screen
    editor.edits("Марс", text="Варшава")
    await room.heard()
    assert "Часовий пояс: Варшава" in editor.screen
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("🕒 Запланувати")
    await editor.says("коли-небудь")
    assert "не схоже на час" in editor.screen
    editor.edits("коли-небудь", text="завтра о 9")
    await room.heard()
    assert "🕒 Вийде завтра, 09:00" in editor.screen
