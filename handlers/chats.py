"""Chats that change: the bot is blocked, let in, thrown out; a group becomes a supergroup."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import ChatMemberUpdated, Message

from bot.model.readers import Address, ChatKind, ReaderState
from bot.ports import ReaderStore
from bot.readers.subscriptions import Subscriptions
from bot.screens.card import Card
from bot.telegram.messenger import TelegramMessenger
from bot.text.cleaning import clean_line
from bot.text.phrasebook import interface_language, phrases
from bot.text.styled import Styled
from bot.timing.clock import Clock

_IN = frozenset({"member", "administrator", "creator", "restricted"})


class Migrated(Filter):
    """Lets the service message through that a group has a new id."""

    async def __call__(self, message: Message) -> bool:
        """Look at the message."""
        return message.migrate_to_chat_id is not None


def make_router() -> Router:
    """Return the router of changes of chats."""
    router = Router(name="chats")
    router.message.register(migrated, Migrated())
    router.my_chat_member.register(membership)
    return router


async def migrated(message: Message, readers: ReaderStore, clock: Clock) -> None:
    """Follow a group to its new id."""
    assert message.migrate_to_chat_id is not None
    await readers.move_chat(message.chat.id, message.migrate_to_chat_id, clock.now())


async def membership(
    event: ChatMemberUpdated,
    readers: ReaderStore,
    subscriptions: Subscriptions,
    messenger: TelegramMessenger,
    clock: Clock,
    default_language: str,
) -> None:
    """Note that the bot was blocked or unblocked, added or removed; say hello where it is new."""
    chat, status = event.chat, event.new_chat_member.status
    address = Address(chat.id)
    if chat.type == "private":
        state = ReaderState.BLOCKED if status == "kicked" else ReaderState.ACTIVE
        known = await readers.find(address)
        if known is not None and known.state in {ReaderState.ACTIVE, ReaderState.BLOCKED}:
            await readers.set_state(address, state, clock.now())
        return
    if status not in _IN:
        await readers.set_state(address, ReaderState.KICKED, clock.now())
        return
    kind = ChatKind.CHANNEL if chat.type == "channel" else ChatKind.GROUP
    known = await readers.find(address)
    language = interface_language(event.from_user.language_code, default_language)
    if known is not None:
        await subscriptions.meet(known)
    elif kind is ChatKind.CHANNEL:
        text = phrases(language)("hello-channel", name=clean_line(chat.title or ""))
        await messenger.reply(Address(event.from_user.id), Card(Styled(text)), ChatKind.PRIVATE)
    else:
        text = phrases(default_language)("hello-group")
        await messenger.reply(address, Card(Styled(text)), kind)
