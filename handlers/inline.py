"""Inline mode: the bot's name and some words, typed in any chat."""

from aiogram import Router
from aiogram.types import InlineQuery

from bot.screens.inline import InlineSearch
from bot.telegram.messenger import TelegramMessenger


def register(router: Router) -> None:
    """Add the routes of inline mode."""
    router.inline_query.register(offer)


async def offer(inline_query: InlineQuery, inline_search: InlineSearch, messenger: TelegramMessenger) -> None:
    """Offer what the words find, or the latest; when nothing is found, the way into the bot itself."""
    offers = await inline_search.offers(inline_query.query, inline_query.offset)
    await messenger.offer(inline_query.id, offers)
