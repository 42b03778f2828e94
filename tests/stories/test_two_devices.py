"""One editor at two devices: what is answered or pressed twice at once is done once, and nothing typed is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.model.changes import ArticleChanges
from bot.model.desk import PublicationState
from bot.model.news import Article
from bot.screens.feeds import FeedTap
from bot.screens.sends import Control
from bot.screens.tokens import TokenTap
from bot.screens.verbs import FeedVerb, SendVerb, TokenVerb
from bot.telegram.records import handling
from tests.support.newsroom import Newsroom
from tests.support.people import Json, buttons_of, text_of

pytestmark = pytest.mark.wide


def _callback(message: Json, label: str) -> str:
    return str(next(one["callback_data"] for one in buttons_of(message) if label in one["text"]))


async def test_of_two_answers_the_first_counts_and_the_other_can_become_something(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    editor.sends(text="Заголовок з телефона")
    editor.sends(text="Заголовок зі стола")
    await room.heard()
    assert (await room.store.articles.get(1)).title == "Заголовок з телефона"
    assert editor.screen == "Зробити з цього новину чи пошукати?"
    await editor.taps("📝 Зробити чернеткою")
    assert text_of(editor.last).startswith("Заголовок зі стола")


async def test_what_is_published_from_two_devices_goes_out_once(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✅ Опублікувати")
    asked = dict(editor.last)
    data = _callback(asked, "Так, опублікувати")
    taps = [room.world.taps_on(editor.person, editor.chat, asked, data) for _ in range(2)]
    await room.heard()
    await room.tick()
    await room.settled()
    assert [(tap.answer or {}).get("text", "") for tap in taps] == ["", "Тут уже все змінилося. Ось поточний стан."]
    assert await reader.count("Перша") == 1


async def test_what_was_moved_meanwhile_is_not_taken_off_the_plan_by_an_older_button(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("🕒 Запланувати")
    await editor.says("через 2 години")
    before = editor.last
    await editor.says("/scheduled")
    await editor.taps("1")
    await editor.taps("🕒 Перенести")
    await editor.says("через 4 години")
    await editor.taps("Зняти з плану", before)
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert "🕒 Вийде 18:00" in text_of(editor.chat.messages[before["message_id"]])
    room.clock.advance(hours=5)
    await room.tick()
    await reader.sees("Перша")


async def _moves_before_a_write(room: Newsroom, article: Article, at: datetime) -> None:
    """Have another editor move a plan just before the handler of the next tap writes."""
    publisher, person = room.app.parts.desk.publisher, await room.app.parts.desk.staff.person(100)
    write = room.database.write

    @asynccontextmanager
    async def behind_the_other() -> AsyncIterator[Any]:
        if handling.get() is not None:
            room.database.write = write  # type: ignore[method-assign]
            await publisher.schedule(article, person, at)
        async with write() as connection:
            yield connection

    room.database.write = behind_the_other  # type: ignore[method-assign]


async def test_what_is_moved_while_it_is_taken_off_the_plan_stays_planned(room: Newsroom) -> None:
    editor, later = room.owner(), room.clock.now().replace(microsecond=0) + timedelta(days=1)
    await editor.says("/post Перша\n\nтекст")
    await editor.taps("🕒 Запланувати")
    await editor.says("через 2 години")
    await _moves_before_a_write(room, await room.store.articles.get(1), later)
    await editor.taps("Зняти з плану")
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    (plan,) = await room.store.publications.of_article(1)
    assert (plan.state, plan.at) == (PublicationState.SCHEDULED, later)


async def test_a_question_that_another_device_has_closed_takes_no_answer_and_the_text_is_kept(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    first = dict(editor.last)
    await editor.taps("✏️ Заголовок")
    await editor.presses(_callback(first, "✏️ Лід"), first)  # the other device asks for something else
    await editor.says("Новий лід")
    article = await room.store.articles.get(1)
    assert (article.title, article.lead) == ("Перша", "Новий лід")
    await editor.says("Новий заголовок")
    assert editor.screen == "Зробити з цього новину чи пошукати?"


async def test_a_language_that_changes_while_a_question_is_open_is_that_of_what_follows(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/settings")
    settings = dict(reader.last)
    await reader.says("/quiet")
    question = reader.last
    await reader.presses(_callback(settings, "💬 Мова"), settings)
    await reader.taps("English", reader.message_with("Мова"))
    assert "Скасувати" not in [one["text"] for one in buttons_of(question)]
    await reader.says("22-7")
    assert reader.screen == "Search the news for “22-7”?"
    await reader.says("/quiet")
    await reader.says("22-7")
    assert reader.screen.startswith("Quiet hours: 22:00–07:00.")


async def test_what_two_want_pinned_is_pinned_and_is_free_only_when_that_is_pressed(room: Newsroom) -> None:
    editor = room.owner()
    bridge = await editor.publishes("Міст відкрили у Києві\n\nТекст про міст.")
    football = await editor.publishes("Про футбол\n\nТекст про футбол.")
    await editor.says(f"/read {bridge.id}")
    await editor.taps("🗂 Для редакції")
    await editor.taps("➕ Закріпити")
    await editor.says(str(football.id))
    before = dict(editor.last)
    ban = _callback(before, "🚫 1")
    for _ in range(2):
        await editor.presses(ban, before)
        assert "✅ 🚫 1" in editor.buttons
    await editor.taps("✅ 🚫 1")
    assert await room.store.articles.ties(bridge.id) == {}


async def test_a_send_that_has_ended_is_not_asked_to_stop(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes("Перша\n\nтекст")
    await reader.sees("Перша")
    await room.settled()
    await room.tick()
    await editor.sees("✅ Готово")
    (send,) = await room.store.publications.of_article(1)
    await editor.presses(Control(SendVerb.ASK_TO_STOP, send.id).encode(), editor.last)
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert "✅ Готово" in editor.screen


async def test_a_page_of_drafts_that_has_become_empty_gives_way_to_the_one_before(room: Newsroom) -> None:
    editor = room.owner()
    for number in range(9):
        await editor.says(f"Чернетка {number}\n\nТекст {number}.")
        room.clock.advance(minutes=1)
    await editor.says("/drafts")
    await editor.taps("Далі")
    await editor.taps("9")
    for label in ("🗑 Відкинути", "Так, відкинути", "← До списку"):
        await editor.taps(label)
    assert "Чернеток немає" not in editor.screen
    assert "1. Чернетка 8" in editor.screen


async def test_a_mend_is_made_although_its_words_stand_elsewhere_and_another_part_was_changed(room: Newsroom) -> None:
    """What is handled again is known by what it left; so is no text that had those words before."""
    editor = room.owner()
    await editor.says("Міст відкрили\n\nБачили тисяч людей. Ще тисячі чекали. Кінець.")
    await editor.says("/drafts")
    await editor.taps("1")
    first = editor.last
    await editor.taps("✏️ Текст", first)
    article = await room.store.articles.get(1)
    changes = ArticleChanges(body=article.body.replace("Кінець", "Край"))
    await room.store.articles.revise_draft(1, article.version, changes, 100, room.clock.now(), scheduled=True)
    await editor.says("тисяч людей -> тисячі")
    assert "Бачили тисячі. Ще тисячі чекали. Край." in (await room.store.articles.get(1)).body


async def test_a_button_for_a_person_or_a_token_that_is_gone_shows_who_or_what_is_left(room: Newsroom) -> None:
    owner, ada = room.owner(), room.person("Ада", 7)
    await ada.says("/start")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    card = dict(owner.last)
    await owner.taps("✖ Прибрати")
    await owner.taps("Так, прибрати")
    await owner.presses(_callback(card, "редактор"), card)
    assert owner.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert "Люди редакції" in text_of(owner.chat.messages[card["message_id"]])
    await owner.says("/sources")
    await owner.presses(TokenTap(TokenVerb.SHOW, 99).encode(), owner.last)
    assert owner.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    await owner.presses(FeedTap(FeedVerb.SHOW, 99).encode(), owner.last)
    assert owner.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert "Стрічки" in owner.screen


async def test_who_gives_up_being_owner_is_left_with_no_owners_buttons(room: Newsroom) -> None:
    owner, ada = room.owner(), room.person("Ада", 7)
    await ada.says("/start")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    await owner.taps("▫️ власник")
    await owner.says("/editors")
    await owner.taps("(ви)")
    await owner.taps("▫️ автор")
    assert owner.screen.startswith("Тепер ви в редакції: автор.")
    assert owner.buttons == []


async def test_a_picture_that_waited_is_named_as_left_out_where_a_command_brings_the_words(room: Newsroom) -> None:
    editor = room.owner()
    await editor.sends_photo()
    await editor.says("/post Міст відкрили\n\nТекст.")
    assert "Вкладення, що чекало на текст, сюди не ввійшло" in editor.screen
    await editor.says("/post Ринок відкрили\n\nТекст.")
    assert "не ввійшло" not in editor.screen
    assert (await room.store.articles.get(1)).photo is None


@pytest.mark.parametrize(
    ("language", "labels", "said"),
    [
        ("uk", ("Мова новин", "лише англійська"), "серед активних читачів таких новин ніхто не обрав"),
        ("en", ("News language", "English only"), "no active reader has chosen news like this"),
    ],
)
async def test_why_nobody_gets_it_is_not_said_to_be_the_topic_where_it_is_the_language(
    room: Newsroom, language: str, labels: tuple[str, str], said: str
) -> None:
    editor, reader = room.owner(language), room.person(language=language)
    await reader.says("/start")
    await reader.says("/settings")
    for label in labels:
        await reader.taps(label)
    await editor.says("Матч зіграли\n\nТекст про футбол у Києві.")
    await editor.taps("✅ Опублікувати" if language == "uk" else "✅ Publish")
    assert said in editor.screen
