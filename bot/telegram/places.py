"""Places: only so many updates are worked on at once, and whoever only waits for Telegram keeps nobody from working."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Keeper(Protocol):
    """Whoever gives the places of workers away."""

    def step_aside(self) -> None:
        """Note that a worker only waits from now on: its place is somebody else's."""

    def step_back(self) -> None:
        """Note that a worker goes on."""


keeper: ContextVar[Keeper | None] = ContextVar("keeper", default=None)
"""Who keeps the place of the worker that runs here; None for whoever is none."""


@contextmanager
def aside() -> Iterator[None]:
    """Let somebody else work while this block waits; it goes on at its end without waiting for a place.

    Inside such a block another one does nothing.
    """
    mine = keeper.get()
    if mine is None:
        yield
        return
    given = keeper.set(None)
    mine.step_aside()
    try:
        yield
    finally:
        mine.step_back()
        keeper.reset(given)
