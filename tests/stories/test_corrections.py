"""Corrections as readers see them: copies change, also those inside digests; and anybody can read what was corrected."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.model.desk import Editor, Role
from bot.model.news import RevisionKind
from bot.sandbox.faults import Fault
from tests.support.newsroom import OWNER, Desk, Newsroom
from tests.support.people import Somebody, text_of
from tests.support.waiting import within

ARTICLE = "Місто відкрило міст\n\nМіст будували три роки, коштував він 40 мільйонів гривень."


async def _opens_correction(editor: Desk, part: str) -> None:
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎ Виправити")
    await editor.taps(part)


async def _corrects(room: Newsroom, editor: Desk, part: str, text: str, note: str = "") -> None:
    await _opens_correction(editor, part)
    await editor.says(text)
    if note:
        await editor.taps("📣 Виправлення")
        await editor.says(note)
    else:
        await editor.taps("Одрук")
    await room.tick()
    await room.settled()


async def _retracts(room: Newsroom, editor: Desk, reason: str) -> None:
    await _opens_correction(editor, "Відкликати")
    await editor.says(reason)
    await editor.taps("Так, відкликати")
    await room.tick()
    await room.settled()


async def _a_reader_with_the_article(room: Newsroom) -> tuple[Somebody, Desk]:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(ARTICLE)
    await reader.sees("Місто відкрило міст")
    return reader, editor


async def test_a_typo_is_mended_in_every_copy_without_a_sound(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    before = len(reader.got)
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст")
    await reader.sees("Місто відкрило новий міст")
    assert len(await reader.everything()) == before
    assert await reader.lacks("Виправлено")
    await editor.sees("Змінено: 1 з 1")


async def test_a_correction_marks_every_copy_and_says_what_changed(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    pushed = reader.message_with("Місто відкрило міст")
    await _corrects(room, editor, "Текст", "Міст коштував 50 мільйонів.", "Уточнено вартість: 50 мільйонів, а не 40.")
    note = reader.message_with("Уточнено вартість")
    assert note["reply_to_message"]["message_id"] == pushed["message_id"]
    assert "✎ Виправлено" in text_of(reader.chat.messages[pushed["message_id"]])
    await reader.taps("Читати", note)
    assert "50 мільйонів, а не 40" in text_of(reader.chat.messages[note["message_id"]])
    assert "Міст коштував 50 мільйонів." in text_of(reader.chat.messages[note["message_id"]])


async def test_a_copy_that_is_open_is_corrected_where_it_is_open(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await reader.taps("Читати")
    number = reader.message_with("Місто відкрило міст")["message_id"]
    assert "40 мільйонів" in text_of(reader.chat.messages[number])
    await _corrects(room, editor, "Текст", "Міст коштував 50 мільйонів.")
    assert "50 мільйонів" in text_of(reader.chat.messages[number])
    await reader.taps("Згорнути", reader.chat.messages[number])
    assert "50 мільйонів" not in text_of(reader.chat.messages[number])


async def test_an_article_opened_from_a_list_is_corrected_too(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes(ARTICLE)
    late = room.person("Пізній", 7)
    await late.says("/latest")
    await late.taps("1")
    await _corrects(room, editor, "Текст", "Міст коштував 50 мільйонів.")
    assert "50 мільйонів" in late.screen


@pytest.mark.parametrize("tap", [True, False])
async def test_an_article_that_was_on_its_way_when_it_was_corrected_is_drawn_again(room: Newsroom, tap: bool) -> None:
    reader, _ = await _a_reader_with_the_article(room)
    pushed = reader.message_with("Місто відкрило міст")
    method = "editMessageText" if tap else "sendRichMessage"
    on_its_way = Fault("slow", 1, method, chat_id=1, seconds=2.5)
    room.faults.order(on_its_way)
    if tap:
        _, button = reader._button("Читати", pushed)
        room.world.taps_on(reader.person, reader.chat, pushed, button["callback_data"])
    else:
        reader.sends(text="/read 1", entities=[{"type": "bot_command", "offset": 0, "length": 5}])
    async with within(30):
        while on_its_way.times:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)
    corrections = room.app.parts.desk.corrections
    changed = await corrections.proposed(await corrections.open(1), "body", "Міст коштував 50 мільйонів.")
    await corrections.correct(changed, RevisionKind.TYPO, "", Editor(OWNER, Role.OWNER))
    await room.tick()
    await room.settled()
    await reader.sees("Міст коштував 50 мільйонів.")
    await reader._rest()
    assert await reader.lacks("40 мільйонів")


async def test_a_digest_is_corrected_and_a_retraction_leaves_a_notice_in_it(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule 19:00")
    await editor.publishes("Друга новина")
    await editor.publishes(ARTICLE)
    room.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await room.tick()
    await reader.sees("Дайджест")
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст", "Уточнено заголовок.")
    await reader.sees("✎ Місто відкрило новий міст")
    await _retracts(room, editor, "Новина не підтвердилася.")
    digest = text_of(reader.message_with("Дайджест"))
    assert "Новину відкликано" in digest
    assert "Друга новина" in digest
    assert "новий міст" not in digest


async def test_what_was_retracted_before_its_digest_does_not_come_into_it_with_a_correction(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule 19:00")
    await editor.publishes("Друга новина")
    await _retracts(room, editor, "Новина не підтвердилася.")
    await editor.publishes(ARTICLE)
    room.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await room.tick()
    await reader.sees("Дайджест")
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст", "Уточнено заголовок.")
    await reader.sees("✎ Місто відкрило новий міст")
    assert await reader.lacks("відкликано")


async def test_a_retraction_replaces_every_copy_and_nothing_finds_the_article_any_more(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await reader.says("/pause")
    await _retracts(room, editor, "Новина не підтвердилася.")
    assert await reader.lacks("1 хв читати")
    await reader.sees("✖ Новину відкликано\n«Місто відкрило міст». Причина: Новина не підтвердилася. Вибачте.")
    await reader.says("/latest")
    assert "міст" not in reader.screen
    await reader.says("/search міст")
    assert "Місто" not in reader.screen
    await editor.sees("Змінено: 1 з 1")


TOLD = {
    "uk": "✖ Новину відкликано\n«Місто відкрило міст». Причина: Джерело помилилося. Вибачте.",
    "en": "✖ Retracted\n“Місто відкрило міст”. Reason: Джерело помилилося. We apologise.",
}


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_retraction_says_what_and_why_in_the_copy_and_in_a_message(room: Newsroom, language: str) -> None:
    reader, editor = room.person(language=language), room.owner()
    await reader.says("/start")
    await editor.publishes(ARTICLE)
    await reader.sees("Місто відкрило міст")
    pushed = reader.message_with("Місто відкрило міст")
    await _retracts(room, editor, "Джерело помилилося")
    assert text_of(reader.chat.messages[pushed["message_id"]]) == TOLD[language]
    note = reader.last
    assert text_of(note) == TOLD[language]
    assert note["reply_to_message"]["message_id"] == pushed["message_id"]
    assert await reader.count(TOLD[language]) == 2
    await reader.says("/read 1")
    assert text_of(reader.last) == TOLD[language]


async def test_a_retraction_reaches_everybody_whom_a_correction_reaches(room: Newsroom) -> None:
    editor = room.owner()
    at_once, in_digest, paused, stranger = (room.person(f"Ч{n}", n) for n in (1, 2, 3, 4))
    for person in (at_once, in_digest, paused):
        await person.says("/start")
    await in_digest.says("/schedule 19:00")
    await editor.publishes(ARTICLE)
    await paused.says("/pause")
    room.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await room.tick()
    await in_digest.sees("Дайджест")
    before = {person.person.id: len(await person.everything()) for person in (at_once, in_digest, paused)}
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст", "Уточнено заголовок.")
    corrected = {n.person.id: len(await n.everything()) - before[n.person.id] for n in (at_once, in_digest, paused)}
    before = {person.person.id: len(await person.everything()) for person in (at_once, in_digest, paused)}
    await _retracts(room, editor, "Джерело помилилося")
    retracted = {n.person.id: len(await n.everything()) - before[n.person.id] for n in (at_once, in_digest, paused)}
    assert retracted == corrected == {1: 1, 2: 1, 3: 0}
    assert not stranger.got
    assert await in_digest.count("Причина: Джерело помилилося.") == 1
    assert await paused.count("Причина: Джерело помилилося.") == 1  # in place of the copy


async def test_the_reason_of_a_retraction_may_be_left_out(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await _opens_correction(editor, "Відкликати")
    await editor.taps("Без причини")
    assert "«Місто відкрило міст». Вибачте." in editor.screen
    await editor.taps("Так, відкликати")
    await room.tick()
    await room.settled()
    await reader.sees("✖ Новину відкликано\n«Місто відкрило міст». Вибачте.")
    assert await reader.lacks("Причина")
    await reader.says("/corrections")
    await reader.sees_now("Новину відкликано")


async def test_one_articles_reason_never_becomes_anothers(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await _opens_correction(editor, "Відкликати")
    await editor.says("Перша причина")
    first = editor.last
    await editor.publishes("Друга новина\n\nТекст.")
    await _opens_correction(editor, "Відкликати")
    await editor.says("Друга причина")
    await editor.taps("Так, відкликати", first)
    await room.tick()
    await room.settled()
    await reader.sees("Перша причина")
    assert await reader.lacks("Друга причина")


async def test_a_retraction_keeps_the_night_quiet(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    room.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    await reader.says("/settings")
    await reader.taps("🌙")
    await reader.taps("22:00")
    pushed = reader.message_with("Місто відкрило міст")
    await _opens_correction(editor, "Відкликати")
    await editor.says("Джерело помилилося")
    await editor.taps("Так, відкликати")
    await room.tick()
    await room.delivered()
    assert text_of(reader.chat.messages[pushed["message_id"]]) == TOLD["uk"]
    assert await reader.count(TOLD["uk"]) == 1
    room.clock.set(datetime(2026, 11, 24, 5, 1, tzinfo=UTC))
    await room.tick()
    await room.settled()
    assert await reader.count(TOLD["uk"]) == 2


async def test_what_waits_for_the_morning_holds_up_no_silent_change(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await reader.says("/settings")
    await reader.taps("🌙")
    await reader.taps("22:00")
    room.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    for title, note in (("Місто відкрило новий міст", "Міст новий."), ("Місто відкрило нові мости", "Їх два.")):
        await _opens_correction(editor, "Заголовок")
        await editor.says(title)
        await editor.taps("📣 Виправлення")
        await editor.says(note)
        await room.tick()
        await room.delivered()  # of which the message about the second waits behind that about the first
    await _opens_correction(editor, "Заголовок")
    await editor.says("Місто відкрило два мости")
    await editor.taps("Одрук")
    await room.tick()
    await room.delivered()
    await reader.sees("Місто відкрило два мости")
    await editor.sees("Змінено: 1 з 1")
    assert await reader.lacks("Їх два.")
    room.clock.set(datetime(2026, 11, 24, 5, 1, tzinfo=UTC))
    await room.tick()
    await room.settled()
    assert [await reader.count(note) for note in ("Міст новий.", "Їх два.")] == [1, 1]


async def test_a_silent_typo_is_in_no_public_list(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст")
    await reader.says("/corrections")
    await reader.sees_now("Ще жодну новину не виправляли.")


async def test_anybody_can_read_what_was_corrected(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await reader.says("/corrections")
    await reader.sees_now("Ще жодну новину не виправляли.")
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст", "Уточнено заголовок.")
    await reader.says("/corrections")
    await reader.sees_now("Місто відкрило новий міст")
    await reader.sees_now("Уточнено заголовок.")
    await reader.taps("1")
    await reader.sees_now("✎ Виправлено")
    await reader.taps("← Назад")
    assert reader.screen.startswith("Виправлення\n\n1. Місто відкрило")


async def test_what_is_not_sent_yet_goes_out_in_the_new_text(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    window, room.sender.window = room.sender.window, 0
    await editor.publishes("Друга новина\n\nСтарий текст.")
    await _opens_correction(editor, "Заголовок")
    await editor.says("Друга новина, виправлена")
    await editor.taps("Одрук")
    room.sender.window = window
    await room.tick()
    await room.settled()
    await reader.sees("Друга новина, виправлена")
    assert await reader.count("Друга новина") == 1


async def test_a_reader_who_left_is_counted_as_unreachable(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    number = reader.message_with("Місто відкрило міст")["message_id"]
    reader.blocks_the_bot()
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст")
    await room.tick()
    await editor.sees("Змінено: 0 з 1")
    assert "новий" not in text_of(reader.chat.messages[number])


async def test_two_editors_do_not_correct_over_each_other(room: Newsroom) -> None:
    _, editor = await _a_reader_with_the_article(room)
    await _opens_correction(editor, "Заголовок")
    await editor.says("Перший варіант")
    first = editor.last
    await _opens_correction(editor, "Заголовок")
    await editor.says("Другий варіант")
    await editor.taps("Одрук")
    await room.tick()
    await room.settled()
    await editor.taps("Одрук", first)
    await editor.sees("Другий варіант")
    article = (await room.store.articles.latest(limit=1)).items[0]
    assert article.title == "Другий варіант"


async def test_an_edit_whose_answer_was_lost_is_made_again(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await _opens_correction(editor, "Заголовок")
    await editor.says("Місто відкрило новий міст")
    room.faults.order(Fault("lost", method="editMessageText", chat_id=reader.chat.id))
    await editor.taps("Одрук")
    await room.tick()
    room.clock.advance(minutes=5)
    await room.settled()
    await reader.sees("Місто відкрило новий міст")


async def test_a_correction_waits_for_quiet_hours_to_end_while_copies_change_at_once(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await reader.says("/settings")
    await reader.taps("Тихі години")
    await reader.taps("22:00–07:00")
    room.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))  # 23:00 in Kyiv
    await _opens_correction(editor, "Заголовок")
    await editor.says("Місто відкрило новий міст")
    await editor.taps("📣 Виправлення")
    await editor.says("Уточнено заголовок.")
    await room.tick()
    await reader.sees("Місто відкрило новий міст")
    assert not any(text_of(m).startswith("✎ Виправлено") for m in reader.got)
    room.clock.set(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))  # 07:00
    await room.settled()
    assert any(text_of(m).startswith("✎ Виправлено") for m in reader.got)


async def test_of_two_corrections_in_one_night_each_reply_tells_its_own(room: Newsroom) -> None:
    reader, editor = await _a_reader_with_the_article(room)
    await reader.says("/settings")
    await reader.taps("Тихі години")
    await reader.taps("22:00–07:00")
    room.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))  # 23:00 in Kyiv
    notes = ("Уточнено назву.", "Уточнено ціну.")
    for title, note in zip(("Місто відкрило новий міст", "Місто відкрило дорогий міст"), notes, strict=True):
        await _opens_correction(editor, "Заголовок")
        await editor.says(title)
        await editor.taps("📣 Виправлення")
        await editor.says(note)
        await room.tick()
    room.clock.set(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))  # 07:00
    replies = [text_of(m) for m in await reader.everything() if text_of(m).startswith("✎ Виправлено")]
    assert [[note in reply for note in notes] for reply in replies] == [[True, False], [False, True]]
    assert ["новий" in reply for reply in replies] == [True, False]
