"""Readers and what they chose."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, delete, func, literal, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryState
from bot.model.matching import LONGEST_KEY, MatchKey
from bot.model.readers import Address, Choices, Reader, ReaderState, Rule
from bot.timing.schedules import next_digest_of, schedule_text
from storage.engine.columns import Instant
from storage.engine.database import AnyRow, Database
from storage.people.living import hold_living
from storage.people.reader_rows import COLUMNS, reader_of
from storage.people.story_keys import keys_now
from storage.schema.tables import NOBODY, delivery, reader, subscription

# Fields of `Reader` with a column of the same name: a new setting of a simple type is stored without a word here.
_ALIKE = tuple(f.name for f in fields(Reader) if f.name not in {"id", "address", "schedule", "quiet"})
_SETTINGS = tuple(name for name in _ALIKE if name not in {"kind", "name", "next_digest_at"})

# A person who writes to the bot or is sent to it can be reached again; one who left said something else.
_SHUT = (ReaderState.BLOCKED, ReaderState.DEACTIVATED, ReaderState.KICKED, ReaderState.MUTED)
_COME_BACK = (*_SHUT, ReaderState.GONE)

_RULE = (subscription.c.key, subscription.c.exclude, subscription.c.until, subscription.c.words)


def _rule_of(row: AnyRow) -> Rule:
    return Rule(key=row.key, exclude=row.exclude, until=row.until, words=row.words)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


class Readers:
    """The rows of readers and of their subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def meet(self, known: Reader, now: datetime, *, wants: Sequence[MatchKey] = ()) -> tuple[Reader, bool]:
        """Return the reader at an address and whether it is new; `known` is what a new one starts with, and `wants`.

        Whoever was thought unreachable is active again. May be repeated.
        """
        async with self._database.read() as connection:
            row = (await connection.execute(select(*COLUMNS).where(_at(known.address)))).one_or_none()
        if row is not None and row.state not in _COME_BACK and row.name == known.name:
            return reader_of(row), False
        async with self._database.write() as connection:
            met, new = await self._meet(connection, known, now)
            if new and wants:
                rows: list[dict[str, object]] = [{"key": key, "reader_id": met.id, "exclude": False} for key in wants]
                await self._put(connection, met.id, rows)
        return met, new

    async def _meet(self, connection: AsyncConnection, known: Reader, now: datetime) -> tuple[Reader, bool]:
        insert = self._database.insert(reader).values(
            chat_id=known.address.chat_id,
            thread_id=known.address.thread_id,
            kind=known.kind,
            name=known.name,
            language=known.language,
            zone=known.zone,
            created_at=now,
            updated_at=now,
        )
        new = (await connection.execute(insert.on_conflict_do_nothing().returning(*COLUMNS))).one_or_none()
        if new is not None:
            return reader_of(new), True
        away = select(*COLUMNS).where(_at(known.address), reader.c.state.in_(_COME_BACK)).with_for_update()
        row = (await connection.execute(away)).one_or_none()
        if row is not None:
            await _bring_back(connection, reader_of(row), now)
        renamed = update(reader).where(_at(known.address)).values(name=known.name, updated_at=now)
        there = (await connection.execute(renamed.returning(*COLUMNS))).one_or_none()
        if there is None:  # erased since the first statement
            return await self._meet(connection, known, now)
        return reader_of(there), False

    async def find(self, address: Address) -> Reader | None:
        """Return the reader at an address, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*COLUMNS).where(_at(address)))).one_or_none()
        return reader_of(row) if row else None

    async def get(self, reader_id: int) -> Reader | None:
        """Return a reader by number, or None."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*COLUMNS).where(reader.c.id == reader_id))).one_or_none()
        return reader_of(row) if row else None

    async def save(self, changed: Reader, now: datetime) -> Reader:
        """Store a reader's settings and work out when the next digest is due. May be repeated.

        Who has been erased meanwhile stays so, and is gone in what is returned.
        """
        quiet = changed.quiet
        values = {name: getattr(changed, name) for name in _SETTINGS} | {
            "schedule": schedule_text(changed.schedule),
            "quiet_from": _minutes(quiet.start) if quiet else None,
            "quiet_to": _minutes(quiet.end) if quiet else None,
            # A digest that is due and not made yet stays due: its news would come hours later.
            "next_digest_at": case(
                (reader.c.next_digest_at <= now, reader.c.next_digest_at),
                else_=literal(next_digest_of(changed, now), Instant),
            ),
            "updated_at": now,
        }
        there = and_(reader.c.id == changed.id, reader.c.chat_id != NOBODY)
        statement = update(reader).where(there).values(values).returning(*COLUMNS)
        async with self._database.write() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                return replace(changed, state=ReaderState.GONE, next_digest_at=None)
            if row.next_digest_at is None:
                await self._release(connection, changed.id, now)
        return reader_of(row)

    async def _release(self, connection: AsyncConnection, reader_id: int, now: datetime) -> None:
        """Let what is held go out in one last digest: the reader has none any more that it could wait for."""
        held = (
            select(delivery.c.id)
            .where(delivery.c.reader_id == reader_id, delivery.c.state == DeliveryState.HELD)
            .limit(1)
        )
        if (await connection.execute(held)).first() is not None:
            await connection.execute(update(reader).where(reader.c.id == reader_id).values(next_digest_at=now))

    async def choices(self, reader_id: int, now: datetime) -> Choices:
        """Return what the reader wants and does not want at this instant."""
        shown = (subscription.c.until, subscription.c.words)
        columns = (subscription.c.key, shut(now).label("shut"), subscription.c.exclude, *shown)
        # A key that is longer than any of ours cannot be read, and must not hide the others.
        ours = func.length(subscription.c.key, type_=Integer) <= LONGEST_KEY
        statement = select(*columns).where(subscription.c.reader_id == reader_id, ours)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return Choices(
            wanted=frozenset(row.key for row in rows if not row.exclude and not row.shut),
            unwanted=frozenset(row.key for row in rows if row.shut),
            until={row.key: row.until for row in rows if row.shut and row.until is not None},
            words={row.key: row.words for row in rows if row.words},
            resting=frozenset(row.key for row in rows if row.shut and not row.exclude),
        )

    async def rule(self, reader_id: int, key: MatchKey) -> Rule | None:
        """Return what the reader said of a key, or None when nothing."""
        async with self._database.read() as connection:
            there = (await keys_now(connection, [key]))[key]
            statement = select(*_RULE).where(subscription.c.reader_id == reader_id, subscription.c.key == there)
            row = (await connection.execute(statement)).one_or_none()
        return _rule_of(row) if row is not None else None

    async def put_rules(self, reader_id: int, rules: Sequence[Rule], *, drop: Iterable[MatchKey] = ()) -> None:
        """Store what the reader says of keys, in the place of what they said, and delete what is said of `drop`.

        In one step; may be repeated. Of who has been erased meanwhile nothing is stored, as in `choose` and `exclude`.
        """
        rows: list[dict[str, object]] = [
            {"key": r.key, "reader_id": reader_id, "exclude": r.exclude, "until": r.until, "words": r.words}
            for r in rules
        ]
        async with self._database.write() as connection:
            await self._put(connection, reader_id, rows, ("exclude", "until", "words"), drop=drop)

    async def take_rule(self, reader_id: int, key: MatchKey) -> Rule | None:
        """Delete what the reader said of a key, and return it; None when that was nothing."""
        async with self._database.write() as connection:
            if not await hold_living(connection, reader.c.id == reader_id):
                return None
            there = (await keys_now(connection, [key], hold=True))[key]
            mine = delete(subscription).where(subscription.c.reader_id == reader_id, subscription.c.key == there)
            row = (await connection.execute(mine.returning(*_RULE))).one_or_none()
        return _rule_of(row) if row is not None else None

    async def choose(self, reader_id: int, keys: Iterable[MatchKey], *, drop: Iterable[MatchKey] = ()) -> None:
        """Subscribe to `keys` and remove `drop`, in one step. May be repeated."""
        rows: list[dict[str, object]] = [{"key": key, "reader_id": reader_id, "exclude": False} for key in keys]
        async with self._database.write() as connection:
            await self._put(connection, reader_id, rows, drop=drop)

    async def exclude(self, reader_id: int, key: MatchKey, until: datetime | None = None) -> None:
        """Never send what has this key, or not before `until`. May be repeated.

        For good it replaces a subscription to the same key; for a while it silences it, and afterwards it holds again.
        """
        row = {"key": key, "reader_id": reader_id, "exclude": True, "until": until}
        async with self._database.write() as connection:
            await self._put(connection, reader_id, [row], ("until",) if until is not None else ("exclude", "until"))

    async def _put(
        self,
        connection: AsyncConnection,
        reader_id: int,
        rows: Sequence[dict[str, object]],
        changed: Sequence[str] = ("exclude", "until"),
        drop: Iterable[MatchKey] = (),
    ) -> None:
        # First the reader, then the stories, each in one order: an erasure and a merge hold theirs while they delete.
        if not await hold_living(connection, reader.c.id == reader_id):
            return
        keys = [key for row in rows if isinstance(key := row["key"], MatchKey)]
        gone = list(drop)
        now = await keys_now(connection, [*keys, *gone], hold=True)
        if gone:
            theirs = subscription.c.key.in_([now[key] for key in gone])
            await connection.execute(delete(subscription).where(subscription.c.reader_id == reader_id, theirs))
        if not rows:
            return
        insert = self._database.insert(subscription)
        replacing = insert.on_conflict_do_update(
            index_elements=["key", "reader_id"],
            set_={name: insert.excluded[name] for name in changed},
        )
        await connection.execute(
            replacing,
            [{"until": None, "words": "", **row, "key": now[key]} for key, row in zip(keys, rows, strict=True)],
        )

    async def shut_chat(self, chat_id: int, state: ReaderState, now: datetime) -> None:
        """Note that a chat cannot be written to, with all its threads. Who paused or left stays so. May be repeated."""
        mine = and_(reader.c.chat_id == chat_id, reader.c.state.in_((ReaderState.ACTIVE, *_SHUT)))
        async with self._database.write() as connection:
            await connection.execute(update(reader).where(mine).values(state=state, updated_at=now))

    async def open_chat(self, chat_id: int, now: datetime) -> bool:
        """Note that a chat can be written to again, with all its threads; returns whether any reader is there.

        May be repeated.
        """
        async with self._database.write() as connection:
            await reopen(connection, chat_id, _SHUT, now)
            there = select(reader.c.id).where(reader.c.chat_id == chat_id, reader.c.state != ReaderState.GONE).limit(1)
            return (await connection.execute(there)).first() is not None

    async def count(self) -> dict[ReaderState, int]:
        """Return how many readers there are in each state."""
        statement = select(reader.c.state, func.count()).group_by(reader.c.state)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}


async def reopen(connection: AsyncConnection, chat_id: int, states: Sequence[ReaderState], now: datetime) -> None:
    """Let the readers of a chat that are in one of these states be sent to again."""
    away = select(*COLUMNS).where(reader.c.chat_id == chat_id, reader.c.state.in_(states))
    for row in (await connection.execute(away.order_by(reader.c.id).with_for_update())).all():
        await _bring_back(connection, reader_of(row), now)


async def _bring_back(connection: AsyncConnection, away: Reader, now: datetime) -> None:
    # What was due while they were away is not due this minute, perhaps at night.
    back = update(reader).where(reader.c.id == away.id, reader.c.state.in_(_COME_BACK))
    again = next_digest_of(away, now)
    await connection.execute(back.values(state=ReaderState.ACTIVE, next_digest_at=again, updated_at=now))


def shut(now: datetime | ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a subscription row keeps news away at this instant."""
    for_good = and_(subscription.c.exclude == true(), subscription.c.until.is_(None))
    return or_(subscription.c.until > now, for_good)


def _at(address: Address) -> ColumnElement[bool]:
    return (reader.c.chat_id == address.chat_id) & (reader.c.thread_id == address.thread_id)
