"""When news comes: the hours of digests and the quiet ones, tapped or typed; and a digest now."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.model.ledger import Asked
from bot.model.readers import ReaderState
from bot.readers.digests import DigestRequests
from bot.readers.preferences import (
    SettingName,
    SettingsScreen,
    quiet_saved,
    schedule_named,
)
from bot.readers.subscriptions import Subscriptions
from bot.screens import timetable as cards
from bot.screens.card import Card
from bot.screens.timetable import AskHours, DigestNow, PickQuiet
from bot.telegram.reply import Reply
from bot.timing.hours import parse_quiet
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.question_kinds import Ask
from handlers.questions import Questions
from handlers.settings import changed, undoable
from handlers.taps import Tap
from handlers.undo import Undos


def register(router: Router) -> None:
    """Add the routes of when news comes."""
    for observer in (router.message, router.channel_post):
        observer.register(schedule, Command("schedule"))
        observer.register(quiet, Command("quiet"))
        observer.register(digest, Command("digest"))
    router.message.register(typed_hours, StateFilter(Ask.hours))
    router.message.register(typed_quiet, StateFilter(Ask.quiet))
    router.callback_query.register(ask_hours, Tap(AskHours))
    router.callback_query.register(pick_quiet, Tap(PickQuiet))
    router.callback_query.register(digest_tapped, Tap(DigestNow))


async def schedule(
    _: Message,
    command: Typed,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
    questions: Questions,
) -> None:
    """`/schedule [now | hourly | 08:00 19:00]`: when news comes."""
    if command.args:
        await reply.show(await _set_schedule(command.args, actor, subscriptions, undos))
    else:
        await questions.ask_with(cards.schedule_card(actor.reader, actor.now), Ask.hours)


async def quiet(
    _: Message,
    command: Typed,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
    questions: Questions,
) -> None:
    """`/quiet [22:30–7:15 | off]`: in which hours no news comes."""
    if command.args:
        await reply.show(await _set_quiet(command.args, actor, subscriptions, undos))
    else:
        await questions.ask_with(cards.quiet_card(actor.reader, actor.now), Ask.quiet)


async def ask_hours(_: CallbackQuery, tap: AskHours, questions: Questions) -> None:
    """Ask for hours of one's own."""
    await questions.ask(Ask.quiet if tap.screen is SettingsScreen.QUIET else Ask.hours)


async def pick_quiet(_: CallbackQuery, tap: PickQuiet, actor: Actor, questions: Questions) -> None:
    """Show the hours at which quiet may begin, or end; both may be typed here, as one screen before."""
    await questions.ask_with(cards.pick_quiet_card(actor.reader, tap), Ask.quiet)


async def typed_hours(
    message: Message,
    questions: Questions,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Take the hours that answer the question; what is none leaves it open."""
    card = await _set_schedule(message.text or "", actor, subscriptions, undos)
    await questions.answered()
    await reply.show(card)


async def typed_quiet(
    message: Message,
    questions: Questions,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Take the quiet hours that answer the question; what is none leaves it open."""
    card = await _set_quiet(message.text or "", actor, subscriptions, undos)
    await questions.answered()
    await reply.show(card)


async def _set_schedule(text: str, actor: Actor, subscriptions: Subscriptions, undos: Undos) -> Card:
    after = replace(actor.reader, schedule=schedule_named(text))
    was = await changed(SettingName.SCHEDULE, after, actor, subscriptions, undos)
    card = cards.schedule_saved_card(actor.reader, await subscriptions.choices(actor.reader), actor.now)
    return await undoable(card, SettingName.SCHEDULE, was, actor, undos)


async def _set_quiet(text: str, actor: Actor, subscriptions: Subscriptions, undos: Undos) -> Card:
    chosen = parse_quiet(text)
    after = replace(actor.reader, quiet=chosen)
    was = await changed(SettingName.QUIET, after, actor, subscriptions, undos)
    times = (chosen.start, chosen.end) if chosen is not None else ()
    card = cards.saved_card(quiet_saved(chosen, actor.say), times, actor.reader, actor.now)
    return await undoable(card, SettingName.QUIET, was, actor, undos)


async def digest(_: Message, actor: Actor, digest_requests: DigestRequests, reply: Reply) -> None:
    """`/digest`: what waits for the next digest, now."""
    await reply.say(_answer(await digest_requests.ask(actor.reader), actor))


async def digest_tapped(_: CallbackQuery, actor: Actor, digest_requests: DigestRequests, reply: Reply) -> None:
    """Send what waits for the next digest, now."""
    asked = await digest_requests.ask(actor.reader)
    await reply.toast(_answer(asked, actor), alert=not asked.lines)


def _answer(asked: Asked, actor: Actor) -> str:
    if actor.reader.state is not ReaderState.ACTIVE:
        return actor.say("digest-left" if actor.reader.state is ReaderState.LEFT else "paused")
    if asked.under_way:
        return actor.say("digest-under-way")
    return actor.say("digest-asked", n=asked.lines) if asked.lines else actor.say("digest-nothing")
