"""What people do on the page: write, send files, forward, edit, tap, block the bot, add it to a chat. Under `/sim`."""

import base64
import binascii
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.client import typed_messages
from bot.sandbox.samples import Samples
from bot.sandbox.world import Chat, Json, Person, World

_FILE_MOST = 10_000_000
_ALBUM_MOST = 10
_TEXT_MOST = 200_000
_CAPTION_MOST = 1024
_FORWARDED = (
    "text", "entities", "caption", "caption_entities", "photo", "video", "animation", "document", "sticker",
    "rich_message", "media_group_id", "via_bot",
)  # fmt: skip


class People:
    """The doings of people: each request names who acts (`person`) and in which chat, their own unless it is said."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._samples = Samples(world)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; what they get is JSON."""
        return [
            web.post("/sim/say", self._say),
            web.post("/sim/edit", self._edit),
            web.post("/sim/media", self._media),
            web.post("/sim/sample", self._sample),
            web.post("/sim/forward", self._forward),
            web.post("/sim/tap", self._tap),
            web.post("/sim/block", self._block),
            web.post("/sim/membership", self._membership),
        ]

    async def _who(self, request: web.Request) -> tuple[Person, Chat, Json]:
        """Return who does something, in which chat, and what; 404 for strangers and for chats they are not in."""
        body = await body_of(request)
        person = self._world.people.get(whole(body, "person"))
        chat = self._world.chats.get(whole(body, "chat") or whole(body, "person"))
        if person is None or chat is None or person.id not in chat.members:
            raise web.HTTPNotFound
        return person, chat, body

    async def _writer(self, request: web.Request) -> tuple[Person, Chat, Json]:
        """Return who writes where; 403 for whoever only reads there."""
        person, chat, body = await self._who(request)
        if chat.kind == "channel" and person.id not in chat.admins:
            raise web.HTTPForbidden
        return person, chat, body

    def _send(self, person: Person, chat: Chat, contents: list[Json], body: Json) -> web.Response:
        """Send messages one after the other, into a topic where one is named; answers with the last."""
        if not contents:
            raise web.HTTPBadRequest
        thread = whole(body, "thread")
        own = {"message_thread_id": thread, "is_topic_message": True} if thread in chat.topics else {}
        *_, last = [self._world.says(person, chat, {**content, **own}) for content in contents]
        return answer(last)

    async def _say(self, request: web.Request) -> web.Response:
        person, chat, body = await self._writer(request)
        text = _text(body)
        return self._send(person, chat, list(typed_messages(text, _command(text))), body)

    async def _edit(self, request: web.Request) -> web.Response:
        person, chat, body = await self._writer(request)
        message = _message(chat, body)
        if message.get("from", {}).get("id") != person.id or "forward_origin" in message:
            raise web.HTTPForbidden
        text = _text(body)
        field, most = ("text", None) if "text" in message else ("caption", _CAPTION_MOST)
        self._world.edits(person, chat, message, {field: text[:most], f"{_prefix(field)}entities": _command(text)})
        return answer(message)

    async def _media(self, request: web.Request) -> web.Response:
        """Send pictures and films of the sender's own: one message, or an album of up to ten."""
        person, chat, body = await self._writer(request)
        items = body.get("items")
        if not isinstance(items, list) or not 1 <= len(items) <= _ALBUM_MOST:
            raise web.HTTPBadRequest
        group = {"media_group_id": f"album-{self._world.next_number()}"} if len(items) > 1 else {}
        contents = [self._kept(item) | group for item in items]
        caption = str(body.get("caption") or "")[:_CAPTION_MOST]
        contents[0] |= {"caption": caption, "caption_entities": _command(caption)} if caption else {}
        return self._send(person, chat, contents, body)

    def _kept(self, item: Any) -> Json:
        """Keep a file that came as a data URL and return it as a message's content."""
        try:
            kind, _, data = str(item["data"]).partition(",")
            content = base64.b64decode(data, validate=True)
        except (TypeError, KeyError, binascii.Error):
            raise web.HTTPBadRequest from None
        if not content or len(content) > _FILE_MOST:
            raise web.HTTPBadRequest
        name, shape = f"sandbox-{self._world.next_number()}", {"width": 1280, "height": 720}
        if kind.startswith("data:video/"):
            return {"video": self._world.keep_file(name, content, {**shape, "duration": 1})}
        return {"photo": [self._world.keep_file(name, content, shape)]}

    async def _sample(self, request: web.Request) -> web.Response:
        person, chat, body = await self._writer(request)
        return self._send(person, chat, self._samples.contents(str(body.get("name")), person.language_code), body)

    async def _forward(self, request: web.Request) -> web.Response:
        """Forward a message to the bot's own chat with whoever does it."""
        person, chat, body = await self._who(request)
        message = _message(chat, body)
        kept = {name: message[name] for name in _FORWARDED if name in message and name != "media_group_id"}
        origin = message.get("forward_origin") or _origin(chat, message)
        return answer(self._world.says(person, self._world.chats[person.id], {**kept, "forward_origin": origin}))

    async def _tap(self, request: web.Request) -> web.Response:
        person, chat, body = await self._who(request)
        tap = self._world.taps_on(person, chat, _message(chat, body), str(body.get("data", "")))
        return answer({"tap": tap.id})

    async def _block(self, request: web.Request) -> web.Response:
        person, chat, body = await self._who(request)
        if chat.person is not person:
            raise web.HTTPForbidden
        person.blocked = bool(body.get("blocked"))
        old, new = ("member", "kicked") if person.blocked else ("kicked", "member")
        self._world.membership(person, chat, old, new)
        return answer({"blocked": person.blocked})

    async def _membership(self, request: web.Request) -> web.Response:
        """Add the bot to a chat or take it out, as its administrators may."""
        person, chat, body = await self._who(request)
        if person.id not in chat.admins:
            raise web.HTTPForbidden
        there = "administrator" if chat.kind == "channel" else "member"
        new = there if body.get("present") else "left"
        if new != chat.bot_status:
            self._world.membership(person, chat, chat.bot_status, new)
        return answer({"present": new != "left"})


async def body_of(request: web.Request) -> Json:
    """Return what a request asks for; 400 when it is no JSON object."""
    try:
        body = orjson.loads(await request.read())
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body


def whole(body: Json, name: str) -> int:
    """Return a whole number that a request names, 0 for none."""
    value = body.get(name)
    return value if isinstance(value, int) else 0


def number(body: Json, name: str) -> float:
    """Return a number that a request names; 400 when it is none."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise web.HTTPBadRequest
    return float(value)


def answer(value: object) -> web.Response:
    """Return a value as JSON."""
    return web.Response(body=orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), content_type="application/json")


def _text(body: Json) -> str:
    text = str(body.get("text", "")).strip()
    if not text or len(text) > _TEXT_MOST:
        raise web.HTTPBadRequest
    return text


def _command(text: str) -> list[Json]:
    """Return the entity of the command that a text begins with."""
    if not text.startswith("/"):
        return []
    return [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0].encode("utf-16-le")) // 2}]


def _prefix(field: str) -> str:
    return "" if field == "text" else "caption_"


def _message(chat: Chat, body: Json) -> Json:
    message = chat.messages.get(whole(body, "message_id"))
    if message is None:
        raise web.HTTPNotFound
    return message


def _origin(chat: Chat, message: Json) -> Json:
    """Return where a message of a chat is from, as a client that forwards it says."""
    if chat.kind == "channel":
        own = {"type": "channel", "chat": chat.as_chat(), "message_id": message["message_id"]}
    else:
        own = {"type": "user", "sender_user": message["from"]}
    return {"date": message["date"], **own}
