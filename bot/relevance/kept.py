"""What was worked out lately, kept within bounds: an archive of any length takes no more memory than a short one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, the ones used last; together they weigh at most `most`, or there is just one."""

    __slots__ = ("_most", "_values", "_weight")

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K, make: Callable[[], V], weigh: Callable[[V], int]) -> V:
        """Return the value of a key, which is made and weighed if it is not kept."""
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
            return found[0]
        value = make()
        weight = weigh(value)
        self._values[key] = (value, weight)
        self._weight += weight
        while self._weight > self._most and len(self._values) > 1:
            _, (_, gone) = self._values.popitem(last=False)
            self._weight -= gone
        return value

    def known(self, key: K) -> V | None:
        """Return the value of a key if it is kept."""
        found = self._values.get(key)
        return found[0] if found is not None else None

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._values)
