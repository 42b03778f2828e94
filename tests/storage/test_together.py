"""Two changes at once, the first one's commit delayed: neither fails, neither is lost, nothing is counted twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from bot.model.asking import KnownIds
from bot.model.backlog import Waterline
from bot.model.desk import Order
from bot.model.ledger import Asked, Delivery, DeliveryKind, DeliveryState, Finish, Policy, Priority
from bot.model.limits import PHRASE_MOST
from bot.model.matching import EVERYTHING, story_key
from bot.model.news import FromEditor, Incoming, Terms, Topic
from bot.model.readers import Address, Hourly, Reader
from bot.model.relevance import PreparedArticle, WrittenArticle
from storage.articles.articles import Articles
from storage.articles.stories import Stories
from storage.articles.topics import Sources
from storage.delivery.backlog import Backlogs
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.delivery.sends import Sends
from storage.delivery.uncertain import Uncertain
from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.people.keywords import Keywords
from storage.people.readers import Readers
from storage.runtime.inbox import Inbox
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import article, delivery, inbox, keyword, keyword_lemma, reader, source, story
from tests.support.life import SlowCommits
from tests.support.rows import NOW, a_draft, a_matter, a_publication, a_reader, claimed, told_nothing
from tests.support.together import through_or_blocked, together


@pytest.fixture
async def slow(database_url: str) -> AsyncIterator[SlowCommits]:
    database = SlowCommits(database_url)
    yield database
    await database.close()


async def _count(slow: SlowCommits, table: object) -> int:
    async with slow.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


async def test_two_readers_who_follow_the_same_new_words_follow_one_keyword(slow: SlowCommits) -> None:
    keywords = Keywords(slow)
    numbers = await together(
        slow, lambda: keywords.ensure(["міст", "ремонт"]), lambda: keywords.ensure(["ремонт", "міст"])
    )
    assert numbers[0] == numbers[1]
    assert (await _count(slow, keyword), await _count(slow, keyword_lemma)) == (1, 2)
    assert await keywords.found_in(["ремонт", "міст", "дощ"]) == numbers[:1]


async def test_the_longest_words_that_may_be_followed_have_room(slow: SlowCommits) -> None:
    words = sorted("слово" + letter * 19 for letter in "абвгґ")
    words[0] = words[0][: PHRASE_MOST - len(" ".join(words[1:])) - 1]
    assert len(" ".join(sorted(words))) == PHRASE_MOST
    keywords = Keywords(slow)
    number = await keywords.ensure(words)
    assert await keywords.ensure(words) == number


async def test_two_editors_who_tie_the_same_two_articles_are_both_heard(slow: SlowCommits) -> None:
    (one, _), (other, _) = await a_publication(slow), await a_publication(slow, "Дощ")
    articles = Articles(slow)
    await together(
        slow,
        lambda: articles.tie(one, other, 1, NOW, pinned=True),
        lambda: articles.tie(one, other, 2, NOW, pinned=False),
    )
    assert await articles.ties(one) == {other: False}


async def test_urgent_news_between_two_claims_is_not_in_flight_beside_what_its_chat_gets(slow: SlowCommits) -> None:
    await a_reader(slow)
    publications, shelf = Publications(slow), timedelta(hours=6)
    _, number = await a_publication(slow)
    await publications.fan_out(number, a_matter(), 10, NOW, shelf)
    _, urgent = await a_publication(slow, "Тривога", Priority.URGENT)

    async def urgent_news_claimed_elsewhere() -> list[Delivery]:
        await publications.fan_out(urgent, a_matter(urgent=True), 10, NOW, shelf)
        return await claimed(Ledger(slow, "other"))

    one, other = await together(slow, lambda: claimed(Ledger(slow, "one")), urgent_news_claimed_elsewhere)
    assert ([row.publication_id for row in one], other) == ([number], [])


async def test_two_articles_that_go_on_with_one_at_once_are_in_its_story(slow: SlowCommits) -> None:
    (first, _), (one, _), (other, _) = [await a_publication(slow, title) for title in ("Міст", "Ремонт", "Дощ")]
    stories = Stories(slow)
    numbers = await together(slow, lambda: stories.thread(one, first, NOW), lambda: stories.thread(other, first, NOW))
    assert numbers[0] == numbers[1]
    async with slow.read() as connection:
        mine = select(article.c.id).where(article.c.story_id == numbers[0]).order_by(article.c.id)
        assert list((await connection.execute(mine)).scalars()) == [first, one, other]


@pytest.fixture
async def two_stories(slow: SlowCommits) -> tuple[int, int, int, int, Reader]:
    """Two articles, their stories, and a reader who follows the second and has looked at it."""
    titles = ("Міст", "Міст знову", "Дощ", "Дощ знову")
    one, more, other, again = [(await a_publication(slow, title))[0] for title in titles]
    stories, someone = Stories(slow), await a_reader(slow)
    stays, goes = await stories.thread(more, one, NOW), await stories.thread(again, other, NOW)
    assert stays is not None
    assert goes is not None
    await Readers(slow).choose(someone.id, [story_key(goes)])
    await stories.look(someone.id, goes, NOW)
    return one, other, stays, goes, someone


async def test_whoever_follows_a_story_while_another_is_merged_into_it_follows_it_once(
    slow: SlowCommits, two_stories: tuple[int, int, int, int, Reader]
) -> None:
    one, other, stays, goes, someone = two_stories
    readers, stories = Readers(slow), Stories(slow)
    await together(
        slow, lambda: readers.choose(someone.id, [story_key(stays)]), lambda: stories.gather(one, other, 1, NOW)
    )
    wanted = (await readers.choices(someone.id, NOW)).wanted
    assert story_key(stays) in wanted
    assert story_key(goes) not in wanted


@pytest.mark.parametrize("first", ["follows", "merges"])
async def test_whoever_follows_a_story_or_leaves_it_while_it_becomes_a_part_of_another_is_heard(
    slow: SlowCommits, two_stories: tuple[int, int, int, int, Reader], first: str
) -> None:
    one, other, stays, goes, someone = two_stories
    readers, stories, newcomer = Readers(slow), Stories(slow), await a_reader(slow)

    async def chooses() -> None:
        await readers.choose(newcomer.id, [story_key(goes)])
        await readers.take_rule(someone.id, story_key(goes))

    async def merges() -> None:
        await stories.gather(one, other, 1, NOW)

    await together(slow, *((chooses, merges) if first == "follows" else (merges, chooses)))
    assert (await readers.choices(newcomer.id, NOW)).wanted == {EVERYTHING, story_key(stays)}
    assert (await readers.choices(someone.id, NOW)).wanted == {EVERYTHING}


async def test_whoever_looks_at_a_story_while_another_is_merged_into_it_has_looked_at_the_earlier_time(
    slow: SlowCommits, two_stories: tuple[int, int, int, int, Reader]
) -> None:
    one, other, stays, goes, someone = two_stories
    stories, later = Stories(slow), NOW.replace(hour=23)
    await together(slow, lambda: stories.look(someone.id, stays, later), lambda: stories.gather(one, other, 1, NOW))
    assert await stories.seen_at(someone.id, stays) == NOW
    assert await stories.seen_at(someone.id, goes) is None


async def test_a_chat_that_is_met_where_a_group_moves_to_at_that_moment_is_one_reader(slow: SlowCommits) -> None:
    await a_reader(slow, chat_id=-5, schedule=Hourly())
    readers = LedgerReaders(slow)
    known = Reader(id=0, address=Address(-1005), name="Група")
    await together(slow, lambda: readers.meet(known, NOW), lambda: readers.move_chat(-5, -1005, NOW))
    found = await readers.find(Address(-1005))
    assert found is not None
    assert found.schedule == Hourly()
    assert await _count(slow, select(reader).where(reader.c.chat_id == -1005).subquery()) == 1


async def test_what_is_being_written_for_a_group_reaches_the_chat_that_it_becomes_at_that_moment(
    slow: SlowCommits,
) -> None:
    """Somebody had written in the new chat already: its reader takes over, and has chosen nothing by itself."""
    await a_reader(slow, chat_id=-5)
    known = Reader(id=0, address=Address(-1005), name="Група")
    younger, _ = await Readers(slow).meet(known, NOW)
    publications, readers = Publications(slow), LedgerReaders(slow)
    _, number = await a_publication(slow)
    await together(
        slow,
        lambda: publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6)),
        lambda: readers.move_chat(-5, -1005, NOW),
    )
    while await publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6)):
        pass
    assert [(one.reader.id, one.reader.address.chat_id) for one in await claimed(Ledger(slow, "me"))] == [
        (younger.id, -1005)
    ]


async def test_what_begins_while_a_group_moves_reaches_the_chat_that_it_becomes(slow: SlowCommits) -> None:
    """The publication was planned when the move looked, and another process begins it."""
    await a_reader(slow, chat_id=-5)
    younger, _ = await Readers(slow).meet(Reader(id=0, address=Address(-1005), name="Група"), NOW)
    publications, readers = Publications(slow), LedgerReaders(slow)
    number = await publications.order(Order(await a_draft(slow), 0, NOW, 100), NOW)

    async def begin() -> None:
        assert await publications.start(number, 1, Terms(), NOW)
        while await publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6)):
            pass

    await together(slow, lambda: readers.move_chat(-5, -1005, NOW), begin)
    assert [(one.reader.id, one.reader.address.chat_id) for one in await claimed(Ledger(slow, "me"))] == [
        (younger.id, -1005)
    ]


async def test_of_two_who_ask_for_a_digest_at_once_one_gets_it(slow: SlowCommits) -> None:
    mine = await a_reader(slow, schedule=Hourly())
    _, number = await a_publication(slow)
    while await Publications(slow).fan_out(number, a_matter(), 100, NOW, timedelta(hours=6)):
        pass
    digests = Digests(slow)
    one, other = await together(slow, lambda: digests.ask(mine.id, NOW), lambda: digests.ask(mine.id, NOW))
    assert (one, other) == (Asked(lines=1), Asked(under_way=True))
    assert await _count(slow, select(delivery).where(delivery.c.kind == DeliveryKind.DIGEST).subquery()) == 1


def _from(name: str, identity: str) -> PreparedArticle:
    incoming = Incoming(title="Міст", source=name, identity=identity)
    return PreparedArticle(incoming, FromEditor(1), WrittenArticle("", Terms(), 1), (Topic(0, "bridges", {}),))


async def test_two_drafts_of_the_same_new_source_and_topic_share_them(slow: SlowCommits) -> None:
    articles = Articles(slow)
    one, other = await together(
        slow,
        lambda: articles.draft(_from("Міський голос", "a"), NOW),
        lambda: articles.draft(_from("Міський голос", "b"), NOW),
    )
    assert one != other
    assert await _count(slow, source) == 1
    sources = Sources(slow)
    assert (await sources.source_names([1])) == {1: "Міський голос"}
    assert (await articles.get(one)).topics == (await articles.get(other)).topics


async def test_one_message_that_comes_twice_at_once_is_one_draft(slow: SlowCommits) -> None:
    articles = Articles(slow)
    one, other = await together(
        slow, lambda: articles.draft(_from("", "a"), NOW), lambda: articles.draft(_from("", "a"), NOW)
    )
    assert one == other


async def _three_readers_news(slow: SlowCommits) -> int:
    for _ in range(3):
        await a_reader(slow)
    _, number = await a_publication(slow)
    await Publications(slow).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6))
    return number


async def test_two_tickers_that_follow_a_stop_count_each_row_once(slow: SlowCommits) -> None:
    number, sends = await _three_readers_news(slow), Sends(slow)
    await sends.stop(number, 1, NOW)
    await together(slow, lambda: sends.follow(NOW), lambda: sends.follow(NOW))
    tally = (await Publications(slow).get(number)).tally
    assert (tally.dropped, tally.left) == (3, 0)


async def test_two_tickers_that_expire_count_each_row_once(slow: SlowCommits) -> None:
    number, ledger = await _three_readers_news(slow), Ledger(slow, "me")
    late = NOW + timedelta(days=2)
    counted = await together(slow, lambda: ledger.expire(late), lambda: ledger.expire(late))
    tally = (await Publications(slow).get(number)).tally
    assert sorted(counted) == [0, 3]
    assert (tally.expired, tally.left) == (3, 0)


async def test_two_tickers_that_drop_the_backlog_count_each_row_once(slow: SlowCommits) -> None:
    number, backlogs = await _three_readers_news(slow), Backlogs(slow)
    late = NOW + timedelta(hours=1)
    line = Waterline(since=late, newest=number)
    counted = await together(slow, lambda: backlogs.drop(line, late), lambda: backlogs.drop(line, late))
    assert sorted(counted) == [0, 3]
    assert (await Publications(slow).get(number)).tally.dropped == 3


async def test_two_owners_who_let_the_same_go_count_each_row_once(slow: SlowCommits) -> None:
    number, ledger, uncertain = await _three_readers_news(slow), Ledger(slow, "me"), Uncertain(slow)
    lost = await claimed(ledger)
    await ledger.finish([(one.id, Finish(DeliveryState.UNCERTAIN, "reset")) for one in lost], NOW)
    await told_nothing(slow)
    counted = await together(
        slow,
        lambda: uncertain.decide(number, Policy.DROP, 1, NOW),
        lambda: uncertain.decide(number, Policy.RESEND, 2, NOW),
    )
    tally = (await Publications(slow).get(number)).tally
    assert sorted(counted) == [0, 3]
    assert (tally.uncertain, tally.dropped, tally.left) == (0, 3, 0)


async def test_who_is_cancelled_in_a_statement_ends_as_cancelled(database: Database) -> None:
    """Else a loop that tries again after errors would outlive its process's end."""
    long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"
    begun = asyncio.Event()
    statement = Prepared(database, text(long if database.is_sqlite else "SELECT pg_sleep(30)"), ())

    async def again_and_again() -> None:
        while True:
            try:
                async with database.write() as connection:
                    begun.set()
                    await statement.rows(connection)
            except Exception:  # noqa: BLE001  as every loop of a bot does, with a line in the log
                continue

    loop = asyncio.create_task(again_and_again())
    await begun.wait()
    await asyncio.sleep(0.05)
    loop.cancel()
    await asyncio.sleep(0)  # the driver has begun to cut its statement off, and gives the connection up
    loop.cancel()
    done, _ = await asyncio.wait({loop}, timeout=5)
    assert done, "it goes on"
    assert loop.cancelled()


async def test_a_message_that_two_processes_take_in_at_once_is_known_once(slow: SlowCommits) -> None:
    """Noted twice it would look as if each chat had a counter of its own, and nothing uncertain would be asked about."""

    def takes(holder: str, updates: range) -> Callable[[], Awaitable[None]]:
        rows, came = [(n, 7, "{}") for n in updates], {n: (7, 50 + n) for n in updates}
        return lambda: Inbox(slow, holder).store(rows, NOW, came)

    await together(slow, takes("one", range(1, 3)), takes("two", range(1, 4)))
    assert await MessageIds(slow).known(0, 0, 99) == KnownIds(frozenset({51, 52, 53}))


async def test_updates_that_come_to_two_processes_in_two_orders_are_stored_by_both(slow: SlowCommits) -> None:
    """Each stores them by their numbers: in the order they came PostgreSQL would have to end one of the two."""
    row = {"chat_id": 7, "payload": "{}", "received_at": NOW}
    async with slow.write() as storing:
        await storing.execute(inbox.insert().values(update_id=1, **row))
        other = asyncio.ensure_future(Inbox(slow, "other").store([(2, 7, "{}"), (1, 7, "{}")], NOW))
        await through_or_blocked(other, slow)
        await storing.execute(inbox.insert().values(update_id=2, **row))
    await other
    assert await _count(slow, inbox) == 2


@pytest.mark.parametrize("first", ["comes", "merges"])
async def test_what_an_import_brings_to_a_story_that_becomes_a_part_of_another_is_in_that_one(
    slow: SlowCommits, first: str
) -> None:
    articles, stories = Articles(slow), Stories(slow)
    one, other, third = [(await a_publication(slow, name, story=name))[0] for name in ("Вибори", "Голоси", "Міст")]
    await stories.gather(one, other, 1, NOW)
    into = (await articles.get(third)).story_id

    async def comes() -> int:
        return await a_draft(slow, "Голоси далі", story="Голоси")

    async def merges() -> int:
        return await stories.gather(third, one, 1, NOW)

    ended = await together(slow, *((comes, merges) if first == "comes" else (merges, comes)))
    number, where = ended if first == "comes" else reversed(ended)
    assert where == into
    assert (await articles.get(number)).story_id == into


async def test_whoever_follows_a_story_by_its_part_and_another_waits_for_both_in_their_order(slow: SlowCommits) -> None:
    stories, someone = Stories(slow), await a_reader(slow)
    numbers = [(await a_publication(slow, title))[0] for title in ("Вибори", "Міст", "Голоси")]
    part, between, last = [await stories.begin(number, NOW) or 0 for number in numbers]
    assert await stories.gather(numbers[2], numbers[0], 1, NOW) == last
    async with slow.write() as merging:
        held = select(story.c.id).with_for_update()
        await merging.execute(held.where(story.c.id == between))
        keys = [story_key(part), story_key(between)]
        choosing = asyncio.ensure_future(Readers(slow).choose(someone.id, keys))
        await through_or_blocked(choosing, slow)
        await merging.execute(held.where(story.c.id == last))
    await choosing
    wanted = (await Readers(slow).choices(someone.id, NOW)).wanted
    assert wanted == {EVERYTHING, story_key(between), story_key(last)}
