"""Pictures that the agency's system uploads: shown with their article, erased with it, and nobody else's."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus

import aiohttp
import pytest

from bot.desk.agency import MOST_LOOSE
from bot.model.tokens import Scope
from bot.web.server import MOST_BYTES
from bot.wiring.upkeep import forget_old
from tests.stories.test_api import Cms, _cms
from tests.support.newsroom import Newsroom, open_newsroom

pytestmark = pytest.mark.wide

WORLD = "https://news.example"
JPEG = b"\xff\xd8\xff\xe0" + b"a bridge" * 100
PNG, WEBP = b"\x89PNG\r\n\x1a\n" + b"a tram", b"RIFF\x10\x00\x00\x00WEBPVP8 a ferry"


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url, http_bind="127.0.0.1:0", public_url=WORLD) as opened:
        yield opened


async def _shown(room: Newsroom, address: str) -> tuple[int, bytes, str]:
    assert address.startswith(f"{WORLD}/media/")
    here = room.web_address + address.removeprefix(WORLD)
    async with aiohttp.ClientSession() as session, session.get(here) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.status, await answer.read(), answer.content_type


async def _gone(room: Newsroom, address: str) -> bool:
    here = room.web_address + address.removeprefix(WORLD)
    async with aiohttp.ClientSession() as session, session.get(here) as answer:
        return answer.status == HTTPStatus.NOT_FOUND


async def _uploaded(cms: Cms, content: bytes = JPEG) -> str:
    status, made = await cms.uploads(content)
    assert (status, made["bytes"]) == (HTTPStatus.CREATED, len(content)), made
    return str(made["url"])


async def test_a_picture_is_shown_with_its_article_and_erased_with_it(site: Newsroom) -> None:
    cms, reader = await _cms(site), site.person()
    await reader.says("/start")
    picture = await _uploaded(cms)
    assert await _shown(site, picture) == (HTTPStatus.OK, JPEG, "image/jpeg")
    status, article = await cms.brings(photo=picture)
    assert status == HTTPStatus.CREATED
    await site.tick()
    await reader.sees("Міст відкрили")
    assert any(picture in str(call.payload) for call in site.api.log), "Telegram is told where it is"
    async with aiohttp.ClientSession() as session, session.get(f"{site.web_address}/a/{article['number']}") as page:
        assert f'<meta property="og:image" content="{picture}">' in await page.text()
    site.clock.advance(days=3)
    await forget_old(site.app.parts.ground)
    assert (await _shown(site, picture))[0] == HTTPStatus.OK, "as long as its article is there"
    assert (await cms.asks("DELETE", f"/{article['number']}?note=Помилка"))[0] == HTTPStatus.OK
    assert await _gone(site, picture)
    waits = await _uploaded(cms, PNG)
    _, draft = await cms.brings(id="cms-2", title="Трамвай стоїть", state="draft", photo=waits)
    assert (await cms.brings(id="cms-2", title="Трамвай стоїть", state="draft", photo=waits))[0] == HTTPStatus.OK
    unseen = await _uploaded(cms, PNG + b"!")
    assert (await cms.brings(id="cms-2", title="Трамвай стоїть", state="draft", photo=unseen))[0] == HTTPStatus.OK
    assert (await cms.asks("DELETE", f"/{draft['number']}"))[0] == HTTPStatus.NO_CONTENT
    assert await _gone(site, waits)
    assert not await _gone(site, unseen), "the article was there already, and never showed it"
    left = await _uploaded(cms, WEBP)
    site.clock.advance(days=2, hours=23)
    await forget_old(site.app.parts.ground)
    assert await _shown(site, left) == (HTTPStatus.OK, WEBP, "image/webp")
    site.clock.advance(hours=2)
    await forget_old(site.app.parts.ground)
    assert await _gone(site, left)
    assert await _gone(site, unseen)


async def test_what_is_no_picture_too_large_or_somebody_elses_is_refused_and_nothing_is_half_done(
    sqlite_url: str,
) -> None:
    async with open_newsroom(sqlite_url, http_bind="127.0.0.1:0", public_url=WORLD) as room:
        cms, other = await _cms(room), await _cms(room, "other", Scope.DRAFT, "Інші")
        for content in (b"", b"GIF89a", b"<svg onload='alert(1)'/>", b"<html>", b"RIFF0000WAVE", b" \xff\xd8\xff"):
            assert (await cms.uploads(content))[0] == HTTPStatus.UNSUPPORTED_MEDIA_TYPE, content
        large = JPEG + b"\0" * MOST_BYTES
        assert (await cms.uploads(io.BytesIO(large)))[0] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        corrects = await _cms(room, "corrects", Scope.CORRECT, "Треті")
        assert (await corrects.uploads(JPEG))[0] == HTTPStatus.FORBIDDEN
        again = [await cms.uploads(JPEG, key="k") for _ in range(2)]
        assert again[0] == again[1]
        mine = again[0][1]["url"]
        for asks, photo in ((other, mine), (cms, mine.replace("/media/", "/media/0")), (cms, f"{WORLD}/media/")):
            status, said = await asks.brings(id="half", title="Пів новини", state="draft", photo=photo)
            if photo.endswith("/media/"):
                assert status == HTTPStatus.CREATED, "this names none of ours"
                continue
            assert (status, "Upload it again" in said["detail"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
            assert await room.store.articles.titled(["Пів новини"], room.clock.now() - timedelta(days=1)) is None
        assert (await cms.brings(id="one", title="Одна новина", state="draft", photo=mine))[0] == HTTPStatus.CREATED
        assert (await cms.brings(id="two", title="Друга новина", state="draft", photo=mine))[0] == 422
        for _ in range(MOST_LOOSE):
            room.clock.advance(seconds=1)
            await _uploaded(other)
        assert (await other.uploads(JPEG))[0] == HTTPStatus.TOO_MANY_REQUESTS
        assert (await cms.uploads(JPEG))[0] == HTTPStatus.CREATED, "others wait for nothing"


async def test_without_a_public_address_no_picture_is_taken(sqlite_url: str) -> None:
    async with open_newsroom(sqlite_url, http_bind="127.0.0.1:0") as room:
        status, said = await (await _cms(room)).uploads(JPEG)
        assert (status, "PUBLIC_URL" in said["detail"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
