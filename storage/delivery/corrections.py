"""Corrections: a new revision of a published article, and the deliveries to everybody who holds an older copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, cast, delete, func, literal, null, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Stale
from bot.model.desk import Correction, CorrectionNote, PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from bot.model.news import ArticleState, RevisionKind
from storage.articles.releases import Release, keep_revisions, make_publications
from storage.articles.rows import changed_values
from storage.engine.columns import Instant
from storage.engine.conditions import of_kinds
from storage.engine.database import AnyRow, Database
from storage.index.writing import index_articles, unindex
from storage.people.audit import write_audit
from storage.schema.tables import article, article_topic, delivery, embedding, publication, reader, revision, shown

_NOTHING = cast(null(), BigInteger)
_SENDING = delivery.alias("sending")


@dataclass(frozen=True, slots=True)
class Corrections:
    """The rows of corrections."""

    _database: Database

    async def correct(self, correction: Correction, now: datetime) -> int:
        """Make a new revision public and begin to change the copies; returns the number of the publication that does.

        From this commit on everybody who opens the article reads the new text, and what has not been sent yet is sent
        with it.

        Raises:
            Stale: the article has another version by now, or is not public.

        """
        async with self._database.write() as connection:
            number = await self._revise(connection, correction, now)
            await unindex(self._database, connection, correction.article_id)
            if correction.kind is RevisionKind.RETRACTION:
                await connection.execute(delete(embedding).where(embedding.c.article_id == correction.article_id))
            if correction.terms is not None:
                await index_articles(self._database, connection, {correction.article_id: correction.terms})
            wanted = Release(
                article_id=correction.article_id,
                at=now,
                lane=Priority.INSTANT if correction.kind is RevisionKind.TYPO else Priority.URGENT,
                by=correction.by,
                revision=number,
                purpose=correction.kind,
            )
            (publication_id,) = await make_publications(connection, [wanted], begun_at=now)
            detail = {"revision": number, "note": correction.note}
            act = correction.kind.name.lower()
            await write_audit(connection, now, correction.by, act, correction.article_id, detail)
            return publication_id

    async def _revise(self, connection: AsyncConnection, correction: Correction, now: datetime) -> int:
        values: dict[str, Any] = {
            **changed_values(correction.changes),
            "version": correction.version + 1,
            "updated_at": now,
        }
        if correction.kind is not RevisionKind.TYPO:
            values |= {"corrected_at": now, "correction": correction.note}
        if correction.kind is RevisionKind.RETRACTION:
            values["state"] = ArticleState.RETRACTED
            own = article_topic.c.article_id == correction.article_id
            await connection.execute(update(article_topic).where(own).values(published_at=null()))
        there = and_(
            article.c.id == correction.article_id,
            article.c.version == correction.version,
            article.c.state == ArticleState.PUBLISHED,
        )
        change = update(article).where(there).values({**values, "revision": article.c.revision + 1})
        number = await connection.scalar(change.returning(article.c.revision))
        if number is None:
            raise Stale
        which, note = [correction.article_id], correction.note
        await keep_revisions(connection, which, correction.kind, now, by=correction.by, note=note)
        return int(number)

    async def spread(self, publication_id: int, span: int, now: datetime) -> bool:
        """Write the deliveries to the next `span` readers; returns whether there is more to do at once.

        One transaction for a stretch. At the end come copies that were being sent meanwhile: the fan-out ends only when
        none of an older revision is under way.
        """
        async with self._database.write() as connection:
            found = select(publication).where(publication.c.id == publication_id).with_for_update()
            row = (await connection.execute(found)).one()
            if row.state is not PublicationState.RUNNING or row.fan_end is None:
                return False
            upto = min(row.fan_from + span, row.fan_end)
            last_look = row.fan_from >= row.fan_end
            span_of = (0, row.fan_end) if last_look else (row.fan_from, upto)
            total = await self._owe(connection, row, span_of, now, opened=not last_look)
            under_way = last_look and await _under_way(connection, row)
            done = last_look and not under_way
            place = {"fan_from": null() if done else upto, "fan_end": null() if done else row.fan_end}
            change = update(publication).where(publication.c.id == publication_id)
            await connection.execute(change.values(total=publication.c.total + total, **place))
            return not done and not under_way

    async def _owe(
        self, connection: AsyncConnection, row: AnyRow, span: tuple[int, int], now: datetime, *, opened: bool
    ) -> int:
        copies = _copies(row, span).cte("copies")
        edits: Any = select(copies.c.reader_id, copies.c.message_id, copies.c.digest_id)
        if opened:
            others = _opened(row, span)
            known = select(copies.c.message_id).where(
                copies.c.reader_id == reader.c.id, copies.c.message_id == shown.c.message_id
            )
            edits = union(edits, others.where(~known.exists()))
        number = await self._insert(connection, row, DeliveryKind.EDIT, edits, now)
        if row.purpose is RevisionKind.CORRECTION:
            notes = select(copies.c.reader_id, func.max(copies.c.message_id), _NOTHING).group_by(copies.c.reader_id)
            await self._insert(connection, row, DeliveryKind.NOTE, notes, now)
        await connection.execute(_renewed(row, span))
        return number

    async def _insert(
        self, connection: AsyncConnection, row: AnyRow, kind: DeliveryKind, people: Any, now: datetime
    ) -> int:
        who = people.subquery("who")
        columns = {
            "reader_id": who.c[0],
            "target_message": who.c[1],
            "digest_id": who.c[2],
            # What belongs to no publication is not counted: "edited 9 812 of 9 840" speaks of copies.
            "publication_id": literal(row.id) if kind.traits.is_counted else _NOTHING,
            "article_id": literal(row.article_id),
            "kind": literal(int(kind)),
            "lane": literal(int(row.lane if kind.traits.is_counted else Priority.INSTANT)),
            "state": literal(int(DeliveryState.QUEUED)),
            "revision": literal(row.revision),
            "not_before": literal(now, Instant),
            "created_at": literal(now, Instant),
        }
        values = select(*(value.label(name) for name, value in columns.items())).select_from(who)
        insert = delivery.insert().from_select(list(columns), values).execution_options(preserve_rowcount=True)
        return int((await connection.execute(insert)).rowcount)

    async def listed(self, offset: int, limit: int) -> Sequence[CorrectionNote]:
        """Return what was corrected and retracted, the newest first."""
        statement = (
            select(revision.c.article_id, revision.c.kind, revision.c.note, revision.c.at, revision.c.title)
            .where(revision.c.kind > 0)
            .order_by(revision.c.at.desc(), revision.c.article_id.desc())
            .offset(offset)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [CorrectionNote(r.article_id, r.kind, r.title, r.note, r.at) for r in rows]


def _own(row: AnyRow, span: tuple[int, int]) -> Any:
    """Return the condition for the rows of the article's older copies among the readers of a span."""
    return and_(
        delivery.c.article_id == row.article_id,
        of_kinds(delivery, lambda traits: traits.holds_article),
        delivery.c.reader_id > span[0],
        delivery.c.reader_id <= span[1],
        delivery.c.revision < row.revision,
    )


def _copies(row: AnyRow, span: tuple[int, int]) -> Any:
    """Return the messages that hold an older copy: headlines, and digests with one."""
    headlines = select(delivery.c.reader_id, delivery.c.message_id, _NOTHING.label("digest_id")).where(
        _own(row, span), delivery.c.state == DeliveryState.SENT, delivery.c.message_id > 0
    )
    whole = _SENDING
    digests = (
        select(delivery.c.reader_id, whole.c.message_id, delivery.c.digest_id)
        .join(whole, and_(whole.c.digest_id == delivery.c.digest_id, whole.c.kind == DeliveryKind.DIGEST))
        .where(
            _own(row, span),
            delivery.c.state == DeliveryState.BUNDLED,
            whole.c.state == DeliveryState.SENT,
            whole.c.message_id > 0,
        )
    )
    return headlines.union_all(digests)


def _opened(row: AnyRow, span: tuple[int, int]) -> Any:
    """Return the other messages that show the article, opened from a list for example."""
    twin = reader.alias("twin")
    first = select(func.min(twin.c.id)).where(twin.c.chat_id == shown.c.chat_id).scalar_subquery()
    return (
        select(reader.c.id, shown.c.message_id, _NOTHING)
        .select_from(shown.join(reader, reader.c.chat_id == shown.c.chat_id))
        .where(
            shown.c.article_id == row.article_id, reader.c.id == first, reader.c.id > span[0], reader.c.id <= span[1]
        )
    )


def _renewed(row: AnyRow, span: tuple[int, int]) -> Any:
    """Return the change that notes which copies need nothing more: those with an edit, and those not made yet."""
    whole = _SENDING
    sent = select(whole.c.id).where(
        whole.c.digest_id == delivery.c.digest_id,
        whole.c.kind == DeliveryKind.DIGEST,
        whole.c.state == DeliveryState.SENT,
    )
    made = or_(delivery.c.state == DeliveryState.SENT, and_(delivery.c.state == DeliveryState.BUNDLED, sent.exists()))
    return update(delivery).where(_own(row, span), made).values(revision=row.revision)


async def _under_way(connection: AsyncConnection, row: AnyRow) -> bool:
    """Tell whether an older copy is being sent at this moment."""
    whole = _SENDING
    digest = select(whole.c.id).where(
        whole.c.digest_id == delivery.c.digest_id,
        whole.c.kind == DeliveryKind.DIGEST,
        whole.c.state == DeliveryState.SENDING,
    )
    moving = or_(
        delivery.c.state == DeliveryState.SENDING, and_(delivery.c.state == DeliveryState.BUNDLED, digest.exists())
    )
    statement = select(delivery.c.id).where(_own(row, (0, row.fan_end)), moving).limit(1)
    return (await connection.execute(statement)).first() is not None
