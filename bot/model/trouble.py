"""What can happen to the disk under the database while the bot runs."""

from enum import Enum


class Trouble(Enum):
    """Why nothing may be sent; the value is the middle of its phrases' keys.

    GONE: the file is not there any more. REPLACED: another one is in its place. DAMAGED: it cannot be read rightly.
    UNWRITABLE: the file or its folder cannot be written to. FULL: there is no room. FAILING: the disk reports errors.
    """

    GONE = "gone"
    REPLACED = "replaced"
    DAMAGED = "damaged"
    UNWRITABLE = "unwritable"
    FULL = "full"
    FAILING = "failing"

    @property
    def can_pass(self) -> bool:
        """Whether it may end while the bot runs; after the others it has to be started anew."""
        return self in {Trouble.UNWRITABLE, Trouble.FULL, Trouble.FAILING}
