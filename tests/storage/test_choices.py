"""What readers choose, over real rows: what ends what, what comes again, and where it stops."""

from dataclasses import dataclass

import pytest

from bot.errors import BadWords, NotFound, TooManyRules
from bot.model.matching import EVERYTHING, MatchKey, keyword_key, source_key, topic_key
from bot.model.news import Article, Topic
from bot.model.readers import Reader, ReaderState
from bot.readers.audience import find_targeting
from bot.readers.rules import MOST_RULES, key_named
from bot.readers.subscriptions import Subscriptions
from bot.relevance.word_rules import WordRule
from bot.wiring.reading import make_subscriptions
from storage.engine.database import Database
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_reader


@dataclass(slots=True)
class Choosing:
    """The service over a database, and a reader who has chosen nothing yet."""

    service: Subscriptions
    clock: TestClock
    reader: Reader
    topics: list[Topic]

    async def has(self) -> tuple[set[MatchKey], set[MatchKey]]:
        choices = await self.service.choices(self.reader)
        return set(choices.wanted), set(choices.unwanted)


@pytest.fixture
async def choosing(database: Database) -> Choosing:
    store, clock = Store(database, "me"), TestClock(NOW, speed=0)
    await store.topics.seed([Topic(0, slug, {"uk": slug}) for slug in ("a", "b", "c")])
    service = make_subscriptions(store, clock)
    reader = await a_reader(database, "t99")
    await service.drop(reader, topic_key(99))
    return Choosing(service, clock, reader, await store.topics.all())


def _keys(*keys: MatchKey) -> set[MatchKey]:
    return set(keys)


async def test_whoever_begins_has_all_news_and_whoever_returns_what_they_had(choosing: Choosing) -> None:
    service, reader = choosing.service, choosing.reader
    assert (await service.begin(reader)).state is ReaderState.ACTIVE
    assert await choosing.has() == (_keys(EVERYTHING), set())
    await service.drop(reader, EVERYTHING)
    await service.mute(reader, topic_key(choosing.topics[0].id), 0)
    away = await service.leave(reader)
    assert away.state is ReaderState.LEFT
    assert (await service.begin(away)).state is ReaderState.ACTIVE
    assert await choosing.has() == (set(), _keys(topic_key(choosing.topics[0].id)))
    paused = await service.pause(reader)
    assert (await service.begin(paused)).state is ReaderState.PAUSED
    assert (await service.resume(paused)).state is ReaderState.ACTIVE


async def test_a_topic_ends_all_news_and_all_news_ends_the_topics_and_nothing_else(choosing: Choosing) -> None:
    service, reader = choosing.service, choosing.reader
    first, second = (topic.id for topic in choosing.topics[:2])
    await service.begin(reader)
    await service.follow_words(reader, [WordRule("мости")])
    words = [key for key in (await service.choices(reader)).wanted if key != EVERYTHING]
    await service.toggle_topic(reader, first)
    await service.toggle_topic(reader, second)
    assert await choosing.has() == (_keys(topic_key(first), topic_key(second), *words), set())
    await service.toggle_topic(reader, first)
    assert await choosing.has() == (_keys(topic_key(second), *words), set())
    await service.toggle_topic(reader, 0)
    assert await choosing.has() == (_keys(EVERYTHING, *words), set())
    await service.toggle_topic(reader, 0)
    assert await choosing.has() == (_keys(*words), set())
    with pytest.raises(NotFound):
        await service.toggle_topic(reader, 1000)


async def test_following_a_topic_adds_nothing_to_all_news_unless_only_that_is_wanted(choosing: Choosing) -> None:
    service, reader, topic = choosing.service, choosing.reader, choosing.topics[0]
    await service.begin(reader)
    await service.follow_topic(reader, topic)
    assert await choosing.has() == (_keys(EVERYTHING), set())
    await service.follow_topic(reader, topic, only=True)
    assert await choosing.has() == (_keys(topic_key(topic.id)), set())
    await service.follow_topic(reader, choosing.topics[1])
    assert await choosing.has() == (_keys(*(topic_key(one.id) for one in choosing.topics[:2])), set())


async def test_words_are_followed_once_in_whatever_form(choosing: Choosing) -> None:
    service, reader = choosing.service, choosing.reader
    assert await service.follow_words(reader, [WordRule("мости")])
    assert await service.follow_words(reader, [WordRule("мостів")])
    with pytest.raises(BadWords):
        await service.follow_words(reader, [WordRule("і та")])
    wanted, _ = await choosing.has()
    assert wanted == _keys(keyword_key(1))


async def test_words_that_must_not_occur_keep_news_away_in_whatever_form(
    choosing: Choosing, database: Database
) -> None:
    service, reader, store = choosing.service, choosing.reader, Store(database, "me")
    await service.begin(reader)
    rules = [WordRule("матч"), WordRule("футбол динамо", without=True)]
    changes = await service.follow_words(reader, rules)
    assert [(change.rule.words, change.rule.exclude, change.before) for change in changes] == [
        ("матч", False, None), ("футбол динамо", True, None),
    ]  # fmt: skip
    for title, wanted in (
        ("Матч: у футболі «Динамо» перемогло", 0), ("Футбол: матч завершено", 1), ("Про динамо", 1),
    ):  # fmt: skip
        matter = await find_targeting(Article(id=1, title=title, language="uk"), store.keywords)
        assert (await store.audiences.count(matter, NOW)).now == wanted, title
        article = Article(id=7, title=title, language="uk")
        assert await service.kept_away(reader, [article]) == (set() if wanted else {7})
    (again,) = await service.follow_words(reader, [WordRule("динамо футболом")])
    assert again.before == changes[1].rule
    assert not (await choosing.has())[1]
    await service.bring_back(reader, {again.rule.key: again.before, changes[0].rule.key: None})
    assert await choosing.has() == (_keys(EVERYTHING), _keys(again.rule.key))


@pytest.mark.parametrize("subscribed", [True, False])
async def test_what_is_muted_for_a_day_is_as_it_was_after_it(choosing: Choosing, subscribed: bool) -> None:
    service, reader, key = choosing.service, choosing.reader, topic_key(choosing.topics[0].id)
    before = (_keys(key), set()) if subscribed else (set(), set())
    if subscribed:
        await service.toggle_topic(reader, choosing.topics[0].id)
    await service.mute(reader, key, 1)
    assert await choosing.has() == (set(), _keys(key))
    choosing.clock.advance(hours=23, minutes=59)
    assert await choosing.has() == (set(), _keys(key))
    choosing.clock.advance(minutes=1)
    assert await choosing.has() == before
    await service.mute(reader, key, 0)
    choosing.clock.advance(days=365)
    assert await choosing.has() == (set(), _keys(key))
    await service.mute(reader, key, 1)
    choosing.clock.advance(days=2)
    assert await choosing.has() == (set(), set())  # who changed their mind and muted for a day hears nothing new by it


async def test_choosing_anew_ends_a_mute(choosing: Choosing) -> None:
    service, reader, topic = choosing.service, choosing.reader, choosing.topics[0]
    for days in (0, 1):
        await service.mute(reader, topic_key(topic.id), days)
        await service.toggle_topic(reader, topic.id)
        assert await choosing.has() == (_keys(topic_key(topic.id)), set())


async def test_nobody_mutes_for_longer_than_a_year_but_for_ever(choosing: Choosing) -> None:
    key = topic_key(1)
    await choosing.service.mute(choosing.reader, key, 366)
    with pytest.raises(NotFound):
        await choosing.service.mute(choosing.reader, key, 367)


async def test_rules_have_an_end_and_exchanging_one_is_none_more(choosing: Choosing) -> None:
    service, reader = choosing.service, choosing.reader
    await service.begin(reader)
    await service.readers.choose(reader.id, [source_key(number) for number in range(1, MOST_RULES)])
    for number in (1, MOST_RULES - 1):  # what is a rule already is none more
        await service.mute(reader, source_key(number), 1)
    for more in (
        service.mute(reader, source_key(1000), 0),
        service.follow_story(reader, 7),
        service.follow_words(reader, [WordRule("мости")]),
    ):
        with pytest.raises(TooManyRules):
            await more
    await service.toggle_topic(reader, choosing.topics[0].id)  # for all news
    assert len(set().union(*await choosing.has())) == MOST_RULES
    await service.drop(reader, key_named("s1"))
    await service.follow_story(reader, 7)
    assert len(set().union(*await choosing.has())) == MOST_RULES
    with pytest.raises(NotFound):
        key_named("?")
    # Whoever has more already may still exchange one for another.
    await service.readers.choose(reader.id, [source_key(2000), source_key(2001)])
    await service.toggle_topic(reader, 0)
    with pytest.raises(TooManyRules):
        await service.follow_story(reader, 8)
