"""What an editor writes without a command and what is no article by its look: they are offered to make one of it.

A long text arrives as several messages, and the offer answers the first of them. What is made of it is made of all: the
others are kept with the offer, also those that come when its button was pressed already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import Drafts, Submission
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.errors import Empty, TooLong
from bot.model.desk import Role
from bot.model.limits import TEXT_MOST
from bot.model.news import Article, ArticleState
from bot.model.readers import ChatKind
from bot.screens.callbacks import Show
from bot.screens.card import Button, Card
from bot.screens.desk import draft_card, pasted_card
from bot.screens.links import Links
from bot.screens.questions import ComposeReply, FlashReply, closed_card
from bot.screens.screen_refs import SearchScreen
from bot.telegram.reply import Reply
from bot.text.pasted import Part, joined, may_go_on
from handlers.actor import Actor
from handlers.acts import Act, Acts, Continues, act_of, as_data, part_of
from handlers.commands import typed_command
from handlers.desk import as_it_is
from handlers.filters import Private, RequireRole
from handlers.made import Made, MadeOf
from handlers.publishing import confirmation
from handlers.questions import Questions
from handlers.submissions import behind_its_command, left_out_note
from handlers.taps import Tap

OFFERED = "offered"
"""What an act became that nothing has been made of yet."""
_MOST = 5  # offers that are remembered of one person; each may be as long as an article


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What was sent, what is said above the buttons, and the number of the search that is offered; 0 for none."""

    act: Act
    text: str
    search: int = 0

    @property
    def in_parts(self) -> bool:
        """Whether no single message has all of it."""
        return len(self.act.parts) > 1

    def card(self, actor: Actor) -> Card:
        """Return the offer; of several messages it says so."""
        number = len(self.act.parts)
        text = "\n".join([self.text, *([actor.say("desk-together", n=number)] if self.in_parts else [])])
        card = closed_card(text, actor.look, actor.editor.role)
        if not self.search:
            return card
        return replace(card, rows=(*card.rows, (Button(actor.say("button-search"), Show(SearchScreen(self.search))),)))


class Offers:
    """The last offers to whoever writes, kept beside the open question."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="offered"))

    async def keep(self, offer: Offer) -> None:
        """Remember an offer, or what was added to it."""
        others = [_data(one) for one in await self._all() if not set(one.act.messages) & set(offer.act.messages)]
        await self._state.set_data({"offers": [*others, _data(offer)][-_MOST:]})

    async def by_message(self, message_id: int) -> Offer | None:
        """Return the offer that a message belongs to; None where there was none, or it is one of long ago."""
        return next((one for one in await self._all() if message_id in one.act.messages), None)

    async def _all(self) -> list[Offer]:
        data = await self._state.get_data()
        return [Offer(**{**one, "act": act_of(one["act"])}) for one in data.get("offers", ())]


def _data(offer: Offer) -> Mapping[str, Any]:
    return {"act": as_data(offer.act), "text": offer.text, "search": offer.search}


class OfAnOffer(Filter):
    """Lets edits through of what was offered in several messages, and made nothing of: handlers find it as `offer`."""

    async def __call__(self, message: Message, actor: Actor, state: FSMContext) -> bool | dict[str, Any]:
        """Look for the message among them."""
        if actor.editor.role < Role.AUTHOR or await MadeOf(state).by_message(message.message_id) is not None:
            return False
        offer = await Offers(state).by_message(message.message_id)
        return {"offer": offer} if offer is not None and offer.in_parts else False


def register(router: Router) -> None:
    """Add the routes of offers; they are asked before any other that takes words."""
    author, editor = RequireRole(Role.AUTHOR), RequireRole(Role.EDITOR)
    router.message.register(go_on, Private(), Continues(OFFERED))
    router.edited_message.register(edited, Private(), OfAnOffer())
    router.callback_query.register(flash, Tap(FlashReply), editor, Private())
    router.callback_query.register(compose, Tap(ComposeReply), author, Private())


async def offer_draft(
    message: Message, text: str, state: FSMContext, actor: Actor, reply: Reply, *, search: int = 0
) -> int | None:
    """Offer to make a draft of a message, in an answer to it, and remember that; returns the answer's number."""
    act = _act_of(message, part_of(message))
    offer = Offer(act=act, text=text, search=search)
    shown = await reply.send(offer.card(actor), to=message.message_id)
    await _keep(replace(offer, act=replace(act, card=shown)), state)
    return shown


def _act_of(message: Message, part: Part) -> Act:
    number = message.message_id
    return Act(what=OFFERED, article=0, card=None, parts=(part,), at=message.date, messages=(number,))


async def _keep(offer: Offer, state: FSMContext) -> None:
    """Remember an offer. What is one message can be read under its button, but that it is all must be known, too."""
    if offer.in_parts or may_go_on(offer.act.parts[0]):
        await Offers(state).keep(offer)
    await Acts(state).keep(offer.act)


async def go_on(_: Message, act: Act, state: FSMContext, actor: Actor, reply: Reply) -> None:
    """Add a message to what was offered before; raises TooLong, once, where that is more than an article may have."""
    before = await _offer_of(act, state)
    if before is not None and before.act.is_full:
        await Acts(state).keep(act)
        return
    offer = replace(before, act=act) if before is not None else Offer(act=act, text=actor.say("unknown-editor-text"))
    await _keep(offer, state)
    if act.is_full:
        raise TooLong(length=len(joined(act.parts).text), limit=TEXT_MOST)
    card = await reply.redraw(act.card, offer.card(actor), to=act.messages[0])
    if card != act.card:
        await _keep(replace(offer, act=replace(act, card=card)), state)


async def _offer_of(act: Act, state: FSMContext) -> Offer | None:
    known = [await Offers(state).by_message(number) for number in act.messages]
    return next((offer for offer in known if offer is not None), None)


async def edited(message: Message, offer: Offer, state: FSMContext) -> None:
    """Keep a message of several as it is now."""
    await Offers(state).keep(replace(offer, act=offer.act.with_edited(message)))
    last = await Acts(state).last()
    if last is not None and last.what == OFFERED and message.message_id in last.messages:
        await Acts(state).keep(last.with_edited(message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """An article that was made of an offer; the card that tells how, None where there is nothing to tell.

    It is not `known` to be whole where the offer is one of long ago, and its message so long that more may have come.
    """

    article: Article
    card: Card | None
    known: bool


async def flash(
    query: CallbackQuery,
    state: FSMContext,
    questions: Questions,
    drafts: Drafts,
    publisher: Publisher,
    send_control: SendControl,
    links: Links,
) -> None:
    """Make a draft of what was written and ask whether it goes out as urgent; once it was ordered, show it as it is.

    What may not be all of what was written is shown as a draft instead, which says so.
    """
    actor, reply = questions.actor, questions.reply
    made = await _drafted(query, state, actor, drafts, reply)
    card = made.card
    if made.article.state is not ArticleState.DRAFT:
        card = await as_it_is(made.article, actor, send_control, links)
    elif card is None or made.known:
        card = await confirmation(made.article, actor, publisher, urgent=True)
    await _show(card, made.article, state, reply)


async def compose(
    query: CallbackQuery,
    state: FSMContext,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Make a draft of what was written; where one was made of it already, that is shown as it is now."""
    made = await _drafted(query, state, actor, drafts, reply)
    card = made.card or await as_it_is(made.article, actor, send_control, links)
    await _show(card, made.article, state, reply)


async def _drafted(query: CallbackQuery, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply) -> Drafted:
    """Make a draft of all that was offered, with everything it had; raises Empty when the first of it is gone."""
    answered = query.message.reply_to_message if isinstance(query.message, Message) else None
    if answered is None:
        raise Empty
    sent = behind_its_command(answered, typed_command(answered, ChatKind.PRIVATE, ""))
    number = answered.message_id
    offer, before = await Offers(state).by_message(number), await MadeOf(state).by_message(number)
    act = _act_of(answered, Part(sent.text, sent.entities))
    if offer is not None and offer.in_parts:
        act = offer.act
        whole = joined(act.parts)
        sent = Submission(key=sent.key, text=whole.text, entities=whole.entities)
    article = await drafts.draft_anew(sent, actor.editor)
    if article.version or (before is not None and before.article == article.id):
        return Drafted(article=article, card=None, known=True)
    known = offer is not None or before is not None or not may_go_on(act.parts[0])
    await Acts(state).keep(replace(act, what="draft", article=article.id, card=reply.tapped))
    await MadeOf(state).note(Made(article=article.id, version=0, messages=act.numbers, card=reply.tapped))
    notes = [left_out_note(answered, sent, drafts, actor.say), "" if known else actor.say("desk-perhaps-cut")]
    note = "\n".join(filter(None, notes))
    if len(act.parts) > 1:
        card = pasted_card(article, len(act.parts), actor.look, actor.editor.role, note=note)
    else:
        card = draft_card(article, actor.look, actor.editor.role, full=False, note=note)
    return Drafted(article=article, card=card, known=known)


async def _show(card: Card, article: Article, state: FSMContext, reply: Reply) -> None:
    """Show what was made, and remember where, if it is not where the offer was."""
    shown, acts, made = await reply.show(card), Acts(state), MadeOf(state)
    if shown is None or shown == reply.tapped:
        return
    if (act := await acts.last()) is not None and act.article == article.id:
        await acts.keep(replace(act, card=shown))
    if (known := await made.of(article.id)) is not None:
        await made.note(replace(known, card=shown))
