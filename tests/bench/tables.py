"""Tables and verdicts of the benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

_console = Console(width=128, highlight=False)


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach: `value` has to be at most, or at least, `limit`. None: it could not be measured."""

    what: str
    value: float | None
    limit: float
    at_least: bool = False
    form: str = ".2f"

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        if self.value is None:
            return False
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; the first column is words, the others are figures."""
    table = Table(title=title, title_justify="left", title_style="bold", pad_edge=False)
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number == 0 else "right", no_wrap=number > 0)
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row))
    _console.print(table)


def verdict(goals: Sequence[Goal]) -> int:
    """Print which goals are met; returns how many are not."""
    rows = [
        (
            goal.what,
            None if goal.value is None else format(goal.value, goal.form),
            f"{'≥' if goal.at_least else '≤'} {format(goal.limit, goal.form)}",
            "met" if goal.met else "MISSED" if goal.value is not None else "not measured",
        )
        for goal in goals
    ]
    show("Goals", ("goal", "measured", "wanted", ""), rows)
    return sum(not goal.met for goal in goals)
