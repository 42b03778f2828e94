"""Words that a reader follows or never wants to see, typed behind `/words` or as the answer to a question."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.readers.library import Library
from bot.readers.searches import Searches
from bot.readers.subscriptions import Subscriptions
from bot.relevance.word_rules import word_rules
from bot.screens.card import Card
from bot.screens.rules import AskWords, words_card
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.question_kinds import Ask
from handlers.questions import Questions
from handlers.rules import show_rules, way_back
from handlers.taps import Tap


def register(router: Router) -> None:
    """Add the routes of words."""
    for observer in (router.message, router.channel_post):
        observer.register(words, Command("words"))
    router.message.register(typed_words, StateFilter(Ask.words))
    router.callback_query.register(ask_words, Tap(AskWords))


async def words(
    _: Message,
    command: Typed,
    actor: Actor,
    subscriptions: Subscriptions,
    library: Library,
    searches: Searches,
    reply: Reply,
    questions: Questions,
) -> None:
    """`/words [words, -words]`: follow words and keep words away; without any, the rules and the question for some."""
    if command.args:
        await reply.show(await _said(command.args, actor, subscriptions, library, searches))
        return
    choices = await subscriptions.choices(actor.reader)
    if choices.rules or choices.unwanted:
        await reply.show(await show_rules(actor, subscriptions))
    await questions.ask(Ask.words)


async def ask_words(_: CallbackQuery, questions: Questions) -> None:
    """Ask for the words."""
    await questions.ask(Ask.words)


async def typed_words(
    message: Message,
    questions: Questions,
    actor: Actor,
    subscriptions: Subscriptions,
    library: Library,
    searches: Searches,
    reply: Reply,
) -> None:
    """Take the words that answer the question; what says nothing leaves it open."""
    card = await _said(message.text or "", actor, subscriptions, library, searches)
    await questions.answered()
    await reply.show(card)


async def _said(text: str, actor: Actor, subscriptions: Subscriptions, library: Library, searches: Searches) -> Card:
    """Do as a text says; returns the note of it, with the way back."""
    changes = await subscriptions.follow_words(actor.reader, word_rules(text))
    lately = await library.lately(changes[0].rule.words, actor.reader) if len(changes) == 1 else None
    said = {change.rule.key: change.before for change in changes if change.changed}
    undo = await way_back(0, said, actor, subscriptions, searches) if said else None
    return words_card(changes, lately, actor.reader, undo)
