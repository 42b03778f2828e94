"""Controlling a send while it runs, and deciding about its uncertain deliveries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.model.desk import Editor, Publication
from bot.model.ledger import Policy, UncertainDelivery
from bot.model.news import Article
from bot.model.pushes import ChannelPost
from bot.ports import ArticleStore, PostStore, PublicationStore, SendStore, UncertainStore
from bot.timing.clock import Clock

MOST_LISTED = 20  # of the deliveries nobody knows of


@dataclass(frozen=True, slots=True)
class Send:
    """A publication on its way, of which article, and at most how many messages a second.

    `posted` says, of one that is over, whether channels have posts of the article.
    """

    publication: Publication
    article: Article
    rate: float
    posted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendControl:
    """What an editor sees of a send and can do with it from its progress message."""

    sends: SendStore
    uncertain: UncertainStore
    publications: PublicationStore
    articles: ArticleStore
    posts: PostStore
    clock: Clock
    wake_sender: Callable[[], None]
    rate: float

    async def open(self, publication_id: int) -> Send:
        """Return a send as it is now; raises NotFound."""
        publication = await self.publications.get(publication_id)
        article = await self.articles.get(publication.article_id)
        over = publication.finished_at is not None
        return Send(publication, article, self.rate, over and await self.is_posted(article.id))

    async def is_posted(self, article_id: int) -> bool:
        """Tell whether a channel has a post of an article."""
        return bool(await self.posts.of_article(article_id, offset=0, limit=1))

    async def posts_of(self, article_id: int, *, page: int, size: int) -> tuple[Sequence[ChannelPost], bool]:
        """Return a page of an article's posts in channels, and whether there are more."""
        found = await self.posts.of_article(article_id, offset=page * size, limit=size + 1)
        return found[:size], len(found) > size

    async def latest_of(self, article_id: int) -> Publication | None:
        """Return the last publication of an article, or None when it was never ordered."""
        found = await self.publications.of_article(article_id)
        return found[0] if found else None

    async def watch(self, publication_id: int, chat_id: int, message_id: int) -> None:
        """Keep a message up to date with the send's progress from now on."""
        await self.publications.watch(publication_id, chat_id, message_id)

    async def pause_watching(self, publication_id: int) -> Send:
        """Return a send, and let its message show something else until it is watched again; raises NotFound."""
        send = await self.open(publication_id)
        await self.publications.reported([publication_id])
        return send

    async def pause(self, publication_id: int, editor: Editor) -> None:
        """Halt a send; raises Stale when somebody was faster."""
        await self.sends.pause(publication_id, "", editor.user_id, self.clock.now())
        self.wake_sender()

    async def resume(self, publication_id: int, editor: Editor) -> None:
        """Let a send go on; raises Stale when somebody was faster."""
        await self.sends.resume(publication_id, editor.user_id, self.clock.now())
        self.wake_sender()

    async def stop(self, publication_id: int, editor: Editor) -> None:
        """End a send; raises Stale when somebody was faster."""
        await self.sends.stop(publication_id, editor.user_id, self.clock.now())
        self.wake_sender()

    async def doubts(self, publication_id: int) -> Sequence[UncertainDelivery]:
        """Return the first MOST_LISTED deliveries of a publication nobody knows of."""
        return await self.uncertain.listed(publication_id, MOST_LISTED)

    async def loose_number(self) -> int:
        """Return of how many digests and notes nobody knows whether they arrived: they belong to no publication."""
        return (await self.uncertain.loose()).number

    async def loose_doubts(self) -> Sequence[UncertainDelivery]:
        """Return the first MOST_LISTED of them."""
        return await self.uncertain.listed(None, MOST_LISTED)

    async def decide(self, publication_id: int | None, policy: Policy, editor: Editor) -> int:
        """Send what is uncertain again, or drop it; returns how many deliveries that were.

        None stands for the digests and notes, which belong to no publication.
        """
        number = await self.uncertain.decide(publication_id, policy, editor.user_id, self.clock.now())
        self.wake_sender()
        return number
