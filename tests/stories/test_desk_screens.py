"""Seeing and moving on at the desk: from each card to the next, and back to where one came from."""

from dataclasses import replace

import pytest

from bot.model.desk import PublicationState, Role
from bot.model.ledger import DeliveryCounts
from bot.model.news import ArticleState
from bot.screens.look import Look
from bot.screens.sends import progress_card
from tests.support.newsroom import Desk, Newsroom, open_newsroom
from tests.support.people import Json, Somebody, buttons_of, text_of
from tests.support.rows import NOW

pytestmark = pytest.mark.wide

POST = "Міст відкрили\nРух відновлено\n\nМіст відкрили о восьмій ранку. Ремонт тривав пів року."


def _link(message: Json, label: str = "🔗") -> str:
    return str(next(b for b in buttons_of(message) if label in b["text"])["copy_text"]["text"])


async def _second_editor(room: Newsroom, owner: Desk, role: str = "редактор") -> Desk:
    ihor = room.person("Ігор", 7)
    await ihor.says("/help")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    if role != "автор":
        await owner.taps(f"▫️ {role}")
    return Desk(room.world, ihor.person, ihor.chat, room)


@pytest.mark.parametrize(
    ("language", "labels"),
    [("uk", ["✎ Виправити", "👁 Відкрити", "🔗 Посилання"]), ("en", ["✎ Correct", "👁 Open", "🔗 Link"])],
)
async def test_a_finished_send_leads_to_a_correction_to_the_article_and_to_its_link(
    room: Newsroom, language: str, labels: list[str]
) -> None:
    reader, editor = room.person(), room.owner(language)
    await reader.says("/start")
    await editor.publishes(POST)
    await room.settled()
    await room.tick()
    progress = editor.message_with("100 %")
    assert [b["text"] for b in buttons_of(progress)] == labels
    assert _link(progress) == "https://t.me/visnyk_sandbox_bot?start=a_1"
    await editor.taps(labels[1], progress)
    shown = editor.chat.messages[progress["message_id"]]
    assert "Ремонт тривав пів року." in text_of(shown)
    await room.tick()
    assert "Ремонт тривав пів року." in text_of(editor.chat.messages[progress["message_id"]]), "not painted over"
    await editor.taps("←", shown)
    assert "100 %" in text_of(editor.chat.messages[progress["message_id"]])
    await editor.taps(labels[0], editor.chat.messages[progress["message_id"]])
    assert ("Що виправити?" if language == "uk" else "What needs correcting?") in text_of(
        editor.chat.messages[progress["message_id"]]
    )


async def test_the_link_of_a_finished_send_opens_the_article_for_whoever_has_it(room: Newsroom) -> None:
    editor, friend = room.owner(), room.person("Друг", 9)
    await editor.publishes(POST)
    await room.settled()
    await room.tick()
    await friend.says("/start " + _link(editor.last).partition("start=")[2])
    await friend.sees("Ремонт тривав пів року.")


async def test_a_send_to_nobody_says_so_and_a_stopped_or_taken_back_one_leads_to_no_correction(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes(POST)
    await room.settled()
    await room.tick()
    await editor.sees_now("Зараз цю новину не отримав ніхто")
    assert "%" not in editor.screen
    publication, article = await room.store.publications.get(1), await room.store.articles.get(1)
    look = Look("uk", "Europe/Kyiv", NOW)
    cancelled = replace(publication, state=PublicationState.CANCELLED)
    assert progress_card(cancelled, replace(article, state=0), look, 30, "https://t.me/x").rows == ()


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_progress_never_begins_at_all_of_nothing(room: Newsroom, language: str) -> None:
    look, editor = Look(language, "Europe/Kyiv", NOW), room.owner()
    await editor.publishes(POST)
    article = await room.store.articles.get(1)
    ordered = await room.store.publications.get(1)
    begun = replace(ordered, state=PublicationState.RUNNING, fanned_to=0, tally=DeliveryCounts(), finished_at=None)
    some = replace(begun, fanned_to=100, tally=DeliveryCounts(total=100, sent=100))
    whole = replace(some, fanned_to=None, tally=DeliveryCounts(total=400, sent=100))
    for send, there in (
        (replace(begun, state=PublicationState.SCHEDULED), ""),
        (begun, ""),
        (some, "100"),
        (whole, "25 %"),
    ):
        text = progress_card(send, article, look, 30).text.text
        assert there in text
        assert ("%" in text) == (there == "25 %"), text
        assert "0 з 0" not in text
        assert "0 of 0" not in text


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_who_reads_as_a_reader_corrects_from_there_and_goes_back_to_it(room: Newsroom, language: str) -> None:
    editor, reader = room.owner(language), room.person("Оля", 1, language)
    fix, fold, back = ("✎ Виправити", "Згорнути", "← Назад") if language == "uk" else ("✎ Correct", "Fold", "← Back")
    await editor.publishes(POST)
    for who in (editor, reader):
        await who.says("/read 1")
    assert fix in editor.buttons
    assert fix not in reader.buttons
    await editor.taps(fix)
    await editor.sees_now("Що виправити?" if language == "uk" else "What needs correcting?")
    await editor.taps(back)
    assert "Ремонт тривав пів року." in editor.screen
    assert any(fold in label or "Collapse" in label for label in editor.buttons)


@pytest.mark.parametrize(("language", "back"), [("uk", "← До списку"), ("en", "← To the list")])
async def test_what_was_opened_from_a_list_leads_back_to_its_page(room: Newsroom, language: str, back: str) -> None:
    editor = room.owner(language)
    uk = language == "uk"
    for number in range(10):
        await editor.says(f"/post Новина номер {number}\n\nТекст новини {number}.")
    await editor.says("/drafts")
    await editor.taps("Далі ▶" if uk else "Next ▶")
    assert "9. " in editor.screen
    await editor.taps("9")
    await editor.taps("👁 Повний текст" if uk else "👁 Full text")
    assert "Текст новини 1." in editor.screen
    await editor.taps("💬 ")
    await editor.taps(back)
    assert "9. " in editor.screen
    await editor.taps("10")
    await editor.taps("✏️ Заголовок" if uk else "✏️ Title")
    await editor.says("Інший заголовок")
    assert editor.screen.startswith("Інший заголовок")
    await editor.taps(back)
    assert "9. " in editor.screen, "the new card leads back as the old one did"


async def test_full_text_from_published_keeps_the_correction_and_the_way_back(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes("Довга новина\n\n" + "Абзац про все на світі. " * 60 + "\n\n" + "Ще. " * 9000)
    await editor.says("/published")
    await editor.taps("1")
    assert [b for b in editor.buttons if "Посилання" in b]
    await editor.taps("👁 Повний текст")
    assert "Далі ▶" in editor.buttons
    await editor.taps("Далі ▶")
    assert {"◀ Попередня", "👁 Заголовок", "✎ Виправити", "← До списку"} <= set(editor.buttons)
    await editor.taps("✎ Виправити")
    await editor.taps("← Назад")
    assert "Надіслано: 0" in editor.screen
    await editor.taps("← До списку")
    await editor.sees_now("1. Довга новина")


async def test_what_is_scheduled_from_a_list_leads_back_to_it(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    await editor.says("завтра о 9")
    await editor.says("/scheduled")
    await editor.taps("1")
    await editor.taps("🕒 Перенести")
    await editor.taps("Завтра о 19:00")
    await editor.taps("← До списку")
    assert "1. Міст відкрили\nВісник · завтра, 19:00" in editor.screen


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_after_an_undo_the_preview_is_what_goes_out(sqlite_url: str, language: str) -> None:
    async with open_newsroom(sqlite_url, hold_above=0) as room:
        reader, editor = room.person("Оля", 1, language), room.owner(language)
        await reader.says("/start")
        uk = language == "uk"
        mark = "🔴 ТЕРМІНОВО" if uk else "🔴 URGENT"
        publish, yes = ("✅ Опублікувати", "Так, опублікувати") if uk else ("✅ Publish", "Yes, publish")
        await editor.says(f"/post {POST}")
        await editor.taps("🔴 Терміново" if uk else "🔴 Urgent")
        assert mark in editor.screen, "what is confirmed is what goes out"
        await editor.taps(yes)
        await editor.taps("↩")
        assert mark not in editor.screen
        await editor.taps(publish)
        assert mark not in editor.screen
        await editor.taps(yes)
        await room.tick()
        await reader.sees("Міст відкрили")
        assert await reader.lacks(mark)
        assert not (await room.store.articles.get(1)).urgent


@pytest.mark.parametrize(
    ("language", "told"), [("uk", "Тут уже все змінилося. Ось поточний стан."), ("en", "This has changed since.")]
)
async def test_a_stale_button_shows_the_draft_as_it_is_now(room: Newsroom, language: str, told: str) -> None:
    editor = room.owner(language)
    await editor.says(f"/post {POST}")
    old = dict(editor.last)
    await editor.taps("💬 ")
    await editor.taps("✏️ Заголовок" if language == "uk" else "✏️ Title")
    await editor.says("Міст закрили")
    for data in (
        "e:1:0:go:n0",
        "e:1:0:lg:",
        "e:1:0:qt:",
        "e:1:0:t:1",
        "e:1:0:sc:",
        "e:1:0:at:1h",
        "e:1:0:dd:",
        "e:1:0:pb:",
    ):
        await editor.presses(data, old)
        assert told in editor.toast["text"], data
        shown = editor.chat.messages[old["message_id"]]
        assert text_of(shown).startswith("Міст закрили"), data
        assert f"e:1:{(await room.store.articles.get(1)).version}:qt:" in str(shown)


async def test_two_editors_at_the_same_card_see_what_the_other_did(room: Newsroom) -> None:
    owner, reader = room.owner(), room.person()
    await reader.says("/start")
    ihor = await _second_editor(room, owner)
    await owner.says(f"/post {POST}")
    await owner.taps("✅ Опублікувати")
    await ihor.says("/drafts")
    await ihor.taps("1")
    await ihor.taps("✅ Опублікувати")
    await owner.taps("Так, опублікувати")
    await room.tick()
    await ihor.taps("Так, опублікувати")
    assert ihor.toast["text"].startswith("Тут уже все змінилося")
    await ihor.sees_now("Надіслано: ")
    assert "✎ Виправити" in ihor.buttons
    await room.settled()
    assert await reader.count("Міст відкрили\nВісник") == 1


async def test_a_card_whose_article_was_discarded_says_so_and_has_no_dead_buttons(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _second_editor(room, owner, "автор")
    await ihor.says(f"/post {POST}")
    card = ihor.last
    await owner.says("/drafts")
    await owner.taps("1")
    await owner.taps("Відкинути")
    await owner.taps("Так, відкинути")
    await ihor.taps("✏️ Заголовок", card)
    shown = ihor.chat.messages[card["message_id"]]
    assert "Чернетку відкинуто." in text_of(shown)
    assert buttons_of(shown) == []
    await owner.taps("← До списку")
    await owner.sees_now("Чернеток немає.")


async def test_an_authors_card_of_what_was_approved_is_drawn_without_what_they_may_not_do(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _second_editor(room, owner, "автор")
    await ihor.says(f"/post {POST}")
    card = ihor.last
    await owner.says("/drafts")
    await owner.taps("1")
    await owner.taps("Запланувати")
    await owner.taps("Через годину")
    await ihor.taps("✏️ Лід", card)
    assert "затверджено" in ihor.toast["text"]
    assert [b["text"] for b in buttons_of(ihor.chat.messages[card["message_id"]])] == ["👁 Повний текст"]


async def test_an_editors_buttons_in_an_authors_hands_show_nothing_and_change_nothing(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _second_editor(room, owner, "автор")
    await owner.says("/post Таємна чернетка\n\nТекст.")
    await ihor.says("/help")
    mine = dict(ihor.last)
    for data in ("e:1:0:o:", "e:1:9:f:", "e:1:9:pf:1", "e:1:9:qt:", "z:fix:1:0", "p:open:1", "p:back:1", "te:1:0", "sp:1",
                 "e:1:0:pl:u0", "ef"):  # fmt: skip
        await ihor.presses(data, mine)
        assert text_of(ihor.chat.messages[mine["message_id"]]) == text_of(mine), data
    assert await ihor.lacks("Таємна")


async def test_a_button_of_an_earlier_version_is_answered_and_does_no_harm(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    card = dict(editor.last)
    for data in ("e:1:0:zz:", "e:1", "p:unknown:1", "old:1:2", "u:remove", "k:lists:0", ""):
        await editor.presses(data, card)
        assert editor.toast["text"], data
    assert (await room.store.articles.get(1)).version == 0
    await editor.presses("e:1:0:pf:", card)
    assert text_of(editor.chat.messages[card["message_id"]]).startswith("Міст відкрили")


async def test_a_typed_answer_that_came_too_late_shows_what_is_there_now(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    await editor.taps("Запланувати")
    article = await room.store.articles.get(1)
    await room.app.parts.desk.publisher.order(article, await room.app.parts.desk.staff.person(100))
    await room.tick()
    await editor.says("через годину")
    await editor.sees("Тут уже все змінилося. Ось поточний стан.")
    await editor.sees_now("Надіслано: ")


async def test_an_answer_takes_nobody_elses_words_away_unseen(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _second_editor(room, owner)
    await owner.says(f"/post {POST}")
    for label, theirs, mine in (
        ("✏️ Заголовок", "Міст закрили", "Міст відкрито"),
        ("✏️ Лід", "Рух знято", "Рух є"),
        ("✏️ Текст", "Ремонт триває. Його почали навесні.", "Міст готовий."),
        ("Джерело", "Укрінформ", "Суспільне"),
        ("🗓", "вчора о 9", "вчора о 10"),
        ("Запланувати", "завтра о 9", "завтра о 10"),
    ):
        for one in (ihor, owner):
            await one.says("/drafts")
            await one.taps("1")
            await one.taps(label)
        await owner.says(theirs)
        ours = await room.store.articles.get(1)
        await ihor.says(mine)
        assert await room.store.articles.get(1) == ours, label
        await ihor.sees("Тут уже все змінилося. Ось поточний стан.")
        await ihor.sees_now(ours.title)


async def test_two_people_change_one_draft_together_where_neither_takes_away_from_the_other(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _second_editor(room, owner)
    await owner.says(f"/post {POST}")
    for asked, words in (
        (("✏️ Текст", "✏️ Текст"), ("о восьмій -> о дев’ятій", "пів року -> рік")),
        (("✏️ Лід", "✏️ Заголовок"), ("Рух є", "Міст відкрито")),
    ):
        for one, label in zip((owner, ihor), asked, strict=True):
            await one.says("/drafts")
            await one.taps("1")
            await one.taps(label)
        for one, answer in zip((owner, ihor), words, strict=True):
            await one.says(answer)
    article = await room.store.articles.get(1)
    assert (article.title, article.lead) == ("Міст відкрито", "Рух є")
    assert "о дев’ятій ранку. Ремонт тривав рік." in article.body


async def test_what_is_scheduled_by_a_typed_time_is_what_the_editor_has_seen(room: Newsroom) -> None:
    owner = room.owner()
    ihor = await _second_editor(room, owner, "автор")
    await ihor.says(f"/post {POST}")
    await ihor.taps("✏️ Заголовок")
    await owner.says("/drafts")
    await owner.taps("1")
    await owner.taps("Запланувати")
    await ihor.says("Мер украв міст")
    await owner.says("завтра о 9")
    assert (await room.store.articles.get(1)).state is ArticleState.DRAFT
    await owner.sees("Тут уже все змінилося. Ось поточний стан.")
    await owner.sees_now("Мер украв міст")
    await owner.taps("Запланувати")
    await owner.says("завтра о 9")
    await owner.sees_now("🕒 Вийде завтра, 09:00")


@pytest.mark.parametrize(
    ("language", "part", "label", "words"),
    [
        ("uk", "title", "✏️ Заголовок", "Міст відкрили"),
        ("en", "lead", "✏️ Lead", "Рух відновлено"),
        ("uk", "body", "✏️ Текст", "Міст відкрили о восьмій ранку. Ремонт тривав пів року."),
        ("en", "source", "Source:", "Вісник"),
    ],
)
async def test_a_question_for_a_part_shows_it_as_it_is_to_be_copied(
    room: Newsroom, language: str, part: str, label: str, words: str
) -> None:
    editor = room.owner(language)
    await editor.says(f"/post {POST}")
    await editor.taps(label)
    (entity,) = editor.last["entities"]
    assert entity["type"] == ("pre" if part == "body" else "code")
    assert editor.screen.endswith(words)
    assert _link(editor.last, "📋") == words


async def test_a_long_text_comes_whole_before_the_question_and_keeps_its_links(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/post Довга\n\nСлово " * 2 + "слово " * 900)
    before = len(editor.got)
    await editor.taps("✏️ Текст")
    assert "Надішліть новий текст" in editor.screen
    assert "".join(text_of(m) for m in editor.got[before:-1]).count("слово") == 900
    await editor.says("Скасувати")
    link = {"type": "text_link", "offset": 10, "length": 5, "url": "https://example.org/"}
    await editor.says("Новина\n\nТекст із ланкою.", link)
    await editor.taps("✏️ Текст")
    (entity,) = editor.last["entities"]
    assert entity["type"] == "text_link"


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_correction_shows_what_changes_and_how_many_hear_of_it_before_it_is_chosen(
    room: Newsroom, language: str
) -> None:
    readers = [room.person(f"Ч{n}", n) for n in range(1, 4)]
    editor, uk = room.owner(language), language == "uk"
    for somebody in readers:
        await somebody.says("/start")
    await editor.publishes("Міст\n\nМіст будували три роки, коштував він 40 мільйонів гривень, сказав мер.")
    await room.settled()
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎")
    await editor.taps("✏️ Текст" if uk else "✏️ Text")
    await editor.says("Міст будували три роки, коштував він 50 мільйонів гривень, сказав мер.")
    blocks = editor.last["rich_message"]["blocks"]
    changed = next(b["text"] for b in blocks if isinstance(b.get("text"), list))
    marks = {piece["type"]: piece["text"] for piece in changed if isinstance(piece, dict)}
    assert marks == {"strikethrough": "40", "bold": "50"}
    assert editor.buttons == (
        ["✎ Одрук — без сповіщення", "📣 Виправлення — сповістити 3 читачів", "Скасувати"]
        if uk
        else ["✎ Typo – no notice", "📣 Correction – notify 3 readers", "Cancel"]
    )


async def test_a_correction_that_nobody_would_hear_of_names_no_number(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes(POST)
    await room.settled()
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎ Виправити")
    await editor.taps("✏️ Заголовок")
    await editor.says("Міст закрили")
    assert "📣 Виправлення" in editor.buttons
    assert "Міст відкрили закрили" in editor.screen.replace("\n", " ")


class Tapping:
    """Counts the taps of somebody."""

    def __init__(self, who: Somebody) -> None:
        self._who = who
        self.number = 0

    async def __call__(self, label: str) -> None:
        await self._who.taps(label)
        self.number += 1


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_an_editors_day_takes_few_taps(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(), room.owner(language), language == "uk"
    await reader.says("/start")

    taps = Tapping(editor)
    await editor.pastes(POST)
    await taps("✅")
    await taps("Так, опублікувати" if uk else "Yes, publish")
    await room.tick()
    await reader.sees("Міст відкрили")
    assert taps.number == 2, "composed to published"

    taps = Tapping(editor)
    await editor.says("У центрі вибух")
    await taps("🔴")
    await editor.sees_now("🔴")
    await taps("Так, опублікувати" if uk else "Yes, publish")
    await room.tick()
    await reader.sees("У центрі вибух")
    assert "ТЕРМІНОВО" in text_of(reader.message_with("У центрі вибух"))
    assert taps.number == 2, "a flash of one line"

    taps = Tapping(editor)
    await editor.pastes("Друга блискавка\n\nТекст.")
    await taps("🔴")
    await taps("Так, опублікувати" if uk else "Yes, publish")
    assert taps.number == 2, "a flash with a text"

    await room.tick()
    await room.settled()
    await room.tick()
    taps = Tapping(editor)
    await taps("✎")
    await taps("✏️ Заголовок" if uk else "✏️ Title")
    await editor.says("блискавка -> ластівка")
    assert "Друга ластівка" in editor.screen
    await taps("✎ Одрук" if uk else "✎ Typo")
    await room.tick()
    await room.settled()
    await reader.sees("Друга ластівка")
    assert taps.number <= 4, "a typo, from the finished send, without sending the title again"

    await editor.pastes("Третя новина\n\nТекст третьої.")
    await editor.taps("🕒")
    await editor.says("завтра о 9")
    taps = Tapping(editor)
    await editor.says("/scheduled")
    await taps("1")
    await taps("🕒 Перенести" if uk else "🕒 Move")
    await taps("Завтра о 19:00" if uk else "Tomorrow at 19:00")
    assert taps.number <= 3, "moving what is scheduled"


async def test_a_flash_tapped_again_is_no_second_one(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says("У центрі вибух")
    offer = dict(editor.last)
    await editor.taps("🔴")
    await editor.taps("Так, опублікувати")
    await editor.presses("ef", offer)
    await room.tick()
    await room.settled()
    assert await reader.count("У центрі вибух") == 1
    assert (await room.store.editors.role(1)) is Role.READER
    await reader.says("У центрі вибух")
    assert not any("🔴" in label for label in reader.buttons)


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_a_typo_is_mended_without_sending_the_text_again_and_its_formatting_stays(
    room: Newsroom, language: str
) -> None:
    editor, uk = room.owner(language), language == "uk"
    label = "✏️ Текст" if uk else "✏️ Text"
    link = {"type": "text_link", "offset": 29, "length": 3, "url": "https://example.org/"}
    await editor.says("Новина\n\nМіст будувуть. Ланка тут, об’єкт великий, мер каже: мер тут.", link)
    await editor.taps(label)
    await editor.says("мер -> міський голова")
    assert ("«мер» трапляється в тексті не раз" if uk else "“мер” is in the text more than once") in editor.screen
    await editor.says("міська рада -> рада")
    assert ("«міська рада» у тексті немає" if uk else "“міська рада” isn’t in the text") in editor.screen
    await editor.says("будувуть. Ла -> будують. Ла\nоб'єкт => обʼєкт")
    article = await room.store.articles.get(1)
    assert "Міст будують. " in article.body
    assert "обʼєкт великий" in article.body
    assert article.body.count("https://example.org/") == 1
    await editor.taps("✏️ Заголовок" if uk else "✏️ Title")
    await editor.says("Київ → Львів: новий потяг")
    assert (await room.store.articles.get(1)).title == "Київ → Львів: новий потяг", "an arrow of its own"


@pytest.mark.parametrize(("language", "story", "back"), [("uk", "🧵 Уся історія", "← Назад"), ("en", "🧵", "← Back")])
async def test_a_story_leads_back_to_the_article_and_that_to_its_list(
    room: Newsroom, language: str, story: str, back: str
) -> None:
    editor, reader = room.owner(), room.person("Оля", 1, language)
    for text in (
        "Київрада ухвалила бюджет столиці\n\nКиївська міська рада ухвалила бюджет столиці на наступний рік.",
        "Київрада скоротила бюджет столиці на дороги\n\nКиївська міська рада скоротила бюджет столиці на дороги.",
    ):
        await editor.publishes(text)
        room.clock.advance(hours=1)
    first, second = await room.store.articles.get(1), await room.store.articles.get(2)
    if second.story_id is None:
        await room.app.parts.desk.story_desk.join(2, 1, await room.app.parts.desk.staff.person(100))
    await reader.says("/latest")
    await reader.taps("1")
    assert second.title in reader.screen
    await reader.taps(story)
    assert first.title in reader.screen
    await reader.taps("1")
    await reader.taps(back)
    assert any("✖" in b or "🔔" in b or "Стежити" in b or "Follow" in b for b in reader.buttons)
    await reader.taps(back)
    assert second.title in reader.screen
    assert "дороги" in reader.screen
    assert "1." not in reader.screen
    await reader.taps(back)
    assert "1. " + second.title in reader.screen, "the list it was opened from"


async def test_an_arrow_in_a_title_mends_only_what_stands_in_it(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Долар подорожчав\n\nКурс змінили зранку.")
    for said, title in (("Курс долара: 41 -> 42 гривні", "Курс долара: 41 -> 42 гривні"), ("42 -> 43", None)):
        await editor.taps("✏️ Заголовок")
        await editor.says(said)
        assert (await room.store.articles.get(1)).title == (title or "Курс долара: 41 -> 43 гривні")
        assert ("тут не було, тож узято все надіслане" in editor.screen) is bool(title)
    await editor.taps("✏️ Заголовок")
    await editor.says("Київ → Львів: новий потяг")
    assert "узято все надіслане" not in editor.screen, "an arrow that nobody types by chance"


@pytest.mark.parametrize("verb", ["t", "c", "l"])
async def test_a_button_of_a_question_that_is_kept_no_longer_says_so_and_is_no_trouble(
    room: Newsroom, verb: str
) -> None:
    editor = room.owner()
    await editor.says("/feeds")
    listed = editor.screen
    await editor.presses(f"fs:{verb}:999", editor.last)
    assert "Не знайдено" in editor.toast["text"]
    assert editor.screen == listed
    assert await room.app.parts.desk.unread.number() == 0
