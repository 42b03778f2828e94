"""What a start costs, and what a bot weighs: this one beside the smallest bot of aiogram, in turn, on one stand-in.

A start ends with the answer to a command that has been waiting. Memory is what the process holds of its own and shared
(VmRSS, PSS where the system tells it) then, and after a thousand people have been answered. Sizes are those of the
installed packages.
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bot.sandbox.world import BOT_ID, Json, Person
from tests.bench.processes import ROOT
from tests.bench.tables import Goal, show, verdict
from tests.support.process import Process
from tests.support.standin import TOKEN, StandIn, open_standin

_FIRST = 10_000
_COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]
_AT_ONCE = 100
_SETTLED = 2.0  # seconds after the first answer, until what runs at every start has run
_OURS, _BARE = "Visnyk, SQLite", "aiogram alone"
_GOALS = {"cpu": 2.0, "idle": 1.75, "busy": 1.75}


@dataclass(slots=True)
class Figures:
    """Of one start: wall and processor seconds to the first answer, megabytes then and later, seconds per reply."""

    wall: float = 0.0
    cpu: float = 0.0
    idle: float = 0.0
    busy: float = 0.0
    reply: float = 0.0


def main(arguments: list[str]) -> int:
    """Print start-up and memory as ratios, and the sizes of what is installed."""
    parser = argparse.ArgumentParser(prog="startup")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--replies", type=int, default=1000)
    options = parser.parse_args(arguments)
    seen: dict[str, list[Figures]] = {_OURS: [], _BARE: []}
    for _ in range(options.rounds):  # in turn, so that a busy moment of the machine hits both
        # A newsroom of its own each time: the next stand-in may number updates as the one before did.
        with tempfile.TemporaryDirectory() as folder:
            _prepare(Path(folder))
            for name, module, command in ((_OURS, "bot", ("run",)), (_BARE, "tests.bench.bare_bot", ())):
                seen[name].append(asyncio.run(_measured(Path(folder), module, command, options.replies)))
    _show(seen, options.replies)
    _show_sizes()
    ratios = {name: _ratio(seen, name) for name in _GOALS}
    return verdict([Goal(f"{_NAMES[name]}, × aiogram alone", ratios[name], limit) for name, limit in _GOALS.items()])


def _prepare(folder: Path) -> None:
    """Make the database: only the very first start of all makes its tables."""
    settings = {"DATABASE_URL": f"sqlite:///{folder / 'visnyk.db'}", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "bot", "search", "x"], env=settings, cwd=folder, check=False, capture_output=True
    )


async def _measured(folder: Path, module: str, command: tuple[str, ...], replies: int) -> Figures:
    async with open_standin() as standin:
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": f"sqlite:///{folder / 'visnyk.db'}",
            "ADMINS": "1",
            "SEND_RATE": "1000",
            "SEMANTIC": "off",
        }
        process = Process(settings, folder / "bot.log", command, module, afresh=True)
        answers = _Answers(standin)
        answers.ask(1)
        began, figures = time.perf_counter(), Figures()
        try:
            await process.start()
            await answers.until(1, lambda: process.runs)
            figures.wall, figures.cpu = time.perf_counter() - began, process.cpu_seconds()
            await asyncio.sleep(_SETTLED)
            figures.idle, spent = _megabytes(process.number), process.cpu_seconds()
            while answers.asked <= replies:
                answers.ask(_AT_ONCE)
                await answers.until(answers.asked, lambda: process.runs)
            figures.busy, figures.reply = _megabytes(process.number), (process.cpu_seconds() - spent) / replies
            await process.stop()
        finally:
            await process.end()
    return figures


class _Answers:
    """People who come and say /start, and which of them have been answered."""

    def __init__(self, standin: StandIn) -> None:
        self._world = standin.world
        self._world.changed = self._note
        self._answered: set[int] = set()
        self.asked = 0

    def ask(self, number: int) -> None:
        for _ in range(number):
            person = Person(_FIRST + self.asked, f"Читач {self.asked}")
            chat = self._world.add_person(person)
            self._world.says(person, chat, {"text": "/start", "entities": _COMMAND})
            self.asked += 1

    def _note(self, change: Json) -> None:
        if change["kind"] == "message" and change["message"].get("from", {}).get("id") == BOT_ID:
            self._answered.add(change["chat"])

    async def until(self, number: int, runs: Callable[[], bool]) -> None:
        while len(self._answered) < number:
            assert runs(), "the bot has ended"
            await asyncio.sleep(0.002)


def _megabytes(pid: int) -> float:
    """Return the memory a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found is not None else 0.0


_NAMES = {
    "wall": "seconds to the first answer",
    "cpu": "processor seconds to the first answer",
    "idle": "memory after the start, MB",
    "busy": "memory after the replies, MB",
    "reply": "processor ms for a reply",
}


def _ratio(seen: dict[str, list[Figures]], figure: str) -> float:
    """Return the median of the ratios within each round."""
    pairs = zip(seen[_OURS], seen[_BARE], strict=True)
    return statistics.median(getattr(one, figure) / getattr(two, figure) for one, two in pairs)


def _show(seen: dict[str, list[Figures]], replies: int) -> None:
    rows = []
    for figure, title in _NAMES.items():
        scale = 1000 if figure == "reply" else 1
        medians = [scale * statistics.median(getattr(one, figure) for one in seen[name]) for name in (_OURS, _BARE)]
        rows.append((title, *(f"{value:.2f}" for value in medians), f"{_ratio(seen, figure):.2f}"))
    columns = (f"{replies} replies, medians of {len(seen[_OURS])} starts", _OURS, _BARE, "×")
    show("A start, and what it weighs", columns, rows)


def _show_sizes() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    ours = {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lines, re.MULTILINE)}
    bare = _with_what_it_needs("aiogram")
    sizes = {name: _installed(name) for name in ours | bare}
    total, least = (sum(sizes[name] for name in names) for names in (ours, bare))
    rows = [(f"requirements.lock, {len(ours)} packages", f"{total:.1f}", f"{total / least:.2f}")]
    rows.append((f"aiogram and what it needs, {len(bare)} packages", f"{least:.1f}", "1.00"))
    largest = sorted(ours - bare, key=lambda name: -sizes[name])[:6]
    rows += [(f"  of ours: {name}", f"{sizes[name]:.1f}", f"{sizes[name] / least:.2f}") for name in largest]
    show("Installed packages, as files of the wheels", ("what", "MB", "×"), rows)


def _with_what_it_needs(name: str) -> set[str]:
    """Return a package and what it needs without extras, by their plain names."""
    found: set[str] = set()
    waiting = [_plain(name)]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        try:
            needs = metadata.distribution(one).requires or []
        except metadata.PackageNotFoundError:
            continue
        found.add(one)
        waiting += [
            _plain(re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0]) for need in needs if "extra ==" not in need
        ]
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(name: str) -> float:
    """Return the megabytes of a package's files, without what Python compiled of them; 0 if it is not here."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return 0.0
    places = [Path(str(file.locate())) for file in files if file.suffix != ".pyc"]
    return sum(place.stat().st_size for place in places if place.is_file()) / 1e6
