"""Publications step by step: what each step leaves, and what it must not touch."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.errors import NotFound, Stale
from bot.model.changes import ArticleChanges
from bot.model.desk import Order, PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Finish, Priority
from bot.model.news import ArticleState
from bot.model.readers import Hourly
from storage.articles.articles import Articles
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.schema.tables import article, delivery, publication, story
from tests.support.rows import NO_TERMS, NOW, a_draft, a_matter, a_publication, a_reader, claimed

HOUR = timedelta(hours=1)
LATER = NOW + HOUR


async def _ordered(database: Database, lane: Priority = Priority.INSTANT, hours: int = 0) -> tuple[int, int]:
    article_id = await a_draft(database)
    order = Order(article_id, 0, NOW + HOUR * hours, 100, lane)
    return article_id, await Publications(database).order(order, NOW)


async def test_a_send_is_done_when_its_pushes_are_sent_and_says_when(database: Database) -> None:
    await a_reader(database)
    await a_reader(database, schedule=Hourly())
    publications, ledger = Publications(database), Ledger(database, "me")
    _, number = await a_publication(database)
    assert await publications.settle(LATER) == []  # its deliveries are not written yet
    await publications.fan_out(number, a_matter(), 10**9, NOW, HOUR)
    assert await publications.settle(LATER) == []
    (due,) = await claimed(ledger)
    await ledger.finish([(due.id, Finish(DeliveryState.SENT, "", 5))], NOW)
    assert (await publications.get(number)).tally.held == 1
    assert await publications.settle(LATER) == [number]
    done = await publications.get(number)
    assert (done.state, done.finished_at) == (PublicationState.DONE, LATER)
    assert await publications.settle(LATER + HOUR) == []
    assert (await publications.get(number)).finished_at == LATER


@pytest.mark.parametrize("column", ["sent", "failed", "uncertain", "expired", "dropped", "held"])
async def test_whatever_became_of_a_delivery_it_is_not_left(database: Database, column: str) -> None:
    publications = Publications(database)
    numbers = [(await a_publication(database))[1] for _ in range(2)]
    async with database.write() as connection:
        for number, done in zip(numbers, (3, 2), strict=True):
            values = {"total": 3, column: done, "fan_from": None, "fan_end": None}
            await connection.execute(update(publication).where(publication.c.id == number).values(values))
    assert await publications.settle(LATER) == numbers[:1]


@pytest.mark.parametrize("state", [state for state in PublicationState if state is not PublicationState.RUNNING])
async def test_only_what_runs_can_be_done(database: Database, state: PublicationState) -> None:
    _, number = await a_publication(database)
    async with database.write() as connection:
        values = {"state": state, "fan_from": None, "fan_end": None}
        await connection.execute(update(publication).where(publication.c.id == number).values(values))
    assert await Publications(database).settle(LATER) == []


async def test_what_is_due_comes_by_urgency_and_then_by_age(database: Database) -> None:
    publications = Publications(database)
    orders = [(Priority.INSTANT, 0), (Priority.URGENT, 0), (Priority.INSTANT, 1), (Priority.URGENT, 0)]
    numbers = [(await _ordered(database, *order))[1] for order in orders]
    assert [one.id for one in await publications.due(NOW - timedelta(seconds=1))] == []
    assert [one.id for one in await publications.due(NOW)] == [numbers[1], numbers[3], numbers[0]]
    assert [one.id for one in await publications.due(LATER)] == [numbers[1], numbers[3], numbers[0], numbers[2]]
    assert await publications.fanning() == []
    for number in numbers:
        assert await publications.start(number, 1, NO_TERMS, LATER)
    assert await publications.due(LATER) == []
    await a_reader(database)
    assert {one.id for one in await publications.fanning()} <= set(numbers)


async def test_running_sends_are_fanned_out_by_urgency_until_they_are_written(database: Database) -> None:
    publications = Publications(database)
    for _ in range(3):
        await a_reader(database)
    (_, slow), (_, fast) = await a_publication(database), await a_publication(database, lane=Priority.URGENT)
    assert [one.id for one in await publications.fanning()] == [fast, slow]
    while await publications.fan_out(fast, a_matter(), 1, NOW, HOUR):
        assert (await publications.get(fast)).fanned_to is not None
    assert [one.id for one in await publications.fanning()] == [slow]
    assert (await publications.get(fast)).fanned_to is None
    assert not await publications.fan_out(fast, a_matter(), 1, NOW, HOUR)
    assert (await publications.get(fast)).tally.total == 3


async def test_a_row_of_the_ledger_says_what_it_is(database: Database) -> None:
    now_, later = await a_reader(database), await a_reader(database, schedule=Hourly())
    article_id, number = await a_publication(database, lane=Priority.URGENT)
    while await Publications(database).fan_out(number, a_matter(), 10**9, LATER, HOUR):
        pass
    async with database.read() as connection:
        rows = {row.reader_id: row for row in await connection.execute(select(delivery))}
    assert (rows[now_.id].kind, rows[now_.id].state) == (DeliveryKind.PUSH, DeliveryState.QUEUED)
    assert (rows[later.id].kind, rows[later.id].state) == (DeliveryKind.ITEM, DeliveryState.HELD)
    for row in rows.values():
        assert (row.article_id, row.publication_id, row.lane, row.revision) == (article_id, number, Priority.URGENT, 1)
        assert (row.not_before, row.created_at, row.expires_at) == (LATER, LATER, LATER + HOUR)


async def test_an_order_is_cancelled_once_and_touches_no_other(database: Database) -> None:
    publications, articles = Publications(database), Articles(database)
    (first, number), (second, other) = await _ordered(database, hours=1), await _ordered(database, hours=1)
    before = await articles.get(first)
    with pytest.raises(Stale):
        await publications.cancel(first, before.version - 1, 100, NOW)
    assert (await publications.get(number)).state is PublicationState.SCHEDULED
    await publications.cancel(first, before.version, 100, NOW)
    after, gone = await articles.get(first), await publications.get(number)
    assert (after.state, after.version) == (ArticleState.DRAFT, before.version + 1)
    assert (gone.state, gone.finished_at) == (PublicationState.CANCELLED, NOW)
    assert (await articles.get(second)).state is ArticleState.SCHEDULED
    assert (await publications.get(other)).state is PublicationState.SCHEDULED
    with pytest.raises(Stale):
        await publications.cancel(first, after.version, 100, NOW)
    assert await publications.start(other, 1, NO_TERMS, LATER)
    with pytest.raises(Stale):
        await publications.cancel(second, (await articles.get(second)).version, 100, NOW)
    assert (await articles.get(second)).state is ArticleState.PUBLISHED
    assert not await publications.start(number, 1, NO_TERMS, NOW)


async def test_an_order_needs_a_draft_as_it_was_seen(database: Database) -> None:
    publications = Publications(database)
    article_id = await a_draft(database)
    with pytest.raises(Stale):
        await publications.order(Order(article_id, 7, NOW, 100), NOW)
    number = await publications.order(Order(article_id, 0, LATER, 100, Priority.URGENT), NOW)
    ordered = await publications.get(number)
    assert (ordered.article_id, ordered.at, ordered.by, ordered.lane) == (article_id, LATER, 100, Priority.URGENT)
    assert (await Articles(database).get(article_id)).urgent
    with pytest.raises(Stale):
        await publications.order(Order(article_id, 1, NOW, 100), NOW)
    assert [one.id for one in await publications.of_article(article_id)] == [number]
    with pytest.raises(NotFound):
        await publications.get(number + 1)


async def test_what_is_begun_is_public_from_then(database: Database) -> None:
    publications, articles = Publications(database), Articles(database)
    (article_id, number), (other, _) = await _ordered(database), await _ordered(database)
    assert not await publications.start(number, 9, NO_TERMS, LATER)  # it has changed
    assert (await publications.get(number)).state is PublicationState.SCHEDULED
    assert await publications.start(number, 1, NO_TERMS, LATER)
    public = await articles.get(article_id)
    assert (public.state, public.published_at, public.revision, public.version) == (ArticleState.PUBLISHED, LATER, 1, 2)
    assert (await articles.get(other)).state is ArticleState.SCHEDULED
    begun = await publications.get(number)
    assert (begun.state, begun.started_at) == (PublicationState.RUNNING, LATER)
    assert not await publications.start(number, 2, NO_TERMS, LATER)


async def test_a_watched_send_is_shown_until_its_end_has_been(database: Database) -> None:
    publications = Publications(database)
    (_, waiting), (_, running) = await _ordered(database, hours=1), await a_publication(database)
    await a_publication(database)  # nobody watches this one
    for number in (waiting, running):
        await publications.watch(number, 7, 70 + number)
    assert [(one.id, one.progress) for one in await publications.watched()] == [(running, (7, 70 + running))]
    await publications.reported([running])
    assert await publications.watched() == []
    await publications.watch(running, 7, 99)
    assert [one.progress for one in await publications.watched()] == [(7, 99)]


async def test_a_scheduled_article_is_changed_only_by_who_may_approve_it(database: Database) -> None:
    article_id, number = await _ordered(database, hours=1)
    articles, publications = Articles(database), Publications(database)
    title = ArticleChanges(title="Інший заголовок")
    for version in (0, 1):
        with pytest.raises(Stale):
            await articles.revise_draft(article_id, version, title, 7, NOW)
        with pytest.raises(Stale):
            await articles.discard(article_id, version, 7, NOW)
    assert (await articles.get(article_id)).title == "Міст відкрили"
    await articles.revise_draft(article_id, 1, title, 100, NOW, scheduled=True)
    assert not await publications.start(number, 1, NO_TERMS, LATER), "that version was changed since"
    assert await publications.start(number, 2, NO_TERMS, LATER)
    assert (await articles.get(article_id)).title == "Інший заголовок"
    with pytest.raises(Stale):
        await articles.discard(article_id, 3, 100, LATER, scheduled=True)


async def test_discarding_cancels_what_was_ordered_in_the_same_commit(database: Database) -> None:
    article_id, number = await _ordered(database, hours=1)
    articles, publications = Articles(database), Publications(database)
    with pytest.raises(Stale):
        await articles.discard(article_id, 0, 100, NOW, scheduled=True)
    assert (await publications.get(number)).state is PublicationState.SCHEDULED
    await articles.discard(article_id, 1, 100, NOW, scheduled=True)
    cancelled = await publications.get(number)
    assert (cancelled.state, cancelled.finished_at) == (PublicationState.CANCELLED, NOW)
    assert (await articles.get(article_id)).state is ArticleState.DISCARDED
    assert await publications.due(LATER) == []


async def test_the_desks_lists_can_be_one_authors(database: Database) -> None:
    await a_draft(database, "Перша")
    articles = Articles(database)
    assert [one.title for one in (await articles.desk_list(ArticleState.DRAFT, 0, 8, author=100)).items] == ["Перша"]
    assert (await articles.desk_list(ArticleState.DRAFT, 0, 8, author=7)).items == ()


async def test_what_waits_is_moved_and_does_not_go_out_at_its_old_time(database: Database) -> None:
    article_id, number = await _ordered(database, hours=1)
    publications, articles = Publications(database), Articles(database)
    assert [one.id for one in await publications.due(LATER)] == [number]
    order = Order(article_id, 1, LATER + HOUR, 7, Priority.URGENT)
    assert await publications.move(order, NOW) == number
    assert not await publications.start(number, 2, NO_TERMS, LATER), "it was found due before it was moved"
    (moved,) = await publications.of_article(article_id)
    assert (moved.at, moved.by, moved.lane) == (LATER + HOUR, 7, Priority.URGENT)
    with pytest.raises(Stale):
        await publications.move(order, NOW)
    assert (await publications.get(number)).at == LATER + HOUR
    assert await publications.start(number, 2, NO_TERMS, LATER + HOUR)
    with pytest.raises(Stale):
        await publications.move(Order(article_id, 3, LATER, 7), LATER)
    assert (await articles.get(article_id)).urgent


async def test_what_was_to_be_urgent_and_was_taken_back_is_a_draft_like_others(database: Database) -> None:
    publications, articles = Publications(database), Articles(database)
    article_id = await a_draft(database)
    await publications.order(Order(article_id, 0, LATER, 100, Priority.URGENT), NOW)
    assert (await articles.get(article_id)).urgent
    await publications.cancel(article_id, 1, 100, NOW)
    draft = await articles.get(article_id)
    assert (draft.urgent, draft.state, draft.version) == (False, ArticleState.DRAFT, 2)


async def test_the_drafts_of_some_people_are_listed_with_who_wrote_them(database: Database) -> None:
    articles = Articles(database)
    first, second = await a_draft(database, "Перша"), await a_draft(database, "Друга")
    gone, out = await a_draft(database, "Відкинута"), await a_draft(database, "Надіслана")
    await articles.discard(gone, 0, 100, NOW)
    await Publications(database).order(Order(out, 0, LATER, 100), NOW)
    found = await articles.drafts_of([100, 7], NOW)
    assert [(one.id, one.title, by) for one, by in found] == [(first, "Перша", 100), (second, "Друга", 100)]
    assert await articles.drafts_of([7], NOW) == []
    assert await articles.drafts_of([100], NOW + HOUR) == []


async def test_what_waits_is_listed_in_the_order_of_its_time_and_with_it(database: Database) -> None:
    later, _ = await _ordered(database, hours=3)
    sooner, _ = await _ordered(database, hours=2)
    page = await Articles(database).desk_list(ArticleState.SCHEDULED, 0, 8)
    assert [(one.id, one.published_at) for one in page.items] == [(sooner, NOW + HOUR * 2), (later, NOW + HOUR * 3)]
    assert (await Articles(database).desk_list(ArticleState.SCHEDULED, 1, 8)).items[0].id == later


async def test_a_story_is_as_new_as_what_was_published_in_it(database: Database) -> None:
    numbers = [await _ordered(database) for _ in range(2)]
    async with database.write() as connection:
        for one in (1, 2):
            await connection.execute(story.insert().values(id=one, updated_at=NOW - HOUR))
        change = update(article).where(article.c.id == numbers[0][0])
        await connection.execute(change.values(story_id=2))
    for _, number in numbers:
        assert await Publications(database).start(number, 1, NO_TERMS, LATER)
    async with database.read() as connection:
        times = (await connection.execute(select(story.c.updated_at).order_by(story.c.id))).scalars().all()
    assert times == [NOW - HOUR, LATER]
