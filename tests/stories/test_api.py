"""The agency's own system brings, corrects and retracts articles over HTTP, and readers have them like any other."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.tokens import Scope
from bot.web.api.access import A_MINUTE, FAILURES_A_MINUTE
from storage.schema.tables import api_answer
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide

ARTICLE = {"id": "cms-1", "title": "Міст відкрили", "html": "<p>Рух почався о <b>шостій</b>.</p>", "state": "publish"}
ALL = Scope.DRAFT | Scope.PUBLISH | Scope.CORRECT


@dataclass
class Cms:
    """The agency's system, with a token."""

    room: Newsroom
    secret: str

    async def asks(self, method: str, path: str, **how: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.secret}", **how.pop("headers", {})}
        address = f"{self.room.web_address}/api/{how.pop('of', 'articles')}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, address, headers=headers, **how) as got:
            body = await got.read()
            return got.status, orjson.loads(body) if body else None

    async def brings(self, key: str = "", **article: object) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.asks("POST", "", json={**ARTICLE, **article}, headers=headers)

    async def uploads(self, content: bytes | io.BytesIO, key: str = "") -> tuple[int, Any]:
        """Upload a picture, under a name and a kind that say nothing of it."""
        headers = {"Content-Type": "text/html", **({"Idempotency-Key": key} if key else {})}
        return await self.asks("POST", "", of="media", data=content, headers=headers)


async def _cms(room: Newsroom, name: str = "cms", scope: Scope = ALL, source: str = "Агенція") -> Cms:
    secret = new_secret()
    assert await room.store.tokens.add(name, source, scope, fingerprint(secret), room.clock.now())
    return Cms(room, secret)


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url, http_bind="127.0.0.1:0", public_url="https://news.example") as opened:
        yield opened


async def test_what_the_system_publishes_reaches_readers_and_it_hears_how_it_fares(site: Newsroom) -> None:
    reader = site.person()
    await reader.says("/start")
    cms = await _cms(site)
    status, article = await cms.brings()
    assert status == HTTPStatus.CREATED
    assert article["page"] == f"https://news.example/a/{article['number']}"
    await site.tick()
    await reader.sees("Міст відкрили")
    assert "Агенція" in reader.screen
    await site.settled()
    status, article = await cms.asks("GET", f"/{article['number']}")
    assert (status, article["state"]) == (HTTPStatus.OK, "published")
    assert [(one["purpose"], one["total"], one["sent"]) for one in article["publications"]] == [("first", 1, 1)]


async def test_the_same_id_is_the_same_article_however_often_it_comes(site: Newsroom) -> None:
    reader = site.person()
    await reader.says("/start")
    cms = await _cms(site)
    answers = await asyncio.gather(*(cms.brings() for _ in range(4)))
    assert {article["number"] for status, article in answers if status < 300} == {answers[0][1].get("number", 1)}
    assert all(status in {200, 201, 409} for status, _ in answers)
    await site.tick()
    await reader.sees("Міст відкрили")
    assert await reader.count("Міст відкрили") == 1


async def test_the_same_request_with_a_key_is_done_once_and_answered_the_same(site: Newsroom) -> None:
    cms = await _cms(site)
    first = await cms.brings("key-1", id="")
    assert first[0] == HTTPStatus.CREATED
    assert await cms.brings("key-1", id="") == first
    status, problem = await cms.brings("key-1", id="", title="Інша новина")
    assert (status, problem["title"]) == (422, HTTPStatus.UNPROCESSABLE_ENTITY.phrase)
    assert (await cms.brings("key-2", id=""))[1]["number"] != first[1]["number"]


async def test_a_request_that_was_refused_may_be_mended_and_asked_again_with_its_key(site: Newsroom) -> None:
    cms = await _cms(site)
    assert (await cms.brings("key", titel="Одрук"))[0] == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (await cms.brings("key"))[0] == HTTPStatus.CREATED


async def test_a_draft_waits_for_an_editor_and_one_with_a_time_for_its_time(site: Newsroom) -> None:
    reader, owner = site.person(), site.owner()
    await reader.says("/start")
    cms = await _cms(site)
    assert (await cms.brings(state="draft", title="Чернетка"))[1]["state"] == "draft"
    await site.tick()
    await owner.sees("Нова чернетка: Агенція")
    await owner.says("/drafts")
    assert "Чернетка" in owner.screen
    later = (site.clock.now() + timedelta(hours=2)).isoformat()
    _, planned = await cms.brings(id="cms-2", title="О десятій", publish_at=later)
    assert planned["state"] == "scheduled"
    await site.tick()
    assert await reader.lacks("О десятій")
    site.clock.advance(hours=2, minutes=1)
    await site.tick()
    await reader.sees("О десятій")


async def test_a_time_long_past_is_now_and_holds_nothing_up(site: Newsroom) -> None:
    reader = site.person()
    await reader.says("/start")
    cms = await _cms(site)
    early = {"id": "1", "title": "Ринок закрили", "publish_at": "0001-01-01T00:00:00+14:00"}
    assert (await cms.brings(**early))[0] == HTTPStatus.CREATED
    assert (await cms.brings())[0] == HTTPStatus.CREATED
    await site.tick()
    await site.settled()
    assert [await reader.count(title) for title in ("Ринок закрили", "Міст відкрили")] == [1, 1]


async def test_what_is_only_for_the_archive_is_found_and_sent_to_nobody(site: Newsroom) -> None:
    reader = site.person()
    await reader.says("/start")
    cms = await _cms(site)
    _, article = await cms.brings(state="archive")
    assert article["state"] == "published"
    assert (await cms.brings(state="archive"))[1]["number"] == article["number"]
    await site.tick()
    assert await reader.lacks("Міст відкрили")
    await reader.says("/latest")
    assert "Міст відкрили" in reader.screen


async def test_a_correction_and_a_retraction_reach_who_has_it(site: Newsroom) -> None:
    reader = site.person()
    await reader.says("/start")
    cms = await _cms(site)
    _, article = await cms.brings()
    await site.tick()
    await reader.sees("Міст відкрили")
    await site.settled()
    number = article["number"]
    changed = {"title": "Міст закрили", "html": ARTICLE["html"], "note": "У заголовку було навпаки."}
    status, article = await cms.asks("PUT", f"/{number}", json=changed)
    assert (status, article["title"], article["revision"]) == (HTTPStatus.OK, "Міст закрили", 2)
    await site.tick()
    await site.settled()
    assert any("Міст закрили" in text_of(message) for message in reader.got)
    assert (await cms.asks("PUT", f"/{number}", json={**changed, "title": "Третя", "note": ""}))[0] == 422
    status, article = await cms.asks("DELETE", f"/{number}", params={"note": "Не підтвердилося"})
    assert (status, article["state"]) == (HTTPStatus.OK, "retracted")
    await site.tick()
    await site.settled()
    assert any("Не підтвердилося" in text_of(message) for message in reader.got)
    assert (await cms.asks("DELETE", f"/{number}"))[0] == HTTPStatus.OK  # it may be repeated


async def test_a_draft_may_be_changed_and_put_away(site: Newsroom) -> None:
    cms = await _cms(site)
    _, article = await cms.brings(state="draft")
    number = article["number"]
    _, article = await cms.asks("PUT", f"/{number}", json={"title": "Інший заголовок", "html": "Текст."})
    assert article["title"] == "Інший заголовок"
    assert await cms.asks("DELETE", f"/{number}") == (HTTPStatus.NO_CONTENT, None)


async def test_a_draft_of_that_id_is_published_with_the_words_that_are_asked_for_or_not_at_all(site: Newsroom) -> None:
    """A draft lies on the desk in another state of its text: neither it nor what is brought may be taken for the other."""
    cms = await _cms(site)
    _, draft = await cms.brings(state="draft", html="<p>Рух почнеться о <b>сьомій</b>.</p>")
    address = f"/{draft['number']}"
    for state in ("publish", "archive"):
        status, problem = await cms.brings(state=state)
        assert (status, address in problem["detail"]) == (HTTPStatus.CONFLICT, True), "it says which one to change"
    assert (await cms.asks("GET", address))[1]["state"] == "draft"
    assert (await cms.brings(state="draft"))[0] == HTTPStatus.OK  # who asks for a draft has one
    assert (await cms.asks("PUT", address, json={"title": ARTICLE["title"], "html": ARTICLE["html"]}))[
        0
    ] == HTTPStatus.OK
    assert (await cms.brings(state="archive"))[0] == HTTPStatus.CONFLICT  # what lies on the desk is sent or discarded
    status, article = await cms.brings()
    assert (status, article["number"], article["state"]) == (HTTPStatus.OK, draft["number"], "scheduled")
    assert (await cms.brings(html="<p>Інше.</p>"))[0] == HTTPStatus.OK  # it goes out already: asked for again
    await site.tick()
    assert "шостій" in (await site.store.articles.get(draft["number"])).body


async def test_what_was_put_away_stays_so_and_whoever_wants_it_out_hears_that(site: Newsroom) -> None:
    cms, drafts = await _cms(site), await _cms(site, "drafts", Scope.DRAFT)
    for one in (cms, drafts):
        _, article = await one.brings(state="draft")
        address = f"/{article['number']}"
        for _ in range(2):  # the answer may have been lost
            assert await one.asks("DELETE", address) == (HTTPStatus.NO_CONTENT, None)
        assert (await one.asks("GET", address))[1]["state"] == "discarded"
        assert (await one.asks("PUT", address, json={"title": "Ні"}))[0] == HTTPStatus.CONFLICT
        status, again = await one.brings(state="draft")
        assert (status, again["state"]) == (HTTPStatus.OK, "discarded")
    for state in ("publish", "archive"):
        assert (await cms.brings(state=state))[0] == HTTPStatus.CONFLICT
    _, article = await cms.brings(id="out")
    await site.tick()
    await site.settled()
    assert (await cms.asks("DELETE", f"/{article['number']}"))[1]["state"] == "retracted"
    assert (await cms.brings(id="out"))[0] == HTTPStatus.CONFLICT


async def test_a_process_that_dies_before_it_has_answered_has_done_it_once(site: Newsroom) -> None:
    """The key is the only name of what has no id: what was begun under it is gone on with."""
    reader = site.person()
    await reader.says("/start")
    cms = await _cms(site)
    _, article = await cms.brings("key", id="")
    async with site.database.write() as connection:  # as it is when the process dies before it has noted the answer
        await connection.execute(update(api_answer).values(status=0, body=""))
    status, problem = await cms.brings("key", id="")
    assert (status, "worked on" in problem["detail"]) == (HTTPStatus.CONFLICT, True)
    await site.store.tokens.forget(site.clock.now() - timedelta(days=2), site.clock.now() + timedelta(minutes=1))
    status, again = await cms.brings("key", id="")
    assert (status, again["number"]) == (HTTPStatus.OK, article["number"])
    await site.tick()
    await site.settled()
    assert await reader.count("Міст відкрили") == 1
    assert (await cms.brings("key", id="", title="Інша новина"))[0] == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (await cms.brings("another key", id=""))[1]["number"] != article["number"]


async def test_a_token_reaches_only_what_it_has_brought(site: Newsroom) -> None:
    ours, others = await _cms(site), await _cms(site, "інші")
    typed = await site.owner().publishes("Своя новина\n\nТекст.")
    _, article = await ours.brings()
    for number in (article["number"], typed.id, 10**9):
        for method in ("GET", "DELETE"):
            assert (await others.asks(method, f"/{number}"))[0] == HTTPStatus.NOT_FOUND
        changed = {"title": "Чуже", "html": "", "kind": "typo"}
        assert (await others.asks("PUT", f"/{number}", json=changed))[0] == HTTPStatus.NOT_FOUND
    _, same = await others.brings()  # the same id of another system is another article
    assert same["number"] != article["number"]


async def test_a_token_is_good_for_what_it_was_made_for(site: Newsroom) -> None:
    may = {HTTPStatus.CREATED: True, HTTPStatus.FORBIDDEN: False}
    for scope in Scope:
        cms = await _cms(site, str(scope), scope=scope)
        drafted, _ = await cms.brings(id="d", state="draft")
        published, _ = await cms.brings(id="p")
        archived, _ = await cms.brings(id="a", state="archive")
        assert (may[HTTPStatus(drafted)], may[HTTPStatus(published)], may[HTTPStatus(archived)]) == (
            scope is Scope.DRAFT,
            scope is Scope.PUBLISH,
            scope is Scope.PUBLISH,
        ), scope


async def test_without_a_good_token_nothing_is_said(site: Newsroom) -> None:
    cms = await _cms(site)
    await cms.brings()
    for secret in ("", "visnyk_", "visnyk_wrong", "їжак", cms.secret + "x", cms.secret.upper()):
        status, problem = await Cms(site, secret).asks("GET", "/1")
        assert (status, problem["status"]) == (401, 401)
    await site.store.tokens.revoke("cms", site.clock.now())
    assert (await cms.asks("GET", "/1"))[0] == HTTPStatus.UNAUTHORIZED


async def test_who_tries_tokens_and_who_asks_too_often_has_to_wait(site: Newsroom) -> None:
    cms = await _cms(site)
    statuses = [(await cms.asks("GET", "/1"))[0] for _ in range(A_MINUTE + 1)]
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS
    site.clock.advance(seconds=61)
    assert (await cms.asks("GET", "/1"))[0] == HTTPStatus.NOT_FOUND
    guesses = [(await Cms(site, "visnyk_guess").asks("GET", "/1"))[0] for _ in range(FAILURES_A_MINUTE + 1)]
    assert (guesses[0], guesses[-1]) == (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


DOES_NOT_FIT = [
    (b"", 400, "body"),
    (b"{", 400, "body"),
    (b"\xff", 400, "body"),
    (b"[]", 400, "body"),
    (b'{"title":"\\ud800"}', 400, "body"),
    (b'{"title":""}', 400, "body"),
    (b'{"title":1}', 422, "title"),
    (b'{"title":1' + b"0" * 30 + b"}", 422, "title"),
    (b'{"title":"A","topics":[1' + b"0" * 5000 + b"]}", 400, "body"),
    (b'{"title":NaN}', 422, "title"),
    (b'{"title":"A","state":"urgent"}', 422, "state"),
    (b'{"title":"A","published_at":"2026-11-26T10:00:00"}', 422, "published_at"),
    (b'{"title":"A","published_at":1795435200}', 422, "published_at"),
    (b'{"title":"A","urgent":"yes"}', 422, "urgent"),
    (b'{"title":"A","url":"javascript:alert(1)"}', 422, "url"),
    (b'{"title":"A","titel":"B"}', 422, "titel"),
    (b'{"title":"A","published_at":"2999-01-01T00:00:00Z"}', 422, ""),
    (b'{"title":"A","state":"publish","publish_at":"9999-12-31T23:59:59-14:00"}', 422, "publish_at"),
    (b'{"title":"A","state":"publish","publish_at":"2029-01-01T00:00:00Z"}', 422, "publish_at"),
    (b'{"title":"' + b"A" * 600 + b'"}', 422, "title"),
]


async def test_what_does_not_fit_is_named_and_nothing_of_it_is_done(site: Newsroom) -> None:
    cms = await _cms(site)
    for body, status, field in DOES_NOT_FIT:
        found, problem = await cms.asks("POST", "", data=body)
        assert (found, not field or field in problem["errors"]) == (status, True), (body[:60], problem)
        assert not (await site.store.articles.latest()).items, body[:60]


async def test_whatever_is_asked_the_answer_is_never_a_failure_of_ours(sqlite_url: str) -> None:
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=6,
    )
    names = st.sampled_from([*ARTICLE, "lead", "url", "published_at", "publish_at", "language", "topics", "photo"])
    tried: list[dict[str, object]] = []

    @settings(max_examples=60, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(names, anything | st.sampled_from(list(ARTICLE.values())), max_size=6))
    def draw(asked: dict[str, object]) -> None:
        tried.append(asked)

    draw()
    async with open_newsroom(sqlite_url, http_bind="127.0.0.1:0") as room:
        cms = await _cms(room)
        for asked in tried:
            room.clock.advance(seconds=1)
            assert (await cms.asks("POST", "", data=json.dumps(asked)))[0] < 500, asked


async def test_the_document_of_the_api_describes_it(site: Newsroom) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{site.web_address}/api/openapi.json") as answer:
        described = await answer.json()
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "https://news.example"}]
    assert set(described["webhooks"]) == {
        "article.published",
        "article.corrected",
        "article.retracted",
        "send.finished",
    }
    asked = described["components"]["schemas"]["NewArticle"]["properties"]
    assert {"id", "title", "lead", "html", "state", "publish_at", "urgent"} <= set(asked)
    _, article = await (await _cms(site)).brings()
    assert set(article) == set(described["components"]["schemas"]["Article"]["properties"])
