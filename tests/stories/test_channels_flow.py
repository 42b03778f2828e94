"""Telegram channels as sources: posts flow in by the rules of feeds, an edited post changes its article."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.inflow.inflow import FLOOD
from bot.model.feeds import FeedMode, FeedSettings, FeedState, NoticeKind
from bot.model.news import ArticleState
from bot.sandbox.world import Chat
from handlers.parsing import channel_in
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.newsroom import Desk
from tests.support.people import Somebody

pytestmark = pytest.mark.wide

BRIDGE = "Міст через річку відкрили після ремонту"
TEXT = f"{BRIDGE}\n\nРух відновили о восьмій ранку. Ремонт тривав пів року, і весь цей час містяни їздили через греблю."
NUMBER = -1_001_000_000_777


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        yield opened


def _channel(fed: FedRoom, owner: Desk) -> Somebody:
    channel = fed.room.world.add_chat(Chat(NUMBER, "channel", "Порт Надріччя", username="port_news"))
    fed.room.world.membership(owner.person, channel, "left", "administrator")
    return fed.room.member(owner, channel, admin=True)


async def _follow(fed: FedRoom, mode: str = "Публікувати одразу") -> tuple[Desk, Somebody, Somebody]:
    """Have a channel followed; returns the owner, who posts in it, and a reader."""
    owner, reader = fed.room.owner(), fed.room.person()
    await owner.says("/start")
    await reader.says("/start")
    seat = _channel(fed, owner)
    await owner.says("/feeds @port_news")
    await owner.sees("Telegram показує боту лише нове")
    await owner.taps(mode)
    await owner.sees("Нові дописи каналу надходитимуть самі")
    return owner, seat, reader


async def _posts(fed: FedRoom, seat: Somebody, **content: Any) -> None:
    seat.sends(**content)
    await fed.room.heard()


async def _edits(fed: FedRoom, seat: Somebody, message: dict[str, Any], **content: Any) -> None:
    fed.room.world.edits(seat.person, seat.chat, message, content)
    await fed.room.heard()


async def test_a_post_goes_out_once_and_an_edit_changes_it(fed: FedRoom) -> None:
    owner, seat, reader = await _follow(fed)
    await _posts(fed, seat, text=TEXT)
    await reader.sees(BRIDGE)
    article = (await fed.room.store.articles.latest(limit=1)).items[0]
    found = await fed.room.store.articles.get(article.id)
    assert (found.title, found.source, found.urgent) == (BRIDGE, "Порт Надріччя", False)
    assert found.url.startswith("https://t.me/port_news/")
    message = list(seat.chat.messages.values())[-1]
    await _edits(fed, seat, message, text=TEXT)  # a reaction, a view: nothing of ours
    await _edits(fed, seat, message, text=TEXT.replace("і весь", "й весь"))
    found = await fed.room.store.articles.get(article.id)
    assert "й весь" in found.body, "a slip is mended silently"
    assert await fed.notices() == []
    await _edits(fed, seat, message, text=TEXT.replace("пів року", "9 років"))
    assert [one.kind for one in await fed.notices()] == [NoticeKind.CHANGED]
    await fed.room.tick()
    await owner.sees("«Порт Надріччя» змінює новину")
    await owner.taps("Виправити тихо")
    assert "9 років" in (await fed.room.store.articles.get(article.id)).body
    assert await reader.count(BRIDGE) == 1


async def test_for_approval_it_is_a_draft_which_follows_its_post(fed: FedRoom) -> None:
    owner, seat, reader = await _follow(fed, "На схвалення")
    await _posts(fed, seat, text=TEXT)
    await _edits(fed, seat, list(seat.chat.messages.values())[-1], text=TEXT.replace("восьмій", "дев’ятій"))
    await fed.room.tick()
    await owner.sees("Нова чернетка: Порт Надріччя")
    assert await reader.lacks(BRIDGE)
    (draft,) = (await fed.room.store.articles.desk_list(ArticleState.DRAFT, 0, 5)).items
    assert "дев’ятій" in (await fed.room.store.articles.get(draft.id)).body


async def test_an_album_is_one_article_wherever_its_words_stand(fed: FedRoom) -> None:
    _, seat, reader = await _follow(fed)
    for number, caption in enumerate(("", TEXT, "")):
        picture = {"photo": [{"file_id": f"pic{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]}
        said = {"caption": caption} if caption else {}
        await _posts(fed, seat, **picture, **said, media_group_id="7")
    await fed.room.tick()
    assert await reader.lacks(BRIDGE)  # more of it may come
    fed.room.clock.advance(seconds=10)
    for _ in range(2):
        await fed.room.tick()
    assert await reader.count(BRIDGE) == 1
    article = (await fed.room.store.articles.latest(limit=1)).items[0]
    found = await fed.room.store.articles.get(article.id)
    assert found.photo is not None
    assert [one.file_id for one in found.photo.all] == ["pic0", "pic1", "pic2"]


def _picture(number: int) -> dict[str, Any]:
    return {"photo": [{"file_id": f"pic{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]}


async def _whole(fed: FedRoom) -> None:
    """Let so much time pass that an album is whole."""
    fed.room.clock.advance(seconds=10)
    for _ in range(2):
        await fed.room.tick()


async def test_what_stands_under_several_pictures_of_an_album_is_all_there(fed: FedRoom) -> None:
    _, seat, _ = await _follow(fed, "На схвалення")
    for number, caption in enumerate((TEXT, "Фото: <Іван> Луговий", "")):
        await _posts(fed, seat, **_picture(number), **({"caption": caption} if caption else {}), media_group_id="7")
    first, second, _ = list(seat.chat.messages.values())[-3:]
    await _edits(fed, seat, second, caption="Фото: <Іван> Луговий, <Іван> Лановий")  # before it is whole
    await _whole(fed)
    (draft,) = (await fed.room.store.articles.desk_list(ArticleState.DRAFT, 0, 5)).items
    found = await fed.room.store.articles.get(draft.id)
    assert (found.title, "восьмій" in found.body) == (BRIDGE, True)
    assert ("Луговий" in found.body, found.body.count("Іван")) == (True, 1)
    # What is written under another picture later is not what the article says from then on.
    await _edits(fed, seat, second, caption="Знято з греблі")
    assert await fed.room.store.articles.get(draft.id) == found
    await _edits(fed, seat, first, caption=TEXT.replace("восьмій", "дев’ятій"))
    assert "дев’ятій" in (await fed.room.store.articles.get(draft.id)).body
    assert await fed.notices() == []


async def test_words_that_come_when_their_album_was_thought_whole_make_the_article(fed: FedRoom) -> None:
    """A restart, or a try of Telegram's that failed, parts an album by more than the while that is waited."""
    _, seat, reader = await _follow(fed)
    await _posts(fed, seat, **_picture(0), media_group_id="7")
    await _whole(fed)
    await _posts(fed, seat, **_picture(1), caption=TEXT, media_group_id="7")
    await _posts(fed, seat, **_picture(2), media_group_id="7")
    await _whole(fed)
    assert await reader.count(BRIDGE) == 1
    article = await fed.room.store.articles.get((await fed.room.store.articles.latest(limit=1)).items[0].id)
    assert article.photo is not None
    assert [one.file_id for one in article.photo.all] == ["pic1", "pic2"]


async def test_what_is_no_news_is_not_taken_in(fed: FedRoom) -> None:
    owner, seat, reader = await _follow(fed)
    bot = fed.room.world.bot_user()
    await reader.says("/topics")
    await _posts(fed, seat, text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}])
    article = await owner.publishes(TEXT)
    before = await fed.room.store.articles.latest(limit=10)
    await _posts(fed, seat, text="Щойно: міст", via_bot=bot)
    own = {"type": "user", "sender_user": bot, "date": 1}
    await _posts(fed, seat, text=f"{BRIDGE}\n\nІ ще щось", forward_origin=own)
    await _posts(fed, seat, text=article.title)  # the channel receives our news: somebody posts one once more
    await _posts(fed, seat, new_chat_title="Порт")
    await _posts(fed, seat, photo=[{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}])
    assert (await fed.room.store.articles.latest(limit=10)).items == before.items
    other = fed.room.world.add_chat(Chat(-1_001_000_000_778, "channel", "Чужий канал"))
    fed.room.world.membership(owner.person, other, "left", "administrator")
    await _posts(fed, fed.room.member(owner, other, admin=True), text="Чуже\n\nНіхто цього каналу не додавав.")
    assert (await fed.room.store.articles.latest(limit=10)).items == before.items


async def test_words_that_an_edit_brings_make_the_article(fed: FedRoom) -> None:
    _, seat, reader = await _follow(fed)
    await _posts(fed, seat, photo=[{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}])
    await _edits(fed, seat, list(seat.chat.messages.values())[-1], caption=TEXT)
    await reader.sees(BRIDGE)


async def test_a_flood_of_posts_is_held_and_asked_about_once(fed: FedRoom) -> None:
    _, seat, reader = await _follow(fed)
    for number in range(FLOOD + 3):
        await _posts(fed, seat, text=f"Подія {number}\n\nУ порту сталася подія номер {number}.")
    assert [one.kind for one in await fed.notices()] == [NoticeKind.FLOOD]
    (feed,) = await fed.room.store.feeds.all()
    assert len(await fed.room.store.feed_items.held(feed.id)) == 3
    assert await reader.lacks(f"Подія {FLOOD}")


async def test_a_channel_is_never_polled_and_ends_with_the_bots_place_in_it(fed: FedRoom) -> None:
    owner, seat, reader = await _follow(fed)
    clock = fed.room.clock
    clock.advance(hours=3)
    assert await fed.room.store.feeds.claim(clock.now(), clock.now() + timedelta(minutes=3), clock.now()) is None
    fed.room.world.membership(owner.person, seat.chat, "administrator", "left")
    await fed.room.tick()
    await owner.sees("Бот більше не адміністратор цього каналу")
    (feed,) = await fed.room.store.feeds.all()
    assert feed.state is FeedState.ENDED
    fed.room.world.membership(owner.person, seat.chat, "left", "administrator")
    await fed.room.tick()
    await owner.sees("знову працює")
    await _posts(fed, seat, text=TEXT)
    await reader.sees(BRIDGE)


async def test_it_is_named_in_any_way_and_only_where_the_bot_is_an_administrator(fed: FedRoom) -> None:
    owner = fed.room.owner()
    await owner.says("/start")
    seat = _channel(fed, owner)
    await owner.says("/feeds")
    await owner.taps("Додати стрічку")
    owner.forwards({"text": TEXT}, {"type": "channel", "chat": seat.chat.as_chat(), "message_id": 4, "date": 1})
    await owner.sees("Telegram показує боту лише нове")
    await owner.taps("Лише в архів")
    await owner.says("/feeds")
    await owner.sees("канал у Telegram")
    assert [one.mode for one in await fed.room.store.feeds.all()] == [FeedMode.ARCHIVE]
    seat.chat.bot_status = "left"
    await owner.says(f"/feeds https://t.me/c/{str(NUMBER)[4:]}/12")
    await owner.sees("У каналі «Порт Надріччя» бот не адміністратор")
    await owner.says("/feeds @nobody_knows")
    await owner.sees("Такого каналу бот не бачить")


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("@novyny", "@novyny"),
        ("t.me/novyny", "@novyny"),
        ("https://t.me/s/novyny", "@novyny"),
        ("https://telegram.me/novyny/5?single", "@novyny"),
        ("https://t.me/c/1234567/89", -1001234567),
        ("https://example.org/@novyny", None),
        ("t.me/", None),
        ("@ab", None),
        ("", None),
        (None, None),
    ],
)
def test_what_names_a_channel(typed: str | None, named: str | int | None) -> None:
    assert channel_in(typed) == named


async def test_a_channel_that_receives_the_news_gets_none_of_its_own_posts_back(fed: FedRoom) -> None:
    owner, reader = fed.room.owner(), fed.room.person()
    await owner.says("/start")
    await reader.says("/start")
    seat = await fed.room.channel_of(owner)
    seat.chat.username = "city_news"
    await owner.says("/feeds @city_news")
    await owner.sees("Його власні дописи підуть усім іншим, а назад у канал — ні")
    await owner.taps("Публікувати одразу")
    before = len(seat.chat.messages)
    await _posts(fed, seat, text=TEXT)
    await reader.sees(BRIDGE)
    await fed.room.delivered()
    assert len(seat.chat.messages) == before + 1
    await owner.publishes("Трамвай повертається\n\nЗ понеділка він знову їздить до порту.")
    await seat.sees("Трамвай повертається")
    (feed,) = await fed.room.store.feeds.all()
    await fed.room.store.feeds.change(feed.id, FeedSettings(mode=FeedMode.APPROVE), None, fed.room.clock.now())
    await _posts(fed, seat, text="Пристань закрили на зиму\n\nКатер до слободи не ходитиме до березня.")
    (draft,) = (await fed.room.store.articles.desk_list(ArticleState.DRAFT, 0, 5)).items
    found = await fed.room.store.articles.get(draft.id)
    assert found.channel_id == seat.chat.id
