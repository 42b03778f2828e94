"""The store in any order of calls, beside a plain model of what its rows must be, on both engines.

Hypothesis makes up orders of: publish, claim, mark, record any outcome (late, twice, by the wrong process), let leases
run out, recover, block a reader, move a chat, expire. After each the ledger's rows equal the model's.
"""

import asyncio
import itertools
import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.model.ledger import Delivery, Finish, Retry, State
from bot.model.readers import Address, ReaderState
from storage.database import Database
from storage.ledger import Ledger
from storage.publications import Publications
from storage.readers import Readers
from storage.tables import delivery, publication, reader
from tests.support.rows import NOW, a_matter, a_publication, a_reader

LEASE = timedelta(seconds=15)
SHELF_LIFE = timedelta(hours=6)
OWNERS = ("first", "second")
OPEN = {State.QUEUED, State.CLAIMED, State.SENDING}
COUNTED = {State.SENT: "sent", State.FAILED: "failed", State.UNCERTAIN: "uncertain", State.DROPPED: "dropped"}
_chats = itertools.count(100_000)


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the ledger must be."""

    reader: int
    publication: int
    expires: datetime
    state: State = State.QUEUED
    owner: str = ""
    lease: datetime | None = None
    not_before: datetime = NOW
    attempts: int = 0


class Store(RuleBasedStateMachine):
    """The rules. `database` is shared by all runs on an engine; a run only looks at the rows it made."""

    database: Database
    loop: asyncio.AbstractEventLoop
    tried = Bundle("tried")  # deliveries as they were claimed, with who claimed them

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, Row] = {}
        self.readers: dict[int, ReaderState] = {}
        self.chats: dict[int, int] = {}
        self.now = NOW
        self.ledgers = {owner: Ledger(self.database, owner) for owner in OWNERS}

    def wait(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(number=st.integers(1, 3))
    def people(self, number: int) -> None:
        self.wait(self._forget_others())
        for _ in range(number):
            chat = next(_chats)
            met = self.wait(a_reader(self.database, chat_id=chat))
            self.readers[met.id], self.chats[met.id] = ReaderState.ACTIVE, chat

    async def _forget_others(self) -> None:
        async with self.database.write() as connection:
            await connection.execute(delivery.delete())
            await connection.execute(reader.update().values(state=ReaderState.GONE))

    @rule()
    def publish(self) -> None:
        _, number = self.wait(a_publication(self.database))
        publications = Publications(self.database)
        for _ in range(2):  # a fan-out may be repeated
            self.wait(publications.fan_out(number, a_matter(), 10**9, self.now, SHELF_LIFE))
        for row_id, reader_id in self.wait(self._made(number)):
            self.rows[row_id] = Row(reader_id, number, self.now + SHELF_LIFE, not_before=self.now)
            assert self.readers[reader_id] is ReaderState.ACTIVE
        made = [row.reader for row in self.rows.values() if row.publication == number]
        assert sorted(made) == sorted(r for r, state in self.readers.items() if state is ReaderState.ACTIVE)

    async def _made(self, number: int) -> list[tuple[int, int]]:
        async with self.database.read() as connection:
            mine = select(delivery.c.id, delivery.c.reader_id).where(delivery.c.publication_id == number)
            return [(row.id, row.reader_id) for row in await connection.execute(mine)]

    @rule(target=tried, owner=st.sampled_from(OWNERS), limit=st.integers(1, 4))
    def claim(self, owner: str, limit: int) -> Any:
        claimed: list[Delivery] = self.wait(self.ledgers[owner].claim(limit, self.now, LEASE))
        free = [number for number in sorted(self.rows) if self._is_free(number)]
        assert [item.id for item in claimed] == free[:limit]
        for item in claimed:
            assert item.attempts == self.rows[item.id].attempts
            self.change(item.id, state=State.CLAIMED, owner=owner, lease=self.now + LEASE)
        return multiple(*((owner, item.id, item.attempts + 1) for item in claimed))

    def _is_free(self, number: int) -> bool:
        row = self.rows[number]
        before = [
            other
            for n, other in self.rows.items()
            if other.reader == row.reader and n != number and (n < number or other.state is not State.QUEUED)
        ]
        free = not any(other.state in OPEN for other in before)
        return row.state is State.QUEUED and row.not_before <= self.now and free

    @rule(attempt=tried)
    def mark(self, attempt: tuple[str, int, int]) -> None:
        owner, number, _ = attempt
        row = self.rows[number]
        marked = set(self.wait(self.ledgers[owner].mark([number], self.now, LEASE)))
        alive = row.lease is not None and row.lease > self.now
        may = row.state is State.CLAIMED and row.owner == owner and alive
        assert marked == ({number} if may else set())
        if may:
            self.change(number, state=State.SENDING, lease=self.now + LEASE, attempts=row.attempts + 1)

    @rule(attempt=tried, state=st.sampled_from([State.SENT, State.FAILED, State.UNCERTAIN]), blocks=st.booleans())
    def finish(self, attempt: tuple[str, int, int], state: State, blocks: bool) -> None:
        owner, number, _ = attempt
        row = self.rows[number]
        gone = ReaderState.BLOCKED if blocks and state is State.FAILED else None
        step = Finish(state, "why", message_id=7 if state is State.SENT else None, reader_state=gone)
        self.wait(self.ledgers[owner].finish([(number, step)], self.now))
        late = row.state is State.UNCERTAIN and state is State.SENT
        if row.owner == owner and (row.state in {State.CLAIMED, State.SENDING} or late):
            self.change(number, state=state, lease=None)
        if gone is not None:
            self.readers[row.reader] = gone

    @rule(attempt=tried, seconds=st.integers(0, 20))
    def retry(self, attempt: tuple[str, int, int], seconds: int) -> None:
        owner, number, tries = attempt
        row = self.rows[number]
        later = self.now + timedelta(seconds=seconds)
        self.wait(self.ledgers[owner].finish([(number, Retry(later, "throttled", tries))], self.now))
        sending = row.state is State.SENDING and row.attempts == tries
        unmarked = row.state is State.CLAIMED and row.attempts == tries - 1
        if row.owner == owner and (sending or unmarked):
            self.change(number, state=State.QUEUED, owner="", lease=None, not_before=later)

    @rule(attempt=tried)
    def release(self, attempt: tuple[str, int, int]) -> None:
        owner, number, _ = attempt
        row = self.rows[number]
        self.wait(self.ledgers[owner].release([(number, self.now)]))
        if row.owner == owner and row.state is State.CLAIMED:
            self.change(number, state=State.QUEUED, owner="", lease=None, not_before=self.now)

    @rule(seconds=st.sampled_from([1, 5, 16, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(owner=st.sampled_from(OWNERS))
    def renew(self, owner: str) -> None:
        self.wait(self.ledgers[owner].renew(self.now, LEASE))
        for number, row in self.rows.items():
            if row.owner == owner and row.state is State.SENDING and row.lease is not None and row.lease > self.now:
                self.change(number, lease=self.now + LEASE)

    @rule(owner=st.sampled_from(OWNERS), alone=st.booleans())
    def recover(self, owner: str, alone: bool) -> None:
        self.wait(self.ledgers[owner].recover(self.now, alone=alone))
        for number, row in self.rows.items():
            over = row.lease is not None and (row.lease <= self.now or (alone and row.owner != owner))
            if over and row.state is State.CLAIMED:
                self.change(number, state=State.QUEUED, owner="", lease=None)
            elif over and row.state is State.SENDING:
                self.change(number, state=State.UNCERTAIN, lease=None)

    @rule(owner=st.sampled_from(OWNERS))
    def expire(self, owner: str) -> None:
        self.wait(self.ledgers[owner].expire(self.now))
        for number, row in self.rows.items():
            if row.state is State.QUEUED and row.expires <= self.now:
                # A headline of the last day becomes a line of the next digest.
                self.change(number, state=State.HELD)

    @rule(data=st.data(), state=st.sampled_from([ReaderState.BLOCKED, ReaderState.ACTIVE]))
    def reader_leaves_or_returns(self, data: st.DataObject, state: ReaderState) -> None:
        number = data.draw(st.sampled_from(sorted(self.readers)))
        self.wait(Readers(self.database).set_state(Address(self.chats[number]), state, self.now))
        self.readers[number] = state

    @rule(data=st.data())
    def chat_moves(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.readers)))
        old, self.chats[number] = self.chats[number], next(_chats)
        for _ in range(2):  # Telegram may say it twice
            self.wait(Readers(self.database).move_chat(old, self.chats[number], self.now))

    def change(self, number: int, **values: Any) -> None:
        self.rows[number] = replace(self.rows[number], **values)

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        found = self.wait(self._rows())
        assert {
            n: (row.state, row.attempts, row.owner if row.state in OPEN else "") for n, row in self.rows.items()
        } == {row.id: (row.state, row.attempts, (row.owner or "") if row.state in OPEN else "") for row in found}

    async def _rows(self) -> list[Any]:
        async with self.database.read() as connection:
            columns = (delivery.c.id, delivery.c.state, delivery.c.attempts, delivery.c.owner)
            return list((await connection.execute(select(*columns))).all())

    def teardown(self) -> None:
        """The counters of every publication are the numbers of its rows, and every chat is where it moved."""
        for counters in self.wait(self._publications({row.publication for row in self.rows.values()})):
            states = [row.state for row in self.rows.values() if row.publication == counters.id]
            assert counters.total == len(states)
            assert counters.held == states.count(State.HELD)
            for state, name in COUNTED.items():
                assert getattr(counters, name) == states.count(state), name
        for number, chat in self.chats.items():
            found = self.wait(Readers(self.database).find(Address(chat)))
            assert found is not None
            assert (found.id, found.state) == (number, self.readers[number])

    async def _publications(self, numbers: set[int]) -> list[Any]:
        async with self.database.read() as connection:
            return list((await connection.execute(select(publication).where(publication.c.id.in_(numbers)))).all())


@pytest.mark.timeout(300)
def test_the_store_does_what_the_model_says_in_any_order(database_url: str) -> None:
    loop = asyncio.new_event_loop()
    machine = type("Machine", (Store,), {"database": Database(database_url), "loop": loop})
    examples = 300 if os.environ.get("VISNYK_FAULTS") == "all" else 15
    quick = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in Phase if phase is not Phase.explain],
    )
    try:
        run_state_machine_as_test(machine, settings=quick)
    finally:
        loop.run_until_complete(machine.database.close())  # type: ignore[attr-defined]
        loop.close()
