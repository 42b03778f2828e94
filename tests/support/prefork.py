"""Processes of the bot that are there at once: forked from one that has imported everything, dictionaries too.

A bot imports for as long as hundreds of kills and starts take altogether, so the tests of kills fork it: the same
program, with a memory, signals and an end of its own. What a start itself costs or says is tested with real starts.
"""

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NoReturn

from tests.support.waiting import Allowance

ROOT = Path(__file__).parents[2]
_MOST = 1 << 16  # bytes of one request
_STREAMS = 3  # standard input, output, errors; behind them comes the pipe that tells the number and the end


@dataclass(slots=True)
class Child:
    """One process, as `subprocess.Popen` shows it; how it ended comes through a pipe from the one that waits for it."""

    pid: int
    stdin: IO[bytes]
    _end: int
    returncode: int | None = field(default=None)

    def poll(self) -> int | None:
        """Return its exit status, minus the signal that killed it, None while it runs."""
        if self.returncode is None and select.select([self._end], [], [], 0)[0]:
            status = int(os.read(self._end, 32))
            self.returncode = os.waitstatus_to_exitcode(status)
            os.close(self._end)
        return self.returncode

    def wait(self, seconds: float) -> int:
        """Wait for its end, so long at most; returns its exit status."""
        allowance = Allowance(seconds)
        while (status := self.poll()) is None:
            assert not allowance.over, "it does not end"
            select.select([self._end], [], [], 1)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def start_afresh(
    module: str, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], log: int
) -> "subprocess.Popen[bytes]":
    """Start `python -m module …` as an operator does, interpreter and imports included."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, 0, cwd=cwd, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log)


@dataclass(slots=True)
class Prefork:
    """The process that has imported everything."""

    _ours: socket.socket
    _process: "subprocess.Popen[bytes]"

    def spawn(
        self,
        module: str,
        arguments: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        log: int,
        errors: int | None = None,
    ) -> Child:
        """Start `python -m module …`; it writes into the file `log`, and its errors there, too, or into another."""
        asked, typed = os.pipe()
        told, tells = os.pipe()
        request = {"module": module, "arguments": list(arguments), "cwd": str(cwd), "environment": dict(environment)}
        try:
            socket.send_fds(
                self._ours, [json.dumps(request).encode()], [asked, log, log if errors is None else errors, tells]
            )
        finally:
            os.close(asked)
            os.close(tells)
        return Child(int(os.read(told, 32)), os.fdopen(typed, "wb", 0), told)

    def run(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], given: bytes, seconds: float = 60
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run `python -m bot …` to its end, as `subprocess.run` does."""
        with TemporaryFile() as output, TemporaryFile() as errors:
            child = self.spawn("bot", arguments, cwd, environment, output.fileno(), errors.fileno())
            with suppress(BrokenPipeError):
                child.stdin.write(given)
            child.stdin.close()
            status = child.wait(seconds)
            for written in (output, errors):
                written.seek(0)
            return subprocess.CompletedProcess(["bot", *arguments], status, output.read(), errors.read())

    def end(self) -> None:
        self._ours.close()
        self._process.wait()


@cache
def prefork() -> Prefork:
    """Return this process's one, which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.support.prefork", str(theirs.fileno())]
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    made = Prefork(ours, process)
    atexit.register(made.end)
    return made


def _serve(asked: socket.socket) -> None:
    """Fork for each request one that waits and, from that, the bot."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    while True:
        content, files, _, _ = socket.recv_fds(asked, _MOST, _STREAMS + 1)
        if not content:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asked.close()
            _wait_for(json.loads(content), files)
        for file in files:
            os.close(file)


def _wait_for(request: dict[str, object], files: list[int]) -> NoReturn:
    child = os.fork()
    if child == 0:
        _become(request, files)
    for file in files[:_STREAMS]:
        os.close(file)
    os.write(files[_STREAMS], f"{child}\n".encode().ljust(32))
    _, status = os.waitpid(child, 0)
    os.write(files[_STREAMS], f"{status}\n".encode().ljust(32))
    os._exit(0)


def _become(request: dict[str, object], files: list[int]) -> NoReturn:
    for stream, file in enumerate(files[:_STREAMS]):
        os.dup2(file, stream)
    os.closerange(_STREAMS, max(files) + 1)
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[call-overload]
    more = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder not in ("", *sys.path)]
    sys.path[:0] = more
    for folder in more:  # what a new interpreter would have run by itself
        if (first := Path(folder) / "sitecustomize.py").exists():
            runpy.run_path(str(first))
    time.tzset()
    os.chdir(str(request["cwd"]))
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    arguments = request["arguments"]
    assert isinstance(arguments, list)
    sys.argv = [str(request["module"]), *arguments]
    os._exit(_run(str(request["module"])))


def _run(module: str) -> int:
    """Run a module to its end, and all that has to be done at an end but for taking apart what was imported."""
    status: object = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    except BaseException:  # noqa: BLE001  what the interpreter does with it
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status if isinstance(status, int) else int(status is not None)


if __name__ == "__main__":
    import alembic.command  # noqa: F401  what a start loads late is loaded once, here
    import psycopg  # noqa: F401

    import bot.app
    import bot.cli.parser
    import bot.sandbox.server  # noqa: F401
    from bot.relevance.lemmas import terms_of
    from bot.telegram.menus import menus

    menus("uk", [])
    from aiogram.types import Update  # the bot has loaded it, in its own way

    assert not Update.__pydantic_complete__, "aiogram has completed all its types: it was loaded before bot"
    Update.model_rebuild()
    for language, word in (("uk", "міста"), ("en", "cities")):
        terms_of(word, "", "", language)  # what the dictionaries say is loaded with the first word asked for
    gc.freeze()  # nobody's collector has to look through it again
    _serve(socket.socket(fileno=int(sys.argv[1])))
