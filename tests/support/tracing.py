"""Coverage of the product by the tests of a run: a pytest plugin, `-p tests.support.tracing`.

Python's tracing hook makes a test cost three times as much, and slows some of the processes that race. SlipCover marks
lines and branches in the compiled code instead. It could take a mark away once it was seen, but to look through all
functions for that costs more than the marks do, which is a twentieth. Each worker of xdist leaves a file of its own,
for `python -m slipcover --merge`. Processes that a test starts are not looked at.
"""

import json
import os
from pathlib import Path

import slipcover

_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_PRODUCT = ["bot", "handlers", "storage"]
_UNREACHABLE = [
    r"^class \w+\(.*Protocol\):",
    r"^\s*assert_never\(",
    "^if TYPE_CHECKING:",
]  # a Protocol says what others do
_seen = slipcover.Slipcover(branch=True, d_miss_threshold=-1, source=_PRODUCT, exclude_lines=_UNREACHABLE)

if _WORKER is not None:  # before the product is imported: a module is marked when it is loaded
    slipcover.ImportManager(_seen, slipcover.FileMatcher(sources=_PRODUCT)).__enter__()


def pytest_sessionfinish() -> None:
    """Leave what was seen in the folder of the run; the process that hands out the tests has seen nothing."""
    if _WORKER is not None:
        Path(f".coverage.{_WORKER}-{os.getpid()}.json").write_text(json.dumps(_seen.get_coverage()), encoding="utf-8")
