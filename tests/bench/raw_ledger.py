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
    "WHERE d.state = 0 AND d.not_before <= ? ORDER BY d.lane, d.id LIMIT 0 + ?"  # of a bound one it is compiled anew
)
_KNOWN = "SELECT max(last) FROM message_ids WHERE counter = 0"
_TAKE = (
    "UPDATE delivery SET state = 2, owner = 'raw', lease_until = ?, attempts = attempts + 1, after_message = ?, "
    "revision = 1 WHERE id = ? AND state = 0"
)
_END = (
    "UPDATE delivery SET state = 3, message_id = ?, lease_until = NULL, finished_at = ? "
    "WHERE id = ? AND state = 2 AND owner = 'raw'"
)
_NOTE = "INSERT INTO message_ids (counter, first, last, ranges, at) VALUES (0, ?, ?, ?, ?)"
_COUNT = "UPDATE publication SET sent = sent + ? WHERE id = ?"


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
            first, last = self._last[0][0], self._last[-1][0]
            run.execute(_NOTE, (first, last, f"[[{first}, {last}]]", now))
            run.execute(_COUNT, (len(self._last), self._last[0][4]))
        self._last = run.execute(_DUE, (now, batch)).fetchall()
        known = run.execute(_KNOWN).fetchone()[0]
        run.executemany(_TAKE, [(now + 15_000, known, row[0]) for row in self._last])
        run.execute("COMMIT")
        return len(self._last)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
