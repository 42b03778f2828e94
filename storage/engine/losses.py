"""What an error says about a database that failed in the middle of something, whichever engine it is."""

import sys
from collections.abc import Iterator

from sqlalchemy.exc import PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.model.trouble import Loss
from storage.engine.trouble import trouble_of

_ENDED = "57014"  # a statement, by a limit of time or by hand
# PostgreSQL's SQLSTATE, and its classes; https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES = {
    "25006": Loss.READ_ONLY,
    "25P03": Loss.BUSY,  # the transaction was idle for too long: this machine did not get to it
    "25P04": Loss.BUSY,
    "3D000": Loss.GONE,
    "3F000": Loss.GONE,
    "40001": Loss.BUSY,
    "40P01": Loss.BUSY,
    "42501": Loss.FORBIDDEN,
    "42P01": Loss.GONE,
    "53100": Loss.FULL,
    "53200": Loss.BUSY,
    "53300": Loss.BUSY,
    "55P03": Loss.BUSY,
    _ENDED: Loss.BUSY,
    "57P01": Loss.LOST,
    "57P02": Loss.LOST,
    "57P03": Loss.LOST,
    "57P04": Loss.GONE,
    "57P05": Loss.LOST,
    "58030": Loss.FAILING,
    "XX001": Loss.FAILING,
    "XX002": Loss.FAILING,
}
_CLASSES = {"08": Loss.LOST, "28": Loss.FORBIDDEN}
_SQLITE = {"unwritable": Loss.READ_ONLY, "full": Loss.FULL, "failing": Loss.FAILING, "damaged": Loss.FAILING}


def loss_of(error: BaseException) -> Loss | None:
    """Return how the database failed, as far as an error or what led to it tells; None when it is of another kind."""
    return next((found for found in map(_of_one, _chain(error)) if found is not None), None)


def passes(error: BaseException) -> bool:
    """Tell whether an error is the database's trouble of the moment, and not of what was asked.

    A statement that was ended for taking too long may take as long each time: nobody is to wait behind it for ever.
    """
    too_long = any(getattr(one, "sqlstate", None) == _ENDED for one in _chain(error))
    return loss_of(error) is not None and not too_long


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        more = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [getattr(one, "orig", None), one.__cause__, one.__context__, *more]


def _of_one(error: BaseException) -> Loss | None:
    if isinstance(error, PoolTimeout):
        return Loss.BUSY
    if isinstance(error, PendingRollbackError):
        return Loss.LOST
    psycopg = sys.modules.get("psycopg")  # who has an error of it has loaded it
    if psycopg is not None and isinstance(error, psycopg.Error):
        state = str(error.sqlstate or "")
        if state:
            return _STATES.get(state) or _CLASSES.get(state[:2])
        # Without a state it is the connection that broke, or that was closed before.
        return Loss.LOST if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) else None
    if isinstance(error, (SQLAlchemyError, OSError)):  # the one has its cause, the other may be of any file
        return None
    trouble = trouble_of(error)
    return _SQLITE.get(trouble.value) if trouble is not None else None
