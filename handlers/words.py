"""Words that a reader follows or never wants to see, typed behind `/words` or as the answer to a question."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.readers.library import Library
from bot.readers.subscriptions import Subscriptions
from bot.relevance.word_rules import word_rules
from bot.screens.callbacks import Open
from bot.screens.card import Button, Card, Row
from bot.screens.presenter import Presenter
from bot.screens.rules import AskWords, words_card
from bot.screens.screen_refs import HeadlineScreen
from bot.text.cleaning import safe_url
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.parsing import article_in
from handlers.question_kinds import Ask
from handlers.questions import Questions
from handlers.rules import show_rules, way_back
from handlers.taps import Tap
from handlers.undo import Undos


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
    undos: Undos,
    questions: Questions,
    presenter: Presenter,
) -> None:
    """`/words [words, -words]`: follow words and keep words away; without any, the rules and the question for some."""
    if command.args:
        text, row = await _no_words(command.args, actor, library, presenter)
        card = Card(Styled(text), (row,) if row else ())
        if not text:
            card = await _said(command.args, actor, subscriptions, library, undos)
        await questions.reply.show(card)
        return
    choices = await subscriptions.choices(actor.reader)
    if choices.rules or choices.unwanted:
        await questions.reply.show(await show_rules(actor, subscriptions))
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
    undos: Undos,
    presenter: Presenter,
) -> None:
    """Take the words that answer the question; what says nothing leaves it open."""
    text, row = await _no_words(message.text or "", actor, library, presenter)
    if text and (question := await questions.current()) is not None:
        await questions.again(text, question, row)
        return
    card = await _said(message.text or "", actor, subscriptions, library, undos)
    await questions.answered()
    await questions.reply.show(card)


async def _no_words(text: str, actor: Actor, library: Library, presenter: Presenter) -> tuple[str, Row]:
    """Return what is said to an address among words, with the way to the article it leads to; "" where there is none.

    Nobody follows its letters.
    """
    address = next((rule.words for rule in word_rules(text) if rule.words.startswith(("https://", "http://"))), "")
    if not address or safe_url(address) != address:
        return "", ()
    number = article_in(address, *presenter.addresses)
    if number is None or not await library.has(number):
        number = await library.at_address(address)
    if number is None:
        return actor.say("words-address"), ()
    opened = Open(number, HeadlineScreen(number))
    return actor.say("words-address"), (Button(actor.say("button-open"), opened),)


async def _said(
    text: str,
    actor: Actor,
    subscriptions: Subscriptions,
    library: Library,
    undos: Undos,
) -> Card:
    """Do as a text says; returns the note of it, with the way back."""
    changes = await subscriptions.word_changes(actor.reader, word_rules(text))
    said = await undos.of_rules({change.rule.key: change.before for change in changes})
    await subscriptions.follow(actor.reader, changes)
    changes = [replace(change, before=said[change.rule.key]) for change in changes]
    lately = await library.lately(changes[0].rule.words, actor.reader) if len(changes) == 1 else None
    said = {change.rule.key: change.before for change in changes if change.changed}
    undo = await way_back(0, said, actor, subscriptions, undos) if said else None
    return words_card(changes, lately, actor.reader, undo)
