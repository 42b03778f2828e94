"""The API held to its own OpenAPI document: whatever is asked, the answer is one it describes, and never a failure."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.tokens import Scope
from bot.web.api.openapi import document
from bot.web.outgoing.messages import Message, a_test
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.openapi import nearly, problem_of
from tests.support.rows import NOW

ROOT = document("https://news.example")
ALL = Scope.DRAFT | Scope.PUBLISH | Scope.CORRECT
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY")
SEEDS: list[tuple[str, str, dict[str, Any]]] = [
    ("/api/articles", "post", {"data": json.dumps({"id": f"s{n}", "title": f"Новина {n} про міст", "state": state, **more})})
    for n, (state, more) in enumerate([
        ("publish", {}), ("publish", {"publish_at": "2026-11-24T10:00:00Z"}), ("archive", {}), ("draft", {}), ("publish", {}),
        ("draft", {}),
    ])
]  # fmt: skip

PICTURES: list[tuple[str, str, dict[str, Any]]] = [
    ("/api/media", "post", {"data": content, "headers": {"Idempotency-Key": key} if key else {}})
    for content in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"GIF89a", b"<svg/>", b"")
    for key in ("", "p1", "k" * 256)
]


@pytest.fixture
async def api(sqlite_url: str) -> AsyncIterator[Newsroom]:
    public = {"http_bind": "127.0.0.1:0", "public_url": "https://news.example"}
    async with open_newsroom(sqlite_url, **public) as opened:
        yield opened


def _requests(most: int) -> list[tuple[str, str, dict[str, Any]]]:
    """Return requests to the operations of the document, as (path, method, how); numbers are of what may be there."""
    operations = [
        (path, method, described)
        for path, methods in ROOT["paths"].items()
        for method, described in methods.items()
        if method != "parameters" and path != "/api/media"
    ]
    numbers = st.integers(1, 9).map(str) | st.sampled_from(["0", "-1", "1.0", "9" * 16, "x", "%00", "٣", "1 "])
    keys = st.sampled_from(["", "k1", "k2", "k" * 256, "a b"])
    found: list[tuple[str, str, dict[str, Any]]] = []

    @settings(
        max_examples=most, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        path, method, described = data.draw(st.sampled_from(operations))
        how: dict[str, Any] = {"headers": {}, "params": {}}
        if "requestBody" in described:
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            body = json.dumps(data.draw(nearly(schema, ROOT)))
            how["data"] = data.draw(st.sampled_from([body, body, body, body[:-1], f"[{body}]"]))
        for one in described.get("parameters", ()):
            value = data.draw(keys if one["in"] == "header" else st.text(max_size=400))
            how["headers" if one["in"] == "header" else "params"][one["name"]] = value
        found.append((path.replace("{number}", data.draw(numbers)), method, how))

    draw()
    return found


async def _asked(
    session: aiohttp.ClientSession, address: str, asked: tuple[str, str, dict[str, Any]]
) -> tuple[str, str]:
    """Ask once; returns the status, and what is wrong with the answer, "" when nothing is."""
    path, method, how = asked
    template = path if path in ROOT["paths"] else "/api/articles/{number}"
    described = ROOT["paths"][template][method]
    async with session.request(method, f"{address}{path}", **how) as answer:
        body, status = await answer.read(), str(answer.status)
        return status, _wrong(described, status, answer.content_type, body, how.get("data"))


def _wrong(described: dict[str, Any], status: str, kind: str, body: bytes, data: str | bytes | None) -> str:
    if status >= "500" or status not in described["responses"]:
        return f"{status} is not described: {body[:200]!r}"
    content = described["responses"][status].get("content", {})
    if not content:
        return "a body that is not described" if body else ""
    if kind not in content:
        return f"{kind} is not described"
    if status < "300" and isinstance(data, str) and (why := _misfit(described, data)):
        return f"taken, though {why}"
    return problem_of(json.loads(body), content[kind]["schema"], ROOT)


def _misfit(described: dict[str, Any], data: str) -> str:
    return problem_of(json.loads(data), described["requestBody"]["content"]["application/json"]["schema"], ROOT)


@pytest.mark.thorough
async def test_every_answer_is_one_that_the_document_describes(api: Newsroom) -> None:
    secret, requests = new_secret(), _requests(160)
    assert await api.store.tokens.add("cms", "Агенція", ALL, fingerprint(secret), api.clock.now())
    wrong, seen, pictures = [], Counter[tuple[str, str]](), set[str]()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {secret}"}) as session:
        for number, asked in enumerate([*SEEDS, SEEDS[-1], *PICTURES, *requests]):
            api.clock.advance(seconds=1)
            if number % 20 == 0:
                await api.app.tick()
            status, why = await _asked(session, api.web_address, asked)
            seen[asked[1], status] += 1
            pictures |= {status} if asked[0] == "/api/media" else set()
            if why:
                wrong.append((asked, why))
    assert wrong == []
    reached = {
        ("post", "415"),
        ("post", "201"),
        ("post", "200"),
        ("get", "200"),
        ("put", "200"),
        ("delete", "200"),
        ("delete", "204"),
    }
    refused = {("post", "400"), ("post", "422"), ("get", "404"), ("put", "404"), ("put", "409"), ("delete", "404")}
    assert reached | refused <= set(seen), seen
    assert {"201", "415"} <= pictures


async def test_methods_and_people_that_do_not_belong_there_are_refused_in_the_same_form(api: Newsroom) -> None:
    problem = {"$ref": "#/components/schemas/Problem"}
    async with aiohttp.ClientSession() as session:
        for path in [*ROOT["paths"], "/api/openapi.json", "/healthz", "/api/nothing"]:
            offered = {method.upper() for method in ROOT["paths"].get(path, {"get": {}})} - {"PARAMETERS"}
            for method in METHODS:
                async with session.request(method, api.web_address + path.replace("{number}", "1")) as answer:
                    if path == "/api/nothing":
                        assert answer.status == 404, method
                    elif method in offered:
                        assert answer.status in {200, 401}, (path, method)
                    else:
                        assert answer.status == 405, (path, method)
                        assert offered <= set(answer.headers["Allow"].split(",")) <= {*offered, "HEAD"}, path
                    if answer.status != 200:
                        assert answer.content_type == "application/problem+json"
                        assert problem_of(await answer.json(content_type=None), problem, ROOT) == ""


def test_the_document_s_schemas_are_schemas_and_what_listeners_are_told_fits() -> None:
    for schema in ROOT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    told = json.loads(a_test(NOW).written())
    assert problem_of(told, {"$ref": "#/components/schemas/Message"}, ROOT) == ""
    assert set(Message.model_fields) == set(ROOT["components"]["schemas"]["Message"]["required"])
