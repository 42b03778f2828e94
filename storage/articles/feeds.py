"""Feeds, and the lease of whoever polls one."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import and_, case, delete, func, insert, null, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.model.changes import UNCHANGED
from bot.model.feeds import Activity, Feed, FeedMode, FeedSettings, FeedState, ItemState, NoticeKind, Polled, Skips
from storage.engine.database import AnyRow, Database
from storage.engine.locks import AdvisoryLock
from storage.people.audit import write_audit
from storage.schema.tables import feed, feed_item, feed_notice

# What lies further ahead than anything is planned was written before the clock was set back.
_FURTHEST_LEASE = timedelta(minutes=10)
_FURTHEST_POLL = timedelta(days=3)
_WEEK = 7.0
_TOLD_FOR = timedelta(days=7)


class Feeds:
    """The rows of feeds; `holder` is this process start."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    async def add(
        self, address: str, name: str, mode: FeedMode, state: FeedState, by: int | None, next_at: datetime
    ) -> int:
        """Store a feed; returns its number. One that is there keeps what it has, one only offered becomes it."""
        values = {
            "address": address, "host": _host(address), "state": state, "mode": mode, "name": name[:200],
            "topics": {}, "categories": {}, "skips": {}, "added_by": by, "added_at": next_at, "next_at": next_at,
        }  # fmt: skip
        adding = self._database.insert(feed).values(values)
        over = {name: adding.excluded[name] for name in ("state", "mode", "added_by", "added_at", "next_at")}
        wanted = adding.on_conflict_do_update(
            index_elements=["address"],
            set_=over,
            where=and_(feed.c.state == FeedState.OFFERED, adding.excluded.state != FeedState.OFFERED),
        )
        async with self._database.write() as connection:
            number = await connection.scalar(wanted.returning(feed.c.id))
            if number is None:
                return int(await connection.scalar(select(feed.c.id).where(feed.c.address == address)) or 0)
            if state is not FeedState.OFFERED:
                await write_audit(connection, next_at, by, "feed-add", detail={"feed": number, "address": address})
            return int(number)

    async def all(self) -> list[Feed]:
        """Return the feeds, those that were only offered left out, in the order of their names."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(feed).where(feed.c.state != FeedState.OFFERED))).all()
        return sorted((_feed_of(row) for row in rows), key=lambda one: (one.title.casefold(), one.id))

    async def get(self, feed_id: int) -> Feed:
        """Return a feed; raises NotFound when there is none of that number."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(feed).where(feed.c.id == feed_id))).first()
        if row is None:
            raise NotFound
        return _feed_of(row)

    async def at(self, address: str) -> Feed | None:
        """Return the feed of an address; None when there is none."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(feed).where(feed.c.address == address))).first()
        return _feed_of(row) if row is not None else None

    async def brought(self, feed_id: int, since: datetime) -> int:
        """Return how many items a feed has brought since then."""
        mine = and_(feed_item.c.feed_id == feed_id, feed_item.c.seen_at >= since)
        async with self._database.read() as connection:
            return int(await connection.scalar(select(func.count()).where(mine)) or 0)

    async def activity(self, since: datetime) -> Mapping[int, Activity]:
        """Return by feed how much it has brought since then, and how many items are held, however long."""
        i = feed_item.c
        new, waits = i.seen_at >= since, i.state == ItemState.HELD
        brought, held = (func.sum(case((counts, 1), else_=0)) for counts in (new, waits))
        statement = select(i.feed_id, brought, held).where(or_(new, waits)).group_by(i.feed_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return {row[0]: Activity(int(row[1]) / _WEEK, int(row[2])) for row in rows}

    async def change(self, feed_id: int, settings: FeedSettings, by: int | None, now: datetime) -> None:
        """Change settings of a feed; one that is made active is polled next. Raises NotFound."""
        values: dict[str, Any] = {
            one.name: value for one in fields(settings) if (value := getattr(settings, one.name)) is not UNCHANGED
        }
        if settings.state is FeedState.ACTIVE:
            values |= {"next_at": now, "failures": 0, "reason": "", "detail": "", "told": False}
        async with self._database.write() as connection:
            change = update(feed).where(feed.c.id == feed_id).values(values).returning(feed.c.id)
            if await connection.scalar(change) is None:
                raise NotFound
            await write_audit(connection, now, by, "feed-change", detail={"feed": feed_id, "changed": sorted(values)})

    async def remove(self, feed_id: int, by: int | None, now: datetime) -> None:
        """Forget a feed; what it brought stays."""
        async with self._database.write() as connection:
            gone = delete(feed).where(feed.c.id == feed_id).returning(feed.c.address)
            address = await connection.scalar(gone)
            if address is not None:
                await write_audit(connection, now, by, "feed-remove", detail={"feed": feed_id, "address": address})

    async def ask_soon(self, feed_id: int, now: datetime) -> None:
        """Have a feed polled next."""
        async with self._database.write() as connection:
            mine = and_(feed.c.id == feed_id, feed.c.state == FeedState.ACTIVE)
            await connection.execute(update(feed).where(mine).values(next_at=now))

    async def claim(
        self, now: datetime, until: datetime, calm_since: datetime, without: Collection[int] = ()
    ) -> Feed | None:
        """Take the feed that has waited longest of those that are due, and hold it until then."""
        free = or_(feed.c.lease_until.is_(None), feed.c.lease_until <= now, feed.c.lease_until > now + _FURTHEST_LEASE)
        due = or_(feed.c.next_at <= now, feed.c.next_at > now + _FURTHEST_POLL)
        polled = feed.c.host != ""  # a channel has none: Telegram brings its posts
        other = feed.alias()
        held = and_(other.c.lease_until > now, other.c.lease_until <= now + _FURTHEST_LEASE)
        asked = and_(other.c.polled_at > calm_since, other.c.polled_at <= now)
        busy = select(other.c.id).where(other.c.host == feed.c.host, or_(held, asked)).exists()
        first = (
            select(feed.c.id)
            .where(feed.c.state == FeedState.ACTIVE, polled, due, free, ~busy, feed.c.id.not_in(without))
            .order_by(feed.c.next_at, feed.c.id)
            .limit(1)
        )
        if not self._database.is_sqlite:
            first = first.with_for_update(skip_locked=True)
        taking = update(feed).where(feed.c.id == first.scalar_subquery(), free)
        taking = taking.values(lease_holder=self._holder, lease_until=until, polled_at=now)
        async with self._database.read() as connection:  # most looks find nothing, and need not be transactions
            if (
                await connection.scalar(select(feed.c.id).where(feed.c.state == FeedState.ACTIVE, polled, due).limit(1))
                is None
            ):
                return None
        async with self._database.write() as connection:
            if not self._database.is_sqlite:  # whoever looks at the same moment must see whose server is asked already
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.FEEDS})"))
            row = (await connection.execute(taking.returning(*feed.c))).first()
        return _feed_of(row) if row is not None else None

    async def renew(self, feed_id: int, until: datetime) -> bool:
        """Hold a claimed feed longer; returns whether it still is this process's."""
        mine = and_(feed.c.id == feed_id, feed.c.lease_holder == self._holder)
        async with self._database.write() as connection:
            longer = update(feed).where(mine).values(lease_until=until).returning(feed.c.id)
            return await connection.scalar(longer) is not None

    async def polled(self, feed_id: int, polled: Polled, now: datetime) -> bool:
        """Store what a poll came to, and give the feed back; returns whether it was still this process's."""
        values = {
            name: value
            for name in ("name", "etag", "modified", "print", "categories", "filled", "fresh_for")
            if (value := getattr(polled, name)) is not None
        }
        values |= {name: getattr(polled, name) for name in ("next_at", "failures", "reason", "told")}
        values |= {"detail": polled.detail[:200], "polled_at": now, "lease_holder": null(), "lease_until": null()}
        if polled.skips is not None:
            values["skips"] = {"hours": list(polled.skips.hours), "days": list(polled.skips.days)}
        if polled.succeeded:
            values["succeeded_at"] = now
        # Somebody may have paused it meanwhile: only what the poll itself found out changes where it stands.
        ended = polled.state is FeedState.ENDED
        mine = and_(feed.c.id == feed_id, feed.c.lease_holder == self._holder)
        async with self._database.write() as connection:
            taken = select(feed.c.id).where(feed.c.address == polled.address) if polled.address else None
            if taken is not None and await connection.scalar(taken) is None:
                values |= {"address": polled.address, "host": _host(polled.address)}
            change = update(feed).where(mine).values(values | ({"state": FeedState.ENDED} if ended else {}))
            if await connection.scalar(change.returning(feed.c.id)) is None:
                return False
            if polled.tell is not None and not await self._told_lately(connection, feed_id, polled.tell, now):
                detail = {"reason": polled.reason, "detail": polled.detail}
                notice = {"feed_id": feed_id, "kind": polled.tell, "detail": detail, "at": now}
                await connection.execute(insert(feed_notice).values(notice))
            return True

    async def _told_lately(self, connection: AsyncConnection, feed_id: int, kind: NoticeKind, now: datetime) -> bool:
        """Tell whether the desk heard within days that a feed is damaged: of some feeds now one item is, now none."""
        n = feed_notice.c
        same = select(n.id).where(n.feed_id == feed_id, n.kind == kind, n.at > now - _TOLD_FOR, n.at <= now)
        return kind is NoticeKind.DAMAGED and await connection.scalar(same.limit(1)) is not None

    async def note_pages(self, feed_id: int, trouble: str) -> None:
        """Note why a page of a feed could not be read the last time, "" for that they could."""
        async with self._database.write() as connection:
            await connection.execute(update(feed).where(feed.c.id == feed_id).values(page_trouble=trouble[:20]))

    async def forget_offers(self, before: datetime) -> None:
        """Forget what was offered before then and not added."""
        async with self._database.write() as connection:
            old = and_(feed.c.state == FeedState.OFFERED, feed.c.added_at < before)
            await connection.execute(delete(feed).where(old))


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "")[:255]


_PLAIN = (
    "id", "address", "state", "mode", "name", "source", "language", "every", "topics", "categories", "added_by",
    "next_at", "polled_at", "succeeded_at", "etag", "modified", "print", "filled", "fresh_for", "failures", "reason",
    "detail", "told", "full_text", "page_pictures", "page_trouble",
)  # fmt: skip


def _feed_of(row: AnyRow) -> Feed:
    skips = row.skips or {}
    when = Skips(hours=tuple(skips.get("hours", ())), days=tuple(skips.get("days", ())))
    return Feed(**{name: getattr(row, name) for name in _PLAIN}, skips=when)
