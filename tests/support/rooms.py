"""The rooms of the house: what imports what, measured from the code. `make rooms` prints it.

A room is a folder of `bot/` or `storage/`, a file that stands in one of the two by itself, or `handlers/`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "storage")

ORDER = (
    "bot.__main__",
    "bot.cli",
    "bot.sandbox",
    "bot.app",
    "bot.wiring",
    "handlers",
    "bot.web",
    "bot.telegram",
    "bot.operations",
    "bot.delivery",
    "bot.desk",
    "bot.inflow",
    "bot.feeds",
    "bot.screens",
    "bot.readers",
    "storage.store",
    "storage.delivery",
    "storage.articles",
    "storage.people",
    "storage.index",
    "storage.runtime",
    "storage.schema",
    "storage.engine",
    "bot.relevance",
    "bot.ports",
    "bot.config",
    "bot.faults",
    "bot.environment",
    "bot.certificate",
    "bot.fetch",
    "bot.timing",
    "bot.text",
    "bot.model",
    "bot.logs",
    "bot.errors",
    "bot.lazy_models",
)
"""From the launcher down. A room imports lower ones only, so no two import each other, not even round a corner."""


class Arrow(NamedTuple):
    """One import from one room into another, by the modules."""

    importer: str
    imported: str

    @property
    def rooms(self) -> tuple[str, str]:
        """The rooms it leads from and to."""
        return room_of(self.importer), room_of(self.imported)


def room_of(module: str) -> str:
    """Return the room a module stands in."""
    parts = module.split(".")
    return parts[0] if parts[0] == "handlers" else ".".join(parts[:2])


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Return every module of the product and its file."""
    found = {}
    for path in sorted(p for folder in FOLDERS for p in (root / folder).rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a module; nobody may change it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Yield the full names a file imports, wherever in it: `from a import b` gives a and a.b."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows(root: Path = ROOT) -> list[Arrow]:
    """Return the imports that cross from one room into another."""
    known = modules(root)
    crossing = {
        Arrow(name, imported)
        for name, path in known.items()
        for imported in imports(path)
        if imported in known and "." in imported and room_of(imported) != room_of(name)
    }
    return sorted(crossing)


def upward(found: list[Arrow]) -> list[Arrow]:
    """Return the imports that lead to a higher room, or to one the order does not name."""
    place = {room: number for number, room in enumerate(ORDER)}
    return [a for a in found if place.get(a.rooms[0], -1) >= place.get(a.rooms[1], -1)]


def circles(found: list[Arrow]) -> list[list[str]]:
    """Return the groups of rooms that reach each other."""
    reach: dict[str, set[str]] = {}
    for arrow in found:
        reach.setdefault(arrow.rooms[0], set()).add(arrow.rooms[1])
    grown = True
    while grown:
        grown = False
        for own in reach.values():
            more = set().union(*(reach.get(room, set()) for room in own)) - own
            own.update(more)
            grown |= bool(more)
    mutual = {frozenset({room} | {o for o in own if room in reach.get(o, ())}) for room, own in reach.items()}
    return sorted(sorted(group) for group in mutual if len(group) > 1)


def floors(found: list[Arrow]) -> int:
    """Return how many floors the house has: the longest way down, in rooms."""
    below: dict[str, set[str]] = {}
    for arrow in found:
        below.setdefault(arrow.rooms[0], set()).add(arrow.rooms[1])
    depth: dict[str, int] = {}
    for room in reversed(ORDER):
        depth[room] = 1 + max((depth.get(one, 0) for one in below.get(room, ())), default=0)
    return max(depth.values())


def main() -> None:
    """Print the house in numbers."""
    found = arrows()
    rooms = {room_of(name) for name in modules()} - set(FOLDERS[::2])
    between = {arrow.rooms for arrow in found}
    print(
        f"{len(rooms)} rooms, {sum('.' in r and (ROOT / r.replace('.', '/')).is_dir() for r in rooms) + 1} of them folders"
    )
    for folder in FOLDERS:
        entries = [p for p in (ROOT / folder).iterdir() if p.name not in {"__init__.py", "__pycache__"}]
        print(f"{folder}/ has {len(entries)} entries")
    print(f"{len(between)} arrows between rooms ({len(found)} imports), on {floors(found)} floors")
    print(f"{len(upward(found))} arrows up, {len(circles(found))} circles")


if __name__ == "__main__":
    main()
