"""Whether related items are found by meaning, too: what the setting says, what was said by hand, what is free."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from bot.ports import EmbeddingStore

Setting = Literal["auto", "on", "off"]

NEEDED_MB = 300  # what must be free: the model's process takes 100, the bot a few more, and others want to live, too
AUTO = "auto"
"""What stands in the switch where nobody turned it: a later start may choose otherwise."""
_MB = 1024 * 1024


class Reason(StrEnum):
    """Why it is on or off."""

    SETTING = "setting"  # SEMANTIC says so
    HAND = "hand"  # `python -m bot semantic on` or `off`
    ROOM = "room"  # there is enough free memory, or not enough
    MISSING = "missing"  # the model is not installed
    UNKNOWN = "unknown"  # this machine does not tell how much memory is free


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether meaning counts, and why; `free` is the free memory in megabytes, where it is known."""

    on: bool
    reason: Reason
    free: int | None = None


def chosen(setting: Setting, switch: object, *, installed: bool, free: int | None) -> Choice:
    """Return what holds, from the setting, the newsroom's switch, and what there is on this machine."""
    if setting == "off":
        return Choice(on=False, reason=Reason.SETTING, free=free)
    if not installed:
        return Choice(on=False, reason=Reason.MISSING, free=free)
    if setting == "on":
        return Choice(on=True, reason=Reason.SETTING, free=free)
    if isinstance(switch, bool):
        return Choice(on=switch, reason=Reason.HAND, free=free)
    if free is None:
        return Choice(on=False, reason=Reason.UNKNOWN)
    return Choice(on=free >= NEEDED_MB, reason=Reason.ROOM, free=free)


async def choose(
    setting: Setting, store: EmbeddingStore, now: datetime, *, installed: bool, free: int | None
) -> Choice:
    """Choose anew, and turn the newsroom's switch where it was not turned by hand. May be repeated.

    Where the model is missing, or the setting is off, the switch stays: other processes of the newsroom may have it,
    and what they have read serves this one.
    """
    choice = chosen(setting, await store.switch(), installed=installed, free=free)
    if choice.reason is Reason.SETTING and choice.on:
        await store.turn_on(now)
    elif choice.reason in {Reason.ROOM, Reason.UNKNOWN}:
        await store.choose(now, on=choice.on)
    return choice


def free_megabytes(root: Path = Path("/")) -> int | None:
    """Return how much memory is free, in megabytes: of the machine, or of the container's or unit's share of it.

    None where that is not told: what tells it is Linux's (proc(5), cgroups(7)).
    """
    machine = re.search(r"^MemAvailable:\s+(\d+) kB", _read(root / "proc/meminfo"), re.MULTILINE)
    if machine is None:
        return None
    shares = [own for folder in _groups(root) if (own := _left(folder)) is not None]
    return min([int(machine[1]) * 1024, *shares]) // _MB


def _groups(root: Path) -> list[Path]:
    """Return the folders of the group this process is in, and of those around it."""
    base = root / "sys/fs/cgroup"
    own = re.search(r"^0::/(.*)$", _read(root / "proc/self/cgroup"), re.MULTILINE)
    inner = base / own[1] if own is not None else base
    around = [folder for folder in (inner, *inner.parents) if folder == base or base in folder.parents]
    return [*around, base / "memory"]


def _left(folder: Path) -> int | None:
    """Return the bytes a group may still take; None where it has no bound. What it keeps of files can be let go."""
    for most, taken in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
        bound, used = _read(folder / most).strip(), _read(folder / taken).strip()
        if bound.isdigit() and used.isdigit():
            files = re.search(r"^(?:total_)?inactive_file (\d+)$", _read(folder / "memory.stat"), re.MULTILINE)
            return max(0, int(bound) - int(used) + (int(files[1]) if files is not None else 0))
    return None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
