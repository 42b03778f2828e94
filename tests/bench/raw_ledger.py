"""The same rows through SQLite itself: what the ledger is measured against.

As somebody would write it who needs neither an order within a chat nor several processes, and no loop that goes on
meanwhile: one thread, one transaction for a batch, which records the last and takes the next, as durable as the ledger's.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from storage.engine import sqlite

_DUE = (
    "SELECT d.id, d.kind, d.lane, d.attempts, d.publication_id, d.article_id, d.digest_id, d.target_message, "
    "d.first_article, r.* FROM delivery d JOIN reader r ON r.id = d.reader_id "
    "WHERE d.state = 0 AND d.not_before <= ? ORDER BY d.lane, d.id LIMIT ?"
)
_TAKE = "UPDATE delivery SET state = 2, owner = 'raw', lease_until = ?, attempts = attempts + 1 WHERE id = ?"
_END = (
    "UPDATE delivery SET state = 3, message_id = ?, lease_until = NULL, finished_at = ? "
    "WHERE id = ? AND state = 2 AND owner = 'raw'"
)
_COUNT = "UPDATE publication SET sent = sent + ?"


class RawLedger:
    """Takes and ends deliveries of a database file."""

    def __init__(self, path: Path) -> None:
        self._connection: Any = sqlite.LIBRARY.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._last: Sequence[Any] = ()

    def exchange(self, batch: int) -> int:
        """Record what was taken before as sent, and take what is next; returns how many rows that are."""
        run, now = self._connection, round(time.time() * 1000)
        run.execute("BEGIN IMMEDIATE")
        if self._last:
            run.executemany(_END, [(row[0], now, row[0]) for row in self._last])
            run.execute(_COUNT, (len(self._last),))
        self._last = run.execute(_DUE, (now, batch)).fetchall()
        run.executemany(_TAKE, [(now + 15_000, row[0]) for row in self._last])
        run.execute("COMMIT")
        return len(self._last)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
