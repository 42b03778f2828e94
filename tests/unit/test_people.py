"""What people do on the sandbox's page reaches the bot as Telegram's clients send it, and nobody does what they may not."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.languages import EDITORS, READERS, people
from bot.sandbox.people import People
from bot.sandbox.places import build_places
from bot.sandbox.visitors import own_visitors_only
from bot.sandbox.world import BOT_ID, World
from bot.text.languages import LANGUAGES
from bot.timing.clock import SystemClock

READER, EDITOR = READERS["uk"], EDITORS["uk"]
PICTURE = "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8\xff").decode()


class Page:
    """The page's requests, and what the bot is told of them."""

    def __init__(self, world: World, client: "TestClient[web.Request, web.Application]") -> None:
        self.world = world
        self.places = {place.kind: place.chat for place in build_places(world)["uk"]}
        self._client = client

    async def does(self, what: str, person: int, **more: Any) -> int:
        """Return the status of what somebody does."""
        return await self.posts(what, orjson.dumps({"person": person, **more}))

    async def posts(self, what: str, body: bytes, **headers: str) -> int:
        """Return the status of a request with this body."""
        own = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return (await self._client.post(f"/sim/{what}", data=body, headers=own)).status

    def told(self) -> list[dict[str, Any]]:
        """Return what the bot has been told since the last time, without the numbers of updates."""
        updates = [next(v for k, v in update.items() if k != "update_id") for update in self.world.updates]
        self.world.updates.clear()
        return updates


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    world = World(SystemClock().now)
    for person in people():
        world.add_person(person)
    app = web.Application(middlewares=[own_visitors_only], client_max_size=64_000_000)
    app.add_routes(People(world).routes())
    async with TestClient(TestServer(app)) as client:
        yield Page(world, client)


@pytest.mark.parametrize("code", LANGUAGES)
async def test_samples_are_sent_as_clients_send_them(page: Page, code: str) -> None:
    sent: dict[str, list[dict[str, Any]]] = {}
    for name in ("album", "video", "sticker", "page", "long", "channel", "person", "hidden", "group"):
        assert await page.does("sample", EDITORS[code], name=name) == 200
        sent[name] = page.told()
    assert len({message["media_group_id"] for message in sent["album"]}) == 1
    assert ["caption" in message for message in sent["album"]] == [True, False, False]
    assert all("photo" in message for message in sent["album"])
    assert sent["video"][0]["video"]["duration"] == 12
    assert sent["sticker"][0]["sticker"]["emoji"]
    assert len(sent["long"]) > 1
    assert all(len(message["text"]) <= 4096 for message in sent["long"])
    origins = {name: sent[name][0]["forward_origin"] for name in ("channel", "person", "hidden", "group")}
    assert [(origin["type"], sorted(origin.keys() - {"type", "date"})) for origin in origins.values()] == [
        ("channel", ["chat", "message_id"]),
        ("user", ["sender_user"]),
        ("hidden_user", ["sender_user_name"]),
        ("chat", ["author_signature", "sender_chat"]),
    ]
    assert "custom_emoji" in str(sent["channel"][0]["entities"])
    assert await page.does("sample", EDITORS[code], name="../etc") == 400


async def test_an_album_of_ones_own_is_one_group_and_a_stranger_kind_is_refused(page: Page) -> None:
    items = [{"data": PICTURE}, {"data": PICTURE.replace("image/jpeg", "video/mp4")}]
    assert await page.does("media", EDITOR, items=items, caption="/post Міст") == 200
    first, second = page.told()
    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption_entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]
    assert "video" in second
    for wrong in (
        [],
        [{"data": PICTURE}] * 11,
        [{"data": "data:,"}],
        [{"data": "x,%%"}],
        ["x"],
        {"data": PICTURE},
        None,
    ):
        assert await page.does("media", EDITOR, items=wrong) == 400
    assert page.told() == []


async def test_only_ones_own_words_are_edited(page: Page) -> None:
    await page.does("say", EDITOR, text="Міст")
    (mine,) = page.told()
    assert await page.does("edit", EDITOR, message_id=mine["message_id"], text="/stop зараз") == 200
    (edited,) = page.told()
    assert (edited["text"], edited["entities"][0]["length"]) == ("/stop зараз", 5)
    bots = page.world.put_message(page.world.chats[EDITOR], {"text": "Вісник"}, sender=page.world.bot_user())
    assert await page.does("edit", EDITOR, message_id=bots["message_id"], text="Підробка") == 403
    await page.does("forward", EDITOR, message_id=mine["message_id"])
    (forwarded,) = page.told()
    assert forwarded["forward_origin"]["sender_user"]["id"] == EDITOR
    assert await page.does("edit", EDITOR, message_id=forwarded["message_id"], text="Інше") == 403
    assert await page.does("edit", EDITOR, message_id=10**6, text="Інше") == 404


async def test_a_post_of_the_channel_is_forwarded_as_one_and_the_bots_as_its_own(page: Page) -> None:
    channel = page.places["channel"]
    assert await page.does("say", EDITOR, chat=channel.id, text="Новина") == 200
    (post,) = page.told()
    assert "from" not in post
    assert await page.does("forward", READER, chat=channel.id, message_id=post["message_id"]) == 200
    (forwarded,) = page.told()
    assert forwarded["chat"]["id"] == READER
    assert forwarded["forward_origin"]["chat"]["id"] == channel.id
    bots = page.world.put_message(page.world.chats[READER], {"text": "Вісник"}, sender=page.world.bot_user())
    await page.does("forward", READER, message_id=bots["message_id"])
    assert page.told()[0]["forward_origin"]["sender_user"]["id"] == BOT_ID


async def test_members_write_administrators_add_the_bot_and_strangers_do_nothing(page: Page) -> None:
    channel, group, forum = (page.places[kind] for kind in ("channel", "group", "forum"))
    assert await page.does("say", READER, chat=channel.id, text="Новина") == 403
    assert await page.does("membership", READER, chat=group.id, present=True) == 403
    assert await page.does("say", READERS["en"], chat=group.id, text="Hi") == 404
    assert await page.does("say", READER, chat=EDITOR, text="Я редактор") == 404
    assert await page.does("block", READER, chat=group.id, blocked=True) == 403
    assert page.told() == []
    assert await page.does("membership", EDITOR, chat=channel.id, present=True) == 200
    assert await page.does("membership", EDITOR, chat=channel.id, present=True) == 200
    (added,) = page.told()
    assert added["new_chat_member"]["status"] == "administrator"
    assert await page.does("membership", EDITOR, chat=channel.id, present=False) == 200
    assert page.told()[0]["new_chat_member"]["status"] == "left"
    assert await page.does("say", READER, chat=forum.id, thread=12, text="/topics") == 200
    (topical,) = page.told()
    assert (topical["message_thread_id"], topical["is_topic_message"], topical["chat"]["is_forum"]) == (12, True, True)
    assert await page.does("say", READER, chat=forum.id, thread=99, text="/topics") == 200
    assert "message_thread_id" not in page.told()[0]


async def test_what_is_no_request_is_refused(page: Page) -> None:
    for body in (b"[]", b"{", b"null", b"\xff"):
        assert await page.posts("say", body) == 400
    for what in ("say", "edit", "media", "sample", "forward", "membership"):
        assert await page.posts(what, b"{}", Content_Type="text/plain") == 415
        assert await page.posts(what, b"{}", Origin="http://evil.example") == 403
    assert await page.does("say", "x" * 9, text="а") == 404  # type: ignore[arg-type]
    assert await page.does("say", EDITOR, text="а" * 200_001) == 400
    assert page.told() == []
