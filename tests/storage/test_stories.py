"""Stories and ties in the store, the hot table's end, and the archive behind it, on both engines."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.errors import NotFound, Stale
from bot.feeds.files import Item
from bot.feeds.importer import Importing, Report
from bot.model.ledger import DeliveryState, Finish
from bot.model.matching import EVERYTHING, Targeting, story_key
from bot.model.news import Incoming, Reports
from bot.model.news import Report as Told
from bot.model.readers import Rule
from bot.relevance import related as finding
from bot.relevance.lemmas import terms_of
from bot.relevance.query import asked_lemmas
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.threading import Threader, story_name
from bot.text.language import detect_language
from bot.text.urls import url_key
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.articles.threads import newest_of
from storage.articles.topics import Sources
from storage.delivery.corrections import Corrections
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.engine.database import Database
from storage.index.reading import Words
from storage.index.writing import trim_hot
from storage.people.audit import Audit
from storage.people.keywords import Keywords
from storage.people.readers import Readers
from storage.schema.tables import article, delivery, hot, subscription
from tests.support.rows import NOW, a_draft, a_publication, a_reader, claimed

TITLES = (
    "Київрада ухвалила бюджет столиці", "Опозиція критикує бюджет Київради", "У Львові відкрили музей археології",
    "Київрада скоротила бюджет на дороги", "Мости столиці ремонтуватимуть узимку", "Погода у Львові: сніг і ожеледиця",
)  # fmt: skip


async def _imported(database: Database, *titles: str, hours: float = 1, body: str = "") -> None:
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
    )
    items = [
        Item(
            "",
            0,
            Incoming(
                title=title,
                body=body,
                identity=f"id:{title}",
                language=detect_language(title),
                published_at=NOW + timedelta(hours=hours * n),
            ),
        )
        for n, title in enumerate(titles)
    ]
    await importing.take_batch(items, Report(), push=False)


def _finder(database: Database) -> Finder:
    return Finder(Words(database))


async def _related(database: Database, number: int, **options: Any) -> list[int]:
    return [found.id for found in await _finder(database).related(number, **options)]


async def test_numbers_and_latin_names_relate_no_two_languages(database: Database) -> None:
    await _imported(
        database,
        "Словаччина передала Україні 30 машин BVP-1 та 2 гаубиці Zuzana",
        "Slovakia hands over 30 BVP-1 vehicles and 2 Zuzana howitzers to Kyiv",
        "Ще 30 машин BVP-1 та 2 гаубиці Zuzana прибули до України",
    )
    assert await _related(database, 1) == [3]
    assert await _related(database, 2) == []


async def test_merging_moves_articles_and_followers_and_splitting_stays(database: Database) -> None:
    stories, articles = Stories(database), Articles(database)
    numbers = [(await a_publication(database, title))[0] for title in TITLES[:4]]
    one = await stories.thread(numbers[1], numbers[0], NOW)
    other = await stories.thread(numbers[3], numbers[2], NOW)
    assert one is not None
    assert other is not None
    both = await a_reader(database, f"y{one}", f"y{other}")
    only = await a_reader(database, f"y{other}")
    for _ in range(2):
        assert await stories.gather(numbers[0], numbers[3], 7, NOW) == one
    merged = await stories.story(one)
    assert merged is not None
    assert [item.id for item in merged.items] == numbers
    assert await stories.story(other) == merged
    async with database.read() as connection:
        rows = (await connection.execute(select(subscription.c.reader_id, subscription.c.key))).all()
    assert sorted((row.reader_id, row.key.encode()) for row in rows) == sorted(
        [(both.id, f"y{one}"), (only.id, f"y{one}")]
    )
    await stories.cut(numbers[2], one, 7, NOW)
    with pytest.raises(Stale):
        await stories.cut(numbers[2], one, 7, NOW)
    assert await stories.thread(numbers[2], numbers[0], NOW) is None
    assert (await articles.get(numbers[2])).story_id is None
    with pytest.raises(Stale):
        await stories.put(numbers[2], 77, 7, NOW)
    await stories.put(numbers[2], other, 7, NOW)
    assert (await articles.get(numbers[2])).story_id == one
    acts = [(entry.act, entry.by, entry.detail) for entry in await Audit(database).of_article(numbers[2])]
    assert acts[-2:] == [("cut", 7, {"story": one}), ("put", 7, {"story": one})]


async def test_a_story_begins_with_one_article_and_only_once(database: Database) -> None:
    stories, articles = Stories(database), Articles(database)
    first, second, third = [(await a_publication(database, title))[0] for title in TITLES[:3]]
    begun = await asyncio.gather(*(Stories(database).begin(first, NOW) for _ in range(3)))
    assert set(begun) == {(await articles.get(first)).story_id}
    assert await stories.thread(second, first, NOW) == begun[0]
    assert await stories.begin(second, NOW) == begun[0]
    await stories.cut(second, begun[0] or 0, 7, NOW)
    assert await stories.begin(second, NOW) is None
    assert await stories.begin(await a_draft(database), NOW) is None
    assert await stories.begin(999, NOW) is None
    assert (await articles.get(third)).story_id is None


async def test_what_goes_on_with_a_story_answers_the_newest_push_its_followers_have(database: Database) -> None:
    stories, publications, ledger = Stories(database), Publications(database), Ledger(database, "me")
    follower, moved, other = [await a_reader(database) for _ in range(3)]
    matter, shelf = Targeting(frozenset({EVERYTHING}), "uk"), timedelta(hours=6)
    first, push = await a_publication(database, TITLES[0])
    story = await stories.begin(first, NOW)
    assert story is not None
    for reader in (follower, moved):
        await Readers(database).choose(reader.id, [story_key(story)])
    await publications.fan_out(push, matter, 1000, NOW, shelf)
    sent = [(d.id, Finish(DeliveryState.SENT, "", 500 + d.reader.id)) for d in await claimed(ledger)]
    await ledger.finish(sent, NOW)
    late = await a_reader(database, f"y{story}")
    second, push_too = await a_publication(database, TITLES[1])
    await stories.thread(second, first, NOW)
    await LedgerReaders(database).move_chat(moved.address.chat_id, -100_777, NOW)
    while await publications.fan_out(push_too, matter, 2, NOW, shelf):
        pass
    got = {d.reader.id: d.target_message for d in await claimed(ledger)}
    assert got == {follower.id: 500 + follower.id, moved.id: None, other.id: None, late.id: None}


async def test_a_follow_up_that_waits_when_its_chat_moves_is_news_still(database: Database) -> None:
    stories, publications, ledger = Stories(database), Publications(database), Ledger(database, "me")
    reader, shelf = await a_reader(database, chat_id=-300), timedelta(hours=6)
    matter = Targeting(frozenset({EVERYTHING}), "uk")
    first, push = await a_publication(database, TITLES[0])
    await Readers(database).choose(reader.id, [story_key(await stories.begin(first, NOW) or 0)])
    await publications.fan_out(push, matter, 1000, NOW, shelf)
    await ledger.finish([(d.id, Finish(DeliveryState.SENT, "", 500)) for d in await claimed(ledger)], NOW)
    second, push_too = await a_publication(database, TITLES[1])
    await stories.thread(second, first, NOW)
    await publications.fan_out(push_too, matter, 1000, NOW, shelf)
    await LedgerReaders(database).move_chat(-300, -100_300, NOW)
    assert [(d.reader.id, d.target_message) for d in await claimed(ledger)] == [(reader.id, None)]


async def test_two_articles_of_no_story_make_one_and_what_is_not_public_makes_none(database: Database) -> None:
    stories, articles = Stories(database), Articles(database)
    numbers = [(await a_publication(database, title))[0] for title in TITLES[:2]]
    story = await stories.gather(numbers[0], numbers[1], 7, NOW)
    assert [(await articles.get(number)).story_id for number in numbers] == [story, story]
    with pytest.raises(NotFound):
        await stories.gather(numbers[0], 999, 7, NOW)


async def test_what_readers_have_seen_of_two_stories_is_what_they_have_seen_of_both(database: Database) -> None:
    stories = Stories(database)
    numbers = [(await a_publication(database, title))[0] for title in TITLES[:4]]
    one, other = [await stories.gather(*numbers[n : n + 2], 7, NOW) for n in (0, 2)]
    first, second, both, backwards = [await a_reader(database) for _ in range(4)]
    looks = (
        (first, one, 1),
        (second, other, 2),
        (both, one, 3),
        (both, other, 1),
        (backwards, one, 1),
        (backwards, other, 4),
    )
    for reader, story, hours in looks:
        await stories.look(reader.id, story, NOW + timedelta(hours=hours))
    assert await stories.gather(numbers[0], numbers[2], 7, NOW) == one
    seen = [await stories.seen_at(reader.id, one) for reader in (first, second, both, backwards)]
    assert seen == [NOW + timedelta(hours=hours) for hours in (1, 2, 1, 1)]


async def test_followers_whose_story_is_merged_while_its_news_goes_out_are_not_missed(database: Database) -> None:
    stories, publications = Stories(database), Publications(database)
    older = [(await a_publication(database, title))[0] for title in TITLES[:4]]
    old, other = [await stories.gather(*older[n : n + 2], 7, NOW) for n in (0, 2)]
    readers = [await a_reader(database, f"y{old}") for _ in range(2)]
    number, publication = await a_publication(database, TITLES[4])
    await stories.gather(older[0], number, 7, NOW)
    matter = Targeting(frozenset({story_key(old)}), "uk")
    assert await publications.fan_out(publication, matter, readers[0].id, NOW, timedelta(hours=6))
    assert await stories.gather(older[2], number, 7, NOW) == other
    assert not await publications.fan_out(publication, matter, 100, NOW, timedelta(hours=6))
    async with database.read() as connection:
        rows = await connection.execute(select(delivery.c.reader_id).where(delivery.c.article_id == number))
        assert sorted(rows.scalars()) == [reader.id for reader in readers]


async def test_an_old_button_of_a_story_that_became_a_part_of_another_is_that_ones(database: Database) -> None:
    stories, readers, sources = Stories(database), Readers(database), Sources(database)
    numbers = [(await a_publication(database, title))[0] for title in TITLES]
    stays, goes, last = [await stories.gather(*numbers[n : n + 2], 7, NOW) for n in (0, 2, 4)]
    follower, muting = await a_reader(database), await a_reader(database)
    assert await stories.gather(numbers[0], numbers[4], 7, NOW) == stays
    assert await stories.gather(numbers[2], numbers[0], 7, NOW) == goes
    again = [(await a_publication(database, title))[0] for title in ("Вибори мера Одеси", "Мера Одеси обрано")]
    assert await stories.gather(*again, 7, NOW) not in {stays, goes, last}, "what was a story is never another"
    for gone in (stays, last):
        found = await stories.story(gone)
        assert found is not None
        assert (found.id, [item.id for item in found.items]) == (goes, sorted(numbers))
        assert await sources.story_names([gone]) == {gone: found.name}
        for rule in (Rule(key=story_key(gone)), Rule(key=story_key(gone), exclude=True)):
            await readers.put_rules(follower.id, [rule])
            assert await readers.rule(follower.id, story_key(gone)) == replace(rule, key=story_key(goes))
            assert await readers.take_rule(follower.id, story_key(gone)) == replace(rule, key=story_key(goes))
            assert not (await readers.choices(follower.id, NOW)).unwanted
        await readers.choose(follower.id, [story_key(gone)])
        assert (await readers.choices(follower.id, NOW)).wanted - {EVERYTHING} == {story_key(goes)}
        await readers.choose(follower.id, [], drop=[story_key(gone)])
        assert (await readers.choices(follower.id, NOW)).wanted == {EVERYTHING}
        await readers.exclude(muting.id, story_key(gone), NOW + timedelta(days=1))
        assert (await readers.choices(muting.id, NOW)).unwanted == {story_key(goes)}
    await stories.cut(numbers[0], goes, 7, NOW)
    await stories.put(numbers[0], stays, 7, NOW)
    assert (await Articles(database).get(numbers[0])).story_id == goes


async def test_a_reader_has_looked_at_a_story_when_they_have(database: Database) -> None:
    stories, reader = Stories(database), await a_reader(database)
    first, _ = await a_publication(database)
    second, _ = await a_publication(database, "Міст закрили")
    story = await stories.thread(second, first, NOW)
    assert story is not None
    assert await stories.seen_at(reader.id, story) is None
    for hours in (0, 1):
        await stories.look(reader.id, story, NOW + timedelta(hours=hours))
    assert await stories.seen_at(reader.id, story) == NOW + timedelta(hours=1)


async def test_what_editors_pin_comes_first_and_what_they_ban_never(database: Database) -> None:
    await _imported(database, *TITLES)
    plain = await _related(database, 1)
    assert set(plain) >= {2, 4}
    articles = Articles(database)
    for other, pinned in ((plain[0], True), (3, True), (plain[0], False)):
        for _ in range(2):
            await articles.tie(1, other, 7, NOW, pinned=pinned)
    assert await articles.ties(1) == {3: True, plain[0]: False}
    tied = await _related(database, 1)
    assert tied[0] == 3
    assert plain[0] not in tied
    assert await _related(database, 1, leave_out=[3]) == [number for number in tied if number != 3]
    for other in (3, plain[0]):
        await articles.tie(1, other, 7, NOW, pinned=None)
    assert await _related(database, 1) == plain
    acts = [(entry.act, entry.detail["other"]) for entry in await Audit(database).of_article(1)]
    assert acts == [(act, o) for act, o in (("pin", plain[0]), ("pin", 3), ("ban", plain[0])) for _ in range(2)] + [
        ("untie", 3),
        ("untie", plain[0]),
    ]


async def test_who_tells_the_same_is_known_from_the_first_and_from_each_copy(database: Database) -> None:
    articles = Articles(database)
    body = "<p>Бюджет Києва на наступний рік підтримали 84 депутати Київради, сказав Віталій Кличко у понеділок.</p>"
    await _imported(database, "Київрада ухвалила бюджет", "Київрада ухвалила бюджет Києва", TITLES[2], body=body)
    first, copy, other = [await articles.get(number) for number in (1, 2, 3)]
    if other.same_as is None:
        assert await articles.reports(other) == Reports()
    told = await articles.reports(first)
    assert told.first is None
    assert [report.id for report in told.others][:1] == [copy.id]
    assert (await articles.reports(copy)).first == Told(1, "")


async def test_one_of_a_recurring_series_is_shown_and_none_of_ones_own(database: Database) -> None:
    days = [f"За добу на фронті {n} боєзіткнень, повідомив Генштаб" for n in (150, 161, 172)]
    await _imported(database, *days, "Генштаб повідомив про боєзіткнення на фронті під Покровськом", hours=60)
    assert await _related(database, 1) == [4]
    assert [number for number in await _related(database, 4) if number < 4] == [3]


@pytest.mark.parametrize("keep", [2, 4])
async def test_the_hot_table_keeps_the_newest_and_the_archive_stands_behind_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, keep: int
) -> None:
    await _imported(database, *TITLES)
    before = await _related(database, 6), await _related(database, 4)
    assert await trim_hot(database, keep=keep) > 0
    assert await trim_hot(database, keep=keep) == 0
    async with database.read() as connection:
        assert await connection.scalar(select(func.min(hot.c.article_id))) == 7 - keep
    monkeypatch.setattr(finding, "HOT", keep)
    after = await _related(database, 6), await _related(database, 4)
    assert set(after[1]) >= {1, 2}
    assert before[1][:2] == after[1][:2]


async def test_headlines_alone_are_never_threaded_and_texts_are(database: Database) -> None:
    await _imported(database, "Київрада ухвалила бюджет", "Київрада ухвалила бюджет на рік без опозиції")
    assert (await Articles(database).get(2)).story_id is None
    body = "<p>Бюджет Києва на наступний рік підтримали 84 депутати Київради, сказав Віталій Кличко. {}</p>"
    await _imported(
        database, "Депутати підтримали бюджет Києва", body=body.format("Гроші підуть на мости та школи міста.")
    )
    await _imported(
        database,
        "Кличко: бюджет Києва на рік підтримали депутати",
        body=body.format("Опозиція голосувала проти, бо розрахунків тролейбусних маршрутів у документі не знайшла."),
        hours=5,
    )
    stories = {number: (await Articles(database).get(number)).story_id for number in (1, 2, 3, 4)}
    assert stories[3] == stories[4] is not None
    assert stories[1] is None


def test_a_story_is_called_like_the_title_that_has_most_in_common() -> None:
    titles = ["Пожежа на складі", "Пожежа на складі у Дніпрі: двоє постраждалих", "У Дніпрі триває пожежа на складі"]
    words = [frozenset(title.casefold().replace(":", "").split()) for title in titles]
    assert story_name(titles, words) == titles[0]
    assert story_name(titles[1:], words[1:]) == titles[2]
    assert story_name([], []) == ""


@pytest.mark.parametrize(
    "words", ["бюджет", "бюджетом київради", "столиця", "«бюджет столиці» дороги", "музей після:2026-01-01", "я"]
)
async def test_what_a_keyword_would_have_brought_is_what_sending_finds_it_in(database: Database, words: str) -> None:
    keywords, articles = Keywords(database), Articles(database)
    await _imported(database, *TITLES, hours=24)
    lemmas = asked_lemmas(words)
    number = await keywords.ensure(lemmas) if lemmas else 0
    terms = [terms_of(title, "", "", "uk") for title in TITLES]
    having = [n for n, found in enumerate(terms, 1) if number in await keywords.found_in(list(found.title))]
    since = NOW + timedelta(hours=24)
    lately = await Searcher(Words(database), articles, SystemClock()).lately(words, since) if lemmas else []
    assert [headline.id for headline in lately] == [n for n in reversed(having) if n >= 2]


async def test_of_a_story_of_thousands_only_the_newest_are_read(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    asked = str(newest_of([1, 2]).compile(compile_kwargs={"literal_binds": True}))
    async with database.read() as connection:
        plan = [row[-1] for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    await database.close()
    assert any("ix_article_story_id (story_id=? AND rowid>?)" in step for step in plan), plan


async def test_what_stands_at_an_address_is_what_is_public_there_the_newest_of_it(database: Database) -> None:
    live, other = "https://a.example/live", "https://a.example/other"
    items = [
        Item(str(n), n, Incoming(title=f"Новина {n}", url=url, identity=f"i{n}", published_at=NOW))
        for n, url in enumerate((live, live, other, live, ""))
    ]
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
    )
    await importing.take_batch(items, Report(), push=False)
    await a_draft(database, url=live)
    async with database.read() as connection:
        rows = (await connection.execute(select(article.c.id, article.c.title))).all()
    there = {row.title: row.id for row in rows}
    found = await Stories(database).by_url([url_key(live), url_key(other), url_key("https://a.example/none")], 2)
    assert found == {
        url_key(live): [there["Новина 1"], there["Новина 3"]],
        url_key(other): [there["Новина 2"]],
    }
    assert await Stories(database).by_url([], 2) == {}
