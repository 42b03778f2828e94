"""Frozen dataclasses made by the thousand.

Their own constructor sets field after field past what freezes them; a batch of deliveries and readers has thousands.
"""

from dataclasses import fields, make_dataclass
from typing import Any


def unfrozen(kind: type) -> Any:
    """Return a plain class with the slots of a frozen dataclass, called without arguments.

    Whoever has set all of an object's fields makes it one of `kind` by its `__class__`. That costs a tenth of the
    constructor, whose defaults and `__post_init__` it does without.
    """
    return make_dataclass(kind.__name__, [f.name for f in fields(kind)], slots=True, init=False)
