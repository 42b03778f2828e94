"""The delivery protocol, looked at in every order in which its steps can happen (tests/support/protocol.py).

Two worlds are walked through whole: three processes over two deliveries, one request at a time each; and two processes
of two requests each over one delivery that may be decided to be sent again, where a process can meet its own past.
`VISNYK_FAULTS=all` walks through larger ones. For each rule of the protocol there is a world without it, and the same
walk must find what goes wrong there.
"""

import os
from collections import deque
from dataclasses import dataclass, replace

import pytest

from tests.support.protocol import FAILED, FINAL, NOBODY, QUEUED, SENDING, SENT, Bounds, Model, Rules, World

TWICE = "more requests than one, and Telegram did not say that the first was not delivered"
FALSE_SENT = "recorded as sent, but it never arrived"
FALSE_FAILED = "recorded as failed, but it arrived"
TOO_MANY = "more is in flight for one process than its window"
LOST = "a delivery is never decided"
PROMISES = (TWICE, FALSE_SENT, FALSE_FAILED, TOO_MANY, LOST)

THREE = Bounds(workers=3, slots=1, attempts=(2, 1))
OWN_PAST = Bounds(workers=2, slots=2, attempts=(3,), decisions=1)
SMALL = Bounds(workers=2, slots=1, attempts=(2,))
WORLDS = [
    ("three", Bounds(workers=3, slots=1, attempts=(1, 1)), 6_778),
    ("own past", OWN_PAST, 9_664),
    ("small", SMALL, 209),
]
if os.environ.get("VISNYK_FAULTS") == "all":
    WORLDS += [
        ("three, two tries of one", THREE, 21_763),
        ("three, two tries of both", Bounds(workers=3, slots=1, attempts=(2, 2)), 63_149),
        ("own past, two rows", Bounds(workers=2, slots=2, attempts=(2, 1), decisions=1), 165_569),
    ]


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found: how many worlds, what is wrong (nothing: empty), and the shortest way there."""

    worlds: int
    complaint: str = ""
    way: tuple[str, ...] = ()


def walk(bounds: Bounds, rules: Rules, promises: tuple[str, ...] = PROMISES) -> Walk:
    """Go through every world that can be reached, breadth first; stop at the first that breaks one of the promises."""
    model = Model(bounds, rules)
    start = model.start()
    came: dict[World, tuple[World, str] | None] = {start: None}
    before: dict[World, list[World]] = {}
    todo = deque([start])
    while todo:
        world = todo.popleft()
        for name, after in model.steps(world):
            before.setdefault(after, []).append(world)
            if after not in came:
                came[after] = (world, name)
                complaint = broken(after, bounds)
                if complaint in promises:
                    return Walk(len(came), complaint, _way(came, after))
                todo.append(after)
    stuck = _stuck(came, before) if LOST in promises else None
    return Walk(len(came), LOST, _way(came, stuck)) if stuck else Walk(len(came))


def broken(world: World, bounds: Bounds) -> str:
    """Return which promise a world breaks; empty when none."""
    for row in world.rows:
        if row.written > 1 + row.decisions:
            return TWICE
        if row.state == SENT and not row.delivered:
            return FALSE_SENT
        if row.state == FAILED and row.delivered and not row.decisions:
            return FALSE_FAILED
    marked = [row.holder for row in world.rows if row.state == SENDING and row.holder != NOBODY]
    return TOO_MANY if any(marked.count(holder) > bounds.slots for holder in marked) else ""


def _stuck(came: "dict[World, tuple[World, str] | None]", before: dict[World, list[World]]) -> World | None:
    """Return a world from which no way leads to every row being final or back in the queue; None when there is none."""
    good = {world for world in came if all(row.state in FINAL | {QUEUED} for row in world.rows)}
    todo = deque(good)
    while todo:
        for world in before.get(todo.popleft(), ()):
            if world not in good:
                good.add(world)
                todo.append(world)
    return next((world for world in came if world not in good), None)


def _way(came: "dict[World, tuple[World, str] | None]", world: World) -> tuple[str, ...]:
    steps = []
    link = came[world]
    while link is not None:
        world, name = link
        steps.append(name)
        link = came[world]
    return tuple(reversed(steps))


@pytest.mark.parametrize(("name", "bounds", "worlds"), WORLDS, ids=[name for name, _, _ in WORLDS])
def test_no_order_of_steps_breaks_a_promise(name: str, bounds: Bounds, worlds: int) -> None:
    found = walk(bounds, Rules())
    assert (found.complaint, found.way) == ("", ())
    assert found.worlds == worlds, "the model has changed: see that it still says what the product does"


MUTANTS = [
    ("claim_names_an_owner", THREE, TWICE),
    ("claim_is_committed_before_write", THREE, TWICE),
    ("failed_claim_is_not_sent", THREE, TWICE),
    ("failed_claim_is_put_back", THREE, TOO_MANY),
    ("one_feed", OWN_PAST, TWICE),
    ("outcome_checks_owner", THREE, TWICE),
    ("retry_checks_attempt", OWN_PAST, TWICE),
    ("unknown_is_uncertain", THREE, TWICE),
    ("sending_is_recovered", SMALL, LOST),
    ("sending_is_recovered_as_uncertain", THREE, TWICE),
]


@pytest.mark.parametrize(("rule", "bounds", "complaint"), MUTANTS, ids=[rule for rule, _, _ in MUTANTS])
def test_without_any_one_rule_a_promise_is_broken(rule: str, bounds: Bounds, complaint: str) -> None:
    found = walk(bounds, replace(Rules(), **{rule: False}), (complaint,))
    assert found.complaint == complaint
