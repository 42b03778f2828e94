"""Runs tests on the copy of the code that faults are planted in, each time in a process of its own."""

import ast
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import waiting

ROOT = Path(__file__).parents[2]
SCRATCH = ROOT / ".mutants"
TREE = SCRATCH / "tree"
_COPIED = ("bot", "docs", "handlers", "storage", "tests")
_PLUGINS = ("pytest_asyncio.plugin", "pytest_timeout")
_HEAVY = ("tests.support.newsroom", "tests.conftest", "hypothesis.stateful", "coverage", *_PLUGINS)
_LONGEST = 30  # seconds of tests for a fault that none of them notices; the quickest are run first
_REACH = SCRATCH / "reach.json"
_NOTICED = SCRATCH / "noticed.txt"
_stamps = iter(range(1_000_000_000, 2_000_000_000))


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests execute which line of a module, and how many seconds each computes."""

    lines: dict[str, list[str]]
    seconds: dict[str, float]

    def of(self, line: int, source: str) -> list[str]:
        """Return the tests that execute a line, the quickest first: all that use the module where it is being made."""
        span = _statement(line, source)
        numbers = self.lines if span is None else [str(number) for number in span]
        tests = {test for number in numbers for test in self.lines.get(number, ())}
        return self._in_time(sorted(tests, key=lambda test: (self.seconds[test], test)))

    def _in_time(self, tests: list[str]) -> list[str]:
        left, chosen = float(_LONGEST), []
        for test in tests:
            left -= self.seconds[test]
            if left > 0 or not chosen:
                chosen.append(test)
        return chosen


def prepare() -> None:
    """Copy the code to where faults are planted; import what takes longest, for every process that is forked."""
    SCRATCH.mkdir(exist_ok=True)
    shutil.rmtree(TREE, ignore_errors=True)
    for folder in _COPIED:
        shutil.copytree(ROOT / folder, TREE / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md"):
        shutil.copy2(ROOT / file, TREE / file)
    for name in _HEAVY:
        importlib.import_module(name)
    _forget(*_COPIED)


def _forget(*packages: str) -> None:
    """Have packages imported anew, as the copy has them; what they need of others stays."""
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]


@contextmanager
def planted(module: str, source: str) -> Iterator[None]:
    """Hold a fault in a module of the copy."""
    path = TREE / module
    before = path.read_text("utf-8")
    _write(path, source)
    try:
        yield
    finally:
        _write(path, before)


def _write(path: Path, source: str) -> None:
    path.write_text(source, encoding="utf-8")
    stamp = next(_stamps)  # a time that no compiled file has seen
    os.utime(path, (stamp, stamp))


def reach(module: str, tests: list[str]) -> Reach | None:
    """Run tests on the code as it is, and look what they execute of a module. None when any fails."""
    _REACH.unlink(missing_ok=True)
    if _forked(tests, 900, [_Watched(module)]) or not _REACH.exists():
        return None
    return Reach(**json.loads(_REACH.read_text("utf-8")))


def noticed_by(tests: list[str], seconds: float) -> str | None:
    """Run tests until one fails or the time is over; returns which noticed something. None when all pass.

    A fault that keeps the tests from being read is noticed as well, and one with which they do not end.
    """
    _NOTICED.unlink(missing_ok=True)
    if not _forked(tests, seconds, [_Noticing()]):
        return None
    return _NOTICED.read_text("utf-8") if _NOTICED.exists() else "none ends"


class _Noticing:
    """Writes down the first test that fails."""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            _NOTICED.write_text(report.nodeid, encoding="utf-8")


class _Watched:
    """Follows which test executes which lines of a module, and how long each computes: a busy machine makes none longer."""

    def __init__(self, module: str) -> None:
        coverage = importlib.import_module("coverage")
        self._path = str(TREE / module)
        self._tracer = coverage.Coverage(
            data_file=None, config_file=False, include=[self._path], concurrency=["thread", "greenlet"]
        )
        self._seconds: dict[str, float] = {}
        self._began = 0.0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if not self._seconds:
            self._tracer.start()
        self._began = time.process_time()
        self._tracer.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._seconds[report.nodeid] = time.process_time() - self._began

    def pytest_sessionfinish(self) -> None:
        self._tracer.stop()
        found = self._tracer.get_data().contexts_by_lineno(self._path)
        lines = {str(line): [test for test in tests if test] for line, tests in found.items()}
        _REACH.write_text(json.dumps({"lines": lines, "seconds": self._seconds}), encoding="utf-8")


def _forked(tests: list[str], seconds: float, plugins: list[Any]) -> bool:
    """Tell whether any test fails or does not end in time. A fork finds the libraries imported already."""
    child = os.fork()
    if child == 0:
        os._exit(_run(tests, plugins))
    allowance = waiting.Allowance(seconds)  # a busy machine makes no fault noticed
    while not allowance.over:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run(tests: list[str], plugins: list[Any]) -> int:
    os.setsid()
    os.chdir(TREE)
    output = os.open(SCRATCH / "last.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    _forget("tests")
    sys.path[:] = [str(TREE), *(path for path in sys.path if path not in ("", str(ROOT)))]
    options = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not thorough"]
    options += ["-k", "not postgresql"]  # one engine is enough for this
    options += ["-W", "ignore:Module already imported so cannot be rewritten"]
    options += [part for plugin in _PLUGINS for part in ("-p", plugin)]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # looking for plugins costs more than most tests
    if all(test.startswith("tests/unit/") for test in tests):
        options.append("--noconftest")  # it imports the whole bot, and such tests need nothing of it
    return int(importlib.import_module("pytest").main([*options, *tests], plugins=plugins))


def _statement(line: int, source: str) -> range | None:
    """Return the lines of the statement that a line is part of; None outside functions, where it runs at the import."""
    span, inside = None, False
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt) or not node.lineno <= line <= (node.end_lineno or 0):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = inside or line >= node.body[0].lineno
        body = getattr(node, "body", None)
        end = (body[0].lineno - 1 if line < body[0].lineno else 0) if body else node.end_lineno
        if end:
            span = range(node.lineno, max(node.lineno, end) + 1)  # of a compound statement its head
    return span if inside else None
