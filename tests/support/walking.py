"""Walks through every state of a small model, breadth first, and finds the shortest way to one that breaks a promise."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

LOST = "a delivery is never decided"

W = TypeVar("W")


class Model(Protocol[W]):
    """The states of something: how it starts, and every step that is possible from each."""

    def start(self) -> W: ...

    def steps(self, world: W) -> Iterator[tuple[str, W]]: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """What was found: how many worlds, what is wrong (nothing: empty), and the shortest way there."""

    worlds: int
    complaint: str = ""
    way: tuple[str, ...] = ()


def walk(model: Model[W], broken: Callable[[W], str], settled: Callable[[W], bool] | None = None) -> Walk:
    """Go through every world that can be reached; stop at the first that is broken.

    With `settled`, no world may be one from which no way leads to a settled one.
    """
    start = model.start()
    came: dict[W, tuple[W, str] | None] = {start: None}
    before: dict[W, list[W]] = {}
    todo = deque([start])
    while todo:
        world = todo.popleft()
        for name, after in model.steps(world):
            before.setdefault(after, []).append(world)
            if after not in came:
                came[after] = (world, name)
                complaint = broken(after)
                if complaint:
                    return Walk(len(came), complaint, _way(came, after))
                todo.append(after)
    stuck = _stuck(came, before, settled) if settled else None
    return Walk(len(came), LOST, _way(came, stuck)) if stuck else Walk(len(came))


def _stuck(came: dict[W, tuple[W, str] | None], before: dict[W, list[W]], settled: Callable[[W], bool]) -> W | None:
    good = {world for world in came if settled(world)}
    todo = deque(good)
    while todo:
        for world in before.get(todo.popleft(), ()):
            if world not in good:
                good.add(world)
                todo.append(world)
    return next((world for world in came if world not in good), None)


def _way(came: dict[W, tuple[W, str] | None], world: W) -> tuple[str, ...]:
    steps = []
    link = came[world]
    while link is not None:
        world, name = link
        steps.append(name)
        link = came[world]
    return tuple(reversed(steps))
