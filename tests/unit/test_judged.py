"""The lists of `make mutants`: what they name is there, and a fault is found in them as it is printed."""

from pathlib import Path

import pytest

from tests.mutants.judged import LIST, Judged, judged
from tests.mutants.modules import TESTS

ROOT = Path(__file__).parents[2]
PRINTED = """      -    if a > 1:
      +    if a >= 1:"""


@pytest.mark.parametrize("module", TESTS)
def test_every_module_and_every_test_of_it_is_there(module: str) -> None:
    missing = [path for path in (module, *TESTS[module].split()) if not (ROOT / path).is_file()]
    assert missing == []


def test_every_fault_that_may_survive_stands_in_its_module_and_has_a_reason() -> None:
    listed = list(judged(LIST.read_text("utf-8")))
    assert listed
    for one in listed:
        lines = {line.strip() for line in (ROOT / one.module).read_text("utf-8").splitlines()}
        assert one.module in TESTS
        assert one.why
        assert one.before, one
        assert set(one.before) <= lines, f"{one.module} has no such lines any more: {one.before}"


@pytest.mark.parametrize(
    ("module", "shown", "found"),
    [
        ("bot/a.py", PRINTED, True),
        ("bot/a.py", PRINTED.replace("    if", "if"), True),  # it was moved into another block
        ("bot/b.py", PRINTED, False),
        ("bot/a.py", PRINTED.replace(">=", "<"), False),
        ("bot/a.py", PRINTED.replace("a >", "b >"), False),
        ("bot/a.py", "      -    B = 5\n      +    B = 6", True),  # every fault of that line
        ("bot/a.py", "      -    B = 6\n      +    B = 7", False),
    ],
)
def test_a_fault_is_looked_for_as_it_is_printed(module: str, shown: str, found: bool) -> None:
    text = f"# a remark\nbot/a.py\n    the same\n{PRINTED}\n    tuning\n      -    B = 5\n"
    listed = list(judged(text))
    assert [(one.module, one.why) for one in listed] == [("bot/a.py", "the same"), ("bot/a.py", "tuning")]
    assert listed[1] == Judged("bot/a.py", "tuning", ("B = 5",), ())
    assert any(one.covers(module, shown) for one in listed) is found
