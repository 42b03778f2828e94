"""Processes of a benchmark: the stand-in, and each contender in one of its own, so that none pays for another."""

import cProfile
import json
import os
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
def standin(*options: str) -> Iterator[StandIn]:
    """Serve a stand-in in a process of its own, on the last processor."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server", *options],
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


def run(module: str, arguments: Sequence[str], seconds: float = 600) -> dict[str, Any] | None:
    """Run a module that prints one line of JSON, on the first processor; None when it says what it lacks."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    _pin(process.pid, 0)
    out, errors = process.communicate(timeout=seconds)
    if process.returncode == ABSENT:
        return None
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{errors[-3000:]}")
    return dict(json.loads(out.splitlines()[-1]))


ABSENT = 3  # exit status of a contender whose package is not installed


def _pin(pid: int, processor: int) -> None:
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(available) > 1:
        os.sched_setaffinity(pid, {available[processor]})


def peak_megabytes() -> float:
    """Return this process's largest memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
