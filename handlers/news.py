"""Reading: the latest, an article, what is related, search; and the buttons under them."""

from aiogram import Bot, Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.readers.library import Library
from bot.screens.callbacks import Open, Related, Show
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import LatestScreen
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.opening import open_article, open_related, open_story
from handlers.parsing import article_in
from handlers.question_kinds import Ask
from handlers.questions import Questions
from handlers.taps import Tap
from handlers.told import article_told, is_ours

_OPENERS = {"read": open_article, "related": open_related, "story": open_story}


def register(router: Router) -> None:
    """Add the routes of everything that is read."""
    for observer in (router.message, router.channel_post):
        observer.register(latest, Command("latest"))
        observer.register(search, Command("search"))
        observer.register(open_numbered, Command(*_OPENERS))
    router.message.register(searched, StateFilter(Ask.search))
    router.callback_query.register(show, Tap(Open, Related, Show))


async def latest(
    _: Message,
    command: Typed,
    actor: Actor,
    library: Library,
    presenter: Presenter,
    reply: Reply,
) -> None:
    """`/latest [topic]`: the newest headlines, of all topics or of one."""
    root = LatestScreen()
    if command.args:
        root = LatestScreen((await library.topic(command.args, actor.reader.language)).id)
    await reply.show(await presenter.root(root, actor.reader))


async def search(
    _: Message,
    command: Typed,
    actor: Actor,
    presenter: Presenter,
    reply: Reply,
    questions: Questions,
) -> None:
    """`/search <words>`: articles with these words in any form; without words, a question for them."""
    if command.args:
        await reply.show(await presenter.search(command.args, actor.reader))
        return
    await questions.ask(Ask.search)


async def searched(message: Message, questions: Questions, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Search for the words that answer the question; words that say nothing leave it open."""
    found = await presenter.search(message.text or "", actor.reader)
    await questions.answered()
    await reply.show(found)


async def open_numbered(
    message: Message, bot: Bot, command: Typed, actor: Actor, library: Library, presenter: Presenter, reply: Reply
) -> None:
    """`/read`, `/related`, `/story`: a whole article, what is related to it, its whole story.

    Which one is said by its number, by a link to it, or by the message of ours that the command answers.
    """
    article_id = article_in(command.args, *presenter.addresses)
    answered = message.reply_to_message
    if not command.args and answered is not None and (is_ours(answered, bot.id) or _is_own_post(answered)):
        article_id = await article_told(answered, library)
    if article_id is None:
        await reply.say(actor.say(f"{command.name}-usage"))
        return
    await _OPENERS[command.name](article_id, actor, presenter, reply)


def _is_own_post(message: Message) -> bool:
    """Tell whether a message is a channel's own: those of ours there are signed by the channel."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


async def show(
    _: CallbackQuery,
    tap: Open | Related | Show,
    actor: Actor,
    presenter: Presenter,
    reply: Reply,
) -> None:
    """Open, close, go back or turn a page, in the same message."""
    await reply.show(await presenter.card(tap, actor.reader, desk=actor.at_desk))
