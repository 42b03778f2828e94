"""Migrations: up, down and up again on both engines, with rows in the tables; and nothing that only one of them has."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, func, inspect, select, text, update

from bot.feeds.importer import FILES
from bot.feeds.intake import fed
from bot.model.asking import KnownIds
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.feeds import FeedItem, FeedMode, FeedState, NoticeKind
from bot.model.ledger import DeliveryKind, DeliveryState, Finish
from bot.model.listeners import EVERYTHING, EventKind
from bot.model.matching import MatchKey, keyword_key, topic_key
from bot.model.news import Incoming, RevisionKind, Terms
from bot.model.readers import Rule
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.readers import Readers
from storage.runtime.events import Fact, note_events
from storage.runtime.message_ids import MessageIds
from storage.schema.migrate import migrate, move, revision_of, wait_for_database
from storage.schema.migrations import HEAD
from storage.schema.tables import article, delivery, kept_copy, metadata, publication, revision
from storage.store import Store
from tests.support.refusals import refused
from tests.support.rows import NOW, a_draft, a_matter, a_publication, a_reader, claimed
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "storage" / "schema" / "migrations"


def _revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def test_head_is_the_newest_revision() -> None:
    assert _revisions()[-1] == HEAD


def test_each_revision_says_whether_an_older_process_may_run_beside_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    said = {script.revision: getattr(script.module, "SAFE_BESIDE_OLDER", None) for script in scripts}
    assert [revision for revision, safe in said.items() if not isinstance(safe, bool)] == []
    assert {said[revision] for revision in ("0005", "0023")} == {True}
    assert {said[revision] for revision in ("0014", "0015")} == {False}


@asynccontextmanager
async def _older(database: Database, name: str) -> AsyncIterator[None]:
    """Let a process of an older program have the database open, on PostgreSQL under this name."""
    if database.file is not None:
        other = Database(f"sqlite:///{database.file.path}")
        other.hold()
        yield
        await other.close()
        return
    async with database.read() as connection:
        await connection.execute(text(f"SET application_name = '{name}'"))
        yield
        await connection.execute(text("SET application_name = 'somebody'"))


async def test_older_processes_have_to_stop_before_tables_they_cannot_live_with_and_need_not_before_others(
    database: Database,
) -> None:
    await wait_for_database(database)  # as every start does
    for name in ("visnyk 0014 1ab", "visnyk 1ab"):  # the second is of a program that did not say what it knows
        for before, safe in (("0014", False), ("0015", True)):
            await _at(database, before)
            async with _older(database, name):
                if safe:
                    await migrate(database, "0023")
                else:
                    with refused(r"\(0015\).*Stop every process of it first"):
                        await migrate(database, "0023")
                    assert await revision_of(database) == before
            await migrate(database)
            assert await revision_of(database) == HEAD
    if not database.is_sqlite:  # processes of the same program that start together, and programs of others
        for name in (f"visnyk {HEAD} 1ab", "visnyk 9999 1ab", "psql", "visnyksomething"):
            await _at(database, "0014")
            async with _older(database, name):
                await migrate(database)


async def test_who_starts_while_tables_are_changed_waits_and_sees_the_new_ones(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    await wait_for_database(second)
    async with first.write() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(7305003)"))
        waiting = asyncio.create_task(migrate(second))
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
        async with first.read() as looking:
            await until(lambda: looking.scalar(text(waits)), "it does not wait")
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with refused("newer Visnyk"):
        await waiting
    for one in (first, second):
        await one.close()


async def test_the_tables_are_what_the_program_says(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, metadata)
        # The archive is not SQLAlchemy's: see storage/schema/full_text.py.
        return [d for d in found if "archive" not in str(d)]

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_does_nothing(database: Database) -> None:
    await migrate(database)
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


@pytest.mark.wide
@pytest.mark.parametrize("revision", _revisions())
async def test_each_revision_can_be_left_downwards_and_upwards_with_rows_in_it(
    database: Database, revision: str
) -> None:
    await a_reader(database)
    await a_publication(database)
    async with database.write() as connection:
        await move(connection, revision)
    async with database.write() as connection:
        await move(connection, HEAD)
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM article")) == 1
        assert await connection.scalar(text("SELECT count(*) FROM reader")) == 1


@pytest.mark.wide
async def test_choices_outlive_a_column_for_words_as_typed(database: Database) -> None:
    one, readers = await a_reader(database, "t3"), Readers(database)
    await readers.put_rules(one.id, [Rule(key=keyword_key(5), words="Верховна Рада")])
    async with database.write() as connection:
        await move(connection, "0009")
        await move(connection, HEAD)
    choices = await readers.choices(one.id, NOW)
    assert choices.wanted == {topic_key(3), keyword_key(5)}
    assert choices.words == {}
    await readers.choose(one.id, [topic_key(4)])  # rows are written again


@pytest.mark.wide
async def test_stories_that_are_a_part_of_another_are_gone_on_the_way_back(database: Database) -> None:
    stories = Stories(database)
    numbers = [(await a_publication(database, title))[0] for title in ("Міст", "Міст знову", "Дощ", "Дощ знову")]
    stays, goes = [await stories.gather(*numbers[n : n + 2], 7, NOW) for n in (0, 2)]
    await stories.gather(numbers[0], numbers[2], 7, NOW)
    async with database.write() as connection:
        await move(connection, "0028")
        assert list((await connection.execute(text("SELECT id FROM story"))).scalars()) == [stays]
        await move(connection, HEAD)
    assert await stories.story(goes) is None
    found = await stories.story(stays)
    assert found is not None
    assert [item.id for item in found.items] == numbers


@pytest.mark.wide
async def test_feeds_and_listeners_keep_everything_where_their_numbers_come_once_from_then_on(
    database: Database,
) -> None:
    store = Store(database, "me")
    addresses = [f"https://{number}.example/feed" for number in range(3)]
    feeds = [await store.feeds.add(one, "Стрічка", FeedMode.PUBLISH, FeedState.ACTIVE, 7, NOW) for one in addresses]
    item = FeedItem(key="a", article_id=None, print="p", seen_at=NOW, dated_at=NOW)
    await store.feed_items.put(feeds[1], [item])
    notice = await store.feed_notices.add(feeds[1], NoticeKind.FLOOD, {"n": 30, "сказано": "«так»"}, NOW)
    listener = await store.listeners.add(addresses[0], "whsec_", EVERYTHING, 20, NOW)
    assert listener is not None
    async with database.write() as connection:
        await note_events(connection, EventKind.PUBLISHED, [Fact(1)], NOW)

    async def everything() -> list[object]:
        waiting = await store.listeners.waiting(listener, NOW, 9)
        found = await store.feeds.all(), await store.feed_items.of(feeds[1]), await store.feed_notices.untold()
        return [*found, await store.listeners.all(), waiting]

    before = await everything()
    for earlier in ("0029", "0028"):
        async with database.write() as connection:
            await move(connection, earlier)
            if database.is_sqlite:  # as they were made before
                await connection.run_sync(_without_autoincrement)
            await move(connection, HEAD)
        assert await everything() == before
    await store.feed_notices.forget(NOW + timedelta(days=1))
    await store.feeds.remove(feeds[2], 7, NOW)
    await store.listeners.remove(listener)
    assert await store.feeds.add(addresses[2], "Інша", FeedMode.PUBLISH, FeedState.ACTIVE, 7, NOW) > feeds[2]
    assert await store.feed_notices.add(feeds[0], NoticeKind.FLOOD, {"n": 30}, NOW) > notice
    again = await store.listeners.add(addresses[0], "whsec_", EVERYTHING, 20, NOW)
    assert again is not None
    assert again > listener


def _without_autoincrement(connection: Connection) -> None:
    """Make the tables as a database has them that is older than their numbers."""
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ' AUTOINCREMENT', '') WHERE name <> 'embedding'"
    )
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    left = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").scalar()
    assert left == 1


@pytest.mark.wide
async def test_tags_are_none_for_what_was_there_before_them(database: Database) -> None:
    tagged = fed(Incoming(title="x", identity="x", tags=("вітряк", "кам'яна баба")), FILES)
    (number,) = await Imports(database).add([tagged], NOW, push=False)
    assert (await Articles(database).get(number)).tags == ("вітряк", "кам'яна баба")
    async with database.write() as connection:
        await move(connection, "0012")
        await move(connection, HEAD)
    assert (await Articles(database).get(number)).tags == ()


@pytest.mark.wide
async def test_the_highest_number_of_a_message_is_known_and_what_is_uncertain_stays_for_the_editor(
    database: Database,
) -> None:
    rows = []
    for chat_id, state, number in ((1, 3, 70), (2, 3, 71), (-1_000_000_000_005, 3, 900), (3, 5, None)):
        whose = await a_reader(database, chat_id=chat_id)
        lane = {"kind": 5, "lane": 2, "not_before": NOW, "created_at": NOW, "finished_at": NOW}
        rows.append({"reader_id": whose.id, "state": state, "message_id": number, **lane})
    async with database.write() as connection:
        await connection.execute(delivery.insert(), rows)
        await move(connection, "0013")
        await move(connection, HEAD)
        asked = select(delivery.c.asked_at).where(delivery.c.state == DeliveryState.UNCERTAIN)
        assert await connection.scalar(asked) == NOW
    assert await MessageIds(database).known(0, 0, 1000) == KnownIds(frozenset({71}))


@pytest.mark.wide
async def test_who_had_no_choice_gets_pushes_and_mentions_become_them_on_the_way_back(database: Database) -> None:
    loud, folding = await a_reader(database), await a_reader(database, fold_sources=True)
    first, number = await a_publication(database, source="А")
    publications, ledger = Publications(database), Ledger(database, "me")
    while await publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6)):
        pass
    pushes = await claimed(ledger)
    await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=one.id)) for one in pushes], NOW)
    told = {first: frozenset[MatchKey]()}
    for source in ("Б", "В"):
        _, number = await a_publication(database, source=source)
        while await publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6), told):
            pass
    async with database.write() as connection:  # of the two mentions one is made
        mine = delivery.c.kind == DeliveryKind.MENTION
        last = await connection.scalar(select(func.max(delivery.c.id)).where(mine))
        await connection.execute(update(delivery).where(delivery.c.id == last).values(state=DeliveryState.TOLD))
        await connection.execute(update(publication).where(publication.c.id == number).values(told=1))
    async with database.write() as connection:
        await move(connection, "0013")
        states = text("SELECT state, target_message FROM delivery WHERE kind = 1 AND reader_id = :who ORDER BY id")
        rows = (await connection.execute(states, {"who": folding.id})).all()
        assert [tuple(row) for row in rows] == [(3, None), (0, None), (9, None)]
        assert await connection.scalar(text("SELECT count(*) FROM delivery WHERE kind NOT IN (1, 2)")) == 0
        counted = text("SELECT total - sent - failed - dropped - held FROM publication WHERE id = :id")
        assert await connection.scalar(counted, {"id": number}) == 1
    async with database.write() as connection:
        await move(connection, HEAD)
    for one in (loud, folding):
        found = await Readers(database).get(one.id)
        assert found is not None
        assert not found.fold_sources
    assert (await publications.get(number)).tally.told == 0
    assert (await Articles(database).get(first)).retells == ()
    assert {row.kind for row in await claimed(ledger)} == {DeliveryKind.PUSH}


async def _revisions_of(database: Database, title: str) -> list[tuple[int, int, str]]:
    rows = (
        select(revision.c.number, revision.c.kind, revision.c.title)
        .join(article, article.c.id == revision.c.article_id)
        .where(article.c.external_id == title)
        .order_by(revision.c.number)
    )
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(rows)]


@pytest.mark.wide
async def test_what_was_imported_without_a_first_revision_gets_one_unless_its_first_text_is_lost(
    database: Database,
) -> None:
    titles = ("as it came", "retracted", "corrected", "retracted after a correction")
    batch = [fed(Incoming(title=one, identity=one, external_id=one), FILES) for one in titles]
    numbers = dict(zip(titles, await Imports(database).add(batch, NOW, push=False), strict=True))
    await a_publication(database, external_id="an editor's")
    await a_draft(database, external_id="a draft")
    imported = revision.c.article_id.in_(numbers.values())
    async with database.write() as connection:
        await connection.execute(delete(revision).where(imported))  # as revision 0007 left it
    for title, kinds in (
        ("retracted", (RevisionKind.RETRACTION,)),
        ("corrected", (RevisionKind.TYPO,)),
        ("retracted after a correction", (RevisionKind.CORRECTION, RevisionKind.RETRACTION)),
    ):
        for version, kind in enumerate(kinds):
            changes = ArticleChanges() if kind is RevisionKind.RETRACTION else ArticleChanges(title="other")
            correction = Correction(
                article_id=numbers[title], version=version, kind=kind, by=100, changes=changes, terms=Terms()
            )
            await Corrections(database).correct(correction, NOW)
    async with database.write() as connection:
        await move(connection, "0007")
    for _ in range(2):
        async with database.write() as connection:
            await move(connection, HEAD)
        assert await _revisions_of(database, "as it came") == [(1, RevisionKind.FIRST, "as it came")]
        assert [number for number, *_ in await _revisions_of(database, "retracted")] == [1, 2]
        assert [number for number, *_ in await _revisions_of(database, "corrected")] == [2]
        assert [number for number, *_ in await _revisions_of(database, "retracted after a correction")] == [2, 3]
        assert [number for number, *_ in await _revisions_of(database, "an editor's")] == [1]
        assert await _revisions_of(database, "a draft") == []
        async with database.write() as connection:
            await move(connection, "0007")


@pytest.mark.wide
async def test_everything_can_be_taken_down(database: Database) -> None:
    async with database.write() as connection:
        await move(connection, "base")
    async with database.read() as connection:
        tables = await connection.run_sync(lambda c: inspect(c).get_table_names())
    assert [table for table in tables if not table.startswith(("alembic", "sqlite"))] == []


async def test_a_database_of_a_newer_program_is_left_alone(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with refused("newer Visnyk"):
        await migrate(database)


async def _at(database: Database, revision: str) -> None:
    async with database.write() as connection:
        await move(connection, revision)


async def test_an_sqlite_file_is_copied_before_its_tables_change(sqlite_url: str, tmp_path: Path) -> None:
    database, before = Database(sqlite_url), _revisions()[-2]
    await a_reader(database)
    await _at(database, before)
    await migrate(database)
    await database.close()
    copy = tmp_path / f"visnyk.db.before-{HEAD}"
    assert copy.stat().st_mode & 0o077 == 0
    kept = Database(f"sqlite:///{copy}")
    async with kept.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM reader")) == 1
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == before
    await kept.close()


def _copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.before-*"))


async def test_no_copy_is_written_over_and_the_newest_three_stay(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    for chat_id in range(1, 6):
        await a_reader(database, chat_id=chat_id)
        await _at(database, _revisions()[-2])
        await migrate(database)
    await database.close()
    assert _copies(tmp_path) == [f"visnyk.db.before-{HEAD}.{number}" for number in (3, 4, 5)]
    for number in (3, 4, 5):
        kept = Database(f"sqlite:///{tmp_path / f'visnyk.db.before-{HEAD}.{number}'}")
        async with kept.read() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM reader")) == number
        await kept.close()


def test_a_second_process_on_one_sqlite_file_is_refused(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url)
    first.hold()
    with refused("Another Visnyk is running"):
        second.hold()
    asyncio.run(first.close())
    second.hold()
    asyncio.run(second.close())


def test_a_process_that_is_killed_lets_go_of_its_sqlite_file(sqlite_url: str) -> None:
    script = (
        "import sys, time\n"
        "from storage.engine.database import Database\n"
        f"database = Database({sqlite_url!r})\n"
        "database.hold()\n"
        "print('held', flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        database = Database(sqlite_url)
        with refused("Another Visnyk is running"):
            database.hold()
        process.kill()
        process.wait()
        database.hold()
    asyncio.run(database.close())


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "sqlite://data/visnyk.db", "postgresql://u:p@h:port/n"]
)
def test_a_database_that_will_not_do_is_refused_with_a_sentence(url: str) -> None:
    with refused(r"^DATABASE_URL"):
        Database(url)


@pytest.mark.wide
async def test_compact_copies_are_deliveries_again_on_the_way_back(database: Database) -> None:
    """A correction of the older program finds them: a push by itself, a line by its digest's message."""
    one, other = await a_reader(database), await a_reader(database)
    first, second = await a_draft(database), await a_draft(database)
    names = ("article_id", "reader_id", "message_id", "digest_id", "revision")
    kept = [(first, one.id, 71, None, 2), (first, other.id, 72, 5, 2), (second, other.id, 72, 5, 2)]
    async with database.write() as connection:
        await connection.execute(kept_copy.insert(), [dict(zip(names, row, strict=True)) for row in kept])
        await move(connection, "0023")
        await move(connection, HEAD)
        columns = ("reader_id", "article_id", "kind", "state", "message_id", "digest_id", "revision")
        rows = await connection.execute(select(*(delivery.c[name] for name in columns)).order_by(delivery.c.id))
        found = {tuple(row) for row in rows}
    assert found == {
        (one.id, first, 1, 3, 71, None, 2),
        (other.id, first, 2, 8, None, 5, 2),
        (other.id, second, 2, 8, None, 5, 2),
        (other.id, None, 3, 3, 72, 5, 1),
    }
