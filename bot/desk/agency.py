"""What the agency's own system may do with a token: bring articles, correct and retract them, ask how they fare."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from bot.desk.corrections import Corrections
from bot.desk.publishing import Publisher
from bot.errors import NoSuchPicture, NotAllowed, NotFound, Stale
from bot.feeds.intake import advised, brought, fed, placed, within_limits
from bot.model.changes import ArticleChanges
from bot.model.desk import Editor, Publication, Role
from bot.model.news import Article, ArticleState, FromFeed, Incoming, RevisionKind
from bot.model.pictures import Picture
from bot.model.relevance import PreparedArticle
from bot.model.tokens import ApiToken, Scope
from bot.ports import ArticleStore, ImportStore, PictureStore, PublicationStore, TokenStore, TopicStore
from bot.relevance.threading import Threader
from bot.relevance.topic_adviser import TopicAdviser
from bot.relevance.written import written_beside
from bot.text.urls import digest
from bot.timing.clock import Clock

MOST_LOOSE = 50
"""So many uploaded pictures of a token may wait for their articles."""
_PUT_AWAY = frozenset({ArticleState.DISCARDED, ArticleState.RETRACTED})
_NOBODY = 0  # stands where a person's Telegram id would: a system has none


class Wanted(Enum):
    """What is to become of an article: a draft, sent to readers, or public without being sent."""

    DRAFT = "draft"
    PUBLISH = "publish"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands: as it is now, and its publications, the newest first; whether it is `new`."""

    article: Article
    publications: tuple[Publication, ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The desk for systems. A token reaches only the articles it has brought; others are not there for it."""

    articles: ArticleStore
    imports: ImportStore
    publications: PublicationStore
    topics: TopicStore
    tokens: TokenStore
    placing: Threader
    publisher: Publisher
    corrections: Corrections
    clock: Clock
    pictures: PictureStore
    adviser: TopicAdviser | None = None

    async def upload(self, token: ApiToken, picture: Picture) -> str | None:
        """Keep a picture for an article that is brought later; returns its name, None while too many wait for theirs.

        Raises:
            NotAllowed: the token brings no articles.

        """
        if not token.scope & (Scope.DRAFT | Scope.PUBLISH):
            raise NotAllowed
        name = secrets.token_hex(16)
        return name if await self.pictures.add(name, token.id, picture, MOST_LOOSE, self.clock.now()) else None

    async def submit(
        self,
        token: ApiToken,
        incoming: Incoming,
        wanted: Wanted,
        *,
        urgent: bool = False,
        at: datetime | None = None,
        picture: str = "",
        request: str = "",
    ) -> Standing:
        """Take an article in; `at` is when it is to go out, None for now. May be repeated, when it has an id.

        `picture` is the name of one that was uploaded and that it shows. `request` names the request by which an
        article without an id is known.

        Raises:
            NotAllowed: the token is not good for that.
            NotFound: the id is another token's.
            Stale, NotReady: as when an editor publishes; Stale also when what is there of that id, `number`, cannot
                become what is wanted as it was brought.
            NoSuchPicture: the picture is not this token's, or gone, or another article's.

        """
        _require(token, Scope.DRAFT if wanted is Wanted.DRAFT else Scope.PUBLISH)
        identity = _identity(token, incoming.external_id, request)
        known = await self.articles.identified(identity) if identity is not None else None
        if picture and not await self.pictures.may_use(picture, token.id, known):
            raise NoSuchPicture
        if wanted is Wanted.ARCHIVE and incoming.published_at is None:
            incoming = replace(incoming, published_at=self.clock.now())  # else it would be in no list of the latest
        incoming = replace(incoming, source=token.source, identity=identity)
        prepared = await self._prepared(token, incoming, fed if wanted is Wanted.ARCHIVE else brought)
        number = await self._archived(prepared) if wanted is Wanted.ARCHIVE else None
        if number is None:
            number = await self.articles.draft(prepared, self.clock.now())
        new = not await self.tokens.owns(token.id, number)
        if not await self.tokens.own(token.id, number):
            raise NotFound
        article = await self.articles.get(number)
        # An article that was there already shows what it shows; a picture that nothing shows is forgotten.
        shown = picture and article.photo == prepared.incoming.photo
        if shown and not await self.pictures.use(picture, token.id, number):  # another request was quicker
            raise NoSuchPicture
        if not _may_become(wanted, article, prepared.incoming):
            raise Stale(number=number)
        if wanted is Wanted.PUBLISH and article.state is ArticleState.DRAFT:
            await self.publisher.order(article, _editor(token), urgent=urgent, at=at)
        return await self._standing(number, new=new)

    async def _prepared(
        self, token: ApiToken, incoming: Incoming, prepare: Callable[[Incoming, FromFeed], PreparedArticle]
    ) -> PreparedArticle:
        """Prepare an article, filed under known topics."""
        ready = await asyncio.to_thread(prepare, incoming, FromFeed(token.name))  # a megabyte of words takes seconds
        own = {topic.slug: topic for topic in await self.topics.all()}
        known = replace(ready, topics=tuple(own[one.slug] for one in ready.topics if one.slug in own))
        return await advised(known, self.adviser, list(own.values()))

    async def _archived(self, prepared: PreparedArticle) -> int | None:
        """Store an article as public without sending it; None when one of its id is there."""
        ready = await placed(await self.imports.unknown([prepared]), self.placing)
        numbers = await self.imports.add(ready, self.clock.now(), push=False)
        return numbers[0] if numbers else None

    async def standing(self, token: ApiToken, article_id: int) -> Standing:
        """Return how an article of the token's stands; raises NotFound for any other."""
        await self._own(token, article_id)
        return await self._standing(article_id)

    async def change(
        self, token: ApiToken, article_id: int, incoming: Incoming, kind: RevisionKind, note: str
    ) -> Standing:
        """Give an article of the token's another title, lead and text; of a public one that is a typo or a correction.

        Raises:
            NotAllowed: the token may not correct what is public.
            NotFound: it is none of the token's.
            Stale: it has been retracted, or changed meanwhile.
            Empty: a correction without a note.
            TooLong: the note is too long.

        """
        article = await self._own(token, article_id)
        if article.state in _PUT_AWAY:
            raise Stale
        new = within_limits(incoming)
        changed = replace(article, title=new.title, lead=new.lead, body=new.body)
        changed = replace(changed, minutes=(await written_beside(changed)).minutes)
        if changed == article:
            return await self._standing(article_id)
        if article.state is ArticleState.PUBLISHED:
            _require(token, Scope.CORRECT)
            await self.corrections.correct(changed, kind, note, _editor(token))
        else:
            _require(token, Scope.DRAFT if article.state is ArticleState.DRAFT else Scope.PUBLISH)
            await self._revise(article, changed, token)
        return await self._standing(article_id)

    async def _revise(self, article: Article, changed: Article, token: ApiToken) -> None:
        parts = ArticleChanges(title=changed.title, lead=changed.lead, body=changed.body, minutes=changed.minutes)
        may = Scope.PUBLISH in token.scope
        now = self.clock.now()
        await self.articles.revise_draft(article.id, article.version, parts, _NOBODY, now, scheduled=may)

    async def withdraw(self, token: ApiToken, article_id: int, note: str) -> Standing | None:
        """Retract an article of the token's, or discard it while it is not public; None when it is gone.

        `note` is what readers are told of why. Raises as `change`.
        """
        article = await self._own(token, article_id)
        if article.state in _PUT_AWAY:
            return await self._standing(article_id) if article.state is ArticleState.RETRACTED else None
        if article.state is ArticleState.PUBLISHED:
            _require(token, Scope.CORRECT)
            await self.corrections.retract(article, note, _editor(token))
            return await self._standing(article_id)
        _require(token, Scope.DRAFT if article.state is ArticleState.DRAFT else Scope.PUBLISH)
        may = Scope.PUBLISH in token.scope
        await self.articles.discard(article.id, article.version, _NOBODY, self.clock.now(), scheduled=may)
        return None

    async def _own(self, token: ApiToken, article_id: int) -> Article:
        if not await self.tokens.owns(token.id, article_id):
            raise NotFound
        return await self.articles.get(article_id)

    async def _standing(self, article_id: int, *, new: bool = False) -> Standing:
        article = await self.articles.get(article_id)
        return Standing(article, tuple(await self.publications.of_article(article_id)), new)


def _identity(token: ApiToken, external: str, request: str) -> str | None:
    """Return what an article is known by: the system's own id of it, else the request that brought it, if either is."""
    if external:
        return f"api:{token.id}:{digest(external)}"
    return f"api:{token.id}:request:{digest(request)}" if request else None


def _may_become(wanted: Wanted, article: Article, brought: Incoming) -> bool:
    """Tell whether an article is what is wanted, or can become it and nothing else.

    A draft that says something else, as an editor or an earlier request has left it, is not sent for what is brought.
    """
    same = (article.title, article.lead, article.body) == (brought.title, brought.lead, brought.body)
    match article.state:
        case ArticleState.DRAFT:
            return wanted is Wanted.DRAFT or (wanted is Wanted.PUBLISH and same)
        case ArticleState.SCHEDULED:
            return wanted is not Wanted.ARCHIVE
        case ArticleState.PUBLISHED:
            return True
        case _:
            return wanted is Wanted.DRAFT


def _require(token: ApiToken, scope: Scope) -> None:
    if scope not in token.scope:
        raise NotAllowed


def _editor(token: ApiToken) -> Editor:
    return Editor(_NOBODY, Role.EDITOR, token.name)
