"""What counts as a command, in text or caption, and for whom: decided once, for rights and routes alike."""

from typing import Any

import pytest

from bot.model.readers import Address, ReaderState
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, text_of

_ADMINS_ONLY = "У групах і каналах це можуть лише адміністратори."


def _command(text: str) -> list[dict[str, Any]]:
    return [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]


def _types(somebody: Somebody, text: str, **more: Any) -> None:
    somebody.sends(text=text, entities=_command(text), **more)


def _photo(caption: str) -> dict[str, Any]:
    sizes = [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 60}]
    return {"photo": sizes, "caption": caption, "caption_entities": _command(caption)}


async def _group(room: Newsroom) -> tuple[Somebody, Somebody]:
    """Return a group that gets all news: its administrator and a member in it."""
    admin, member = room.person(), room.person("Сусід", 2)
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/topics")
    return boss, neighbour


async def _state(room: Newsroom) -> ReaderState:
    found = await room.store.readers.find(Address(-50))
    assert found is not None
    return found.state


async def test_a_members_photo_captioned_with_a_command_is_asked_for_rights_like_any_command(room: Newsroom) -> None:
    boss, neighbour = await _group(room)
    neighbour.sends(**_photo("/stop"))
    await neighbour.sees_now(_ADMINS_ONLY)
    assert await _state(room) is ReaderState.ACTIVE
    boss.sends(**_photo("/stop@visnyk_sandbox_bot"))
    await room.heard()
    assert await _state(room) is ReaderState.LEFT


NOT_OURS = (
    "/start@another_bot",
    "/topics@another_bot now",
    "/weather",
    "/weather@visnyk_sandbox_bot_2",
    "/post Новина",
    "/drafts",
    "/",
    "/ topics",
    "/етc",
)


async def test_commands_that_are_not_the_bots_own_get_no_answer_in_a_group(room: Newsroom) -> None:
    boss, neighbour = await _group(room)
    before = len(boss.got)
    for text in NOT_OURS:
        for somebody in (boss, neighbour):
            _types(somebody, text) if text.strip("/ ") else somebody.sends(text=text)
            somebody.sends(**_photo(text))
        await room.heard()
        assert len(await boss.everything()) == before, text


async def test_another_bots_command_does_not_make_an_unknown_group_a_reader(room: Newsroom) -> None:
    member = room.member(room.person(), room.world.add_chat(Chat(-51, "supergroup", "Чужі")), admin=True)
    _types(member, "/start@another_bot")
    await room.heard()
    assert await member.everything() == []
    assert await room.store.readers.find(Address(-51)) is None


async def test_a_post_that_telegram_forwards_from_the_groups_channel_commands_nothing(room: Newsroom) -> None:
    boss, _ = await _group(room)
    before = len(boss.got)
    channel = {"id": -70, "type": "channel", "title": "Канал"}
    origin = {"type": "channel", "date": 1, "message_id": 5, "chat": channel}
    _types(boss, "/stop", sender_chat=channel, is_automatic_forward=True, forward_origin=origin)
    await room.heard()
    assert len(await boss.everything()) == before
    assert await _state(room) is ReaderState.ACTIVE


async def test_a_forwarded_command_or_one_from_an_inline_result_is_not_typed(room: Newsroom) -> None:
    boss, _ = await _group(room)
    before = len(boss.got)
    _types(boss, "/stop", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "Х"})
    _types(boss, "/stop", via_bot=room.world.bot_user())
    await room.heard()
    assert len(await boss.everything()) == before
    assert await _state(room) is ReaderState.ACTIVE


async def test_that_only_administrators_may_is_said_once_a_minute_in_a_chat(room: Newsroom) -> None:
    boss, neighbour = await _group(room)
    for _ in range(3):
        _types(neighbour, "/topics")
        _types(neighbour, "/stop")
    await room.heard()
    assert await neighbour.count(_ADMINS_ONLY) == 1
    room.clock.advance(seconds=61)
    await neighbour.says("/stop")
    assert await neighbour.count(_ADMINS_ONLY) == 2
    assert await _state(room) is ReaderState.ACTIVE
    await boss.says("/topics")
    await boss.sees_now("Теми")


@pytest.mark.parametrize("text", ["/TOPICS", "/topics@Visnyk_Sandbox_Bot", "/topics\n", "/topics  "])
async def test_a_command_is_known_however_it_is_written(room: Newsroom, text: str) -> None:
    boss, _ = await _group(room)
    before = len(boss.got)
    _types(boss, text)
    await room.heard()
    assert len(await boss.everything()) == before + 1
    assert boss.screen.startswith("Теми")


async def test_a_photo_captioned_post_becomes_a_draft_with_its_picture(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    caption = "/post Міст відкрили\n\nРух відновлено."
    await editor.sends_photo(caption, caption_entities=[*_command(caption), {"type": "bold", "offset": 6, "length": 4}])
    assert editor.screen.startswith("Міст відкрили")
    article = await room.store.articles.get(1)
    assert article.photo is not None


async def test_what_is_no_command_of_anybodys_is_answered_in_ones_own_chat(room: Newsroom) -> None:
    reader = room.person()
    for text in ("/weather", "/start@another_bot", "/погода"):
        await reader.says(text)
        await reader.sees_now("Такої команди немає.")
    assert [m for m in reader.got if "Вісник" in text_of(m)] == []
