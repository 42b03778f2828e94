"""The store in any order of calls, beside a plain model of what its rows must be, on both engines.

Hypothesis makes up orders of: publish, claim, mark, record any outcome (late, twice, by the wrong process), let leases
run out, recover, block a reader, move a chat, expire, pause, resume, stop, let rows follow. After each the ledger's rows equal the model's.
"""

import asyncio
import itertools
from collections.abc import Sequence
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
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.errors import Stale
from bot.model.desk import PublicationState
from bot.model.ledger import Delivery, DeliveryState, Finish, Postpone, Retry
from bot.model.readers import Address, ReaderState
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.delivery.sends import Sends
from storage.engine.database import Database
from storage.schema.tables import delivery, publication, reader
from tests.support.depth import depth
from tests.support.rows import NOW, a_matter, a_publication, a_reader

pytestmark = pytest.mark.thorough

LEASE = timedelta(seconds=15)
SHELF_LIFE = timedelta(hours=6)
HOLDERS = ("first", "second")
OPEN = {DeliveryState.QUEUED, DeliveryState.SENDING}
OUTCOMES = [
    timedelta(0), timedelta(0), timedelta(seconds=20),  # again, then
    Finish(DeliveryState.SENT, message_id=7), Finish(DeliveryState.UNCERTAIN, "reset"), Finish(DeliveryState.FAILED, "too long"),
    Finish(DeliveryState.FAILED, "blocked", reader_state=ReaderState.BLOCKED),
]  # fmt: skip
ASIDE = [timedelta(0), timedelta(seconds=20), Finish(DeliveryState.DROPPED, "left")]
COUNTED = {
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.DROPPED: "dropped",
    DeliveryState.EXPIRED: "expired",
}
ALLOWED = {
    "pause": {PublicationState.RUNNING},
    "resume": {PublicationState.PAUSED},
    "stop": {PublicationState.RUNNING, PublicationState.PAUSED},
}
BECOMES = {
    "pause": PublicationState.PAUSED, "resume": PublicationState.RUNNING, "stop": PublicationState.STOPPING
}  # fmt: skip
HALTED = {PublicationState.PAUSED, PublicationState.STOPPING}
WAITING = {DeliveryState.QUEUED, DeliveryState.PARKED, DeliveryState.HELD}
_chats = itertools.count(100_000)


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the ledger must be."""

    reader: int
    publication: int
    expires: datetime
    created: datetime
    state: DeliveryState = DeliveryState.QUEUED
    holder: str = ""
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
        self.sends: dict[int, PublicationState] = {}
        self.now = NOW
        self.ledgers = {holder: Ledger(self.database, holder) for holder in HOLDERS}

    def wait(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(number=st.integers(1, 2))
    def people(self, number: int) -> None:
        self.wait(self._forget_others())
        for _ in range(number):
            chat = next(_chats)
            met = self.wait(a_reader(self.database, chat_id=chat))
            self.readers[met.id], self.chats[met.id] = ReaderState.ACTIVE, chat
        self.publish()

    async def _forget_others(self) -> None:
        async with self.database.write() as connection:
            await connection.execute(delivery.delete())
            await connection.execute(reader.update().values(state=ReaderState.GONE))

    @precondition(lambda self: len(self.sends) < 3)
    @rule()
    def publish(self) -> None:
        _, number = self.wait(a_publication(self.database))
        self.sends[number] = PublicationState.RUNNING
        publications = Publications(self.database)
        for _ in range(2):  # a fan-out may be repeated
            self.wait(publications.fan_out(number, a_matter(), 10**9, self.now, SHELF_LIFE))
        for row_id, reader_id in self.wait(self._made(number)):
            self.rows[row_id] = Row(reader_id, number, self.now + SHELF_LIFE, self.now, not_before=self.now)
            assert self.readers[reader_id] is ReaderState.ACTIVE
        made = [row.reader for row in self.rows.values() if row.publication == number]
        assert sorted(made) == sorted(r for r, state in self.readers.items() if state is ReaderState.ACTIVE)

    async def _made(self, number: int) -> list[tuple[int, int]]:
        async with self.database.read() as connection:
            mine = select(delivery.c.id, delivery.c.reader_id).where(delivery.c.publication_id == number)
            return [(row.id, row.reader_id) for row in await connection.execute(mine)]

    @rule(target=tried, holder=st.sampled_from(HOLDERS), limit=st.integers(1, 4), aside=st.sampled_from([None, *ASIDE]))
    def claim(self, holder: str, limit: int, aside: Finish | timedelta | None) -> Any:
        """Claim, and put every second delivery aside."""
        step = Postpone(self.now + aside) if isinstance(aside, timedelta) else aside

        def sift(due: Sequence[Delivery]) -> dict[int, Finish | Postpone]:
            return {item.id: step for item in due[::2]} if step else {}

        claimed = self.wait(self.ledgers[holder].claim(limit, self.now, LEASE, sift))
        free = [number for number in sorted(self.rows) if self._is_free(number)][:limit]
        set_aside = free[::2] if step else []
        assert [item.id for item in claimed.deliveries] == [number for number in free if number not in set_aside]
        assert claimed.aside == len(set_aside)
        for number in set_aside:
            if isinstance(step, Postpone):
                self.change(number, not_before=step.until)
            else:
                self.change(number, state=DeliveryState.DROPPED, attempts=self.rows[number].attempts + 1)
        for item in claimed.deliveries:
            tries = self.rows[item.id].attempts
            assert item.attempts == tries
            lease = self.now + LEASE
            self.change(item.id, state=DeliveryState.SENDING, holder=holder, lease=lease, attempts=tries + 1)
        return multiple(*[(holder, item.id, item.attempts + 1) for item in claimed.deliveries])

    def _is_free(self, number: int) -> bool:
        row = self.rows[number]
        before = [
            other
            for n, other in self.rows.items()
            if other.reader == row.reader and n != number and (n < number or other.state is not DeliveryState.QUEUED)
        ]
        free = not any(other.state in OPEN for other in before)
        due = row.not_before <= self.now < row.expires  # what is stale waits for the tick that makes a line of it
        return row.state is DeliveryState.QUEUED and due and free and self.sends[row.publication] not in HALTED

    @rule(attempt=tried, outcome=st.sampled_from(OUTCOMES))
    def record(self, attempt: tuple[str, int, int], outcome: Finish | timedelta) -> None:
        """Record an outcome: in its time, late, a second time, or by one who has lost the row."""
        holder, number, tries = attempt
        row = self.rows[number]
        if isinstance(outcome, timedelta):
            later = self.now + outcome
            self.wait(self.ledgers[holder].finish([(number, Retry(later, "throttled", tries))], self.now))
            open_ = {DeliveryState.SENDING, DeliveryState.UNCERTAIN}  # a late "not now" is the truth as well
            if row.holder == holder and row.state in open_ and row.attempts == tries:
                self.change(number, state=DeliveryState.QUEUED, holder="", lease=None, not_before=later)
                if self.sends[row.publication] is PublicationState.STOPPED:
                    self.sends[row.publication] = PublicationState.STOPPING  # it ends again when this row has
            return
        self.wait(self.ledgers[holder].finish([(number, outcome)], self.now))
        late = row.state is DeliveryState.UNCERTAIN and outcome.state is not DeliveryState.UNCERTAIN
        if row.holder == holder and (row.state is DeliveryState.SENDING or late):
            self.change(number, state=outcome.state, lease=None)
        if outcome.reader_state is not None and self.readers[row.reader] is ReaderState.ACTIVE:
            self.readers[row.reader] = outcome.reader_state

    @rule(target=tried, attempt=tried, outcome=st.sampled_from(OUTCOMES))
    def record_in_doubt(self, attempt: tuple[str, int, int], outcome: Finish | timedelta) -> Any:
        """Record an outcome, go on, and record it once more: its commit took place, but nobody heard of it."""
        self.record(attempt, outcome)
        more = self.claim(attempt[0], 4, aside=None)
        self.record(attempt, outcome)
        return more

    @rule(
        seconds=st.sampled_from([0, 1, 5, 16, 3 * 3600]),
        chore=st.sampled_from(["", "renew", "recover", "recover alone", "expire"]),
        holder=st.sampled_from(HOLDERS),
    )
    def time_passes(self, seconds: int, chore: str, holder: str) -> None:
        self.now += timedelta(seconds=seconds)
        match chore:
            case "renew":
                self._renew(holder)
            case "recover" | "recover alone":
                self._recover(holder, alone=chore == "recover alone")
            case "expire":
                self._expire(holder)

    def _renew(self, holder: str) -> None:
        self.wait(self.ledgers[holder].renew(self.now, LEASE))
        for number, row in self.rows.items():
            if row.holder == holder and row.state is DeliveryState.SENDING:
                self.change(number, lease=self.now + LEASE)

    def _recover(self, holder: str, *, alone: bool) -> None:
        self.wait(self.ledgers[holder].recover(self.now, alone=alone))
        for number, row in self.rows.items():
            over = row.lease is not None and (row.lease <= self.now or alone)
            if over and row.holder != holder and row.state is DeliveryState.SENDING:
                self.change(number, state=DeliveryState.UNCERTAIN, lease=None)

    def _expire(self, holder: str) -> None:
        self.wait(self.ledgers[holder].expire(self.now))
        for number, row in self.rows.items():
            if row.state is DeliveryState.QUEUED and row.expires <= self.now:
                # A headline of the last day becomes a line of the next digest.
                young = row.created > self.now - timedelta(days=1)
                self.change(number, state=DeliveryState.HELD if young else DeliveryState.EXPIRED)

    @rule(which=st.integers(0, 2), act=st.sampled_from(["pause", "pause", "resume", "stop"]))
    def control(self, which: int, act: str) -> None:
        """Pause, resume or stop a send; whoever is late is told so."""
        number = sorted(self.sends)[which % len(self.sends)]
        possible = self.sends[number] in ALLOWED[act]
        assert self.wait(self._controlled(number, act)) == possible
        if possible:
            self.sends[number] = BECOMES[act]

    async def _controlled(self, number: int, act: str) -> bool:
        sends = Sends(self.database)
        try:
            match act:
                case "pause":
                    await sends.pause(number, "", 1, self.now)
                case "resume":
                    await sends.resume(number, 1, self.now)
                case _:
                    await sends.stop(number, 1, self.now)
        except Stale:
            return False
        return True

    @rule()
    def rows_follow(self) -> None:
        """Let rows follow their sends: parked, back in the queue, dropped; what is stopped ends when nothing moves."""
        while self.wait(Sends(self.database).follow(self.now)):
            pass
        for number, row in self.rows.items():
            send = self.sends[row.publication]
            if send is PublicationState.STOPPING and row.state in WAITING:
                self.change(number, state=DeliveryState.DROPPED)
            elif send is PublicationState.PAUSED and row.state is DeliveryState.QUEUED:
                self.change(number, state=DeliveryState.PARKED)
            elif send is PublicationState.RUNNING and row.state is DeliveryState.PARKED:
                self.change(number, state=DeliveryState.QUEUED)
        moving = {row.publication for row in self.rows.values() if row.state is DeliveryState.SENDING}
        for number, send in self.sends.items():
            if send is PublicationState.STOPPING and number not in moving:
                self.sends[number] = PublicationState.STOPPED

    @rule(which=st.integers(0, 1), happens=st.sampled_from([ReaderState.BLOCKED, ReaderState.ACTIVE, "moves"]))
    def reader_changes(self, which: int, happens: ReaderState | str) -> None:
        number = sorted(self.readers)[which % len(self.readers)]
        readers = LedgerReaders(self.database)
        if isinstance(happens, ReaderState):
            if happens is ReaderState.ACTIVE:
                self.wait(readers.open_chat(self.chats[number], self.now))
            else:
                self.wait(readers.shut_chat(self.chats[number], happens, self.now))
            self.readers[number] = happens
            return
        old, self.chats[number] = self.chats[number], next(_chats)
        for _ in range(2):  # Telegram may say it twice
            self.wait(readers.move_chat(old, self.chats[number], self.now))

    def change(self, number: int, **values: Any) -> None:
        self.rows[number] = replace(self.rows[number], **values)

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        found = self.wait(self._rows())
        assert {
            n: (row.state, row.attempts, row.holder if row.state in OPEN else "") for n, row in self.rows.items()
        } == {row.id: (row.state, row.attempts, (row.holder or "") if row.state in OPEN else "") for row in found}

    async def _rows(self) -> list[Any]:
        async with self.database.read() as connection:
            columns = (delivery.c.id, delivery.c.state, delivery.c.attempts, delivery.c.holder)
            return list((await connection.execute(select(*columns))).all())

    def teardown(self) -> None:
        """The counters of every publication are the numbers of its rows, and every chat is where it moved."""
        for counters in self.wait(self._publications(set(self.sends))):
            assert counters.state is self.sends[counters.id]
            states = [row.state for row in self.rows.values() if row.publication == counters.id]
            assert counters.total == len(states)
            assert counters.held == states.count(DeliveryState.HELD)
            for state, name in COUNTED.items():
                assert getattr(counters, name) == states.count(state), name
        for number, chat in self.chats.items():
            found = self.wait(LedgerReaders(self.database).find(Address(chat)))
            assert found is not None
            assert (found.id, found.state) == (number, self.readers[number])

    async def _publications(self, numbers: set[int]) -> list[Any]:
        async with self.database.read() as connection:
            return list((await connection.execute(select(publication).where(publication.c.id.in_(numbers)))).all())


@pytest.mark.timeout(300)
def test_the_store_does_what_the_model_says_in_any_order(database_url: str) -> None:
    loop = asyncio.new_event_loop()
    machine = type("Machine", (Store,), {"database": Database(database_url), "loop": loop})
    quick = settings(
        max_examples=depth(300, 10),
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
