"""What channels say to their readers: news, where the desk follows the channel, and nobody's business elsewhere."""

from aiogram import Bot, Router
from aiogram.types import Message

from bot.inflow.channels import ChannelInflow, Post
from bot.model.readers import Address
from bot.readers.library import Library
from bot.readers.subscriptions import Subscriptions
from bot.screens.links import post_link
from bot.text.cleaning import clean_line
from handlers.commands import Typed
from handlers.credits import origin_of
from handlers.submissions import submission_of
from handlers.told import article_told, is_ours


def register(router: Router) -> None:
    """Add the routes of posts; commands in channels were asked before."""
    router.channel_post.register(posted)
    router.edited_channel_post.register(edited)


async def posted(
    message: Message,
    bot: Bot,
    channel_inflow: ChannelInflow,
    library: Library,
    subscriptions: Subscriptions,
    command: Typed | None = None,
) -> None:
    """Take in a post of a channel that is followed, but nothing that the newsroom itself has said."""
    if command is None and not await _is_own(message, bot, library, subscriptions):
        await channel_inflow.take(_post_of(message))


async def edited(
    message: Message, bot: Bot, channel_inflow: ChannelInflow, library: Library, subscriptions: Subscriptions
) -> None:
    """Follow an edited post of a channel that is followed."""
    if not is_ours(message, bot.id) and not await _passes_on(message, library, subscriptions):
        await channel_inflow.change(_post_of(message))


async def _is_own(message: Message, bot: Bot, library: Library, subscriptions: Subscriptions) -> bool:
    """Tell whether a post is the newsroom's own output: written by the bot, passed on, or posted once more."""
    if is_ours(message, bot.id) or await _passes_on(message, library, subscriptions):
        return True
    here = message.forward_origin is None and await subscriptions.knows(Address(message.chat.id))
    return here and await article_told(message, library) is not None


async def _passes_on(message: Message, library: Library, subscriptions: Subscriptions) -> bool:
    """Tell whether a post was forwarded from a chat that receives our news, and tells one of our articles."""
    chat = getattr(message.forward_origin, "chat", None) or getattr(message.forward_origin, "sender_chat", None)
    known = chat is not None and await subscriptions.knows(Address(chat.id))
    return known and await article_told(message, library) is not None


def _post_of(message: Message) -> Post:
    sent = submission_of(message)
    chat = message.chat
    return Post(
        chat_id=chat.id,
        message_id=message.message_id,
        at=message.date,
        name=clean_line(chat.title or ""),
        text=sent.text,
        entities=sent.entities,
        media=sent.media,
        group=message.media_group_id or "",
        credit=clean_line(origin_of(message)[0]),
        url=sent.origin_url or post_link(chat.id, chat.username or "", message.message_id),
    )
