"""A folder of backups: each whole and on the disk under its name, or not there under it at all."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

_NAME = "visnyk-{:%Y%m%dT%H%M%SZ}.db"
_ALL = "visnyk-????????T??????Z.db"
_DAY = 86_400
_BESIDE = ("", "-journal", "-wal", "-shm")


class BackupFolder:
    """The folder. Its methods raise OSError where the disk does not do what is asked."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, at: datetime) -> Path:
        """Return where a backup is to be written: a name that nobody takes for a backup. What was cut off is gone."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in self.path.glob(f"{_ALL}.part*"):
            if at.timestamp() - old.stat().st_mtime > _DAY:  # nobody writes it any more
                old.unlink(missing_ok=True)
        part = self.path / f"{_NAME.format(at)}.part{os.getpid()}"
        self.forget(part)
        return part

    def finish(self, part: Path) -> Path:
        """Give what was written and checked its name, when it is on the disk; returns where it is."""
        _to_the_disk(part)
        whole = part.with_suffix("")
        part.replace(whole)
        with suppress(OSError):  # of a folder not every system does it
            _to_the_disk(self.path)
        return whole

    def forget(self, part: Path) -> None:
        """Delete what is left of a backup that was cut off, and what SQLite put beside it."""
        for ending in _BESIDE:
            part.with_name(part.name + ending).unlink(missing_ok=True)

    def rotate(self, keep: int) -> None:
        """Delete all but the newest so many backups."""
        for old in sorted(self.path.glob(_ALL))[:-keep]:
            old.unlink(missing_ok=True)


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
