"""Messages that are edited after they were sent."""

import pytest

from bot.model.readers import Address, ReaderState
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide

POST = "Міст відкрили\n\nМіст відкрили о восьмій ранку."


async def test_an_edit_changes_the_draft_and_its_card_says_so(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(POST)
    editor.edits("Міст", text=POST.replace("восьмій", "дев’ятій"))
    await room.heard()
    assert "дев’ятій" in (await room.store.articles.get(1)).body
    assert "Оновлено за зміненим повідомленням." in editor.screen
    before = len(editor.got)
    await editor.says(f"/post {POST}")
    editor.edits("/post", text=f"/post {POST.replace('Міст відкрили', 'Ринок відкрили', 1)}")
    await room.heard()
    assert (await room.store.articles.get(2)).title == "Ринок відкрили"
    assert len(await editor.everything()) == before + 1  # the card itself: another would leave the old text behind
    await editor.says("/drafts")
    assert "3. " not in editor.screen


async def test_an_edit_that_changes_no_words_says_nothing(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(POST)
    before = len(editor.got)
    editor.edits("Міст", link_preview_options={"is_disabled": True})
    await room.heard()
    assert len(await editor.everything()) == before


async def test_what_somebody_has_worked_on_is_not_overwritten_but_the_text_can_be_taken(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(POST)
    await editor.taps("✏️ Заголовок")
    await editor.says("Кращий заголовок")
    editor.edits("Міст відкрили", text="Міст закрили\n\nМіст закрили о восьмій ранку.")
    await room.heard()
    assert (await room.store.articles.get(1)).title == "Кращий заголовок"
    assert "вона лишилася, як була" in editor.screen
    await editor.taps("Взяти текст із повідомлення")
    assert (await room.store.articles.get(1)).title == "Міст закрили"
    await editor.says(f"/post {POST}")
    await editor.taps("💬 Українська")
    editor.edits("/post", text="/post Ринок закрили\n\nТекст.")
    await room.heard()
    await editor.taps("Взяти текст із повідомлення")
    assert (await room.store.articles.get(2)).title == "Ринок закрили"


async def test_an_edited_caption_can_be_taken_into_a_draft_with_a_picture(room: Newsroom) -> None:
    editor = room.owner()
    room.world.files["one"] = b"\xff\xd8\xff"
    editor.sends(photo=[{"file_id": "one", "file_unique_id": "one", "width": 90, "height": 60}], caption=POST)
    await editor.taps("✏️ Заголовок")
    await editor.says("Кращий заголовок")
    editor.edits("Міст відкрили", caption="Міст закрили\n\nТекст.")
    await editor.sees("вона лишилася, як була")
    assert "rich_message" in editor.last
    await editor.taps("Взяти текст із повідомлення")
    article = await room.store.articles.get(1)
    assert article.title == "Міст закрили"
    assert article.photo is not None


async def test_of_what_is_out_a_correction_is_offered(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(POST)
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    editor.edits("Міст відкрили", text="Міст закрили\n\nТекст.")
    await room.heard()
    offer = editor.message_with("але новина вже вийшла")
    assert "Міст відкрили" in text_of(offer)
    await editor.taps("✎ Виправити", offer)
    assert "Що виправити?" in text_of(editor.chat.messages[offer["message_id"]])


async def test_a_part_of_a_paste_that_is_edited_changes_its_part(room: Newsroom) -> None:
    editor = room.owner()
    first = "Міст відкрили\n\n" + "Ремонт тривав пів року. " * 120
    editor.sends(text=first.strip())
    editor.sends(text="Друга частина з помилкою.")
    await room.heard()
    editor.edits("Друга частина", text="Друга частина без неї.")
    await room.heard()
    article = await room.store.articles.get(1)
    assert "без неї" in article.body
    assert "пів року" in article.body
    editor.edits("Міст відкрили", text=first.replace("пів року", "рік").strip())
    await room.heard()
    article = await room.store.articles.get(1)
    assert "тривав рік" in article.body
    assert "без неї" in article.body


async def test_an_edited_command_is_run_again_and_an_edit_closes_no_question(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    reader.sends(text="/stpo", entities=[{"type": "bot_command", "offset": 0, "length": 5}])
    await reader.sees_now("Такої команди немає.")
    reader.edits("/stpo", text="/stop")
    await room.heard()
    found = await room.store.readers.get(1)
    assert found.state is ReaderState.LEFT
    await reader.says("привіт усім")
    await reader.says("/search")
    reader.edits("привіт", text="привіт вам")
    await reader.sees_now("Пошукати «привіт вам» у новинах?")
    await reader.says("міст")
    await reader.sees_now("Знайдено за запитом «міст»")


async def test_an_edit_that_changes_nothing_that_was_said_runs_no_command_again(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/stop")
    await reader.says("/start")
    reader.edits("/stop")
    await room.heard()
    assert (await room.store.readers.get(1)).state is ReaderState.ACTIVE
    await reader.says("/pause")
    await reader.says("/resume")
    room.clock.advance(days=2)
    reader.edits("/pause")
    await room.heard()
    assert (await room.store.readers.get(1)).state is ReaderState.ACTIVE
    reader.edits("/pause", text="/stop")
    await room.heard()
    assert (await room.store.readers.get(1)).state is ReaderState.LEFT


async def test_a_command_that_nobody_remembers_is_run_again_only_soon_after_it_was_sent(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for minutes, state in ((3, ReaderState.PAUSED), (10, ReaderState.ACTIVE)):
        await reader.says("/puse")
        for number in range(20):
            await reader.says(f"/related {number}")
        room.clock.advance(minutes=minutes)
        reader.edits("/puse", text="/pause")
        await room.heard()
        assert (await room.store.readers.get(1)).state is state
        await reader.says("/resume")


async def test_an_edit_that_changes_nothing_that_was_said_is_not_answered(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await reader.says("міст")
    await editor.says(f"/post {POST}")
    await editor.taps("✏️ Заголовок")
    await editor.says("Ринок відкрили")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.settled()
    for somebody, words in ((reader, "міст"), (editor, "/post"), (editor, "Ринок")):
        before = len(await somebody.everything())
        somebody.edits(words)
        await room.heard()
        assert len(await somebody.everything()) == before


async def test_edits_in_a_group_are_left_alone_but_for_an_administrators_command(room: Newsroom) -> None:
    admin, member = room.person(), room.person("Сусід", 2)
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/topics")
    neighbour.sends(text="привіт")
    before = len(boss.got)
    neighbour.edits("привіт", text="привіт!")
    await room.heard()
    assert len(await boss.everything()) == before
    neighbour.edits("привіт", text="/stop")
    await room.heard()
    found = await room.store.readers.find(Address(-50))
    assert found is not None
    assert found.state is ReaderState.ACTIVE
