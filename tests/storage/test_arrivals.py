"""The one way in: drafts of editors and batches of feeds, what is kept of them, on both engines."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, update

from bot.desk.corrections import Corrections as CorrectionDesk
from bot.desk.drafts import Drafts, Submission
from bot.feeds.importer import FILES
from bot.feeds.intake import drafted, fed
from bot.model.changes import ArticleChanges
from bot.model.desk import Editor, Role
from bot.model.limits import LEAD_MOST, SOURCE_MOST, TITLE_MOST
from bot.model.matching import story_key
from bot.model.news import Article, ArticleState, FromEditor, Incoming, MediaKind, Photo, RevisionKind
from bot.model.relevance import BatchPlacement, Sibling
from bot.relevance.topics import START_TOPICS
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.articles.topics import Topics
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.writing import SORT_IN, put_into_archive
from storage.people.readers import Readers
from storage.schema.tables import article, revision, story
from tests.support.rows import NOW, a_draft, a_publication, a_reader, prepared
from tests.support.together import through_or_blocked

EDITOR = Editor(100, Role.EDITOR)
BUDGET = "Нацбанк підвищив облікову ставку, інфляція зросла, банки чекають на бюджет"


def _incoming(title: str = "Міст відкрили", **values: str) -> Incoming:
    return Incoming(title=title, **{"identity": f"id:{title[:40]}", "source": "Обрій", **values})


async def _imported(database: Database, *batch: Incoming) -> list[Article]:
    numbers = await Imports(database).add([fed(one, FILES) for one in batch], NOW, push=False)
    return [await Articles(database).get(number) for number in numbers]


async def _texts(database: Database, article_id: int) -> list[tuple[int, int, str, str, str]]:
    columns = (revision.c.number, revision.c.kind, revision.c.title, revision.c.lead, revision.c.body)
    statement = select(*columns).where(revision.c.article_id == article_id).order_by(revision.c.number)
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(statement)]


async def test_a_draft_has_an_author_and_what_a_feed_brings_has_none(database: Database) -> None:
    number = await Articles(database).draft(prepared(_incoming()), NOW)
    mine = await Articles(database).get(number)
    (theirs,) = await _imported(database, _incoming("Пором повернувся"))
    assert (mine.author_id, mine.state, mine.revision) == (100, ArticleState.DRAFT, 0)
    assert (theirs.author_id, theirs.state, theirs.revision) == (None, ArticleState.PUBLISHED, 1)
    assert await _texts(database, mine.id) == []


async def test_the_text_of_an_import_is_still_there_after_its_first_correction(database: Database) -> None:
    (article,) = await _imported(database, _incoming(lead="Лід", body="<p>Текст</p>"))
    first = (1, RevisionKind.FIRST, "Міст відкрили", "Лід", "<p>Текст</p>")
    assert await _texts(database, article.id) == [first]
    desk = CorrectionDesk(
        articles=Articles(database), corrections=Corrections(database), clock=SystemClock(), wake_fan_out=lambda: None
    )
    changed = await desk.proposed(article, "title", "Міст відкрили знову")
    await desk.correct(changed, RevisionKind.TYPO, "", EDITOR)
    second = (2, RevisionKind.TYPO, "Міст відкрили знову", "Лід", "<p>Текст</p>")
    assert await _texts(database, article.id) == [first, second]


async def test_whatever_comes_in_can_be_corrected_without_shortening_it(database: Database) -> None:
    long = _incoming("т" * 600, lead="л" * 2000, source="д" * 300)
    (article,) = await _imported(database, long)
    assert (len(article.title), len(article.lead), len(article.source)) == (TITLE_MOST, LEAD_MOST, SOURCE_MOST)
    desk = CorrectionDesk(
        articles=Articles(database), corrections=Corrections(database), clock=SystemClock(), wake_fan_out=lambda: None
    )
    assert len((await desk.proposed(article, "title", "Т" + article.title[1:])).title) == TITLE_MOST
    assert len((await desk.proposed(article, "lead", "Л" + article.lead[1:])).lead) == LEAD_MOST
    number = await a_draft(database)
    drafts = Drafts(
        articles=Articles(database), topics=Topics(database), clock=SystemClock(), newsroom="Вісник", zone="Europe/Kyiv"
    )
    draft = await drafts.set_title(await Articles(database).get(number), article.title, EDITOR)
    draft = await drafts.set_lead(draft, article.lead, EDITOR)
    draft = await drafts.set_source(draft, article.source, EDITOR)
    assert (draft.title, draft.lead, draft.source) == (article.title, article.lead, article.source)


async def test_a_feed_brings_its_topics_along_and_an_editor_only_uses_those_there_are(database: Database) -> None:
    topics = Topics(database)
    assert drafted(_incoming(BUDGET), 100, await topics.all()).topics == ()
    await topics.seed([topic for topic in START_TOPICS if topic.slug == "economy"])
    mine = drafted(_incoming(BUDGET), 100, await topics.all())
    assert ([topic.slug for topic in mine.topics], mine.origin) == (["economy"], FromEditor(100))
    named = replace(_incoming("Пором повернувся"), topics=("Річка",))
    (theirs,) = await _imported(database, named)
    assert [topic.slug for topic in theirs.topics] == ["richka"]
    assert len(await topics.all()) == 2


async def test_an_editors_message_is_read_as_a_draft_with_everything_worked_out(database: Database) -> None:
    await Topics(database).seed(START_TOPICS)
    drafts = Drafts(
        articles=Articles(database), topics=Topics(database), clock=SystemClock(), newsroom="Вісник", zone="Europe/Kyiv"
    )
    article = await drafts.draft(Submission(key="1", text=f"{BUDGET}\n\n" + "слово " * 200), EDITOR)
    assert (article.source, article.minutes, article.language) == ("Вісник", 2, "uk")
    assert [topic.slug for topic in article.topics] == ["economy"]


async def test_an_article_of_a_batch_is_named_by_its_place_in_it(database: Database) -> None:
    batch = [fed(_incoming(title), FILES) for title in ("Перша", "Друга", "Третя")]
    batch[1] = replace(batch[1], place=BatchPlacement(same_as=Sibling(0)))
    batch[2] = replace(batch[2], place=BatchPlacement(follows=Sibling(0)))
    one, two, three = await Imports(database).add(batch, NOW, push=False)
    articles = Articles(database)
    first, copy, later = [await articles.get(number) for number in (one, two, three)]
    assert (first.same_as, copy.same_as, later.same_as) == (None, one, None)
    assert first.story_id is not None
    assert (later.story_id, copy.story_id) == (first.story_id, None)


async def test_a_long_batch_takes_as_many_statements_as_a_short_one(database: Database) -> None:
    await _imported(database, _incoming())  # which makes the source
    asked: list[str] = []
    event.listen(database._writer.sync_engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    counted = []
    for many in (4, 40):
        batch = [fed(_incoming(f"Міст {many} {place}"), FILES) for place in range(many)]
        # Two chains: of even places and of odd ones.
        later = [replace(one, place=BatchPlacement(follows=Sibling(n))) for n, one in enumerate(batch[2:])]
        asked.clear()
        numbers = await Imports(database).add([*batch[:2], *later], NOW, push=False)
        counted.append(len(asked))
        articles = [await Articles(database).get(number) for number in numbers]
        even, odd = articles[::2], articles[1::2]
        assert len({one.story_id for one in even}) == len({one.story_id for one in odd}) == 1
        assert even[0].story_id != odd[0].story_id
    assert counted[0] == counted[1]


async def test_nothing_is_left_to_be_sorted_into_the_archive(database: Database) -> None:
    await _imported(database, _incoming("Міст відкрили"), _incoming("Пором повернувся"))
    if database.is_sqlite:
        return
    async with database.write() as connection:
        gathers = "SELECT reloptions FROM pg_class WHERE relname = 'ix_archive_tokens'"
        assert await connection.scalar(text(gathers)) == ["fastupdate=on"]
        assert await connection.scalar(text(SORT_IN)) == 0  # pages that it found in the list


async def test_who_does_not_own_the_archive_leaves_the_sorting_in_to_the_server(postgres_url: str) -> None:
    database = Database(postgres_url)
    async with database.write() as connection:
        for statement in ("CREATE ROLE guest", "GRANT SELECT, INSERT ON archive TO guest", "SET LOCAL ROLE guest"):
            await connection.execute(text(statement))
        await put_into_archive(database, connection, {1: ({"міст"}, {"відкрити"})})
        await connection.execute(text("RESET ROLE"))
        assert await connection.scalar(text("SELECT count(*) FROM archive WHERE tokens @@ 'tміст'")) == 1
        await connection.execute(text("DROP OWNED BY guest"))
        await connection.execute(text("DROP ROLE guest"))
    await database.close()


async def test_only_the_parts_that_change_are_written(database: Database) -> None:
    articles, number = Articles(database), await a_draft(database, lead="Лід", url="https://example.org/1")
    await articles.revise_draft(number, 0, ArticleChanges(photo=Photo(file_id="f1"), minutes=3), 100, NOW)
    found = await articles.get(number)
    assert (found.photo, found.minutes, found.lead) == (Photo(file_id="f1"), 3, "Лід")
    assert (found.url, found.source) == ("https://example.org/1", "Вісник")
    await articles.revise_draft(number, 1, ArticleChanges(photo=None, lead=""), 100, NOW)
    found = await articles.get(number)
    assert (found.photo, found.lead, found.version) == (None, "", 2)


def test_changes_name_their_parts() -> None:
    assert ArticleChanges().parts == []
    assert ArticleChanges(title="Міст", photo=None).parts == ["photo", "title"]


async def test_an_article_keeps_all_its_pictures_and_what_they_are(database: Database) -> None:
    articles = Articles(database)
    number = await a_draft(database)
    album = Photo(file_id="one", more=(Photo(file_id="two"), Photo(file_id="film", kind=MediaKind.VIDEO)))
    await articles.revise_draft(number, 0, ArticleChanges(photo=album), 100, NOW)
    assert (await articles.get(number)).photo == album


async def test_an_article_is_found_by_the_message_it_came_from_and_by_its_title(database: Database) -> None:
    articles = Articles(database)
    number = await a_draft(database, "Міст відкрили", identity="message:1:2")
    assert await articles.identified("message:1:2") == number
    assert await articles.identified("message:1:3") is None
    assert await articles.titled(["Міст відкрили"], NOW - timedelta(days=1)) is None, "a draft is not public"
    older, _ = await a_publication(database, "Ринок відкрили")
    newer, _ = await a_publication(database, "Ринок відкрили")
    assert await articles.titled(["Вісник · 14:00", "Ринок відкрили"], NOW - timedelta(days=1)) in {older, newer}
    assert await articles.titled(["Ринок відкрили"], NOW + timedelta(days=1)) is None
    assert await articles.titled([], NOW - timedelta(days=1)) is None


async def _told_of(database: Database, title: str, name: str) -> int:
    """Import an article of the story that its input calls so; returns its number."""
    (one,) = await _imported(database, replace(_incoming(title), story=name))
    return one.id


@pytest.mark.parametrize("stays", ["vote", "elections", "bridge"])
async def test_an_imports_story_that_became_a_part_of_another_is_told_on_in_that_one(
    database: Database, stays: str
) -> None:
    stories, articles, names = Stories(database), Articles(database), ["elections", "vote", "bridge"]
    first = {name: await _told_of(database, f"Перше: {name}", name) for name in names}
    began = {name: (await articles.get(number)).story_id for name, number in first.items()}
    follower = await a_reader(database, *(f"y{number}" for number in began.values()))
    alone, _ = await a_publication(database, "Міст відкрили знову")
    other, last = sorted(set(names) - {stays})
    assert await stories.gather(alone, first[last], 100, NOW) == began[last], "a name goes along or is there already"
    assert await stories.gather(first[other], first[last], 100, NOW) == began[other]
    assert await stories.gather(first[stays], alone, 100, NOW) == began[stays]
    assert (await Readers(database).choices(follower.id, NOW)).wanted == {story_key(began[stays] or 0)}
    batch = [replace(_incoming(f"Далі: {name}"), story=name) for name in names]
    drafted = await articles.draft(prepared(replace(_incoming("Чернетка"), story=other)), NOW)
    more = [*(await _imported(database, *batch)), await articles.get(drafted)]
    assert {one.story_id for one in more} == {began[stays]}
    await stories.cut(more[0].id, began[stays] or 0, 100, NOW)
    assert (await articles.get(await _told_of(database, "Ще далі", names[0]))).story_id == began[stays]


async def test_a_story_without_an_imports_name_takes_that_of_what_becomes_a_part_of_it(database: Database) -> None:
    stories, articles = Stories(database), Articles(database)
    own, more = [(await a_publication(database, title))[0] for title in ("Міст", "Міст знову")]
    into = await stories.gather(own, more, 100, NOW)
    for name in ("vote", "elections"):  # the second finds that it has one
        assert await stories.gather(own, await _told_of(database, f"Перше: {name}", name), 100, NOW) == into
    for name in ("vote", "elections"):
        assert (await articles.get(await _told_of(database, f"Далі: {name}", name))).story_id == into


async def test_a_batch_of_several_stories_comes_in_beside_what_changes_them_all(database: Database) -> None:
    """Both hold them by their numbers: in the order of names PostgreSQL would have to end one of the two."""
    names = ["vote", "elections"]
    began = [(await Articles(database).get(await _told_of(database, name, name))).story_id for name in names]
    async with database.write() as merging:
        await merging.execute(update(story).where(story.c.id == began[0]).values(updated_at=NOW))
        batch = [replace(_incoming(f"Далі: {name}"), story=name) for name in names]
        coming = asyncio.ensure_future(_imported(database, *batch))
        await through_or_blocked(coming, database)
        await merging.execute(update(story).where(story.c.id == began[1]).values(updated_at=NOW))
    assert [one.story_id for one in await coming] == began


async def test_a_batch_that_goes_on_with_an_article_comes_in_beside_what_changes_its_story(database: Database) -> None:
    """Both hold the article and then a story: the other way round PostgreSQL would have to end one of the two."""
    first = await _told_of(database, "Вибори", "elections")
    began = (await Articles(database).get(first)).story_id
    more = fed(replace(_incoming("Вибори тривають"), story="elections"), FILES)
    held = select(article.c.id).where(article.c.id == first).with_for_update()
    async with database.write() as merging:
        await merging.execute(held)
        batch = [replace(more, place=BatchPlacement(follows=first))]
        coming = asyncio.ensure_future(Imports(database).add(batch, NOW, push=False))
        await through_or_blocked(coming, database)
        await merging.execute(select(story.c.id).where(story.c.id == began).with_for_update())
    (number,) = await coming
    assert (await Articles(database).get(number)).story_id == began
