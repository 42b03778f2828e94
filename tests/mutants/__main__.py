"""`python -m tests.mutants [MODULE…] [--each N] [--seed N] [--minutes N]`: plants faults, runs tests, prints the scores.

Each fault is planted in a copy of the code, never in the code itself. What is known is kept in `.mutants/`: a run that
was interrupted goes on where it was, and a module begins anew when it or its tests have changed.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.mutants import runs
from tests.mutants.judged import LIST, Judged, judged
from tests.mutants.modules import TESTS
from tests.mutants.plan import Mutant, sample


@dataclass(frozen=True, slots=True)
class Session:
    """Which test noticed each fault, a line each: added as it becomes known, so that nothing of it is lost.

    It holds as long as the module and that test's file are the same; of a fault that nobody noticed, all the tests.
    """

    path: Path = runs.SCRATCH / "session.jsonl"
    _lines: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def load(self) -> None:
        """Read what earlier runs found out."""
        if self.path.exists():
            for line in self.path.read_text("utf-8").splitlines():
                key, noticed, stamp = json.loads(line)
                self._lines[key] = (noticed, stamp)

    def holds(self, key: str, files: list[str]) -> bool:
        """Tell whether it is known what becomes of a fault."""
        noticed, stamp = self._lines.get(key, (None, ""))
        return stamp == _stamp(noticed, files)

    def noticed(self, key: str) -> str | None:
        """Return which test noticed a fault the last time it was planted; None when none did."""
        return self._lines.get(key, (None, ""))[0]

    def note(self, key: str, noticed: str | None, files: list[str]) -> None:
        """Keep which test noticed a fault; None when none did."""
        self._lines[key] = (noticed, _stamp(noticed, files))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, *self._lines[key]]) + "\n")


def _stamp(noticed: str | None, files: list[str]) -> str:
    return _hash([(noticed or "").partition("::")[0]] if noticed is not None and "::" in noticed else files)


def _hash(paths: list[str]) -> str:
    texts = [(runs.ROOT / path).read_text("utf-8") if (runs.ROOT / path).is_file() else "" for path in paths]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the faults planted in a module."""

    planted: int = 0
    noticed: int = 0
    judged: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.planted + other.planted, self.noticed + other.noticed, self.judged + other.judged)

    def __str__(self) -> str:
        return f"| {self.planted} | {self.noticed} | {self.judged} |"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What is planted, what may survive, and when to stop: a moment of the monotonic clock."""

    session: Session
    allowed: list[Judged]
    each: int
    seed: int
    deadline: float

    def examine(self, module: str) -> Score | None:
        """Plant a sample of faults in a module. None when its tests fail as it is, or time is over."""
        source = (runs.ROOT / module).read_text("utf-8")
        faults = sample(source, self.each, f"{self.seed}:{module}")
        known = self._known(module, source, faults)
        if known is None:
            return None
        survivors = [fault for fault in faults if known[fault] is None]
        excused = [fault for fault in survivors if self._excused(module, fault.shown(source))]
        for fault in sorted(set(survivors) - set(excused), key=lambda one: one.line):
            print(f"    line {fault.line}, {fault.operator}:\n{fault.shown(source)}")
        score = Score(len(faults), len(faults) - len(survivors), len(excused))
        print(f"    {score.planted} planted, {score.noticed} noticed, {score.judged} judged to be nothing", flush=True)
        return score

    def _known(self, module: str, source: str, faults: list[Mutant]) -> dict[Mutant, str | None] | None:
        print(module, flush=True)
        files, session = TESTS[module].split(), self.session
        state = _hash([module, "tests/mutants/plan.py", "tests/mutants/operators.py"])
        keys = {fault: f"{state} {module} {fault.operator} {fault.occurrence}" for fault in faults}
        unknown = [fault for fault, key in keys.items() if not session.holds(key, files)]
        reach = runs.reach(module, files) if unknown else None
        if unknown and reach is None:
            print(f"    the tests fail as it is: {runs.SCRATCH / 'last.txt'}")
            return None
        for fault in unknown:
            if time.monotonic() > self.deadline:
                print("    the time is over: the next run goes on here")
                return None
            assert reach is not None
            before = session.noticed(keys[fault])
            tests = sorted(reach.of(fault.line, source), key=lambda test: test != before)
            session.note(keys[fault], _noticed(module, source, fault, tests, reach), files)
        return {fault: session.noticed(key) for fault, key in keys.items()}

    def _excused(self, module: str, shown: str) -> bool:
        return any(one.covers(module, shown) for one in self.allowed)


def _noticed(module: str, source: str, fault: Mutant, tests: list[str], reach: runs.Reach) -> str | None:
    if not tests:
        return None
    with runs.planted(module, fault.planted(source)):
        return runs.noticed_by(tests, 20 + 4 * sum(reach.seconds[test] for test in tests))


def _table(scores: dict[str, Score | None]) -> Iterator[str]:
    """Give the scores as the table in docs/CONTRIBUTING.md has them."""
    today = datetime.now(UTC).date()
    known = {module: score for module, score in scores.items() if score is not None}
    yield "| module | planted | noticed | judged equal | date |"
    yield "|---|---|---|---|---|"
    for module, score in known.items():
        yield f"| {module} {score} {today} |"
    yield f"| together {sum(known.values(), Score())} {today} |"


def main(arguments: list[str]) -> int:
    """Examine the modules that are named, or all; the exit status tells whether all could be."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="part of a path, such as relevance/")
    parser.add_argument("--each", type=int, default=12, help="faults planted in each module (12)")
    parser.add_argument("--seed", type=int, default=0, help="another seed is another sample (0)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after these; the next run goes on")
    options = parser.parse_args(arguments)
    chosen = [one for one in TESTS if not options.modules or any(part in one for part in options.modules)]
    os.nice(10)
    runs.prepare()
    programme = Programme(
        session=Session(),
        allowed=list(judged(LIST.read_text("utf-8"))),
        each=options.each,
        seed=options.seed,
        deadline=time.monotonic() + options.minutes * 60,
    )
    programme.session.load()
    scores = {one: programme.examine(one) for one in chosen}
    print("", *_table(scores), sep="\n")
    return 0 if all(scores.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
