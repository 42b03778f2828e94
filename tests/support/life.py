"""A small newsroom in the middle of its life, every kind of row in it, and a Telegram that remembers what it got.

For tests that let two changes happen at once and then ask what became of the promises.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text, update

from bot.delivery.outcome import decide
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, Order, PublicationState
from bot.model.ledger import Claimed, Delivery, DeliveryKind, DeliveryState, Finish, Policy, Step
from bot.model.matching import MatchKey, story_key
from bot.model.news import ArticleState, Photo, RevisionKind
from bot.model.outcomes import MessageGone
from bot.model.pictures import Picture
from bot.model.readers import AtHours, Hourly, Reader
from bot.model.tokens import Scope
from bot.relevance.lemmas import terms_of
from storage.engine.database import Database
from storage.schema.tables import NOBODY, article, delivery, picture, publication, reader, story_seen, subscription
from storage.store import Store
from tests.support.rows import LEASE, NOW, a_draft, a_matter, a_publication, a_reader

SHELF = timedelta(hours=6)
SOON = timedelta(seconds=15)  # until a mention is due
GROUP, MOVED = -300, -100300  # a group, and the supergroup it becomes
PICTURE = "0123456789abcdef" * 2
SHOWN = Photo(url=f"https://news.example/media/{PICTURE}.jpg")
_MESSAGES = itertools.count(1000)
NOWHERE = 0  # the message of what changes one that is not there any more
EARLIER = NOW - timedelta(minutes=10)
_ENDS = {
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.EXPIRED: "expired",
    DeliveryState.DROPPED: "dropped",
    DeliveryState.HELD: "held",
    DeliveryState.BUNDLED: "held",
    DeliveryState.TOLD: "told",
}


class SlowCommits(Database):
    """A database whose next transaction stops just before its commit, until it is let go."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        self.gate: Any = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        async with super().write() as connection:
            yield connection
            if self.gate is not None:
                if not self.is_sqlite:  # however long the other change takes on a busy machine
                    await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                gate, self.gate = self.gate, None
                await gate()


@dataclass(slots=True)
class Message:
    """A message in a chat: what it was sent as, the revision it shows now, and what stands under it."""

    chat: int
    kind: DeliveryKind
    articles: tuple[int, ...]
    publication: int | None
    revision: int
    mentions: frozenset[int] = frozenset()


@dataclass(slots=True)
class Life:
    """The newsroom. `go_on` lets everything that is owed happen; `broken` says which promises were not kept."""

    database: Database
    store: Store
    other: Store
    telegram: dict[int, Message] = field(default_factory=dict)
    taken: dict[int, tuple[Store, Delivery, int]] = field(default_factory=dict)
    late: dict[int, int] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)  # what somebody said is to be sent again, stopped or not
    names: dict[str, int] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    ended: frozenset[int] = frozenset()
    after_stop: list[str] = field(default_factory=list)
    now: Any = NOW

    def again(self, database: Database) -> "Life":
        """Return the newsroom as it stands now, over a database that holds its rows."""
        same = database is self.database  # preparing statements takes longer than a whole pair
        stores = (self.store, self.other) if same else (Store(database, "first"), Store(database, "second"))
        messages = {number: replace(message) for number, message in self.telegram.items()}
        taken = {n: (stores[holder is self.other], one, m) for n, (holder, one, m) in self.taken.items()}
        fresh = replace(
            self,
            database=database,
            store=stores[0],
            other=stores[1],
            telegram=messages,
            taken=taken,
            late={},
            asked=set(self.asked),
            decided=set(),
        )
        fresh.now, fresh.after_stop = NOW, []
        return fresh

    # Sending

    async def claim(self, store: Store, limit: int = 50, done: Sequence[tuple[int, Step]] = ()) -> list[Delivery]:
        """Claim, and let Telegram have what was claimed at once; the outcome is not recorded yet.

        `done` is recorded by the same commit.
        """
        claimed: Claimed = await store.ledger.claim(limit, self.now, LEASE, lambda _: {}, done)
        for one in claimed.deliveries:
            message = await self._send(one)
            self.taken[one.id] = (store, one, message)
            if message != NOWHERE and one.publication_id in self.ended and one.id not in self.decided:
                self.after_stop.append(f"row {one.id} was sent after its send was stopped")
        return list(claimed.deliveries)

    async def _send(self, one: Delivery) -> int:
        """Let Telegram have a delivery; returns its message, or NOWHERE for what has none to edit: its chat has moved."""
        revision = max(one.revision, 1)
        if one.kind.traits.edits and one.target_message is None:
            return NOWHERE
        if one.kind is DeliveryKind.EDIT:
            assert one.target_message is not None
            if one.target_message in self.telegram and one.article_id is not None:
                self.telegram[one.target_message].revision = await self._revision(one.article_id)
            return one.target_message
        if one.kind is DeliveryKind.MENTION:
            assert one.target_message is not None
            assert one.first_article is not None
            if one.target_message in self.telegram:
                told = await self.store.mentions.under(one.reader.id, one.first_article)
                self.telegram[one.target_message].mentions = frozenset(told)
            return one.target_message
        items: tuple[int, ...] = (one.article_id,) if one.article_id is not None else ()
        if one.kind is DeliveryKind.DIGEST and one.digest_id is not None:
            found = await self.store.digests.items(one.digest_id)
            items = tuple(found[1]) if found else ()
        number = next(_MESSAGES)
        self.telegram[number] = Message(one.reader.address.chat_id, one.kind, items, one.publication_id, revision)
        return number

    async def _revision(self, article_id: int) -> int:
        async with self.database.read() as connection:
            now = await connection.scalar(select(article.c.revision).where(article.c.id == article_id))
        assert now is not None
        return now

    def arrived(self, chat: int, article_id: int, send: int, revision: int) -> int:
        """Note that a headline is in a chat after all; returns its message's number."""
        number = next(_MESSAGES)
        self.telegram[number] = Message(chat, DeliveryKind.PUSH, (article_id,), send, revision)
        return number

    async def finish(self, store: Store | None = None) -> None:
        """Record what was sent."""
        for number, (holder, _, _) in list(self.taken.items()):
            if number in self.taken and (store is None or holder is store):  # a try has one end, told by one
                await holder.ledger.finish([self.sent(number)], self.now)
                self.taken.pop(number, None)

    def sent(self, number: int) -> tuple[int, Step]:
        """Return what is recorded of a delivery that Telegram has got."""
        _, one, message = self.taken[number]
        if message == NOWHERE:  # as `bot/delivery/attempts.py` does
            return number, decide(MessageGone("the chat has moved"), one.kind, one.attempts + 1, self.now)
        state = DeliveryState.TOLD if one.kind.traits.mentions else DeliveryState.SENT
        return number, Finish(state, message_id=message)

    # Letting life go on

    async def go_on(self) -> None:
        """Record what is under way, resume what is paused, and let all that is due happen, for two days."""
        await self.finish()
        self.ended = frozenset(await self._publications(PublicationState.STOPPING, PublicationState.STOPPED))
        for number in await self._publications(PublicationState.PAUSED):
            await self.store.sends.resume(number, 1, self.now)
        for _ in range(12):
            await self._round()
            if not await self.claim(self.store) and not await self._busy():
                break
            await self.finish()
            self.now += SOON
        self.now += timedelta(hours=30)
        for _ in range(6):
            await self._round()
            if not await self.claim(self.store):
                break
            await self.finish()

    async def _round(self) -> None:
        store, now = self.store, self.now
        while await store.sends.follow(now):
            pass
        await store.uncertain.follow_policies(now)
        for one in await store.publications.due(now):
            await store.publications.start(
                one.id, await self._version(one.article_id), terms_of("x", "", "", "uk"), now
            )
        for one in await store.publications.fanning():
            if one.purpose is RevisionKind.FIRST:
                while await store.publications.fan_out(one.id, a_matter(), 100, now, SHELF, self.told(one.article_id)):
                    pass
            else:
                while await store.corrections.spread(one.id, 100, now):
                    pass
        await store.digests.promise(now)
        while await store.digests.build(now):
            pass
        while await store.ledger.expire(now):
            pass
        await store.publications.settle(now)

    def told(self, article_id: int) -> dict[int, frozenset[MatchKey]]:
        """Return which articles an article tells in other words, as the fan-out is told."""
        again = {self.names.get("retold"), self.names.get("retelling")}
        return {self.names["corrected"]: frozenset()} if article_id in again else {}

    async def _version(self, article_id: int) -> int:
        return (await self.store.articles.get(article_id)).version

    async def _publications(self, *states: PublicationState) -> list[int]:
        async with self.database.read() as connection:
            found = select(publication.c.id).where(publication.c.state.in_(states))
            return list((await connection.execute(found)).scalars())

    async def _busy(self) -> bool:
        async with self.database.read() as connection:
            waiting = select(func.count()).where(
                delivery.c.state.in_((0, 2, 10)), delivery.c.not_before <= self.now + SOON
            )
            return bool(await connection.scalar(waiting))

    # Promises

    async def broken(self) -> list[str]:
        """Return which promises were broken, in words."""
        async with self.database.read() as connection:
            rows = (await connection.execute(select(delivery))).all()
            sends = (await connection.execute(select(publication))).all()
            active = set((await connection.execute(select(reader.c.id).where(reader.c.state == 0))).scalars())
            chats = {row.id: row.chat_id for row in await connection.execute(select(reader.c.id, reader.c.chat_id))}
            pictured = select(article.c.id, article.c.state, article.c.photo).join(picture)
            shows = (await connection.execute(pictured)).all()
            of_nobody = select(reader.c.id).where(reader.c.chat_id == NOBODY)
            left = [
                f"{table.name} holds something of reader {number}, who is erased"
                for table in (subscription, story_seen)
                for number in (
                    await connection.execute(select(table.c.reader_id).where(table.c.reader_id.in_(of_nobody)))
                ).scalars()
            ]
            revisions = {
                row.id: row.revision for row in await connection.execute(select(article.c.id, article.c.revision))
            }
        theirs = [row for row in rows if chats.get(row.reader_id) != NOBODY]  # in whose chat the others were, is gone
        return [
            *self._doubled(),
            *_unfinished(rows, active),
            *self._untrue(theirs, chats),
            *self._untold(theirs, chats),
            *miscounted(rows, sends),
            *self._outdated(revisions, set(chats.values()), moved=MOVED in chats.values()),
            *_dangling(shows),
            *left,
            *self.after_stop,
        ]

    def _chat(self, number: int | None) -> int | None:
        """A group that became a supergroup is the chat it was."""
        return MOVED if number == GROUP else number

    def _doubled(self) -> list[str]:
        seen: Counter[tuple[int, int]] = Counter()
        for message in self.telegram.values():
            if message.kind in {DeliveryKind.PUSH, DeliveryKind.DIGEST}:
                seen.update((self._chat(message.chat), number) for number in message.articles)
        return [f"article {number} came {times} times to {chat}" for (chat, number), times in seen.items() if times > 1]

    def _untrue(self, rows: Sequence[Any], chats: dict[int, int]) -> list[str]:
        got = {
            (self._chat(m.chat), n)
            for m in self.telegram.values()
            if m.kind in {DeliveryKind.PUSH, DeliveryKind.DIGEST}
            for n in m.articles
        }
        wrong = []
        for row in rows:
            there = (self._chat(chats.get(row.reader_id)), row.article_id) in got
            if row.kind is DeliveryKind.PUSH and row.state is DeliveryState.SENT and not there:
                wrong.append(f"row {row.id} is SENT and never was")
            if row.state in {DeliveryState.DROPPED, DeliveryState.EXPIRED} and row.kind <= DeliveryKind.ITEM and there:
                wrong.append(f"row {row.id} is {row.state.name} and was sent")
        return wrong

    def _untold(self, rows: Sequence[Any], chats: dict[int, int]) -> list[str]:
        """What counts as told silently stands under the message it names, and was not sent beside."""
        wrong = []
        for row in rows:
            if row.state is not DeliveryState.TOLD:
                continue
            theirs = [m for m in self.telegram.values() if self._chat(m.chat) == self._chat(chats.get(row.reader_id))]
            if not any(row.article_id in message.mentions for message in theirs):
                wrong.append(f"row {row.id} is TOLD and stands nowhere")
            if any(row.article_id in m.articles and m.kind is DeliveryKind.PUSH for m in theirs):
                wrong.append(f"row {row.id} is TOLD and was sent")
        return wrong

    def _outdated(self, revisions: dict[int, int], chats: set[int], *, moved: bool) -> list[str]:
        # In a group that became a supergroup no message has the number it had: none can be changed. Nor can what a
        # reader holds who was erased.
        return [
            f"message {number} shows revision {m.revision} of article {m.articles[0]}, not {revisions[m.articles[0]]}"
            for number, m in self.telegram.items()
            if m.kind is DeliveryKind.PUSH
            and m.revision < revisions.get(m.articles[0], 0)
            and not (moved and m.chat == GROUP)
            and (m.chat in chats or m.chat == GROUP)
        ]


def _dangling(rows: Sequence[Any]) -> list[str]:
    away = {ArticleState.DISCARDED, ArticleState.RETRACTED}
    return [f"article {row.id} has a picture it does not show" for row in rows if row.state in away or not row.photo]


def _unfinished(rows: Sequence[Any], active: set[int]) -> list[str]:
    open_ = {DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.PARKED, DeliveryState.HELD}
    return [
        f"row {row.id} ({row.kind.name}) stays {row.state.name}"
        for row in rows
        if row.state in open_ and row.reader_id in active
    ]


def miscounted(rows: Sequence[Any], sends: Sequence[Any]) -> list[str]:
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.publication_id is not None:
            counted[row.publication_id]["total"] += 1
            if row.state in _ENDS:
                counted[row.publication_id][_ENDS[row.state]] += 1
    return [
        f"publication {send.id} says {name} {getattr(send, name)}, its rows {counted[send.id][name]}"
        for send in sends
        for name in ("total", "sent", "failed", "uncertain", "expired", "dropped", "held", "told")
        if getattr(send, name) != counted[send.id][name]
    ]


async def begin(database: Database) -> Life:
    """Make the newsroom: every state a delivery can be in, a send in every state, a correction half spread."""
    life = Life(database, Store(database, "first"), Store(database, "second"))
    store = life.store
    for name in ("anna", "bohdan", "vira", "hlib", "daryna", "yeva"):
        life.readers[name] = await a_reader(database, chat_id=100 + len(life.readers), name=name)
    life.readers |= {
        "hourly": await a_reader(database, chat_id=200, schedule=Hourly()),
        "evening": await a_reader(database, chat_id=201, schedule=AtHours((NOW.time().replace(hour=18),))),
        "group": await a_reader(database, chat_id=GROUP),
    }
    for name in ("daryna", "yeva", "group"):
        life.readers[name] = await store.readers.save(replace(life.readers[name], fold_sources=True), EARLIER)
    life.now = EARLIER
    # Sent to all; its correction is public and not spread yet.
    await _published(life, "corrected", "Міст відкрили")
    life.names["story"] = await store.stories.begin(life.names["corrected"], life.now) or 0
    await store.readers.choose(life.readers["bohdan"].id, [story_key(life.names["story"])])
    await _all_sent(life)
    # Another source tells the same: three mentions, of which one is on its way.
    await _published(life, "retold", "Новий міст запрацював", source="Б")
    life.now += SOON
    assert len(await life.claim(life.other, 1)) == 1
    # A send whose rows stand in every state.
    await _published(life, "running", "Рада ухвалила бюджет")
    first = await life.claim(store, 2)
    await life.finish(store)
    assert len(first) == 2
    lost = await life.claim(life.other, 3)
    for one in lost[:2]:  # its answer is lost on the way, and the message as well
        await life.other.ledger.finish([(one.id, Finish(DeliveryState.UNCERTAIN, "reset"))], life.now)
        life.telegram.pop(life.taken.pop(one.id)[2])
    async with database.write() as connection:  # of one of them Telegram cannot tell, and somebody may decide
        told = update(delivery).where(delivery.c.id == lost[0].id)
        await connection.execute(told.values(asked_at=life.now))
        policy = update(publication).where(publication.c.id == life.names["running:send"])
        await connection.execute(policy.values(policy=Policy.RESEND))
    life.asked.add(lost[0].id)
    await _published(life, "paused", "Потяги змінили розклад")
    await store.sends.pause(life.names["paused:send"], "", 1, life.now)
    await store.sends.follow(life.now)
    await _published(life, "halted", "Парк зачинили")  # it is stopped, and its rows do not know yet
    await store.sends.stop(life.names["halted:send"], 1, life.now)
    # Nothing of it is in the air, so that a correction ends at once; for one reader it is the next that is claimed.
    life.readers["iryna"] = await a_reader(database, chat_id=120)
    await _published(life, "waiting", "Басейн відкрили")
    await _published(life, "stale", "Штормове попередження", shelf=timedelta(minutes=5))
    await store.corrections.correct(await a_correction(life, "corrected", RevisionKind.CORRECTION), life.now)
    # Public, and its deliveries are still to be written: the first for somebody who came last.
    life.readers["newcomer"] = await a_reader(database, chat_id=202, schedule=Hourly())
    life.names["fanning"], life.names["fanning:send"] = await a_publication(database, "Бібліотека працює довше")
    retelling = await a_publication(database, "Мостом уже їздять", source="В")
    life.names["retelling"], life.names["retelling:send"] = retelling
    # Ordered, due now; and a plain draft.
    life.names["ordered"] = await a_draft(database, "Ордер на арешт", photo=SHOWN)
    await _pictured(life, "ordered")
    number = await store.publications.order(Order(life.names["ordered"], 0, NOW, 100), life.now)
    life.names["ordered:send"] = number
    life.names["draft"] = await a_draft(database, "Чернетка")
    life.now = NOW
    async with database.write() as connection:  # digests of one reader are due
        due = update(reader).where(reader.c.id == life.readers["hourly"].id)
        await connection.execute(due.values(next_digest_at=NOW - timedelta(seconds=1)))
    return life


async def _published(life: Life, name: str, title: str, shelf: timedelta = SHELF, **values: Any) -> None:
    article_id, number = await a_publication(life.database, title, **values)
    life.names[name], life.names[f"{name}:send"] = article_id, number
    while await life.store.publications.fan_out(number, a_matter(), 100, life.now, shelf, life.told(article_id)):
        pass


async def _pictured(life: Life, name: str) -> None:
    """Let a system have uploaded the picture that an article shows; it is about to be the article's."""
    assert await life.store.tokens.add("cms", "Агенція", Scope.DRAFT, "s" * 64, life.now)
    (token,) = await life.store.tokens.all()
    life.names["token"] = token.id
    assert await life.store.pictures.add(PICTURE, token.id, Picture("image/jpeg", b"bridge"), 1, life.now)
    assert await life.store.tokens.own(token.id, life.names[name])


async def _all_sent(life: Life) -> None:
    while await life.claim(life.store):
        await life.finish()


async def a_correction(life: Life, name: str, kind: RevisionKind) -> Correction:
    """Return a correction of an article as it is now."""
    found = await life.store.articles.get(life.names[name])
    title = f"{found.title} (виправлено {found.revision})"
    return Correction(
        article_id=found.id,
        version=found.version,
        kind=kind,
        by=100,
        note="" if kind is RevisionKind.TYPO else "Уточнено.",
        changes=ArticleChanges() if kind is RevisionKind.RETRACTION else ArticleChanges(title=title),
        terms=None if kind is RevisionKind.RETRACTION else terms_of(title, "", "", "uk"),
    )
