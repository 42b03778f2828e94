"""Every family of rows keeps what it is given, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.errors import LastOwner, NotFound, Stale
from bot.model.changes import ArticleChanges
from bot.model.chats import SetAside, Shown
from bot.model.desk import Editor, Order, PublicationState, Role
from bot.model.ledger import DeliveryState
from bot.model.matching import EVERYTHING, keyword_key, source_key, topic_key
from bot.model.news import ArticleState, Incoming, Photo, Topic
from bot.model.readers import Address, AtHours, ChatKind, Hourly, Instantly, Quiet, Reader, ReaderState, Rule
from bot.relevance.lemmas import terms_of
from bot.relevance.topics import START_TOPICS
from storage.articles.articles import Articles
from storage.articles.topics import Sources, Topics
from storage.delivery.digests import Digests
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.engine.database import Database
from storage.index.reading import Words
from storage.people.audit import Audit
from storage.people.editors import Editors
from storage.people.keywords import Keywords
from storage.runtime.dialogs import Dialogs
from storage.runtime.facts import Facts
from storage.runtime.inbox import Inbox
from storage.runtime.message_screens import MessageScreens
from storage.runtime.throttles import Throttles
from storage.schema.tables import article, delivery
from storage.schema.tables import reader as reader_table
from storage.schema.tables import shown as shown_table
from tests.support.rows import NOW, a_draft, a_matter, a_publication, a_reader, prepared

LATER = NOW + timedelta(hours=1)


# Instants


async def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        await Throttles(database).put("bot", datetime(2026, 1, 1))


async def test_an_instant_of_another_zone_comes_back_as_the_same_instant(database: Database) -> None:
    kyiv = timezone(timedelta(hours=2))
    await Throttles(database).put("bot", datetime(2026, 11, 23, 16, 0, 0, 123456, tzinfo=kyiv))
    found = (await Throttles(database).in_force(NOW))["bot"]
    assert found == datetime(2026, 11, 23, 14, 0, 0, 123000, tzinfo=UTC)
    assert found.tzinfo is UTC


async def test_an_instant_that_no_zone_could_show_comes_back_as_the_last_that_all_can(database: Database) -> None:
    throttles, east, west = Throttles(database), timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    await throttles.put("bot", datetime(9999, 12, 31, 23, 59, tzinfo=west))
    assert await throttles.in_force(datetime(1, 1, 1, tzinfo=east)) == {"bot": datetime(9999, 12, 30, tzinfo=UTC)}


# Readers


async def test_a_reader_is_met_once_and_renamed(database: Database) -> None:
    readers = LedgerReaders(database)
    known = Reader(id=0, address=Address(7), name="Оля", language="en", zone="Europe/Warsaw")
    first, new = await readers.meet(known, NOW)
    again, new_again = await readers.meet(replace(known, name="Ольга", language="uk"), LATER)
    assert (new, new_again) == (True, False)
    assert (again.id, again.name, again.language, again.zone) == (first.id, "Ольга", "en", "Europe/Warsaw")


async def test_a_forum_topic_is_a_reader_of_its_own(database: Database) -> None:
    readers = LedgerReaders(database)
    known = Reader(id=0, address=Address(-100, 5), kind=ChatKind.GROUP)
    one, _ = await readers.meet(known, NOW)
    two, _ = await readers.meet(replace(known, address=Address(-100, 6)), NOW)
    assert one.id != two.id
    await readers.shut_chat(-100, ReaderState.KICKED, NOW)
    found = await readers.find(Address(-100, 6))
    assert found is not None
    assert found.state is ReaderState.KICKED


async def test_whoever_writes_again_is_active_again_but_leaving_stays(database: Database) -> None:
    readers = LedgerReaders(database)
    known = Reader(id=0, address=Address(7))
    await readers.meet(known, NOW)
    await readers.shut_chat(7, ReaderState.BLOCKED, NOW)
    back, _ = await readers.meet(known, NOW)
    assert back.state is ReaderState.ACTIVE
    await readers.save(replace(back, state=ReaderState.LEFT), NOW)
    assert (await readers.meet(known, NOW))[0].state is ReaderState.LEFT


async def test_settings_survive_being_stored(database: Database) -> None:
    reader = await a_reader(database)
    changed = replace(
        reader,
        schedule=AtHours((time(8), time(19, 30))),
        quiet=Quiet(time(22), time(7)),
        zone="America/New_York",
        language="en",
        news_language="uk",
        plain=True,
        urgent_breaks=False,
    )
    saved = await LedgerReaders(database).save(changed, NOW)
    assert saved.next_digest_at is not None
    assert replace(saved, next_digest_at=None) == changed
    assert await LedgerReaders(database).get(reader.id) == saved


async def test_choices_are_kept_until_they_end(database: Database) -> None:
    reader, readers = await a_reader(database), LedgerReaders(database)
    await readers.choose(reader.id, [topic_key(1), topic_key(2)], drop=[EVERYTHING])
    await readers.exclude(reader.id, topic_key(2), LATER)
    choices = await readers.choices(reader.id, NOW)
    assert (choices.wanted, choices.unwanted) == (frozenset({topic_key(1)}), frozenset({topic_key(2)}))
    assert (await readers.choices(reader.id, LATER)).unwanted == frozenset()


async def test_a_rule_is_taken_away_whole_and_put_back_as_it_was(database: Database) -> None:
    reader, readers = await a_reader(database), LedgerReaders(database)
    words = Rule(key=keyword_key(5), words="Верховна Рада")
    muted = Rule(key=topic_key(2), until=LATER)  # a subscription that is silent for a while
    never = Rule(key=keyword_key(6), exclude=True, words="футбол")
    for rule in (words, muted, never):
        await readers.put_rules(reader.id, [rule])
        assert await readers.rule(reader.id, rule.key) == rule
    choices = await readers.choices(reader.id, NOW)
    assert choices.words == {words.key: "Верховна Рада", never.key: "футбол"}
    assert choices.until == {muted.key: LATER}
    assert choices.unwanted == {muted.key, never.key}
    for rule in (words, muted, never):
        assert await readers.take_rule(reader.id, rule.key) == rule
        assert await readers.take_rule(reader.id, rule.key) is None
        assert await readers.rule(reader.id, rule.key) is None
        await readers.put_rules(reader.id, [rule])
    assert await readers.choices(reader.id, NOW) == choices
    await readers.exclude(reader.id, words.key)  # muted for good, it is still known as it was typed
    assert (await readers.choices(reader.id, NOW)).words[words.key] == "Верховна Рада"


async def test_an_error_of_the_database_repeats_no_value(database: Database) -> None:
    await a_reader(database, chat_id=77, name="мелон")
    values = {"chat_id": 77, "thread_id": 0, "kind": 0, "name": "мелон", "language": "uk", "zone": "Europe/Kyiv"}
    with pytest.raises(IntegrityError) as failed:
        async with database.write() as connection:
            await connection.execute(reader_table.insert().values(**values, created_at=NOW, updated_at=NOW))
    assert "INSERT INTO reader" in str(failed.value)
    assert "мелон" not in str(failed.value)


async def test_a_choice_that_cannot_be_read_hides_no_other(database: Database) -> None:
    reader = await a_reader(database, "t3")
    async with database.write() as connection:
        forged = "INSERT INTO subscription (key, reader_id, exclude) VALUES ('t99999999999999999999', :reader, false)"
        await connection.execute(text(forged), {"reader": reader.id})
    assert (await LedgerReaders(database).choices(reader.id, NOW)).wanted == {topic_key(3)}


async def test_a_group_that_moves_keeps_its_readers(database: Database) -> None:
    readers = LedgerReaders(database)
    await readers.meet(Reader(id=0, address=Address(-5, 3), kind=ChatKind.GROUP), NOW)
    await readers.move_chat(-5, -1005, NOW)
    await readers.move_chat(-5, -1005, NOW)
    moved = await readers.find(Address(-1005, 3))
    assert moved is not None
    assert moved.state is ReaderState.ACTIVE


async def test_a_group_that_moves_to_where_we_are_already_is_one_reader(database: Database) -> None:
    readers = LedgerReaders(database)
    for chat in (-5, -1005):
        await readers.meet(Reader(id=0, address=Address(chat), kind=ChatKind.GROUP), NOW)
    await readers.move_chat(-5, -1005, NOW)
    old, new = await readers.find(Address(-5)), await readers.find(Address(-1005))
    assert old is not None
    assert new is not None
    assert (old.state, new.state) == (ReaderState.GONE, ReaderState.ACTIVE)


async def test_a_group_that_moves_takes_along_a_reader_that_the_bot_was_thought_to_be_out_of(
    database: Database,
) -> None:
    readers = LedgerReaders(database)
    for thread in (0, 3):
        await readers.meet(Reader(id=0, address=Address(-5, thread), kind=ChatKind.GROUP), NOW)
    await readers.meet(Reader(id=0, address=Address(-1005), kind=ChatKind.GROUP), NOW)  # somebody wrote there first
    await readers.shut_chat(-5, ReaderState.KICKED, NOW)
    for _ in range(2):
        await readers.move_chat(-5, -1005, NOW)
        await readers.shut_chat(-5, ReaderState.KICKED, NOW)
    found = [await readers.find(Address(-1005, thread)) for thread in (0, 3)]
    assert [one.state for one in found if one is not None] == [ReaderState.ACTIVE, ReaderState.ACTIVE]
    retired = await readers.find(Address(-5))
    assert retired is not None
    assert retired.state is ReaderState.GONE


async def test_a_chat_is_shut_and_opened_with_all_that_want_news_in_it(database: Database) -> None:
    readers = LedgerReaders(database)
    assert not await readers.open_chat(-100, NOW)
    met = [(await readers.meet(Reader(id=0, address=Address(-100, n)), NOW))[0] for n in range(4)]
    await readers.save(replace(met[1], state=ReaderState.PAUSED), NOW)
    await readers.save(replace(met[2], state=ReaderState.LEFT), NOW)
    await readers.save(replace(met[3], schedule=Hourly()), NOW)
    await readers.shut_chat(-100, ReaderState.MUTED, NOW)
    await readers.shut_chat(-100, ReaderState.KICKED, NOW)
    assert await _states_in(readers) == [ReaderState.KICKED, ReaderState.PAUSED, ReaderState.LEFT, ReaderState.KICKED]
    later = NOW + timedelta(days=3)
    assert await readers.open_chat(-100, later)
    assert await _states_in(readers) == [ReaderState.ACTIVE, ReaderState.PAUSED, ReaderState.LEFT, ReaderState.ACTIVE]
    back = await readers.find(Address(-100, 3))
    assert back is not None
    assert back.next_digest_at is not None
    assert back.next_digest_at > later  # not at once, and not perhaps at night


async def _states_in(readers: LedgerReaders) -> list[ReaderState]:
    found = [await readers.find(Address(-100, thread)) for thread in range(4)]
    return [one.state for one in found if one is not None]


async def test_rules_are_put_and_dropped_in_one_step(database: Database) -> None:
    reader, readers = await a_reader(database, "t1", "t2"), LedgerReaders(database)
    rules = [Rule(key=keyword_key(5), words="міст"), Rule(key=keyword_key(6), exclude=True, words="футбол")]
    await readers.put_rules(reader.id, rules, drop=[topic_key(1)])
    choices = await readers.choices(reader.id, NOW)
    assert (choices.wanted, choices.unwanted) == ({topic_key(2), keyword_key(5)}, {keyword_key(6)})


async def test_the_newest_are_told_without_what_is_kept_away(database: Database) -> None:
    articles = Articles(database)
    await Topics(database).seed(START_TOPICS)
    numbers = [
        (await a_publication(database, f"Новина {n}", topics=(1, *((2,) if n % 2 else ())), source=f"Джерело {n % 3}"))[
            0
        ]
        for n in range(6)
    ]
    source = (await articles.get(numbers[0])).source_id
    assert source is not None
    for topics in ((), (1,), (1, 2)):
        page = await articles.latest(topics=topics, limit=10, without=[topic_key(2), source_key(source), EVERYTHING])
        assert [item.id for item in page.items] == [numbers[4], numbers[2]]
        some = await articles.latest(topics=topics, limit=1, without=[topic_key(2)], leave_out=[numbers[4]])
        assert [item.id for item in some.items] == [numbers[2]]
        assert some.more  # the ones that are left out shorten no page
        rest = await articles.latest(
            topics=topics, limit=1, offset=1, anchor=some.anchor, without=[topic_key(2)], leave_out=[numbers[4]]
        )
        assert ([item.id for item in rest.items], rest.more) == ([numbers[0]], False)


# Articles and publications


async def test_the_same_message_is_one_draft(database: Database) -> None:
    articles = Articles(database)
    incoming = Incoming(title="Міст", identity="message:1")
    first = await articles.draft(prepared(incoming), NOW)
    assert await articles.draft(prepared(incoming), NOW) == first


async def test_a_draft_is_changed_by_whoever_saw_its_last_version(database: Database) -> None:
    articles = Articles(database)
    number = await a_draft(database)
    await articles.revise_draft(number, 0, ArticleChanges(title="Міст відкрито", source="Хвиля"), 100, NOW)
    with pytest.raises(Stale):
        await articles.revise_draft(number, 0, ArticleChanges(title="Ні"), 101, NOW)
    found = await articles.get(number)
    assert (found.title, found.source, found.version) == ("Міст відкрито", "Хвиля", 1)
    assert [entry.act for entry in await Audit(database).of_article(number)] == ["draft", "revise"]


async def test_an_article_comes_back_whole(database: Database) -> None:
    await Topics(database).seed(START_TOPICS)
    topics = await Topics(database).all()
    incoming = Incoming(
        title="Міст", lead="Лід", body="<p>Текст</p>", source="Хвиля", url="https://example.org/1", language="uk",
        photo=Photo(url="https://example.org/1.jpg", caption="Міст", credit="Хвиля"), identity="x",
    )  # fmt: skip
    number = await Articles(database).draft(prepared(incoming, topics[1].id, topics[0].id, minutes=2), NOW)
    found = await Articles(database).get(number)
    assert (found.title, found.lead, found.body, found.source) == ("Міст", "Лід", "<p>Текст</p>", "Хвиля")
    assert (found.photo, found.minutes, found.author_id, found.state) == (incoming.photo, 2, 100, ArticleState.DRAFT)
    assert [topic.slug for topic in found.topics] == [topics[0].slug, topics[1].slug]
    with pytest.raises(NotFound):
        await Articles(database).get(number + 1)


async def test_two_editors_publish_once(database: Database) -> None:
    publications, number = Publications(database), await a_draft(database)
    await publications.order(Order(number, 0, NOW, 100), NOW)
    with pytest.raises(Stale):
        await publications.order(Order(number, 0, NOW, 101), NOW)


async def test_publishing_happens_once_however_often_it_is_begun(database: Database) -> None:
    publications, number = Publications(database), await a_draft(database)
    order = await publications.order(Order(number, 0, NOW, 100), NOW)
    terms = terms_of("Міст відкрили", "", "", "uk")
    assert not await publications.start(order, 0, terms, NOW)
    assert await publications.start(order, 1, terms, NOW)
    assert not await publications.start(order, 2, terms, NOW)
    found = await Articles(database).get(number)
    assert (found.state, found.revision, found.published_at) == (ArticleState.PUBLISHED, 1, NOW)


async def test_a_scheduled_article_can_be_taken_back_until_it_is_out(database: Database) -> None:
    publications, number = Publications(database), await a_draft(database)
    await publications.order(Order(number, 0, LATER, 100), NOW)
    assert await publications.due(NOW) == []
    await publications.cancel(number, 1, 100, NOW)
    assert await publications.due(LATER) == []
    assert (await Articles(database).get(number)).state is ArticleState.DRAFT
    with pytest.raises(Stale):
        await publications.cancel(number, 2, 100, NOW)


async def test_a_publication_without_readers_is_done(database: Database) -> None:
    publications = Publications(database)
    _, number = await a_publication(database)
    assert [p.id for p in await publications.fanning()] == [number]
    assert await publications.settle(NOW) == []
    assert not await publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=1))
    assert await publications.settle(NOW) == [number]
    assert (await publications.get(number)).state is PublicationState.DONE


async def test_the_latest_are_paged_from_where_one_began(database: Database) -> None:
    await Topics(database).seed(START_TOPICS)
    topic = (await Topics(database).all())[0].id
    articles, publications = Articles(database), Publications(database)
    numbers = []
    for n in range(7):
        number = await a_draft(database, f"Новина {n}", (topic,) if n % 2 else (), language="uk" if n < 5 else "en")
        order = await publications.order(Order(number, 0, NOW, 100), NOW)
        await publications.start(order, 1, terms_of("Новина", "", "", "uk"), NOW + timedelta(minutes=n))
        numbers.append(number)
    first = await articles.latest(limit=3)
    assert [h.id for h in first.items] == numbers[:3:-1]
    assert first.more
    await a_publication(database, "Щойно")
    second = await articles.latest(anchor=first.anchor, offset=3, limit=3)
    assert [h.id for h in second.items] == numbers[3:0:-1]
    assert [h.id for h in (await articles.latest(topics=[topic], limit=5)).items] == [
        numbers[5],
        numbers[3],
        numbers[1],
    ]
    assert [h.id for h in (await articles.latest(language="en", limit=5)).items] == [numbers[6], numbers[5]]
    paged = await articles.latest(topics=[topic], anchor=numbers[3], offset=1, limit=5)
    assert [h.id for h in paged.items] == [numbers[1]]


async def test_headlines_come_in_the_order_asked_for_and_only_public_ones(database: Database) -> None:
    one, _ = await a_publication(database, "Перша")
    two, _ = await a_publication(database, "Друга")
    draft = await a_draft(database, "Чернетка")
    assert [h.title for h in await Articles(database).headlines([two, draft, one])] == ["Друга", "Перша"]


async def test_topics_are_seeded_once(database: Database) -> None:
    topics = Topics(database)
    await topics.seed(START_TOPICS)
    await topics.seed([Topic(0, "x", {"uk": "x"})])
    assert [t.slug for t in await topics.all()] == [t.slug for t in START_TOPICS]


async def test_topics_learn_their_names_in_a_language_that_came_later(database: Database) -> None:
    topics = Topics(database)
    await topics.seed([Topic(0, "sport", {"uk": "Наш спорт"}), Topic(0, "own", {"uk": "Своє"})])
    await topics.seed([Topic(0, "sport", {"uk": "Спорт", "en": "Sport"})])
    assert [t.names for t in await topics.all()] == [{"uk": "Наш спорт", "en": "Sport"}, {"uk": "Своє"}]


async def test_sources_are_named(database: Database) -> None:
    number = (await Articles(database).get(await a_draft(database, source="Хвиля"))).source_id
    assert number is not None
    assert await Sources(database).source_names([number]) == {number: "Хвиля"}


# Digests


async def test_a_digest_is_made_once_for_a_due_time_and_never_empty(database: Database) -> None:
    busy = await a_reader(database, schedule=Hourly())
    idle = await a_reader(database, "t9", schedule=Hourly())
    article_id, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=1))
    digests = Digests(database)
    assert await digests.build(NOW) == 0
    assert await digests.build(LATER) == 2
    assert await digests.build(LATER) == 0
    async with database.read() as connection:
        rows = (await connection.execute(select(delivery).where(delivery.c.digest_id.is_not(None)))).all()
    assert {row.state for row in rows} == {DeliveryState.BUNDLED, DeliveryState.QUEUED}
    assert {row.reader_id for row in rows} == {busy.id}
    found = await digests.items(rows[0].digest_id)
    assert found == (LATER, [article_id])
    assert await digests.reader_of(rows[0].digest_id) == busy.id
    later = await LedgerReaders(database).get(idle.id)
    assert later is not None
    assert later.next_digest_at == LATER + timedelta(hours=1)


async def test_after_an_outage_there_is_one_digest(database: Database) -> None:
    reader = await a_reader(database, schedule=Hourly())
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=1))
    digests = Digests(database)
    assert await digests.build(NOW + timedelta(hours=5, minutes=10)) == 1
    assert await digests.build(NOW + timedelta(hours=5, minutes=10)) == 0
    found = await LedgerReaders(database).get(reader.id)
    assert found is not None
    assert found.next_digest_at == NOW + timedelta(hours=6)


async def test_changing_to_at_once_brings_what_was_held(database: Database) -> None:
    reader = await a_reader(database, schedule=AtHours((time(8),)))
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=1))
    await LedgerReaders(database).save(replace(reader, schedule=Instantly()), NOW)
    assert await Digests(database).build(NOW) == 1
    found = await LedgerReaders(database).get(reader.id)
    assert found is not None
    assert found.next_digest_at is None


# The desk's people


async def test_the_last_owner_stays(database: Database) -> None:
    editors = Editors(database)
    await editors.appoint_first([1], NOW)
    await editors.appoint_first([1], NOW)
    await editors.appoint(Editor(2, Role.EDITOR, "Тарас"), 1, NOW)
    with pytest.raises(LastOwner):
        await editors.dismiss(1, 1, NOW)
    with pytest.raises(LastOwner):
        await editors.appoint(Editor(1, Role.AUTHOR), 1, NOW)
    await editors.appoint(Editor(2, Role.OWNER), 1, NOW)
    await editors.dismiss(1, 2, NOW)
    assert await editors.all() == [Editor(2, Role.OWNER, "Тарас")]
    with pytest.raises(NotFound):
        await editors.dismiss(99, 2, NOW)
    assert await editors.role(99) is Role.READER


async def test_of_several_who_come_by_the_same_one_is_admitted(database: Database) -> None:
    editors, facts = Editors(database), Facts(database)
    await editors.appoint_first([1], NOW)
    await facts.put("door", {"open": True}, NOW)
    way: dict[str, Any] = {"fact": "door", "before": {"open": True}, "used": {"by": "one"}}
    got = [editors.admit(Editor(number, Role.AUTHOR, "Хтось"), 1, NOW, **way) for number in (2, 3, 4)]
    assert sorted(await asyncio.gather(*got)) == [False, False, True]
    assert len(await editors.all()) == 2
    await facts.put("door", {"open": True}, NOW)
    with pytest.raises(LastOwner):
        await editors.admit(Editor(1, Role.AUTHOR), 1, NOW, **way)
    assert await facts.get("door") == {"open": True}


async def test_who_has_written_to_the_bot_is_called_as_they_call_themselves_now(database: Database) -> None:
    editors, readers = Editors(database), LedgerReaders(database)
    await editors.appoint_first([1], NOW)
    await editors.appoint(Editor(2, Role.EDITOR, "Тарас"), 1, NOW)
    await editors.appoint(Editor(3, Role.AUTHOR, "Ліна"), 1, NOW)
    await readers.meet(Reader(id=0, address=Address(1), name="Оксана"), NOW)
    await readers.meet(Reader(id=0, address=Address(2), name=""), NOW)
    await readers.meet(Reader(id=0, address=Address(3, 5), name="Гурт"), NOW)
    assert [one.name for one in await editors.all()] == ["Оксана", "Тарас", "Ліна"]


# The inbox

LEASE = timedelta(seconds=60)


async def test_an_update_is_kept_once_and_handled_in_its_chats_order(database: Database) -> None:
    inbox = Inbox(database, "me")
    await inbox.store([(1, 7, "a"), (2, 7, "b"), (3, 8, "c")], NOW)
    await inbox.store([(2, 7, "b"), (4, 7, "d")], NOW)
    assert [u.update_id for u in await inbox.claim(10, NOW, LEASE)] == [1, 3]
    assert await inbox.claim(10, NOW, LEASE) == []
    await inbox.done(1)
    assert [u.update_id for u in await inbox.claim(10, NOW, LEASE)] == [2]
    await inbox.store([(1, 7, "a")], NOW)
    await inbox.done(2)
    assert [u.payload for u in await inbox.claim(10, NOW, LEASE)] == ["d"]


async def test_a_poisoned_update_is_kept_with_its_reason_and_holds_nobody_up(database: Database) -> None:
    inbox = Inbox(database, "me")
    await inbox.store([(1, 7, "{}"), (2, 7, "b")], NOW)
    await inbox.claim(10, NOW, LEASE)
    await inbox.quarantine(1, "ValidationError: …")
    assert [u.update_id for u in await inbox.claim(10, NOW, LEASE)] == [2]
    assert await inbox.set_aside(10) == (1, [SetAside(1, NOW, "{}", "ValidationError: …")])


async def test_what_a_vanished_process_held_is_handled_by_the_next(database: Database) -> None:
    await Inbox(database, "dead").store([(1, 7, "a")], NOW)
    await Inbox(database, "dead").claim(10, NOW, LEASE)
    alive = Inbox(database, "alive")
    assert await alive.take_over(NOW) == 0
    assert await alive.take_over(NOW, alone=True) == 1
    assert [u.update_id for u in await alive.claim(10, NOW, LEASE)] == [1]


async def test_an_update_that_ends_every_process_is_set_aside(database: Database) -> None:
    for attempt in range(3):
        inbox = Inbox(database, f"process {attempt}")
        await inbox.store([(1, 7, "deadly")], NOW)
        await inbox.take_over(NOW, alone=True)
        assert len(await inbox.claim(10, NOW, LEASE)) == 1
    last = Inbox(database, "last")
    assert await last.take_over(NOW, alone=True) == 0
    assert (await last.set_aside(10))[0] == 1


async def test_old_updates_are_forgotten(database: Database) -> None:
    inbox = Inbox(database, "me")
    await inbox.store([(1, 7, "a")], NOW)
    await inbox.claim(1, NOW, LEASE)
    await inbox.done(1)
    await inbox.forget(LATER, poisoned_before=NOW)
    await inbox.store([(1, 7, "a")], NOW)
    assert len(await inbox.claim(1, NOW, LEASE)) == 1

    await inbox.store_poisoned(9, "{", "RecursionError", NOW)
    await inbox.store_poisoned(9, "{", "RecursionError", NOW)
    await inbox.forget(LATER, poisoned_before=NOW)
    assert await inbox.set_aside(1) == (1, [SetAside(9, NOW, "{", "RecursionError")])
    await inbox.forget(NOW, poisoned_before=LATER)
    assert await inbox.set_aside(1) == (0, [])


# Small things


async def test_a_note_is_taken_by_one(database: Database) -> None:
    notes = Facts(database)
    await notes.put("code", {"hash": "x"}, NOW)
    await notes.put("code", {"hash": "y"}, NOW)
    assert await notes.get("code") == {"hash": "y"}
    assert await notes.take("code") == {"hash": "y"}
    assert await notes.take("code") is None


async def test_of_several_who_saw_the_same_fact_one_changes_it(database: Database) -> None:
    facts = Facts(database)
    assert (await asyncio.gather(*(facts.swap("told", None, n, NOW) for n in range(5)))).count(True) == 1
    before = await facts.get("told")
    assert (await asyncio.gather(*(facts.swap("told", before, n, NOW) for n in range(5, 10)))).count(True) == 1
    assert not await facts.swap("told", before, 11, NOW)


async def test_a_question_stays_open_until_it_is_answered(database: Database) -> None:
    dialogs = Dialogs(database)
    await dialogs.put("7:7", {"state": "Ask:zone"}, NOW)
    await dialogs.put("7:7", {"data": {"article": 5}}, NOW)
    assert await dialogs.get("7:7") == ("Ask:zone", {"article": 5})
    assert await dialogs.lapse(NOW) == []
    lapsed = await asyncio.gather(*(dialogs.lapse(LATER) for _ in range(3)))
    assert [one for some in lapsed for one in some] == [("7:7", {"article": 5})]  # told to one of those who ask
    assert await dialogs.get("7:7") == (None, {"article": 5})
    await dialogs.forget(LATER)
    assert await dialogs.get("7:7") == (None, {})


async def test_waits_end(database: Database) -> None:
    throttles = Throttles(database)
    await throttles.put("bot", LATER)
    assert await throttles.in_force(NOW) == {"bot": LATER}
    assert await throttles.in_force(LATER) == {}


async def test_what_was_opened_anew_is_not_folded(database: Database) -> None:
    screens, before, then = MessageScreens(database), Shown("o:5:h5:0", 5, (2, 3)), Shown("b:d1", None)
    await screens.put(7, 1, before.screen, 5, [8, 9], NOW)  # the same screen, in other messages by now
    await screens.fold(7, 1, before, then, LATER)
    assert await screens.get(7, 1) == Shown(before.screen, 5, (8, 9))
    await screens.put(7, 1, before.screen, 5, [2, 3], NOW)
    for _ in range(2):
        await screens.fold(7, 1, before, then, LATER)
        assert await screens.get(7, 1) == then


async def test_what_a_message_shows_is_known(database: Database) -> None:
    screens = MessageScreens(database)
    assert await screens.get(7, 1) is None
    await screens.put(7, 1, "o:5:h5:0", 5, [2, 3], NOW)
    await screens.put(7, 1, "b:h5", 5, [], NOW)
    shown = await screens.get(7, 1)
    assert shown is not None
    assert (shown.screen, shown.article_id, shown.tail) == ("b:h5", 5, ())
    number = await screens.remember_query(7, "міст", NOW)
    assert await screens.query(number, 7) == "міст"
    assert await screens.query(number, 8) is None


async def test_a_keyword_is_in_an_article_when_all_its_words_are(database: Database) -> None:
    keywords = Keywords(database)
    bridge = await keywords.ensure(["міст", "ремонт"])
    assert await keywords.ensure(["ремонт", "міст", "міст"]) == bridge
    one = await keywords.ensure(["міст"])
    assert sorted(await keywords.found_in(["міст", "річка"])) == [one]
    assert sorted(await keywords.found_in(["міст", "ремонт", "річка"])) == [bridge, one]
    assert await keywords.phrases([bridge]) == {bridge: "міст ремонт"}


async def test_the_word_index_finds_any_form_and_forgets(database: Database) -> None:
    first, _ = await a_publication(database, "Закон про мобілізацію")
    second, _ = await a_publication(database, "Мобілізація триває")
    async with Words(database).reading() as words:
        assert await words.matching([["мобілізація"]], 10) == [second, first]
        assert await words.matching([["5:мобіл"], ["закон"]], 10) == [first]
        assert await words.matching([["мобілізація"]], 10, without=["закон"]) == [second]
        known = {lemma.text: lemma for lemma in await words.known(["мобілізація", "закон", "міст"])}
        assert {text: lemma.articles for text, lemma in known.items()} == {"мобілізація": 2, "закон": 1}
        assert {lemma.text for lemma in await words.kin(["мобіл"])} == {"мобілізація"}
        # Both have two words, so a match is worth the same in both, and the newer one comes first.
        worth = {known["мобілізація"].id: 10}
        assert await words.sharing(worth, 5) == [(second, 6760), (first, 6760)]
        # What is only added changes the order and brings nothing.
        assert await words.sharing(worth, 5, {known["закон"].id: 1}) == [(first, 7436), (second, 6760)]
        assert await words.sharing({known["закон"].id: 1}, 5, worth) == [(first, 7436)]
    async with database.write() as connection:
        from storage.index.writing import unindex

        await unindex(database, connection, second)
        await unindex(database, connection, second)
    async with Words(database).reading() as words:
        assert await words.matching([["мобілізація"]], 10) == [first]
        assert await words.size() == 1


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def half() -> None:
        async with database.write() as connection:
            values = {"state": 0, "title": "x", "language": "uk", "created_at": NOW, "updated_at": NOW}
            await connection.execute(article.insert().values(values))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half()
    async with database.read() as connection:
        assert (await connection.execute(select(article.c.id))).all() == []


async def test_of_what_was_opened_in_a_chat_the_last_twenty_articles_are_remembered(database: Database) -> None:
    screens, numbers = MessageScreens(database), [(await a_publication(database))[0] for _ in range(23)]
    for minutes, number in enumerate([*numbers, numbers[4]]):
        await screens.put(1, 1, "any", number, [], NOW + timedelta(minutes=minutes), opened=number)
    await screens.put(1, 1, "another", numbers[0], [], NOW)
    assert sorted(await screens.opened(1, NOW, NOW + timedelta(days=1))) == numbers[3:]
    assert sorted(await screens.opened(1, NOW, NOW + timedelta(minutes=10))) == [numbers[3], *numbers[5:10]]
    assert await screens.opened(2, NOW, NOW + timedelta(days=1)) == []
    await screens.forget(NOW + timedelta(days=2))
    assert await screens.opened(1, NOW, NOW + timedelta(days=1)) == []


async def test_what_a_message_shows_is_forgotten_where_no_correction_can_concern_it(database: Database) -> None:
    screens, later = MessageScreens(database), NOW + timedelta(days=1)
    for message, (article_id, tail, at) in enumerate([(5, [], NOW), (None, [], later), (None, [10], NOW)]):
        await screens.put(7, message, "any", article_id, tail, at)
    old = {"screen": "any", "article_id": None, "tail": [], "updated_at": NOW}
    many = [{"chat_id": chat_id, "message_id": 9, **old} for chat_id in range(1, 2_003)]  # in three stretches
    async with database.write() as connection:
        await connection.execute(shown_table.insert(), many)
    for _ in range(2):
        await screens.forget(later)
        async with database.read() as connection:
            messages = select(shown_table.c.chat_id, shown_table.c.message_id).order_by(shown_table.c.message_id)
            left = await connection.execute(messages)
        assert [tuple(row) for row in left] == [(7, 0), (7, 1), (7, 2)]
