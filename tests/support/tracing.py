"""Coverage of the product by what people do in it: a pytest plugin, `-p tests.support.tracing`.

The tracer makes a test cost three times as much, and would slow some of the processes that race. So it follows one story
of `EVERY`, in the same run as all the other tests, beside what is executed when modules are imported. Each worker of
xdist leaves a file of data, for `coverage combine`.
"""

import os
from collections.abc import Iterator

import coverage
import pytest

EVERY = 3
_tracer = coverage.Coverage(data_suffix=True)
_traced: set[str] = set()

if "PYTEST_XDIST_WORKER" in os.environ:
    _tracer.start()  # before the product is imported: most lines of a module are executed only then


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    stories = [item.nodeid for item in items if item.nodeid.startswith("tests/stories/")]
    _traced.update(stories[::EVERY])


def pytest_collection_finish() -> None:
    _tracer.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if item.nodeid not in _traced:
        return (yield)
    _tracer.start()
    try:
        return (yield)
    finally:
        _tracer.stop()


def pytest_sessionfinish() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        _tracer.save()
