"""`python -m tests.mutants [MODULE…] [--each N] [--seed N]`: plants faults, runs the tests, prints what was noticed.

Each fault is planted in a copy of the code, never in the code itself. What is known is kept in `.mutants/`: a run that
was interrupted goes on where it was, and a module begins anew when it or its tests have changed.
"""

import argparse
import hashlib
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.modules import TESTS
from tests.mutants.plan import Mutant, sample

ROOT = Path(__file__).parents[2]
SCRATCH = ROOT / ".mutants"
TREE = SCRATCH / "tree"
_COPIED = ("bot", "handlers", "storage", "tests")
_HEAVY = ("aiogram", "sqlalchemy.ext.asyncio", "aiohttp.web", "nh3", "babel.dates", "simplemma")
_stamps = iter(range(1_000_000_000, 2_000_000_000))


@dataclass(frozen=True, slots=True)
class Session:
    """What became of each fault, a line each: added as it becomes known, so that nothing of it is lost."""

    path: Path = SCRATCH / "session.jsonl"
    noticed: dict[str, bool] = field(default_factory=dict)

    def load(self) -> None:
        """Read what earlier runs found out."""
        if self.path.exists():
            self.noticed.update(tuple(json.loads(line)) for line in self.path.read_text("utf-8").splitlines())

    def note(self, key: str, *, noticed: bool) -> None:
        """Keep what became of a fault."""
        self.noticed[key] = noticed
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, noticed]) + "\n")


def copy_tree() -> None:
    """Copy the code to where faults are planted."""
    for folder in _COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, TREE / folder, ignore=ignored, dirs_exist_ok=True)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy2(ROOT / file, TREE / file)


def write(module: str, source: str) -> None:
    """Write a module of the copy, with a time that no compiled file has seen."""
    path = TREE / module
    path.write_text(source, encoding="utf-8")
    stamp = next(_stamps)
    os.utime(path, (stamp, stamp))


def tests_fail(tests: str, seconds: float) -> bool:
    """Run tests on the copy in a process of their own; tells whether any fails or does not end in time.

    A fork finds the libraries imported already, which takes longer than most tests. One engine is enough for this.
    """
    child = os.fork()
    if child == 0:
        os._exit(_run(tests))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run(tests: str) -> int:
    os.setsid()
    os.chdir(TREE)
    output = os.open(SCRATCH / "last.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]  # the copy's own are meant
    sys.path[:] = [str(TREE), *(path for path in sys.path if path not in ("", str(ROOT)))]
    paths, options = tests.split(), ["-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql"]
    if all(path.startswith("tests/unit/") for path in paths):
        options.append("--noconftest")  # it imports the whole bot, and such tests need nothing of it
    return int(importlib.import_module("pytest").main([*options, *paths]))


def examine(module: str, session: Session, each: int, seed: int) -> tuple[int, int] | None:
    """Plant a sample of faults in a module; returns how many were noticed of how many. None when its tests fail."""
    source = (ROOT / module).read_text("utf-8")
    tests = TESTS[module]
    read = (*tests.split(), "tests/mutants/plan.py", "tests/mutants/operators.py")
    texts = [source, *((ROOT / path).read_text("utf-8") for path in read)]
    state = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    mutants = sample(source, each, f"{seed}:{module}")
    known = {mutant: session.noticed.get(_key(module, state, mutant)) for mutant in mutants}
    print(f"{module}", flush=True)
    if None in known.values():
        begun = time.monotonic()
        if tests_fail(tests, 600):
            print(f"    the tests fail as it is: {SCRATCH / 'last.txt'}")
            return None
        patience = 10 + 4 * (time.monotonic() - begun)
        for mutant in (mutant for mutant, noticed in known.items() if noticed is None):
            write(module, mutant.planted(source))
            known[mutant] = tests_fail(tests, patience)
            session.note(_key(module, state, mutant), noticed=known[mutant])
        write(module, source)
    for mutant in _survivors(known):
        print(f"    line {mutant.line}, {mutant.operator}:\n{mutant.shown(source)}")
    noticed = sum(map(bool, known.values()))
    print(f"    {noticed} of {len(mutants)} noticed", flush=True)
    return noticed, len(mutants)


def _key(module: str, state: str, mutant: Mutant) -> str:
    return f"{module} {state} {mutant.operator} {mutant.occurrence}"


def _survivors(known: dict[Mutant, bool | None]) -> Iterator[Mutant]:
    return (mutant for mutant in sorted(known, key=lambda one: one.line) if not known[mutant])


def main(arguments: list[str]) -> int:
    """Examine the modules that are named, or all; the exit status tells whether their tests could be run."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="part of a path, such as relevance/")
    parser.add_argument("--each", type=int, default=12, help="faults planted in each module (12)")
    parser.add_argument("--seed", type=int, default=0, help="another seed is another sample (0)")
    options = parser.parse_args(arguments)
    chosen = [one for one in TESTS if not options.modules or any(part in one for part in options.modules)]
    os.nice(10)
    SCRATCH.mkdir(exist_ok=True)
    shutil.rmtree(TREE, ignore_errors=True)
    copy_tree()
    for name in _HEAVY:
        importlib.import_module(name)
    session = Session()
    session.load()
    scores = {one: examine(one, session, options.each, options.seed) for one in chosen}
    counted = [score for score in scores.values() if score is not None]
    print()
    for one, score in scores.items():
        print(f"{one:42} " + (f"{score[0]:3} of {score[1]:3}" if score else "not run"))
    print(f"{'together':42} {sum(n for n, _ in counted):3} of {sum(n for _, n in counted):3}")
    return 0 if len(counted) == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
