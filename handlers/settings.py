"""Settings: when and how news comes."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.model.matching import general_first
from bot.readers.preferences import SettingsScreen, schedule_named, schedule_words, setting_named
from bot.readers.subscriptions import Subscriptions
from bot.screens import settings as cards
from bot.screens.callbacks import OpenSettings, SettingTap
from bot.screens.card import Card
from bot.screens.questions import Cancel
from bot.screens.rules import muted_lines
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from bot.timing.zones import city_of, find_zone
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.questions import Ask, Questions
from handlers.rules import show_rules
from handlers.taps import Tap


def make_router() -> Router:
    """Return the router of a reader's settings."""
    router = Router(name="settings")
    for observer in (router.message, router.channel_post):
        observer.register(schedule, Command("schedule"))
        observer.register(timezone, Command("timezone"))
        observer.register(settings, Command("settings"))
        observer.register(cancel_typed, Command("cancel"))
    router.message.register(typed_zone, StateFilter(Ask.zone))
    router.callback_query.register(go, Tap(OpenSettings))
    router.callback_query.register(change, Tap(SettingTap))
    router.callback_query.register(cancel, Tap(Cancel))
    return router


async def schedule(_: Message, command: Typed, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """`/schedule [now | hourly | 08:00 19:00]`: when news comes."""
    if not command.args:
        await reply.show(cards.schedule_card(actor.reader))
        return
    actor.become(await subscriptions.save(replace(actor.reader, schedule=schedule_named(command.args))))
    when = schedule_words(actor.reader.schedule, actor.say)
    await reply.say(actor.say("schedule-saved", when=when))


async def timezone(
    _: Message,
    command: Typed,
    actor: Actor,
    subscriptions: Subscriptions,
    reply: Reply,
    questions: Questions,
) -> None:
    """`/timezone [city]`: the zone of all times this reader sees."""
    if command.args:
        await _set_zone(command.args, actor, subscriptions, reply)
        return
    await questions.ask_with(await _screen(SettingsScreen.TIMEZONE, actor, subscriptions), Ask.zone)


async def typed_zone(
    message: Message, questions: Questions, actor: Actor, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Take the city that answers the question; an unknown one leaves the question open."""
    await _set_zone(message.text or "", actor, subscriptions, reply)
    await questions.answered()


async def _set_zone(text: str, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    zone = find_zone(text)
    actor.become(await subscriptions.save(replace(actor.reader, zone=zone)))
    city, local = city_of(zone, actor.reader.language), actor.look.now.astimezone(ZoneInfo(zone))
    await reply.say(actor.say("timezone-saved", city=city, time=f"{local:%H:%M}"))


async def settings(_: Message, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """`/settings`: everything on one screen."""
    await reply.show(await _screen(SettingsScreen.SETTINGS, actor, subscriptions))


async def go(
    _: CallbackQuery, tap: OpenSettings, questions: Questions, actor: Actor, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Show a settings screen."""
    card = await _screen(tap.screen, actor, subscriptions)
    if tap.screen is SettingsScreen.TIMEZONE:
        await questions.ask_with(card, Ask.zone)
    else:
        await reply.show(card)


async def _screen(screen: SettingsScreen, actor: Actor, subscriptions: Subscriptions) -> Card:
    """Return a settings screen."""
    if screen in cards.CHOICES:
        return cards.CHOICES[screen](actor.reader, actor.look.now)
    if screen is SettingsScreen.SETTINGS:
        return await _everything(actor, subscriptions)
    if screen is SettingsScreen.TOPICS:
        return await _topics(actor, subscriptions)
    return await show_rules(actor.reader, subscriptions)


async def _everything(actor: Actor, subscriptions: Subscriptions) -> Card:
    choices = await subscriptions.choices(actor.reader)
    named = await subscriptions.named(sorted(choices.wanted, key=general_first), actor.reader.language, choices)
    muted = muted_lines(await subscriptions.muted(actor.reader), actor.look)
    return cards.settings_card(actor.reader, choices, named, muted)


async def _topics(actor: Actor, subscriptions: Subscriptions) -> Card:
    muted = muted_lines(await subscriptions.muted(actor.reader), actor.look)
    topics, choices = await subscriptions.all_topics(), await subscriptions.choices(actor.reader)
    return cards.topics_card(actor.reader, topics, choices, muted=muted)


async def change(
    _: CallbackQuery,
    tap: SettingTap,
    actor: Actor,
    subscriptions: Subscriptions,
    reply: Reply,
) -> None:
    """Change one setting and show where it was changed."""
    setting = setting_named(tap.name)
    changed = setting.changed(actor.reader, tap.value)
    actor.become(await subscriptions.save(changed))
    reply.reader = actor.reader
    await reply.show(await _screen(setting.then, actor, subscriptions))


async def cancel(_: CallbackQuery, actor: Actor, reply: Reply) -> None:
    """Answer the way out of a question, which any button closes (`handlers/question_bounds.py`)."""
    await reply.show(Card(Styled(actor.say("cancelled"))))


async def cancel_typed(_: Message, actor: Actor, questions: Questions, reply: Reply) -> None:
    """`/cancel`: the way out in words; any command closes a question."""
    await reply.say(actor.say("cancelled" if questions.was_open else "cancel-nothing"))
