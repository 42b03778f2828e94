"""What is said of a reader's rules, and what a change of them does to pushes that wait already: over real rows."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.errors import BadWords, TooLong, TooManyWords, TooMuchAtOnce
from bot.model.limits import PHRASE_MOST
from bot.model.matching import EVERYTHING, MatchKey, keyword_key, source_key, story_key, topic_key
from bot.model.news import Topic
from bot.model.readers import Reader, Reason, Rule
from bot.readers.audience import find_targeting
from bot.readers.subscriptions import MOST_AT_ONCE, Subscriptions
from bot.relevance.query import MOST_WORDS
from bot.relevance.word_rules import WordRule
from bot.wiring.reading import make_subscriptions
from storage.engine.database import Database
from storage.schema.tables import article, story
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_publication, a_reader


@dataclass(slots=True)
class Newsroom:
    """Two topics, a reader who has chosen nothing yet, and what they do with their settings."""

    database: Database
    store: Store
    service: Subscriptions
    topics: list[Topic]
    reader: Reader

    async def goes_out(self, title: str) -> int:
        """Publish an article of the first topic, in story 1; what is made of it waits to be sent."""
        number, send = await a_publication(self.database, title, topics=(self.topics[0].id,), source="Вісник")
        async with self.database.write() as connection:
            await connection.execute(update(article).where(article.c.id == number).values(story_id=1))
        matter = await find_targeting(await self.store.articles.get(number), self.store.keywords)
        while await self.store.publications.fan_out(send, matter, 100, NOW, timedelta(hours=6)):
            pass
        return number

    async def waits(self) -> set[int]:
        return set((await self.store.waiting.of_reader(self.reader.id, NOW)).waiting)


@pytest.fixture
async def room(database: Database) -> Newsroom:
    store = Store(database, "me")
    await store.topics.seed([Topic(0, slug, {"uk": f"Тема {slug}", "en": f"Topic {slug}"}) for slug in ("а", "б")])
    async with database.write() as connection:
        await connection.execute(insert(story).values(id=1, name="Міст", updated_at=NOW))
    service = make_subscriptions(store, TestClock(NOW, speed=0))
    reader = await a_reader(database, "t99")
    await service.drop(reader, topic_key(99))
    return Newsroom(database, store, service, await store.topics.all(), reader)


async def test_who_came_to_write_gets_what_they_choose_and_what_start_alone_began_can_be_ended(room: Newsroom) -> None:
    service, reader = room.service, room.reader

    async def wanted() -> set[MatchKey]:
        return set((await service.choices(reader)).wanted)

    await service.begin(reader, at_desk=True)
    assert await wanted() == set()
    assert await service.end_unasked(reader) is False
    await service.begin(reader)
    assert await wanted() == {EVERYTHING}
    assert await service.end_unasked(reader) is True
    assert await wanted() == set()
    await service.begin(reader)
    await service.follow_story(reader, 1)
    assert await service.follows_story(reader, 1)
    assert not await service.follows_story(reader, 2)
    assert await service.end_unasked(reader) is False  # they have chosen something since
    await service.drop(reader, story_key(1))
    await service.mute(reader, topic_key(1), 0)
    assert await service.end_unasked(reader) is False
    assert await wanted() == {EVERYTHING}


async def test_why_names_each_rule_that_brings_an_article_the_most_particular_first(room: Newsroom) -> None:
    service, reader, first = room.service, room.reader, room.topics[0].id
    number = await room.goes_out("Міст відкрили після ремонту")
    found = await room.store.articles.get(number)
    assert found.source_id is not None
    await service.begin(reader)
    await service.follow_words(reader, [WordRule("Ремонтів"), WordRule("паром")])
    await service.follow_story(reader, 1)
    await room.store.readers.choose(reader.id, [topic_key(first), source_key(found.source_id)])
    words = await service.words_key(reader, "ремонт")
    assert words is not None
    named = [
        Reason(words, "Ремонтів"), Reason(story_key(1), "Міст"), Reason(source_key(found.source_id), "Вісник"),
        Reason(topic_key(first), "Тема а"), Reason(EVERYTHING, ""),
    ]  # fmt: skip
    why = await service.why(reader, found)
    assert sorted(why, key=lambda one: one.key) == why
    assert {one.key: one for one in why} == {one.key: one for one in named}
    filed = [topic_key(first), source_key(found.source_id), story_key(1)]
    assert [one.key for one in await service.filed(found, "en")] == filed
    assert (await service.filed(found, "en"))[0].name == "Topic а"
    async with room.database.write() as connection:  # nobody is without what an article has none of
        await connection.execute(update(article).where(article.c.id == number).values(story_id=None, source_id=None))
    bare = await room.store.articles.get(number)
    assert [one.key for one in await service.filed(bare, "uk")] == [topic_key(first)]


async def test_words_and_what_is_muted_are_named_as_their_reader_knows_them(room: Newsroom) -> None:
    service, reader, second = room.service, room.reader, room.topics[1].id
    await service.follow_words(reader, [WordRule("новий міст"), WordRule("футбол", without=True)])
    for said, key in (("мостами новими", keyword_key(1)), ("новий паром", None), ("", None), ("футбол", None)):
        assert await service.words_key(reader, said) == key, said
    await service.mute(reader, topic_key(second), 1)
    await service.mute(reader, story_key(77), 0)  # which is not there any more
    assert await service.muted(reader) == [
        Reason(topic_key(second), "Тема б", NOW + timedelta(days=1)),
        Reason(story_key(77), ""),
        Reason(keyword_key(2), "футбол"),
    ]
    assert await service.named([keyword_key(1)], "uk") == [Reason(keyword_key(1), "міст новий")]


async def test_another_tap_brings_back_what_a_tap_has_taken(room: Newsroom) -> None:
    service, reader, first, second = room.service, room.reader, *(topic.id for topic in room.topics)
    for topic in (first, second):
        assert await service.toggle_topic(reader, topic) == {}
    taken = await service.toggle_topic(reader, 0)
    assert taken == {topic_key(n): Rule(key=topic_key(n)) for n in (first, second)} | {EVERYTHING: None}
    await service.bring_back(reader, taken)
    assert set((await service.choices(reader)).wanted) == {topic_key(first), topic_key(second)}
    await service.mute(reader, topic_key(first), 1)
    muted = await service.rule(reader, topic_key(first))
    assert muted is not None
    assert await service.toggle_topic(reader, first) == {topic_key(first): muted}
    assert await service.toggle_topic(reader, 0) != {}
    assert await service.toggle_topic(reader, 0) == {}  # all news given up, and nothing in its place


MANY = [f"щ{letter}" for letter in "бвгджзклмнпрстфх"]


async def test_all_words_of_a_message_are_followed_or_none(room: Newsroom) -> None:
    for rules, refused in (
        ([], BadWords),
        ([WordRule("і та")], BadWords),
        ([WordRule(f"слово{n}") for n in range(MOST_AT_ONCE)], None),
        ([WordRule(f"слово{n}") for n in range(MOST_AT_ONCE + 1)], TooMuchAtOnce),
        ([WordRule("м" * PHRASE_MOST)], None),
        ([WordRule("м" * PHRASE_MOST + " ")], TooLong),
        ([WordRule(" ".join(MANY[:MOST_WORDS]))], None),
        ([WordRule(" ".join(MANY[: MOST_WORDS + 1]))], TooManyWords),
        ([WordRule("міст"), WordRule("і та")], BadWords),
    ):
        reader = await a_reader(room.database, "t99")
        if refused is None:
            assert len(await room.service.follow_words(reader, rules)) == len(rules)
            continue
        with pytest.raises(refused):
            await room.service.follow_words(reader, rules)
        assert (await room.service.choices(reader)).wanted == {topic_key(99)}


async def test_each_change_of_rules_reaches_what_waits_already(room: Newsroom) -> None:
    """(what the reader does, whether the article still waits for them after it), one after another."""
    service, reader, first = room.service, room.reader, topic_key(room.topics[0].id)
    await service.begin(reader)
    number = await room.goes_out("Міст відкрили після ремонту")
    assert await room.waits() == {number}
    english = replace(await service.resume(reader), news_language="en")
    football, bridge = [WordRule("футбол")], [WordRule("міст", without=True)]
    for act, waits in (
        (lambda: service.save(english), False),
        (lambda: service.save(replace(english, news_language="")), True),
        (lambda: service.mute(reader, first, 1), False),
        (lambda: service.drop(reader, first), True),
        (lambda: service.drop(reader, EVERYTHING), False),
        (lambda: service.bring_back(reader, {EVERYTHING: Rule(key=EVERYTHING)}), True),
        (lambda: service.follow_words(reader, [*football, *bridge]), False),
        (lambda: service.bring_back(reader, {keyword_key(1): None, keyword_key(2): None}), True),
        (lambda: service.toggle_topic(reader, 0), False),
        (lambda: service.toggle_topic(reader, room.topics[0].id), True),
        (lambda: service.toggle_topic(reader, room.topics[1].id), True),
        (lambda: service.toggle_topic(reader, room.topics[0].id), False),
        (lambda: service.follow_story(reader, 1), True),
        (lambda: service.follow_topic(reader, room.topics[1], only=True), True),
        (lambda: service.drop(reader, story_key(1)), False),
    ):
        await act()
        assert (number in await room.waits()) is waits
