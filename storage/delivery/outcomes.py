"""Writing down what became of deliveries, for the holder whose tries they were; a batch in a statement or two."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import Aloud, DeliveryState, Finish, Retry, Step
from bot.model.readers import ReaderState
from storage.delivery.held import give_back
from storage.delivery.mentions import end_told_with
from storage.delivery.statements import (
    COUNTED,
    Ended,
    ended,
    ending,
    new_messages,
    put_back,
    retrying,
    sending_aloud,
)
from storage.engine.chains import Chain, run_chain
from storage.engine.conditions import still_in
from storage.engine.database import Database
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import delivery, reader

Tally = Counter[tuple[int, str]]
_ALIKE = itemgetter(1, 2)  # a row's publication and state
_TURNED = frozenset({DeliveryState.TOLD, DeliveryState.FAILED, DeliveryState.DROPPED})  # which may concern other rows


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: what to add to the counters, and the steps of rows that somebody else has decided meanwhile."""

    tally: Tally
    late: Mapping[int, Step]


class Outcomes:
    """Ends rows of the holder's that are being sent, and puts others of them back."""

    def __init__(self, database: Database, holder: str, ids: MessageIds) -> None:
        self._holder = holder
        self._ids = ids
        self._end = ending(database, still_in(delivery, DeliveryState.SENDING))

    async def record(self, connection: AsyncConnection, steps: Sequence[tuple[int, Step]], now: datetime) -> Written:
        """Write steps down, in a turn where one of them `needs_turn`; the counters are the caller's to add to."""
        ends = ends_of(steps)
        done = await run_chain(connection, self.ended(ends, now)) if ends else []
        beside = await self._beside(connection, ends, done, now)
        retries = {i: step for i, step in steps if isinstance(step, Retry)}
        if retries:
            await connection.execute(retrying(DeliveryState.SENDING), put_back(retries, self._holder))
        aloud = {i: step for i, step in steps if isinstance(step, Aloud)}
        if aloud:
            await connection.execute(sending_aloud(), put_back(aloud, self._holder))
        return _written(done, ends, retries, beside)

    async def written(self, connection: AsyncConnection, ends: Mapping[int, Finish], done: Sequence[Ended]) -> Written:
        """Write what endings that are `plain` say of anything but their own rows, which are written already."""
        return _written(done, ends, {}, await give_back(connection, _of_none(done)))

    async def end(self, connection: AsyncConnection, ends: Mapping[int, Finish], now: datetime) -> Tally:
        """End rows that were claimed and not tried; returns what to add to the counters."""
        done = await run_chain(connection, self.ended(ends, now))
        return _sum(_tally(done), await give_back(connection, _of_none(done)))

    def ended(self, ends: Mapping[int, Finish], now: datetime) -> Chain[list[Ended]]:
        """End rows and note their messages' numbers; returns the rows that were not decided before."""
        done = yield from ended(self._end, ends, self._holder, now)
        yield from self._ids.noting(new_messages(ends, done), now)
        return done

    async def _beside(
        self, connection: AsyncConnection, ends: Mapping[int, Finish], done: Sequence[Ended], now: datetime
    ) -> Tally:
        """Write what endings say of anything but their own rows; returns what to add to the counters."""
        tally: Tally = Counter()
        # With a mention end those that its edit has shown as well, which nobody holds.
        told = [number for number, _, _ in done if ends[number].state is DeliveryState.TOLD]
        if told:
            tally.update(await end_told_with(connection, told, now))
        gone = {i: s for i, s in ends.items() if s.reader_state is not None}
        if gone:
            await _note_readers(connection, gone, now)
        tally.update(await give_back(connection, _of_none(done)))
        return tally


def ends_of(steps: Iterable[tuple[int, Step]]) -> dict[int, Finish]:
    """Return those of the steps that end rows."""
    return {number: step for number, step in steps if isinstance(step, Finish)}


def plain_ends(steps: Sequence[tuple[int, Step]]) -> dict[int, Finish] | None:
    """Return the steps when all of them end rows, and say nothing of readers or of rows that wait; else None.

    Then nothing of them bears upon what may be claimed.
    """
    ends: dict[int, Finish] = {}
    for number, step in steps:
        if not isinstance(step, Finish) or step.reader_state is not None or step.state is DeliveryState.TOLD:
            return None
        ends[number] = step
    return ends


def needs_turn(steps: Sequence[tuple[int, Step]]) -> bool:
    """Tell whether writing these steps changes rows that nobody holds: other mentions, or lines of a digest.

    A correction changes lines, too, in another order.
    """
    return any(isinstance(step, Finish) and step.state in _TURNED for _, step in steps)


async def _note_readers(connection: AsyncConnection, gone: Mapping[int, Finish], now: datetime) -> None:
    """Note what endings say of readers; what happens to a chat happens to each forum topic of it."""
    there = reader.join(delivery, delivery.c.reader_id == reader.c.id)
    whose = select(delivery.c.id, reader.c.id.label("reader"), reader.c.chat_id).select_from(there)
    for row in (await connection.execute(whose.where(delivery.c.id.in_(gone)).order_by(reader.c.chat_id))).all():
        end = gone[row.id]
        mine = reader.c.id == row.reader if end.thread_only else reader.c.chat_id == row.chat_id
        # Whoever paused or left stays so: coming back from a block must not bring them news again.
        change = update(reader).where(mine, reader.c.state == ReaderState.ACTIVE)
        await connection.execute(change.values(state=end.reader_state, updated_at=now))


def _of_none(done: Iterable[Ended]) -> list[int]:
    """Return the numbers of rows that ended and belong to no publication: digests are among them."""
    return [number for number, publication, _ in done if publication is None]


def _written(done: Sequence[Ended], ends: Mapping[int, Finish], retries: Mapping[int, Retry], beside: Tally) -> Written:
    late: dict[int, Step] = dict(retries)
    if len(done) < len(ends):
        written = {number for number, _, _ in done}
        unsaid = DeliveryState.UNCERTAIN
        late |= {i: step for i, step in ends.items() if i not in written and step.state is not unsaid}
    return Written(_sum(_tally(done), beside), late)


def _sum(one: Tally, other: Tally) -> Tally:
    """Return what two changes add to the counters; `+` would leave out what is taken off."""
    one.update(other)
    return one


def _tally(done: Iterable[Ended]) -> Tally:
    """Return what to add to the counters for rows that ended: number, publication, state."""
    alike = Counter(map(_ALIKE, done))
    return Counter({(one, COUNTED[state]): times for (one, state), times in alike.items() if one is not None})
