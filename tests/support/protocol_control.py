"""A second model of the protocol: what people and the clock decide about a send while it goes out.

tests/support/protocol.py looks at one delivery and the processes that send it. Here the processes are one, and what
stands beside them is modelled: pause, resume, stop, headlines that grow old and become lines of digests, corrections.
What the steps are in the product:

    claim          `Ledger.claim`: takes what waits, when its send is running, in the revision the article has
    follow         `Sends.follow`: rows follow what was decided: parked, back in the queue, dropped; a stop ends
    expire         `Ledger.expire`: a headline that waited too long becomes a line for a digest
    digest         `Digests.build`: the lines go out
    correct        `Corrections.correct`: another revision; `spread` then finds the copies that are old
    pause …        `Sends.pause`, `resume`, `stop`: one statement each, which names the state that it leaves
    sent, retry    `Ledger.finish`, by whoever holds the row; `late …` of a row that was taken for lost
    recover        `Ledger.recover`; `again`: `Uncertain.decide`

At READ COMMITTED a transaction looks first and changes later, and what it saw may be over by then. So each here is two
steps, a look and a commit, and everything may happen in between – but for what takes a turn of the ledger as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

QUEUED, PARKED, SENDING, SENT, UNCERTAIN = "queued", "parked", "sending", "sent", "uncertain"
DROPPED, LINE, DIGESTED = "dropped", "line", "digested"
RUNNING, PAUSED, STOPPING, STOPPED = "running", "paused", "stopping", "stopped"
_DECIDED = {"pause": (RUNNING, PAUSED), "resume": (PAUSED, RUNNING), "stop": (RUNNING, STOPPING)}
_FOLLOWS = {
    RUNNING: {PARKED: QUEUED},
    PAUSED: {QUEUED: PARKED},
    STOPPING: {QUEUED: DROPPED, PARKED: DROPPED, LINE: DROPPED},
    STOPPED: {},
}


class Row(NamedTuple):
    """A row of the ledger; `out` is how often it went out, as a headline or as a line, for all that is known."""

    state: str = QUEUED
    revision: int = 0
    edited: bool = False
    out: int = 0
    again: int = 0  # how often somebody had it sent again although nobody knew its fate


class Work(NamedTuple):
    """A transaction between its look and its commit: which rows it found, and what else it saw."""

    kind: str
    found: tuple[int, ...] = ()
    seen: str = ""


class World(NamedTuple):
    """One state of everything; `overruled`: something was claimed by who saw that the send does not run."""

    rows: tuple[Row, ...]
    send: str = RUNNING
    revision: int = 0
    spreading: bool = False
    under_way: tuple[Work, ...] = ()
    overruled: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The protocol's rules. Each default is the product's; changing one makes a mutant."""

    without_turn: frozenset[str] = frozenset()
    changes_name_the_state: bool = True
    claim_asks_the_send: bool = True
    stop_waits_for_what_moves: bool = True
    asks_before_it_looks: bool = True
    late_truth_owes_an_edit: bool = True
    late_retry_stops_again: bool = True


@dataclass(frozen=True, slots=True)
class Model:
    """The steps from one world to the next."""

    rules: Rules
    rows: int = 2
    most_under_way: int = 2

    def start(self) -> World:
        return World((Row(),) * self.rows)

    def steps(self, world: World) -> Iterator[tuple[str, World]]:
        """Yield every step that is possible, with the world after it."""
        yield from self._decisions(world)
        for number, row in enumerate(world.rows):
            yield from self._of_row(world, number, row)
        if len(world.under_way) < self.most_under_way:
            for work in self._looks(world):
                if self._may_begin(world, work.kind):
                    under_way = tuple(sorted((*world.under_way, work)))
                    yield f"{work.kind} looks", world._replace(under_way=under_way)
        for work in set(world.under_way):
            rest = list(world.under_way)
            rest.remove(work)
            yield f"{work.kind} commits", self._committed(world._replace(under_way=tuple(rest)), work)

    def _may_begin(self, world: World, kind: str) -> bool:
        taken = any(work.kind not in self.rules.without_turn for work in world.under_way)
        return kind in self.rules.without_turn or not taken

    def _decisions(self, world: World) -> Iterator[tuple[str, World]]:
        for name, (leaves, becomes) in _DECIDED.items():
            if world.send == leaves or (name == "stop" and world.send == PAUSED):
                yield name, world._replace(send=becomes)
        if world.revision == 0 and self._may_begin(world, "correct"):
            yield "correct", world._replace(revision=1, spreading=True)

    def _of_row(self, world: World, number: int, row: Row) -> Iterator[tuple[str, World]]:
        """Yield what the holder of a row writes down, and what becomes of a row that was taken for lost."""
        free = self._may_begin(world, "recover")
        if row.state == SENDING:
            yield "sent", _with(world, number, row._replace(state=SENT))
            yield "retry", _with(world, number, row._replace(state=QUEUED, out=row.out - 1))
            if free:
                yield "recover", _with(world, number, row._replace(state=UNCERTAIN))
        elif row.state == UNCERTAIN and free:
            old = row.revision < world.revision and self.rules.late_truth_owes_an_edit
            yield "late sent", _with(world, number, row._replace(state=SENT, edited=row.edited or old))
            back = _with(world, number, row._replace(state=QUEUED, out=row.out - 1))
            reopened = world.send == STOPPED and self.rules.late_retry_stops_again
            yield "late retry", back._replace(send=STOPPING) if reopened else back
            if row.again == 0 and world.send in {RUNNING, PAUSED}:
                yield "again", _with(world, number, row._replace(state=QUEUED, again=1))

    def _looks(self, world: World) -> Iterator[Work]:
        waiting = _those(world, QUEUED)
        if waiting and (world.send == RUNNING or not self.rules.claim_asks_the_send):
            for number in waiting:
                yield Work("claim", (number,), f"{world.revision} {world.send}")
        if waiting:
            yield Work("expire", waiting)
        lines = _those(world, LINE)
        if lines:
            yield Work("digest", lines)
        follows = _FOLLOWS[world.send]
        moved = tuple(n for n, row in enumerate(world.rows) if row.state in follows)
        moving = bool(_those(world, SENDING)) and self.rules.stop_waits_for_what_moves
        if moved or (world.send == STOPPING and not moving):
            yield Work("follow", moved, world.send if moving or world.send != STOPPING else STOPPED)
        if world.spreading:
            found = self._old(world) if not self.rules.asks_before_it_looks else ()
            yield Work("spread", found, "wait" if self._old_moves(world) else "done")

    def _committed(self, world: World, work: Work) -> World:
        match work.kind:
            case "claim":
                revision, send = work.seen.split()
                sending = {"state": SENDING, "revision": int(revision)}
                overruled = world.overruled or send != RUNNING
                return self._change(world, work, {QUEUED: sending}, out=1)._replace(overruled=overruled)
            case "expire":
                return self._change(world, work, {QUEUED: {"state": LINE}})
            case "digest":
                return self._change(world, work, {LINE: {"state": DIGESTED}}, out=1)
            case "follow":
                decided = STOPPING if work.seen == STOPPED else work.seen
                changes: dict[str, dict[str, object]] = {a: {"state": b} for a, b in _FOLLOWS[decided].items()}
                after = self._change(world, work, changes)
                return after._replace(send=STOPPED) if work.seen == STOPPED and world.send == STOPPING else after
            case _:
                return self._spread(world, work)

    def _change(self, world: World, work: Work, changes: dict[str, dict[str, object]], out: int = 0) -> World:
        """Change the rows that were found; what has another state by now stays, if the change names the state."""
        for number in work.found:
            row = world.rows[number]
            values = changes.get(row.state)
            if values is None and not self.rules.changes_name_the_state:
                values = next(iter(changes.values()))
            if values is not None:
                world = _with(world, number, row._replace(**values, out=row.out + out))  # type: ignore[arg-type]
        return world

    def _spread(self, world: World, work: Work) -> World:
        asked = self.rules.asks_before_it_looks
        done = work.seen == "done" if asked else not self._old_moves(world)
        for number in self._old(world) if asked else work.found:
            world = _with(world, number, world.rows[number]._replace(edited=True))
        return world._replace(spreading=not done)

    def _old(self, world: World) -> tuple[int, ...]:
        return tuple(
            n
            for n, row in enumerate(world.rows)
            if row.state == SENT and row.revision < world.revision and not row.edited
        )

    def _old_moves(self, world: World) -> bool:
        return any(row.state == SENDING and row.revision < world.revision for row in world.rows)


def _those(world: World, state: str) -> tuple[int, ...]:
    return tuple(n for n, row in enumerate(world.rows) if row.state == state)


def _with(world: World, number: int, row: Row) -> World:
    return world._replace(rows=(*world.rows[:number], row, *world.rows[number + 1 :]))
