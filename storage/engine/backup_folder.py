"""A folder of backups: each whole and on the disk under its name, or not there under it at all."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

_NAME = "visnyk-{:%Y%m%dT%H%M%SZ}"
_STEM = "visnyk-????????T??????Z"
_PLAIN, _SEALED = ".db", ".age.tar"
_SCRATCH = ".visnyk-backup-"
_DAY = 86_400
_BESIDE = ("", "-journal", "-wal", "-shm")


class BackupFolder:
    """The folder. Its methods raise OSError where the disk does not do what is asked."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, at: datetime, *, sealed: bool = False) -> Path:
        """Return where a backup is to be written: a name that nobody takes for a backup. What was cut off is gone."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in self.path.glob(f"{_STEM}.*.part*"):
            if at.timestamp() - old.stat().st_mtime > _DAY:  # nobody writes it any more
                old.unlink(missing_ok=True)
        part = self.path / f"{_NAME.format(at)}{_SEALED if sealed else _PLAIN}.part{os.getpid()}"
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
        whole = [one for ending in (_PLAIN, _SEALED) for one in self.path.glob(f"{_STEM}{ending}")]
        for old in sorted(whole, key=lambda one: one.name)[:-keep]:
            old.unlink(missing_ok=True)


@contextmanager
def scratch(beside: Path | None) -> Iterator[Path]:
    """Make a folder for what is not encrypted yet, or is no more, and delete it; what was cut off before is gone, too.

    In a folder that is named, else where this machine has such things (TMPDIR); nobody else can look into it.
    """
    parent = beside or Path(tempfile.gettempdir())
    for old in parent.glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _DAY:
                shutil.rmtree(old)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
