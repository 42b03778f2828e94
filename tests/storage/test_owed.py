"""What a correction leaves behind: edits owed for what arrived late, and nothing changed of other articles."""

from datetime import timedelta

from sqlalchemy import select

from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, PublicationState
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish
from bot.model.news import RevisionKind
from bot.model.readers import Hourly
from storage.delivery.corrections import Corrections
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.engine.database import AnyRow, Database
from storage.schema.tables import article_topic, delivery, embedding, publication, topic
from tests.support.rows import LEASE, NO_TERMS, NOW, a_matter, a_publication, a_reader, claimed

HOUR = timedelta(hours=1)
LATER = NOW + HOUR
SENT = Finish(DeliveryState.SENT, message_id=77)


async def _sent_out(database: Database) -> int:
    article_id, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, 6 * HOUR)
    return article_id


async def _corrected(database: Database, article_id: int, kind: RevisionKind = RevisionKind.TYPO) -> int:
    changes = ArticleChanges(title="Міст відкрито")
    correction = Correction(article_id=article_id, version=2, kind=kind, by=1, changes=changes, terms=NO_TERMS)
    number = await Corrections(database).correct(correction, LATER)
    while await Corrections(database).spread(number, 100, LATER):
        pass
    return number


async def _lost(database: Database, ledger: Ledger, *, digests: bool) -> list[Delivery]:
    """Have what is due claimed and taken for lost by another process; returns it by its readers."""
    if digests:
        await Digests(database).build(LATER)
    due = await claimed(ledger, at=LATER)
    await Ledger(database, "another").recover(LATER + 2 * LEASE)
    return sorted(due, key=lambda one: one.reader.id)


async def _edits(database: Database) -> list[AnyRow]:
    async with database.read() as connection:
        rows = await connection.execute(select(delivery).where(delivery.c.kind == DeliveryKind.EDIT))
        return list(rows.all())


async def _totals(database: Database, article_id: int) -> dict[int, int]:
    return {one.id: one.tally.total for one in await Publications(database).of_article(article_id)}


async def test_of_two_digests_in_doubt_that_which_arrived_is_owed_its_edit(database: Database) -> None:
    for _ in range(2):
        await a_reader(database, schedule=Hourly())
    article_id, ledger = await _sent_out(database), Ledger(database, "me")
    mine, _ = await _lost(database, ledger, digests=True)
    number = await _corrected(database, article_id)
    assert await _edits(database) == []
    before = await _totals(database, article_id)
    await ledger.finish([(mine.id, SENT)], LATER)
    [edit] = await _edits(database)
    assert (edit.reader_id, edit.target_message, edit.publication_id) == (mine.reader.id, 77, number)
    assert await _totals(database, article_id) == before | {number: 1}


async def test_the_note_about_one_correction_is_not_edited_by_the_next(database: Database) -> None:
    await a_reader(database, schedule=Hourly())
    article_id, ledger = await _sent_out(database), Ledger(database, "me")
    await Digests(database).build(LATER)
    [whole] = await claimed(ledger, at=LATER)
    await ledger.finish([(whole.id, SENT)], LATER)
    async with database.write() as connection:
        note = {"reader_id": whole.reader.id, "digest_id": whole.digest_id, "article_id": article_id, "lane": 2}
        note |= {"kind": DeliveryKind.NOTE, "state": DeliveryState.SENT, "message_id": 88, "not_before": NOW}
        await connection.execute(delivery.insert().values(**note, created_at=NOW))
    await _corrected(database, article_id)
    assert [edit.target_message for edit in await _edits(database)] == [77]


async def test_what_arrives_late_in_the_revision_of_now_is_owed_nothing(database: Database) -> None:
    await a_reader(database)
    article_id, ledger = await _sent_out(database), Ledger(database, "me")
    number = await _corrected(database, article_id)
    [one] = await _lost(database, ledger, digests=False)
    assert one.revision == 2
    await Publications(database).settle(LATER)
    await ledger.finish([(one.id, SENT)], LATER)
    assert await _edits(database) == []
    correction = await Publications(database).get(number)
    assert (correction.tally.total, correction.state) == (0, PublicationState.DONE)  # nor is its report sent anew


async def test_what_arrives_late_in_a_paused_correction_is_owed_its_edit_and_nobody_else_is(database: Database) -> None:
    for _ in range(3):
        await a_reader(database)
    article_id, ledger = await _sent_out(database), Ledger(database, "me")
    early = await claimed(ledger, limit=2, at=NOW)
    await ledger.finish([(row.id, SENT) for row in early], NOW)
    [lost] = await _lost(database, ledger, digests=False)
    assert lost.reader.id > max(row.reader.id for row in early)
    correction = Correction(article_id=article_id, version=2, kind=RevisionKind.TYPO, by=1, terms=NO_TERMS)
    number = await Corrections(database).correct(correction, LATER)
    await Sends(database).pause(number, "", 1, LATER)
    await ledger.finish([(lost.id, SENT)], LATER)
    assert [edit.reader_id for edit in await _edits(database)] == [lost.reader.id]


async def test_a_retraction_takes_its_own_article_out_and_no_other(database: Database) -> None:
    articles = [await _sent_out(database) for _ in range(2)]
    vector = {"revision": 1, "model": "small", "vector": b"1", "signs": b"1"}
    async with database.write() as connection:
        await connection.execute(topic.insert().values(id=1, slug="bridges", names={}, position=1))
        for one in articles:
            await connection.execute(article_topic.insert().values(article_id=one, topic_id=1, published_at=NOW))
            await connection.execute(embedding.insert().values(article_id=one, **vector))
    await _corrected(database, articles[0], RevisionKind.RETRACTION)
    async with database.read() as connection:
        read = (await connection.execute(select(embedding.c.article_id))).scalars().all()
        listed = select(article_topic.c.article_id).where(article_topic.c.published_at.is_not(None))
        shown = (await connection.execute(listed)).scalars().all()
        sends = (await connection.execute(select(publication.c.purpose).order_by(publication.c.id))).scalars().all()
    assert (read, shown) == ([articles[1]], [articles[1]])
    assert sends[-1] is RevisionKind.RETRACTION
