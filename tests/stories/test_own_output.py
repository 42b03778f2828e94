"""What the bot itself has said comes back to it: nothing is made of it, its article is opened."""

from datetime import timedelta

import pytest

from bot.model.changes import ArticleChanges
from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of

pytestmark = pytest.mark.wide

POST = "Міст відкрили\n\nМіст відкрили о восьмій ранку."


async def test_a_forward_of_the_bots_own_headline_opens_its_article_at_the_desk(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.publishes(POST)
    await reader.sees("Міст відкрили\nВісник")
    own = {"type": "user", "sender_user": room.world.bot_user()}
    headline = reader.message_with("Міст відкрили\nВісник")
    editor.forwards(headline, own)
    await room.heard()
    assert "Надіслано: " in editor.screen
    assert any("Виправити" in label for label in editor.buttons)
    await reader.taps("Читати")
    editor.forwards(reader.last, own)
    await room.heard()
    assert any("Виправити" in label for label in editor.buttons)
    editor.sends(text="Міст відкрили\nВісник\n\nМіст відкрили о восьмій ранку.", via_bot=room.world.bot_user())
    await room.heard()
    await editor.says("/post")
    editor.forwards(headline, own)
    await room.heard()
    await editor.says("/drafts")
    await editor.sees_now("Чернеток немає.")


async def test_what_is_no_article_any_more_is_said_to_be_the_bots(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/help")
    editor.forwards(editor.last, {"type": "user", "sender_user": room.world.bot_user()})
    await room.heard()
    await editor.sees_now("Це повідомлення самого бота, тож новою чернеткою воно не стане.")


async def test_a_post_of_a_channel_that_the_bot_writes_to_is_known_again(room: Newsroom) -> None:
    editor = room.owner()
    seat = await room.channel_of(editor)
    channel = seat.chat
    await editor.publishes(POST)
    await seat.sees("Міст відкрили\nВісник")
    origin = {"type": "channel", "message_id": 5, "chat": channel.as_chat()}
    editor.forwards(seat.message_with("Міст відкрили\nВісник"), origin)
    await room.heard()
    assert "Надіслано: " in editor.screen
    editor.forwards({"text": "Зовсім інша новина\n\nТекст."}, origin)
    await room.heard()
    assert editor.screen.startswith("Зовсім інша новина\nНовини міста")


async def test_an_article_with_an_old_date_is_known_again_by_what_the_bot_sent_of_it(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says(f"/post {POST}")
    article = await room.store.articles.get(1)
    old = room.clock.now() - timedelta(days=200)
    await room.store.articles.revise_draft(
        article.id, article.version, ArticleChanges(published_at=old), 1, room.clock.now()
    )
    await editor.says("/drafts")
    await editor.taps("1")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст відкрили\nВісник")
    editor.forwards(
        reader.message_with("Міст відкрили\nВісник"), {"type": "user", "sender_user": room.world.bot_user()}
    )
    await room.heard()
    assert "Надіслано: " in editor.screen


async def test_an_author_reads_what_others_wrote_and_meets_no_button_that_is_not_for_them(room: Newsroom) -> None:
    owner, author = room.owner(), room.person("Ада", 7)
    await author.says("/start")
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    await owner.publishes(POST)
    await author.sees("Міст відкрили\nВісник")
    headline = author.message_with("Міст відкрили\nВісник")
    author.forwards(headline, {"type": "user", "sender_user": room.world.bot_user()})
    await room.heard()
    assert "о восьмій ранку" in author.screen
    assert "Згорнути" in author.buttons
    assert not any("Повний текст" in label for label in author.buttons)


async def test_an_authors_own_article_that_channels_posted_has_its_link_to_copy_and_no_editors_list(
    room: Newsroom,
) -> None:
    owner, author = room.owner(), room.person("Ада", 7)
    await author.says("/start")
    await room.channel_of(owner)
    await owner.says("/editors")
    await owner.taps("➕")
    await owner.says("7")
    await author.says(POST)
    await owner.says("/drafts")
    for label in ("1", "✅ Опублікувати", "Так, опублікувати"):
        await owner.taps(label)
    await room.tick()
    await author.sees("Міст відкрили\nВісник")
    await room.settled()
    headline = next(m for m in reversed(author.got) if any("Читати" in one["text"] for one in buttons_of(m)))
    author.forwards(headline, {"type": "user", "sender_user": room.world.bot_user()})
    await room.heard()
    (link,) = [one for one in buttons_of(author.last) if "Посилання" in one["text"]]
    assert "copy_text" in link
