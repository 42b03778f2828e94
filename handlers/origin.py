"""Where an event comes from: the chat, the way its answer goes back, and what a button means."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ContentType
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, TelegramObject, Update, User

from bot.model.readers import Address, ChatKind, Reader
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Action, Open, Related, Show, decode
from bot.screens.look import Locale
from bot.telegram.reply import Replies
from bot.text.cleaning import clean_line
from bot.text.ellipsis import cut
from handlers.commands import Typed, typed_command
from handlers.said import Said, is_mended

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_SAID = frozenset(
    {
        ContentType.UNKNOWN, ContentType.TEXT, ContentType.ANIMATION, ContentType.AUDIO, ContentType.DOCUMENT,
        ContentType.LIVE_PHOTO, ContentType.PAID_MEDIA, ContentType.PHOTO, ContentType.STICKER, ContentType.STORY,
        ContentType.VIDEO, ContentType.VIDEO_NOTE, ContentType.VOICE, ContentType.CHECKLIST, ContentType.CONTACT,
        ContentType.DICE, ContentType.GAME, ContentType.POLL, ContentType.VENUE, ContentType.LOCATION,
        ContentType.INVOICE, ContentType.GIVEAWAY, ContentType.GIVEAWAY_WINNERS, ContentType.RICH_MESSAGE,
    }
)  # fmt: skip
"""What people send, and what no version of aiogram knows yet; all other kinds of messages are notes of Telegram's."""
_KINDS = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a message or a tap comes from. `known` is what its chat begins with if nobody knows it yet.

    `command` is what was typed, None for anything that is no command; `edited` is a message that was there before.
    """

    message: Message | InaccessibleMessage
    tap: CallbackQuery | None
    known: Reader
    command: Typed | None = None
    edited: bool = False

    @property
    def user(self) -> User | None:
        """Who wrote or tapped; None for a channel's post."""
        if self.tap is not None:
            return self.tap.from_user
        return self.message.from_user if isinstance(self.message, Message) else None

    @property
    def is_private(self) -> bool:
        """Whether it is somebody's own chat with the bot."""
        return self.known.kind is ChatKind.PRIVATE


@dataclass(slots=True, kw_only=True)
class OriginMiddleware(BaseMiddleware):
    """Gives what follows `origin`, `reply` and `language`; of a button also `tap`, of what was typed also `command`.

    Each is decided once: a `tap` of None means nothing, a `command` of None is no command. `username` is the bot's.
    What people say to each other in a group ends here, and so does what they say to other bots.

    Stands at the update, so that what it found is there for the answer to an error too.
    """

    subscriptions: Subscriptions
    replies: Replies
    locale: Locale
    username: str

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Find the chat of a message or a tap; anything else goes on as it is."""
        assert isinstance(event, Update)
        tap = event.callback_query
        post = event.edited_channel_post or event.channel_post
        if post is not None and (event.channel_post is None or self._origin(post, None).command is None):
            return await handler(event, data)  # said to the channel's readers: handlers/channel_posts.py
        message = tap.message if tap is not None else event.message or event.channel_post or event.edited_message
        if tap is not None and message is None:
            return None  # a button under what was passed on inline: it belongs to no chat of ours
        if message is None or _migrates(message):
            return await handler(event, data)
        if message.chat.is_direct_messages:
            return None  # said to a channel's people, who answer it themselves
        origin = replace(self._origin(message, tap), edited=event.edited_message is not None)
        if origin.edited and not await _is_meant(origin, event, data.get("state")):
            return None
        if origin.edited and origin.command is not None and origin.command.name != "post":
            event = event.model_copy(update={"message": event.edited_message, "edited_message": None})
            origin = replace(origin, edited=False)  # an edited command is meant as it stands now
        if (origin.edited and not origin.is_private) or (tap is None and not await self._meant_for_us(origin)):
            return None
        reply = self.replies.to(origin.known, tap=None if tap is None else (tap.id, message.message_id))
        data |= {"origin": origin, "reply": reply, "language": origin.known.language, "command": origin.command}
        if tap is not None:
            data["tap"] = _meant(decode(tap.data or ""), message)
        return await handler(event, data)

    def _origin(self, message: Message | InaccessibleMessage, tap: CallbackQuery | None) -> Origin:
        known = self._known(message, tap)
        typed = tap is None and isinstance(message, Message)
        command = typed_command(message, known.kind, self.username) if typed and isinstance(message, Message) else None
        return Origin(message=message, tap=tap, known=known, command=command)

    async def _meant_for_us(self, origin: Origin) -> bool:
        """Tell whether a message is for the bot: in a group its commands are, and answers to what it asked.

        Of somebody's own chat everything is but what nobody has said: that a message was pinned, a timer set.
        """
        if origin.is_private:
            return not (isinstance(origin.message, Message) and _is_of_service(origin.message))
        if origin.command is not None:
            return origin.command.known or origin.command.private_only
        forwarded = isinstance(origin.message, Message) and origin.message.is_automatic_forward
        return not forwarded and await self.subscriptions.knows(origin.known.address)

    def _known(self, message: Message | InaccessibleMessage, tap: CallbackQuery | None) -> Reader:
        chat = message.chat
        kind = _KINDS.get(chat.type, ChatKind.GROUP)
        user = tap.from_user if tap is not None else message.from_user if isinstance(message, Message) else None
        code = user.language_code if user else None
        name = chat.title or " ".join(part for part in (chat.first_name, chat.last_name) if part)
        return Reader(
            id=0,
            address=Address(chat.id, _thread(message)),
            kind=kind,
            name=cut(clean_line(name or (user.full_name if user else "")), 120),
            language=self.locale.spoken(code) if kind is ChatKind.PRIVATE else self.locale.shared(code),
            zone=self.locale.zone,
        )


async def _is_meant(origin: Origin, event: Update, state: FSMContext | None) -> bool:
    """Tell whether somebody has changed what an edited message says; a command that nobody remembers, lately."""
    if state is None or not isinstance(origin.message, Message):
        return True
    changed = await Said(state).is_changed(origin.message, event.update_id)
    return changed if changed is not None else origin.command is None or is_mended(origin.message)


def _meant(tap: Action | None, message: Message | InaccessibleMessage) -> Action | None:
    """Return what a tap means. Of an old message of a forum nobody knows the topic: one may read there, and no more."""
    nowhere = isinstance(message, InaccessibleMessage) and message.chat.is_forum
    return None if nowhere and not isinstance(tap, Open | Related | Show) else tap


def _is_of_service(message: Message) -> bool:
    """Tell whether Telegram itself notes by a message that something was done in the chat; nobody has written it."""
    return not (message.text or message.caption) and message.content_type not in _SAID


def _migrates(message: Message | InaccessibleMessage) -> bool:
    """Tell whether the message only says that a group has a new id."""
    moved = isinstance(message, Message) and (message.migrate_to_chat_id or message.migrate_from_chat_id)
    return bool(moved)


def _thread(message: Message | InaccessibleMessage) -> int:
    topical = isinstance(message, Message) and message.is_topic_message
    return message.message_thread_id or 0 if topical and isinstance(message, Message) else 0
