"""Publishing: the last question, the send, the plan; and the desk's lists."""

from collections.abc import Callable
from datetime import datetime

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import Drafts
from bot.desk.publishing import Publisher
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
    schedule_card,
    scheduled_card,
    warnings_for,
)
from bot.screens.headlines import shortened
from bot.screens.sends import progress_card
from bot.telegram.reply import Reply
from bot.timing.typed import parse_when
from handlers.access import Actor, Private, RequireRole
from handlers.desk import Write, answered, ask_about, asked_about, current
from handlers.taps import DeskTap, Tap

_LISTS = {
    "drafts": ArticleState.DRAFT,
    "scheduled": ArticleState.SCHEDULED,
    "published": ArticleState.PUBLISHED,
}


def make_router() -> Router:
    """Return the router of publishing."""
    router = Router(name="publishing")
    author, editor = RequireRole(Role.AUTHOR), RequireRole(Role.EDITOR)
    router.message.register(list_drafts, Command("drafts"), Private(), author)
    router.message.register(list_scheduled, Command("scheduled"), Private(), editor)
    router.message.register(list_published, Command("published"), Private(), editor)
    router.message.register(timed, StateFilter(Write.when), editor)
    router.callback_query.register(confirm, DeskTap("pb", "ur"), editor)
    router.callback_query.register(publish, DeskTap("go"), editor)
    router.callback_query.register(schedule, DeskTap("sc", "at"), editor)
    router.callback_query.register(unschedule, DeskTap("un"), editor)
    router.callback_query.register(turn_list, Tap(DeskList), author)
    return router


async def confirm(
    _: CallbackQuery, tap: Desk, asker: Actor, drafting: Drafts, publishing: Publisher, screen: Reply
) -> None:
    """Ask once more before publishing, with the audience and what looks wrong."""
    article = await current(tap, asker.editor, drafting)
    urgent = tap.verb == "ur"
    reach = Reach(await publishing.audience(article, urgent=urgent), publishing.rate, urgent, _policy(tap.value))
    warnings = warnings_for(article, asker.say)
    if (repeated := await publishing.alike(article)) is not None:
        warnings = [*warnings, asker.say("warning-repeated", title=shortened(repeated.title, 120))]
    await screen.show(confirm_card(article, reach, warnings, asker.look))


async def publish(
    _: CallbackQuery,
    tap: Desk,
    asker: Actor,
    drafting: Drafts,
    publishing: Publisher,
    screen: Reply,
    run_due_soon: Callable[[], None],
) -> None:
    """Publish; the message becomes the send's progress."""
    article = await current(tap, asker.editor, drafting)
    urgent, policy = tap.value.startswith("u"), _policy(tap.value[1:])
    number = await publishing.order(article, asker.editor, urgent=urgent, policy=policy)
    publication = await publishing.publications.get(number)
    message_id = await screen.show(progress_card(publication, article, asker.look, publishing.rate))
    if message_id is not None:
        await publishing.publications.watch(number, asker.reader.address.chat_id, message_id)
    run_due_soon()


def _policy(value: str) -> Policy:
    """Return what an editor chose for deliveries nobody knows of; asking, when nothing was chosen."""
    return Policy(int(value)) if value in {"0", "1", "2"} else Policy.HOLD


async def schedule(
    _: CallbackQuery,
    tap: Desk,
    state: FSMContext,
    asker: Actor,
    drafting: Drafts,
    publishing: Publisher,
    screen: Reply,
) -> None:
    """Ask when, or take one of the offered times."""
    article = await current(tap, asker.editor, drafting)
    if tap.verb == "at":
        at = parse_when(tap.value, asker.look.now, asker.reader.zone)
        await screen.show(await _scheduled(article, at, asker, publishing))
        await state.clear()
        return
    await ask_about(article, Write.when, state, screen)
    await screen.show(schedule_card(article, asker.look, asker.reader.zone))


async def timed(
    message: Message, state: FSMContext, asker: Actor, drafting: Drafts, publishing: Publisher, screen: Reply
) -> None:
    """Take the time an editor typed; one that is not understood leaves the question open."""
    at = parse_when(message.text or "", asker.look.now, asker.reader.zone)
    article = await asked_about(state, asker.editor, drafting)
    card = await _scheduled(article, at, asker, publishing)
    await answered(state, screen)
    await screen.send(card)


async def _scheduled(article: Article, at: datetime, asker: Actor, publishing: Publisher) -> Card:
    await publishing.order(article, asker.editor, at=at)
    return scheduled_card(await publishing.articles.get(article.id), at, asker.look)


async def unschedule(
    _: CallbackQuery, tap: Desk, asker: Actor, drafting: Drafts, publishing: Publisher, screen: Reply
) -> None:
    """Take a scheduled article back to the drafts."""
    await publishing.cancel(tap.article, asker.editor)
    article = await drafting.open(tap.article, asker.editor)
    await screen.toast(asker.say("unscheduled"))
    await screen.show(draft_card(article, asker.look, asker.editor.role, full=False))


async def list_drafts(_: Message, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """`/drafts`: what is being written."""
    await screen.show(await _list("drafts", 0, asker, drafting))


async def list_scheduled(_: Message, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """`/scheduled`: what waits for its time."""
    await screen.show(await _list("scheduled", 0, asker, drafting))


async def list_published(_: Message, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """`/published`: what is out, and how its send went."""
    await screen.show(await _list("published", 0, asker, drafting))


async def turn_list(_: CallbackQuery, tap: DeskList, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Turn a page of a list."""
    which = tap.which if tap.which in _LISTS else "drafts"
    await screen.show(await _list(which, tap.offset, asker, drafting))


async def _list(which: str, offset: int, asker: Actor, drafting: Drafts) -> Card:
    page = await drafting.listed(_LISTS[which], offset, PAGE)
    return desk_list_card(which, page, asker.look)
