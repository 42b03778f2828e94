"""Corrections and what is in a digest, in the air, or open somewhere: each older copy is owed one edit, and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import Stale
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish, Priority
from bot.model.news import ArticleState, RevisionKind
from bot.model.readers import Address, Hourly, Reader
from bot.relevance.lemmas import terms_of
from storage.articles.articles import Articles
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import AnyRow, Database
from storage.people.readers import Readers
from storage.runtime.message_screens import MessageScreens
from storage.schema.tables import delivery, revision
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed

LATER = NOW + timedelta(hours=1)
TERMS = terms_of("Новий міст", "", "", "uk")


async def _published(database: Database, title: str = "Міст відкрили") -> int:
    article_id, number = await a_publication(database, title)
    while await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6)):
        pass
    return article_id


async def _corrected(database: Database, article_id: int, kind: RevisionKind = RevisionKind.TYPO) -> int:
    version = (await Articles(database).get(article_id)).version
    return await Corrections(database).correct(
        Correction(
            article_id=article_id, version=version, kind=kind, by=100, note="Уточнено.",
            changes=ArticleChanges(title="Новий міст"), terms=None if kind is RevisionKind.RETRACTION else TERMS,
        ),
        NOW,
    )  # fmt: skip


async def _arrived(database: Database, *rows: Delivery, message: int = 500) -> None:
    await Ledger(database, "me").finish(
        [(row.id, Finish(DeliveryState.SENT, "", message + n)) for n, row in enumerate(rows)], LATER
    )


async def _owed(database: Database, kind: DeliveryKind = DeliveryKind.EDIT) -> list[AnyRow]:
    async with database.read() as connection:
        statement = select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.target_message)
        return list((await connection.execute(statement)).all())


async def _a_digest(database: Database) -> tuple[Reader, int]:
    """Make a digest that holds an article; returns its reader and the article."""
    person = await a_reader(database, schedule=Hourly())
    article_id = await _published(database)
    await Digests(database).build(LATER)
    return person, article_id


async def test_a_correction_waits_for_a_digest_in_the_air_and_owes_it_one_edit(database: Database) -> None:
    person, article_id = await _a_digest(database)
    (flying,) = await claimed(Ledger(database, "me"), at=LATER)
    corrections, number = Corrections(database), await _corrected(database, article_id)
    for _ in range(3):
        while await corrections.spread(number, 100, NOW):
            pass
        assert [one.id for one in await Publications(database).fanning()] == [number]
        assert await _owed(database) == []
    await _arrived(database, flying)
    while await corrections.spread(number, 100, NOW):
        pass
    assert await Publications(database).fanning() == []
    (edit,) = await _owed(database)
    assert (edit.reader_id, edit.target_message, edit.digest_id) == (person.id, 500, flying.digest_id)
    assert (await Publications(database).get(number)).tally.total == 1
    assert not await corrections.spread(number, 100, NOW)
    assert len(await _owed(database)) == 1


async def test_a_digest_that_waits_is_sent_in_the_new_text_and_owed_nothing(database: Database) -> None:
    _, article_id = await _a_digest(database)
    number = await _corrected(database, article_id)
    while await Corrections(database).spread(number, 100, NOW):
        pass
    assert await Publications(database).fanning() == []
    assert await _owed(database) == []


async def test_a_digest_that_failed_holds_up_no_correction_and_is_owed_nothing(database: Database) -> None:
    _, article_id = await _a_digest(database)
    ledger = Ledger(database, "me")
    (flying,) = await claimed(ledger, at=LATER)
    await ledger.finish([(flying.id, Finish(DeliveryState.UNCERTAIN, "lost"))], LATER)
    number = await _corrected(database, article_id)
    while await Corrections(database).spread(number, 100, NOW):
        pass
    assert await Publications(database).fanning() == []
    assert await _owed(database) == []


async def test_only_copies_of_the_article_that_was_corrected_are_touched(database: Database) -> None:
    await a_reader(database)
    first, second = await _published(database), await _published(database, "Кава подорожчала")
    rows = await claimed(Ledger(database, "me"), limit=1, at=LATER)
    await _arrived(database, *rows)
    others = await claimed(Ledger(database, "me"), at=LATER + timedelta(minutes=1))
    mine, other = (first, second) if rows[0].article_id == first else (second, first)
    assert [row.article_id for row in others] == [other]  # in the air, and no concern of this correction
    number = await _corrected(database, mine)
    while await Corrections(database).spread(number, 100, NOW):
        pass
    assert await Publications(database).fanning() == []
    assert [(row.article_id, row.revision) for row in await _owed(database)] == [(mine, 2)]


async def test_an_edit_and_a_note_say_what_they_are(database: Database) -> None:
    person = await a_reader(database)
    article_id = await _published(database)
    await _arrived(database, *await claimed(Ledger(database, "me")))
    number = await _corrected(database, article_id, RevisionKind.CORRECTION)
    while await Corrections(database).spread(number, 100, LATER):
        pass
    (edit,), (note,) = await _owed(database), await _owed(database, DeliveryKind.NOTE)
    for row in (edit, note):
        assert (row.reader_id, row.article_id, row.target_message, row.revision) == (person.id, article_id, 500, 2)
        assert (row.state, row.not_before, row.created_at) == (DeliveryState.QUEUED, LATER, LATER)
    assert (edit.publication_id, edit.lane) == (number, Priority.URGENT)
    assert (note.publication_id, note.lane) == (None, Priority.INSTANT)


async def test_who_has_two_copies_gets_one_note_at_the_later(database: Database) -> None:
    person, article_id = await _a_digest(database)
    await _arrived(database, *await claimed(Ledger(database, "me"), at=LATER))
    screens = MessageScreens(database)
    await screens.put(person.address.chat_id, 900, "x", article_id, [], NOW)
    number = await _corrected(database, article_id, RevisionKind.CORRECTION)
    while await Corrections(database).spread(number, 100, NOW):
        pass
    assert [row.target_message for row in await _owed(database)] == [500, 900]
    assert [row.target_message for row in await _owed(database, DeliveryKind.NOTE)] == [500]


@pytest.mark.parametrize("message", [0, None], ids=["still being prepared", "found, its number is unknown"])
async def test_a_copy_whose_message_has_no_number_cannot_be_edited(database: Database, message: int | None) -> None:
    await a_reader(database)
    article_id = await _published(database)
    (row,) = await claimed(Ledger(database, "me"))
    await Ledger(database, "me").finish([(row.id, Finish(DeliveryState.SENT, "", message))], NOW)
    number = await _corrected(database, article_id)
    while await Corrections(database).spread(number, 100, NOW):
        pass
    assert await _owed(database) == []
    assert await Publications(database).fanning() == []


async def test_what_is_open_in_a_forum_is_edited_once_and_in_other_chats_not_at_all(database: Database) -> None:
    person, forum = await a_reader(database), await a_reader(database, chat_id=-60)
    await Readers(database).meet(replace(forum, id=0, address=Address(-60, 5)), NOW)
    article_id, unrelated = (await a_publication(database))[0], (await a_publication(database))[0]
    screens = MessageScreens(database)
    await screens.put(-60, 900, "x", article_id, [], NOW)
    await screens.put(person.address.chat_id, 901, "x", unrelated, [], NOW)
    number = await _corrected(database, article_id)
    while await Corrections(database).spread(number, 1, NOW):
        pass
    assert [(row.reader_id, row.target_message) for row in await _owed(database)] == [(forum.id, 900)]


@pytest.mark.parametrize(
    ("kind", "title", "corrected", "state"),
    [
        (RevisionKind.TYPO, "Новий міст", False, ArticleState.PUBLISHED),
        (RevisionKind.CORRECTION, "Новий міст", True, ArticleState.PUBLISHED),
        (RevisionKind.RETRACTION, "Новий міст", True, ArticleState.RETRACTED),
    ],
)
async def test_what_each_kind_of_correction_makes_of_an_article(
    database: Database, kind: RevisionKind, title: str, corrected: bool, state: ArticleState
) -> None:
    article_id, other = (await a_publication(database))[0], (await a_publication(database))[0]
    before, untouched = await Articles(database).get(article_id), await Articles(database).get(other)
    await _corrected(database, article_id, kind)
    after = await Articles(database).get(article_id)
    assert (after.title, after.state, after.version, after.revision) == (title, state, before.version + 1, 2)
    assert (after.corrected_at, after.correction) == ((NOW, "Уточнено.") if corrected else (None, ""))
    assert await Articles(database).get(other) == untouched
    async with database.read() as connection:
        kept = (
            await connection.execute(
                select(revision).where(revision.c.article_id == article_id, revision.c.number == 2)
            )
        ).one()
    assert (kept.kind, kept.title, kept.at) == (kind, title, NOW)
    found = await Stories(database).known(["новий"])
    assert bool(found) is (kind is not RevisionKind.RETRACTION)


async def test_only_what_is_public_can_be_corrected(database: Database) -> None:
    article_id, _ = await a_publication(database)
    await _corrected(database, article_id, RevisionKind.RETRACTION)
    with pytest.raises(Stale):
        await _corrected(database, article_id)


async def test_what_was_said_of_a_revision(database: Database) -> None:
    first, second = (await a_publication(database))[0], (await a_publication(database))[0]
    await _corrected(database, first, RevisionKind.CORRECTION)
    await _corrected(database, second)
    corrections = Corrections(database)
    said = await corrections.told(first, 2)
    assert said is not None
    assert (said.article_id, said.kind, said.title, said.note, said.at) == (
        first,
        RevisionKind.CORRECTION,
        "Новий міст",
        "Уточнено.",
        NOW,
    )
    assert await corrections.told(first, 3) is None
    assert await corrections.told(first + 1000, 2) is None
    listed = await corrections.listed(0, 10)
    assert {one.article_id for one in listed if one.kind is RevisionKind.CORRECTION} == {first}
    assert all(one.kind > 0 for one in listed)
    assert await corrections.listed(len(listed), 10) == []
    assert len(await corrections.listed(0, 1)) == 1
