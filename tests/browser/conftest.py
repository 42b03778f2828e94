"""One browser for all tests of the page, and one demo for those of a file; each test has a window of its own.

What a browser shows belongs to the loop it was started in, so all of them have one.
"""

import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request

from bot.wiring.signals import STOP_SECONDS
from tests.conftest import required
from tests.support.browser import NoBrowser, chromium, open_browser, open_demo


@pytest.fixture(scope="package", autouse=True)
def has_chromium() -> None:
    try:
        chromium()
    except NoBrowser as reason:
        if required("browser"):
            pytest.fail(f"A browser is required: {reason}")
        pytest.skip(f"THE PAGE IS NOT TESTED: {reason}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(has_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    folder: Path = tmp_path_factory.mktemp("demo")
    async with open_demo(folder) as where:
        yield where
        ended = time.monotonic()
    # On a machine so slow that its time to stop runs out it is ended as it stands, with its folder.
    in_time = time.monotonic() - ended < STOP_SECONDS
    left = os.listdir(folder)  # noqa: PTH208  nobody waits for it
    assert left == ["demo.log"] or not in_time, "the demo has left something behind"


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def browser(has_chromium: None) -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """Collect what a page complains about; a test that leaves anything here fails."""
    found: list[str] = []
    yield found
    assert found == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, address: str, troubles: list[str]) -> AsyncIterator[Page]:
    """Return the page in a new window, which asks nobody but the demo and complains of nothing."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="uk-UA")
    opened = await context.new_page()

    def note(called: Request) -> None:
        if not called.url.startswith((address, "data:")):
            troubles.append(f"the page asks {called.url}")

    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if line.type in {"error", "warning"} else None)
    opened.on("request", note)
    await opened.goto(address)
    yield opened
    await context.close()
