"""A model of the delivery protocol, small enough to look at every state that it can ever be in.

What the model's steps are in the product:

    claim      `Ledger.claim`: with one commit a queued row gets an holder, is about to be sent, and the attempt is counted
    write      the session writes the request: from here on nobody can call it back
    refused    no connection: nothing is written
    serve      Telegram takes the message, or says for good (no) or for now (retry) that it does not
    lose       a time-out or a reset instead of the answer; the request may still be served
    record     `Ledger.finish`: SENT, FAILED and UNCERTAIN end the row, a `Retry` queues it again
    unclaim    the same, by the feed itself, after a claim that failed or only seemed to
    recover    `Ledger.recover`, by anybody: SENDING becomes UNCERTAIN
    decide     an editor (or the publication's policy) has an uncertain delivery sent again
    ask        the round of `Asker`: what it finds out is kept until `verdict` commits it (`Doubts.settle`); it may die first
    crash      SIGKILL: what a process remembers is gone, what it wrote is still on its way, nobody is that holder again

A lease only says when `recover` may come, and it may run out at any moment: in a pause (SIGSTOP), because a disk hangs,
because two clocks differ. So here a row may be recovered at any time, and safety never rests on a lease.

Every commit may also end in doubt: it took place, and the connection broke before the process heard of it. A claim is
then treated as failed, and a record is repeated until it is known to be done. In the product one commit may record and
claim: that is a record here and a claim after it, and in doubt both are. A process has `slots` coroutines with one and
the same holder, as the sender's window is, and one feed that claims: it claims nothing new before what became of a claim in
doubt is written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

QUEUED, SENDING, SENT, FAILED, UNCERTAIN = "queued", "sending", "sent", "failed", "uncertain"
FINAL = frozenset({SENT, FAILED, UNCERTAIN})
NOBODY = -1


class Row(NamedTuple):
    """A row of the ledger, and beside it what Telegram knows of it."""

    state: str = QUEUED
    holder: int = NOBODY
    attempt: int = 0
    decisions: int = 0  # how often somebody had it sent again although nobody knew its fate
    written: int = 0  # requests out there of which Telegram has not said that they were not delivered
    delivered: int = 0


class Slot(NamedTuple):
    """What one coroutine of a process remembers. `phase`: claimed, waiting, in doubt, or what it heard."""

    row: int
    attempt: int
    phase: str


class Request(NamedTuple):
    """A request that Telegram has not served yet; `sender` is who waits, NOBODY when it died or gave up."""

    sender: int
    row: int
    attempt: int


class World(NamedTuple):
    """One state of everything."""

    rows: tuple[Row, ...]
    workers: tuple[tuple[Slot, ...], ...]
    network: tuple[Request, ...] = ()
    verdicts: tuple[tuple[int, int, str], ...] = ()  # a row, the try that was asked about, what was found out


@dataclass(frozen=True, slots=True)
class Rules:
    """The protocol's rules. Each default is the product's; changing one makes a mutant."""

    claim_names_an_owner: bool = True
    claim_is_committed_before_write: bool = True
    failed_claim_is_not_sent: bool = True
    failed_claim_is_put_back: bool = True
    one_feed: bool = True
    outcome_checks_owner: bool = True
    retry_checks_attempt: bool = True
    unknown_is_uncertain: bool = True
    sending_is_recovered: bool = True
    sending_is_recovered_as_uncertain: bool = True
    asking_waits_for_requests: bool = True  # the grace is longer than any request takes
    lost_claims_are_not_written: bool = True  # …and than a process begins what it may have lost
    absent_is_what_telegram_says: bool = True
    found_is_the_deliverys: bool = True  # nothing that somebody else wrote is taken for it
    verdict_names_the_try: bool = True


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of it is looked at; `attempts` has the most attempts of each row."""

    workers: int
    slots: int
    attempts: tuple[int, ...]
    decisions: int = 0
    asks: int = 0  # how many at once, a lease or not


@dataclass(frozen=True, slots=True)
class Model:
    """The steps from one world to the next."""

    bounds: Bounds
    rules: Rules

    def start(self) -> World:
        return World((Row(),) * len(self.bounds.attempts), ((),) * self.bounds.workers)

    def steps(self, world: World) -> Iterator[tuple[str, World]]:
        """Yield every step that is possible, with the world after it, in its canonical form."""
        for number, row in enumerate(world.rows):
            for name, after in self._of_row(row):
                yield name, canonical(_with_row(world, number, after))
        for who in range(self.bounds.workers):
            for name, changed in self._of_worker(world, who):
                yield name, canonical(changed)
        for request in set(world.network):
            for name, changed in self._served(world, request):
                yield name, canonical(changed)
        if self.bounds.asks:
            for name, changed in self._asked(world):
                yield name, canonical(changed)

    def _asked(self, world: World) -> Iterator[tuple[str, World]]:
        for one in set(world.verdicts):
            number, attempt, verdict = one
            rest = list(world.verdicts)
            rest.remove(one)
            row, done = world.rows[number], world._replace(verdicts=tuple(rest))
            same = row.attempt == attempt or not self.rules.verdict_names_the_try
            after = row._replace(state=SENT) if verdict == "found" else row._replace(state=QUEUED, holder=NOBODY)
            yield "verdict", _with_row(done, number, after) if same and row.state == UNCERTAIN else done
            yield "the asker dies", done
        for number, row in enumerate(world.rows):
            if row.state == UNCERTAIN and len(world.verdicts) < self.bounds.asks and self._is_quiet(world, number):
                there = row.delivered and self.rules.absent_is_what_telegram_says
                found = there or not self.rules.found_is_the_deliverys
                verdict = (number, row.attempt, "found" if found else "absent")
                yield "ask", world._replace(verdicts=tuple(sorted((*world.verdicts, verdict))))

    def _is_quiet(self, world: World, number: int) -> bool:
        """Tell whether nothing of a row can be carried out any more: what the grace is for."""
        rules, slots = self.rules, [slot for slots in world.workers for slot in slots if slot.row == number]
        under_way = rules.asking_waits_for_requests and any(request.row == number for request in world.network)
        claimed = rules.lost_claims_are_not_written and any(slot.phase == "claimed" for slot in slots)
        return not under_way and not claimed

    def _of_row(self, row: Row) -> Iterator[tuple[str, Row]]:
        rules = self.rules
        if row.state == SENDING and not rules.sending_is_recovered_as_uncertain:
            yield "recover", row._replace(state=QUEUED, holder=NOBODY)
        elif row.state == SENDING and rules.sending_is_recovered:
            yield "recover", row._replace(state=UNCERTAIN)
        elif row.state == UNCERTAIN and row.decisions < self.bounds.decisions:
            yield "decide", row._replace(state=QUEUED, holder=NOBODY, decisions=row.decisions + 1)

    def _of_worker(self, world: World, who: int) -> Iterator[tuple[str, World]]:
        slots = world.workers[who]
        if slots or any(row.holder == who for row in world.rows):
            yield "crash", _crashed(world, who)
        feeding = self.rules.one_feed and any(slot.phase == "in doubt" for slot in slots)
        if len(slots) < self.bounds.slots and not feeding:
            yield from self._claims(world, who)
        for slot in set(slots):
            yield from self._of_slot(world, who, slot)

    def _claims(self, world: World, who: int) -> Iterator[tuple[str, World]]:
        rules = self.rules
        for number, row in enumerate(world.rows):
            if row.state != QUEUED or row.attempt >= self.bounds.attempts[number]:
                continue
            claimed = Slot(number, row.attempt + 1, "claimed")
            sending = row._replace(state=SENDING, holder=self._holder(who), attempt=claimed.attempt)
            taken = _with_row(world, number, sending) if rules.claim_is_committed_before_write else world
            yield "claim", _with_slot(taken, who, None, claimed)
            failed: Slot | None = claimed._replace(phase="in doubt") if rules.failed_claim_is_not_sent else claimed
            failed = failed if rules.failed_claim_is_put_back else None
            yield "claim in doubt", _with_slot(_with_row(world, number, sending), who, None, failed)
            yield "claim failed", _with_slot(world, who, None, failed)

    def _holder(self, who: int) -> int:
        return who if self.rules.claim_names_an_owner else 0

    def _of_slot(self, world: World, who: int, slot: Slot) -> Iterator[tuple[str, World]]:
        if slot.phase == "claimed":
            row = world.rows[slot.row]
            sent = _with_row(world, slot.row, row._replace(written=row.written + 1))
            sent = sent._replace(network=(*sent.network, Request(who, slot.row, slot.attempt)))
            yield "write", _with_slot(sent, who, slot, slot._replace(phase="waiting"))
            yield "refused", _with_slot(world, who, slot, slot._replace(phase="retry"))
        elif slot.phase == "waiting":
            mine = Request(who, slot.row, slot.attempt)
            orphan = (*_without(world.network, mine), Request(NOBODY, slot.row, 0))
            lost = _with_slot(world, who, slot, slot._replace(phase="unknown"))
            yield "lose", lost._replace(network=orphan)
        else:
            yield from self._records(world, who, slot)

    def _records(self, world: World, who: int, slot: Slot) -> Iterator[tuple[str, World]]:
        name = "unclaim" if slot.phase == "in doubt" else "record"
        row = world.rows[slot.row]
        after = _with_row(world, slot.row, self._recorded(row, self._holder(who), slot))
        yield name, _with_slot(after, who, slot, None)
        yield f"{name} in doubt", after

    def _recorded(self, row: Row, holder: int, slot: Slot) -> Row:
        """Return the row after an outcome; it stays as it is when somebody else has decided it."""
        rules = self.rules
        if rules.outcome_checks_owner and row.holder != holder:
            return row
        unknown_again = slot.phase == "unknown" and not rules.unknown_is_uncertain
        if slot.phase in {"retry", "in doubt"} or unknown_again:
            sending = row.state == SENDING and (row.attempt == slot.attempt or not rules.retry_checks_attempt)
            return row._replace(state=QUEUED, holder=NOBODY) if sending else row
        end = {"ok": SENT, "no": FAILED, "unknown": UNCERTAIN}[slot.phase]
        late = row.state == UNCERTAIN and end == SENT
        return row._replace(state=end) if row.state == SENDING or late else row

    def _served(self, world: World, request: Request) -> Iterator[tuple[str, World]]:
        row = world.rows[request.row]
        slot = Slot(request.row, request.attempt, "waiting")
        for answer in ("ok", "no", "retry"):
            known = (
                row._replace(delivered=row.delivered + 1) if answer == "ok" else row._replace(written=row.written - 1)
            )
            after = _with_row(world, request.row, known)._replace(network=_without(world.network, request))
            if request.sender != NOBODY:
                after = _with_slot(after, request.sender, slot, slot._replace(phase=answer))
            yield f"serve: {answer}", after


def _crashed(world: World, who: int) -> World:
    return World(
        tuple(row._replace(holder=NOBODY) if row.holder == who else row for row in world.rows),
        tuple(() if w == who else slots for w, slots in enumerate(world.workers)),
        tuple(Request(NOBODY, r.row, 0) if r.sender == who else r for r in world.network),
        world.verdicts,
    )


def _with_row(world: World, number: int, row: Row) -> World:
    return world._replace(rows=(*world.rows[:number], row, *world.rows[number + 1 :]))


def _without(network: tuple[Request, ...], request: Request) -> tuple[Request, ...]:
    rest = list(network)
    rest.remove(request)
    return tuple(rest)


def _with_slot(world: World, who: int, old: Slot | None, new: Slot | None) -> World:
    """Replace one slot of a worker; None is an empty one."""
    slots = list(world.workers[who])
    if old is not None:
        slots.remove(old)
    if new is not None:
        slots.append(new)
    return world._replace(workers=(*world.workers[:who], tuple(sorted(slots)), *world.workers[who + 1 :]))


def canonical(world: World) -> World:
    """Return the one of all worlds that differ only in the workers' names, and in what nobody asks for any more."""
    rows = tuple(row._replace(holder=NOBODY) if row.state in {SENT, FAILED} else row for row in world.rows)
    looks = [
        (slots, tuple(n for n, row in enumerate(rows) if row.holder == who), who)
        for who, slots in enumerate(world.workers)
    ]
    looks.sort()
    new = {who: name for name, (_, _, who) in enumerate(looks)}
    new[NOBODY] = NOBODY
    return World(
        tuple(row if row.holder == NOBODY else row._replace(holder=new[row.holder]) for row in rows),
        tuple(slots for slots, _, _ in looks),
        tuple(sorted(r if r.sender == NOBODY else r._replace(sender=new[r.sender]) for r in world.network)),
        world.verdicts,
    )
