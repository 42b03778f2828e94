"""The recipes of docs/API.md do what the page says: both are run as they stand there."""

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import orjson
import pytest

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.tokens import Scope
from tests.conftest import required
from tests.support.newsroom import Newsroom, open_newsroom

pytestmark = pytest.mark.wide

FILE = Path(__file__).parents[2] / "docs" / "API.md"
PAGE = FILE.read_text(encoding="utf-8")
WORDPRESS = Path(__file__).parents[1] / "support" / "wordpress.php"
PUBLIC = "https://news.example"


@pytest.fixture
async def site(sqlite_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(sqlite_url, http_bind="127.0.0.1:0", public_url=PUBLIC) as opened:
        yield opened


async def _secret(room: Newsroom) -> str:
    secret, scope = new_secret(), Scope.PUBLISH | Scope.CORRECT
    assert await room.store.tokens.add("site", "Моя агенція", scope, fingerprint(secret), room.clock.now())
    return secret


def _block(kind: str, words: str) -> str:
    """Return the page's block of code that has these words."""
    (found,) = [one for one in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if words in one]
    return str(found)


async def test_the_curl_line_publishes_an_article_once_however_often_it_is_run(site: Newsroom) -> None:
    """The page's own line, but for the host and the token, in a shell."""
    if shutil.which("curl") is None:
        if required("curl"):
            pytest.fail("curl is required")
        pytest.skip("THE CURL RECIPE IS NOT TESTED: there is no curl")
    reader = site.person()
    await reader.says("/start")
    line = _block("sh", "/api/articles").replace(PUBLIC, site.web_address).replace("visnyk_…", await _secret(site))
    answers = []
    for _ in range(2):
        run = await asyncio.create_subprocess_shell(line, stdout=asyncio.subprocess.PIPE)
        said, _errors = await run.communicate()
        assert run.returncode == 0
        answers.append(orjson.loads(said))
    assert answers[0] == answers[1]
    assert answers[0]["page"].startswith(f"{PUBLIC}/a/")
    await site.tick()
    assert await reader.count("Міст відкрили") == 1


async def test_the_php_of_the_page_brings_what_wordpress_publishes_once(site: Newsroom) -> None:
    """The page's own lines, run by PHP; WordPress is a file of tests/support that calls them as it does."""
    if shutil.which("php") is None:
        if required("php"):
            pytest.fail("PHP is required")
        pytest.skip("THE RECIPE FOR WORDPRESS IS NOT TESTED: there is no php (Debian: apt install php-cli)")
    run = await asyncio.create_subprocess_exec(
        "php",
        "-d",
        "error_reporting=-1",
        WORDPRESS,
        FILE,
        site.web_address,
        await _secret(site),
        stdout=PIPE,
        stderr=PIPE,
    )
    said, complaints = await run.communicate()
    assert (run.returncode, complaints.decode()) == (0, "")
    answers = [(int(line[:3]), orjson.loads(line[4:])) for line in said.decode().splitlines()]
    assert [status for status, _ in answers] == [HTTPStatus.CREATED, HTTPStatus.OK], answers
    assert answers[0][1]["number"] == answers[1][1]["number"]
    article = await site.store.articles.get(answers[0][1]["number"])
    assert (article.title, article.source, article.url) == (
        "Міст & пором: “що” відкрили",
        "Моя агенція",
        "https://site.example/2026/03/17/",
    )
    assert [topic.slug for topic in article.topics] == ["society"]
    assert article.body == "<p>Рух почався о\u00a0шостій.</p>"
    assert article.photo is not None
    assert article.photo.url == "https://site.example/a.jpg"
