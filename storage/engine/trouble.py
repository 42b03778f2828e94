"""What an error of SQLite or of the operating system says about the disk, and what to do about it, in a sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.errors import ConfigError
from bot.model.trouble import Trouble
from storage.engine.sqlite import LIBRARY

_NUMBERS = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EIO: Trouble.FAILING,
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT),
        Trouble.UNWRITABLE,
    ),
}
# By SQLite's own words (sqlite3ErrStr): not every module that carries it tells the number of an error.
_WORDS = {
    "database or disk is full": Trouble.FULL,
    "attempt to write a readonly database": Trouble.UNWRITABLE,
    "unable to open database file": Trouble.UNWRITABLE,
    "disk I/O error": Trouble.FAILING,
    "malformed": Trouble.DAMAGED,
    "file is not a database": Trouble.DAMAGED,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """Return what an error says about the disk, None when it is of another kind."""
    if isinstance(error, DBAPIError):
        return trouble_of(error.orig) if error.orig is not None else None
    if isinstance(error, OSError):
        return _NUMBERS.get(error.errno or 0)
    if isinstance(error, LIBRARY.Error):
        said = str(error)
        return next((trouble for words, trouble in _WORDS.items() if words in said), None)
    return None


def refusal(trouble: Trouble, path: Path) -> ConfigError:
    """Return what to do about it, for whoever starts the bot."""
    return ConfigError("database-trouble", why=trouble.value, path=str(path))


@contextmanager
def in_a_sentence(path: Path) -> Iterator[None]:
    """Turn an error that tells of trouble with the disk into a sentence.

    Raises:
        ConfigError: that sentence, in the place of the error.

    """
    try:
        yield
    except (OSError, DBAPIError, LIBRARY.Error) as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise refusal(trouble, path) from None
