"""Chats that change: the bot is blocked, let in, thrown out; a group becomes a supergroup."""

from enum import Enum, auto

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUnion,
    ChatMemberUpdated,
    Message,
)

from bot.inflow.channels import ChannelInflow
from bot.model.readers import Address, ChatKind
from bot.readers.chats import Chats
from bot.screens.card import Card
from bot.screens.look import Locale
from bot.telegram.messenger import TelegramMessenger
from bot.text.cleaning import clean_line
from bot.text.phrasebook import phrases
from bot.text.styled import Styled


class Standing(Enum):
    """What the bot may do in a chat."""

    OUT = auto()
    SILENT = auto()
    IN = auto()


class Migrated(Filter):
    """Lets the service messages through that a group has a new id: one is in the old chat, one in the new."""

    async def __call__(self, message: Message) -> bool:
        """Look at the message."""
        return message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None


def register(router: Router) -> None:
    """Add the routes of changes of chats. What it handles comes from nobody: no other route may be asked first."""
    router.message.register(migrated, Migrated())
    router.my_chat_member.register(membership)


async def migrated(message: Message, chats: Chats) -> None:
    """Follow a group to its new id, whichever of its two chats says so first."""
    if message.migrate_to_chat_id is not None:
        await chats.moved(message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await chats.moved(message.migrate_from_chat_id, message.chat.id)


async def membership(
    event: ChatMemberUpdated,
    chats: Chats,
    channel_inflow: ChannelInflow,
    messenger: TelegramMessenger,
    locale: Locale,
) -> None:
    """Note that the bot was blocked or unblocked, let in, silenced or thrown out; say hello where it is new."""
    if event.chat.is_direct_messages:
        return  # it goes with its channel
    chat_id, standing = event.chat.id, _standing(event.new_chat_member, event.chat.type)
    if event.chat.type == "channel":
        await _follow(event, channel_inflow)
    match standing:
        case Standing.OUT if event.chat.type == "private":
            await chats.blocked(chat_id)
        case Standing.OUT:
            await chats.removed(chat_id)
        case Standing.SILENT:
            await chats.silenced(chat_id)
        case Standing.IN:
            known = await chats.opened(chat_id)
            joined = _standing(event.old_chat_member, event.chat.type) is Standing.OUT
            if joined and not known and event.chat.type != "private":
                await _say_hello(event, messenger, locale)


async def _follow(event: ChatMemberUpdated, channel_inflow: ChannelInflow) -> None:
    """Note whether a channel's posts reach the bot: to read them it must be an administrator, whatever else it may."""
    if isinstance(event.new_chat_member, ChatMemberAdministrator):
        await channel_inflow.came_back(event.chat.id)
    else:
        await channel_inflow.left(event.chat.id)


def _standing(member: ChatMemberUnion, chat_type: str) -> Standing:
    """Return what a membership lets the bot do. In a channel only who may post can write."""
    match member:
        case ChatMemberLeft() | ChatMemberBanned() | ChatMemberRestricted(is_member=False):
            return Standing.OUT
        case ChatMemberRestricted(can_send_messages=False):
            return Standing.SILENT
        case ChatMemberAdministrator(can_post_messages=False | None) if chat_type == "channel":
            return Standing.SILENT
        case _:
            return Standing.IN


async def _say_hello(event: ChatMemberUpdated, messenger: TelegramMessenger, locale: Locale) -> None:
    """Greet a group, in the language of who let the bot in if we have it; of a channel tell them alone, and not all."""
    if event.chat.type == "channel":
        say = phrases(locale.spoken(event.from_user.language_code))
        text = say("hello-channel", name=clean_line(event.chat.title or ""))
        await messenger.reply(Address(event.from_user.id), Card(Styled(text)), ChatKind.PRIVATE)
    else:
        text = phrases(locale.shared(event.from_user.language_code))("hello-group")
        await messenger.reply(Address(event.chat.id), Card(Styled(text)), ChatKind.GROUP)
