"""An SQLite database as a file: held by one process, known again, and watched while it is open."""

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import ConfigError
from bot.model.trouble import Trouble

if sys.platform == "linux":
    import fcntl

_MAGIC = b"SQLite format 3\0"
_COPIES = 3  # of those made before the tables were changed


class DatabaseFile:
    """The file. It is never opened and closed here beside SQLite: with that its locks would be gone (POSIX)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._locks: list[FileLock] = []
        self._open: int | None = None
        self._mark: tuple[int, int] | None = None
        self._size = 0

    @property
    def is_held(self) -> bool:
        """Whether this process holds the file."""
        return self._open is not None

    def is_held_elsewhere(self) -> bool:
        """Tell whether another process holds the file."""
        real = self.path.resolve()
        beside = real.with_name(f"{real.name}.lock")
        if self.is_held or not beside.exists():
            return False
        try:
            with FileLock(beside, timeout=0):
                return False
        except Timeout:
            return True

    def hold(self) -> None:
        """Lock the file for this process, making it if it is not there; the lock ends with the process, however.

        By whatever name the file is reached, and whatever is deleted beside it. A second call does nothing.

        Raises:
            ConfigError: another process holds it.
            OSError: it cannot be opened for writing, nor its folder be written to.

        """
        if self._open is not None:
            return
        real = self.path.resolve()
        self._lock(real.with_name(f"{real.name}.lock"))
        try:
            self._open = os.open(real, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            there = os.fstat(self._open)
            self._mark, self._size = (there.st_dev, there.st_ino), there.st_size
            self._lock_inode(self._open)
            self._set_foreign_log_aside()
        except BaseException:
            self.release()
            raise

    def _lock(self, beside: Path) -> None:
        # Whoever closes the database releases it, from whatever thread.
        lock = FileLock(beside, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            raise self._held() from None
        self._locks.append(lock)

    def _lock_inode(self, descriptor: int) -> None:
        if sys.platform == "linux":
            # Apart from SQLite's own locks, which are fcntl's (flock(2): the two do not see each other on Linux).
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._held() from None
            except OSError:
                return  # a file system without such locks; the one by name is held
        else:
            assert self._mark is not None
            device, inode = self._mark
            self._lock(Path(tempfile.gettempdir()) / f"visnyk-{device}-{inode}.lock")

    def _held(self) -> ConfigError:
        return ConfigError("database-held", path=str(self.path))

    def release(self) -> None:
        """Unlock the file; a second call does nothing. Nothing of this process may have it open any more."""
        if self._open is not None:
            os.close(self._open)
        for lock in self._locks:
            lock.release()
        self._locks, self._open, self._mark = [], None, None

    # Known again

    def number(self) -> str:
        """Return what tells this file from a copy of it on the same disk."""
        return str(self.path.stat().st_ino)

    def tokens(self) -> list[str]:
        """Return what was written beside the file last, nothing if nothing was."""
        found = self._written().get("tokens")
        return [str(token) for token in found] if isinstance(found, list) else []

    def put_tokens(self, tokens: Sequence[str]) -> None:
        """Write something beside the file, whole or not at all; and with it which file that is, and which its log."""
        new = self._beside("mark.new")
        with new.open("w", encoding="utf-8") as out:
            json.dump({"tokens": list(tokens), "file": self.number(), "log": _number(self._log())}, out)
            out.flush()
            os.fsync(out.fileno())
        new.replace(self._beside("mark"))

    def _written(self) -> dict[str, object]:
        try:
            found = json.loads(self._beside("mark").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _set_foreign_log_aside(self) -> None:
        """Set the log of another file aside: SQLite would write it into the copy that was put in the place of that."""
        written = self._written()
        if written and written.get("file") != self.number() and written.get("log") == _number(self._log()) is not None:
            self._log().replace(self._beside("log-of-another-file"))

    def leave_no_log(self) -> None:
        """Delete the log of a file that is not there any more, when everything of it is closed and saved."""
        if self._written().get("log") == _number(self._log()):
            self._log().unlink(missing_ok=True)
            self._log().with_name(f"{self.path.resolve().name}-shm").unlink(missing_ok=True)

    def _log(self) -> Path:
        real = self.path.resolve()
        return real.with_name(f"{real.name}-wal")

    def _beside(self, ending: str) -> Path:
        real = self.path.resolve()
        return real.with_name(f"{real.name}.{ending}")

    # Watched

    def trouble(self) -> Trouble | None:
        """Return what has happened to the file since it was held, as far as a look from outside shows it."""
        if self._open is None:
            return None
        try:
            there = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return Trouble.GONE
        except OSError:
            return Trouble.UNWRITABLE
        if (there.st_dev, there.st_ino) != self._mark:
            return Trouble.REPLACED
        if there.st_size < len(_MAGIC) <= self._size:
            return Trouble.DAMAGED
        if there.st_size and _head(self._open) != _MAGIC:
            return Trouble.DAMAGED
        self._size = there.st_size
        return None

    def shrunk(self) -> bool:
        """Tell whether the file is shorter than at the last look: somebody cleaned it up, or cut it short."""
        try:
            return self.path.stat().st_size < self._size
        except OSError:
            return False

    # Copies

    def copy_before(self, revision: str) -> Path | None:
        """Return where a copy goes that is made before the tables come to a revision, None if there is nothing to copy.

        No copy that is there is ever overwritten.
        """
        if not self.path.exists() or not self.path.stat().st_size:
            return None
        first = self._beside(f"before-{revision}")
        later = [int(copy.suffix[1:]) for copy in first.parent.glob(f"{first.name}.*") if copy.suffix[1:].isdigit()]
        if not later and not first.exists():
            return first
        return first.with_name(f"{first.name}.{max([1, *later]) + 1}")

    def forget_old_copies(self) -> None:
        """Delete all but the newest three of the copies made before the tables were changed."""
        real = self.path.resolve()
        made = sorted(real.parent.glob(f"{real.name}.before-*"), key=lambda copy: copy.stat().st_mtime_ns)
        for old in made[:-_COPIES]:
            old.unlink(missing_ok=True)

    def rescue(self) -> Path:
        """Return where what a lost database held is saved."""
        return self._beside("rescued")


def _head(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, len(_MAGIC))


def _number(path: Path) -> str | None:
    """Return what tells a file from others on its disk, None if it is not there."""
    try:
        return str(path.stat().st_ino)
    except OSError:
        return None
