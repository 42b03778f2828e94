"""What is decided about a send while it goes out, in every order of looks and commits (tests/support/protocol_control.py).

For each rule there is a world without it, and the same walk must find what goes wrong there.
"""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.protocol_control import (
    DIGESTED,
    DROPPED,
    LINE,
    PARKED,
    QUEUED,
    SENDING,
    SENT,
    STOPPED,
    STOPPING,
    Model,
    Rules,
    World,
)
from tests.support.walking import walk

TWICE = "went out more often than anybody decided"
OVERRULED = "began although its send was paused or stopped"
LEFT_OVER = "a stop has ended, and something of it still waits or goes out"
OLD_COPY = "a copy of an old revision, and nobody looks for it any more"

TOGETHER = frozenset({"claim", "follow", "expire", "digest"})


def broken(world: World) -> str:
    """Return which promise a world breaks; empty when none."""
    if any(row.out > 1 + row.again for row in world.rows):
        return TWICE
    if world.overruled:
        return OVERRULED
    if world.under_way:
        return ""
    if world.send == STOPPED and any(row.state in {QUEUED, PARKED, LINE, SENDING} for row in world.rows):
        return LEFT_OVER
    old = [row for row in world.rows if row.state == SENT and row.revision < world.revision and not row.edited]
    return OLD_COPY if old and not world.spreading else ""


def settled(world: World) -> bool:
    """Tell whether everything has been decided and nothing is under way."""
    done = all(row.state in {SENT, DROPPED, DIGESTED} for row in world.rows)
    return done and not world.under_way and not world.spreading and world.send != STOPPING


def test_no_order_of_looks_and_commits_breaks_a_promise() -> None:
    found = walk(Model(Rules()), broken, settled)
    assert (found.complaint, found.way) == ("", ())
    assert found.worlds == 20_164, "the model has changed: see that it still says what the product does"


MUTANTS: list[tuple[dict[str, Any], str]] = [
    ({"without_turn": TOGETHER, "changes_name_the_state": False}, TWICE),
    ({"without_turn": frozenset({"claim"})}, LEFT_OVER),
    ({"without_turn": frozenset({"follow"})}, LEFT_OVER),
    ({"without_turn": frozenset({"recover"})}, LEFT_OVER),
    ({"without_turn": frozenset({"correct", "spread"})}, OLD_COPY),
    ({"claim_asks_the_send": False}, OVERRULED),
    ({"stop_waits_for_what_moves": False}, LEFT_OVER),
    ({"asks_before_it_looks": False}, OLD_COPY),
    ({"late_truth_owes_an_edit": False}, OLD_COPY),
    ({"late_retry_stops_again": False}, LEFT_OVER),
]


@pytest.mark.parametrize(("rules", "complaint"), MUTANTS, ids=[" ".join(rules) for rules, _ in MUTANTS])
def test_without_any_one_rule_a_promise_is_broken(rules: dict[str, Any], complaint: str) -> None:
    assert walk(Model(replace(Rules(), **rules)), broken).complaint == complaint
