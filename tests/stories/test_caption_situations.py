"""What stands under pictures, films and files: commands, words, and what was forwarded."""

import pytest

from bot.model.news import ArticleState
from bot.model.readers import Address, ReaderState
from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.scenes import Scene, Situation, files, play

pytestmark = pytest.mark.wide

USERNAME = "visnyk_sandbox_bot"
TEXT = "Міст відкрили\n\nМіст відкрили о восьмій ранку."


async def _caption_cancel(scene: Scene) -> None:
    n = await scene.count()
    await scene.editor.says("/post")
    await scene.sends(**scene.media(), caption="/cancel")
    assert await scene.count() == n
    await scene.editor.says("Просто рядок")
    assert await scene.count() == n


async def _caption_for_another_bot_in_private(scene: Scene) -> None:
    n = await scene.count()
    await scene.sends(**scene.media(), caption="/post@OtherBot Заголовок\n\nТекст")
    assert await scene.count() == n
    await scene.editor.sees_now("Такої команди немає.")


async def _caption_post_mentions_the_bot(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=f"/POST@{USERNAME.upper()}\nЗаголовок із рядком\n\nТекст.")
    a = await scene.newest()
    assert a.title == "Заголовок із рядком"
    assert len(files(a)) == 1


async def _caption_post_behind_a_space(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption="  /post Пробіл попереду\n\nТекст.")
    assert (await scene.newest()).title == "Пробіл попереду"


async def _each_kind_under_a_caption(scene: Scene) -> None:
    for kind in ("video", "document", "animation"):
        await scene.sends(**scene.media(kind), caption=f"Новина з {kind}\n\nТекст.")
        a = await scene.newest()
        assert a.title == f"Новина з {kind}"
        assert a.photo is not None
        assert a.photo.kind == kind
    for kind in ("voice", "audio"):
        await scene.sends(**scene.media(kind), caption=f"Новина з {kind}\n\nТекст.")
        a = await scene.newest()
        assert a.title == f"Новина з {kind}"
        assert a.photo is None
        assert "не ввійшло" in scene.editor.screen
    animation = scene.media("animation")
    await scene.sends(**animation, document=animation["animation"], caption="Новина з gif\n\nТекст.")
    a = await scene.newest()
    assert a.photo is not None
    assert a.photo.kind == "animation"


async def _kinds_without_words(scene: Scene) -> None:
    n = await scene.count()
    for content in (
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"video_note": {"file_id": "v", "file_unique_id": "v", "duration": 3, "length": 240}},
        {"location": {"latitude": 50.4, "longitude": 30.5}},
        {"contact": {"phone_number": "1", "first_name": "А"}},
        {"dice": {"emoji": "🎲", "value": 3}},
    ):
        before = scene.answers
        await scene.sends(**content)
        assert scene.answers == before + 1, content
        assert await scene.count() == n


async def _caption_of_2000_signs(scene: Scene) -> None:
    long = "Довгий підпис\n\n" + "Слово за словом. " * 120
    await scene.sends(**scene.media(), caption=long.strip())
    a = await scene.newest()
    assert a.body.count("Слово за словом") + a.lead.count("Слово за словом") == 120


async def _caption_entities_behind_emoji(scene: Scene) -> None:
    text = "🌉🌉 Міст 👨‍👩‍👧 відкрили\n\n😀😀 Рух о восьмій, див. сайт."
    units = lambda piece: len(text[: text.index(piece)].encode("utf-16-le")) // 2  # noqa: E731
    await scene.sends(
        **scene.media(),
        caption=text,
        caption_entities=[
            {"type": "bold", "offset": units("восьмій"), "length": 7},
            {"type": "text_link", "offset": units("сайт"), "length": 4, "url": "https://a.example/x"},
        ],
    )
    a = await scene.newest()
    whole = a.lead + a.body
    assert "<b>восьмій</b>" in whole
    assert '<a href="https://a.example/x">сайт</a>' in whole, whole


async def _album_caption_at_the_second_with_entities(scene: Scene) -> None:
    await scene.sends(**scene.media(), media_group_id="b1")
    await scene.sends(
        **scene.media(),
        caption="😀 Місто\n\nРух о восьмій.",
        caption_entities=[{"type": "italic", "offset": 16, "length": 7}],
        media_group_id="b1",
    )
    a = await scene.newest()
    assert "<i>восьмій</i>" in a.lead + a.body
    assert len(files(a)) == 2


async def _forwarded_album(scene: Scene) -> None:
    n = await scene.count()
    origin = {
        "type": "channel",
        "date": 1,
        "chat": {"id": -100600, "type": "channel", "title": "Новини", "username": "novyny_x"},
        "message_id": 7,
    }
    await scene.sends(**scene.media(), forward_origin=origin, media_group_id="b2")
    await scene.sends(**scene.media(), caption=TEXT, forward_origin={**origin, "message_id": 8}, media_group_id="b2")
    a = await scene.newest()
    assert await scene.count() == n + 1
    assert a.source == "Новини"
    assert a.url.startswith("https://t.me/novyny_x/")
    assert len(files(a)) == 2


async def _forwarded_captions(scene: Scene) -> None:
    for origin, source in (
        ({"type": "hidden_user", "sender_user_name": "Остап"}, "Остап"),
        ({"type": "chat", "sender_chat": {"id": -5, "type": "supergroup", "title": "Двір"}}, "Двір"),
    ):
        await scene.sends(**scene.media("video"), caption=TEXT, forward_origin={"date": 1, **origin})
        a = await scene.newest()
        assert a.source == source
        assert len(files(a)) == 1
        scene.room.clock.advance(minutes=1)


async def _forwarded_command_caption(scene: Scene) -> None:
    await scene.sends(
        **scene.media(), caption="/stop", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "О"}
    )
    found = await scene.room.store.readers.find(Address(scene.editor.chat.id))
    assert found is None or found.state is ReaderState.ACTIVE


async def _title_question_and_a_captioned_picture(scene: Scene) -> None:
    await scene.sends(text=TEXT)
    a = await scene.newest()
    await scene.editor.taps("✏️ Заголовок")
    await scene.sends(**scene.media(), caption="Інша новина\n\nТекст.")
    assert (await scene.room.store.articles.get(a.id)).title == "Міст відкрили"
    assert (await scene.newest()).title == "Інша новина"


async def _caption_removed(scene: Scene) -> None:
    await scene.sends(**scene.media(), caption=TEXT)
    await scene.edits("Міст", caption="")
    a = await scene.newest()
    assert a.title == "Міст відкрили"
    assert a.state is ArticleState.DRAFT


async def _groups(scene: Scene) -> None:
    room = scene.room
    admin, member = room.person("Адмін", 31), room.person("Сусід", 32)
    group = room.world.add_chat(Chat(-51, "supergroup", "Сусіди"))
    boss, neighbour = room.member(admin, group, admin=True), room.member(member, group)
    await boss.says("/topics")

    async def state() -> ReaderState:
        found = await room.store.readers.find(Address(-51))
        assert found is not None
        return found.state

    for who, caption in (
        (neighbour, "/stop"),
        (boss, "/stop@OtherBot"),
        (neighbour, f"/stop@{USERNAME}"),
        (boss, "/ stop"),
        (boss, "stop"),
        (boss, "дивіться /stop"),
    ):
        who.sends(**scene.media(), caption=caption)
        await room.heard()
        assert await state() is ReaderState.ACTIVE, caption
    neighbour.edits("/stop", caption="/stop")
    await room.heard()
    assert await state() is ReaderState.ACTIVE
    boss.sends(**scene.media("video"), caption="/stop@OtherBot", media_group_id="g")
    boss.edits("/stop@OtherBot", caption="/stop")
    await room.heard()
    assert await state() is ReaderState.LEFT


SITUATIONS: list[Situation] = [
    _caption_cancel,
    _caption_for_another_bot_in_private,
    _caption_post_mentions_the_bot,
    _caption_post_behind_a_space,
    _each_kind_under_a_caption,
    _kinds_without_words,
    _caption_of_2000_signs,
    _caption_entities_behind_emoji,
    _album_caption_at_the_second_with_entities,
    _forwarded_album,
    _forwarded_captions,
    _forwarded_command_caption,
    _title_question_and_a_captioned_picture,
    _caption_removed,
    _groups,
]


async def test_what_stands_under_a_picture_counts_as_what_is_typed(room: Newsroom) -> None:
    assert await play(room, SITUATIONS) == []
