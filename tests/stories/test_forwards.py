"""What editors forward: whoever wrote it is credited, and its pictures and custom emoji stay what they were."""

from typing import Any

import pytest

from bot.sandbox.faults import Fault
from tests.support.newsroom import Newsroom
from tests.support.people import Json, Somebody, text_of

pytestmark = pytest.mark.wide

TEXT = "Міст відкрили\n\nРух відновили о восьмій."
GROUP = {"id": -100500, "type": "supergroup", "title": "Гончарівка разом"}
CHANNEL = {"id": -100600, "type": "channel", "title": "Новини Надріччя", "username": "nadrichchia"}


ORIGINS: list[tuple[Json, str, str]] = [
        ({"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Зоряна", "last_name": "Криничар"}},
         "Зоряна Криничар", ""),
        ({"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": ""}}, "Вісник", ""),
        ({"type": "user", "sender_user": {"id": 100, "is_bot": False, "first_name": "Редакторка"}}, "Вісник", ""),
        ({"type": "hidden_user", "sender_user_name": "Остап"}, "Остап", ""),
        ({"type": "hidden_user", "sender_user_name": "Редакторка"}, "Вісник", ""),
        ({"type": "hidden_user", "sender_user_name": ""}, "Вісник", ""),
        ({"type": "hidden_user"}, "Вісник", ""),
        ({"type": "chat", "sender_chat": GROUP}, "Гончарівка разом", ""),
        ({"type": "chat", "sender_chat": GROUP, "author_signature": "Леся"}, "Гончарівка разом (Леся)", ""),
        ({"type": "chat", "sender_chat": {**GROUP, "title": ""}, "author_signature": "Леся"}, "Леся", ""),
        ({"type": "channel", "chat": CHANNEL, "message_id": 7, "author_signature": "Леся"},
         "Новини Надріччя", "https://t.me/nadrichchia/7"),
        ({"type": "channel", "chat": {"id": -1, "type": "channel", "title": "Закритий"}, "message_id": 7}, "Закритий", ""),
        ({"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "\u202eА\u0000Б", "last_name": "Я" * 300}},
         "АБ " + "Я" * 197, ""),
]  # fmt: skip


async def test_a_forward_is_credited_to_whoever_wrote_it(room: Newsroom) -> None:
    editor = room.owner()
    for number, (origin, credit, url) in enumerate(ORIGINS, 1):
        editor.forwards({"text": TEXT}, origin)
        await room.heard()
        article = await room.store.articles.get(number)
        assert (article.source, article.url) == (credit, url), origin
        assert f"Джерело: {credit[:20]}" in str(editor.buttons), origin
        room.clock.advance(minutes=1)  # another act of the editor's


async def test_the_word_of_a_command_that_is_forwarded_is_no_part_of_its_title(room: Newsroom) -> None:
    editor, bold = room.owner(), {"type": "bold", "offset": 6, "length": 4}
    command = {"type": "bot_command", "offset": 0, "length": 5}
    somebody = {"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Зоряна"}}
    for number, said in enumerate((f"/post {TEXT}", f"/POST@visnyk_bot\n{TEXT}"), 1):
        editor.forwards({"text": said, "entities": [command, bold]}, somebody)
        await room.heard()
        article = await room.store.articles.get(number)
        assert (article.title, article.source) == ("Міст відкрили", "Зоряна")
        assert "/post" not in article.body.casefold()
        room.clock.advance(minutes=1)
    room.world.files["one"] = b"\xff\xd8\xff"
    photo = [{"file_id": "one", "file_unique_id": "one", "width": 90, "height": 60}]
    editor.forwards({"photo": photo, "caption": "/post"}, somebody)
    await editor.sees("Фото є. Надішліть заголовок і текст.")
    editor.forwards({"text": "/postcard це листівка\n\nТекст."}, somebody)
    await room.heard()
    assert (await room.store.articles.get(3)).title == "/postcard це листівка"


async def test_a_forwarded_picture_that_waits_for_its_words_keeps_whom_it_is_from(room: Newsroom) -> None:
    editor = room.owner()
    room.world.files["one"] = b"\xff\xd8\xff"
    photo = [{"file_id": "one", "file_unique_id": "one", "width": 90, "height": 60}]
    editor.forwards({"photo": photo}, {"type": "channel", "chat": CHANNEL, "message_id": 9})
    await editor.sees("Фото є. Надішліть заголовок і текст.")
    await editor.says(TEXT)
    article = await room.store.articles.get(1)
    assert (article.source, article.url) == ("Новини Надріччя", "https://t.me/nadrichchia/9")
    await editor.says("/post Інша новина\n\nТекст.")
    assert (await room.store.articles.get(2)).source == "Вісник"


# Custom emoji

LIVELY = "Міст відкрили\nВідкрили 🌉 о восьмій\n\nВітаємо 👍👍 усіх"
_BRIDGE, _THUMBS = (len(LIVELY[: LIVELY.index(sign)].encode("utf-16-le")) // 2 for sign in "🌉👍")
EMOJI = [
    {"type": "custom_emoji", "offset": at, "length": 2, "custom_emoji_id": number}
    for at, number in ((_BRIDGE, "5368"), (_THUMBS, "77"), (_THUMBS + 2, "77"))
]


def _rich_emoji(value: Any) -> list[str]:
    if isinstance(value, list):
        return [number for one in value for number in _rich_emoji(one)]
    if isinstance(value, dict):
        own = [value["custom_emoji_id"]] if value.get("type") == "custom_emoji" else []
        return own + _rich_emoji(list(value.values()))
    return []


def _emoji(message: Json) -> list[str]:
    plain = [e["custom_emoji_id"] for e in message.get("entities", ()) if e["type"] == "custom_emoji"]
    return plain + _rich_emoji(message.get("rich_message", {}).get("blocks"))


async def _published(room: Newsroom, reader: Somebody, **content: Any) -> Somebody:
    editor = room.owner()
    await reader.says("/start")
    editor.sends(**content)
    await room.heard()
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    return editor


@pytest.mark.parametrize("way", ["written", "forwarded", "a caption"])
async def test_custom_emoji_reach_readers_as_they_were(room: Newsroom, way: str) -> None:
    reader = room.person()
    if way == "a caption":
        room.world.files["one"] = b"\xff\xd8\xff"
        photo = [{"file_id": "one", "file_unique_id": "one", "width": 90, "height": 60}]
        await _published(room, reader, photo=photo, caption=LIVELY, caption_entities=EMOJI)
    else:
        origin = {"type": "channel", "chat": CHANNEL, "message_id": 7, "date": 1}
        extra = {"forward_origin": origin} if way == "forwarded" else {}
        await _published(room, reader, text=LIVELY, entities=EMOJI, **extra)
    await reader.taps("Читати")
    assert _emoji(reader.last) == ["5368", "77", "77"]
    assert "Вітаємо 👍👍 усіх" in reader.screen


async def test_custom_emoji_reach_readers_of_plain_messages(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("Вигляд")
    await _published(room, reader, text=LIVELY, entities=EMOJI)
    await reader.taps("Читати")
    assert "rich_message" not in reader.last
    assert _emoji(reader.last) == ["5368", "77", "77"]


@pytest.mark.parametrize("plain", [False, True], ids=["rich", "plain"])
async def test_a_bot_that_may_not_send_custom_emoji_sends_the_plain_ones(room: Newsroom, *, plain: bool) -> None:
    reader = room.person()
    await reader.says("/start")
    if plain:
        await reader.says("/settings")
        await reader.taps("Вигляд")
    marked = [{"type": "bold", "offset": _THUMBS - 8, "length": 7}]
    await _published(room, reader, text=LIVELY, entities=[*EMOJI, *marked])
    fault = Fault("answer", 1, "editMessageText", status=400, description="Bad Request: DOCUMENT_INVALID")
    room.faults.order(fault)
    await reader.taps("Читати")
    assert ("rich_message" in reader.last) is not plain
    assert _emoji(reader.last) == []
    assert "Вітаємо 👍👍 усіх" in reader.screen
    assert "bold" in str(reader.last)


async def test_a_correction_of_an_open_article_leaves_custom_emoji_out_where_they_are_refused(room: Newsroom) -> None:
    reader = room.person()
    editor = await _published(room, reader, text=LIVELY, entities=EMOJI)
    await reader.taps("Читати")
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("Виправити")
    await editor.taps("Заголовок")
    await editor.says("Міст нарешті відкрили")
    fault = Fault(
        "answer", 1, "editMessageText", reader.chat.id, status=400, description="Bad Request: DOCUMENT_INVALID"
    )
    room.faults.order(fault)
    await editor.taps("Одрук")
    await room.tick()
    await reader.sees("Міст нарешті відкрили")
    assert "rich_message" in reader.last
    assert _emoji(reader.last) == []
    assert "Вітаємо 👍👍 усіх" in reader.screen


# Albums

KINDS = ["photo", "photo", "video", "animation", "document", "document"]


def _media(room: Newsroom, name: str, kind: str) -> Json:
    room.world.files[name] = b"\xff\xd8\xff"
    file = {"file_id": name, "file_unique_id": name, "width": 90, "height": 60}
    return {kind: [file]} if kind == "photo" else {kind: file | {"duration": 3}}


async def _album_open(room: Newsroom, reader: Somebody) -> list[Json]:
    """Publish an article with files of all kinds, open it as a plain message, and return what the chat shows then."""
    editor = room.owner()
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("Вигляд")
    for number, kind in enumerate(KINDS):
        words = {"caption": "Міст відкрили\n\nТекст."} if number == 0 else {}
        editor.sends(**_media(room, f"file-{number}", kind), **words, media_group_id="7")
    await room.heard()
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили")
    before = len(reader.got)
    await reader.taps("Читати")
    return (await reader.everything())[before - 1 :]


def _kind(message: Json) -> str:
    return next((kind for kind in ("photo", "video", "animation", "document") if kind in message), "text")


async def test_an_album_goes_out_as_albums_behind_a_plain_text_and_goes_with_it(room: Newsroom) -> None:
    reader = room.person()
    shown = await _album_open(room, reader)
    assert [_kind(message) for message in shown] == ["text", *KINDS]
    groups = [message.get("media_group_id") for message in shown[1:]]
    assert groups[0] == groups[1] == groups[2] is not None
    assert groups[3] is None
    assert groups[4] == groups[5] is not None
    assert groups[4] != groups[0]
    assert [call.method for call in room.api.log if call.method in {"sendMediaGroup", "sendPhoto"}] == [
        "sendMediaGroup", "sendMediaGroup",
    ]  # fmt: skip
    before = len(reader.got)
    await reader.taps("Згорнути", shown[0])
    assert len(await reader.everything()) == before - len(KINDS)


async def test_an_album_that_is_refused_goes_out_one_by_one(room: Newsroom) -> None:
    reader = room.person()
    room.faults.order(Fault("answer", 1, "sendMediaGroup", status=400, description="Bad Request: group send failed"))
    shown = await _album_open(room, reader)
    assert [_kind(message) for message in shown] == ["text", *KINDS]
    assert [bool(message.get("media_group_id")) for message in shown[1:]] == [False] * 4 + [True] * 2


async def test_an_album_of_a_sticker_is_no_article(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    before = len(editor.got)
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9,
               "is_animated": False, "is_video": False}  # fmt: skip
    for _ in range(2):
        editor.sends(sticker=sticker, media_group_id="77")
    await room.heard()
    await editor.says("/drafts")
    assert "Чернеток немає" in editor.screen
    said = [text_of(message) for message in editor.got[before:-1]]
    assert len(said) <= 2
