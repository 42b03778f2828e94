"""Coverage of what the stories reach: `pytest -p tests.support.tracing` writes it down for `coverage combine`.

The tracer more than doubles what a test costs and would change races, so it follows imports and stories only. It is
turned on and off between groups of tests; pytest-cov can only do it around each test, which costs more than the test.
"""

import pytest
from coverage import Coverage

_STORIES = "tests/stories/"


class Tracing:
    """The tracer of one process of pytest."""

    def __init__(self) -> None:
        self._coverage = Coverage(data_suffix=True)
        self._coverage.start()
        self._on = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._turn(on=item.nodeid.startswith(_STORIES))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        self._turn(on=False)
        self._coverage.save()

    def _turn(self, *, on: bool) -> None:
        if on != self._on:
            (self._coverage.start if on else self._coverage.stop)()
            self._on = on


def pytest_configure(config: pytest.Config) -> None:
    """Begin with the imports of the tests: lines that define something run then."""
    config.pluginmanager.register(tracing)


tracing = Tracing()
