"""What becomes of an article when its feed has it otherwise, or is without it: over real rows, case by case."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.desk.feeds import FeedDesk
from bot.errors import Stale
from bot.inflow.arrivals import seen, text_print
from bot.inflow.revisions import Revisions, is_small
from bot.model.changes import ArticleChanges
from bot.model.desk import Editor, Role
from bot.model.feeds import Feed, FeedItem, FeedMode, FeedNotice, FeedSettings, FeedState, ItemState, NoticeKind
from bot.model.ledger import DeliveryState, Finish
from bot.model.news import Article, ArticleState, Incoming, RevisionKind
from storage.engine.database import Database
from storage.schema.tables import article as article_table
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_draft, a_matter, a_publication, a_reader, claimed

TITLE, TEXT = "Міст через річку відкрили після ремонту", "Рух відновили о восьмій ранку. Ремонт тривав пів року."
SLIP = TEXT.replace("тривав", "трывав")
OTHER = "Міст закрили знову: тріснула опора, і рух пустили через греблю. Коли його відкриють, не сказано."
AN_HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Desk:
    """A feed, the articles it has brought, and how often the fan-out was woken."""

    store: Store
    feed: Feed
    clock: TestClock
    woken: list[str] = field(default_factory=list)

    @property
    def revisions(self) -> Revisions:
        return Revisions(
            items=self.store.feed_items,
            notices=self.store.feed_notices,
            articles=self.store.articles,
            corrections=self.store.corrections,
            clock=self.clock,
            wake_fan_out=lambda: self.woken.append("fan-out"),
        )

    async def brings(self, key: str, **values: Any) -> FeedItem:
        """Note that the feed held an item with the text of `TITLE` and `TEXT`."""
        item = FeedItem(key=key, **{"print": text_print(TITLE, "", TEXT), "seen_at": NOW, "dated_at": NOW, **values})
        await self.store.feed_items.put(self.feed.id, [item])
        return item

    async def follow(self, *now: tuple[str, Incoming]) -> None:
        known = await self.store.feed_items.present(self.feed.id)
        known |= await self.store.feed_items.known(self.feed.id, [key for key, _ in now])
        await self.revisions.follow(self.feed, dict(now), known)

    async def items(self) -> dict[str, FeedItem]:
        return await self.store.feed_items.of(self.feed.id)

    async def told(self) -> list[tuple[NoticeKind, int | None]]:
        return [(one.kind, one.article_id) for one in await self.asked()]

    async def asked(self) -> list[FeedNotice]:
        """Return what nobody was told of before, told by now."""
        notices = await self.store.feed_notices.untold()
        for one in notices:
            await self.store.feed_notices.settle(one.id, NOW)
        return notices

    async def set(self, **settings: Any) -> None:
        await self.store.feeds.change(self.feed.id, FeedSettings(**settings), 100, NOW)
        self.feed = await self.store.feeds.get(self.feed.id)


@pytest.fixture
async def desk(database: Database) -> Desk:
    store = Store(database, "me")
    number = await store.feeds.add("https://a.example/feed", "Стрічка", FeedMode.APPROVE, FeedState.ACTIVE, 100, NOW)
    return Desk(store, await store.feeds.get(number), TestClock(NOW, speed=0))


def _says(text: str = TEXT, title: str = TITLE, **values: Any) -> Incoming:
    return Incoming(title=title, body=text, **{"published_at": NOW, **values})


async def _publication(desk: Desk, database: Database, *, held: bool = False) -> int:
    """Publish what the feed brought; `held` by readers who have got it."""
    if held:
        await a_reader(database)
    article_id, number = await a_publication(database, TITLE, body=TEXT)
    if held:
        while await desk.store.publications.fan_out(number, a_matter(), 100, NOW, AN_HOUR):
            pass
        done = [(one.id, Finish(DeliveryState.SENT, message_id=7)) for one in await claimed(desk.store.ledger)]
        assert done
        await desk.store.ledger.finish(done, NOW)
    return article_id


async def test_an_article_follows_its_source_where_nobody_has_to_be_asked(desk: Desk, database: Database) -> None:
    """(how it stands, what its feed is like, what the feed has now) -> (the text, its revision, whether it is asked)."""
    for number, (held, mode, text, after) in enumerate(
        (
            (True, FeedMode.APPROVE, SLIP, (SLIP, 2, False)),  # a matter of spelling
            (True, FeedMode.APPROVE, OTHER, (TEXT, 1, True)),
            (False, FeedMode.APPROVE, OTHER, (TEXT, 1, True)),  # an editor has approved it
            (True, FeedMode.PUBLISH, OTHER, (TEXT, 1, True)),
            (False, FeedMode.PUBLISH, OTHER, (OTHER, 2, False)),  # nobody has, and nobody has got it
            (False, FeedMode.ARCHIVE, OTHER, (OTHER, 2, False)),
        )
    ):
        await desk.set(mode=mode)
        article_id = await _publication(desk, database, held=held)
        await desk.brings(f"n{number}", article_id=article_id)
        desk.woken.clear()
        for _ in range(2):
            await desk.follow((f"n{number}", _says(text)))
        found = await desk.store.articles.get(article_id)
        asked = [(NoticeKind.CHANGED, article_id)] if after[2] else []
        assert (found.body, found.revision, await desk.told()) == (after[0], after[1], asked), number
        assert found.corrected_at is None
        assert len(desk.woken) == found.revision - 1
        item = (await desk.items())[f"n{number}"]
        assert (item.print, item.state, item.article_id) == (text_print(TITLE, "", text), ItemState.TAKEN, article_id)


async def test_what_the_desk_has_made_of_it_is_asked_about(desk: Desk, database: Database) -> None:
    edited = await _publication(desk, database)
    async with database.write() as connection:
        await connection.execute(
            update(article_table).where(article_table.c.id == edited).values(title="Наш заголовок")
        )
    retracted = await _publication(desk, database)
    async with database.write() as connection:
        over = update(article_table).where(article_table.c.id == retracted)
        await connection.execute(over.values(state=ArticleState.RETRACTED))
    same = await _publication(desk, database)  # an editor has put in by hand what the feed says now
    async with database.write() as connection:
        await connection.execute(update(article_table).where(article_table.c.id == same).values(body=SLIP))
    for key, number, asked in (
        ("edited", edited, [(NoticeKind.CHANGED, edited)]),
        ("retracted", retracted, []),
        ("same", same, []),
        ("none", None, []),
    ):
        await desk.brings(key, article_id=number)
        await desk.follow((key, _says(SLIP)))
        assert await desk.told() == asked, key
        assert (await desk.items())[key].print == text_print(TITLE, "", SLIP)
    assert desk.woken == []
    assert (await desk.store.articles.get(edited)).body == TEXT


async def test_what_a_source_has_taken_back_is_asked_about_no_more(desk: Desk, database: Database) -> None:
    """An editor who answers late must not put in what the source itself does not say any more."""
    number = await _publication(desk, database, held=True)
    await desk.brings("bridge", article_id=number)
    for told in (True, False):  # whether somebody has seen the question by then
        await desk.follow(("bridge", _says(OTHER)))
        (notice,) = await desk.asked() if told else await desk.store.feed_notices.untold()
        assert (notice.kind, notice.article_id) == (NoticeKind.CHANGED, number)
        await desk.follow(("bridge", _says(TEXT)))
        assert await desk.told() == [], told
        with pytest.raises(Stale):
            await desk.store.feed_notices.answer(notice.id, 100, NOW)
    assert (await desk.store.articles.get(number)).body == TEXT


class _Killed(BaseException):
    """The end of a process."""


@dataclass(slots=True)
class _CutOff:
    """Questions whose answer is the last thing that a process does: before it is stored, or behind that."""

    store: Store
    stored: bool

    async def get(self, notice_id: int) -> FeedNotice:
        return await self.store.feed_notices.get(notice_id)

    async def answer(self, *answer: Any) -> None:
        if self.stored:
            await self.store.feed_notices.answer(*answer)
        raise _Killed


def _feed_desk(desk: Desk, notices: Any) -> FeedDesk:
    nothing: Any = None
    return FeedDesk(
        feeds=desk.store.feeds,
        items=desk.store.feed_items,
        notices=notices,
        articles=desk.store.articles,
        topics=desk.store.topics,
        finder=nothing,
        inflow=nothing,
        revisions=desk.revisions,
        clock=desk.clock,
        wake=nothing,
    )


@pytest.mark.parametrize("kind", [RevisionKind.TYPO, RevisionKind.CORRECTION])
async def test_an_answer_that_is_handled_again_is_carried_out_once(
    desk: Desk, database: Database, kind: RevisionKind
) -> None:
    number, me, other = await _publication(desk, database, held=True), Editor(100, Role.OWNER), Editor(101, Role.OWNER)
    await desk.brings("bridge", article_id=number)
    await desk.follow(("bridge", _says(OTHER)))
    (notice,) = await desk.asked()
    whole = _feed_desk(desk, desk.store.feed_notices)
    for _ in range(2):
        article = await whole.follow(notice.id, kind, me)
        assert (article.body, article.revision) == (OTHER, 2)
    for who, answer in ((other, whole.follow(notice.id, kind, other)), (me, whole.leave(notice.id, me))):
        with pytest.raises(Stale):
            await answer
        assert (await desk.store.feed_notices.get(notice.id)).answered_by == me.user_id, who
    assert (await desk.store.articles.get(number)).revision == 2


async def test_who_leaves_a_text_as_it_is_is_told_so_again_after_a_kill(desk: Desk, database: Database) -> None:
    number, me = await _publication(desk, database, held=True), Editor(100, Role.OWNER)
    await desk.brings("bridge", article_id=number)
    await desk.follow(("bridge", _says(OTHER)))
    (notice,) = await desk.asked()
    with pytest.raises(_Killed):
        await _feed_desk(desk, _CutOff(desk.store, stored=True)).leave(notice.id, me)
    whole = _feed_desk(desk, desk.store.feed_notices)
    assert (await whole.leave(notice.id, me)).body == TEXT
    for answer in (whole.follow(notice.id, RevisionKind.TYPO, me), whole.leave(notice.id, Editor(101, Role.OWNER))):
        with pytest.raises(Stale):
            await answer


async def test_a_draft_follows_its_source_and_what_is_planned_is_asked_about(desk: Desk, database: Database) -> None:
    number = await a_draft(database, TITLE, body=TEXT)
    await desk.brings("draft", article_id=number)
    longer = f"{TEXT} {OTHER * 40}"
    await desk.follow(("draft", _says(longer, title="Новий заголовок", lead="Лід")))
    found = await desk.store.articles.get(number)
    assert (found.title, found.lead, found.body, found.version) == ("Новий заголовок", "Лід", longer, 1)
    assert found.minutes > 1
    assert await desk.told() == []
    # While an editor works on it nothing is taken away from under their hands.
    real = desk.store.articles
    desk.store.articles = _Behind(real)
    await desk.follow(("draft", _says(OTHER)))
    desk.store.articles = real
    assert (await desk.store.articles.get(number)).body == longer
    assert await desk.told() == [(NoticeKind.CHANGED, number)]
    async with database.write() as connection:
        planned = update(article_table).where(article_table.c.id == number)
        await connection.execute(planned.values(state=ArticleState.SCHEDULED, title=TITLE, lead="", body=OTHER))
    await desk.follow(("draft", _says(TEXT)))
    assert (await desk.store.articles.get(number)).body == OTHER
    (notice,) = await desk.asked()
    assert (notice.kind, notice.article_id) == (NoticeKind.CHANGED, number)
    assert notice.detail == {"title": TITLE, "lead": "", "body": TEXT}


class _Behind:
    """Articles as they were a moment ago: somebody has changed each since."""

    def __init__(self, articles: Any) -> None:
        self._articles = articles

    def __getattr__(self, name: str) -> Any:
        return getattr(self._articles, name)

    async def get(self, article_id: int) -> Article:
        found: Article = await self._articles.get(article_id)
        return replace(found, version=found.version - 1)


async def test_of_a_feed_with_full_texts_an_article_is_untouched_while_nobody_has_edited_it(
    desk: Desk, database: Database
) -> None:
    await desk.set(full_text=True)
    for key, edited in (("page", False), ("edited", True)):
        number = await a_draft(database, TITLE, body=OTHER)  # the text of its page
        await desk.brings(key, article_id=number)
        if edited:
            changes = ArticleChanges(title="Наш заголовок", lead="", body=OTHER, minutes=1)
            await desk.store.articles.revise_draft(number, 0, changes, 100, NOW)
        await desk.follow((key, _says(SLIP)))
        assert (await desk.store.articles.get(number)).body == (OTHER if edited else SLIP)
        assert await desk.told() == ([(NoticeKind.CHANGED, number)] if edited else [])


async def test_what_is_held_is_held_as_it_is_now(desk: Desk) -> None:
    await desk.brings("flood", state=ItemState.HELD)
    await desk.brings("dropped", state=ItemState.DROPPED)
    await desk.follow(("flood", _says(SLIP)), ("dropped", _says(SLIP)))
    assert (await desk.store.feed_items.held(desk.feed.id))["flood"].body == SLIP
    items = await desk.items()
    assert [items[key].state for key in ("flood", "dropped")] == [ItemState.HELD, ItemState.DROPPED]
    assert await desk.told() == []


async def test_what_a_feed_is_without_is_told_the_second_time_and_only_what_should_be_there(
    desk: Desk, database: Database
) -> None:
    """The feed holds what is dated `there`, of which one is undated; the item is without its article after a flood."""
    there = (("new", _says(published_at=NOW)), ("old", _says(published_at=NOW - timedelta(days=9))))
    undated = ("new", _says(published_at=None))
    three_days = timedelta(days=3)
    for number, (dated_at, state, held_now, told) in enumerate(
        (
            (NOW - AN_HOUR, ItemState.TAKEN, there, True),
            (NOW - three_days, ItemState.TAKEN, there, True),
            (NOW - three_days - AN_HOUR, ItemState.TAKEN, there, False),  # nobody looks at it any more
            (None, ItemState.TAKEN, there, False),
            (NOW - AN_HOUR, ItemState.DROPPED, there, False),
            (NOW - AN_HOUR, ItemState.TAKEN, there[:1], False),  # it has only grown old
            (NOW, ItemState.TAKEN, there[:1], False),
            (NOW - AN_HOUR, ItemState.TAKEN, (undated,), False),
            (NOW - AN_HOUR, ItemState.TAKEN, (), False),  # an empty feed says nothing
        )
    ):
        key, article_id = f"gone{number}", await _publication(desk, database)
        await desk.brings(key, article_id=article_id, dated_at=dated_at, state=state)
        for name, dated in (("new", NOW), ("old", NOW - timedelta(days=9))):
            await desk.brings(name, dated_at=dated)
        await desk.follow(*held_now)
        first = (await desk.items())[key]
        assert (first.missing_since, first.state) == (NOW if held_now else None, ItemState.MISSING if told else state)
        assert await desk.told() == [], number
        for _ in range(2):
            await desk.follow(*held_now)
        assert await desk.told() == ([(NoticeKind.VANISHED, article_id)] if told else []), number
        assert (await desk.items())[key].state is (ItemState.VANISHED if told else state)
        await desk.follow((key, _says()))  # it is back, and may still change
        again = (await desk.items())[key]
        assert (again.missing_since, again.state) == (None, state)
        await desk.store.feed_items.put(desk.feed.id, [replace(again, missing_since=NOW, state=ItemState.DROPPED)])


async def test_what_is_held_waits_whole_also_when_its_feed_has_gone_on(desk: Desk) -> None:
    """A flood pushes what it began with off the end of its feed long before an editor has answered."""
    old = ("old", _says(published_at=NOW - timedelta(days=9)))
    held = {"flood": _says()}
    await desk.store.feed_items.put(desk.feed.id, [replace(seen("flood", _says(), NOW), state=ItemState.HELD)], held)
    for now in ((old,), (old,), (("flood", _says()), old), (old,), (("flood", _says(SLIP)), old)):
        await desk.follow(*now)
        waiting = await desk.store.feed_items.held(desk.feed.id)
        assert {key: one.title for key, one in waiting.items()} == {"flood": TITLE}, now
    assert waiting["flood"].body == SLIP
    two_weeks_on = NOW + timedelta(days=14)
    assert (await desk.store.feeds.activity(two_weeks_on))[desk.feed.id].held == 1, "however long nobody answers"


async def test_what_an_editor_lets_go_while_its_feed_is_read_is_not_held_again(desk: Desk, database: Database) -> None:
    old, items = ("old", _says(published_at=NOW - timedelta(days=9))), desk.store.feed_items
    article_id = await _publication(desk, database)
    for now in ((old,), (old, ("flood", _says(SLIP)))):  # it has fallen off the end, or says something else
        await items.put(desk.feed.id, [replace(seen("flood", _says(), NOW), state=ItemState.HELD)], {"flood": _says()})
        known = await items.present(desk.feed.id)
        assert known["flood"].state is ItemState.HELD
        await items.put(desk.feed.id, [replace(seen("flood", _says(), NOW), article_id=article_id)])  # meanwhile
        await desk.revisions.follow(desk.feed, dict(now), known)
        assert ((await desk.items())["flood"].state, await items.held(desk.feed.id)) == (ItemState.TAKEN, {})
        await items.forget(NOW + AN_HOUR)
        await items.put(desk.feed.id, [replace((await desk.items())["flood"], missing_since=NOW)])
        await items.forget(NOW + AN_HOUR)


async def test_what_is_back_otherwise_is_there_again_and_followed_as_ever(desk: Desk, database: Database) -> None:
    """An article is taken down at its source, mended there, and put back: once it was missed, or when it was told."""
    there = ("old", _says(published_at=NOW - timedelta(days=9)))
    await desk.brings("old", dated_at=NOW - timedelta(days=9))
    for polls, told in ((1, False), (2, True)):
        key, article_id = f"back{polls}", await _publication(desk, database)
        await desk.brings(key, article_id=article_id)
        for _ in range(polls):
            await desk.follow(there)
        assert await desk.told() == ([(NoticeKind.VANISHED, article_id)] if told else [])
        await desk.follow((key, _says(SLIP)), there)
        assert (await desk.store.articles.get(article_id)).body == SLIP, polls
        item = (await desk.items())[key]
        assert (item.state, item.missing_since) == (ItemState.TAKEN, None), polls
        await desk.revisions.tell_missing(desk.feed, await desk.store.feed_items.missing(desk.feed.id))
        assert await desk.told() == [], "it is there"
        await desk.follow((key, _says(TEXT)), there)
        assert (await desk.store.articles.get(article_id)).body == TEXT, polls
        gone = replace((await desk.items())[key], missing_since=NOW, state=ItemState.DROPPED)
        await desk.store.feed_items.put(desk.feed.id, [gone])


async def test_many_that_vanish_at_once_are_a_feed_arranged_anew_and_what_nobody_reads_is_not_told(
    desk: Desk, database: Database
) -> None:
    there = ("old", _says(published_at=NOW - timedelta(days=9)))
    await desk.brings("old", dated_at=NOW - timedelta(days=9))
    for many, told in ((3, 3), (4, 0)):
        numbers = [await _publication(desk, database) for _ in range(many)]
        for number in numbers:
            await desk.brings(f"n{number}", article_id=number)
        for _ in range(2):
            await desk.follow(there)
        assert sorted(await desk.told()) == [(NoticeKind.VANISHED, number) for number in numbers[:told]]
        assert {(await desk.items())[f"n{number}"].state for number in numbers} == {ItemState.VANISHED}
    for state, told in (
        (ArticleState.DRAFT, 1), (ArticleState.SCHEDULED, 1), (ArticleState.RETRACTED, 0), (ArticleState.DISCARDED, 0),
    ):  # fmt: skip
        number = await a_draft(database, TITLE, body=TEXT)
        async with database.write() as connection:
            await connection.execute(update(article_table).where(article_table.c.id == number).values(state=state))
        await desk.brings(f"n{number}", article_id=number)
        for _ in range(2):
            await desk.follow(there)
        assert await desk.told() == [(NoticeKind.VANISHED, number)] * told, state


LONG = f"{TEXT} Весь цей час містяни їздили в об’їзд через греблю, а автобуси стояли на березі по годині."


@pytest.mark.parametrize(
    ("before", "after", "small"),
    [
        ((TITLE, "", LONG), (TITLE, "", LONG), True),
        ((TITLE, "", LONG), (TITLE, "", LONG.replace("містяни", "мистяни")), True),
        ((TITLE, "", LONG), (TITLE.replace("річку", "річьку"), "", LONG), True),
        ((TITLE, "", LONG), ("Паром не ходитиме до понеділка", "", LONG), False),  # another title
        ((TITLE, "", LONG), (TITLE, "", OTHER), False),  # another text
        ((TITLE, "Лід про міст.", LONG), (TITLE, "Зовсім інший вступ: " + OTHER, LONG), False),  # another lead
        ((TITLE, "", LONG + " 1"), (TITLE, "", LONG + " 2"), False),  # another number
        ((TITLE + " 1", "", LONG), (TITLE + " 2", "", LONG), False),
        ((TITLE, "", f"<p>{LONG}</p>"), (TITLE, "", LONG), True),  # what is seen counts, not how it is written
        ((TITLE, "", LONG), (TITLE, "", LONG.replace("відновили", "не відновили")), False),
    ],
)
def test_a_small_change_is_a_matter_of_spelling(
    before: tuple[str, str, str], after: tuple[str, str, str], small: bool
) -> None:
    article = Article(id=1, title=before[0], lead=before[1], body=before[2])
    assert is_small(article, Incoming(title=after[0], lead=after[1], body=after[2])) is small
