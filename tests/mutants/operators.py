"""Faults beyond cosmic-ray's own: a condition dropped, a line dropped, branches swapped."""

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Operator

Place = tuple[tuple[int, int], tuple[int, int]]

_TAKES_CONDITIONS = frozenset({"and_", "or_", "where"})
_LEAVES = frozenset({"raise_stmt", "return_stmt"})
_SAYS_ONLY = ("log.", "assert ", '"', "super().__init__")


class _Ours(Operator):
    """An operator that has no examples to show."""

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class DropCondition(_Ours):
    """Leaves out one argument of `and_`, `or_` or `.where`."""

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        for one in _arguments(node):
            yield one.start_pos, one.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        one = _arguments(node)[index]
        if node.children[1].type == "arglist":
            _leave_out(node.children[1].children, one)
        else:
            node.children.remove(one)
        return node


class DropOperand(_Ours):
    """Leaves out one side of `and` or `or`."""

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if node.type in {"and_test", "or_test"}:
            for one in node.children[::2]:
                yield one.start_pos, one.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        _leave_out(node.children, node.children[2 * index])
        return node


class DropStatement(_Ours):
    """Leaves out a line that does something: a call, a change of something that is there, a way out."""

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if node.type == "simple_stmt" and node.parent.type == "suite" and _acts(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002  the interface's parameter
        nothing = parso.parse("pass\n").children[0]
        nothing.get_first_leaf().prefix = node.get_first_leaf().prefix
        return nothing


class SwapBranches(_Ours):
    """Swaps what `… if … else …` gives."""

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if node.type == "ternary":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002  the interface's parameter
        yes, no = node.children[0], node.children[4]
        before, after = yes.get_first_leaf(), no.get_first_leaf()
        before.prefix, after.prefix = after.prefix, before.prefix
        node.children[0], node.children[4] = no, yes
        return node


OURS = (DropCondition, DropOperand, DropStatement, SwapBranches)


def _arguments(node: Any) -> list[Any]:
    if node.type != "trailer" or node.children[0].value != "(" or len(node.children) < 3:
        return []
    called = node.get_previous_sibling()
    if called is None or called.get_last_leaf().value not in _TAKES_CONDITIONS:
        return []
    inside = node.children[1]
    return list(inside.children[::2]) if inside.type == "arglist" else [inside]


def _leave_out(children: list[Any], one: Any) -> None:
    place = children.index(one)
    del children[max(0, place - 1) : place + 1]  # with what stands before it
    if place == 0:
        del children[0]


def _acts(statement: Any) -> bool:
    code = statement.get_code(include_prefix=False)
    if code.startswith(_SAYS_ONLY):
        return False
    if statement.type == "expr_stmt":  # what makes a name would be missed at once
        return statement.children[0].type != "name" or getattr(statement.children[1], "value", "=") != "="
    return statement.type in {*_LEAVES, "atom_expr", "power"} or code in {"return", "continue", "break"}
