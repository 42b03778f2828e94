"""Copies: what an edit makes of a message that a reader holds, and the short reply about a correction."""

from dataclasses import dataclass, replace

from bot.delivery.composer import CardComposer
from bot.delivery.messenger import Messenger
from bot.errors import NotFound
from bot.model.chats import Shown
from bot.model.ledger import Delivery, DeliveryKind
from bot.model.news import Article, ArticleState
from bot.ports import ArticleStore, CorrectionStore, MessageScreenStore
from bot.screens.callbacks import Open, Related, Show, article_on, decode
from bot.screens.card import Card
from bot.screens.corrections import NOTES
from bot.screens.headlines import home
from bot.screens.look import look_of
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import DigestScreen, HeadlineScreen
from bot.text.beside import beside
from bot.text.split import split
from bot.timing.clock import Clock

_REMOVE_TRIES = 3  # after which an edit is made though further messages are still there


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyComposer:
    """Makes the card of any delivery: of a first send as `composer` does, of a change as the message stands now."""

    composer: CardComposer
    presenter: Presenter
    articles: ArticleStore
    corrections: CorrectionStore
    shown: MessageScreenStore
    messenger: Messenger
    clock: Clock

    async def card(self, delivery: Delivery) -> Card | None:
        """Return the card of a delivery, or None when there is nothing to send any more."""
        if delivery.kind is DeliveryKind.PUSH:
            return await self.composer.card(delivery)
        note = NOTES.get(delivery.kind)
        match delivery:
            case Delivery(kind=DeliveryKind.EDIT, article_id=int(article_id)):
                return await self._copy(delivery, await self.articles.get(article_id), changed=article_id)
            case Delivery(kind=DeliveryKind.MENTION, article_id=int(article_id), first_article=int(first)):
                if (await self.articles.get(article_id)).state is not ArticleState.PUBLISHED:
                    return None
                return await self._copy(delivery, await self.articles.get(first), changed=0)
            case Delivery(article_id=int(article_id)) if note is not None:
                # What was said of this revision: a newer correction has a reply of its own.
                said = await self.corrections.told(article_id, delivery.revision)
                article = await self.articles.get(article_id)
                return note(article, said, look_of(delivery.reader, self.clock.now()))
            case _:
                return await self.composer.card(delivery)

    async def overtaken(self, delivery: Delivery, card: Card) -> bool:
        """Tell of a change that was made whether the reader has had the message show something else meanwhile.

        Then the change may have taken its place, and is to be made anew.
        """
        here = await self._here(delivery)
        return (here and here.screen) != (card.over and card.over.screen)

    async def _copy(self, delivery: Delivery, article: Article, *, changed: int) -> Card | None:
        """Return what the message of an older copy is to show now; `changed` is the article that was, 0 if none was."""
        here, reader, own = await self._here(delivery), delivery.reader, Show(HeadlineScreen(article.id))
        action = _opened_in(here)
        if article.retracted and isinstance(action, (Open, Related)) and _is_guest(action, article.id):
            notice = Open(article.id, action.root)
            return replace(await self.presenter.card(notice, reader), over=await self._fold(delivery, here, notice))
        if action is not None and not (article.retracted and delivery.digest_id is None):
            opened = await self._opened(delivery, here, action, changed)
            if opened is not None:
                return opened
        if delivery.digest_id is not None:
            root, look = DigestScreen(delivery.digest_id), look_of(reader, self.clock.now())
            card = await self.composer.digests.card(root.digest, reader, look, root)
            if card is not None:
                return replace(card, over=await self._fold(delivery, here, Show(root)))
            if not article.retracted:
                return None
        card = await self.presenter.headline(article, reader)
        return replace(card, over=await self._fold(delivery, here, own))

    async def _here(self, delivery: Delivery) -> Shown | None:
        """Return what the message that is to change shows by now; None when it is as it was sent."""
        assert delivery.target_message is not None
        return await self.shown.get(delivery.reader.address.chat_id, delivery.target_message)

    async def _opened(
        self, delivery: Delivery, here: Shown | None, action: Open | Related | Show, changed: int
    ) -> Card | None:
        """Return what the reader has open in a message, drawn anew; None when that is not public any more.

        An edit writes one message. What goes on in further ones stays as it is if it is not what was changed; else it
        is folded, as is what would have to go on in some.
        """
        goes_on = here is not None and bool(here.tail)
        try:
            card = await self.presenter.card(action, delivery.reader)
            if goes_on and isinstance(action, Open) and action.article != changed:
                return replace(card, rich=(), over=here)
            if not goes_on and not (delivery.reader.plain and await _is_long(card)):
                return replace(card, over=here)
            root = Show(action.root)
            return replace(
                await self.presenter.card(root, delivery.reader), over=await self._fold(delivery, here, root)
            )
        except NotFound:
            return None

    async def _fold(self, delivery: Delivery, here: Shown | None, screen: Open | Show) -> Shown | None:
        """Have a message known to show another screen, and take the further ones of a long plain text away.

        Returns what it shows then. Of what shows what it was sent as nothing is known, nor has it to be.
        """
        chat_id, message_id = delivery.reader.address.chat_id, delivery.target_message
        assert message_id is not None
        if here is None or (here.screen == screen.encode() and not here.tail):
            return here
        gone = not here.tail or await self.messenger.remove(chat_id, list(here.tail))
        if not gone and delivery.attempts < _REMOVE_TRIES:
            raise ConnectionError("further messages could not be taken away")
        then = Shown(screen.encode(), article_on(screen), () if gone else here.tail)
        await self.shown.fold(chat_id, message_id, here, then, self.clock.now())
        return then


def _opened_in(here: Shown | None) -> Open | Related | Show | None:
    """Return what the reader has open in a message; None when nothing is."""
    action = decode(here.screen) if here is not None else None
    return action if isinstance(action, (Open, Related, Show)) else None


def _is_guest(action: Open | Related, article_id: int) -> bool:
    """Tell whether what is open is an article in a message that is by itself something else: a list, another's push."""
    return action.article == article_id and home(action.root) != HeadlineScreen(article_id)


async def _is_long(card: Card) -> bool:
    """Tell whether a card takes several plain messages."""
    if card.photo is not None and any(one.file_id for one in card.photo.all):
        return True
    return len(await beside(len(card.text.text), split, card.text)) > 1
