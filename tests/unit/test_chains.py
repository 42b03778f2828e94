"""Chains of statements, the one connection that writes, and which outcomes take a turn: without a database."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.model.ledger import Aloud, DeliveryState, Finish, Retry, Step
from bot.model.readers import ReaderState
from storage.delivery.outcomes import needs_turn, plain_ends
from storage.engine.chains import Chain, run_chain
from storage.engine.hops import OneHopConnection
from storage.engine.prepared import Prepared
from storage.engine.writer import OneWriter

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANSWERS = {("first", 1): [(5,)], ("changes", 1): None, ("second", 15): [(7,), (8,)]}


@dataclass(slots=True)
class Said:
    """Rows, of both kinds of drivers: one gives them at once, the other when it is waited for, and none where none can be."""

    rows: list[Sequence[Any]] | None
    waits: bool

    @property
    def pgresult(self) -> Any:
        return SimpleNamespace(nfields=0 if self.rows is None else 1)

    def fetchall(self) -> Any:
        assert self.rows is not None or not self.waits, "the last statement gives no rows"
        return _later(self.rows) if self.waits else self.rows or []


async def _later(value: Any) -> Any:
    return value


class OneHop(OneHopConnection):
    """SQLite's connection, of which it is counted how often somebody goes to its thread."""

    hops = 0

    async def run(self, work: Any) -> Any:
        self.hops += 1
        return work(SimpleNamespace(execute=lambda text, bound: Said(ANSWERS[text, bound], waits=False)))


@dataclass(slots=True)
class Plain:
    """A driver that is waited for at each statement."""

    hops: int = 0

    async def execute(self, text: str, bound: int) -> Said:
        self.hops += 1
        return Said(ANSWERS[text, bound], waits=True)


def _statement(name: str) -> Prepared:
    plan = SimpleNamespace(
        text=name, bound=lambda values: values["n"], decoded=lambda rows: [(value + 10,) for (value,) in rows]
    )
    return cast("Prepared", plan)


def _chain() -> Chain[list[int]]:
    values: Mapping[str, int] = {"n": 1}
    [(found,)] = yield _statement("first"), values
    assert (yield _statement("changes"), values) == []
    rows = yield _statement("second"), {"n": found}
    return [value for (value,) in rows]


@pytest.mark.parametrize(
    ("driver", "hops"),
    [(OneHop(lambda: sqlite3.connect(":memory:"), 64), 1), (Plain(), 3)],
    ids=["in one hop", "one by one"],
)
async def test_each_statement_of_a_chain_has_what_the_one_before_returned(driver: OneHop | Plain, hops: int) -> None:
    """On SQLite all of it is one hop to its thread."""
    sync = SimpleNamespace(connection=SimpleNamespace(driver_connection=driver))
    connection = cast("Any", SimpleNamespace(sync_connection=sync))
    assert await run_chain(connection, _chain()) == [17, 18]
    assert driver.hops == hops


@dataclass(slots=True)
class Engine:
    """Opens connections, and knows how many are open."""

    opened: int = 0
    open: set[int] = field(default_factory=set)

    async def connect(self) -> "Connection":
        self.opened += 1
        self.open.add(self.opened)
        return Connection(self, self.opened)


@dataclass(slots=True)
class Connection:
    """One that can be closed in two ways."""

    engine: Engine
    number: int

    async def close(self) -> None:
        self.engine.open.remove(self.number)

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def test_the_one_that_writes_is_kept_and_after_an_error_closed_and_opened_anew() -> None:
    engine = Engine()
    writer = OneWriter(cast("Any", engine))
    for _ in range(2):
        async with writer.connected() as connection:
            assert cast("Any", connection).number == 1

    async def fails(error: type[BaseException]) -> None:
        async with writer.connected():
            raise error

    for error in (ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            await fails(error)
        assert engine.open == set()
    async with writer.connected():
        assert engine.open == {3}
    await writer.close()
    await writer.close()
    assert engine.open == set()


async def test_it_is_lent_to_one_at_a_time_in_order_and_closed_by_nobody_meanwhile() -> None:
    writer, acts = OneWriter(cast("Any", Engine())), list[str]()

    async def use(name: str) -> None:
        async with writer.connected():
            acts.append(f"{name} begins")
            await asyncio.sleep(0)
            acts.append(f"{name} ends")

    await asyncio.gather(use("one"), use("two"), writer.close())
    assert acts == ["one begins", "one ends", "two begins", "two ends"]


@pytest.mark.parametrize(
    ("steps", "takes"),
    [
        ([], False),
        ([Finish(DeliveryState.SENT, message_id=1)], False),
        ([Retry(NOW, "429", 1), Aloud(NOW, "gone", 1)], False),
        ([Finish(DeliveryState.SENT, message_id=1), Finish(DeliveryState.TOLD, message_id=1)], True),
        ([Finish(DeliveryState.UNCERTAIN, "reset"), Finish(DeliveryState.FAILED, "blocked")], True),
        ([Finish(DeliveryState.DROPPED, "nothing to send")], True),
    ],
)
def test_only_what_ends_rows_that_nobody_holds_takes_a_turn(steps: list[Step], takes: bool) -> None:
    assert needs_turn(list(enumerate(steps))) is takes


@pytest.mark.parametrize(
    ("steps", "plain"),
    [
        ([], True),
        ([Finish(DeliveryState.SENT, message_id=1), Finish(DeliveryState.FAILED, "too long")], True),
        (
            [Finish(DeliveryState.SENT, message_id=1), Finish(DeliveryState.FAILED, reader_state=ReaderState.GONE)],
            False,
        ),
        ([Finish(DeliveryState.TOLD, message_id=1)], False),
        ([Finish(DeliveryState.SENT, message_id=1), Retry(NOW, "429", 1)], False),
        ([Aloud(NOW, "gone", 1)], False),
    ],
)
def test_what_bears_upon_what_may_be_claimed_is_no_plain_end(steps: list[Step], *, plain: bool) -> None:
    numbered = list(enumerate(steps))
    assert plain_ends(numbered) == (dict(numbered) if plain else None)
