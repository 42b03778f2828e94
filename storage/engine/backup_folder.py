"""A folder of backups: each whole and on the disk under its name, or not there under it at all."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

_NAME = "visnyk-{:%Y%m%dT%H%M%SZ}"
_STEM = "visnyk-????????T??????Z"
_PLAIN, _SEALED = ".db", ".age.tar"
_SCRATCH = ".visnyk-backup-"
_LOCK, _INNER = "lock", "open"
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

    def rotate(self, keep: int, newest: Path) -> None:
        """Delete all but the newest so many backups, `newest` and those before it.

        Those that are named after a later time were made by a clock that was ahead, and are older than all others.
        """
        whole = [one for ending in (_PLAIN, _SEALED) for one in self.path.glob(f"{_STEM}{ending}")]
        for old in sorted(whole, key=lambda one: (one.name <= newest.name, one.name))[:-keep]:
            old.unlink(missing_ok=True)


@contextmanager
def scratch(beside: Path | None) -> Iterator[Path]:
    """Make a folder for what is not encrypted yet, or is no more, and delete it at the end.

    In a folder that is named, else where this machine has such things (TMPDIR); nobody else can look into it. What
    is in it when the process is killed, `sweep` deletes.

    Raises:
        OSError: it cannot be made.

    """
    sweep(beside)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=_parent(beside), ignore_cleanup_errors=True) as folder:
        lock = FileLock(Path(folder) / _LOCK, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:  # somebody who sweeps was quicker; the next try finds another name
            raise OSError(f"{folder} is being deleted") from error
        try:
            # Only what is made when the lock is held can hold anything that others should not read.
            inner = Path(folder) / _INNER
            inner.mkdir(mode=0o700)
            yield inner
        finally:
            lock.release()


def sweep(beside: Path | None) -> None:
    """Delete the folders that processes made which are gone, killed in the middle; may be repeated.

    The lock of one who lives is held, however slow it is. Of what cannot be looked at, nothing is touched.
    """
    for parent in {*_temporary(), *([beside] if beside else ())}:
        with suppress(OSError):  # of a folder that nobody lets us into
            for old in parent.glob(f"{_SCRATCH}*"):
                with suppress(OSError, Timeout):
                    _sweep(old)


def _sweep(old: Path) -> None:
    there = old.lstat()
    ours = there.st_uid == getattr(os, "geteuid", lambda: there.st_uid)()
    if not stat.S_ISDIR(there.st_mode) or not ours:  # where TMPDIR points, others may put something, too
        return
    if not (old / _LOCK).exists():
        if time.time() - there.st_mtime > _DAY:  # being made, or made by an older program
            shutil.rmtree(old)
        return
    with FileLock(old / _LOCK, timeout=0, thread_local=False):
        shutil.rmtree(old)


def _parent(beside: Path | None) -> Path:
    return beside or Path(tempfile.gettempdir())


def _temporary() -> list[Path]:
    """Return where `tempfile` may put things: it writes to find out where it can, and whoever sweeps writes nothing."""
    named = map(os.environ.get, ("TMPDIR", "TEMP", "TMP"))
    usual = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108  nothing is put there by this name
    return [Path(place) for place in (*named, *usual) if place]


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
