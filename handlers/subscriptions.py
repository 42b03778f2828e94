"""Joining and leaving: the first screen, deep links, pause, help."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.errors import NotFound
from bot.model.desk import Role
from bot.model.matching import EVERYTHING, topic_key
from bot.model.news import Topic
from bot.model.readers import ChatKind, ReaderState
from bot.readers.library import Library
from bot.readers.preferences import SettingName, setting_named
from bot.readers.searches import Searches
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Leave, Only, Tick, Toggle
from bot.screens.card import Button, Card, with_button
from bot.screens.presenter import Presenter
from bot.screens.settings import help_card, leave_card
from bot.screens.topic_pages import RestoreTopics, TurnTopics, page_with
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.opening import open_article
from handlers.parsing import number_in
from handlers.question_kinds import Ask
from handlers.questions import Questions
from handlers.rules import bring_back, kept
from handlers.taps import Tap
from handlers.undo import Undos


def register(router: Router) -> None:
    """Add the routes of coming and going."""
    for observer in (router.message, router.channel_post):
        observer.register(start, Command("start"))
        observer.register(topics, Command("topics"))
        observer.register(pause, Command("pause"))
        observer.register(resume, Command("resume"))
        observer.register(leave, Command("stop"))
        observer.register(show_help, Command("help"))
    router.callback_query.register(toggle_topic, Tap(Tick, Toggle))
    router.callback_query.register(restore_topics, Tap(RestoreTopics))
    router.callback_query.register(turn_topics, Tap(TurnTopics))
    router.callback_query.register(only, Tap(Only))
    router.callback_query.register(leave_tapped, Tap(Leave))


async def start(
    _: Message,
    command: Typed,
    actor: Actor,
    subscriptions: Subscriptions,
    library: Library,
    presenter: Presenter,
    reply: Reply,
    questions: Questions,
) -> None:
    """`/start`: welcome, topics, for a newcomer the latest.

    `a_<id>` opens an article, `t_<topic>` subscribes, `search` asks for words. Who starts anew wants news again: a
    pause ends, and that is said in the one message they get. A link to an article or to a search is no wish for news:
    it subscribes nobody to anything, brings nobody back and leaves a pause; a newcomer is welcomed as well.
    """
    kind, _sep, value = (command.args or "").partition("_")
    if kind == "a" and (article_id := number_in(value)) is not None:
        await _open_linked(article_id, actor, library, presenter, reply)
        return
    greeting = await _begin(actor, subscriptions) if kind != "search" else ""
    topic = await library.topic_named(value) if kind == "t" and value else None
    if topic is not None:
        await _follow(topic, actor, subscriptions, reply)
    await _welcome(greeting, actor, subscriptions, presenter, reply)
    if kind == "t" and value:
        await library.topic(value, actor.reader.language)  # says which there are
    if actor.reader.state is ReaderState.PAUSED:
        await reply.say(actor.say("paused"))
    if kind == "search":
        await questions.ask(Ask.search)


async def _begin(actor: Actor, subscriptions: Subscriptions) -> str:
    """Let news come to who starts, or starts anew; returns the greeting of who was here before, "" for none."""
    greeting = ""
    if actor.reader.state is ReaderState.LEFT:
        greeting = actor.say("welcome-back")
    elif actor.reader.state is ReaderState.PAUSED:
        actor.become(await subscriptions.resume(actor.reader))
        greeting = actor.say("welcome-resumed")
    actor.become(await subscriptions.begin(actor.reader, at_desk=actor.of_newsroom))
    comes = (await subscriptions.choices(actor.reader)).wanted
    return greeting if comes or greeting != actor.say("welcome-resumed") else ""


async def _open_linked(article_id: int, actor: Actor, library: Library, presenter: Presenter, reply: Reply) -> None:
    """Open an article for who came by a link to it; a newcomer is welcomed as well, also where there is none."""
    if actor.is_new and not await library.has(article_id):
        await reply.say(actor.say(NotFound.phrase))
    else:
        await open_article(article_id, actor, presenter, reply)
    if actor.is_new:
        await reply.send(await presenter.welcome(actor.reader))


async def _welcome(
    greeting: str, actor: Actor, subscriptions: Subscriptions, presenter: Presenter, reply: Reply
) -> None:
    """Show the first screen, and a newcomer the latest, unless nothing is chosen for them.

    Who comes back is greeted by what has become of what they had, and gets that one message: also who has unblocked
    the bot, which Telegram tells before their Start.
    """
    note = ""
    if actor.of_newsroom:
        note = actor.say("welcome-desk", role=actor.say(f"role-{actor.editor.role.name.lower()}"))
    await reply.send(await presenter.welcome(actor.reader, greeting=greeting, note=note))
    if actor.is_new and (await subscriptions.choices(actor.reader)).wanted:
        await reply.send(await presenter.first_list(actor.reader))


async def _follow(topic: Topic, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    await subscriptions.follow_topic(actor.reader, topic, only=actor.is_new)
    await reply.say(actor.say("welcome-topic", topic=topic.name(actor.reader.language)))


async def topics(_: Message, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """`/topics`: choose topics."""
    await reply.show(await presenter.topics(actor.reader))


async def toggle_topic(
    _: CallbackQuery,
    tap: Tick | Toggle,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    presenter: Presenter,
    reply: Reply,
) -> None:
    """Choose a topic or give it up, on the screen it was pressed on; with the way back where that is no other tap."""
    on = tap.on if isinstance(tap, Tick) else None
    taken = await subscriptions.lost_by_tick(actor.reader, tap.topic, on=on)
    if taken is not None:
        lost = await undos.of_rules(taken)
        await subscriptions.toggle_topic(actor.reader, tap.topic, on=on)
    else:
        lost = await undos.made_of_rules(topic_key(tap.topic) if tap.topic else EVERYTHING)
    page = page_with(await subscriptions.all_topics(), tap.topic)
    card = await presenter.choosing(actor.reader, tap.place, page)
    if lost:
        undo = RestoreTopics(tap.place, await kept(lost, actor, subscriptions, undos))
        card = with_button(card, Button(actor.say("button-restore"), undo))
    await reply.show(card)


async def restore_topics(
    _: CallbackQuery,
    tap: RestoreTopics,
    actor: Actor,
    subscriptions: Subscriptions,
    searches: Searches,
    presenter: Presenter,
    reply: Reply,
) -> None:
    """Choose again what a tap took away, unless it was chosen otherwise since; raises NotFound as `bring_back`."""
    await bring_back(tap.kept, actor, subscriptions, searches, reply)
    await reply.show(await presenter.choosing(actor.reader, tap.place, 0))


async def turn_topics(_: CallbackQuery, tap: TurnTopics, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show another page of the topics."""
    await reply.show(await presenter.choosing(actor.reader, tap.place, tap.page))


async def only(
    _: CallbackQuery, tap: Only, actor: Actor, subscriptions: Subscriptions, presenter: Presenter, reply: Reply
) -> None:
    """Want news in one's own language only, or in any, on the welcome screen."""
    actor.become(await subscriptions.save(setting_named(SettingName.NEWS_LANGUAGE).changed(actor.reader, tap.language)))
    await reply.show(await presenter.welcome(actor.reader))


async def pause(_: Message, command: Typed, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """`/pause`: send nothing until `/resume`; who has left stays so. It has no end of its own, whatever is typed."""
    if actor.reader.state is ReaderState.LEFT:
        await reply.say(actor.say("left-mark"))
        return
    await subscriptions.pause(actor.reader)
    await reply.say(actor.say("paused-without-end" if command.args else "paused"))


async def resume(_: Message, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """`/resume`: send again."""
    if actor.reader.state is ReaderState.LEFT:
        await subscriptions.begin(actor.reader, at_desk=actor.of_newsroom)
    else:
        await subscriptions.resume(actor.reader)
    choices = await subscriptions.choices(actor.reader)
    await reply.say(actor.say("resumed" if choices.wanted or choices.resting else "welcome-nothing"))


async def leave(_: Message, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """`/stop`: leave. `/start` brings everything back."""
    await subscriptions.leave(actor.reader)
    await reply.say(actor.say("left"))


async def leave_tapped(_: CallbackQuery, tap: Leave, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """Ask, or leave."""
    if not tap.sure:
        await reply.show(leave_card(actor.reader))
        return
    await subscriptions.leave(actor.reader)
    await reply.show(Card(Styled(actor.say("left"))))


async def show_help(message: Message, actor: Actor, reply: Reply) -> None:
    """`/help`: what can be done; in a private chat also one's own id, which an owner may ask for."""
    private = actor.reader.kind is ChatKind.PRIVATE
    card = help_card(actor.reader.language, actor.editor.role if private else Role.READER, private=private)
    if private and message.from_user is not None:
        mine = actor.say("editors-your-id", id=str(message.from_user.id))
        card = replace(card, text=card.text + f"\n\n{mine}")
    await reply.show(card)
