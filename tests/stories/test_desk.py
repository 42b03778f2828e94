"""The desk: from a pasted text to published, by whoever may, once, and not by accident."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.relevance.written import remembered
from bot.sandbox.world import Person
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, buttons_of, text_of

POST = "Міст відкрили\nРух відновлено\n\nМіст відкрили о восьмій ранку. Ремонт тривав пів року."


async def test_from_a_pasted_text_to_published_in_two_taps(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says("/post")
    await editor.sees_now("Надішліть текст: перший рядок — заголовок")
    await editor.says(POST)
    assert editor.screen.startswith("Міст відкрили\nВісник · 14:0")
    await editor.taps("Опублікувати")
    await editor.sees_now("Опублікувати?")
    assert "Отримають зараз: 1. У дайджестах: нікого." in editor.screen
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    await room.settled()
    await room.tick()
    await editor.sees_now("✅ Готово за")
    assert "Надіслано: 1 з 1" in editor.screen


async def test_a_text_is_worked_out_once_on_its_way_to_the_readers(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    remembered.cache_clear()
    await editor.says(f"/post {POST}")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    worked_out = remembered.cache_info()
    assert worked_out.misses == 1, "one body parsed and its words found: by the draft"
    assert worked_out.hits >= 3, "the audience, the search for copies, the fan-out"


async def test_the_preview_is_exactly_what_readers_get(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    headline = (editor.last["text"], editor.last["entities"])
    await editor.taps("Повний текст")
    whole = editor.last["rich_message"]
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    assert (reader.last["text"], reader.last["entities"]) == headline
    await reader.taps("Читати")
    *shown, number = reader.last["rich_message"]["blocks"]
    assert shown == whole["blocks"]
    assert "№ 1" in str(number)  # what is not public yet has no number that anybody could use


async def test_every_part_of_a_draft_can_be_changed(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("✏️ Заголовок")
    await editor.says("  Новий   заголовок ")
    assert editor.screen.startswith("Новий заголовок\n")
    await editor.taps("✏️ Лід")
    await editor.says("Новий лід")
    assert "Новий лід" in editor.screen
    await editor.taps("✏️ Лід")
    await editor.says("-")
    assert "Новий лід" not in editor.screen
    await editor.taps("✏️ Текст")
    await editor.says(
        "Новий текст із посиланням", {"type": "text_link", "offset": 15, "length": 10, "url": "https://example.org/"}
    )
    assert {"type": "url", "text": "посиланням", "url": "https://example.org/"} in editor.last["rich_message"][
        "blocks"
    ][-1]["text"]
    await editor.taps("Джерело:")
    await editor.says("Хвиля", {"type": "text_link", "offset": 0, "length": 5, "url": "https://example.org/news/2"})
    assert "Хвиля ·" in editor.screen
    assert (await room.store.articles.get(1)).url == "https://example.org/news/2"
    await editor.taps("Джерело:")
    await editor.says("Надріцька хвиля https://example.org/news/1")
    assert "Надріцька хвиля" in editor.screen
    await editor.taps("🏷")
    await editor.taps("▫️ Спорт")
    await editor.taps("Готово")
    assert any("Спорт" in b for b in editor.buttons)
    await editor.taps("💬 Українська")
    assert "💬 English" in editor.buttons
    await editor.taps("Додати фото")
    await editor.says("не фото")
    await editor.sees_now("Це не фото й не відео")
    await editor.sends_photo()
    assert editor.last["rich_message"]["blocks"][2]["type"] == "photo"
    article = await room.store.articles.get(1)
    assert (article.title, article.lead, article.source, article.language) == (
        "Новий заголовок",
        "",
        "Надріцька хвиля",
        "en",
    )
    assert article.url == "https://example.org/news/1"


async def test_topics_language_and_source_are_proposed(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(
        "/post Парламент ухвалив бюджет\n\nДепутати проголосували за бюджет. Міністр економіки задоволений, гривня стабільна, інфляція спадає."
    )
    assert any("Економіка" in b and "🏷" in b for b in editor.buttons)
    assert "Джерело: Вісник" in editor.buttons
    await editor.says(
        "/post The team won the match\n\nThe coach praised every player after the final goal of the championship."
    )
    assert "💬 English" in editor.buttons
    assert any("Спорт" in b and "🏷" in b for b in editor.buttons)


async def test_a_forwarded_channel_post_becomes_a_draft_with_its_source(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    before = len(editor.got)
    origin = {
        "type": "channel",
        "date": 1,
        "message_id": 55,
        "chat": {"id": -1001, "type": "channel", "title": "Обрій", "username": "obrii"},
    }
    editor.sends(text="Міст відкрили", forward_origin=origin, entities=[{"type": "bold", "offset": 0, "length": 4}])
    await editor.sees("Міст відкрили\nОбрій")
    assert len(await editor.everything()) == before + 1
    article = await room.store.articles.get(1)
    assert (article.source, article.url) == ("Обрій", "https://t.me/obrii/55")


async def test_a_picture_with_words_becomes_a_draft_and_an_album_one_draft(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    await editor.sends_photo("Міст відкрили\n\nТекст", media_group_id="7")
    room.world.files["second"] = b"\xff\xd8"
    editor.sends(photo=[{"file_id": "second", "file_unique_id": "s", "width": 9, "height": 9}], media_group_id="7")
    await room.tick()
    await editor.says("/drafts")
    assert "1. Міст відкрили" in editor.screen
    assert "2." not in editor.screen


async def test_a_line_of_an_editor_is_asked_about(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Міст відкрили")
    await editor.sees_now("Зробити з цього новину чи пошукати?")
    await editor.taps("Зробити чернеткою")
    assert editor.screen.startswith("Міст відкрили\nВісник")


async def test_an_empty_message_gets_a_sentence(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/post")
    await editor.says("   \u200b")
    await editor.sees_now("Тут немає тексту.")
    assert editor.buttons == ["Скасувати"]
    await editor.says(POST)
    assert editor.screen.startswith("Міст відкрили")


async def test_scheduling_shows_the_time_and_can_be_taken_back(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    await editor.says("коли-небудь")
    await editor.sees_now("«коли-небудь» не схоже на час.")
    await editor.says("01.01.2020 10:00")
    await editor.sees_now("вже минуло")
    await editor.says("31.02")
    await editor.sees_now("«31.02»: такої дати немає.")
    await editor.says("завтра о 9")
    await editor.sees_now("🕒 Вийде завтра, 09:00\nвівторок, 24 листопада 2026")
    assert "09:00 (Київ) · через 19 год" in editor.screen
    await editor.says("/scheduled")
    assert "1. Міст відкрили" in editor.screen
    await editor.taps("1")
    await editor.taps("Зняти з плану")
    await editor.says("/scheduled")
    await editor.sees_now("Нічого не заплановано.")
    room.clock.advance(days=2)
    await room.tick()
    assert await reader.lacks("Міст відкрили\nВісник")


async def test_a_time_that_may_be_another_is_asked_before_anything_is_planned(room: Newsroom) -> None:
    editor = room.owner()
    for typed, shown, buttons, planned in (
        ("завтра вдень", "вівторок, 24 листопада 2026, 14:00", ["завтра, 14:00"], "2026-11-24 14:00"),
        ("понеділк о 9", "понеділок, 30 листопада 2026, 09:00", ["30 листопада, 09:00"], "2026-11-30 09:00"),
        ("пів на шосту", "вівторок, 24 листопада 2026, 05:30", ["17:30", "завтра, 05:30"], "2026-11-23 17:30"),
    ):
        await editor.says(f"/post {POST}")
        await editor.taps("Запланувати")
        await editor.says(typed)
        await editor.sees_now(shown)
        assert editor.buttons == [*buttons, "Скасувати"], typed
        assert await room.store.publications.due(room.clock.now() + timedelta(days=9)) == []
        await editor.taps(buttons[0])
        assert editor.screen.startswith(f"🕒 Вийде {buttons[0]}"), typed
        (order,) = await room.store.publications.due(room.clock.now() + timedelta(days=9))
        assert f"{order.at.astimezone(ZoneInfo('Europe/Kyiv')):%Y-%m-%d %H:%M}" == planned, typed
        await editor.taps("Зняти з плану")
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    for typed in ("не завтра о 9", "9 вчора", "завтра о 9 за Лондоном", "завтра 9-10"):
        await editor.says(typed)
        await editor.sees_now(f"«{typed}» не схоже на час")
        assert editor.buttons == ["Скасувати"], typed
    await editor.says("завтра о 6")
    await editor.sees_now("🕒 Вийде завтра, 06:00")


async def test_a_scheduled_article_goes_out_at_its_time_and_not_before(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    await editor.taps("Через годину")
    await editor.sees_now("🕒 Вийде 15:0")
    room.clock.advance(minutes=59)
    await room.tick()
    await reader.says("/latest")
    assert "Новин ще немає" in reader.screen
    room.clock.advance(minutes=2)
    await room.tick()
    await reader.sees("Міст відкрили\nВісник · 15:0")


async def test_drafts_and_open_questions_survive_a_restart(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("✏️ Заголовок")
    await room.restart()
    await editor.says("Заголовок після перезапуску")
    assert editor.screen.startswith("Заголовок після перезапуску")
    await editor.says("/drafts")
    assert "1. Заголовок після перезапуску" in editor.screen


async def test_a_stale_button_changes_nothing(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    old = dict(editor.last)
    await editor.taps("💬 Українська")
    await editor.presses("e:1:0:go:n", old)
    assert "Тут уже все змінилося" in editor.toast["text"]
    await room.tick()
    assert await reader.lacks("Міст відкрили\nВісник")


async def test_two_taps_on_publish_publish_once(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    await editor.taps("Опублікувати")
    card = dict(editor.last)
    await editor.taps("Так, опублікувати")
    await editor.presses("e:1:0:go:n", card)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили\nВісник") == 1


async def test_a_draft_can_be_discarded_after_one_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("Відкинути")
    await editor.sees_now("Відкинути цю чернетку?")
    await editor.taps("Назад")
    await editor.taps("Відкинути")
    await editor.taps("Так, відкинути")
    await editor.sees_now("Чернетку відкинуто.")
    await editor.says("/drafts")
    await editor.sees_now("Чернеток немає.")


async def test_published_articles_show_how_their_send_went(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes(POST)
    await room.settled()
    await editor.says("/published")
    await editor.taps("1")
    assert "Надіслано: 1, у дайджестах: 0, не вдалося: 0" in editor.screen


async def test_readers_are_no_editors(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.says(f"/post {POST}")
    for command in ("/post Брехня", "/drafts", "/scheduled", "/published", "/editors"):
        await reader.says(command)
        await reader.sees_now("Це можуть лише люди редакції. Ваш id: 1")
    await reader.says("/start")
    for data in ("e:1:0:go:n", "e:1:0:h:", "k:drafts:0", "u:role:1:3"):
        await reader.presses(data, reader.last)
        assert reader.toast["text"] == "Це можуть лише люди редакції. Ваш id: 1"
    assert await reader.lacks("Міст")


def _person(room: Newsroom, number: int, name: str) -> Somebody:
    return room.person(name, number)


async def test_an_owner_names_authors_and_editors(room: Newsroom) -> None:
    owner, ihor = room.owner(), _person(room, 7, "Ігор")
    await ihor.says("/start")
    await owner.says("/editors")
    await owner.taps("Додати")
    await owner.says("хто?")
    await owner.sees_now("За цим людину не впізнати.")
    owner.sends(text="привіт", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "Х"})
    await owner.sees_now("приховує себе")
    owner.sends(text="привіт", forward_origin={"type": "user", "date": 1, "sender_user": ihor.person.as_user()})
    await owner.sees_now("Ігор")
    await ihor.sees("Тепер ви в редакції: автор.")
    await ihor.says(f"/post {POST}")
    assert not any("Опублікувати" in b for b in ihor.buttons)
    await ihor.presses("e:1:0:go:n", ihor.last)
    assert ihor.toast["text"] == "Це може лише редактор."
    await owner.taps("▫️ редактор")
    await ihor.sees("Тепер ви в редакції: редактор.")
    desk = Desk(room.world, ihor.person, ihor.chat, room)
    await desk.publishes("Друга\n\nТекст")
    await owner.says("/editors")
    await owner.taps("Ігор")
    await owner.taps("Прибрати")
    await owner.taps("Так, прибрати")
    await ihor.says("/drafts")
    await ihor.sees_now("Це можуть лише люди редакції.")


async def test_an_author_sees_only_their_own_drafts_inside(room: Newsroom) -> None:
    owner, ihor = room.owner(), _person(room, 7, "Ігор")
    await ihor.says("/start")
    await owner.says(f"/post {POST}")
    await owner.says("/editors")
    await owner.taps("Додати")
    await owner.says("7")
    await ihor.presses("e:1:0:f:", ihor.got[0])
    assert ihor.toast["text"] == "Це може лише редактор."


async def test_the_last_owner_cannot_be_removed(room: Newsroom) -> None:
    owner = room.owner()
    await owner.says("/editors")
    await owner.taps("Редакторка (ви)")
    await owner.taps("Прибрати")
    await owner.sees_now("Прибрати з редакції?")
    await owner.taps("Так, прибрати")
    assert owner.toast["text"] == "Останнього власника прибрати не можна."


async def test_the_first_owner_claims_the_newsroom_with_the_printed_code(sqlite_url: str) -> None:
    from tests.support.newsroom import open_newsroom

    async with open_newsroom(sqlite_url, admins="") as room:
        code = room.app.code
        assert code
        thief, owner = room.person("Злодій", 5), room.person("Власниця", 6)
        await thief.says("/claim wrong")
        await thief.sees_now("Код не підходить")
        await owner.says("/claim")
        await owner.sees_now("Надішліть код")
        await owner.says(f"/claim {code}")
        await owner.sees_now("Тепер ви власник цієї редакції.")
        await thief.says(f"/claim {code}")
        await thief.sees_now("Код не підходить")
        await owner.says(f"/post {POST}")
        assert any("Опублікувати" in b for b in owner.buttons)


async def test_urgent_news_is_marked_and_reaches_digest_readers_at_once(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule 08:00")
    await editor.publishes("Евакуація", urgent=True)
    await reader.sees("🔴 ТЕРМІНОВО\nЕвакуація")


async def test_the_desk_speaks_english_too(room: Newsroom) -> None:
    editor = room.owner("en")
    await editor.says("/post The bridge is open\n\nThe bridge opened at eight.")
    for label in ("Full text", "Headline", "Schedule"):
        await editor.taps(label)
        said = [text_of(editor.last), *(label for label in editor.buttons if "Українська" not in label)]
        assert not any("а" <= letter.lower() <= "ї" for letter in "".join(said))
    await editor.says("in 2 hours")
    await editor.sees_now("Goes out 16:0")
    assert Person(1, "x").as_user()["language_code"] == "uk"


@pytest.mark.parametrize(
    "title", ["<b>не тег</b> & «лапки»", "Тест _markdown_ *зірки* [x](y)", "𝒜𝓇𝓉 🇺🇦 👨‍👩‍👧‍👦", "שלום עולם"]
)
async def test_any_letters_arrive_as_they_were_written(room: Newsroom, title: str) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(f"{title}\n\n{title}")
    await reader.sees(f"{title}\nВісник")
    await reader.taps("Читати")
    assert reader.screen.count(title) == 2


async def test_an_hour_that_the_clock_jumps_over_says_what_it_becomes(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    await editor.says("28.03.2027 о 3:30")
    await editor.sees_now(
        "О 03:30 годинник переводять уперед, такого часу того дня немає: вийде 28 березня 2027, 04:00."
    )


async def test_the_hours_of_a_schedule_are_explained_with_hours_it_takes(room: Newsroom) -> None:
    reader = room.person()
    for wrong in ("зранку", "завтра 9:00"):
        await reader.says(f"/schedule {wrong}")
        await reader.sees_now(f"«{wrong}» не схоже на години. Приклади: 8, 13 і 19:30")
    await reader.says("/schedule щогодини")
    assert "не схоже" not in reader.screen


async def test_topics_that_are_ticked_faster_than_the_card_is_drawn_all_count(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/post Перша\n\nтекст")
    await editor.taps("🏷")
    shown = {button["text"][2:].strip(): button["callback_data"] for button in buttons_of(editor.last)}
    for name in ("Спорт", "Погода", "Спорт"):  # one of them twice
        await editor.presses(shown[name], editor.last)
        assert editor.screen.startswith("Теми новини")
    made = await room.store.articles.get(1)
    assert {topic.name("uk") for topic in made.topics} == {"Спорт", "Погода"}
    assert sum(label.startswith("✅") for label in editor.buttons) == 2
    desk = room.app.parts.desk
    planned = await desk.publisher.schedule(made, await desk.staff.person(100), room.clock.now() + timedelta(hours=2))
    await editor.presses(shown["Економіка"], editor.last)  # what somebody has approved meanwhile is shown first
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert (await room.store.articles.get(1)).version == planned.version
