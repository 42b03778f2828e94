"""Webhooks from the shell: added, listed, tried, enabled and removed; the secret is shown once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from bot.cli import webhooks
from bot.model.listeners import EventKind, ListenerState
from bot.web.outgoing.signing import new_secret, signed
from storage.engine.database import Database
from storage.store import Store
from tests.support.listening import Elsewhere, an_outlet, elsewhere

pytestmark = pytest.mark.wide

Out = pytest.CaptureFixture[str]


@pytest.fixture
async def other(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Elsewhere]:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("FETCH_ALLOW", "127.0.0.1")
    monkeypatch.setenv("LANGUAGE", "en")
    async with elsewhere("/hook") as opened:
        yield opened


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    database = Database(sqlite_url)
    yield Store(database, "test")
    await database.close()


async def test_a_webhook_is_added_tried_listed_enabled_and_removed(other: Elsewhere, store: Store, capsys: Out) -> None:
    assert await webhooks.add(other.address, ["published", "retracted"]) == 0
    secret = capsys.readouterr().out.strip()
    other.secret = secret
    (stored,) = await store.listeners.all()
    assert (stored.events, stored.secret) == (EventKind.PUBLISHED | EventKind.RETRACTED, secret)
    assert secret not in repr(stored)
    assert await webhooks.add(other.address, ["published"]) == 1
    assert await webhooks.test("1") == 0
    assert (other.types, other.forged) == (["webhook.test"], 0)
    other.status = HTTPStatus.GONE
    assert await webhooks.test(other.address) == 1
    outlet = an_outlet(store.database)
    await outlet.happens(EventKind.PUBLISHED, EventKind.CORRECTED)
    await outlet.tells()
    assert await webhooks.list_() == 0
    assert await webhooks.enable("1") == 0
    assert (await outlet.listener(1)).state is ListenerState.ACTIVE
    assert await webhooks.remove("1") == 0
    assert await webhooks.remove("1") == await webhooks.enable("1") == await webhooks.test("7") == 1
    said = capsys.readouterr()
    listed = said.out.splitlines()[1].split("\t")
    assert listed[:5] == ["1", other.address, "published,retracted", "disabled", "1"]
    assert said.out.splitlines()[2].endswith("Messages that wait for it: 1.")
    assert "The server says that nobody listens there any more (410)" in said.err
    assert secret not in said.out + said.err
    assert await store.listeners.all() == []


async def test_addresses_that_may_not_be_told_are_refused_before_anything_is_stored(
    other: Elsewhere, store: Store, capsys: Out
) -> None:
    for address in (
        "http://10.0.0.1/",
        "ftp://x.example/",
        "https://u:p@x.example/",
        "nonsense",
    ):
        assert await webhooks.add(address, ["published"]) == 1
    assert await store.listeners.all() == []
    assert "internal network" in capsys.readouterr().err
    for number in range(webhooks.MOST):
        assert await webhooks.add(f"https://{number}.example/", ["finished"]) == 0
    assert await webhooks.add(other.address, ["published"]) == 1
    assert len(await store.listeners.all()) == webhooks.MOST


def test_signatures_are_verified_by_a_library_of_others() -> None:
    secret, body = new_secret(), '{"title": "Міст"}'.encode()
    headers = dict(signed(secret, "msg_1", datetime.now(UTC), body))
    assert Webhook(secret).verify(body, headers) == {"title": "Міст"}
    for wrong in (
        lambda: Webhook(new_secret()).verify(body, headers),
        lambda: Webhook(secret).verify(body + b" ", headers),
        lambda: Webhook(secret).verify(body, {**headers, "webhook-id": "msg_2"}),
        lambda: Webhook(secret).verify(
            body, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}
        ),
    ):
        with pytest.raises(WebhookVerificationError):
            wrong()
    with pytest.raises(ValueError, match="no secret"):
        signed("whsec_###", "msg_1", datetime.now(UTC), body)
