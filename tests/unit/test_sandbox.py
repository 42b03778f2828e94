"""The stand-in for Telegram refuses what the real server refuses, in its words (facts: tdlib/telegram-bot-api, td)."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.answers import Answer
from bot.sandbox.api import BotApi
from bot.sandbox.limits import Limits
from bot.sandbox.world import Chat, Person, World
from bot.timing.clock import SystemClock
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import within

OLHA, GROUP = 1, -1005
ENTITIES = "can't parse entities"


@pytest.fixture
def api() -> BotApi:
    clock = SystemClock()
    world = World(clock.now)
    world.add_person(Person(OLHA, "Оля"))
    world.add_chat(Chat(GROUP, "supergroup", "Двір", members={OLHA}, admins={OLHA}))
    return BotApi(world, Limits(clock.monotonic, bot_rate=10**6, chat_burst=10**6, group_a_minute=10**6))


async def _says(api: BotApi, method: str = "sendMessage", **payload: Any) -> str:
    """Return the server's words: "ok", or its description."""
    answer = await api.call(method, {"chat_id": OLHA, **payload})
    return "ok" if answer.body["ok"] else str(answer.body["description"])


def _entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def _keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def _button(**action: Any) -> dict[str, Any]:
    return {"text": "Читати", **action}


TEXTS: list[tuple[dict[str, Any], str]] = [
    ({"text": "ї" * 4096}, "ok"),
    ({"text": "ї" * 4097}, "message is too long"),
    ({"text": "🙂" * 4096}, "ok"),  # counted in code points
    ({"text": "\n" + "ї" * 4096 + " \n"}, "ok"),  # after trimming
    ({"text": "ї" * 16_385}, "text is too long"),  # 32 768 bytes before parsing
    ({"text": ""}, "message text is empty"),
    ({"text": " \n\t"}, "text must be non-empty"),
    ({"text": "<b>Міст</b> &amp; річка", "parse_mode": "HTML"}, "ok"),
    ({"text": "<h1>Міст</h1>", "parse_mode": "HTML"}, f'{ENTITIES}: unsupported start tag "h1" at byte offset 0'),
    ({"text": "<b>Міст", "parse_mode": "HTML"}, f"{ENTITIES}: can't find end tag corresponding to start tag \"b\""),
    ({"text": "<b>Міст</i>", "parse_mode": "HTML"}, f"{ENTITIES}: unmatched end tag"),
    ({"text": "<b>" + "ї" * 4096 + "</b>", "parse_mode": "HTML"}, "ok"),
    ({"text": "Міст", "entities": [_entity("bold", 0, 4)]}, "ok"),
    ({"text": "Міст", "entities": [_entity("bold", 0, 5)]}, f"{ENTITIES}: entity is out of bounds"),
    ({"text": "Міст", "entities": [_entity("bold", -1, 2)]}, f"{ENTITIES}: entity is out of bounds"),
    ({"text": "Міст", "entities": [_entity("bold", 0, 0)]}, f"{ENTITIES}: entity is out of bounds"),
    ({"text": "🙂", "entities": [_entity("bold", 0, 2)]}, "ok"),
    ({"text": "🙂!", "entities": [_entity("bold", 1, 1)]}, f"{ENTITIES}: entity begins or ends in a middle of a UTF-16 symbol"),
    ({"text": "Міст", "entities": [_entity("text_link", 0, 4, url="")]}, f"{ENTITIES}: empty URL"),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "says"), TEXTS, ids=itertools.count())
async def test_texts_are_taken_or_refused_as_the_server_does(api: BotApi, payload: dict[str, Any], says: str) -> None:
    said = await _says(api, **payload)
    assert said == says if says == "ok" else said.startswith(f"Bad Request: {says}")


async def test_parse_mode_wins_over_entities_and_trimming_moves_them(api: BotApi) -> None:
    html = await api.call("sendMessage", {"chat_id": OLHA, "text": "<b>А</b>", "parse_mode": "HTML", "entities": [_entity("code", 0, 1)]})  # fmt: skip
    assert html.body["result"]["entities"] == [_entity("bold", 0, 1)]
    moved = await api.call("sendMessage", {"chat_id": OLHA, "text": "  🙂 А ", "entities": [_entity("code", 5, 1)]})
    assert (moved.body["result"]["text"], moved.body["result"]["entities"]) == ("🙂 А", [_entity("code", 3, 1)])


KEYBOARDS: list[tuple[dict[str, Any], str]] = [
    (_keyboard([_button(callback_data="ї" * 32)]), "ok"),
    (_keyboard([_button(callback_data="ї" * 32 + "a")]), "BUTTON_DATA_INVALID"),
    (_keyboard([_button(callback_data="")]), "BUTTON_DATA_INVALID"),
    (_keyboard([_button()]), "text buttons are unallowed in the inline keyboard"),
    (_keyboard([_button(callback_data="a", url="https://example.org")]), "text buttons are unallowed"),
    (_keyboard([{"text": " ", "callback_data": "a"}]), "BUTTON_TEXT_EMPTY"),
    (_keyboard([_button(url="example.org")]), "inline keyboard button URL 'example.org' is invalid: wrong HTTP URL"),
    (_keyboard([_button(callback_data="a")] * 8), "ok"),
    (_keyboard([_button(callback_data="a")] * 9), "reply markup is too long"),
    (_keyboard(*([_button(callback_data="a")] * 8 for _ in range(13))), "reply markup is too long"),
]


@pytest.mark.parametrize(("keyboard", "says"), KEYBOARDS, ids=itertools.count())
async def test_keyboards_are_taken_or_refused_as_the_server_does(
    api: BotApi, keyboard: dict[str, Any], says: str
) -> None:
    said = await _says(api, text="Міст", reply_markup=keyboard)
    assert said == says if says == "ok" else said.startswith(f"Bad Request: {says}")


def _nested(depth: int) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "paragraph", "text": "а"}
    for _ in range(depth):
        block = {"type": "blockquote", "blocks": [block]}
    return block


def _paragraph(text: object) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


RICH: list[tuple[dict[str, Any], str]] = [
    ({"blocks": [_paragraph("ї" * 32_768)]}, "ok"),
    ({"blocks": [_paragraph("ї" * 32_769)]}, "rich message is too long"),
    ({"blocks": [_paragraph("а")] * 500}, "ok"),
    ({"blocks": [_paragraph("а")] * 501}, "rich message has too many blocks"),
    ({"blocks": [_nested(15)]}, "ok"),
    ({"blocks": [_nested(16)]}, "rich message is nested too deep"),
    ({"blocks": [_paragraph("")]}, "rich message must be non-empty"),
    ({"blocks": [{"type": "heading", "size": 7, "text": "а"}]}, "heading size must be between 1 and 6"),
    ({"blocks": [{"type": "widget", "text": "а"}]}, "unknown rich block type widget"),
    ({"blocks": [_paragraph({"type": "url", "text": "а", "url": " "})]}, "empty URL in a rich text"),
    ({"blocks": [{"type": "photo", "photo": {"media": ""}}]}, "wrong file identifier/HTTP URL specified"),
    ({"blocks": [{"type": "photo", "photo": {"media": "nowhere"}}]}, "wrong file identifier/HTTP URL specified"),
    ({"blocks": [{"type": "photo", "photo": {"media": "https://example.org/1.jpg"}}]}, "ok"),
    ({}, "exactly one of the fields html, markdown, and blocks must be used"),
    ({"html": "<p>а</p>", "blocks": [_paragraph("а")]}, "exactly one of the fields html, markdown, and blocks"),
]


@pytest.mark.parametrize(("rich", "says"), RICH, ids=itertools.count())
async def test_rich_messages_are_taken_or_refused_as_the_server_does(
    api: BotApi, rich: dict[str, Any], says: str
) -> None:
    said = await _says(api, "sendRichMessage", rich_message=rich)
    assert said == says if says == "ok" else said.startswith(f"Bad Request: {says}")


async def test_a_caption_is_shorter_than_a_text(api: BotApi) -> None:
    photo = "https://example.org/1.jpg"
    assert await _says(api, "sendPhoto", photo=photo, caption="ї" * 1024) == "ok"
    assert await _says(api, "sendPhoto", photo=photo, caption="ї" * 1025) == "Bad Request: message caption is too long"
    assert await _says(api, "sendPhoto", photo="x") == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_an_edit_has_to_change_something(api: BotApi) -> None:
    keyboard = _keyboard([_button(callback_data="a")])
    sent = await api.call("sendMessage", {"chat_id": OLHA, "text": "Міст", "reply_markup": keyboard})
    number = sent.body["result"]["message_id"]
    same = await _says(api, "editMessageText", message_id=number, text="Міст", reply_markup=keyboard)
    assert same.startswith("Bad Request: message is not modified: specified new message content and reply markup are")
    assert await _says(api, "editMessageText", message_id=number, text="Міст") == "ok", (
        "without its keyboard it is another"
    )
    assert await _says(api, "editMessageText", message_id=number, rich_message={"blocks": [_paragraph("а")]}) == "ok"
    assert await _says(api, "editMessageText", message_id=999, text="а") == "Bad Request: message to edit not found"
    own = api.world.says(api.world.people[OLHA], api.world.chats[OLHA], {"text": "моє"})["message_id"]
    assert await _says(api, "editMessageText", message_id=own, text="а") == "Bad Request: message can't be edited"


async def test_a_tap_is_answered_once_it_is_known_and_in_time(api: BotApi) -> None:
    world = api.world
    message = (await api.call("sendMessage", {"chat_id": OLHA, "text": "Міст"})).body["result"]
    tap = world.taps_on(world.people[OLHA], world.chats[OLHA], message, "a")
    assert await _says(api, "answerCallbackQuery", callback_query_id=tap.id, text="Так") == "ok"
    assert tap.answer == {"text": "Так"}
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await _says(api, "answerCallbackQuery", callback_query_id="999") == old


REACH = [
    ({}, 200, ""),
    ({"blocked": True}, 403, "Forbidden: bot was blocked by the user"),
    ({"deactivated": True}, 403, "Forbidden: user is deactivated"),
]
GROUPS = [
    ({"bot_status": "kicked"}, 403, "Forbidden: bot was kicked from the supergroup chat"),
    ({"bot_may_write": False}, 400, "Bad Request: not enough rights to send text messages to the chat"),
    ({"moved_to": -1009}, 400, "Bad Request: group chat was upgraded to a supergroup chat"),
]


@pytest.mark.parametrize(("person", "status", "says"), REACH)
async def test_who_cannot_be_reached_is_told_apart(
    api: BotApi, person: dict[str, bool], status: int, says: str
) -> None:
    for name, value in person.items():
        setattr(api.world.people[OLHA], name, value)
    answer = await api.call("sendMessage", {"chat_id": OLHA, "text": "Міст"})
    assert (answer.status, answer.body.get("description", "")) == (status, says)


@pytest.mark.parametrize(("chat", "status", "says"), GROUPS)
async def test_groups_that_cannot_be_written_to_are_told_apart(
    api: BotApi, chat: dict[str, Any], status: int, says: str
) -> None:
    for name, value in chat.items():
        setattr(api.world.chats[GROUP], name, value)
    answer = await api.call("sendMessage", {"chat_id": GROUP, "text": "Міст"})
    assert (answer.status, answer.body["description"]) == (status, says)
    assert answer.body.get("parameters") == ({"migrate_to_chat_id": -1009} if "moved_to" in chat else None)


async def test_unknown_chats_and_methods(api: BotApi) -> None:
    assert (await api.call("sendMessage", {"chat_id": 404, "text": "а"})) == Answer.bad(
        400, "Bad Request: chat not found"
    )
    assert (await api.call("sendMessage", {"text": "а"})) == Answer.bad(400, "Bad Request: chat not found")
    assert (await api.call("sendGift", {"chat_id": OLHA})) == Answer.bad(404, "Not Found")
    assert (await api.call("SENDMESSAGE", {"chat_id": OLHA, "text": "а"})).status == 200, "names have no capitals"


class Seconds:
    """A clock to be set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_too_much_is_throttled_by_bot_by_chat_and_by_group() -> None:
    now = Seconds()
    limits = Limits(now)
    assert [limits.wait(chat) for chat in range(1, 32)] == [0] * 30 + [1], "thirty a second for the whole bot"
    now.at += 60
    assert [limits.wait(1) for _ in range(9)] == [0] * 8 + [8], "a short burst in one chat"
    now.at += 60
    waits = []
    for _ in range(21):
        waits.append(limits.wait(-5))
        now.at += 1
    assert waits == [0] * 20 + [40], "twenty a minute in a group"
    now.at += 40
    assert limits.wait(-5) == 0, "and after that time it goes on"


async def test_a_throttled_request_is_told_how_long(api: BotApi) -> None:
    api.limits = Limits(Seconds(), chat_burst=1)
    assert await _says(api, text="а") == "ok"
    assert await api.call("sendMessage", {"chat_id": OLHA, "text": "а"}) == Answer.bad(
        429, "Too Many Requests: retry after 1", retry_after=1
    )


def _numbers(answer: Answer) -> list[int]:
    return [update["update_id"] for update in answer.body["result"]]


async def test_updates_come_until_they_are_acknowledged_by_the_next_offset(api: BotApi) -> None:
    world = api.world
    for word in ("один", "два", "три"):
        world.says(world.people[OLHA], world.chats[OLHA], {"text": word})
    first = _numbers(await api.call("getUpdates", {}))
    assert len(first) == 3
    assert first == sorted(first)
    assert _numbers(await api.call("getUpdates", {})) == first, "nothing is acknowledged without an offset"
    assert _numbers(await api.call("getUpdates", {"limit": 1})) == first[:1]
    assert _numbers(await api.call("getUpdates", {"offset": first[1]})) == first[1:]
    assert _numbers(await api.call("getUpdates", {"offset": first[2] + 1})) == []
    assert _numbers(await api.call("getUpdates", {})) == [], "what is acknowledged is gone"


async def test_a_long_poll_waits_for_what_comes_and_the_newer_of_two_wins(api: BotApi) -> None:
    async with within(5), asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(api.call("getUpdates", {"timeout": 30}))
        await asyncio.sleep(0)
        newer = tasks.create_task(api.call("getUpdates", {"timeout": 30}))
        await asyncio.wait([waiting])
        assert waiting.result().status == 409
        assert waiting.result().body["description"].startswith("Conflict: terminated by other getUpdates request")
        assert not newer.done()
        api.world.says(api.world.people[OLHA], api.world.chats[OLHA], {"text": "новина"})
        assert len(_numbers(await newer)) == 1


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with open_standin() as opened:
        opened.world.add_person(Person(OLHA, "Оля"))
        yield opened


async def test_a_body_may_be_json_a_form_parts_or_the_address(standin: StandIn) -> None:
    url = f"{standin.address}/bot{TOKEN}/sendMessage"
    keyboard = '{"inline_keyboard":[[{"text":"Читати","callback_data":"a"}]]}'
    form = {"chat_id": str(OLHA), "text": "Міст", "reply_markup": keyboard}
    parts = aiohttp.FormData(form, default_to_multipart=True)
    body = {"chat_id": OLHA, "text": "Міст", "reply_markup": {"inline_keyboard": [[_button(callback_data="a")]]}}
    async with aiohttp.ClientSession() as session:
        for request in ({"json": body}, {"data": form}, {"data": parts}, {"params": form}):
            async with session.post(url, **request) as response:  # type: ignore[arg-type]
                answer = await response.json()
                assert response.status == 200, answer
                assert answer["result"]["text"] == "Міст"
                assert answer["result"]["reply_markup"] == body["reply_markup"]


async def test_another_token_is_nobody(standin: StandIn) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{standin.address}/bot1:a/getMe") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")


async def _sent(api: BotApi, chat_id: int) -> int:
    answer = await api.call("sendMessage", {"chat_id": chat_id, "text": "Міст"})
    return int(answer.body["result"]["message_id"])


async def test_one_counter_numbers_private_chats_and_basic_groups_and_every_supergroup_has_its_own(api: BotApi) -> None:
    api.world.add_person(Person(2, "Петро"))
    api.world.add_chat(Chat(-7, "group", "Двір"))
    assert [await _sent(api, chat) for chat in (OLHA, 2, -7, GROUP, OLHA, GROUP)] == [1, 2, 3, 1, 4, 2]
    api.world.says(api.world.people[2], api.world.chats[2], {"text": "міст"})
    assert await _sent(api, OLHA) == 6
    api.world.counts_by_chat = True
    api.world.add_person(Person(3, "Ганна"))
    assert await _sent(api, 3) == 1


async def test_a_reaction_that_is_taken_away_tells_whether_a_message_is_there(api: BotApi) -> None:
    mine = await _sent(api, OLHA)
    theirs = api.world.says(api.world.people[OLHA], api.world.chats[OLHA], {"text": "міст"})["message_id"]
    pinned = api.world.put_message(api.world.chats[OLHA], {"pinned_message": {}}, sender=None)["message_id"]

    async def says(number: int) -> str:
        return await _says(api, "setMessageReaction", message_id=number, reaction=[])

    assert [await says(number) for number in (mine, theirs)] == ["ok", "ok"]
    assert await says(99) == "Bad Request: message to react not found"
    assert await says(pinned) == "Bad Request: message can't be reacted"
    api.reaction_is_empty = True
    assert await says(mine) == "Bad Request: REACTION_EMPTY"
    api.world.people[OLHA].blocked = True
    assert await says(mine) == "Forbidden: bot was blocked by the user"
    assert await says(99) == "Bad Request: message to react not found"
