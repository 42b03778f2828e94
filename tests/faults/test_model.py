"""The delivery protocol, looked at in every order in which its steps can happen (tests/support/protocol.py).

Two worlds are walked through whole: three processes over two deliveries, one request at a time each; and two processes
of two requests each over one delivery that may be decided to be sent again, where a process can meet its own past.
`VISNYK_FAULTS=all` walks through larger ones. For each rule of the protocol there is a world without it, and the same
walk must find what goes wrong there.
"""

from dataclasses import replace

import pytest

from tests.support.depth import WHOLE
from tests.support.protocol import FAILED, FINAL, NOBODY, QUEUED, SENDING, SENT, Bounds, Model, Rules, World
from tests.support.walking import LOST, Walk, walk

pytestmark = pytest.mark.wide

TWICE = "more requests than one, and Telegram did not say that the first was not delivered"
FALSE_SENT = "recorded as sent, but it never arrived"
FALSE_FAILED = "recorded as failed, but it arrived"
TOO_MANY = "more is in flight for one process than its window"
PROMISES = (TWICE, FALSE_SENT, FALSE_FAILED, TOO_MANY, LOST)

THREE = Bounds(workers=3, slots=1, attempts=(2, 1))
OWN_PAST = Bounds(workers=2, slots=2, attempts=(3,), decisions=1)
SMALL = Bounds(workers=2, slots=1, attempts=(2,))
ASKING = Bounds(workers=2, slots=1, attempts=(2, 1), asks=1)
ASKED_TWICE = Bounds(workers=2, slots=1, attempts=(3,), decisions=1, asks=2)
WORLDS = [
    ("three", Bounds(workers=3, slots=1, attempts=(1, 1)), 6_778),
    ("own past", OWN_PAST, 9_664),
    ("small", SMALL, 209),
    ("asking", ASKING, 17_884),
    ("two ask, and somebody decides", ASKED_TWICE, 11_052),
]
if WHOLE:
    WORLDS += [
        ("three, two tries of one", THREE, 21_763),
        ("three, two tries of both", Bounds(workers=3, slots=1, attempts=(2, 2)), 63_149),
        ("own past, two rows", Bounds(workers=2, slots=2, attempts=(2, 1), decisions=1), 165_569),
    ]


def _walk(bounds: Bounds, rules: Rules, promises: tuple[str, ...] = PROMISES) -> Walk:
    def complaint(world: World) -> str:
        found = broken(world, bounds)
        return found if found in promises else ""

    settled = _asked if bounds.asks else _settled
    return walk(Model(bounds, rules), complaint, settled if LOST in promises else None)


def _settled(world: World) -> bool:
    return all(row.state in FINAL | {QUEUED} for row in world.rows)


def _asked(world: World) -> bool:
    """Tell whether nothing is uncertain, either: where Telegram can be asked, that ends by itself."""
    return all(row.state in {SENT, FAILED, QUEUED} for row in world.rows)


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


@pytest.mark.parametrize(("name", "bounds", "worlds"), WORLDS, ids=[name for name, _, _ in WORLDS])
def test_no_order_of_steps_breaks_a_promise(name: str, bounds: Bounds, worlds: int) -> None:
    found = _walk(bounds, Rules())
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
    ("asking_waits_for_requests", ASKING, TWICE),
    ("lost_claims_are_not_written", ASKING, TWICE),
    ("absent_is_what_telegram_says", ASKING, TWICE),
    ("found_is_the_deliverys", ASKING, FALSE_SENT),
    ("verdict_names_the_try", ASKED_TWICE, TWICE),
]


@pytest.mark.parametrize(("rule", "bounds", "complaint"), MUTANTS, ids=[rule for rule, _, _ in MUTANTS])
def test_without_any_one_rule_a_promise_is_broken(rule: str, bounds: Bounds, complaint: str) -> None:
    found = _walk(bounds, replace(Rules(), **{rule: False}), (complaint,))
    assert found.complaint == complaint
