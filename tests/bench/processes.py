"""Processes of a benchmark: the stand-in, and each contender in one of its own, so that none pays for another."""

import cProfile
import json
import os
import re
import resource
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

ROOT = Path(__file__).parents[2]
TOKEN = "7000000001:AAHbenchbenchbenchbenchbenchbench00000"


@dataclass(slots=True)
class StandIn:
    """A running stand-in."""

    address: str
    authority: str

    def ask(self, path: str) -> dict[str, Any]:
        context = ssl.create_default_context(cafile=self.authority) if self.authority else None
        with urllib.request.urlopen(f"{self.address}/{path}", context=context, timeout=10) as answer:
            return dict(json.loads(answer.read()))

    def reset(self) -> None:
        """Forget what has arrived."""
        self.ask("reset")

    def stats(self) -> dict[str, Any]:
        """Return what has arrived since the last reset."""
        return self.ask("stats")


@contextmanager
def standin(*options: str, module: str = "tests.bench.server") -> Iterator[StandIn]:
    """Serve a stand-in, or other sites, in a process of its own, on the last processor."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    _pin(process.pid, -1)
    try:
        about = json.loads(process.stdout.readline())
        scheme = "https" if about["authority"] else "http"
        yield StandIn(f"{scheme}://127.0.0.1:{about['port']}", about["authority"])
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


def run(module: str, arguments: Sequence[str], seconds: float = 600) -> dict[str, Any]:
    """Run a module that prints figures as a line of JSON, on the first processor."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    _pin(process.pid, 0)
    try:
        out, errors = process.communicate(timeout=seconds)
    finally:
        process.kill()
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{errors[-3000:]}")
    return dict(json.loads(out.splitlines()[-1]))


@dataclass(slots=True)
class Contender:
    """A way of sending in a process of its own, which stays for all rounds: loading it takes longer than a round."""

    process: "subprocess.Popen[str]"

    def run(self, **options: object) -> dict[str, Any] | None:
        """Let it send once; returns the figures, or None when its package is absent."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(options) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a contender ended; its complaint is above")
        figures = dict(json.loads(line))
        return None if "absent" in figures else figures


@contextmanager
def contenders(names: Sequence[str]) -> Iterator[dict[str, Contender]]:
    """Start the contenders, each on the first processor."""
    command = [sys.executable, "-m", "tests.bench.contenders"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    there = {
        name: Contender(subprocess.Popen([*command, name.partition("+")[0], "--wait"], cwd=ROOT, text=True, **pipes))
        for name in names
    }
    try:
        for contender in there.values():
            _pin(contender.process.pid, 0)
        yield there
    finally:
        for contender in there.values():
            contender.process.communicate()


def _pin(pid: int, processor: int) -> None:
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(available) > 1:
        os.sched_setaffinity(pid, {available[processor]})


def peak_megabytes() -> float:
    """Return this program's largest memory so far; `ru_maxrss` would count what its parent had when it started it."""
    try:
        of_program = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    except OSError:
        of_program = None
    return (int(of_program[1]) if of_program else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


@dataclass(slots=True)
class Meter:
    """Processor time and wall time of a stretch of this process."""

    cpu: float = 0.0
    wall: float = 0.0
    profile: ClassVar[cProfile.Profile | None] = None

    def __enter__(self) -> Self:
        if self.profile is not None:
            self.profile.enable()
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu = time.process_time() - self.cpu
        self.wall = time.perf_counter() - self.wall
        if self.profile is not None:
            self.profile.disable()
