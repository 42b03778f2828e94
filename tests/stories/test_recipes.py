"""The recipes of docs/API.md do what the page says: the curl line is run as it stands, WordPress's request is sent."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import aiohttp
import orjson
import pytest

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.tokens import Scope
from tests.conftest import required
from tests.support.newsroom import Newsroom, open_newsroom

pytestmark = pytest.mark.wide

PAGE = (Path(__file__).parents[2] / "docs" / "API.md").read_text(encoding="utf-8")
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


async def test_what_wordpress_would_send_is_taken(site: Newsroom) -> None:
    """The request that the PHP of the page makes, put together here: no PHP is run.

    Its fields are read from the page, so that one which the API does not know is found; what WordPress's functions
    return stands here as they return it.
    """
    recipe = _block("php", "wp_remote_post")
    fields = dict(re.findall(r"'(\w+)' => (.+),$", recipe[recipe.index("wp_json_encode") :], re.MULTILINE))
    returned = {
        "'post-' . $post->ID": "post-17",
        "html_entity_decode(wp_strip_all_tags($post->post_title), ENT_QUOTES, 'UTF-8')": "Міст & пором: що відкрили",
        "apply_filters('the_content', $post->post_content)": '\n<p class="has-drop-cap">Рух почався о&nbsp;шостій.</p>\n'
        '\n\n<figure class="wp-block-image"><img decoding="async" src="https://site.example/a.jpg" alt=""/></figure>\n',
        "get_permalink($post)": "https://site.example/2026/03/mist/",
        "wp_get_post_categories($post->ID, ['fields' => 'names'])": ["Суспільство", "Без категорії"],
        "'publish'": "publish",
    }
    body = {name: returned[value] for name, value in fields.items()}
    headers = dict(re.findall(r"'(Authorization|Content-Type)' => '([^']+)'", recipe))
    assert headers == {"Authorization": "Bearer ", "Content-Type": "application/json"}
    headers["Authorization"] += await _secret(site)
    (path,) = re.findall(r"wp_remote_post\('https://news\.example([^']+)'", recipe)
    async with (
        aiohttp.ClientSession() as session,
        session.post(site.web_address + path, data=orjson.dumps(body), headers=headers) as answer,
    ):
        found = await answer.json()
        assert answer.status == HTTPStatus.CREATED, found
    article = await site.store.articles.get(found["number"])
    assert (article.title, article.source, article.url) == (
        "Міст & пором: що відкрили",
        "Моя агенція",
        "https://site.example/2026/03/mist/",
    )
    assert [topic.slug for topic in article.topics] == ["society"]
    assert "шостій" in article.body
