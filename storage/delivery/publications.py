"""Publications: the way from a draft to the ledger, in steps that may each be repeated."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, Stale
from bot.model.desk import Order, Publication, PublicationState
from bot.model.ledger import Priority
from bot.model.listeners import EventKind
from bot.model.matching import MatchKey, Targeting
from bot.model.news import ArticleState, Terms
from storage.articles.releases import Release, begun_values, cancel_publication, make_publications, release
from storage.articles.threads import note_retold, thread
from storage.articles.topics import list_topics_from
from storage.delivery.counters import asking, tally_of
from storage.delivery.fan_out import Reach, Stretches, begin_stretch
from storage.delivery.mentions import NOTHING_TOLD
from storage.delivery.plans import move_plan
from storage.delivery.sends import OPEN_PUBLICATIONS
from storage.engine.columns import Instant
from storage.engine.database import AnyRow, Database
from storage.people.audit import write_audit
from storage.runtime.events import Fact, note_events
from storage.schema.tables import article, publication, story

# To the letter of the partial index's condition: with bound values SQLite would read every publication there was.
_TO_REPORT: ColumnElement[bool] = literal_column(
    "publication.progress_message IS NOT NULL AND NOT publication.reported"
)
_FINISHED = (PublicationState.DONE, PublicationState.STOPPED, PublicationState.CANCELLED)


class Publications:
    """The rows of publications, and the deliveries they make."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stretches = Stretches(database)

    async def order(self, order: Order, now: datetime) -> int:
        """Order a draft to be published and return the publication's number.

        Raises:
            Stale: the draft has another version by now, or was published, ordered or discarded already: two editors,
                or one button pressed twice, publish once.

        """
        async with self._database.write() as connection:
            ready = and_(
                article.c.id == order.article_id,
                article.c.version == order.version,
                article.c.state == ArticleState.DRAFT,
            )
            change = (
                update(article)
                .where(ready)
                .values(
                    state=ArticleState.SCHEDULED,
                    urgent=order.lane is Priority.URGENT,
                    version=order.version + 1,
                    updated_at=now,
                )
            )
            if (await connection.execute(change.returning(article.c.id))).first() is None:
                raise Stale
            wanted = Release(
                article_id=order.article_id, at=order.at, lane=order.lane, policy=order.policy, by=order.by
            )
            (number,) = await make_publications(connection, [wanted])
            detail = {"publication": number, "at": order.at.isoformat(), "lane": order.lane.name}
            await write_audit(connection, now, order.by, "order", order.article_id, detail)
            return number

    async def move(self, order: Order, now: datetime) -> int:
        """Let what is ordered go out at another time, or otherwise; returns the publication's number.

        Raises:
            Stale: the article has another version by now, or does not wait any more.

        """
        async with self._database.write() as connection:
            number = await move_plan(connection, order, now)
            if number is None:
                raise Stale
            detail = {"publication": number, "at": order.at.isoformat(), "lane": order.lane.name}
            await write_audit(connection, now, order.by, "move", order.article_id, detail)
            return number

    async def cancel(self, article_id: int, version: int, by: int, now: datetime) -> None:
        """Take a scheduled article back to the drafts; whether it is urgent is said anew when it goes out.

        Raises:
            Stale: it has another version by now, or does not wait any more.

        """
        seen = and_(article.c.id == article_id, article.c.version == version, article.c.state == ArticleState.SCHEDULED)
        back = update(article).where(seen)
        back = back.values(state=ArticleState.DRAFT, urgent=False, version=version + 1, updated_at=now)
        async with self._database.write() as connection:  # the publication first, as whoever starts it has it first
            cancelled = await cancel_publication(connection, article_id, now)
            if not cancelled or (await connection.execute(back.returning(article.c.id))).first() is None:
                raise Stale
            await write_audit(connection, now, by, "cancel", article_id)

    async def due(self, now: datetime) -> list[Publication]:
        """Return the publications whose time has come, urgent ones first."""
        waiting = and_(OPEN_PUBLICATIONS, publication.c.state == PublicationState.SCHEDULED, publication.c.at <= now)
        return await self._some(select(publication).where(waiting).order_by(publication.c.lane, publication.c.id))

    async def fanning(self) -> list[Publication]:
        """Return the running publications whose deliveries are not all in the ledger, urgent ones first."""
        open_ = and_(
            OPEN_PUBLICATIONS, publication.c.state == PublicationState.RUNNING, publication.c.fan_end.is_not(None)
        )
        return await self._some(select(publication).where(open_).order_by(publication.c.lane, publication.c.id))

    async def halted(self, reason: str) -> list[Publication]:
        """Return the publications that are halted for a reason, the oldest first."""
        mine = and_(OPEN_PUBLICATIONS, publication.c.state == PublicationState.PAUSED, publication.c.reason == reason)
        return await self._some(select(publication).where(mine).order_by(publication.c.id))

    async def get(self, publication_id: int) -> Publication:
        """Return a publication.

        Raises:
            NotFound: there is none of that number.

        """
        found = await self._some(select(publication, asking()).where(publication.c.id == publication_id))
        if not found:
            raise NotFound
        return found[0]

    async def of_article(self, article_id: int) -> list[Publication]:
        """Return an article's publications, the newest first."""
        mine = select(publication).where(publication.c.article_id == article_id)
        return await self._some(mine.order_by(publication.c.id.desc()))

    async def _some(self, statement: Any) -> list[Publication]:
        async with self._database.read() as connection:
            return [_publication_of(row) for row in await connection.execute(statement)]

    async def start(
        self,
        publication_id: int,
        version: int,
        terms: Terms,
        now: datetime,
        follows: int | None = None,
        retells: Sequence[int] = (),
    ) -> bool:
        """Publish: from this commit on the article is public, found, and its fan-out begins. May be repeated.

        `follows` is the article whose story this one goes on with, `retells` are those that it tells in other words.

        Returns whether this call did it; False when another did, or the article has changed since `version`. The order
        for an article that waits for none any more is cancelled: it would be found due for ever.
        """
        async with self._database.write() as connection:
            waiting = and_(
                publication.c.id == publication_id,
                publication.c.state == PublicationState.SCHEDULED,
                publication.c.at <= now,  # it may have been moved since it was found due
            )
            columns = (publication.c.article_id, publication.c.by)
            row = (await connection.execute(select(*columns).where(waiting).with_for_update())).first()
            if row is None:
                return False
            if not await self._make_public(connection, row.article_id, version, now):
                lost = select(article.c.id).where(article.c.state != ArticleState.SCHEDULED)
                over = update(publication).where(waiting, publication.c.article_id.in_(lost))
                await connection.execute(over.values(state=PublicationState.CANCELLED, finished_at=now))
                return False
            if follows is not None:  # before the fan-out, so that who follows the story gets it
                await thread(connection, {row.article_id: follows}, now)
            await note_retold(connection, row.article_id, retells)
            await release(self._database, connection, {row.article_id: terms}, now, by=row.by)
            change = update(publication).where(publication.c.id == publication_id)
            await connection.execute(change.values(await begun_values(connection, now)))
            await write_audit(connection, now, row.by, "publish", row.article_id, {"publication": publication_id})
            await note_events(connection, EventKind.PUBLISHED, [Fact(row.article_id)], now)
            return True

    async def _make_public(self, connection: AsyncConnection, article_id: int, version: int, now: datetime) -> bool:
        ready = and_(
            article.c.id == article_id, article.c.version == version, article.c.state == ArticleState.SCHEDULED
        )
        change = (
            update(article)
            .where(ready)
            .values(state=ArticleState.PUBLISHED, revision=1, version=version + 1, updated_at=now)
            .values(
                published_at=func.coalesce(article.c.published_at, literal(now, Instant))
            )  # a draft may carry a date of its own
        )
        changed = (await connection.execute(change.returning(article.c.story_id, article.c.published_at))).first()
        if changed is None:
            return False
        await list_topics_from(connection, article_id, changed.published_at)
        if changed.story_id is not None:
            await connection.execute(update(story).where(story.c.id == changed.story_id).values(updated_at=now))
        return True

    async def fan_out(
        self,
        publication_id: int,
        matter: Targeting,
        span: int,
        now: datetime,
        shelf_life: timedelta,
        told: Mapping[int, frozenset[MatchKey]] = NOTHING_TOLD,
    ) -> bool:
        """Write the deliveries of the next `span` readers; returns whether there are more to come.

        One transaction: the rows, their number and the place reached are there together or not at all. A reader who
        has the article already gets no second row. `told` see `storage.delivery.mentions.under_earlier`: a message that
        is to have a mention must not move meanwhile, so those take a turn of the ledger.
        """
        async with self._database.turn() if told else self._database.write() as connection:
            await begin_stretch(self._database, connection)
            reach = Reach(matter, span, told, now, now + shelf_life)
            return await self._stretches.write(connection, publication_id, reach)

    async def settle(self, now: datetime) -> list[int]:
        """End the publications that have nothing left to send; returns their numbers."""
        p = publication.c
        left = p.total - p.sent - p.failed - p.uncertain - p.expired - p.dropped - p.held - p.told
        over = and_(OPEN_PUBLICATIONS, p.state == PublicationState.RUNNING, p.fan_end.is_(None), left <= 0)
        change = update(publication).where(over).values(state=PublicationState.DONE, finished_at=now)
        async with self._database.write() as connection:
            ended = (await connection.execute(change.returning(p.id, p.article_id, p.revision))).all()
            facts = [Fact(row.article_id, row.revision, row.id) for row in ended]
            await note_events(connection, EventKind.FINISHED, facts, now)
        return [row.id for row in ended]

    async def watch(self, publication_id: int, chat_id: int, message_id: int) -> None:
        """Note which message shows this publication's progress."""
        change = update(publication).where(publication.c.id == publication_id)
        async with self._database.write() as connection:
            await connection.execute(change.values(progress_chat=chat_id, progress_message=message_id, reported=False))

    async def watched(self) -> list[Publication]:
        """Return the publications whose progress message has not shown their end yet."""
        begun = or_(publication.c.started_at.is_not(None), publication.c.state.in_(_FINISHED))
        waiting = and_(_TO_REPORT, begun)
        return await self._some(select(publication, asking()).where(waiting))

    async def reported(self, publication_ids: Sequence[int]) -> None:
        """Note that these publications' progress messages show their end. May be repeated."""
        change = update(publication).where(publication.c.id.in_(publication_ids))
        async with self._database.write() as connection:
            await connection.execute(change.values(reported=True))


def _publication_of(row: AnyRow) -> Publication:
    return Publication(
        id=row.id,
        article_id=row.article_id,
        state=row.state,
        at=row.at,
        lane=row.lane,
        policy=row.policy,
        by=row.by,
        revision=row.revision,
        fanned_to=row.fan_from if row.fan_end is not None else None,
        started_at=row.started_at,
        finished_at=row.finished_at,
        progress=(row.progress_chat, row.progress_message) if row.progress_message is not None else None,
        tally=tally_of(row),
        reason=row.reason,
        purpose=row.purpose,
        asking=getattr(row, "asking", 0),
    )
