"""A line that shows how far a copy is, where somebody looks at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, TextColumn, TimeElapsedColumn


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Return a bar that is gone when its work is done; where nobody looks at a terminal it writes nothing at all."""
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def bar(title: str) -> Iterator[Callable[[str, int], None]]:
    """Show a line while the block runs; yields what is told the table and how many of its rows are done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with progress_bar(*columns) as progress:
        task = progress.add_task(title, total=None)

        def told(table: str, rows: int) -> None:
            progress.update(task, description=f"{title}: {table} {rows:,}".replace(",", " "))

        yield told
