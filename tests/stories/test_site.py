"""What is published, on the web: pages and feeds, for whoever has no Telegram."""

import re
from collections.abc import AsyncIterator, Mapping
from html import unescape
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import aiohttp
import feedparser
import orjson
import pytest

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.tokens import Scope
from tests.support.newsroom import Desk, Newsroom, open_newsroom
from tests.support.people import buttons_of

pytestmark = pytest.mark.wide

WORLD = "https://news.example"
TEXT = "Міст відкрили\n\nСьогодні вранці в Києві відкрили міст.\n\nПершими проїхали трамваї.\n\nРух почався о шостій."


async def _asked(room: Newsroom, path: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(room.web_address + path, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers


@pytest.fixture
async def site(sqlite_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(sqlite_url, http_bind="127.0.0.1:0", public_url=WORLD) as opened:
        yield opened


async def test_an_article_has_a_page_that_anybody_can_read(site: Newsroom) -> None:
    article = await site.owner().publishes(TEXT)
    status, page, headers = await _asked(site, f"/a/{article.id}")
    assert status == HTTPStatus.OK
    assert "<h1>Міст відкрили</h1>" in page
    assert "Рух почався о шостій." in page
    assert '<html lang="uk">' in page
    assert "Читати в Telegram" in page
    assert f'href="{WORLD}/a/{article.id}"' in page
    assert f'<meta property="og:url" content="{WORLD}/a/{article.id}">' in page
    assert '<meta property="og:locale" content="uk_UA">' in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    facts = orjson.loads(found[1])
    assert (facts["@type"], facts["headline"]) == ("NewsArticle", "Міст відкрили")


async def test_an_english_article_has_an_english_page(site: Newsroom) -> None:
    article = await site.owner("en").publishes("The bridge is open\n\nTrams were the first to cross it this morning.")
    _, page, _ = await _asked(site, f"/a/{article.id}")
    assert '<html lang="en">' in page
    assert "Read in Telegram" in page


async def test_whatever_a_title_holds_it_stays_a_title(site: Newsroom) -> None:
    article = await site.owner().publishes(
        "</script><b>\"Міст\" & 'річка'</b>\n\nТекст <script>alert(1)</script> далі."
    )
    _, page, _ = await _asked(site, f"/a/{article.id}")
    assert page.count("<script") == 1
    assert page.count("</script>") == 1
    assert "&lt;b&gt;" in page


async def test_what_is_not_public_has_no_page(site: Newsroom) -> None:
    owner = site.owner()
    await owner.says("/post Таємна новина\n\nЇї ще не опублікували.")
    for path in ("/a/1", "/a/99999", "/a/0", "/a/-1", "/a/²", "/a/1e3", "/a/" + "9" * 400):
        status, page, _ = await _asked(site, path)
        assert status == HTTPStatus.NOT_FOUND, path
        assert "Таємна" not in page
    assert "Таємна" not in (await _asked(site, "/feed.xml"))[1]


async def _changes(owner: Desk, part: str, words: str, last: str) -> None:
    await owner.says("/published")
    for label in ("1", "✎ Виправити", part):
        await owner.taps(label)
    await owner.says(words)
    await owner.taps(last)


async def test_a_correction_is_seen_on_the_page_and_in_the_feeds(site: Newsroom) -> None:
    owner = site.owner()
    article = await owner.publishes(TEXT)
    await _changes(owner, "Заголовок", "Міст закрили", "📣 Виправлення")
    await owner.says("У заголовку було навпаки.")
    await site.tick()
    _, page, _ = await _asked(site, f"/a/{article.id}")
    assert "<h1>Міст закрили</h1>" in page
    assert "✎ Виправлено" in page
    assert "У заголовку було навпаки." in page
    item = orjson.loads((await _asked(site, "/feed.json"))[1])["items"][0]
    assert item["title"] == "Міст закрили"
    assert item["date_modified"]


async def test_the_page_of_what_was_retracted_holds_nothing_but_that(site: Newsroom) -> None:
    owner = site.owner()
    article = await owner.publishes(TEXT)
    await _changes(owner, "Відкликати", "Міст ще будують", "Так, відкликати")
    status, page, _ = await _asked(site, f"/a/{article.id}")
    assert status == HTTPStatus.GONE
    assert "Новину відкликано" in page
    assert "Міст ще будують." in page
    assert "Рух почався" not in page
    assert "Міст відкрили" not in (await _asked(site, "/feed.json"))[1]


async def test_feeds_hold_the_latest_whole_and_readers_of_feeds_understand_them(site: Newsroom) -> None:
    owner = site.owner()
    await owner.publishes(TEXT, topics=("Суспільство",))
    await owner.publishes("Курс гривні & <євро>\n\nНацбанк оголосив курс.", topics=("Економіка",))
    _, written, headers = await _asked(site, "/feed.xml")
    feed = feedparser.parse(written)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Курс гривні & <євро>", "Міст відкрили"]
    assert feed.entries[1].link == f"{WORLD}/a/1"
    assert "<p>Рух почався о шостій.</p>" in feed.entries[1].content[0].value
    assert headers["Content-Type"].startswith("application/rss+xml")
    parsed = orjson.loads((await _asked(site, "/feed.json"))[1])
    assert parsed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in parsed["items"]] == ["Курс гривні & <євро>", "Міст відкрили"]
    one = orjson.loads((await _asked(site, "/topics/economy/feed.json"))[1])
    assert [item["title"] for item in one["items"]] == ["Курс гривні & <євро>"]
    assert (await _asked(site, "/topics/nothing/feed.xml"))[0] == HTTPStatus.NOT_FOUND


async def test_who_has_the_newest_is_not_sent_it_again_until_it_changes(site: Newsroom) -> None:
    owner = site.owner()
    await owner.publishes(TEXT)
    _, _, headers = await _asked(site, "/feed.xml")
    status, body, _ = await _asked(site, "/feed.xml", **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (HTTPStatus.NOT_MODIFIED, "")
    await owner.publishes("Друга новина\n\nЇї текст.")
    assert (await _asked(site, "/feed.xml", **{"If-None-Match": headers["ETag"]}))[0] == HTTPStatus.OK


async def test_what_readers_pass_on_is_the_page(site: Newsroom) -> None:
    reader = site.person()
    await reader.says("/start")
    article = await site.owner().publishes(TEXT)
    await reader.sees("Міст відкрили")
    await reader.taps("Читати")
    share = next(button for button in buttons_of(reader.last) if "Поділитися" in button["text"])
    assert parse_qs(urlsplit(share["url"]).query)["url"] == [f"{WORLD}/a/{article.id}"]
    await reader.says(f"/read {WORLD}/a/{article.id}?utm_source=telegram")
    assert "Рух почався о шостій." in reader.screen
    await reader.says(f"/read https://other.example/a/{article.id}")
    assert "Рух почався" not in reader.screen


async def test_without_a_public_address_there_are_no_pages(database_url: str) -> None:
    async with open_newsroom(database_url, http_bind="127.0.0.1:0") as room:
        article = await room.owner().publishes(TEXT)
        assert (await _asked(room, f"/a/{article.id}"))[0] == HTTPStatus.NOT_FOUND
        assert (await _asked(room, "/feed.xml"))[0] == HTTPStatus.NOT_FOUND


async def test_a_picture_on_the_web_is_named_for_previews_and_one_of_telegrams_is_not(site: Newsroom) -> None:
    secret = new_secret()
    await site.store.tokens.add("cms", "Агенція", Scope.PUBLISH, fingerprint(secret), site.clock.now())
    picture = "https://cms.example/міст.jpg?w=1&h=2"
    article = {"title": "Міст відкрили", "html": "Рух почався.", "state": "publish", "photo": picture}
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {secret}"}) as session,
        session.post(f"{site.web_address}/api/articles", json=article) as answer,
    ):
        number = (await answer.json())["number"]
    await site.tick()
    _, page, _ = await _asked(site, f"/a/{number}")
    found = re.search(r'<meta property="og:image" content="([^"]+)">', page)
    assert found is not None
    assert unescape(found[1]) == orjson.loads(re.findall(r"ld\+json\">(.*?)</script>", page)[0])["image"]
    assert found[1].startswith("https://cms.example/")
    assert "<img" not in page  # nobody's server hears of a reader
    owner = site.owner()
    await owner.sends_photo(TEXT)
    await owner.taps("Опублікувати")
    await owner.taps("Так, опублікувати")
    await site.tick()
    latest = (await site.store.articles.latest(limit=1)).items[0]
    _, page, _ = await _asked(site, f"/a/{latest.id}")
    assert latest.id != number
    assert "og:image" not in page
