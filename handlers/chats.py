"""Chats that change: the bot is blocked, let in, thrown out; a group becomes a supergroup."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import ChatMemberUpdated, Message

from bot.model.readers import Address, ChatKind
from bot.readers.chats import Chats
from bot.screens.card import Card
from bot.screens.look import Locale
from bot.telegram.messenger import TelegramMessenger
from bot.text.cleaning import clean_line
from bot.text.phrasebook import phrases
from bot.text.styled import Styled

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


async def migrated(message: Message, chats: Chats) -> None:
    """Follow a group to its new id."""
    assert message.migrate_to_chat_id is not None
    await chats.moved(message.chat.id, message.migrate_to_chat_id)


async def membership(event: ChatMemberUpdated, chats: Chats, messenger: TelegramMessenger, locale: Locale) -> None:
    """Note that the bot was blocked or unblocked, added or removed; say hello where it is new."""
    address, status = Address(event.chat.id), event.new_chat_member.status
    if event.chat.type == "private":
        await chats.blocked(address, now=status == "kicked")
    elif status not in _IN:
        await chats.removed(address)
    elif await chats.let_in(address):
        await _say_hello(event, messenger, locale)


async def _say_hello(event: ChatMemberUpdated, messenger: TelegramMessenger, locale: Locale) -> None:
    """Greet a group; of a channel, tell whoever let the bot in: what is written there everybody reads."""
    if event.chat.type == "channel":
        say = phrases(locale.spoken(event.from_user.language_code))
        text = say("hello-channel", name=clean_line(event.chat.title or ""))
        await messenger.reply(Address(event.from_user.id), Card(Styled(text)), ChatKind.PRIVATE)
    else:
        text = phrases(locale.language)("hello-group")
        await messenger.reply(Address(event.chat.id), Card(Styled(text)), ChatKind.GROUP)
