"""The advisory locks of PostgreSQL that this program takes, each under a number of our own."""

from enum import IntEnum, unique


@unique
class AdvisoryLock(IntEnum):
    """What processes wait for one another for. All stand here: two of one number would be one lock."""

    LEDGER = 7_305_001  # a turn of the ledger
    CLAIMS = 7_305_002  # of the inbox
    MIGRATIONS = 7_305_003
    COPIED = 7_305_004  # a database that is being copied
    STRETCHES = 7_305_005  # of fan-outs
