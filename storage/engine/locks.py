"""The advisory locks of PostgreSQL that this program takes, each under a number of our own."""

from enum import IntEnum, unique


@unique
class AdvisoryLock(IntEnum):
    """What processes wait for one another for. All stand here: two of one number would be one lock."""

    LEDGER = 7_305_001  # a turn of the ledger
    # Until claims had a lock of their own this was theirs, too: a move waits for stretches of older processes as well.
    STRETCHES = 7_305_002
    MIGRATIONS = 7_305_003
    COPIED = 7_305_004  # a database that is being copied
    CLAIMS = 7_305_005  # of the inbox; beside older processes the rows' own locks keep a chat's order
    FEEDS = 7_305_006  # of claims of feeds
    EMBEDDINGS = 7_305_007  # of what the model has read, kept: whoever reads on from a number misses none


TURN = f"SELECT pg_advisory_xact_lock({AdvisoryLock.LEDGER})"
