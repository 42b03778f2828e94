"""Faults that may survive: they change nothing that anybody can see, or a constant that was chosen by measuring."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("judged.txt")


@dataclass(frozen=True, slots=True)
class Judged:
    """A fault of a module that may survive, and why: the lines as they are, and as they would be.

    Without the latter it stands for every fault in these lines.
    """

    module: str
    why: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def covers(self, module: str, shown: str) -> bool:
        """Tell whether a fault, as `make mutants` prints it, is this one."""
        return self.module == module and self.before == _lines(shown, "-") and self.after in ((), _lines(shown, "+"))


def judged(text: str) -> Iterator[Judged]:
    """Read the list: a module, then for each fault the reason and below it what `make mutants` prints."""
    module, why, shown = "", "", ""
    for line in [*text.splitlines(), "end"]:
        if line.lstrip().startswith(("-", "+")):
            shown += f"{line}\n"
        elif line and not line.startswith("#"):
            if shown:
                yield Judged(module, why, _lines(shown, "-"), _lines(shown, "+"))
            shown = ""
            module, why = (module, line.strip()) if line.startswith(" ") else (line, "")


def _lines(shown: str, sign: str) -> tuple[str, ...]:
    """Return the lines with a sign, without their indentation: moving a line changes nothing."""
    stripped = (line.strip() for line in shown.splitlines())
    return tuple(line[1:].strip() for line in stripped if line.startswith(sign))
