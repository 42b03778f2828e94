"""Joining and leaving: the first screen, deep links, pause, help."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.errors import NotFound
from bot.model.desk import Role
from bot.model.readers import ChatKind, ReaderState
from bot.readers.library import Library
from bot.readers.preferences import changes_of
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Leave, Only, ScreenRef, Show, Toggle
from bot.screens.card import Card
from bot.screens.presenter import Presenter
from bot.screens.settings import help_card, leave_card, topics_card, welcome_card
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.access import Actor
from handlers.news import number_in, open_article
from handlers.taps import Tap


def make_router() -> Router:
    """Return the router of coming and going."""
    router = Router(name="subscriptions")
    for observer in (router.message, router.channel_post):
        observer.register(start, CommandStart())
        observer.register(topics, Command("topics"))
        observer.register(pause, Command("pause"))
        observer.register(resume, Command("resume"))
        observer.register(leave, Command("stop"))
        observer.register(show_help, Command("help"))
    router.callback_query.register(toggle_topic, Tap(Toggle))
    router.callback_query.register(only, Tap(Only))
    router.callback_query.register(leave_tapped, Tap(Leave))
    return router


async def start(
    _: Message,
    command: CommandObject,
    asker: Actor,
    readership: Subscriptions,
    showing: Presenter,
    screen: Reply,
    newsroom: str,
) -> None:
    """`/start`: welcome, topics, the latest.

    `a_<id>` opens an article, `t_<topic>` subscribes, `search` asks for words.
    """
    if asker.reader.state is ReaderState.LEFT:
        await screen.say(asker.say("welcome-back"))
    asker.become(await readership.begin(asker.reader))
    kind, _sep, value = (command.args or "").partition("_")
    if kind == "a" and (article_id := number_in(value)) is not None:
        await open_article(article_id, asker, showing, screen)
        return
    if kind == "t" and value:
        await _follow(value, asker, showing.reading, readership, screen)
    choices = await readership.choices(asker.reader)
    await screen.send(welcome_card(asker.reader, await readership.topics.all(), choices, newsroom))
    await screen.send(await showing.root(ScreenRef("m"), asker.reader), Show(ScreenRef("m")))
    if kind == "search":
        await screen.say(asker.say("search-ask"))


async def _follow(name: str, asker: Actor, reading: Library, readership: Subscriptions, screen: Reply) -> None:
    topic = await reading.topic(name, asker.reader.language)
    await readership.follow_topic(asker.reader, topic, only=asker.is_new)
    await screen.say(asker.say("welcome-topic", topic=topic.name(asker.reader.language)))


async def topics(_: Message, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """`/topics`: choose topics."""
    choices = await readership.choices(asker.reader)
    await screen.show(topics_card(asker.reader, await readership.topics.all(), choices))


async def toggle_topic(
    _: CallbackQuery, tap: Toggle, asker: Actor, readership: Subscriptions, screen: Reply, newsroom: str
) -> None:
    """Choose a topic or give it up, on the screen it was pressed on."""
    known = await readership.topics.all()
    if tap.topic and tap.topic not in {topic.id for topic in known}:
        raise NotFound
    choices = await readership.toggle_topic(asker.reader, tap.topic)
    if tap.place == "welcome":
        await screen.show(welcome_card(asker.reader, known, choices, newsroom))
    else:
        await screen.show(topics_card(asker.reader, known, choices))


async def only(
    _: CallbackQuery, tap: Only, asker: Actor, readership: Subscriptions, screen: Reply, newsroom: str
) -> None:
    """Want news in one's own language only, or in any, on the welcome screen."""
    changes = changes_of(asker.reader, "news", tap.language)
    if changes is None:
        raise NotFound
    asker.become(await readership.change(asker.reader, **changes))
    choices = await readership.choices(asker.reader)
    await screen.show(welcome_card(asker.reader, await readership.topics.all(), choices, newsroom))


async def pause(_: Message, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """`/pause`: send nothing until `/resume`."""
    await readership.pause(asker.reader)
    await screen.say(asker.say("paused"))


async def resume(_: Message, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """`/resume`: send again."""
    if asker.reader.state is ReaderState.LEFT:
        await readership.begin(asker.reader)
    else:
        await readership.resume(asker.reader)
    await screen.say(asker.say("resumed"))


async def leave(_: Message, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """`/stop`: leave. `/start` brings everything back."""
    await readership.leave(asker.reader)
    await screen.say(asker.say("left"))


async def leave_tapped(_: CallbackQuery, tap: Leave, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """Ask, or leave."""
    if not tap.sure:
        await screen.show(leave_card(asker.reader))
        return
    await readership.leave(asker.reader)
    await screen.show(Card(Styled(asker.say("left"))))


async def show_help(message: Message, asker: Actor, screen: Reply) -> None:
    """`/help`: what can be done; in a private chat also one's own id, which an owner may ask for."""
    private = asker.reader.kind is ChatKind.PRIVATE
    card = help_card(asker.reader.language, asker.editor.role if private else Role.READER)
    if private and message.from_user is not None:
        mine = asker.say("editors-your-id", id=str(message.from_user.id))
        card = replace(card, text=card.text + f"\n\n{mine}")
    await screen.show(card)
