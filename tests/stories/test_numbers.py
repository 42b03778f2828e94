"""What an article is called when people speak of it: its number, its link, a message that shows it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sandbox.world import Json
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

POST = "Міст відкрили\n\nМіст через річку відкрили о восьмій ранку після ремонту."
NEXT = "Через новий міст пустили тролейбуси\n\nТролейбуси міст через річку проїхали вперше після ремонту."
LINK = "https://t.me/visnyk_sandbox_bot?start=a_1"


def _share(message: Json) -> str:
    return next(b["url"] for b in buttons_of(message) if "↗" in b["text"])


async def _answers(somebody: Somebody, message: Json, command: str) -> None:
    """Answer a message with a command, as a client sends that."""
    before = len(somebody.got)
    entities = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    somebody.sends(text=command, entities=entities, reply_to_message=dict(message))
    await somebody._until(lambda: len(somebody.got) > before, f"no answer to {command}")
    await somebody._rest()


@pytest.mark.parametrize(
    ("language", "read", "share", "number"),
    [("uk", "Читати", "↗ Поділитися", "№ 1"), ("en", "Read", "↗ Share", "No. 1")],
)
async def test_an_open_article_can_be_passed_on_and_says_its_number(
    room: Newsroom, language: str, read: str, share: str, number: str
) -> None:
    reader, editor = room.person(language=language), room.owner()
    await reader.says("/start")
    await editor.publishes(POST)
    await reader.taps(read)
    assert share in reader.buttons
    shared = urlsplit(_share(reader.last))
    assert (shared.scheme, shared.netloc, shared.path) == ("https", "t.me", "/share/url")
    assert parse_qs(shared.query) == {"url": [LINK], "text": ["Міст відкрили"]}
    assert text_of(reader.last).endswith(number)
    other = room.person("Тарас", 2, language)
    await other.says(f"/start {LINK.partition('start=')[2]}")
    await other.sees("о восьмій ранку")
    await other.says(f"/read {number.split()[1]}")
    await other.sees_now("о восьмій ранку")


async def test_a_plain_article_says_its_number_too_and_links_it(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(POST)
    await reader.says("/settings")
    await reader.taps("🖼")
    await reader.says("/read 1")
    assert reader.screen.endswith("№ 1")
    assert reader.last["entities"][-1]["url"] == LINK


async def test_marks_of_a_title_are_passed_on_as_they_are(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Ціна & <b>якість</b> 100% #1?\n\nТекст новини.")
    await reader.says("/read 1")
    assert parse_qs(urlsplit(_share(reader.last)).query)["text"] == ["Ціна & <b>якість</b> 100% #1?"]


async def test_a_draft_is_opened_by_no_link_and_no_number(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    for words in ("/start a_1", "/read 1", f"/read {LINK}", "/related 1", "/story 1"):
        await reader.says(words)
        await reader.sees_now("Не знайдено. Перевірте номер або відкрийте /latest.")
    await editor.taps("Повний текст")
    assert not [b for b in editor.buttons if "↗" in b]
    assert "№ 1" not in editor.screen


@pytest.mark.parametrize("opened", [False, True])
async def test_a_command_can_answer_the_message_that_shows_the_article(room: Newsroom, opened: bool) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(POST)
    await editor.publishes(NEXT)
    push = reader.message_with("Міст відкрили")
    if opened:
        await reader.taps("Читати", push)
        push = reader.chat.messages[push["message_id"]]
    await _answers(reader, push, "/read")
    assert "о восьмій ранку" in reader.screen
    assert reader.last["message_id"] != push["message_id"]
    await _answers(reader, push, "/related")
    await reader.sees_now("Ще за темою")
    await _answers(reader, push, "/story")
    assert "🧵" in reader.screen or "поки що окрема" in reader.screen


async def test_a_command_that_answers_anything_else_says_how_it_is_used(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    reader.sends(text="Міст відкрили")
    await room.heard()
    mine = next(m for m in reader.chat.messages.values() if m.get("text") == "Міст відкрили")
    await _answers(reader, mine, "/read")
    await reader.sees_now("відповідайте цією командою на повідомлення з новиною")


@pytest.mark.parametrize("opened", [False, True])
async def test_a_reader_who_forwards_what_the_bot_said_gets_the_article(room: Newsroom, opened: bool) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(POST)
    push = reader.message_with("Міст відкрили")
    if opened:
        await reader.taps("Читати", push)
        push = reader.chat.messages[push["message_id"]]
    friend = room.person("Тарас", 2)
    await friend.says("/pause")
    friend.forwards(push, {"type": "user", "sender_user": room.world.bot_user()})
    await room.heard()
    assert "о восьмій ранку" in friend.screen
    assert "Згорнути" in friend.buttons


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("another bot", {"type": "user", "sender_user": {"id": 4242, "is_bot": True, "first_name": "Вісник"}}),
    ("somebody hidden", {"type": "hidden_user", "sender_user_name": "Вісник"}),
    (
        "a strange channel",
        {"type": "channel", "message_id": 1, "chat": {"id": -99, "type": "channel", "title": "Вісник"}},
    ),
]


@pytest.mark.parametrize("origin", [origin for _, origin in FORGED], ids=[name for name, _ in FORGED])
async def test_what_only_looks_like_the_bots_own_message_opens_nothing(room: Newsroom, origin: Json) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(POST)
    forged = {
        "text": "Міст відкрили\n№ 1",
        "entities": [{"type": "text_link", "offset": 14, "length": 3, "url": LINK}],
    }
    reader.forwards(forged, origin)
    await room.heard()
    assert "о восьмій ранку" not in reader.screen


async def test_a_link_inside_an_article_is_not_taken_for_the_article(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Перша новина\n\nПерший текст.")
    text = "/post Друга новина\n\nРаніше ми писали про це, другий текст."
    entity = {"type": "text_link", "offset": text.index("писали"), "length": 6, "url": LINK}
    command = {"type": "bot_command", "offset": 0, "length": 5}
    await editor.says(text, command, entity)
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    for plain in (False, True):
        if plain:
            await reader.says("/settings")
            await reader.taps("🖼")
        await reader.says("/read 2")
        reader.forwards(reader.last, {"type": "user", "sender_user": room.world.bot_user()})
        await room.heard()
        await reader.sees_now("другий текст")


async def test_in_a_channel_a_command_can_answer_the_bots_post(room: Newsroom) -> None:
    editor = room.owner()
    seat = await room.channel_of(editor)
    channel = seat.chat
    await editor.publishes(POST)
    await seat.sees("Міст відкрили")
    post = next(m for m in channel.messages.values() if "Міст відкрили" in text_of(m))
    command = {"type": "bot_command", "offset": 0, "length": 5}
    seat.sends(text="/read", entities=[command], reply_to_message=dict(post), sender_chat=channel.as_chat())
    await room.heard()
    assert any("о восьмій ранку" in text_of(m) for m in channel.messages.values())


@pytest.mark.parametrize("command", ["/read", "/related", "/story"])
async def test_a_link_into_another_bot_names_no_article_of_ours(room: Newsroom, command: str) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes(POST)
    for link in (
        "https://t.me/other_bot?start=a_1",
        "tg://resolve?domain=other_bot&start=a_1",
        "https://x.example/?start=a_1",
    ):
        await reader.says(f"{command} {link}")
        await reader.sees_now("Вкажіть номер новини або посилання на неї")
    for link in (LINK, LINK.replace("visnyk", "Visnyk"), "tg://resolve?domain=visnyk_sandbox_bot&start=a_1"):
        await reader.says(f"/read {link}")
        await reader.sees_now("о восьмій ранку")
