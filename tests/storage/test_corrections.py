"""What a correction owes to whom: every copy once, also one that was in the air when it was made; on both engines."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.errors import Stale
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, PublicationState
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish
from bot.model.news import Photo, RevisionKind
from bot.model.pictures import Picture
from bot.model.tokens import Scope
from bot.relevance.lemmas import terms_of
from storage.articles.articles import Articles
from storage.articles.pictures import Pictures
from storage.delivery.corrections import Corrections
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.engine.database import Database
from storage.people.audit import Audit
from storage.people.tokens import Tokens
from storage.runtime.message_screens import MessageScreens
from storage.schema.tables import article, delivery, lemma, story
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed
from tests.support.together import through_or_blocked

MEDIA = "https://news.example/media"
TERMS = terms_of("Новий міст", "", "", "uk")


async def _published(database: Database) -> tuple[int, int]:
    article_id, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    return article_id, number


async def _sent(ledger: Ledger, rows: list[Delivery], first_message: int = 500) -> None:
    await ledger.finish([(d.id, Finish(DeliveryState.SENT, "", first_message + n)) for n, d in enumerate(rows)], NOW)


async def _corrected(database: Database, article_id: int, kind: RevisionKind = RevisionKind.TYPO) -> int:
    article = await Articles(database).get(article_id)
    correction = Correction(
        article_id=article_id, version=article.version, kind=kind, by=100, note="Уточнено.",
        changes=ArticleChanges(title="Новий міст"), terms=TERMS,
    )  # fmt: skip
    return await Corrections(database).correct(correction, NOW)


async def _spread(database: Database, number: int) -> None:
    while await Corrections(database).spread(number, 2, NOW):
        pass


async def _owed(database: Database, kind: DeliveryKind = DeliveryKind.EDIT) -> list[tuple[int, int]]:
    columns = (delivery.c.reader_id, delivery.c.target_message)
    statement = select(*columns).where(delivery.c.kind == kind).order_by(delivery.c.target_message)
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(statement)]


async def test_every_copy_is_owed_one_edit_in_stretches_of_readers(database: Database) -> None:
    readers = [await a_reader(database) for _ in range(5)]
    article_id, _ = await _published(database)
    ledger = Ledger(database, "me")
    await _sent(ledger, await claimed(ledger))
    number = await _corrected(database, article_id)
    await _spread(database, number)
    await _spread(database, number)
    assert await _owed(database) == [(r.id, 500 + n) for n, r in enumerate(readers)]
    assert (await Publications(database).get(number)).tally.total == 5


async def test_a_copy_in_the_air_is_found_when_it_has_arrived(database: Database) -> None:
    reader = await a_reader(database)
    article_id, _ = await _published(database)
    ledger = Ledger(database, "me")
    flying = await claimed(ledger)
    number = await _corrected(database, article_id)
    await _spread(database, number)
    assert await _owed(database) == []
    assert [p.id for p in await Publications(database).fanning()] == [number]
    await _sent(ledger, flying)
    await _spread(database, number)
    assert await _owed(database) == [(reader.id, 500)]
    assert await Publications(database).fanning() == []


async def test_those_who_would_be_told_are_counted_as_they_are_then_told(database: Database) -> None:
    for _ in range(4):
        await a_reader(database)
    article_id, _ = await _published(database)
    ledger, corrections = Ledger(database, "me"), Corrections(database)
    assert await corrections.holders(article_id) == 0
    first, second, third, _fourth = await claimed(ledger)
    await _sent(ledger, [first, second])
    await ledger.finish([(third.id, Finish(DeliveryState.FAILED, "blocked", None))], NOW)
    assert await corrections.holders(article_id) == 2
    assert await corrections.holders(article_id + 1) == 0
    await _spread(database, await _corrected(database, article_id, RevisionKind.CORRECTION))
    assert len(await _owed(database, DeliveryKind.NOTE)) == 2


async def test_a_copy_that_is_claimed_later_is_sent_in_the_new_revision_and_owed_nothing(database: Database) -> None:
    await a_reader(database)
    article_id, _ = await _published(database)
    ledger = Ledger(database, "me")
    number = await _corrected(database, article_id)
    due = await claimed(ledger)
    assert [one.revision for one in due] == [2]
    await _sent(ledger, due)
    await _spread(database, number)
    assert await _owed(database) == []


async def test_a_correction_of_a_correction_owes_each_copy_again(database: Database) -> None:
    await a_reader(database)
    article_id, _ = await _published(database)
    ledger = Ledger(database, "me")
    await _sent(ledger, await claimed(ledger))
    for times in (1, 2):
        await _spread(database, await _corrected(database, article_id))
        assert len(await _owed(database)) == times


async def test_a_correction_owes_a_note_and_a_typo_none(database: Database) -> None:
    reader = await a_reader(database)
    article_id, _ = await _published(database)
    ledger = Ledger(database, "me")
    await _sent(ledger, await claimed(ledger))
    await _spread(database, await _corrected(database, article_id))
    assert await _owed(database, DeliveryKind.NOTE) == []
    number = await _corrected(database, article_id, RevisionKind.CORRECTION)
    await _spread(database, number)
    assert await _owed(database, DeliveryKind.NOTE) == [(reader.id, 500)]
    assert (await Publications(database).get(number)).tally.total == 1


async def test_a_message_that_shows_the_article_is_owed_an_edit_and_the_same_message_only_one(
    database: Database,
) -> None:
    reader = await a_reader(database)
    article_id, _ = await _published(database)
    ledger, screens = Ledger(database, "me"), MessageScreens(database)
    await _sent(ledger, await claimed(ledger))
    for message in (500, 777):
        await screens.put(reader.address.chat_id, message, f"o:{article_id}:h{article_id}:0", article_id, [], NOW)
    await _spread(database, await _corrected(database, article_id))
    assert await _owed(database) == [(reader.id, 500), (reader.id, 777)]


async def test_whoever_has_an_older_version_before_them_is_told(database: Database) -> None:
    article_id, _ = await _published(database)
    stale = await Articles(database).get(article_id)
    await _corrected(database, article_id)
    again = Correction(article_id=article_id, version=stale.version, kind=RevisionKind.TYPO, by=100, terms=TERMS)
    with pytest.raises(Stale):
        await Corrections(database).correct(again, NOW)
    assert (await Articles(database).get(article_id)).revision == 2


async def test_a_correction_can_be_paused_and_goes_on(database: Database) -> None:
    for _ in range(5):
        await a_reader(database)
    article_id, _ = await _published(database)
    ledger = Ledger(database, "me")
    await _sent(ledger, await claimed(ledger))
    number = await _corrected(database, article_id)
    assert await Corrections(database).spread(number, 2, NOW)
    await Sends(database).pause(number, "", 100, NOW)
    assert not await Corrections(database).spread(number, 2, NOW)
    await Sends(database).resume(number, 100, NOW)
    await _spread(database, number)
    assert len(await _owed(database)) == 5
    assert (await Publications(database).get(number)).state is PublicationState.RUNNING


async def test_what_was_corrected_is_listed_newest_first(database: Database) -> None:
    article_id, _ = await _published(database)
    await _corrected(database, article_id, RevisionKind.CORRECTION)
    (note,) = await Corrections(database).listed(0, 10)
    assert (note.article_id, note.kind, note.note) == (article_id, RevisionKind.CORRECTION, "Уточнено.")


async def test_a_title_is_corrected_beside_what_joins_its_story(database: Database) -> None:
    """Both hold the story and then the words: the other way round PostgreSQL would have to end one of the two."""
    article_id, _ = await _published(database)
    async with database.write() as connection:
        own = await connection.scalar(story.insert().values(name="Міст", updated_at=NOW).returning(story.c.id))
        await connection.execute(update(article).where(article.c.id == article_id).values(story_id=own))
    async with database.write() as joining:
        await joining.execute(update(story).where(story.c.id == own).values(updated_at=NOW))
        correcting = asyncio.ensure_future(_corrected(database, article_id))
        await through_or_blocked(correcting, database)
        await joining.execute(update(lemma).values(articles=lemma.c.articles))
    assert await correcting
    async with database.read() as connection:
        assert await connection.scalar(select(story.c.name).where(story.c.id == own)) == "Новий міст"


async def test_who_corrected_what_and_with_what_words_stays_on_record(database: Database) -> None:
    article_id, _ = await _published(database)
    for kind in (RevisionKind.TYPO, RevisionKind.CORRECTION, RevisionKind.RETRACTION):
        await _corrected(database, article_id, kind)
    entries = (await Audit(database).of_article(article_id))[-3:]
    assert [(one.at, one.by, one.act) for one in entries] == [
        (NOW, 100, "typo"), (NOW, 100, "correction"), (NOW, 100, "retraction"),
    ]  # fmt: skip
    assert [one.detail for one in entries] == [{"revision": number, "note": "Уточнено."} for number in (2, 3, 4)]


@pytest.mark.parametrize(
    ("kind", "changes", "left"),
    [
        (RevisionKind.TYPO, ArticleChanges(title="Міст"), ["old", "same"]),
        (RevisionKind.TYPO, ArticleChanges(photo=Photo(url=f"{MEDIA}/same.jpg")), ["same"]),
        (RevisionKind.CORRECTION, ArticleChanges(photo=None), []),
        (RevisionKind.RETRACTION, ArticleChanges(), []),
    ],
)
async def test_a_picture_that_a_correction_takes_out_is_not_to_be_had_any_more(
    database: Database, kind: RevisionKind, changes: ArticleChanges, left: list[str]
) -> None:
    shown = Photo(url=f"{MEDIA}/old.jpg", more=(Photo(url=f"{MEDIA}/same.jpg"),))
    article_id, _ = await a_publication(database, photo=shown)
    pictures, tokens = Pictures(database), Tokens(database)
    await tokens.add("cms", "Агенція", Scope.DRAFT, "x" * 64, NOW)
    [token] = await tokens.all()
    for name in ("old", "same"):
        assert await pictures.add(name, token.id, Picture("image/jpeg", b"1"), 3, NOW)
        assert await pictures.use(name, token.id, article_id)
    version = (await Articles(database).get(article_id)).version
    await Corrections(database).correct(
        Correction(article_id=article_id, version=version, kind=kind, by=100, changes=changes), NOW
    )
    assert [name for name in ("old", "same") if await pictures.get(name) is not None] == left
