"""Fixtures: databases of both engines, made anew for each test from a migrated template; a newsroom."""

import asyncio
import gc
import os
import shutil
import signal
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import pytest_timeout
import uvloop
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from bot import logs
from storage.engine.database import Database
from storage.schema.migrate import migrate
from tests.support.postgres import NoPostgres, Server, start_server
from tests.support.slate import Slate
from tests.support.waiting import Allowance

if TYPE_CHECKING:
    from tests.support.newsroom import Newsroom

logs.set_up("ERROR", "text")
hypothesis.settings.register_profile("visnyk", deadline=None)  # how long something takes says nothing on a busy machine
hypothesis.settings.load_profile("visnyk")

ENGINES = ("sqlite", "postgresql")

_MEMORY = Path("/dev/shm")
_ROOM = 3 << 30  # bytes


def pytest_configure() -> None:
    """Keep what tests write in memory where there is room: they commit durably thousands of times, and none cuts the power."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


class OneDemo(LoadScopeScheduling):
    """Hands tests out one by one, those that share what is dear together: the page, the image, the code read whole.

    xdist's own grouping by marks does nothing since pytest 9.2: it writes into a node's id, which is no longer read.
    """

    def _split_scope(self, nodeid: str) -> str:
        together = ("tests/browser/", "tests/faults/test_image.py", "tests/test_architecture.py")
        return next((place for place in together if nodeid.startswith(place)), nodeid)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Forget a group that has ended: each time, all that a process was ever given is looked through for what is left."""
        super().mark_test_complete(node, item_index, duration)
        given, group = self.assigned_work[node], self._split_scope(self.registered_collections[node][item_index])
        if all(given[group].values()):
            del given[group]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneDemo:
    return OneDemo(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second engine to `make check`, and begin with what is allowed to take longest.

    What is long and comes last is waited for by everybody else; which tests those are, their `timeout` says.
    """
    for item in items:
        if "[postgresql" in item.nodeid or "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.thorough)
    items.sort(key=_patience, reverse=True)


def _patience(item: pytest.Item) -> float:
    allowed = item.get_closest_marker("timeout")
    return float(allowed.args[0]) if allowed is not None else 0.0


def pytest_asyncio_loop_factories() -> "Mapping[str, Callable[[], asyncio.AbstractEventLoop]]":
    """Run tests in the event loop the bot runs in."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have the collector rest meanwhile: what is loaded stays, and would be looked through again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Have the collector look less often, and never at what was imported: a fifth of all that tests cost was its own."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> bool | None:
    """Have a test's own limit counted as `tests.support.waiting` counts: a busy machine makes no test fail."""
    if settings.method != "signal" or threading.current_thread() is not threading.main_thread():
        return None
    allowance = Allowance(settings.timeout)

    def look(_number: int, _frame: object) -> None:
        __tracebackhide__ = True
        if allowance.over:
            pytest_timeout.timeout_sigalrm(item, settings)

    def cancel() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    item.cancel_timeout = cancel  # type: ignore[attr-defined]
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)
    return True


def required(what: str) -> bool:
    """Tell whether the tests must fail, and not skip, where something is missing."""
    return what in os.environ.get("VISNYK_REQUIRE", "").split(",")


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or call.excinfo is not None
    report = yield
    server = getattr(item, "funcargs", {}).get("postgres")
    if call.excinfo is not None and isinstance(server, Server):
        report.sections.append(("what PostgreSQL wrote last", server.last_words()))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Close the databases that a test has open which failed before it closed them: their end is no other test's fault.

    One that passed has to have closed its own. The demo of `tests/browser` is open for all of its tests.
    """
    yield
    if item.stash.get(_FAILED, False) and "tests/browser/" not in item.nodeid:
        for left in [one for one in gc.get_objects() if type(one) is Database]:
            asyncio.run(left.close())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    try:
        server = start_server()
    except NoPostgres as reason:
        if required("postgresql"):
            pytest.fail(f"PostgreSQL is required and cannot be started: {reason}")
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {reason}")
    yield server
    server.stop()


async def _migrated(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "visnyk.db"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    asyncio.run(_migrated(postgres.create("template_visnyk")))
    return "template_visnyk"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "visnyk.db")
    return f"sqlite:///{tmp_path / 'visnyk.db'}"


@pytest.fixture(scope="session")
def postgres_slate(postgres: Server, postgres_template: str) -> Iterator[Slate]:
    slate = Slate(postgres, postgres_template)
    yield slate
    slate.close()


@pytest.fixture
def postgres_url(postgres_slate: Slate) -> str:
    return postgres_slate.clean()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty, migrated database; the test runs once on each engine."""
    return str(request.getfixturevalue(f"{request.param}_url".replace("postgresql", "postgres")))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def quick_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have processes that a test starts lock encrypted backups at once (`tests/support/quick_lock`)."""
    folders = [str(Path(__file__).parent / "support" / "quick_lock"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, folders)))


@pytest.fixture
async def room(sqlite_url: str) -> "AsyncIterator[Newsroom]":
    from tests.support.newsroom import (
        open_newsroom,  # loads aiogram, which the process that hands out tests never needs
    )

    async with open_newsroom(sqlite_url) as opened:
        yield opened
