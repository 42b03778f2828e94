"""Topics by meaning on both engines: what people and sources filed counts, what the program proposed does not."""

from datetime import timedelta

from sqlalchemy import select

from bot.desk.drafts import Drafts, Submission
from bot.feeds.files import Item
from bot.feeds.importer import Importing, Report
from bot.inflow.arrivals import prepared
from bot.model.desk import Editor, Role
from bot.model.feeds import Feed, FeedMode, FeedState
from bot.model.news import Incoming
from bot.relevance.semantic import SemanticIndex
from bot.relevance.threading import Threader
from bot.relevance.topic_adviser import FEWEST, TopicAdviser
from bot.relevance.topics import START_TOPICS
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.articles.topics import Topics, file_under
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.schema.tables import article_topic
from tests.storage.test_embeddings import StandIn, _read_all
from tests.support.rows import NOW

EDITOR = Editor(100, Role.EDITOR)
FIRE = "Зелений вогонь над лісом"


def _drafts(database: Database, model: StandIn | None = None) -> Drafts:
    clock = SystemClock()
    adviser = TopicAdviser(
        topics=Topics(database),
        meaning=SemanticIndex(Embeddings(database), clock),
        embedder=model or StandIn(),
        clock=clock,
    )
    return Drafts(
        articles=Articles(database),
        topics=Topics(database),
        clock=clock,
        newsroom="В",
        zone="Europe/Kyiv",
        adviser=adviser,
    )


async def _filed(database: Database, *topics: tuple[str, ...]) -> None:
    """Have articles about the same thing imported, each with topics of its own, and read."""
    await Topics(database).seed(START_TOPICS)
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
    )
    items = [
        Incoming(title=f"Зелений вогонь, частина {n}", topics=named, identity=f"id:{n}", published_at=NOW + timedelta(days=n), language="uk")
        for n, named in enumerate(topics)
    ]  # fmt: skip
    await importing.take_batch([Item("", 0, one) for one in items], Report(), push=False)
    await Embeddings(database).turn_on(NOW)
    assert await _read_all(database) == len(topics)


async def _slugs(drafts: Drafts, key: str, text: str) -> list[str]:
    article = await drafts.draft(Submission(key=key, text=text), EDITOR)
    return [topic.slug for topic in article.topics]


async def test_a_draft_is_filed_as_the_articles_that_lie_near_it(database: Database) -> None:
    await _filed(database, *[("Культура",)] * FEWEST)
    drafts = _drafts(database)
    assert await _slugs(drafts, "1", FIRE) == ["culture"]
    assert await _slugs(drafts, "2", "Уряд ухвалив бюджет: інфляція, курс гривні, податки") == ["economy"]
    await Embeddings(database).turn_off(NOW)
    assert await _slugs(_drafts(database), "3", FIRE) == []


async def test_neighbours_that_disagree_propose_nothing(database: Database) -> None:
    named = ("Культура", "Наука", "Суспільство")
    await _filed(database, *[(named[n % 3],) for n in range(9)])
    assert await _slugs(_drafts(database), "1", FIRE) == []


async def test_what_the_program_proposed_is_no_example_until_somebody_files_it(database: Database) -> None:
    await _filed(database, *[()] * (FEWEST + 1))
    topics = {one.slug: one for one in await Topics(database).all()}
    feed = Feed(
        id=1, address="https://a.example/", state=FeedState.ACTIVE, mode=FeedMode.APPROVE, name="Стрічка", next_at=NOW
    )
    proposed = Incoming(
        title="Уряд ухвалив бюджет: інфляція, податки", language="uk", identity="id:p", published_at=NOW
    )
    importing = Imports(database)
    await importing.add([prepared(proposed, feed, topics)], NOW, push=False)
    named = Incoming(
        title="Уряд змінив бюджет: податки", topics=("Економіка",), language="uk", identity="id:n", published_at=NOW
    )
    await importing.add([prepared(named, feed, topics)], NOW, push=False)
    async with database.read() as connection:
        marks = [row.proposed for row in await connection.execute(select(article_topic.c.proposed))]
    assert sorted(marks) == [False, True]
    assert await _slugs(_drafts(database), "1", FIRE) == []
    async with database.write() as connection:
        for number in range(1, FEWEST + 1):
            await file_under(connection, number, [topics["culture"].id])
    assert await Topics(database).filed(range(1, 20)) == {
        **{number: frozenset({topics["culture"].id}) for number in range(1, FEWEST + 1)},
        FEWEST + 3: frozenset({topics["economy"].id}),
    }
    assert await _slugs(_drafts(database), "2", FIRE) == ["culture"]


async def test_a_model_that_fails_leaves_the_draft_to_its_words(database: Database) -> None:
    await _filed(database, *[("Культура",)] * FEWEST)
    model = StandIn(failing=1)
    assert await _slugs(_drafts(database, model), "1", "Уряд ухвалив бюджет: інфляція, податки") == ["economy"]
    assert model.closed == 1
