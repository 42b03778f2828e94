"""Sending: deliveries of the ledger, and replies to people."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.delivery.pacing import ChatPacer, Slots
from bot.delivery.throttle import Throttle
from bot.model.asking import Heard, Presence
from bot.model.ledger import Delivery, Priority
from bot.model.news import Photo
from bot.model.outcomes import PASSING, BadContent, Delivered, Moved, NotConnected, Outcome, Refused, Throttled, Unknown
from bot.model.readers import Address, ChatKind
from bot.ports import MessageIdStore
from bot.screens.card import Card, Keyboard
from bot.screens.inline import Offers
from bot.telegram import wire
from bot.telegram.calls import Call, ask
from bot.telegram.forms import (
    Form,
    Refusals,
    forms_of,
    has_emoji,
    in_form,
    may_be_the_form,
    never_heard_of,
    without_emoji,
    without_formatting,
    without_photo,
)
from bot.telegram.outcomes import outcome_of, presence_of
from bot.telegram.places import aside
from bot.telegram.records import (
    Newest,
    delivered,
    handling,
    ids_of,
    makes_a_message,
    mark_of,
    recorded,
    said_before,
    still_mine,
)
from bot.telegram.session import Session
from bot.telegram.tries import Tries
from bot.text.beside import beside
from bot.text.ellipsis import cut
from bot.text.styled import Styled
from bot.timing.clock import Clock
from bot.timing.patience import Patience

log = structlog.get_logger(__name__)

_EMPTY = Card(Styled("…"))  # what a message shows that nobody is to read any more
_FORMS_SECONDS = 10.0  # after that a delivery is not begun again in another form: it may count as lost soon


@dataclass(slots=True, kw_only=True)
class TelegramMessenger:
    """Turns cards into requests and answers into outcomes. Nothing is raised but cancellation."""

    bot: Bot
    pacer: Slots
    chats: ChatPacer
    throttle: Throttle
    clock: Clock
    ids: MessageIdStore | None = None  # where replies outside of handlers are recorded; None in benches
    rich_known: bool = True
    prepared: wire.Prepared = field(default_factory=wire.Prepared)
    refusals: Refusals = field(default_factory=Refusals)
    _patience: Patience = field(default_factory=Patience)
    _newest: Newest = field(default_factory=Newest)

    async def send(self, delivery: Delivery, card: Card) -> Outcome:
        """Send one delivery; the caller has waited for its slot.

        One request is written, and another in a simpler form only when Telegram refused the one before: nothing is
        sent twice.
        """
        outcome: Outcome = NotConnected("not tried")
        rich = bool(card.rich) and self.rich_known and not delivery.reader.plain and not self.refusals.hopeless(card)
        begun = self.clock.monotonic()
        for number, form in enumerate(forms_of(card, rich=rich)):
            if number and not await self._another_turn(delivery.lane):
                return NotConnected("stopping")
            if self.clock.monotonic() - begun > _FORMS_SECONDS:
                return NotConnected("no time for another form")
            outcome = await self._sent(delivery.reader.address.chat_id, await self._call_for(delivery, card, form))
            self.refusals.noted(card, form, outcome)
            if not may_be_the_form(outcome, form):
                return outcome
            log.warning("Telegram did not accept a card", delivery=delivery.id, form=form.name, reason=outcome.reason)
            if form is Form.RICH and never_heard_of(outcome):
                self.rich_known = False
        return outcome

    async def exists(self, chat_id: int, message_id: int) -> Heard:
        """Tell whether a message is in a chat: a reaction that nobody set is taken away, which nobody sees.

        May be repeated. The caller has waited for its slot; what Telegram asks to wait is noted.
        """
        call = Call("setMessageReaction", {"chat_id": chat_id, "message_id": message_id, "reaction": []})
        try:
            await ask(self.bot, call)
        except AiogramError as error:
            heard = presence_of(error)
            if isinstance(heard, Throttled):
                self.throttle.refused(chat_id, heard.seconds)
            return heard
        return Presence.THERE

    def given_since(self, moment: float, counter: int) -> int | None:
        """Return the id of a message of a counter that was begun after a moment of the monotonic clock."""
        return self._newest.since(moment, counter)

    async def _sent(self, chat_id: int, call: Call) -> Outcome:
        """Make a request that makes a message, and remember the highest number that such a one got."""
        begun = self.clock.monotonic()
        outcome = await self._request(call)
        if isinstance(outcome, Delivered) and makes_a_message(call):
            self._newest.note(chat_id, begun, outcome.message_id)
        return outcome

    async def _another_turn(self, lane: Priority) -> bool:
        """Wait for the turn of a second try; returns whether there was one before the end. The first left nothing."""
        try:
            async with self._patience.bounded():
                await self.pacer.slot(lane)
        except TimeoutError:
            return False
        return True

    def end_in(self, seconds: float) -> None:
        """Give requests under way so many seconds from now, and begin none later. May be repeated."""
        self._patience.end_in(seconds)
        if isinstance(self.bot.session, Session):
            self.bot.session.end_in(seconds)

    async def _call_for(self, delivery: Delivery, card: Card, form: Form) -> Call:
        to, target = delivery.reader.address, delivery.target_message
        if delivery.kind.traits.holds_article or target is None:
            return self.prepared.send(to, card, form, paid=delivery.paid, reply_to=target)
        shaped = in_form(card, form)
        if not delivery.kind.traits.edits:
            return wire.send_plain(to, shaped, reply_to=target)
        if shaped.rich:
            return wire.edit_rich(to.chat_id, target, shaped)
        first, *_ = await _in_messages(shaped)
        return wire.edit_plain(to.chat_id, target, first)

    async def ready(self, number: int) -> None:
        """Open connections for so many deliveries, so that none of them keeps its turn waiting for one."""
        if isinstance(self.bot.session, Session):
            await self.bot.session.ready(number)

    async def answers(self) -> bool:
        """Tell whether the server answers a question that changes nothing."""
        return not isinstance(await self._request(Call("getMe", {})), (Unknown, NotConnected))

    async def reply(
        self, to: Address, card: Card, kind: ChatKind, *, plain: bool = False, reply_to: int | None = None
    ) -> list[int]:
        """Send a card to somebody who asked for it; returns the ids of the messages, none when it failed.

        `reply_to` is the message it answers, if that is to be seen.
        """
        rich, simple = (partial(send, to, reply_to=reply_to) for send in (wire.send_rich, wire.send_plain))
        outcome, tail = await self._richest(to.chat_id, card, plain, rich, simple)
        if isinstance(outcome, Moved):  # a group that became another chat while it was answered
            to = replace(to, chat_id=outcome.chat_id)
            there = partial(wire.send_plain, to)
            outcome, tail = await self._richest(to.chat_id, card, plain, partial(wire.send_rich, to), there)
        if not isinstance(outcome, Delivered):
            return []
        self.chats.wrote(to.chat_id, kind)
        return [*ids_of(outcome), *await self._send_tail(to, tail)]

    async def change(self, to: Address, message_id: int, card: Card, *, plain: bool = False) -> list[int] | None:
        """Make a message show a card; returns the ids of the messages of its tail, None when it failed."""
        changed = await self.changed(to, message_id, card, plain=plain)
        return changed if isinstance(changed, list) else None

    async def changed(self, to: Address, message_id: int, card: Card, *, plain: bool = False) -> list[int] | Outcome:
        """Do as `change` does; returns why it failed when it did."""
        here = (to.chat_id, message_id)
        outcome, tail = await self._richest(
            to.chat_id, card, plain, partial(wire.edit_rich, *here), partial(wire.edit_plain, *here)
        )
        return await self._send_tail(to, tail) if isinstance(outcome, Delivered) else outcome

    async def remove(self, chat_id: int, message_ids: list[int]) -> bool:
        """Delete messages of ours; of what is older than two days the text goes, and pictures stay.

        Returns False when they may still be there, and another try may take them away.
        """
        if (mine := handling.get()) is not None:  # what its earlier try has sent is what this one is about to
            message_ids = [number for number in message_ids if not mine.stays(chat_id, number)]
        if not message_ids:
            return True
        call = Call("deleteMessages", {"chat_id": chat_id, "message_ids": message_ids})
        outcomes = [await self._asked(chat_id, call)]
        if isinstance(outcomes[0], Refused):  # one is too old, and none was deleted
            outcomes = [await self._asked(chat_id, wire.edit_plain(chat_id, one, _EMPTY)) for one in message_ids]
        return not any(isinstance(one, PASSING) for one in outcomes)

    async def strip(self, chat_id: int, message_id: int, left: Keyboard = ()) -> None:
        """Take the buttons of a message of ours away, all but the rows that are `left`."""
        content: dict[str, object] = {"chat_id": chat_id, "message_id": message_id}
        if left:
            content["reply_markup"] = {"inline_keyboard": list(left)}
        await self._asked(chat_id, Call("editMessageReplyMarkup", content))

    async def answer_tap(self, callback_id: str, text: str = "", *, url: str = "", alert: bool = False) -> None:
        """Answer a tap on a button: take its spinner away, perhaps with a word or a link into the bot."""
        payload = {
            "callback_query_id": callback_id,
            "text": cut(text, 200) or None,
            "url": url or None,
            "show_alert": alert or None,
        }
        await self._request(Call("answerCallbackQuery", payload))

    async def offer(self, query_id: str, offers: Offers) -> None:
        """Answer an inline query. It takes no slot: Telegram counts messages only."""
        await self._request(wire.inline_answer(query_id, offers))

    async def _richest(
        self,
        chat_id: int,
        card: Card,
        plain: bool,  # noqa: FBT001  a reader's setting, passed on
        rich: Callable[[Card], Call],
        simple: Callable[[Card], Call],
    ) -> tuple[Outcome, list[Card]]:
        """Try the richest form first, then simpler ones, until Telegram accepts one.

        Returns what became of it, and the cards that go on behind a long plain one.
        """
        if card.rich and self.rich_known and not plain:
            outcome = await self._asked(chat_id, rich(card))
            if may_be_the_form(outcome) and has_emoji(card):
                card = without_emoji(card)
                outcome = await self._asked(chat_id, rich(card))
            if may_be_the_form(outcome) and card.photo is not None:
                outcome = await self._asked(chat_id, rich(without_photo(card)))
            if not may_be_the_form(outcome):
                return outcome, []
            log.warning("a rich message was not accepted; sending it as a plain one", reason=outcome.reason)
            if never_heard_of(outcome):
                self.rich_known = False
        first, *tail = await _in_messages(card)
        outcome = await self._asked(chat_id, simple(first))
        if isinstance(outcome, BadContent) and has_emoji(card):
            first, *tail = map(without_emoji, (first, *tail))
            outcome = await self._asked(chat_id, simple(first))
        if isinstance(outcome, BadContent):
            log.error("Telegram did not accept a card", reason=outcome.reason)
            first, *tail = map(without_formatting, (first, *tail))
            outcome = await self._asked(chat_id, simple(first))
        return outcome, tail

    async def _send_tail(self, to: Address, tail: list[Card]) -> list[int]:
        """Send what does not fit into one plain message, silently; returns the ids. Pictures go as albums."""
        sent: list[int] = []
        for cards in wire.in_albums(tail):
            ids = await self._send_album(to, [card.photo for card in cards if card.photo]) if len(cards) > 1 else []
            for card in () if ids else cards:
                photo = card.photo if card.photo and card.photo.file_id else None
                call = wire.send_photo(to, photo) if photo else wire.send_plain(to, card)
                ids += ids_of(await self._asked(to.chat_id, call))
            sent += ids
        return sent

    async def _send_album(self, to: Address, photos: list[Photo]) -> list[int]:
        """Send several pictures as one album, each of which is a message to Telegram's limits; none when refused."""
        with aside():
            for _ in photos[1:]:
                await self.pacer.slot(Priority.REPLY)
        return ids_of(await self._asked(to.chat_id, wire.send_album(to, photos)))

    async def _asked(self, chat_id: int, call: Call) -> Outcome:
        """Make a request somebody waits for; of a message that it makes, the number is recorded."""
        tries = Tries(pacer=self.pacer, chats=self.chats, throttle=self.throttle, clock=self.clock)
        if not makes_a_message(call):
            return await tries.make(chat_id, lambda: self._answered(chat_id, call))
        mark = mark_of(call.__api_method__, call.body)
        if (known := said_before(chat_id, mark)) is not None:
            return known
        async with recorded(self.ids, self.clock, chat_id, mark) as note:
            outcome = await tries.make(chat_id, lambda: self._answered(chat_id, call))
            note(outcome)
        return outcome

    async def _answered(self, chat_id: int, call: Call) -> Outcome:
        """Make a request for an update, if that is still this process's when the turn has come."""
        if not await still_mine(self.clock):
            return NotConnected("another process handles the update")
        return await self._sent(chat_id, call)

    async def _request(self, call: Call) -> Outcome:
        try:
            result = await ask(self.bot, call)
        except AiogramError as error:
            outcome = outcome_of(error)
            log.debug("request failed", method=call.__api_method__, outcome=outcome)
            return outcome
        return delivered(result)


async def _in_messages(card: Card) -> list[Card]:
    """Return a card as plain messages."""
    return await beside(len(card.text.text), wire.in_messages, card)
