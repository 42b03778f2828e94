"""Fixtures of the fault programme."""

from collections.abc import Iterator

import pytest

from tests.support.launching import Launcher


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    opened = Launcher()
    yield opened
    opened.close()
