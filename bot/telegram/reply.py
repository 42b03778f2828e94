"""The screen: where the answer to one event goes. A tap changes the message it was made on; a word gets a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import NotFound
from bot.model.chats import RelatedUse, Shown
from bot.model.outcomes import MessageGone, Unknown
from bot.model.readers import Address, ChatKind, Reader
from bot.ports import MessageScreenStore
from bot.screens.callbacks import Action, Open, Related, Show, article_on, decode
from bot.screens.card import Card, Keyboard
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import RelatedScreen
from bot.telegram.messenger import TelegramMessenger
from bot.text.styled import Styled
from bot.timing.clock import Clock

_NO_SCREEN = ""  # of what cannot be drawn anew, but goes on in further messages
_CORRECTIONS = 3  # of one article while one message is on its way


@dataclass(slots=True, kw_only=True)
class Reply:
    """Answers one event. `tapped` is the message a button was pressed on, None when somebody wrote.

    `at_desk` says whether it is an editor's own chat, where screens have what editors can do.
    """

    messenger: TelegramMessenger
    shown: MessageScreenStore
    presenter: Presenter
    clock: Clock
    reader: Reader
    at_desk: bool = False
    tapped: int | None = None
    tap_id: str = ""
    drawn: bool = False  # whether the tapped message shows something else by now
    _answered: bool = False

    @property
    def address(self) -> Address:
        """Where the event came from."""
        return self.reader.address

    async def show(self, card: Card) -> int | None:
        """Show a card: in the message that was tapped, else in a new one. Returns the message's id, None on failure.

        A new one it is also where the tapped one is gone by now, or Telegram has it changed no more.

        Its screen is kept, so that a correction finds the message and knows what it shows: before it is shown, because
        an edit that a correction has under way looks there when it has arrived.
        """
        if self.tapped is None:
            return await self.send(card)
        await self.toast()
        before, left = await self._cleared(self.tapped)
        if card.screen is not None:
            await self._put(self.tapped, card.screen, left)
        tail = await self.messenger.changed(self.address, self.tapped, card, plain=self.reader.plain)
        if isinstance(tail, list):
            self.drawn = True
            await self._keep(self.tapped, card, [*left, *tail], begun=True)
            return self.tapped
        if card.screen is not None and not isinstance(tail, Unknown):
            await self._put_back(self.tapped, before, left)
        return await self.send(card) if isinstance(tail, MessageGone) else None

    async def show_again(self, otherwise: Show) -> None:
        """Show anew what the tapped message shows; `otherwise` where that is not known."""
        here = await self.shown.get(self.address.chat_id, self.tapped) if self.tapped is not None else None
        screen = decode(here.screen) if here is not None else None
        action = screen if isinstance(screen, (Open, Related, Show)) else otherwise
        await self.show(await self.presenter.card(action, self.reader, desk=self.at_desk))

    async def way_back(self, message_id: int | None = None) -> Action | None:
        """Return the screen that the tapped message, or that other one, has shown last; None when none is known.

        What stands in its place by now is no screen by itself: a draft opened from a list, a question about an article.
        """
        number = message_id if message_id is not None else self.tapped
        known = await self.shown.get(self.address.chat_id, number) if number is not None else None
        return decode(known.screen) if known is not None else None

    async def remember_way_back(self, message_id: int, screen: Action) -> None:
        """Have a message of ours lead back to a screen that it has not shown itself. May be repeated."""
        known = await self.shown.get(self.address.chat_id, message_id)
        await self._put(message_id, screen, list(known.tail) if known is not None else [])

    async def send(self, card: Card, *, to: int | None = None) -> int | None:
        """Show a card in a new message, also after a tap; one that answers message `to`, if that is given."""
        sent = await self.messenger.reply(self.address, card, self.reader.kind, plain=self.reader.plain, reply_to=to)
        if not sent:
            return None
        await self._keep(sent[0], card, sent[1:])
        return sent[0]

    async def redraw(self, message_id: int | None, card: Card, *, to: int | None = None) -> int | None:
        """Show a card in an older message of ours, or in a new one, as `send`, where that cannot be changed."""
        if message_id is not None:
            _, left = await self._cleared(message_id)
            tail = await self.messenger.change(self.address, message_id, card, plain=self.reader.plain)
            if tail is not None:
                self.drawn = self.drawn or message_id == self.tapped
                await self._keep(message_id, card, [*left, *tail])
                return message_id
        return await self.send(card, to=to)

    async def say(self, text: str) -> None:
        """Say a sentence in a new message."""
        await self.send(Card(Styled(text)))

    async def tell(self, user_id: int, text: str) -> None:
        """Say a sentence to somebody else, if they have ever written to the bot."""
        await self.messenger.reply(Address(user_id), Card(Styled(text)), ChatKind.PRIVATE)

    async def toast(self, text: str = "", *, alert: bool = False, url: str = "") -> None:
        """Answer the tap, once: take its spinner away, with a word or a link if there is one."""
        if self.tap_id and not self._answered:
            self._answered = True
            await self.messenger.answer_tap(self.tap_id, text, alert=alert, url=url)

    async def without_buttons(self, message_id: int, left: Keyboard = ()) -> None:
        """Take the buttons of an older message of ours away, all but the rows that are `left`."""
        await self.messenger.strip(self.address.chat_id, message_id, left)

    async def _keep(self, message_id: int, card: Card, tail: list[int], *, begun: bool = False) -> None:
        """Keep which screen a message shows; draw it again when its article was corrected while it was on its way.

        A correction that is made later than that finds the message by what is kept. What has `begun` is kept already,
        but for its tail.
        """
        screen = card.screen
        if screen is None:
            if tail:
                known = await self.shown.get(self.address.chat_id, message_id)
                await self._put_back(message_id, known or Shown(_NO_SCREEN), tail)
            return
        if tail or not begun:
            await self._put(message_id, screen, tail)
        if (use := _use_of(screen)) is not None:
            await self.shown.count_use(use)
        for _ in range(_CORRECTIONS):
            newer = await self._newer(card)
            if newer is None:
                return
            left = await self._without(tail)
            changed = await self.messenger.change(self.address, message_id, newer, plain=self.reader.plain)
            if changed is None:
                return
            card, tail = newer, [*left, *changed]
            await self._put(message_id, screen, tail)

    async def _newer(self, card: Card) -> Card | None:
        try:
            return await self.presenter.newer(card, self.reader, desk=self.at_desk)
        except NotFound:
            return None

    async def _cleared(self, message_id: int) -> tuple[Shown | None, list[int]]:
        """Take away what a message goes on in; returns what it shows, and what is to be taken away later."""
        before = await self.shown.get(self.address.chat_id, message_id)
        if before is None or not before.tail:
            return before, []
        left = await self._without(before.tail)
        then = replace(before, tail=tuple(left))
        await self.shown.fold(self.address.chat_id, message_id, before, then, self.clock.now())
        return before, left

    async def _without(self, tail: Sequence[int]) -> list[int]:
        """Take further messages away; returns those that are to be taken away later."""
        gone = not tail or await self.messenger.remove(self.address.chat_id, list(tail))
        return [] if gone else list(tail)

    async def _put(self, message_id: int, screen: Action, tail: list[int]) -> None:
        opened = screen.article if isinstance(screen, Open) else None
        chat_id, article_id, now = self.address.chat_id, article_on(screen), self.clock.now()
        await self.shown.put(chat_id, message_id, screen.encode(), article_id, tail, now, opened=opened)

    async def _put_back(self, message_id: int, before: Shown | None, tail: list[int]) -> None:
        """Keep what a message shows that could not be changed."""
        chat_id, now = self.address.chat_id, self.clock.now()
        if before is None:
            await self.shown.drop(chat_id, message_id)
        else:
            await self.shown.put(chat_id, message_id, before.screen, before.article_id, tail, now)


def _use_of(screen: Action) -> RelatedUse | None:
    """Return what is counted: a list that is made, not one that somebody returns to, and an article opened in one."""
    match screen:
        case Related(article=article):
            return RelatedUse(article, opened=False)
        case Open(root=RelatedScreen(article=article), page=0):
            return RelatedUse(article, opened=True)
    return None


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes the reply to each event."""

    messenger: TelegramMessenger
    shown: MessageScreenStore
    presenter: Presenter
    clock: Clock

    def to(self, reader: Reader, *, tap: tuple[str, int] | None) -> Reply:
        """Return the reply to what came from a chat: a word, or a tap by its id and the message it was made on."""
        tap_id, tapped = tap or ("", None)
        return Reply(
            messenger=self.messenger,
            shown=self.shown,
            presenter=self.presenter,
            clock=self.clock,
            reader=reader,
            tapped=tapped,
            tap_id=tap_id,
        )
