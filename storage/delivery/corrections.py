"""Corrections: a new revision of a published article, and the deliveries to everybody who holds an older copy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, literal_column, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Stale
from bot.model.changes import UNCHANGED
from bot.model.desk import Correction, CorrectionNote, PublicationState
from bot.model.ledger import DeliveryKind, Priority
from bot.model.listeners import EventKind
from bot.model.news import ArticleState, RevisionKind
from storage.articles.feed_notices import answer_notice
from storage.articles.pictures import erase_pictures
from storage.articles.releases import Release, keep_revisions, make_publications
from storage.articles.rows import changed_values, photo_json
from storage.articles.threads import rename_around
from storage.delivery.copies import (
    NONE_LATE,
    Copy,
    LateCopies,
    count_holders,
    late_copies,
    opened_elsewhere,
    owe,
    renew,
    renew_late,
    under_way,
)
from storage.engine.database import AnyRow, Database
from storage.index.writing import index_articles, unindex
from storage.people.audit import write_audit
from storage.runtime.events import Fact, note_events
from storage.schema.tables import article, article_topic, embedding, publication, revision

# What readers are told of, by a message and in the list for everybody; a typo is mended silently.
_TOLD = (RevisionKind.CORRECTION, RevisionKind.RETRACTION)
_INDEXED: ColumnElement[bool] = literal_column("revision.kind > 0")  # to the letter of what can be looked up by time


@dataclass(frozen=True, slots=True)
class Corrections:
    """The rows of corrections."""

    _database: Database

    async def correct(self, correction: Correction, now: datetime) -> int:
        """Make a new revision public and begin to change the copies; returns the number of the publication that does.

        From this commit on everybody who opens the article reads the new text, and what has not been sent yet is sent
        with it.

        Raises:
            Stale: the article has another version by now, or is not public; or what this answers is answered.

        """
        async with self._database.turn() as connection:
            if correction.answers is not None:
                await answer_notice(connection, correction.answers, correction.by, now)
            number = await self._revise(connection, correction, now)
            if correction.changes.title is not UNCHANGED:
                await rename_around(connection, correction.article_id, now)
            await unindex(self._database, connection, correction.article_id)
            if correction.kind is RevisionKind.RETRACTION:
                await connection.execute(delete(embedding).where(embedding.c.article_id == correction.article_id))
                await erase_pictures(connection, correction.article_id)
            elif correction.changes.photo is not UNCHANGED:
                await erase_pictures(connection, correction.article_id, photo_json(correction.changes.photo))
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
            retracted = correction.kind is RevisionKind.RETRACTION
            kind = EventKind.RETRACTED if retracted else EventKind.CORRECTED
            await note_events(connection, kind, [Fact(correction.article_id, number)], now)
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
        none of an older revision was under way, and a look that began after that found none that was sent.
        """
        late = await self._late(publication_id, span)
        async with self._database.turn() as connection:
            found = select(publication).where(publication.c.id == publication_id).with_for_update()
            row = (await connection.execute(found)).one()
            if row.state is not PublicationState.RUNNING or row.fan_end is None:
                return False
            upto, done = min(row.fan_from + span, row.fan_end), late == NONE_LATE
            if late is None:
                copies = await renew(connection, row, (row.fan_from, upto))
                edits = await self._with_opened(connection, row, (row.fan_from, upto), copies)
            else:
                edits = copies = await renew_late(self._database, connection, row, late)
            await owe(self._database, connection, row, DeliveryKind.EDIT, edits, now)
            if row.purpose in _TOLD:
                last = {one.reader_id: Copy(one.reader_id, one.message_id) for one in sorted(copies, key=_by_message)}
                await owe(self._database, connection, row, DeliveryKind.NOTE, list(last.values()), now)
            place = {"fan_from": null() if done else upto, "fan_end": null() if done else row.fan_end}
            change = update(publication).where(publication.c.id == publication_id)
            await connection.execute(change.values(total=publication.c.total + len(edits), **place))
            return late is None or late.has_some

    async def _late(self, publication_id: int, most: int) -> LateCopies | None:
        """Return copies that were sent while all readers were looked through; None before that is done.

        Before the turn: all copies of the article are read for it. After the correction nothing is claimed in an older
        revision, so that what is not under way, and not found, does not come later.
        """
        async with self._database.read() as connection:
            row = (await connection.execute(select(publication).where(publication.c.id == publication_id))).one()
            if row.fan_end is None or row.fan_from < row.fan_end:
                return None
            # Asked before looking: what is sent after the question is among what is found.
            waits = await under_way(connection, row)
            return replace(await late_copies(connection, row, most), waits=waits)

    async def _with_opened(
        self, connection: AsyncConnection, row: AnyRow, span: tuple[int, int], copies: Sequence[Copy]
    ) -> list[Copy]:
        known = {(one.reader_id, one.message_id) for one in copies}
        others = await opened_elsewhere(connection, row, span)
        return [*copies, *(one for one in others if (one.reader_id, one.message_id) not in known)]

    async def holders(self, article_id: int) -> int:
        """Return how many readers hold a copy of an article that was sent to them."""
        async with self._database.read() as connection:
            return await count_holders(connection, article_id)

    async def told(self, article_id: int, number: int) -> CorrectionNote | None:
        """Return what was said of a revision of an article; None when there is none of that number."""
        columns = (revision.c.article_id, revision.c.kind, revision.c.note, revision.c.at, revision.c.title)
        mine = select(*columns).where(revision.c.article_id == article_id, revision.c.number == number)
        async with self._database.read() as connection:
            row = (await connection.execute(mine)).first()
        return CorrectionNote(row.article_id, row.kind, row.title, row.note, row.at) if row is not None else None

    async def listed(self, offset: int, limit: int) -> Sequence[CorrectionNote]:
        """Return what was corrected and retracted, the newest first."""
        statement = (
            select(revision.c.article_id, revision.c.kind, revision.c.note, revision.c.at, revision.c.title)
            .where(_INDEXED, revision.c.kind.in_(_TOLD))
            .order_by(revision.c.at.desc(), revision.c.article_id.desc())
            .offset(offset)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [CorrectionNote(r.article_id, r.kind, r.title, r.note, r.at) for r in rows]


def _by_message(copy: Copy) -> int:
    return copy.message_id
