"""Settings: when and how news comes."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.errors import Stale
from bot.model.matching import general_first
from bot.model.readers import Reader
from bot.readers.preferences import SettingName, SettingsScreen, setting_named
from bot.readers.searches import Searches
from bot.readers.subscriptions import Subscriptions
from bot.screens import settings as cards
from bot.screens.callbacks import OpenSettings, SettingTap
from bot.screens.card import Button, Card, with_button
from bot.screens.questions import Cancel
from bot.screens.rules import muted_lines
from bot.screens.timetable import Revert, saved_card
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from bot.timing.stored_zones import stored_zone
from bot.timing.zones import city_of, find_zone
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.question_kinds import Ask
from handlers.questions import Questions
from handlers.rules import show_rules
from handlers.taps import Tap
from handlers.undo import Undos

ASKED_ON = {
    SettingsScreen.TIMEZONE: Ask.zone,
    SettingsScreen.SCHEDULE: Ask.hours,
    SettingsScreen.QUIET: Ask.quiet,
}
"""The screens below which a value may be typed, and the question that hears it."""


def register(router: Router) -> None:
    """Add the routes of a reader's settings."""
    for observer in (router.message, router.channel_post):
        observer.register(timezone, Command("timezone"))
        observer.register(settings, Command("settings"))
        observer.register(cancel_typed, Command("cancel"))
    router.message.register(typed_zone, StateFilter(Ask.zone))
    router.callback_query.register(go, Tap(OpenSettings))
    router.callback_query.register(change, Tap(SettingTap))
    router.callback_query.register(revert, Tap(Revert))
    router.callback_query.register(cancel, Tap(Cancel))


async def timezone(
    _: Message,
    command: Typed,
    actor: Actor,
    subscriptions: Subscriptions,
    reply: Reply,
    undos: Undos,
    questions: Questions,
) -> None:
    """`/timezone [city]`: the zone of all times this reader sees."""
    if command.args:
        await reply.show(await _set_zone(command.args, actor, subscriptions, undos))
        return
    await questions.ask_with(await _screen(SettingsScreen.TIMEZONE, actor, subscriptions), Ask.zone)


async def typed_zone(
    message: Message,
    questions: Questions,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
) -> None:
    """Take the city that answers the question; an unknown one leaves the question open."""
    card = await _set_zone(message.text or "", actor, subscriptions, undos)
    await questions.answered()
    await reply.show(card)


async def _set_zone(text: str, actor: Actor, subscriptions: Subscriptions, undos: Undos) -> Card:
    zone = find_zone(text)
    was = await changed(SettingName.ZONE, replace(actor.reader, zone=zone), actor, subscriptions, undos)
    city, local = city_of(zone, actor.reader.language), actor.look.now.astimezone(stored_zone(zone))
    text = actor.say("timezone-saved", city=city, time=f"{local:%H:%M}")
    card = saved_card(text, (), actor.reader, actor.now)
    return await undoable(card, SettingName.ZONE, was, actor, undos)


async def settings(_: Message, actor: Actor, subscriptions: Subscriptions, reply: Reply) -> None:
    """`/settings`: everything on one screen."""
    await reply.show(await _screen(SettingsScreen.SETTINGS, actor, subscriptions))


async def go(
    _: CallbackQuery, tap: OpenSettings, questions: Questions, actor: Actor, subscriptions: Subscriptions, reply: Reply
) -> None:
    """Show a settings screen."""
    await _show(await _screen(tap.screen, actor, subscriptions), tap.screen, reply, questions)


async def _show(card: Card, screen: SettingsScreen, reply: Reply, questions: Questions) -> None:
    """Show a settings screen; where it says that something may be typed, that is heard."""
    if screen in ASKED_ON:
        await questions.ask_with(card, ASKED_ON[screen])
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
    return await show_rules(actor, subscriptions)


async def _everything(actor: Actor, subscriptions: Subscriptions) -> Card:
    choices = await subscriptions.choices(actor.reader)
    named = await subscriptions.named(sorted(choices.wanted, key=general_first), actor.reader.language, choices)
    muted = muted_lines(await subscriptions.muted(actor.reader), actor.look)
    return cards.settings_card(actor.reader, named, muted)


async def _topics(actor: Actor, subscriptions: Subscriptions) -> Card:
    muted = muted_lines(await subscriptions.muted(actor.reader), actor.look)
    topics, choices = await subscriptions.all_topics(), await subscriptions.choices(actor.reader)
    return cards.topics_card(actor.reader, topics, choices, muted=muted)


async def change(
    _: CallbackQuery,
    tap: SettingTap,
    actor: Actor,
    subscriptions: Subscriptions,
    undos: Undos,
    reply: Reply,
    questions: Questions,
) -> None:
    """Change one setting and show where it was changed, with the way back where no button of it is one."""
    setting = setting_named(tap.name)
    was = await changed(setting.name, setting.changed(actor.reader, tap.value), actor, subscriptions, undos)
    reply.reader = actor.reader
    card = await _screen(setting.then, actor, subscriptions)
    await _show(await undoable(card, setting.name, was, actor, undos), setting.then, reply, questions)


async def changed(name: SettingName, after: Reader, actor: Actor, subscriptions: Subscriptions, undos: Undos) -> str:
    """Have a reader's setting changed, and the actor be that reader; returns its value before, "" for none."""
    was = await undos.of_setting(setting_named(name), actor.reader, after)
    actor.become(await subscriptions.save(after))
    return was


async def revert(
    _: CallbackQuery,
    tap: Revert,
    actor: Actor,
    subscriptions: Subscriptions,
    searches: Searches,
    reply: Reply,
    questions: Questions,
) -> None:
    """Set a setting to what it was before it was changed, unless it was changed again since.

    Raises NotFound for what is kept no longer.
    """
    kept, _line, since = (await searches.words(tap.kept, actor.reader)).partition("\n")
    name, _sep, value = kept.partition(" ")
    setting = setting_named(name)
    if since and setting.value is not None and setting.value(actor.reader) not in {since, value}:
        await reply.toast(actor.say(Stale.phrase))
    else:
        actor.become(await subscriptions.save(setting.changed(actor.reader, value)))
        reply.reader = actor.reader
    await _show(await _screen(setting.then, actor, subscriptions), setting.then, reply, questions)


async def undoable(card: Card, name: SettingName, was: str, actor: Actor, undos: Undos) -> Card:
    """Return a card with the way back to what a setting was, if it was something else and no button names it."""
    value = setting_named(name).value
    if value is None or was in {"", value(actor.reader)}:
        return card
    kept = await undos.keep(actor.reader, f"{name} {was}\n{value(actor.reader)}")
    return with_button(card, Button(actor.say("button-restore"), Revert(kept)))


async def cancel(_: CallbackQuery, actor: Actor, reply: Reply) -> None:
    """Answer the way out of a question, which any button closes (`handlers/question_bounds.py`)."""
    await reply.show(Card(Styled(actor.say("cancelled"))))


async def cancel_typed(_: Message, actor: Actor, questions: Questions, reply: Reply) -> None:
    """`/cancel`: the way out in words; any command closes a question."""
    await reply.say(actor.say("cancelled" if questions.was_open else "cancel-nothing"))
