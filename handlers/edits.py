"""Messages that are edited after they were sent: what a draft came from changes the draft, while nobody has changed it.

Edited commands are run again (`handlers/origin.py`), but for `/post`, which has a draft already; an edited answer to a
question answers it again (`handlers/question_bounds.py`). What says the same as before (`handlers/said.py`) comes here
only where nobody remembers what it said.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.corrections import Corrections
from bot.desk.drafts import UNPUBLISHED, Drafts, Submission
from bot.desk.rest import with_rest
from bot.desk.sends import SendControl
from bot.errors import NotFound, Stale
from bot.model.desk import Role
from bot.model.news import Article, ArticleState
from bot.model.readers import ChatKind
from bot.screens.callbacks import TakeEdit
from bot.screens.desk import draft_card, edited_card, fix_offer_card, pasted_card
from bot.screens.questions import closed_card
from bot.telegram.reply import Reply
from bot.text.pasted import Part
from handlers.actor import Actor
from handlers.acts import Act, Acts
from handlers.anew import made_anew, with_media
from handlers.commands import Command, Typed, typed_command
from handlers.desk import planned_note
from handlers.filters import Private, RequireRole
from handlers.made import Made, MadeOf
from handlers.pastes import propose_anew
from handlers.proposals import Proposals
from handlers.question_kinds import Write
from handlers.questions import Questions
from handlers.submissions import behind_its_command, media_of, pictures_of, post, posted, submission_of
from handlers.taps import Tap


class OfTheDesk(Filter):
    """Lets edits through of whoever may write; others' are nobody's business."""

    async def __call__(self, _: Message, actor: Actor) -> bool:
        """Check the role, without a word."""
        return actor.editor.role >= Role.AUTHOR


def register(router: Router) -> None:
    """Add the routes of edited messages."""
    router.edited_message.register(edited_part, Private(), OfTheDesk(), OfAnAct("draft", "body"))
    router.edited_message.register(edited_picture, Private(), OfTheDesk(), OfAnAct("photo"))
    router.edited_message.register(edited_proposal, Private(), OfTheDesk(), OfAnAct("correction"))
    router.edited_message.register(given_words, Private(), OfTheDesk(), WaitsForWords())
    router.edited_message.register(posted_late, Command("post"), Private(), OfTheDesk(), MadeNothing())
    router.edited_message.register(edited, Private(), OfTheDesk())
    router.callback_query.register(take, Tap(TakeEdit), RequireRole(Role.AUTHOR), Private())


_ASKS = ("asked", "card")  # which messages belong to a question that is open


class OfAnAct(Filter):
    """Lets edits through of what was sent in several messages last, by what it became: handlers find it as `act`."""

    def __init__(self, *what: str) -> None:
        self._what = what

    async def __call__(self, message: Message, state: FSMContext) -> bool | dict[str, Any]:
        """Look for the message among them."""
        act = await Acts(state).last()
        if act is None or act.what not in self._what or message.message_id not in act.numbers or len(act.numbers) == 1:
            return False
        return {"act": act}


class WaitsForWords(Filter):
    """Lets a picture through that waits for words: it has got them, or another picture is in its place."""

    async def __call__(self, message: Message, questions: Questions, raw_state: str | None = None) -> bool:
        """Look for the message among those that wait."""
        if raw_state != Write.words.state or not media_of(message):
            return False
        return message.message_id in (await questions.about()).get("messages", ())


class MadeNothing(Filter):
    """Lets a message through that nothing has come of yet."""

    async def __call__(self, message: Message, drafts: Drafts) -> bool:
        """Look for what was made of it."""
        return await drafts.made_of(submission_of(message).key) is None


async def edited_proposal(
    message: Message,
    act: Act,
    state: FSMContext,
    actor: Actor,
    corrections: Corrections,
    drafts: Drafts,
    reply: Reply,
) -> None:
    """Propose the text of a correction as its messages are now; what is proposed no more can be corrected anew."""
    if await Proposals(state).on(act.card) is None:
        if (article := await drafts.found(act.article, actor.editor)) is not None:
            await offer(article, message, actor, reply, whole=False)
        return
    await propose_anew(act.with_edited(message), state, actor, corrections, reply)


async def edited_picture(
    message: Message, act: Act, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """Change one picture of an album that answered a question, with what stands under it; the others stay."""
    article = await drafts.found(act.article, actor.editor)
    if article is None:
        return
    shown, new = (article.photo.all if article.photo is not None else ()), pictures_of(message)
    known = len(act.pictures) == len(shown) and message.message_id in act.pictures
    place = act.pictures.index(message.message_id) if known else len(shown)
    if not new or (shown[place : place + 1] == new and article.version == act.version):
        return
    if shown[place : place + 1] != new:  # else a kill came behind the change
        if article.state is not ArticleState.DRAFT or article.version != act.version or not known:
            await offer(article, message, actor, reply, whole=False)
            return
        article = await drafts.set_photo(article, (*shown[:place], *new, *shown[place + 1 :]), actor.editor)
    card = draft_card(article, actor.look, actor.editor.role, full=True, note=actor.say("desk-edited"))
    card_id = await reply.redraw(act.card, card)
    await Acts(state).keep(replace(act, version=article.version, card=card_id))


async def edited_part(
    message: Message,
    act: Act,
    state: FSMContext,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
    command: Typed | None = None,
) -> None:
    """Change what was made of several messages as one of them is now, while nobody else has changed it."""
    sent = behind_its_command(message, command)
    changed = act.with_edited(message, Part(sent.text, sent.entities))
    article = await drafts.found(act.article, actor.editor)
    if article is None:
        return
    anew = await made_anew(message, act, changed, article, actor, drafts)
    if anew is None:
        await offer(article, message, actor, reply, whole=False)
        return
    article = anew
    before = await MadeOf(state).of(article.id)
    if article.version == act.version and (before is None or before.drawn):
        return
    await _draw_anew(replace(changed, version=article.version), article, state, actor, reply)


async def _draw_anew(act: Act, article: Article, state: FSMContext, actor: Actor, reply: Reply) -> None:
    """Draw the card of what was made of several messages; the act is kept behind the note that it is to be drawn.

    What a kill cuts off before that is done again, and behind it the card is drawn.
    """
    note = actor.say("desk-edited")
    if act.what == "draft" and len(act.parts) > 1 and not act.group:  # an album is sent as one
        card = pasted_card(article, len(act.parts), actor.look, actor.editor.role, note=note)
    else:
        card = draft_card(article, actor.look, actor.editor.role, full=act.what != "draft", note=note)

    async def draw() -> int | None:
        await Acts(state).keep(act)
        return await reply.redraw(act.card, card)

    made = Made(article=article.id, version=article.version, messages=act.numbers, card=act.card)
    shown = await MadeOf(state).drawn(made, draw)
    if shown != act.card:
        await Acts(state).keep(replace(act, card=shown))


async def given_words(
    message: Message, state: FSMContext, questions: Questions, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """Make a draft of a picture that has got its words; one that has none yet waits on, as it is now."""
    await posted(message, state, questions, actor, drafts, reply, raw_state=Write.words.state)


async def posted_late(
    message: Message,
    command: Typed,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
) -> None:
    """Make a draft of a command that has got its text: before, it only asked for one."""
    if not command.args:
        return
    if await questions.is_open(Write.post):
        await questions.answered()
    await post(message, command, state, questions, actor, drafts, reply)


async def edited(
    message: Message,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
    command: Typed | None = None,
) -> None:
    """Change the draft that was made of a message, or say why it stays as it is."""
    sent = behind_its_command(message, command)
    article, made = await drafts.made_of(sent.key), await MadeOf(state).by_message(message.message_id)
    if made is not None and made.in_parts:
        if (found := await drafts.found(made.article, actor.editor)) is not None:
            untouched = found.state is ArticleState.DRAFT and found.version == made.version
            await offer(found, message, actor, reply, whole=False, untouched=untouched)
        return
    if article is None and made is not None:  # one of several messages that were made articles apart
        article = await drafts.found(made.article, actor.editor)
    if article is not None:
        version = made.version if made is not None else 0
        made = made or Made(article=article.id, version=version, messages=(message.message_id,))
        asks = await questions.current() is not None and made.card in set(map((await questions.about()).get, _ASKS))
        made = replace(made, card=None) if asks else made
        if not await _rewrite(article, sent, made, state, actor, drafts, reply):
            await offer(article, message, actor, reply, whole=bool(sent.text.strip()))
    elif sent.media and sent.text.strip():  # a picture has got its words when nobody asks for them
        await reply.send(
            closed_card(actor.say("desk-edited-captioned"), actor.look, actor.editor.role), to=message.message_id
        )


async def _rewrite(
    article: Article,
    sent: Submission,
    made: Made,
    state: FSMContext,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
) -> bool:
    """Change a draft, and its card, which would have the old text; without one, or where that is gone, in a new one.

    Where no words are left of the message the draft keeps those it has. Returns whether nobody else has changed it.
    """
    worded = bool(sent.text.strip())
    if article.state is not ArticleState.DRAFT or (not worded and not sent.media and article.version != made.version):
        return False
    seen, part = made.version, "draft"
    changed = await with_rest(drafts, article, sent, actor.editor, seen=seen, part=part) if worded else article
    pictured = await with_media(changed, sent.media, seen, actor, drafts) if changed is not None else None
    if pictured is None:
        return False
    as_it_was = worded and made.drawn and pictured.version == made.version
    made = replace(made, article=article.id, version=pictured.version, drawn=True)
    if as_it_was:
        await MadeOf(state).note(made)
    else:
        note = actor.say("desk-edited" if worded else "desk-edited-wordless")
        card = draft_card(pictured, actor.look, actor.editor.role, full=False, note=note)
        await MadeOf(state).drawn(made, partial(reply.redraw, made.card, card))
    return True


async def offer(
    article: Article, message: Message, actor: Actor, reply: Reply, *, whole: bool = True, untouched: bool = False
) -> None:
    """Offer what can still be done: somebody has worked on the article since, approved or discarded it, or it is out.

    `whole` is set where the message has all of what the article was made of, `untouched` where nobody has changed it.
    """
    if article.state in UNPUBLISHED:
        card = edited_card(article, actor.look, actor.editor.role, whole=whole, untouched=untouched)
    elif article.state is ArticleState.PUBLISHED:
        card = fix_offer_card(article, actor.look, actor.editor.role)
    else:
        gone = "desk-edited-retracted" if article.state is ArticleState.RETRACTED else "desk-edited-discarded"
        card = closed_card(actor.say(gone, whole="yes" if whole else "no"), actor.look, actor.editor.role)
        card = card if whole else replace(card, rows=())
    await reply.send(card, to=message.message_id)


async def take(
    query: CallbackQuery,
    tap: TakeEdit,
    state: FSMContext,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    reply: Reply,
) -> None:
    """Take the text of the edited message after all; raises NotFound when that message is gone, and Stale.

    What a kill came behind goes on: the draft has that text already.
    """
    answered = query.message.reply_to_message if isinstance(query.message, Message) else None
    if answered is None:
        raise NotFound
    article = await drafts.changeable(tap.article, actor.editor)
    if article.state not in UNPUBLISHED:
        raise Stale
    sent = behind_its_command(answered, typed_command(answered, ChatKind.PRIVATE, ""))
    article = await drafts.rewrite(article, sent, actor.editor, tap.version)
    said = (actor.say("desk-edited"), await planned_note(article, actor, send_control))
    note = "\n".join(filter(None, said))
    card = draft_card(article, actor.look, actor.editor.role, full=False, note=note)
    messages = (answered.message_id,)
    made = Made(article=article.id, version=article.version, messages=messages, card=reply.tapped)
    await MadeOf(state).drawn(made, partial(reply.show, card))
