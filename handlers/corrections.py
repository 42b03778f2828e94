"""Correcting what is published, and the list of corrections that anybody can read."""

from typing import Any

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.corrections import Corrections
from bot.desk.sends import SendControl
from bot.errors import Stale
from bot.model.desk import Role
from bot.model.news import Article, RevisionKind
from bot.screens.callbacks import CorrectionTap, Open, Show
from bot.screens.corrections import fix_card, no_reason, proposal_card, retract_card
from bot.screens.links import Links
from bot.screens.parts import as_it_stands
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import CorrectionsScreen
from bot.screens.verbs import CorrectionVerb
from bot.telegram.reply import Reply
from bot.text.entities import entities_of
from handlers.actor import Actor
from handlers.acts import Act, Acts, part_of
from handlers.commands import Command
from handlers.desk import as_it_is, told_if_whole
from handlers.filters import RequireRole
from handlers.progress import show_progress
from handlers.proposals import Proposal, Proposals
from handlers.question_kinds import Correct
from handlers.questions import Questions
from handlers.taps import VerbTap

_PARTS = (CorrectionVerb.ASK_TITLE, CorrectionVerb.ASK_LEAD, CorrectionVerb.ASK_BODY)


def register(router: Router) -> None:
    """Add the routes of corrections."""
    editor = RequireRole(Role.EDITOR)
    router.message.register(corrections, Command("corrections"))
    router.channel_post.register(corrections, Command("corrections"))
    router.message.register(proposed, StateFilter(Correct.text), editor)
    router.message.register(noted, StateFilter(Correct.note), editor)
    router.message.register(reasoned, StateFilter(Correct.reason), editor)
    query = router.callback_query
    query.register(choose, VerbTap(CorrectionTap, CorrectionVerb.CHOOSE), editor)
    query.register(ask, VerbTap(CorrectionTap, *_PARTS, CorrectionVerb.ASK_REASON), editor)
    query.register(no_reason_given, VerbTap(CorrectionTap, CorrectionVerb.GIVE_NO_REASON), editor)
    query.register(typo, VerbTap(CorrectionTap, CorrectionVerb.SEND_AS_TYPO), editor)
    query.register(ask_what_changed, VerbTap(CorrectionTap, CorrectionVerb.ASK_NOTE), editor)
    query.register(retract, VerbTap(CorrectionTap, CorrectionVerb.RETRACT), editor)
    query.register(leave, VerbTap(CorrectionTap, CorrectionVerb.LEAVE), editor)


async def corrections(_: Message, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """`/corrections`: what was corrected and taken back, for everybody to read."""
    await reply.show(await presenter.root(CorrectionsScreen(), actor.reader))


async def _opened(tap: CorrectionTap, corrections: Corrections) -> Article:
    article = await corrections.open(tap.article)
    if article.version != tap.version:
        raise Stale
    return article


async def choose(_: CallbackQuery, tap: CorrectionTap, actor: Actor, corrections: Corrections, reply: Reply) -> None:
    """Ask what is wrong with a published article; who came from reading it goes back to that."""
    article, here = await corrections.open(tap.article), await reply.way_back()
    await reply.show(fix_card(article, actor.look, here if isinstance(here, (Open, Show)) else None))


async def ask(
    _: CallbackQuery, tap: CorrectionTap, questions: Questions, actor: Actor, corrections: Corrections
) -> None:
    """Ask for the new text of a part, or for the reason to take the article back."""
    article = await _opened(tap, corrections)
    about: dict[str, Any] = {"article": tap.article, "version": tap.version, "part": tap.verb.value}
    if tap.verb is CorrectionVerb.ASK_REASON:
        await questions.ask(Correct.reason, more=(no_reason(article, actor.look),), **about)
    else:
        await questions.ask(Correct.text, as_it_stands(article, tap.verb.value), **about)


async def _kept(questions: Questions, corrections: Corrections) -> Article:
    """Return the article an open question is about; raises Stale when it has changed."""
    data = await questions.about()
    article = await corrections.open(int(data.get("article", 0)))
    if article.version != data.get("version"):
        raise Stale
    return article


async def proposed(
    message: Message,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    corrections: Corrections,
    reply: Reply,
) -> None:
    """Show the article with the new text, and ask how it goes out."""
    article = await _kept(questions, corrections)
    entities = [e.model_dump(exclude_none=True) for e in (message.entities or ())]
    part = str((await questions.about())["part"])
    changed = await corrections.proposed(article, part, message.text or "", entities_of(entities))
    await questions.answered()
    hear = await corrections.hearers(article)
    shown = proposal_card(changed, article, actor.look, hear)
    card = await reply.send(told_if_whole(shown, article, part, message.text or "", actor))
    if card is None:
        return
    kept = Proposal(
        card=card,
        article=article.id,
        version=article.version,
        message=message.message_id,
        part=part,
        text=message.text or "",
        entities=tuple(entities),
    )
    await Proposals(state).keep(kept)
    if part == "body":
        parts, numbers = (part_of(message),), (message.message_id,)
        act = Act(what="correction", article=article.id, card=card, parts=parts, at=message.date, messages=numbers)
        await Acts(state).keep(act)


async def typo(
    _: CallbackQuery,
    tap: CorrectionTap,
    state: FSMContext,
    actor: Actor,
    corrections: Corrections,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Change all copies silently."""
    changed = await _as_proposed(await _proposal(tap, state, reply), corrections)
    number = await corrections.correct(changed, RevisionKind.TYPO, "", actor.editor)
    await Proposals(state).drop(reply.tapped)
    await show_progress(number, actor, send_control, links, reply)


async def _proposal(tap: CorrectionTap, state: FSMContext, reply: Reply) -> Proposal:
    """Return what the tapped message proposes; raises Stale when it proposes nothing any more."""
    found = await Proposals(state).on(reply.tapped)
    if found is None or (found.article, found.version) != (tap.article, tap.version):
        raise Stale
    return found


async def _as_proposed(proposal: Proposal | None, corrections: Corrections) -> Article:
    """Return an article with its proposed text; raises Stale when it has changed since, or nothing is proposed."""
    if proposal is None or not proposal.part:
        raise Stale
    article = await corrections.open(proposal.article)
    if article.version != proposal.version:
        raise Stale
    return await corrections.proposed(article, proposal.part, proposal.text, entities_of(proposal.entities))


async def ask_what_changed(
    _: CallbackQuery,
    tap: CorrectionTap,
    state: FSMContext,
    questions: Questions,
    corrections: Corrections,
    reply: Reply,
) -> None:
    """Ask for the sentence that tells readers what changed."""
    changed = await _as_proposed(await _proposal(tap, state, reply), corrections)
    await questions.ask(Correct.note, article=changed.id, version=changed.version, card=reply.tapped)


async def noted(
    message: Message,
    questions: Questions,
    actor: Actor,
    corrections: Corrections,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Publish the correction with what the editor says of it."""
    assert questions.state is not None  # it is an answer
    card, proposals = (await questions.about()).get("card"), Proposals(questions.state)
    proposal, note = await proposals.on(card), message.text or ""
    number = await _corrected(proposal, note, corrections, send_control)
    if number is None:
        changed = await _as_proposed(proposal, corrections)
        number = await corrections.correct(changed, RevisionKind.CORRECTION, note, actor.editor)
    await questions.answered()
    await show_progress(number, actor, send_control, links, reply)
    await proposals.drop(card)


async def _corrected(
    proposal: Proposal | None, note: str, corrections: Corrections, send_control: SendControl
) -> int | None:
    """Return the publication of a correction that is out already, as it is after a kill behind it; None for none."""
    if proposal is None:
        return None
    article = await corrections.open(proposal.article)
    if article.version == proposal.version or article.correction != corrections.checked_note(note):
        return None
    send = await send_control.latest_of(article.id)
    return send.id if send is not None and send.purpose is RevisionKind.CORRECTION else None


async def reasoned(
    message: Message, state: FSMContext, questions: Questions, actor: Actor, corrections: Corrections, reply: Reply
) -> None:
    """Ask once more before an article is taken back."""
    article = await _kept(questions, corrections)
    reason = corrections.checked_note(message.text or "")
    await questions.answered()
    card = await reply.send(retract_card(article, reason, actor.look))
    await _keep_reason(card, article, reason, state)


async def _keep_reason(card: int | None, article: Article, reason: str, state: FSMContext) -> None:
    if card is not None:
        kept = Proposal(card=card, article=article.id, version=article.version, reason=reason)
        await Proposals(state).keep(kept)


async def no_reason_given(
    _: CallbackQuery,
    tap: CorrectionTap,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    corrections: Corrections,
    reply: Reply,
) -> None:
    """Ask once more before an article is taken back without a word on why."""
    article = await _opened(tap, corrections)
    await questions.answered(keep_asked=True)
    card = await reply.show(retract_card(article, "", actor.look))
    await _keep_reason(card, article, "", state)


async def retract(
    _: CallbackQuery,
    tap: CorrectionTap,
    state: FSMContext,
    actor: Actor,
    corrections: Corrections,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Take an article back: every copy becomes a notice, with the reason that stands in the tapped message."""
    article, proposal = await _opened(tap, corrections), await _proposal(tap, state, reply)
    if proposal.part:
        raise Stale
    number = await corrections.retract(article, proposal.reason, actor.editor)
    await Proposals(state).drop(reply.tapped)
    await show_progress(number, actor, send_control, links, reply)


async def leave(
    _: CallbackQuery,
    tap: CorrectionTap,
    state: FSMContext,
    actor: Actor,
    corrections: Corrections,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Change nothing."""
    await Proposals(state).drop(reply.tapped)
    article = await corrections.open(tap.article)
    await reply.show(await as_it_is(article, actor, send_control, links))
