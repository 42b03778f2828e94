"""Settings: when and how news comes."""

from zoneinfo import ZoneInfo

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.errors import BadQuery, NotFound
from bot.readers.library import Library
from bot.readers.preferences import changes_of, schedule_named
from bot.readers.subscriptions import Subscriptions
from bot.screens import settings as cards
from bot.screens.callbacks import Cancel, OpenSettings, SettingTap
from bot.screens.card import Card
from bot.screens.presenter import SearchStore
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from bot.timing.zones import city_of, find_zone
from handlers.access import Actor
from handlers.news import Ask, number_in
from handlers.taps import SetTap, Tap

# Which screen a changed setting is shown on; the others are shown on the one with everything.
_PLACE = {"schedule": "schedule", "hour": "schedule", "zone": "timezone", "quiet": "quiet"}


def make_router() -> Router:
    """Return the router of a reader's settings."""
    router = Router(name="settings")
    for observer in (router.message, router.channel_post):
        observer.register(schedule, Command("schedule"))
        observer.register(timezone, Command("timezone"))
        observer.register(settings, Command("settings"))
    router.message.register(typed_zone, StateFilter(Ask.zone))
    router.callback_query.register(go, Tap(OpenSettings))
    router.callback_query.register(follow, SetTap("follow"))
    router.callback_query.register(change, Tap(SettingTap))
    router.callback_query.register(cancel, Tap(Cancel))
    return router


async def schedule(_: Message, command: CommandObject, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """`/schedule [now | hourly | 08:00 19:00]`: when news comes."""
    if not command.args:
        await screen.show(cards.schedule_card(asker.reader))
        return
    asker.become(await readership.change(asker.reader, schedule=schedule_named(command.args)))
    when = cards.schedule_words(asker.reader.schedule, asker.say)
    await screen.say(asker.say("schedule-saved", when=when))


async def timezone(
    _: Message,
    command: CommandObject,
    asker: Actor,
    readership: Subscriptions,
    screen: Reply,
    state: FSMContext | None = None,
) -> None:
    """`/timezone [city]`: the zone of all times this reader sees."""
    if command.args:
        await _set_zone(command.args, asker, readership, screen)
        return
    if state is not None:  # a channel's posts come from nobody who could be asked
        await state.set_state(Ask.zone)
    await screen.show(await _screen("timezone", asker, readership))


async def typed_zone(
    message: Message, state: FSMContext, asker: Actor, readership: Subscriptions, screen: Reply
) -> None:
    """Take the city that answers the question; an unknown one leaves the question open."""
    await _set_zone(message.text or "", asker, readership, screen)
    await state.clear()


async def _set_zone(text: str, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    zone = find_zone(text)
    asker.become(await readership.change(asker.reader, zone=zone))
    city = city_of(zone, asker.reader.language)
    await screen.say(asker.say("timezone-saved", city=city, time=_clock(asker)))


def _clock(asker: Actor) -> str:
    return f"{asker.look.now.astimezone(ZoneInfo(asker.reader.zone)):%H:%M}"


async def settings(_: Message, asker: Actor, readership: Subscriptions, screen: Reply) -> None:
    """`/settings`: everything on one screen."""
    await screen.show(await _screen("settings", asker, readership))


async def go(
    _: CallbackQuery, tap: OpenSettings, state: FSMContext, asker: Actor, readership: Subscriptions, screen: Reply
) -> None:
    """Show a settings screen."""
    await state.clear()
    if tap.screen == "timezone":
        await state.set_state(Ask.zone)
    await screen.show(await _screen(tap.screen, asker, readership))


async def _screen(name: str, asker: Actor, readership: Subscriptions) -> Card:
    """Return a settings screen by the name its buttons carry."""
    reader = asker.reader
    match name:
        case "topics":
            return cards.topics_card(reader, await readership.topics.all(), await readership.choices(reader))
        case "schedule":
            return cards.schedule_card(reader)
        case "timezone":
            return cards.timezone_card(reader, _clock(asker))
        case "language":
            return cards.language_card(reader)
        case "news":
            return cards.news_language_card(reader)
        case "quiet":
            return cards.quiet_card(reader)
        case "rules":
            return await _rules(asker, readership)
        case _:
            choices = await readership.choices(reader)
            order = sorted(choices.wanted, key=lambda key: ("*tsyk".index(key[0]), key))
            return cards.settings_card(reader, choices, await readership.named(order, reader.language))


async def _rules(asker: Actor, readership: Subscriptions) -> Card:
    reader = asker.reader
    choices = await readership.choices(reader)
    wanted = [key for key in sorted(choices.wanted) if key[0] in "ksy"]
    named = await readership.named(wanted, reader.language)
    return cards.rules_card(reader, named, await readership.named(sorted(choices.unwanted), reader.language))


async def change(
    _: CallbackQuery,
    tap: SettingTap,
    state: FSMContext,
    asker: Actor,
    readership: Subscriptions,
    screen: Reply,
) -> None:
    """Change one setting and show where it was changed."""
    if tap.name == "story" and (number := number_in(tap.value)) is not None:
        await readership.follow_story(asker.reader, number)
        await screen.toast(asker.say("story-followed"), alert=True)
        return
    if tap.name == "drop":
        await readership.drop(asker.reader, tap.value)
        await screen.show(await _rules(asker, readership))
        return
    changed = changes_of(asker.reader, tap.name, tap.value)
    if changed is None:
        raise NotFound
    await state.clear()
    asker.become(await readership.change(asker.reader, **changed))
    screen.reader = asker.reader
    await screen.show(await _screen(_PLACE.get(tap.name, "settings"), asker, readership))


async def follow(
    _: CallbackQuery,
    tap: SettingTap,
    asker: Actor,
    readership: Subscriptions,
    reading: Library,
    searches: SearchStore,
    screen: Reply,
) -> None:
    """Subscribe to the words of a search, and tell how much they would have brought."""
    words = await searches.query(number_in(tap.value) or 0, asker.reader.address.chat_id)
    if words is None or not await readership.follow_words(asker.reader, words):
        raise BadQuery
    lately = await reading.lately(words, asker.reader)
    await screen.toast(cards.followed_text(lately, asker.say), alert=True)


async def cancel(_: CallbackQuery, state: FSMContext, asker: Actor, screen: Reply) -> None:
    """Close the open question."""
    await state.clear()
    await screen.show(Card(Styled(asker.say("cancelled"))))
