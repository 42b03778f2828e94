"""What arrived in the readers' chats on a day, as Telegram saw it, and what of the promises it breaks."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.news import Article, ArticleState, RevisionKind, Terms
from bot.model.readers import ReaderState
from bot.relevance.lemmas import terms_of
from bot.screens.digests import DIGEST_PAGE
from storage.schema.tables import article as article_table
from storage.schema.tables import delivery, publication, reader, revision
from tests.support.day.crowd import FIRST_CHAT, Crowd
from tests.support.day.plan import Day, News
from tests.support.life import miscounted
from tests.support.newsroom import Newsroom
from tests.support.people import text_of

_NUMBERED = re.compile(r"^\d+\. (?:✎ )?")


@dataclass(frozen=True, slots=True)
class Seen:
    """A headline that came to a chat: as a push, or as a line of a digest."""

    chat: int
    key: str
    at: datetime
    message: int
    in_digest: bool


@dataclass(slots=True)
class Record:
    """Notes each message as it arrives. `news` are those whose titles are looked for."""

    room: Newsroom
    day: Day
    seen: list[Seen] = field(default_factory=list)
    edits: int = 0
    _titles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        news = [*self.day.old, *self.day.news]
        # A copy has the title of what it copies: whichever came, it is the same news.
        self._titles = {title: one.copies or one.key for one in news for title in one.titles}
        self.room.world.changed = self.note

    def note(self, event: dict[str, Any]) -> None:
        """Take down what happens in a chat."""
        if event["kind"] == "edit" and event["chat"] >= FIRST_CHAT:
            self.edits += 1
        if event["kind"] != "message" or event["chat"] < FIRST_CHAT:
            return
        message = event["message"]
        if "reply_to_message" in message:
            return  # it tells of a correction
        at = self.room.clock.now()
        for key, in_digest in self.headlines(text_of(message)):
            self.seen.append(Seen(event["chat"], key, at, message["message_id"], in_digest))

    @property
    def lines(self) -> int:
        """How many headlines came as lines of digests."""
        return sum(one.in_digest for one in self.seen)

    @property
    def pushes(self) -> int:
        """How many headlines came by themselves."""
        return len(self.seen) - self.lines

    def told(self) -> str:
        """Say how much has come by now."""
        return f"{self.pushes} pushes, {self.lines} lines of digests, {self.edits} edits"

    def headlines(self, text: str) -> Iterable[tuple[str, bool]]:
        """Yield the news whose titles stand in a text, each in a line of its own, and whether as a digest's."""
        for line in text.splitlines():
            found = _NUMBERED.match(line)
            if found is None and line in self._titles:
                yield self._titles[line], False
            elif found is not None:
                title = self.title_in(line)
                if title:
                    yield self._titles[title], True

    def title_in(self, line: str) -> str:
        """Return the longest title that a line of a digest begins with, "" for none."""
        rest = _NUMBERED.sub("", line)
        parts = rest.split(" — ")
        for end in range(len(parts), 0, -1):
            title = " — ".join(parts[:end])
            if title in self._titles:
                return title
        return ""

    # Promises

    async def broken(self, crowd: Crowd) -> list[str]:
        """Return which promises were broken, in words."""
        articles = await self.articles()
        return [
            *self._doubled(),
            *self._early(),
            *await self._missed(crowd, articles),
            *self._outdated(articles),
            *await self._unequal(articles),
            *await self._waiting(),
        ]

    async def articles(self) -> dict[str, Article]:
        """Return the articles by the keys of the news they tell; of copies, what was copied."""
        async with self.room.database.read() as connection:
            numbers = list(
                (await connection.execute(select(article_table.c.id).order_by(article_table.c.id))).scalars()
            )
        found: dict[str, Article] = {}
        for number in numbers:
            one = await self.room.store.articles.get(number)
            if one.title in self._titles:
                found.setdefault(self._titles[one.title], one)
        return found

    def _doubled(self) -> list[str]:
        times = Counter((one.chat, one.key) for one in self.seen)
        return [f"{key} came {number} times to {chat}" for (chat, key), number in times.items() if number > 1]

    def _early(self) -> list[str]:
        may: dict[str, datetime | None] = {}
        for one in [*self.day.old, *self.day.news]:
            key = one.copies or one.key
            known = may.setdefault(key, one.public_from)
            if known is not None and one.public_from is not None:
                may[key] = min(known, one.public_from)
        return [
            f"{one.key} came to {one.chat} at {one.at}, may from {may[one.key]}"
            for one in self.seen
            if (begin := may[one.key]) is None or one.at < begin
        ]

    async def _missed(self, crowd: Crowd, articles: dict[str, Article]) -> list[str]:
        """Who wants a piece of news that was sent has it; nobody else has; and what may be sent, was."""
        wrong, got = [], defaultdict(set)
        for one in self.seen:
            got[one.key].add(one.chat)
        for key, one in articles.items():
            sent = await self.room.store.publications.of_article(one.id)
            first = any(found.purpose is RevisionKind.FIRST for found in sent)
            if not first or one.state is ArticleState.RETRACTED:
                continue
            told = await self._chats(delivery.c.article_id == one.id, delivery.c.state == DeliveryState.TOLD)
            wanted = crowd.audience(one, await self._first(one.id, one.language))
            missed = wanted - crowd.shut - told - got[key] - await self._turned(one.id)
            wrong += [
                f"{key} never came to {chat}, who wants it: {await self._ledger_of(one.id, chat)}"
                for chat in sorted(missed)[:5]
            ]
            wrong += [f"{key} came to {chat}, who does not want it" for chat in sorted(got[key] - wanted)[:5]]
        for one in self.day.news:
            if one.public_from is not None and not one.copies and one.key not in articles:
                wrong.append(f"{one.key} was never taken in")
        return wrong

    async def _waiting(self) -> list[str]:
        """Return what is still held: after the day's last digest only who has blocked the bot waits for anything."""
        held = select(delivery.c.article_id, reader).join(delivery, delivery.c.reader_id == reader.c.id)
        held = held.where(delivery.c.state == DeliveryState.HELD, reader.c.state == ReaderState.ACTIVE).limit(5)
        async with self.room.database.read() as connection:
            return [f"is still held: {row}" for row in await connection.execute(held)]

    async def _first(self, article_id: int, language: str) -> Terms:
        """Return the words an article went out with."""
        columns = (revision.c.title, revision.c.lead, revision.c.body)
        first = select(*columns).where(revision.c.article_id == article_id, revision.c.number == 1)
        async with self.room.database.read() as connection:
            row = (await connection.execute(first)).one()
        return terms_of(row.title, row.lead, row.body, language)

    async def _chats(self, *conditions: ColumnElement[bool]) -> set[int]:
        mine = select(reader.c.chat_id).join(delivery, delivery.c.reader_id == reader.c.id).where(*conditions)
        async with self.room.database.read() as connection:
            return set((await connection.execute(mine)).scalars())

    async def _ledger_of(self, article_id: int, chat: int) -> str:
        """Return what the ledger has of an article for a chat, in words."""
        columns = (delivery.c.kind, delivery.c.state, delivery.c.reason, delivery.c.not_before, delivery.c.digest_id)
        mine = select(*columns, reader.c.state.label("reader")).join(delivery, delivery.c.reader_id == reader.c.id)
        mine = mine.where(reader.c.chat_id == chat, delivery.c.article_id == article_id)
        async with self.room.database.read() as connection:
            rows = (await connection.execute(mine)).all()
        return "; ".join(f"{row}" for row in rows) or "nothing"

    async def _turned(self, article_id: int) -> set[int]:
        """Return the chats that have an article in a digest of several pages, of which the first shows."""
        long = select(delivery.c.digest_id).where(delivery.c.kind == DeliveryKind.ITEM)
        long = long.group_by(delivery.c.digest_id).having(func.count() > DIGEST_PAGE)
        return await self._chats(delivery.c.article_id == article_id, delivery.c.digest_id.in_(long))

    def _outdated(self, articles: dict[str, Article]) -> list[str]:
        """Every copy shows the title that its article has now."""
        wrong = []
        for one in self.seen:
            article = articles[one.key]
            message = self.room.world.chats[one.chat].messages.get(one.message)
            assert message is not None
            text = text_of(message)
            if article.state is ArticleState.RETRACTED:
                if article.title in text.splitlines():
                    wrong.append(f"{one.key} is retracted and stands in {one.chat}")
            elif article.title not in text:
                wrong.append(f"{one.key} in {one.chat} is not {article.title!r} but {self._shown(one.key, text)!r}")
        return wrong

    def _shown(self, key: str, text: str) -> str:
        """Return the line that tells a piece of news, else all of a text."""
        for line in text.splitlines():
            if any(found == key for found, _ in self.headlines(line)):
                return line
        return text

    async def _unequal(self, articles: dict[str, Article]) -> list[str]:
        """What Telegram saw is what the ledger says."""
        pushes, lines = Counter[str](), Counter[str]()
        for one in self.seen:
            (lines if one.in_digest else pushes)[one.key] += 1
        columns = (delivery.c.article_id, delivery.c.kind, delivery.c.state, func.count())
        grouped = select(*columns).group_by(delivery.c.article_id, delivery.c.kind, delivery.c.state)
        async with self.room.database.read() as connection:
            counted = {tuple(row[:3]): row[3] for row in await connection.execute(grouped)}
            rows = (await connection.execute(select(delivery))).all()
            sends = (await connection.execute(select(publication))).all()
        wrong = miscounted(rows, sends)
        for key, article in articles.items():
            sent = counted.get((article.id, DeliveryKind.PUSH, DeliveryState.SENT), 0)
            bundled = counted.get((article.id, DeliveryKind.ITEM, DeliveryState.BUNDLED), 0)
            if sent != pushes[key]:
                wrong.append(f"the ledger has {sent} pushes of {key}, Telegram saw {pushes[key]}")
            if bundled < lines[key]:
                wrong.append(f"the ledger has {bundled} lines of {key}, Telegram saw {lines[key]}")
        return wrong

    def unasked(self, articles: dict[str, Article], asked: str) -> list[str]:
        """Return whose titles changed at the source without readers having the new one or an editor being asked."""
        return [
            f"{one.key} is called otherwise at its source, and nobody was asked"
            for one in self.day.news
            if self._followed(one, articles) is False and one.change is not None and one.change.title not in asked
        ]

    def _followed(self, one: News, articles: dict[str, Article]) -> bool | None:
        if one.change is None or one.key not in articles:
            return None
        return articles[one.key].title == one.change.title
