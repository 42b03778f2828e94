"""What a correction makes of a message that shows something else by now."""

import pytest

from bot.sandbox.world import Json
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, text_of

pytestmark = pytest.mark.wide

ARTICLE = "Місто відкрило міст\n\nМіст будували три роки, коштував він 40 мільйонів гривень."


async def _corrects(room: Newsroom, editor: Desk, part: str, text: str) -> None:
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("✎ Виправити")
    await editor.taps(part)
    await editor.says(text)
    await editor.taps("Так, відкликати" if part == "Відкликати" else "Одрук")
    await room.tick()
    await room.settled()


async def _a_reader_with_the_article(room: Newsroom) -> tuple[Somebody, Desk, Json]:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(ARTICLE)
    await reader.sees("Місто відкрило міст")
    return reader, editor, reader.message_with("Місто відкрило міст")


async def test_a_copy_that_shows_why_it_came_is_edited_as_it_was_sent(room: Newsroom) -> None:
    reader, editor, message = await _a_reader_with_the_article(room)
    await reader.taps("❓ Чому це тут?", message)
    shown = reader.chat.messages[message["message_id"]]
    assert "Місто відкрило міст" not in text_of(shown).split("\n")[0] or "•" in text_of(shown)
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст")
    assert text_of(reader.chat.messages[message["message_id"]]).startswith("Місто відкрило новий міст")


async def test_an_open_copy_of_what_was_retracted_is_closed(room: Newsroom) -> None:
    reader, editor, message = await _a_reader_with_the_article(room)
    await reader.taps("Читати", message)
    await _corrects(room, editor, "Відкликати", "Не підтвердилося.")
    said = text_of(reader.chat.messages[message["message_id"]])
    assert "Новину відкликано" in said
    assert "40 мільйонів" not in said
    assert "← " not in str(reader.chat.messages[message["message_id"]].get("reply_markup", ""))


async def test_what_was_opened_from_a_list_and_retracted_says_so_and_leads_back(room: Newsroom) -> None:
    _, editor, _ = await _a_reader_with_the_article(room)
    late = room.person("Пізній", 7)
    await late.says("/latest")
    await late.taps("1")
    await _corrects(room, editor, "Відкликати", "Не підтвердилося.")
    assert "Новину відкликано" in late.screen
    assert late.buttons == ["← Назад"]


async def _a_digest(room: Newsroom) -> tuple[Somebody, Desk, int]:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule hourly")
    await editor.publishes("Друга новина")
    await editor.publishes(ARTICLE)
    room.clock.advance(hours=1)
    await room.tick()
    await reader.sees("Дайджест")
    return reader, editor, reader.message_with("Дайджест")["message_id"]


async def test_what_is_open_in_a_digest_is_edited_where_it_is_open(room: Newsroom) -> None:
    reader, editor, number = await _a_digest(room)
    await reader.taps("1", reader.chat.messages[number])
    assert "40 мільйонів" in text_of(reader.chat.messages[number])
    await _corrects(room, editor, "Текст", "Міст коштував 50 мільйонів.")
    assert "50 мільйонів" in text_of(reader.chat.messages[number])
    await reader.taps("Назад", reader.chat.messages[number])
    assert text_of(reader.chat.messages[number]).startswith("Дайджест")


async def test_what_was_retracted_while_it_was_open_in_a_digest_says_so_and_leads_back(room: Newsroom) -> None:
    reader, editor, number = await _a_digest(room)
    await reader.taps("1", reader.chat.messages[number])
    await _corrects(room, editor, "Відкликати", "Не підтвердилося.")
    said = text_of(reader.chat.messages[number])
    assert "Новину відкликано" in said
    assert "40 мільйонів" not in said
    await reader.taps("Назад", reader.chat.messages[number])
    digest = text_of(reader.chat.messages[number])
    assert digest.startswith("Дайджест")
    assert "Друга новина" in digest


async def test_an_open_article_that_was_not_corrected_keeps_a_digest_open(room: Newsroom) -> None:
    reader, editor, number = await _a_digest(room)
    await reader.taps("2", reader.chat.messages[number])
    assert "Друга новина" in text_of(reader.chat.messages[number])
    await _corrects(room, editor, "Заголовок", "Місто відкрило новий міст")
    assert "Друга новина" in text_of(reader.chat.messages[number])
    await reader.taps("Назад", reader.chat.messages[number])
    assert "Місто відкрило новий міст" in text_of(reader.chat.messages[number])


def _edits(room: Newsroom, reader: Somebody) -> int:
    return sum(c.method == "editMessageText" and c.payload["chat_id"] == reader.chat.id for c in room.api.log)


async def test_of_a_long_plain_text_the_first_message_is_folded_and_the_others_go(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("Вигляд")
    await editor.publishes("Довга новина\n\n" + "Слово за словом без кінця. " * 400)
    await reader.sees("Довга новина")
    message = reader.message_with("Довга новина")
    before = len(reader.got)
    await reader.taps("Читати", message)
    assert len(reader.got) > before
    edits = _edits(room, reader)
    await _corrects(room, editor, "Заголовок", "Довша новина")
    await room.settled()
    assert text_of(reader.chat.messages[message["message_id"]]).startswith("Довша новина")
    assert len(reader.got) == before
    assert _edits(room, reader) == edits + 1  # nobody has opened anything meanwhile


async def test_what_is_written_with_a_lone_apostrophe_is_published_like_anything(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    for number in range(2):
        await editor.publishes(f"Міст відхилився на 5ʼ\n\nКут {number}° 5ʼ виміряли вночі.", topics=())
        await editor.sees_now("Готово")
    assert (await room.store.articles.get(2)).title == "Міст відхилився на 5ʼ"
