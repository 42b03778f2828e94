"""Which article a message of the bot's tells: one that is answered with a command, or forwarded to the bot."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiogram.types import Message, MessageOriginUser

from bot.readers.library import Library
from bot.screens.callbacks import Open, Related, Why, decode
from bot.screens.screen_refs import HeadlineScreen
from handlers.parsing import linked_in

_LINES = 4  # a mark, a title, a note: the title is among the first lines of everything the bot says of an article


def is_ours(message: Message, bot_id: int) -> bool:
    """Tell whether the bot wrote a message, here or where it was forwarded from, or somebody through it."""
    origin = message.forward_origin
    wrote = message.from_user is not None and message.from_user.id == bot_id and origin is None
    through = message.via_bot is not None and message.via_bot.id == bot_id
    return wrote or through or (isinstance(origin, MessageOriginUser) and origin.sender_user.id == bot_id)


async def article_told(message: Message, library: Library) -> int | None:
    """Return the number of the article that a message of ours is about; None when it is about none, or several.

    Known by its buttons, else by the link below an article, else by its title.
    """
    by_buttons = set(_on_buttons(message))
    if len(by_buttons) == 1:
        return by_buttons.pop()
    links = [number for number in map(linked_in, _addresses(message)) if number is not None]
    if links:
        return links[-1]  # the article's own stands below everything that its text links to
    return await library.told_by(list(_lines(message)))


def _on_buttons(message: Message) -> Iterator[int]:
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else ()
    for button in (button for row in rows for button in row):
        match decode(button.callback_data or ""):
            case Related(article=article) | Why(article=article):
                yield article
            case Open(article=article, root=HeadlineScreen(headline)) if article == headline:
                yield article
            case _:
                linked = linked_in(button.url)
                if linked is not None and "/share/" not in (button.url or ""):
                    yield linked


def _addresses(message: Message) -> Iterator[str]:
    for entity in (*(message.entities or ()), *(message.caption_entities or ())):
        yield entity.url or ""
    if message.rich_message is not None:
        yield from _urls([block.model_dump() for block in message.rich_message.blocks])


def _urls(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        url = value.get("url")
        yield from [url] if isinstance(url, str) else []
        yield from _in_all(value.values())
    elif isinstance(value, list | tuple):
        yield from _in_all(value)


def _in_all(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _urls(value)


def _lines(message: Message) -> Iterator[str]:
    """Yield what may be a title: the first lines of a plain message, the headings of a rich one."""
    text = message.text or message.caption or ""
    yield from [line.strip() for line in text.split("\n") if line.strip()][:_LINES]
    for block in message.rich_message.blocks if message.rich_message is not None else ():
        title = getattr(block, "text", None)
        if block.type == "heading" and isinstance(title, str):
            yield title.strip()
