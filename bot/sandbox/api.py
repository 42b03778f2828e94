"""The Bot API's methods over the world of the stand-in."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.answers import Answer, closed_to_the_bot
from bot.sandbox.checks import CAPTION_LIMIT, Refusal, check_album, check_inline, check_keyboard, check_rich, text_of
from bot.sandbox.limits import Limits
from bot.sandbox.media import album_item, media_of, shown
from bot.sandbox.world import BOT_ID, Chat, World

Json = dict[str, Any]

_SENDING = frozenset(
    {"sendmessage", "sendrichmessage", "sendphoto", "sendvideo", "sendanimation", "senddocument", "sendmediagroup"}
)
SERVICE = frozenset({"new_chat_members", "left_chat_member", "pinned_message", "group_chat_created", "new_chat_title"})
_LONGEST_POLL = 50
_TAP_SECONDS = 150
_INLINE_SECONDS = 30


@dataclass(slots=True)
class Call:
    """A request the stand-in got, for whoever wants to hold the bot to its promises."""

    at: float
    method: str
    payload: Json
    status: int = 0


@dataclass(slots=True)
class BotApi:
    """Answers requests. `log` has every request but polling, in the order of arrival."""

    world: World
    limits: Limits
    log: list[Call] = field(default_factory=list)
    reaction_is_empty: bool = False  # Telegram says either of a reaction that is taken away and was not there
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: int = 0

    def __post_init__(self) -> None:
        self.world.arrived = self._wake.set

    async def call(self, method: str, payload: Json) -> Answer:
        """Answer one request."""
        name = method.lower()
        entry = Call(time.monotonic(), method, payload)
        if name != "getupdates":
            self.log.append(entry)
        handler: Callable[[Json], Awaitable[Answer]] | None = getattr(self, f"_{name}", None)
        if handler is None:
            answer = Answer.bad(404, "Not Found")
        else:
            try:
                answer = self._unreachable(name, payload) or await handler(payload)
            except Refusal as refusal:
                answer = Answer.bad(400, f"Bad Request: {refusal}")
        entry.status = answer.status
        return answer

    def _unreachable(self, name: str, payload: Json) -> Answer | None:
        """Return why nothing can be sent to a chat, or None."""
        if name not in _SENDING:
            return None
        chat = self.world.chats.get(int(payload.get("chat_id") or 0))
        if chat is None:
            return Answer.bad(400, "Bad Request: chat not found")
        if (closed := closed_to_the_bot(chat)) is not None:
            return closed
        if not chat.bot_may_write:
            return Answer.bad(400, "Bad Request: not enough rights to send text messages to the chat")
        wait = self.limits.wait(chat.id)
        if wait:
            return Answer.bad(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        return None

    # Sending

    def _chat(self, payload: Json) -> Chat:
        chat = self.world.chat_named(payload.get("chat_id") or 0)
        if chat is None:
            raise Refusal("chat not found")
        return chat

    async def _send(self, payload: Json, content: Json) -> Answer:
        markup = payload.get("reply_markup")
        check_keyboard(markup)
        chat = self._chat(payload)
        if markup:
            content["reply_markup"] = markup
        if payload.get("message_thread_id"):
            content |= {"message_thread_id": payload["message_thread_id"], "is_topic_message": True}
        reply = payload.get("reply_parameters")
        if reply and int(reply["message_id"]) in chat.messages:
            content["reply_to_message"] = dict(chat.messages[int(reply["message_id"])])
        sender = None if chat.kind == "channel" else self.world.bot_user()
        return Answer.good(self.world.put_message(chat, content, sender=sender))

    async def _sendmessage(self, payload: Json) -> Answer:
        text, entities = text_of(payload)
        content: Json = {"text": text} | ({"entities": entities} if entities else {})
        preview = payload.get("link_preview_options")
        if preview and not preview.get("is_disabled"):
            content["link_preview_options"] = preview
        return await self._send(payload, content)

    async def _sendrichmessage(self, payload: Json) -> Answer:
        blocks = check_rich(payload.get("rich_message") or {})
        return await self._send(payload, {"rich_message": {"blocks": shown(self.world, blocks)}})

    async def _sendphoto(self, payload: Json) -> Answer:
        return await self._send_media("photo", payload)

    async def _sendvideo(self, payload: Json) -> Answer:
        return await self._send_media("video", payload)

    async def _sendanimation(self, payload: Json) -> Answer:
        return await self._send_media("animation", payload)

    async def _senddocument(self, payload: Json) -> Answer:
        return await self._send_media("document", payload)

    async def _send_media(self, kind: str, payload: Json) -> Answer:
        source = payload.get(kind) or ""
        content: Json = {kind: media_of(self.world, kind, source if isinstance(source, tuple) else str(source))}
        if payload.get("caption"):
            text, entities = text_of(payload, "caption", CAPTION_LIMIT)
            content |= {"caption": text} | ({"caption_entities": entities} if entities else {})
        return await self._send(payload, content)

    async def _sendmediagroup(self, payload: Json) -> Answer:
        items, chat = check_album(payload.get("media")), self._chat(payload)
        contents = [album_item(self.world, item) for item in items]
        for _ in contents[1:]:  # each of them is a message; the first was counted with the request
            if wait := self.limits.wait(chat.id):
                return Answer.bad(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        group = {"media_group_id": f"{chat.id}-{len(chat.messages)}"}
        sent = [await self._send(payload, {**content, **group}) for content in contents]
        return Answer.good([one.body["result"] for one in sent])

    # Changing

    def _own_message(self, payload: Json) -> tuple[Chat, Json]:
        chat = self._chat(payload)
        message = chat.messages.get(int(payload.get("message_id") or 0))
        if message is None:
            raise Refusal("message to edit not found")
        if message.get("from", {}).get("id") not in {BOT_ID, None}:
            raise Refusal("message can't be edited")
        return chat, message

    async def _editmessagetext(self, payload: Json) -> Answer:
        chat, message = self._own_message(payload)
        markup = payload.get("reply_markup")
        check_keyboard(markup)
        if payload.get("rich_message"):
            content: Json = {"rich_message": {"blocks": shown(self.world, check_rich(payload["rich_message"]))}}
        else:
            text, entities = text_of(payload)
            content = {"text": text} | ({"entities": entities} if entities else {})
            preview = payload.get("link_preview_options")
            if preview and not preview.get("is_disabled"):
                content["link_preview_options"] = preview
        if markup:
            content["reply_markup"] = markup
        names = ("text", "entities", "rich_message", "reply_markup", "link_preview_options")
        if content == {name: message[name] for name in names if name in message}:
            raise Refusal(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        for name in names:
            message.pop(name, None)
        message |= content
        self.world.change_message(chat, message)
        return Answer.good(message)

    async def _editmessagereplymarkup(self, payload: Json) -> Answer:
        chat, message = self._own_message(payload)
        check_keyboard(payload.get("reply_markup"))
        before = message.pop("reply_markup", None)
        if payload.get("reply_markup"):
            message["reply_markup"] = payload["reply_markup"]
        elif before is None:
            raise Refusal("message is not modified")
        self.world.change_message(chat, message)
        return Answer.good(message)

    async def _setmessagereaction(self, payload: Json) -> Answer:
        chat, message_id = self._chat(payload), int(payload.get("message_id") or 0)
        if message_id not in chat.messages:
            raise Refusal("message to react not found")
        if SERVICE & chat.messages[message_id].keys():
            raise Refusal("message can't be reacted")
        if (refused := closed_to_the_bot(chat)) is not None:
            return refused
        if payload.get("reaction"):
            raise Refusal("REACTION_INVALID")
        if self.reaction_is_empty:
            raise Refusal("REACTION_EMPTY")
        return Answer.good(True)

    async def _deletemessages(self, payload: Json) -> Answer:
        if not self.world.delete_messages(self._chat(payload), [int(one) for one in payload.get("message_ids") or ()]):
            raise Refusal("message can't be deleted for everyone")
        return Answer.good(True)

    async def _deletemessage(self, payload: Json) -> Answer:
        if not self.world.delete_message(self._chat(payload), int(payload.get("message_id") or 0)):
            raise Refusal("message can't be deleted")
        return Answer.good(True)

    async def _answercallbackquery(self, payload: Json) -> Answer:
        tap = self.world.taps.get(str(payload.get("callback_query_id")))
        if tap is None or (self.world.now() - tap.at).total_seconds() > _TAP_SECONDS:
            raise Refusal("query is too old and response timeout expired or query ID is invalid")
        tap.answer = {name: payload[name] for name in ("text", "url", "show_alert") if payload.get(name)}
        self.world.changed({"kind": "answer", "tap": tap.id, "chat": tap.chat, "person": tap.person, **tap.answer})
        return Answer.good(True)

    async def _answerinlinequery(self, payload: Json) -> Answer:
        inquiry = self.world.inquiries.get(str(payload.get("inline_query_id")))
        if inquiry is None or (self.world.now() - inquiry.at).total_seconds() > _INLINE_SECONDS:
            raise Refusal("query is too old and response timeout expired or query ID is invalid")
        check_inline(payload)
        inquiry.answer = payload
        return Answer.good(True)

    # Receiving

    async def _getupdates(self, payload: Json) -> Answer:
        self._poll += 1
        own, world = self._poll, self.world
        self._wake.set()  # an older poll ends now, with a conflict
        offset = int(payload.get("offset") or 0)
        world.updates = [update for update in world.updates if update["update_id"] >= offset]
        deadline = time.monotonic() + min(_LONGEST_POLL, int(payload.get("timeout") or 0))
        while True:
            if own != self._poll:
                text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
                return Answer.bad(409, f"{text} is running")
            if world.webhook:
                text = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
                return Answer.bad(409, f"{text} webhook first")
            if world.updates or time.monotonic() >= deadline:
                return Answer.good(world.updates[: int(payload.get("limit") or 100)])
            self._wake.clear()
            try:
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _getme(self, _: Json) -> Answer:
        extra = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return Answer.good(self.world.bot_user() | extra)

    async def _setwebhook(self, payload: Json) -> Answer:
        self.world.webhook = str(payload.get("url") or "")
        self.world.webhook_word = str(payload.get("secret_token") or "")
        self.world.webhook_certificate = (payload.get("certificate") or ("", b""))[1].decode()
        self._wake.set()
        return Answer.good(True)

    async def _getwebhookinfo(self, _: Json) -> Answer:
        info: Json = {"url": self.world.webhook, "pending_update_count": len(self.world.updates)}
        if self.world.webhook_error is not None:
            info["last_error_date"], info["last_error_message"] = self.world.webhook_error
        return Answer.good(info)

    async def _deletewebhook(self, payload: Json) -> Answer:
        self.world.webhook = ""
        if payload.get("drop_pending_updates"):
            self.world.updates.clear()
        return Answer.good(True)

    async def _getchat(self, payload: Json) -> Answer:
        return Answer.good(self._chat(payload).as_chat())

    async def _getchatmember(self, payload: Json) -> Answer:
        chat, user_id = self._chat(payload), int(payload.get("user_id") or 0)
        if user_id == BOT_ID:
            status = chat.bot_status if chat.bot_may_write or chat.bot_status != "member" else "restricted"
            rights = {"can_send_messages": chat.bot_may_write, "can_post_messages": chat.bot_may_write}
            return Answer.good({"user": self.world.bot_user(), "status": status, **rights})
        person = self.world.people.get(user_id)
        if person is None:
            raise Refusal("user not found")
        status = "administrator" if user_id in chat.admins else "member" if user_id in chat.members else "left"
        return Answer.good({"user": person.as_user(), "status": status, "is_anonymous": user_id in chat.anonymous})

    async def _setmycommands(self, payload: Json) -> Answer:
        scope = payload.get("scope") or {"type": "default"}
        name = f"{scope['type']}:{scope.get('chat_id', '')}"
        if scope["type"] == "chat" and int(scope["chat_id"]) not in self.world.chats:
            raise Refusal("chat not found")
        self.world.menus[name, str(payload.get("language_code") or "")] = list(payload.get("commands") or ())
        self.world.changed({"kind": "menus"})
        return Answer.good(True)

    async def _setmydescription(self, _: Json) -> Answer:
        return Answer.good(True)

    _setmyshortdescription = _setchatmenubutton = _setmyprofilephoto = _setmydescription

    async def _setmyname(self, payload: Json) -> Answer:
        self.world.bot_name = str(payload.get("name") or "")
        return Answer.good(True)

    async def _getfile(self, payload: Json) -> Answer:
        if (file_id := str(payload.get("file_id"))) not in self.world.files:
            raise Refusal("wrong file identifier/HTTP URL specified")
        return Answer.good({"file_id": file_id, "file_unique_id": file_id[-16:], "file_path": f"photos/{file_id}"})
