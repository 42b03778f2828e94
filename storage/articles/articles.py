"""Articles: drafts, what is published, lists of headlines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, Stale
from bot.model.changes import UNCHANGED, ArticleChanges
from bot.model.desk import PublicationState
from bot.model.matching import MatchKey
from bot.model.news import Article, ArticleState, FromEditor, Headline, Page, Report, Reports
from bot.model.relevance import PreparedArticle
from bot.text.beside import at_hand
from storage.articles.arrivals import insert_articles
from storage.articles.feed_notices import answer_notice
from storage.articles.newest import Bound, keeping, latest
from storage.articles.pictures import erase_pictures
from storage.articles.releases import cancel_publication
from storage.articles.rows import ON_DESK, all_headlines, changed_values, headline_of, load_article, load_articles
from storage.articles.topics import ensure_source, file_under, sources_called, topics_called
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.people.audit import write_audit
from storage.schema.tables import article, article_topic, publication, related_use, source, tie

_REPORTS = 20  # other sources of one article that are named

"""The newest place in a list that may be shown: an article's time and number."""


class Articles:
    """The rows of articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def draft(self, prepared: PreparedArticle, now: datetime) -> int:
        """Store a draft and return its number. The same `identity` again returns the same draft."""
        identity = prepared.incoming.identity
        async with self._database.write() as connection:
            new = await insert_articles(self._database, connection, [prepared], now, public=False)
            if not new:
                known = await connection.scalar(select(article.c.id).where(article.c.identity == identity))
                assert known is not None
                return int(known)
            (number,) = new
            by = prepared.origin.author_id if isinstance(prepared.origin, FromEditor) else None
            await write_audit(connection, now, by, "draft", number)
            return number

    async def revise_draft(
        self,
        article_id: int,
        version: int,
        changes: ArticleChanges,
        by: int | None,
        now: datetime,
        *,
        scheduled: bool = False,
        answers: int | None = None,
    ) -> None:
        """Change parts of a draft; with `scheduled` also of one that waits for its time.

        `answers` is the question of a feed that this answers.

        Raises:
            Stale: the draft has another version by now, or is no draft any more; or somebody has answered.

        """
        async with self._database.write() as connection:
            if answers is not None:
                await answer_notice(connection, answers, by, now)
            values = changed_values(changes)
            if changes.source is not UNCHANGED:
                values["source_id"] = await ensure_source(self._database, connection, changes.source)
            await _change_draft(connection, (article_id, version), values, now, scheduled=scheduled)
            if changes.photo is not UNCHANGED:
                await erase_pictures(connection, article_id, values["photo"])
            if changes.topics is not UNCHANGED:
                await file_under(connection, article_id, changes.topics)
            await write_audit(connection, now, by, "revise", article_id, {"changed": changes.parts})

    async def discard(self, article_id: int, version: int, by: int, now: datetime, *, scheduled: bool = False) -> None:
        """Put a draft away for good, and the order for it with it. Raises Stale as `revise_draft` does."""
        gone = {"state": ArticleState.DISCARDED}
        async with self._database.write() as connection:
            if scheduled:  # the publication first, as whoever starts it does: neither waits for the other
                await cancel_publication(connection, article_id, now)
            await _change_draft(connection, (article_id, version), gone, now, scheduled=scheduled)
            await erase_pictures(connection, article_id)
            await write_audit(connection, now, by, "discard", article_id)

    async def get(self, article_id: int) -> Article:
        """Return an article, in whatever state, a long text of it parsed by then, not where its card is drawn.

        Raises NotFound when there is none of that number.
        """
        async with self._database.read() as connection:
            found = await load_article(connection, article_id)
        if found is None:
            raise NotFound
        await at_hand([found.body])
        return found

    async def several(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """Return articles by their numbers, in whatever state; those that there are."""
        async with self._database.read() as connection:
            return await load_articles(connection, article_ids)

    async def revision(self, article_id: int) -> int | None:
        """Return the number of an article's newest revision."""
        async with self._database.read() as connection:
            number = await connection.scalar(select(article.c.revision).where(article.c.id == article_id))
        return None if number is None else int(number)

    async def identified(self, identity: str) -> int | None:
        """Return the number of the article that was stored with this `identity`, or None."""
        async with self._database.read() as connection:
            return await connection.scalar(select(article.c.id).where(article.c.identity == identity))

    async def titled(self, titles: Sequence[str], since: datetime) -> int | None:
        """Return the number of the newest article that went out since then and has one of the titles, or None.

        That an editor gave it an older date, or a feed did, does not count when it was sent since then.
        """
        named = and_(article.c.state == ArticleState.PUBLISHED, article.c.title.in_(titles))
        dated = select(article.c.id).where(named, article.c.published_at >= since)
        sent = select(article.c.id).join(publication, publication.c.article_id == article.c.id)
        sent = sent.where(named, publication.c.at >= since)
        async with self._database.read() as connection:
            found = await connection.scalar(dated.order_by(article.c.published_at.desc()).limit(1))
            return found or await connection.scalar(sent.order_by(publication.c.id.desc()).limit(1))

    async def number_of(self, external_id: str) -> int | None:
        """Return the number of the article that an import called by this id, or None."""
        statement = select(article.c.id).where(article.c.external_id == external_id).order_by(article.c.id.desc())
        async with self._database.read() as connection:
            return await connection.scalar(statement.limit(1))

    async def ties(self, article_id: int) -> dict[int, bool]:
        """Return what editors say about an article and others: True for shown as related first, False for never."""
        statement = select(tie.c.other_id, tie.c.pinned).where(tie.c.article_id == article_id)
        async with self._database.read() as connection:
            return {row.other_id: row.pinned for row in await connection.execute(statement)}

    async def related_use(self, article_id: int) -> tuple[int, int]:
        """Return how often what is related to an article was shown, and how often something in it was opened."""
        mine = select(related_use.c.shown, related_use.c.opened).where(related_use.c.article_id == article_id)
        async with self._database.read() as connection:
            row = (await connection.execute(mine)).one_or_none()
        return (row.shown, row.opened) if row is not None else (0, 0)

    async def unopened_lists(self, shown: int, most: int) -> tuple[int, list[int]]:
        """Return how many lists of related items were shown so often and never used, and up to `most`, worst first."""
        idle = (related_use.c.shown >= shown) & (related_use.c.opened == 0)
        worst = select(related_use.c.article_id).where(idle)
        worst = worst.order_by(related_use.c.shown.desc(), related_use.c.article_id.desc()).limit(most)
        async with self._database.read() as connection:
            number = await connection.scalar(select(func.count()).select_from(related_use).where(idle))
            return int(number or 0), list((await connection.execute(worst)).scalars())

    async def reports(self, found: Article) -> Reports:
        """Return who else tells what an article tells, as far as it is public, the first to tell it apart."""
        first = found.same_as or found.id
        mine = (article.c.same_as == first) | (article.c.id == first)
        public = mine & (article.c.id != found.id) & (article.c.state == ArticleState.PUBLISHED)
        columns = select(article.c.id, article.c.url, source.c.name).select_from(article.outerjoin(source))
        async with self._database.read() as connection:
            rows = (await connection.execute(columns.where(public).order_by(article.c.id).limit(_REPORTS))).all()
        told = [Report(row.id, row.name or "", row.url) for row in rows]
        return Reports(
            next((report for report in told if report.id == first), None),
            tuple(report for report in told if report.id != first),
        )

    async def tie(self, article_id: int, other_id: int, by: int, now: datetime, *, pinned: bool | None) -> None:
        """Show another article as related first (True), never (False), or as its words say (None). May be repeated."""
        pair = {"article_id": article_id, "other_id": other_id}
        mine = (tie.c.article_id == article_id) & (tie.c.other_id == other_id)
        act = {True: "pin", False: "ban", None: "untie"}[pinned]
        insert = self._database.insert(tie).values(**pair, pinned=pinned)
        saying = insert.on_conflict_do_update(
            index_elements=["article_id", "other_id"], set_={"pinned": insert.excluded.pinned}
        )
        async with self._database.write() as connection:
            await connection.execute(delete(tie).where(mine) if pinned is None else saying)
            await write_audit(connection, now, by, act, article_id, {"other": other_id})

    async def texts(self, article_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the parts of articles as they are stored: title, lead, body (canonical HTML), and each tag."""
        columns = (article.c.id, article.c.title, article.c.lead, article.c.body, article.c.tags)
        async with self._database.read() as connection:
            rows = await connection.execute(select(*columns).where(article.c.id.in_(article_ids)))
            return {row.id: (row.title, row.lead, row.body, *(row.tags or ())) for row in rows}

    async def narrowed(
        self, among: Sequence[int] | None, topic: str, source: str, after: datetime | None, limit: int
    ) -> list[int]:
        """Return published articles, newest first, of a topic, a source and a time; "" and None mean any.

        Topics and sources are named as people write them: in any language, or by how the name begins. With `among`
        only those are looked at, and all that fit are returned.
        """
        statement = select(article.c.id).where(article.c.state == ArticleState.PUBLISHED)
        async with self._database.read() as connection:
            if topic:
                mine = select(article_topic.c.article_id).where(
                    article_topic.c.topic_id.in_(await topics_called(connection, topic))
                )
                statement = statement.where(article.c.id.in_(mine))
            if source:
                statement = statement.where(article.c.source_id.in_(await sources_called(connection, source)))
            if after is not None:
                statement = statement.where(article.c.published_at >= after, article.c.dated == true())
            if among is not None:
                statement = statement.where(article.c.id.in_(among))
            else:
                statement = statement.order_by(article.c.published_at.desc(), article.c.id.desc()).limit(limit)
            return list((await connection.execute(statement)).scalars())

    async def at_address(self, key: str) -> list[int]:
        """Return the published articles of one address, by its `url_key`: the first to come first, copies left out."""
        public = select(article.c.id).where(article.c.url_key == key, article.c.url_key != "")
        public = public.where(article.c.state == ArticleState.PUBLISHED, article.c.same_as.is_(None))
        async with self._database.read() as connection:
            return list((await connection.execute(public.order_by(article.c.id).limit(_REPORTS))).scalars())

    async def headlines(self, article_ids: Sequence[int], *, retracted: bool = False) -> list[Headline]:
        """Return the published ones of these articles, with or without those retracted since, in the given order."""
        states = (ArticleState.PUBLISHED, ArticleState.RETRACTED) if retracted else (ArticleState.PUBLISHED,)
        async with self._database.read() as connection:
            statement = all_headlines().where(article.c.id.in_(article_ids), article.c.state.in_(states))
            found = {row.id: headline_of(row) for row in await connection.execute(statement)}
        return [found[number] for number in article_ids if number in found]

    async def latest(
        self,
        *,
        topics: Sequence[int] = (),
        language: str = "",
        anchor: int = 0,
        offset: int = 0,
        limit: int = 5,
        without: Collection[MatchKey] = (),
        leave_out: Collection[int] = (),
    ) -> Page:
        """Return a stretch of the published articles, newest first, of these topics (none: of all).

        Without those that have a topic, a source or a story of `without`, and those numbered in `leave_out`.

        `anchor` is the article that headed the first page: what came in since does not shift the pages. 0 begins
        with the newest there is.
        """
        async with self._database.read() as connection:
            bound = await self._bound(connection, anchor)
            kept = keeping(without, leave_out)
            statement = latest(topics, language, bound, offset + limit + 1, kept).offset(offset).limit(limit + 1)
            items = [headline_of(row) for row in await connection.execute(statement)]
        first = anchor or (items[0].id if items else 0)
        return Page(tuple(items[:limit]), offset, more=len(items) > limit, anchor=first)

    async def _bound(self, connection: AsyncConnection, anchor: int) -> Bound | None:
        if not anchor:
            return None
        at = await connection.scalar(select(article.c.published_at).where(article.c.id == anchor))
        return (at, anchor) if at is not None else None

    async def desk_list(self, state: ArticleState, offset: int, limit: int, *, author: int | None = None) -> Page:
        """Return articles of one state for the desk, of one author or of all, the last changed first.

        What waits for its time comes in the order of that, and with it.
        """
        if state is ArticleState.SCHEDULED:
            return await self._planned(offset, limit)
        order = article.c.published_at if state is ArticleState.PUBLISHED else article.c.updated_at
        statement = (
            all_headlines()
            .where(in_states(article, state), ON_DESK if state is ArticleState.DRAFT else true())
            .where(true() if author is None else article.c.author_id == author)
            .order_by(order.desc(), article.c.id.desc())
            .offset(offset)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            items = [headline_of(row) for row in await connection.execute(statement)]
        return Page(tuple(items[:limit]), offset, more=len(items) > limit)

    async def drafts_of(self, authors: Sequence[int], since: datetime) -> list[tuple[Headline, int]]:
        """Return the drafts that these people began since then, the oldest first, each with who wrote it."""
        changed = and_(ON_DESK, in_states(article, ArticleState.DRAFT), article.c.updated_at >= since)
        new = and_(changed, article.c.created_at >= since)
        mine = all_headlines().add_columns(article.c.author_id).where(new, article.c.author_id.in_(authors))
        async with self._database.read() as connection:
            rows = (await connection.execute(mine.order_by(article.c.id))).all()
        return [(headline_of(row), row.author_id) for row in rows]

    async def _planned(self, offset: int, limit: int) -> Page:
        waiting = and_(publication.c.article_id == article.c.id, publication.c.state == PublicationState.SCHEDULED)
        at = select(publication.c.at).where(waiting).limit(1).scalar_subquery().label("planned")
        statement = all_headlines().add_columns(at).where(ON_DESK, in_states(article, ArticleState.SCHEDULED))
        ordered = statement.order_by(at, article.c.id).offset(offset).limit(limit + 1)
        async with self._database.read() as connection:
            rows = (await connection.execute(ordered)).all()
        items = [replace(headline_of(row), published_at=row.planned) for row in rows]
        return Page(tuple(items[:limit]), offset, more=len(items) > limit)


async def _change_draft(
    connection: AsyncConnection, seen: tuple[int, int], values: Mapping[str, object], now: datetime, *, scheduled: bool
) -> None:
    """Change the article of that number and version; raises Stale when it is not as it was seen."""
    article_id, version = seen
    states = (ArticleState.DRAFT, ArticleState.SCHEDULED) if scheduled else (ArticleState.DRAFT,)
    mine = and_(article.c.id == article_id, article.c.version == version, article.c.state.in_(states))
    change = update(article).where(mine).values({**values, "version": version + 1, "updated_at": now})
    if (await connection.execute(change.returning(article.c.id))).first() is None:
        raise Stale
