"""Finding news to take in: `/feeds` with an address or a channel, what is there, and adding it."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message, MessageOriginChannel

from bot.desk.feeds import FeedDesk
from bot.fetch.answers import Failed
from bot.model.desk import Role
from bot.model.feeds import FeedMode
from bot.model.readers import Address
from bot.readers.subscriptions import Subscriptions
from bot.screens.card import Card
from bot.screens.feeds import (
    FeedTap,
    feed_card,
    feeds_card,
    no_channel_card,
    not_found_card,
    offer_card,
    offers_card,
)
from bot.screens.verbs import FeedVerb
from bot.telegram.directory import Directory
from bot.telegram.places import aside
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.acts import keep_album
from handlers.commands import Command, Typed
from handlers.filters import Private, RequireRole
from handlers.parsing import channel_in, number_in
from handlers.question_kinds import Follow
from handlers.questions import Questions
from handlers.taps import VerbTap


def register(router: Router) -> None:
    """Register the routes of finding and adding feeds."""
    editor = RequireRole(Role.EDITOR)
    router.message.register(feeds, Command("feeds"), Private(), editor)
    router.message.register(named, StateFilter(Follow.address), editor)
    query = router.callback_query
    query.register(ask, VerbTap(FeedTap, FeedVerb.ADD), editor)
    query.register(offer, VerbTap(FeedTap, FeedVerb.OFFER), editor)
    query.register(accept, VerbTap(FeedTap, FeedVerb.ACCEPT), editor)


async def feeds(
    _: Message,
    command: Typed,
    actor: Actor,
    feed_desk: FeedDesk,
    directory: Directory,
    subscriptions: Subscriptions,
    reply: Reply,
) -> None:
    """`/feeds`: what news comes from; with an address or a channel, what is there to be added."""
    named = command.args.strip()
    if (channel := channel_in(named)) is not None:
        await _look_at_channel(channel, actor, feed_desk, directory, subscriptions, reply)
        return
    if named:
        await _look(named, actor, feed_desk, reply)
        return
    await reply.show(feeds_card(await feed_desk.listed(), actor.look))


async def ask(_: CallbackQuery, questions: Questions) -> None:
    """Ask for the address of a feed, or of a site that has one."""
    await questions.ask(Follow.address)


async def named(
    message: Message,
    questions: Questions,
    actor: Actor,
    feed_desk: FeedDesk,
    directory: Directory,
    subscriptions: Subscriptions,
    reply: Reply,
) -> None:
    """Look what is at the address that an editor names, or at the channel that a forwarded post is from."""
    await questions.answered()
    await keep_album(message, questions.state)
    origin = message.forward_origin
    channel = origin.chat.id if isinstance(origin, MessageOriginChannel) else channel_in(message.text)
    if channel is not None:
        await _look_at_channel(channel, actor, feed_desk, directory, subscriptions, reply)
    else:
        await _look((message.text or "").strip(), actor, feed_desk, reply)


async def _look_at_channel(
    named: str | int,
    actor: Actor,
    feed_desk: FeedDesk,
    directory: Directory,
    subscriptions: Subscriptions,
    reply: Reply,
) -> None:
    """Offer a channel to be followed, or say what is missing for that."""
    channel = await directory.channel(named)
    if channel is None or not channel.ours:
        await reply.send(no_channel_card(channel.entry.name if channel is not None else "", actor.look))
        return
    feed = await feed_desk.offer_channel(channel.id, channel.entry.name, actor.editor)
    note = actor.say("feed-channel-reads") if await subscriptions.knows(Address(channel.id)) else ""
    await reply.send(offer_card(feed, (), actor.look, note=note))


async def _look(address: str, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Look for feeds at an address, which may take a while, and show what was found in the message that says so."""
    waiting = await reply.send(Card(Styled(actor.say("feed-looking"))))
    with aside():
        found = await feed_desk.find(address, actor.editor)
    if isinstance(found, Failed):
        card = not_found_card(found, actor.look)
    elif len(found) == 1:
        feed, held = found[0]
        card = offer_card(feed, held.parsed.items, actor.look)
    else:
        card = offers_card([(feed, len(held.parsed.items)) for feed, held in found], actor.look)
    await reply.redraw(waiting, card)


async def offer(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Show one of the feeds that were found."""
    await reply.toast(actor.say("feed-looking"))
    with aside():
        found = await feed_desk.look_again(tap.feed)
    if isinstance(found, Failed):
        await reply.show(not_found_card(found, actor.look))
        return
    feed, held = found
    await reply.show(offer_card(feed, held.parsed.items, actor.look))


async def accept(_: CallbackQuery, tap: FeedTap, actor: Actor, feed_desk: FeedDesk, reply: Reply) -> None:
    """Add a feed that was offered."""
    feed = await feed_desk.add(tap.feed, mode_of(tap.value), actor.editor)
    added = actor.say("feed-added-channel" if feed.is_channel else "feed-added")
    await reply.show(await shown(feed.id, actor, feed_desk, added))


async def shown(feed_id: int, actor: Actor, feed_desk: FeedDesk, note: str = "") -> Card:
    """Return the card of one feed as it is now; `note` comes first."""
    feed, activity = await feed_desk.open(feed_id)
    return feed_card(feed, activity, actor.look, note=note)


def mode_of(value: str) -> FeedMode:
    """Return the mode a button names; the most careful one for a number there is none of."""
    number = number_in(value)
    return FeedMode(number) if number in set(FeedMode) else FeedMode.APPROVE
