"""Publishing: the last question, the send, the plan; and the desk's lists."""

from dataclasses import replace
from datetime import timedelta

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import Drafts
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.errors import Stale
from bot.model.desk import Role
from bot.model.ledger import Policy
from bot.model.news import Article, ArticleState
from bot.screens.callbacks import Desk, DeskList
from bot.screens.card import Card
from bot.screens.desk import (
    PAGE,
    Reach,
    confirm_card,
    desk_list_card,
    draft_card,
    policy_card,
    schedule_card,
    scheduled_card,
    warnings_for,
    when_guess,
)
from bot.screens.headlines import shortened
from bot.screens.links import Links
from bot.screens.sends import loose_doubts_button
from bot.screens.verbs import DeskListName, DeskVerb
from bot.telegram.reply import Reply
from bot.timing.guesses import meaning
from bot.timing.typed import read_when
from bot.timing.typed_said import When
from handlers.actor import Actor
from handlers.commands import Command
from handlers.desk import as_seen, asked_about, current, send_after, show
from handlers.filters import Private, RequireRole
from handlers.progress import show_progress
from handlers.question_kinds import Write
from handlers.questions import Questions
from handlers.taps import DeskTap, Tap

_LISTS = {
    DeskListName.DRAFTS: ArticleState.DRAFT,
    DeskListName.SCHEDULED: ArticleState.SCHEDULED,
    DeskListName.PUBLISHED: ArticleState.PUBLISHED,
}


def register(router: Router) -> None:
    """Add the routes of publishing."""
    author, editor = RequireRole(Role.AUTHOR), RequireRole(Role.EDITOR)
    router.message.register(list_drafts, Command("drafts"), Private(), author)
    router.message.register(list_scheduled, Command("scheduled"), Private(), editor)
    router.message.register(list_published, Command("published"), Private(), editor)
    router.message.register(timed, StateFilter(Write.when), editor)
    router.callback_query.register(confirm, DeskTap(DeskVerb.CONFIRM, DeskVerb.CONFIRM_URGENT), editor)
    router.callback_query.register(choose_policy, DeskTap(DeskVerb.CHOOSE_POLICY), editor)
    router.callback_query.register(publish, DeskTap(DeskVerb.PUBLISH), editor)
    router.callback_query.register(schedule, DeskTap(DeskVerb.ASK_WHEN, DeskVerb.SCHEDULE), editor)
    router.callback_query.register(unschedule, DeskTap(DeskVerb.UNSCHEDULE), editor)
    router.callback_query.register(turn_list, Tap(DeskList), author)


async def confirm(
    _: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, publisher: Publisher, reply: Reply
) -> None:
    """Ask once more before publishing, with the audience and what looks wrong."""
    article = await current(tap, actor.editor, drafts)
    urgent = tap.verb is DeskVerb.CONFIRM_URGENT
    await reply.show(await confirmation(article, actor, publisher, urgent=urgent, policy=_policy(tap.value)))


async def confirmation(
    article: Article, actor: Actor, publisher: Publisher, *, urgent: bool, policy: Policy = Policy.HOLD
) -> Card:
    """Return the last question before an article goes out."""
    prospect = await publisher.prospect(article, urgent=urgent)
    reach = Reach(prospect.audience, prospect.rate, urgent, policy)
    warnings = warnings_for(article, actor.say)
    if prospect.repeats is not None:
        warnings = [*warnings, actor.say("warning-repeated", title=shortened(prospect.repeats.title, 120))]
    elif prospect.resembles is not None:
        warnings = [*warnings, actor.say("warning-resembles", title=shortened(prospect.resembles.title, 120))]
    return confirm_card(article, reach, warnings, actor.look)


async def choose_policy(_: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Offer what happens to deliveries of which nobody can find out whether they arrived."""
    article = await current(tap, actor.editor, drafts)
    chosen, urgent = _policy(tap.value[1:]), tap.value.startswith("u")
    await reply.show(policy_card(article, chosen, actor.look, urgent=urgent))


async def publish(
    _: CallbackQuery,
    tap: Desk,
    actor: Actor,
    drafts: Drafts,
    publisher: Publisher,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Publish; the message becomes the send's progress."""
    article = await current(tap, actor.editor, drafts)
    urgent, policy = tap.value.startswith("u"), _policy(tap.value[1:])
    number = await publisher.order(article, actor.editor, urgent=urgent, policy=policy)
    await show_progress(number, actor, send_control, links, reply)


def _policy(value: str) -> Policy:
    """Return what an editor chose for deliveries nobody knows of; asking, when nothing was chosen."""
    return Policy(int(value)) if value in {"0", "1", "2"} else Policy.HOLD


async def schedule(
    _: CallbackQuery,
    tap: Desk,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    publisher: Publisher,
    reply: Reply,
) -> None:
    """Ask when, or take one of the offered times."""
    article = await current(tap, actor.editor, drafts)
    if tap.verb is DeskVerb.SCHEDULE:
        when = read_when(tap.value, actor.look.now, actor.reader.zone)
        article = await publisher.schedule(article, actor.editor, when.at)
        await show(scheduled_card(article, when, actor.look), actor, reply)
        return
    card = schedule_card(article, actor.look, actor.reader.zone)
    await questions.ask_with(card, Write.when, article=article.id, seen=as_seen(article, ""))


async def timed(
    message: Message,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    publisher: Publisher,
    send_control: SendControl,
    reply: Reply,
) -> None:
    """Take the time an editor typed; one that is not understood, or may be another, leaves the question open.

    Raises Stale where the draft is not what they saw when they were asked.
    """
    said = meaning(message.text or "", actor.look.now, actor.reader.zone)
    article, unchanged = await asked_about(questions, actor.editor, drafts)
    planned = None if unchanged else await _planned(article, said.whens[0], message, actor, send_control)
    if not unchanged and planned is None:
        raise Stale
    if not said.sure:
        text, row = when_guess(article, said.whens, actor.look, actor.reader.zone)
        question = await questions.current()
        assert question is not None
        await questions.again(text, question, row)
        return
    when = planned or said.whens[0]
    if planned is None:
        article = await publisher.schedule(article, actor.editor, when.at)
    before = (await questions.about()).get("card")
    await questions.answered()
    await send_after(scheduled_card(article, when, actor.look), actor, reply, before)


async def _planned(
    article: Article, when: When, message: Message, actor: Actor, send_control: SendControl
) -> When | None:
    """Return the time an article waits for where it is the one that was typed; None for another, or none.

    "In an hour" is read anew by who handles it again: it is later then, by no more than has passed since it was said.
    """
    send = await send_control.latest_of(article.id) if article.state is ArticleState.SCHEDULED else None
    if send is None or not timedelta() <= when.at - send.at <= max(timedelta(), actor.now - message.date):
        return None
    return replace(when, at=send.at)


async def unschedule(
    _: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, publisher: Publisher, reply: Reply
) -> None:
    """Take a scheduled article back to the drafts; raises Stale when it was planned anew since."""
    seen = await current(tap, actor.editor, drafts)
    article = await publisher.cancel(seen, actor.editor)
    await reply.toast(actor.say("unscheduled"))
    await show(draft_card(article, actor.look, actor.editor.role, full=False), actor, reply)


async def list_drafts(_: Message, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """`/drafts`: what is being written."""
    await reply.show(await _list(DeskListName.DRAFTS, 0, actor, drafts))


async def list_scheduled(_: Message, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """`/scheduled`: what waits for its time."""
    await reply.show(await _list(DeskListName.SCHEDULED, 0, actor, drafts))


async def list_published(_: Message, actor: Actor, drafts: Drafts, send_control: SendControl, reply: Reply) -> None:
    """`/published`: what is out, and how its send went; for owners also of what nobody knows whether it arrived."""
    card = await _list(DeskListName.PUBLISHED, 0, actor, drafts)
    number = await send_control.loose_number() if actor.editor.role >= Role.OWNER else 0
    rows = (*card.rows, (loose_doubts_button(number, actor.look),)) if number else card.rows
    await reply.show(replace(card, rows=rows))


async def turn_list(_: CallbackQuery, tap: DeskList, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Turn a page of a list."""
    await reply.show(await _list(tap.which, tap.offset, actor, drafts))


async def _list(which: DeskListName, offset: int, actor: Actor, drafts: Drafts) -> Card:
    page = await drafts.listed(_LISTS[which], offset, PAGE, actor.editor)
    for earlier in (max(0, offset - PAGE), 0):  # what stood on this page may be gone
        if not page.items and page.offset > earlier:
            page = await drafts.listed(_LISTS[which], earlier, PAGE, actor.editor)
    return desk_list_card(which, page, actor.look)
