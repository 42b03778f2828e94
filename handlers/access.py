"""Who is asking, from where, and whether they may: decided anew for every event, never from what a button says."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import AiogramError
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update

from bot.errors import AdminsOnly, NotAllowed, SlowDown
from bot.model.desk import Editor, Role
from bot.model.readers import Address, ChatKind, Reader
from bot.ports import EditorStore, ReaderStore, ShownStore
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Action, Open, Related, decode
from bot.screens.look import Look, look_of
from bot.telegram.calls import Call, ask
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.reply import Reply
from bot.text.cleaning import clean_line
from bot.text.phrasebook import Phrasebook, interface_language
from bot.timing.clock import Clock

_KINDS = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}
_ADMIN_SECONDS = 60.0

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(slots=True)
class Actor:
    """Who asks: the chat as a reader, the person as somebody of the desk, and how they see."""

    reader: Reader
    editor: Editor
    look: Look
    is_new: bool = False

    @property
    def say(self) -> Phrasebook:
        """The phrases of their language."""
        return self.look.say

    @property
    def at_desk(self) -> bool:
        """Whether they see what only editors do: an editor, in their own chat with the bot."""
        return self.editor.role >= Role.EDITOR and self.reader.kind is ChatKind.PRIVATE

    def become(self, reader: Reader) -> None:
        """Go on as the reader with changed settings."""
        self.reader, self.look = reader, look_of(reader, self.look.now)


@dataclass(slots=True)
class Admins:
    """Who administers which chat, as Telegram says; remembered for a minute."""

    clock: Clock
    _known: dict[tuple[int, int], tuple[float, bool]] = field(default_factory=dict)

    async def check(self, bot: Bot, chat_id: int, user_id: int) -> bool:
        """Tell whether a person administers a chat."""
        now = self.clock.monotonic()
        at, verdict = self._known.get((chat_id, user_id), (-_ADMIN_SECONDS, False))
        if now - at < _ADMIN_SECONDS:
            return verdict
        try:
            member = await ask(bot, Call("getChatMember", {"chat_id": chat_id, "user_id": user_id}))
        except AiogramError:
            return False
        verdict = isinstance(member, dict) and member.get("status") in {"creator", "administrator"}
        self._known = {key: known for key, known in self._known.items() if now - known[0] < _ADMIN_SECONDS}
        self._known[chat_id, user_id] = (now, verdict)
        return verdict


_BURST = 40.0
_A_SECOND = 1.0
_REMEMBERED = 10_000


@dataclass(slots=True)
class Flood:
    """Counts what each person does: a burst is fine, a stream is not, and costs nobody else anything."""

    clock: Clock
    _left: OrderedDict[int, tuple[float, float]] = field(default_factory=OrderedDict)

    def passes(self, user_id: int) -> bool:
        """Note that a person did something; returns whether it is to be handled.

        Raises:
            SlowDown: for the first thing too many; what follows is dropped without a word.

        """
        now = self.clock.monotonic()
        before, at = self._left.pop(user_id, (_BURST, now))
        left = min(_BURST, before + (now - at) * _A_SECOND) - 1.0
        self._left[user_id] = (max(-2.0, left), now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        if left < 0 <= before:
            raise SlowDown
        return left >= 0


@dataclass(slots=True)
class IdentityMiddleware(BaseMiddleware):
    """Gives handlers `actor` and `reply`, of a button also `tap`; in groups and channels, to administrators only.

    `tap` is what the button means, decoded once; None when it means nothing.
    """

    subscriptions: Subscriptions
    readers: ReaderStore
    editors: EditorStore
    messenger: TelegramMessenger
    shown: ShownStore
    admins: Admins
    flood: Flood
    clock: Clock
    language: str
    zone: str
    username: str

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Resolve who asks, then handle; events nobody asked for end here.

        Stands at the update, so that what it found is there for the answer to an error too.
        """
        assert isinstance(event, Update)
        if event.callback_query is not None:
            return await self._tap(handler, event, event.callback_query, data)
        if event.inline_query is not None and not self.flood.passes(event.inline_query.from_user.id):
            return None
        message = event.message or event.channel_post
        if message is not None and message.migrate_to_chat_id is None and message.migrate_from_chat_id is None:
            return await self._word(handler, event, message, data)
        return await handler(event, data)

    async def _word(self, handler: Handler, update: Update, message: Message, data: dict[str, Any]) -> Any:
        known = self._known(message.chat, _thread(message), message)
        command = (message.text or "").startswith("/")
        if known.kind is not ChatKind.PRIVATE and not command and await self.readers.find(known.address) is None:
            return None  # people talking in a group
        user = message.from_user
        reply = Reply(self.messenger, self.shown, self.clock, known)
        data |= {"reply": reply, "language": known.language}
        if user is not None and not self.flood.passes(user.id):
            return None
        if command and not await self._may(data["bot"], message, known):
            raise AdminsOnly
        reader, new = await self.subscriptions.meet(known)
        if new and reader.kind is not ChatKind.PRIVATE:
            await self.subscriptions.begin(reader)
        reply.reader = reader
        editor = await self._editor(user.id, user.full_name) if user else Editor(0, Role.READER)
        actor = Actor(reader, editor, look_of(reader, self.clock.now()), new)
        data |= {"actor": actor, "language": reader.language}
        return await handler(update, data)

    async def _may(self, bot: Bot, message: Message, known: Reader) -> bool:
        """In a channel only administrators can write; in a group one may also write in the group's own name."""
        if known.kind is not ChatKind.GROUP:
            return True
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat.id
        return message.from_user is not None and await self.admins.check(bot, message.chat.id, message.from_user.id)

    async def _tap(self, handler: Handler, update: Update, tap: CallbackQuery, data: dict[str, Any]) -> Any:
        message = tap.message
        if message is None:
            return None
        thread = _thread(message) if isinstance(message, Message) else 0
        known = self._known(message.chat, thread, tap)
        reply = Reply(self.messenger, self.shown, self.clock, known, message.message_id, tap.id)
        data |= {"reply": reply, "language": known.language}
        if not self.flood.passes(tap.from_user.id):
            return None
        action = decode(tap.data or "")
        if known.kind is not ChatKind.PRIVATE and not await self.admins.check(
            data["bot"], message.chat.id, tap.from_user.id
        ):
            return await self._send_home(action, reply)
        reader, _ = await self.subscriptions.meet(known)
        reply.reader = reader
        editor = await self._editor(tap.from_user.id, tap.from_user.full_name)
        actor = Actor(reader, editor, look_of(reader, self.clock.now()))
        data |= {"actor": actor, "language": reader.language, "tap": action}
        result = await handler(update, data)
        await reply.toast()  # an error answers for itself (handlers/errors.py)
        return result

    async def _send_home(self, action: Action | None, reply: Reply) -> None:
        """Open the article in the person's own chat with the bot: a group's message belongs to all of it."""
        if not isinstance(action, (Open, Related)):
            raise AdminsOnly
        await reply.toast(url=f"https://t.me/{self.username}?start=a_{action.article}")

    def _known(self, chat: Chat, thread: int, event: Message | CallbackQuery) -> Reader:
        """Return what an unknown chat would begin with."""
        kind = _KINDS.get(chat.type, ChatKind.GROUP)
        user = event.from_user
        code = user.language_code if user and kind is ChatKind.PRIVATE else None
        name = chat.title or " ".join(part for part in (chat.first_name, chat.last_name) if part)
        return Reader(
            id=0,
            address=Address(chat.id, thread),
            kind=kind,
            name=clean_line(name or (user.full_name if user else ""))[:120],
            language=interface_language(code, self.language),
            zone=self.zone,
        )

    async def _editor(self, user_id: int, name: str) -> Editor:
        return Editor(user_id, await self.editors.role(user_id), clean_line(name)[:120])


def _thread(message: Message) -> int:
    return message.message_thread_id or 0 if message.is_topic_message else 0


class RequireRole(Filter):
    """Lets people of a role through; somebody else's command is answered, not ignored."""

    def __init__(self, role: Role) -> None:
        self._role = role

    async def __call__(self, _: TelegramObject, actor: Actor) -> bool:
        """Check the role; raises NotAllowed."""
        if actor.editor.role < self._role:
            raise NotAllowed
        return True


class Private(Filter):
    """Lets events of private chats through."""

    async def __call__(self, _: TelegramObject, actor: Actor) -> bool:
        """Check the kind of the chat."""
        return actor.reader.kind is ChatKind.PRIVATE
