"""Progress: one message for each send, kept up to date while it runs and final when it is over."""

from dataclasses import dataclass, field

import structlog

from bot.delivery.messenger import Messenger
from bot.model.desk import Publication
from bot.model.readers import Address
from bot.ports import ArticleStore, PostStore, PublicationStore, ReaderStore
from bot.screens.card import Card
from bot.screens.links import Links
from bot.screens.look import Locale
from bot.screens.sends import OVER, progress_card

_FIRST_SECONDS = 5.0
_MOST_TRIES = 12  # the last some hours after the first

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Progress:
    """Keeps the progress messages of running publications up to date."""

    publications: PublicationStore
    articles: ArticleStore
    posts: PostStore
    readers: ReaderStore
    messenger: Messenger
    locale: Locale
    links: Links
    rate: float
    _shown: dict[int, Card] = field(default_factory=dict)
    _failed: dict[int, tuple[int, float]] = field(default_factory=dict)  # how often, and until when it rests

    async def report(self) -> None:
        """Bring every progress message up to date; those of ended publications for the last time."""
        await self.publications.settle(self.locale.clock.now())
        for publication in await self.publications.watched():
            if self._rests(publication.id):
                continue
            try:
                await self._report(publication)
            except Exception:  # it is tried again with the next look, and those behind it are not held up
                log.exception("a send could not be shown", publication=publication.id)

    async def _report(self, publication: Publication) -> None:
        assert publication.progress is not None
        chat_id, message_id = publication.progress
        article = await self.articles.get(publication.article_id)
        reader = await self.readers.find(Address(chat_id))
        link = self.links.article(article.id)
        over = publication.state in OVER
        posted = over and bool(await self.posts.of_article(article.id, offset=0, limit=1))
        card = progress_card(publication, article, self.locale.look(reader), self.rate, link, posted=posted)
        if self._shown.get(publication.id) != card:
            if await self.messenger.change(Address(chat_id), message_id, card) is None and self._tried(publication.id):
                return
            self._shown[publication.id] = card
        if over:
            await self.publications.reported([publication.id])
            self._shown.pop(publication.id, None)
            self._failed.pop(publication.id, None)

    def _tried(self, publication_id: int) -> bool:
        """Note that a message could not be changed, which rests now; returns whether it is to be tried again.

        Telegram may be away, and the last thing an editor is shown must be the end; or somebody deleted the message.
        """
        times = self._failed.get(publication_id, (0, 0.0))[0] + 1
        self._failed[publication_id] = (times, self.locale.clock.monotonic() + _FIRST_SECONDS * 2**times)
        return times < _MOST_TRIES

    def _rests(self, publication_id: int) -> bool:
        return self.locale.clock.monotonic() < self._failed.get(publication_id, (0, 0.0))[1]
