"""Copies: what an edit makes of a message that a reader holds, and the short reply about a correction."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.delivery.composer import CardComposer
from bot.delivery.messenger import Messenger
from bot.errors import NotFound
from bot.model.chats import Shown
from bot.model.ledger import Delivery, DeliveryKind
from bot.model.news import Article, ArticleState
from bot.model.readers import Reader
from bot.ports import ArticleStore, CorrectionStore, MessageScreenStore
from bot.screens.callbacks import Open, Related, Show, decode
from bot.screens.card import Card
from bot.screens.corrections import NOTES
from bot.screens.look import look_of
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import DigestScreen, HeadlineScreen
from bot.timing.clock import Clock


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
                return await self._copy(delivery, await self.articles.get(article_id))
            case Delivery(kind=DeliveryKind.MENTION, article_id=int(article_id), first_article=int(first)):
                if (await self.articles.get(article_id)).state is not ArticleState.PUBLISHED:
                    return None
                here = await self._here(delivery)
                opened = await self._opened(here, delivery.reader)
                card = opened or await self.presenter.headline(await self.articles.get(first), delivery.reader)
                return replace(card, over=here)
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

    async def _copy(self, delivery: Delivery, article: Article) -> Card | None:
        """Return what the message of an older copy is to show now."""
        here = await self._here(delivery)
        card = await self._redrawn(delivery, article, here)
        return card and replace(card, over=card.over or here)

    async def _redrawn(self, delivery: Delivery, article: Article, here: Shown | None) -> Card | None:
        look = look_of(delivery.reader, self.clock.now())
        gone = article.retracted and delivery.digest_id is None
        opened = None if gone else await self._opened(here, delivery.reader)
        if opened is not None:
            return opened
        if delivery.digest_id is not None:
            return await self.composer.digests.card(
                delivery.digest_id, delivery.reader, look, DigestScreen(delivery.digest_id)
            )
        folded = await self._fold(delivery, here, article.id, self.clock.now())
        return replace(await self.presenter.headline(article, delivery.reader), over=folded)

    async def _here(self, delivery: Delivery) -> Shown | None:
        """Return what the message that is to change shows by now; None when it is as it was sent."""
        assert delivery.target_message is not None
        return await self.shown.get(delivery.reader.address.chat_id, delivery.target_message)

    async def _opened(self, here: Shown | None, reader: Reader) -> Card | None:
        """Return what the reader has open in a message, drawn anew; None when nothing is."""
        action = decode(here.screen) if here is not None and not here.tail else None
        if not isinstance(action, (Open, Related, Show)):
            return None
        try:
            return await self.presenter.card(action, reader)
        except NotFound:
            return None

    async def _fold(self, delivery: Delivery, here: Shown | None, article_id: int, now: datetime) -> Shown | None:
        """Take the further messages of a long plain text away: only its first is edited. Returns what it shows then."""
        chat_id, message_id = delivery.reader.address.chat_id, delivery.target_message
        assert message_id is not None
        if here is None or not here.tail:
            return None
        await self.messenger.remove(chat_id, list(here.tail))
        headline = Show(HeadlineScreen(article_id)).encode()
        await self.shown.fold(chat_id, message_id, here.screen, headline, now)
        return Shown(headline, article_id, ())
