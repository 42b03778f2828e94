"""Which faults can be planted where, and what a sample of them is."""

import difflib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutants.operators import OURS

# What is noticed whatever the tests say, changes nothing that runs, or needs arguments.
_PASSED_OVER = ("RemoveDecorator", "Variable", "NoOp", "ExceptionReplacer", "_Is", "_IsNot", "BitOr")
_NOT_RUN = ("param", "annassign", "import_from", "import_name")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault in a module: what is done, and the how many-th time it can be done there."""

    operator: str
    occurrence: int
    line: int

    def planted(self, source: str) -> str:
        """Return the source with the fault in it."""
        mutated = mutate_code(source, _operators()[self.operator](), self.occurrence)
        assert mutated is not None
        return str(mutated)

    def shown(self, source: str) -> str:
        """Return the lines that differ, as they are and as they would be."""
        lines = difflib.unified_diff(source.splitlines(), self.planted(source).splitlines(), n=0, lineterm="")
        return "\n".join(f"      {line}" for line in lines if not line.startswith(("---", "+++", "@@")))


def sample(source: str, each: int, seed: str) -> list[Mutant]:
    """Return up to `each` faults at different places of a source; the same for the same seed."""
    dice = random.Random(seed)
    places = sorted(_places(source).items())
    dice.shuffle(places)
    found: list[Mutant] = []
    for _, mutants in places:
        one = dice.choice(mutants)
        if len(found) < each and _is_python(one.planted(source)):
            found.append(one)
    return found


def _is_python(source: str) -> bool:
    """Tell whether a source can be read: what cannot would be noticed whatever the tests say."""
    try:
        compile(source, "planted", "exec")
    except SyntaxError:
        return False
    return True


def _operators() -> dict[str, Any]:
    names = (name for name in cosmic_ray.plugins.operator_names() if not any(part in name for part in _PASSED_OVER))
    return {name: cosmic_ray.plugins.get_operator(name) for name in names} | {one.__name__: one for one in OURS}


def _places(source: str) -> dict[tuple[int, int], list[Mutant]]:
    """Return the faults that can be planted, by where they begin."""
    found: dict[tuple[int, int], list[Mutant]] = {}
    nodes = list(ast_nodes(get_ast(source)))
    for name, operator in _operators().items():
        for occurrence, (node, begin) in enumerate(_occurrences(nodes, operator())):
            if _runs(node):
                found.setdefault(begin, []).append(Mutant(name, occurrence, begin[0]))
    return found


def _occurrences(nodes: list[Any], operator: Any) -> Iterator[tuple[Any, tuple[int, int]]]:
    for node in nodes:
        for begin, _ in operator.mutation_positions(node):
            yield node, begin


def _runs(node: Any) -> bool:
    """Tell whether a node is code that runs, and no annotation or decorator."""
    if node.search_ancestor(*_NOT_RUN, "decorator"):
        return False
    function = node.search_ancestor("funcdef")
    shown = function.annotation if function is not None else None
    return shown is None or not shown.start_pos <= node.start_pos < shown.end_pos
