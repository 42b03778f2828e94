"""A line that shows how far a copy is, where somebody looks at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def bar(title: str) -> Iterator[Callable[[str, int], None]]:
    """Show a line while the block runs; yields what is told the table and how many of its rows are done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def told(table: str, rows: int) -> None:
            progress.update(task, description=f"{title}: {table} {rows:,}".replace(",", " "))

        yield told
