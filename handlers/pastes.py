"""The rest of a long paste or of an album: added to what its beginning has become, a draft or a correction's text."""

from dataclasses import replace
from functools import partial

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.corrections import Corrections
from bot.desk.drafts import UNPUBLISHED, Drafts, Submission
from bot.desk.rest import with_rest
from bot.errors import NotFound, Stale
from bot.model.desk import Role
from bot.model.news import Article, Photo
from bot.screens.callbacks import SplitPaste
from bot.screens.card import Card
from bot.screens.corrections import proposal_card
from bot.screens.desk import draft_card, pasted_card
from bot.screens.draft_parts import TakeWhole, with_whole
from bot.telegram.reply import Reply
from bot.text.pasted import joined
from handlers.actor import Actor
from handlers.acts import ANSWERED, Act, Acts, Continues
from handlers.answers import Answer, Answers
from handlers.filters import Private, RequireRole
from handlers.made import Made, MadeOf
from handlers.proposals import Proposals
from handlers.question_kinds import Correct
from handlers.submissions import MEDIA_MOST, left_out_note, media_of, pictures_of
from handlers.taps import Tap


def register(router: Router) -> None:
    """Add the routes of what goes on; they are asked before any other that takes words."""
    author = RequireRole(Role.AUTHOR)
    router.message.register(go_on, Private(), Continues("draft", "body", "photo"))
    router.message.register(go_on_correcting, Private(), Continues("correction"))
    router.message.register(leave_out, Private(), Continues(ANSWERED))
    router.callback_query.register(split, Tap(SplitPaste), author, Private())
    router.callback_query.register(take_whole, Tap(TakeWhole), author, Private())


async def go_on(message: Message, act: Act, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Add a message to the draft that the ones before it became, and draw its card anew.

    Where somebody has changed the draft since, it keeps its words, and the card says that the rest is not in it.
    """
    if act.is_full:  # what is left out of it is left out at its end
        await Acts(state).keep(act)
    article = await drafts.changeable(act.article, actor.editor)
    media = pictures_of(message) if act.what == "photo" else media_of(message)
    if not media or (len(act.parts) > 1 and act.what == "draft"):
        grown = await with_rest(drafts, article, _submission(act), actor.editor, seen=act.version, part=act.what)
        if grown is None:
            await _leave_out(act, state, actor, drafts, reply)
            return
        article = grown
    if media:
        article, card = await _with_picture(media, act, article, actor, drafts)
    elif act.what == "body":
        card = draft_card(article, actor.look, actor.editor.role, full=True)
    else:
        note = left_out_note(message, _submission(act), drafts, actor.say)
        card = pasted_card(article, len(act.parts), actor.look, actor.editor.role, note=note)
    shown = await reply.redraw(act.card, card)
    act = replace(act, card=shown, version=article.version)
    await Acts(state).keep(act)
    if act.what in {"draft", "body"}:
        await MadeOf(state).note(_made(act))


async def _leave_out(act: Act, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Draw the card of a draft that was changed meanwhile: it says that the rest is not in it, and can be taken."""
    article, note = await drafts.changeable(act.article, actor.editor), actor.say("desk-rest-left-out")
    card = draft_card(article, actor.look, actor.editor.role, full=act.what != "draft", note=note)
    card = with_whole(card, article, actor.look)
    await Acts(state).keep(replace(act, card=await reply.redraw(act.card, card)))


async def take_whole(
    _: CallbackQuery, tap: TakeWhole, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """Take all that was sent in place of a draft's words; raises NotFound when another act has followed, and Stale."""
    act = await Acts(state).last()
    if act is None or act.article != tap.article or len(act.parts) < 2:
        raise NotFound
    article = await drafts.changeable(tap.article, actor.editor)
    grown = await with_rest(drafts, article, _submission(act), actor.editor, seen=tap.version, part=act.what)
    if grown is None:
        raise Stale
    card = draft_card(grown, actor.look, actor.editor.role, full=True)
    if act.what == "draft":
        card = pasted_card(grown, len(act.parts), actor.look, actor.editor.role)
    act = replace(act, version=grown.version, card=reply.tapped)
    await Acts(state).keep(act)
    await MadeOf(state).drawn(_made(act), partial(reply.show, card))


def _made(act: Act) -> Made:
    return Made(article=act.article, version=act.version, messages=act.numbers, card=act.card)


async def _with_picture(
    media: tuple[Photo, ...], act: Act, article: Article, actor: Actor, drafts: Drafts
) -> tuple[Article, Card]:
    """Add a picture of the same album."""
    before = article.photo.all if article.photo is not None else ()
    shown = {one.file_id for one in before}  # it may be handled again
    new = (one for one in media if one.file_id not in shown)
    album = (*before, *new)
    article = await drafts.set_photo(article, album[:MEDIA_MOST], actor.editor)
    note = actor.say("words-too-many", most=MEDIA_MOST) if len(album) > MEDIA_MOST else ""
    return article, draft_card(article, actor.look, actor.editor.role, full=act.what != "draft", note=note)


async def leave_out(_: Message) -> None:
    """Leave the rest of an album be whose first message has answered all that was asked."""


async def go_on_correcting(
    _: Message, act: Act, state: FSMContext, actor: Actor, corrections: Corrections, reply: Reply
) -> None:
    """Add a message to the proposed text of a correction."""
    await propose_anew(act, state, actor, corrections, reply)


async def propose_anew(act: Act, state: FSMContext, actor: Actor, corrections: Corrections, reply: Reply) -> None:
    """Propose the text of a correction as its messages are now; raises NotFound when it is proposed no more."""
    before = await Proposals(state).on(act.card)
    if before is None:
        raise NotFound
    whole = joined(act.parts)
    article = await corrections.open(act.article)
    changed = await corrections.proposed(article, "body", whole.text, whole.entities)
    hear = await corrections.hearers(article)
    card = await reply.redraw(act.card, proposal_card(changed, article, actor.look, hear))
    if card is None:
        return
    raw = tuple(entity.as_json() for entity in whole.entities)
    await Proposals(state).keep(replace(before, card=card, text=whole.text, entities=raw))
    await Acts(state).keep(replace(act, card=card))
    assert Correct.text.state is not None
    for number in act.messages:  # none of them is all of the answer: an edit of one, when this is long ago, is no other
        await Answers(state).keep(Answer(message=number, state=Correct.text.state, about={"article": article.id}))
    if card != act.card:
        await Proposals(state).drop(act.card)


def _submission(act: Act) -> Submission:
    whole = joined(act.parts)
    return Submission(key="", text=whole.text, entities=whole.entities)


async def split(
    _: CallbackQuery, tap: SplitPaste, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """Make a draft of each message instead; raises NotFound when another act has followed, Stale after a change.

    What is cut off in the middle goes on at the next tap: the act is known until all are made and shown.
    """
    act = await Acts(state).last()
    if act is None or act.article != tap.article:
        raise NotFound
    first, *others = act.parts
    article = await drafts.changeable(act.article, actor.editor)
    if article.state not in UNPUBLISHED:
        raise Stale
    sent = Submission(key="", text=first.text, entities=first.entities)
    article = await drafts.rewrite(article, sent, actor.editor, act.version)
    made = []
    for number, part in enumerate(others, 1):
        submission = Submission(key=f"part:{tap.article}:{number}", text=part.text, entities=part.entities)
        made.append(await drafts.draft(submission, actor.editor))
    for one, message in zip((article, *made), act.messages, strict=False):  # each is all of one message from now on
        await MadeOf(state).note(Made(article=one.id, version=one.version, messages=(message,)))
    await reply.show(draft_card(article, actor.look, actor.editor.role, full=False))
    for one in made:
        await reply.send(draft_card(one, actor.look, actor.editor.role, full=False))
    await Acts(state).forget()
