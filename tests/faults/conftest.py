"""Fixtures of the fault programme."""

import os
from collections.abc import Iterator

import pytest

from tests.support.launching import Launcher


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    opened = Launcher()
    yield opened
    opened.close()


# These start dozens of processes. `make test` leaves them out; `make check` runs them, `make faults` in full.
_SLOW = ("test_kill_everywhere", "test_pauses", "test_replicas")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("VISNYK_FAULTS"):
        return
    slow = [item for item in items if item.path.stem in _SLOW and item.path.parent.name == "faults"]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
