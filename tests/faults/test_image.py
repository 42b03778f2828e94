"""The container image without an engine: each instruction carried out in an empty folder, and the bot started from it."""

import asyncio
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.balancer import free_port
from tests.support.containerfile import Building, Layer, instructions, parted
from tests.support.depth import WHOLE
from tests.support.process import ROOT
from tests.support.standin import TOKEN, open_standin

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]

_PATIENCE = 120.0  # seconds
_MOST_MEGABYTES = 220  # of what is laid over the base image, which has 130 itself
# Tells of every file that Python opens for writing, makes, renames or takes away, but for what may be: data and /tmp.
_WATCH = """
import os, sys
def told(event, arguments):
    if event not in {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink"}:
        return
    path, *_, flags = arguments
    if event == "open" and not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return
    if isinstance(path, (str, bytes)):
        place = os.path.abspath(os.fsdecode(path))
        if not place.startswith((DATA, "/tmp/visnyk-", "/dev/")):
            os.write(2, f"WRITES {event} {place}\\n".encode())
sys.addaudithook(told)
"""


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Building:
    """What the Containerfile makes.

    What the lock file names is downloaded where it was not, by this Python from this lock file; each time in `make faults`.
    It is kept where pip keeps what it downloads, for every clone on this machine.
    """
    building = Building(ROOT, tmp_path_factory.mktemp("image"))
    kept = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "visnyk" / "layers"
    first, others = parted(instructions(ROOT / "docs" / "deploy" / "Containerfile"))
    Layer(building, first, tmp_path_factory.mktemp("layers") if WHOLE else kept).lay()
    for one in others:
        building.carry_out(one)
    return building


def _environment(image: Building, folder: Path, address: str) -> dict[str, str]:
    """Return what an engine gives a process: the image's own settings, and those of the operator."""
    home = image.root / "opt" / "visnyk"
    watched = _WATCH.replace("DATA", repr(str(home / "data")))
    (folder / "sitecustomize.py").write_text(watched, encoding="utf-8")
    own = {name: value.replace("/opt/visnyk", str(home)) for name, value in image.environment.items()}
    return own | {
        "PATH": str(home / "venv" / "bin"),
        "PYTHONPATH": str(folder),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": address,
        "HTTP_BIND": f"127.0.0.1:{free_port()}",
    }


def _lives(image: Building, environment: dict[str, str]) -> None:
    home, started = image.root / "opt" / "visnyk", time.monotonic()
    arguments = json.loads(image.said["ENTRYPOINT"]), json.loads(image.said["CMD"])
    check = json.loads(image.said["HEALTHCHECK"].partition("CMD ")[2])
    with (home.parent / "log").open("w+", encoding="utf-8") as log:
        bot = subprocess.Popen([*arguments[0], *arguments[1]], cwd=home, env=environment, stdout=log, stderr=log)
        try:
            while subprocess.run(check, cwd=home, env=environment, capture_output=True, check=False).returncode:
                assert bot.poll() is None, Path(log.name).read_text(encoding="utf-8")
                assert time.monotonic() - started < _PATIENCE
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(_PATIENCE) == 0
        finally:
            bot.kill()
    written = Path(log.name).read_text(encoding="utf-8")
    assert "Traceback" not in written
    assert [line for line in written.splitlines() if line.startswith("WRITES")] == []
    assert "/claim " in written


async def test_what_the_containerfile_makes_starts_is_healthy_writes_nothing_beside_its_data_and_stops(
    image: Building, tmp_path: Path
) -> None:
    home = image.root / "opt" / "visnyk"
    assert _megabytes(home) < _MOST_MEGABYTES
    assert (home / "data").stat().st_mode & 0o777 == 0o700
    assert not list(home.rglob("pip/__init__.py"))
    assert list((home / "bot").rglob("*.pyc")), "nobody can write them later"
    async with open_standin() as standin:
        await asyncio.to_thread(_lives, image, _environment(image, tmp_path, standin.address))


def test_a_signal_ends_it_also_while_it_loads(image: Building, tmp_path: Path) -> None:
    home, environment = image.root / "opt" / "visnyk", _environment(image, tmp_path, "http://127.0.0.1:9")
    bot = subprocess.Popen(["python", "-m", "bot", "run"], cwd=home, env=environment, stderr=subprocess.DEVNULL)
    status, started = Path(f"/proc/{bot.pid}/status"), time.monotonic()
    try:
        while not _takes(status.read_text(encoding="utf-8"), signal.SIGTERM):
            assert time.monotonic() - started < _PATIENCE
        mapped = Path(f"/proc/{bot.pid}/maps").read_text(encoding="utf-8")
        assert "uvloop" not in mapped, "it takes the signal before it has loaded"
        os.kill(bot.pid, signal.SIGTERM)
        assert bot.wait(_PATIENCE) == 0
    finally:
        bot.kill()


def _takes(status: str, number: int) -> bool:
    """Tell whether a process has a handler of its own for a signal (proc(5): SigCgt)."""
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)
