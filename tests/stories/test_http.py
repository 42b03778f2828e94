"""The HTTP side: health, metrics, the webhook, and everybody who should not be there."""

import asyncio
import io
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest
import trustme
from structlog.testing import capture_logs

from bot.telegram.webhook import LOOK_SECONDS
from bot.web.webhook import WebhookSecrets
from tests.support.balancer import free_port
from tests.support.courier import SECRET, courier
from tests.support.newsroom import TOKEN, Newsroom, open_newsroom

pytestmark = pytest.mark.wide

HTTP = {"http_bind": "127.0.0.1:0"}
SECRETS = WebhookSecrets.of(TOKEN)
START = {"type": "bot_command", "offset": 0, "length": 6}


def _by_webhook() -> dict[str, str]:
    place = f"127.0.0.1:{free_port()}"
    return {"http_bind": place, "public_url": f"http://{place}", "webhook": "on"}


async def _asked(room: Newsroom, path: str, method: str = "GET", **how: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.request(method, room.web_address + path, **how) as answer:
        return answer.status, await answer.text()


@pytest.fixture
async def listening(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url, **HTTP) as opened:
        yield opened


@pytest.fixture
async def hooked(database_url: str) -> AsyncIterator[Newsroom]:
    async with open_newsroom(database_url, **_by_webhook()) as opened, courier(opened.world):
        yield opened


async def test_nothing_listens_by_default(room: Newsroom) -> None:
    assert room.app.web is None


async def test_a_running_bot_is_alive_and_ready(listening: Newsroom) -> None:
    assert await _asked(listening, "/healthz") == (200, '{"status": "alive"}')
    ready = '{"status":"ready","database":"ok","updates":"ok","telegram":"ok"}'
    assert await _asked(listening, "/readyz") == (200, ready)


async def test_metrics_count_what_was_sent(listening: Newsroom) -> None:
    reader = listening.person()
    await reader.says("/start")
    await listening.owner().publishes("Міст відкрили\n\nТекст.")
    await reader.sees("Міст відкрили")
    await listening.settled()
    status, said = await _asked(listening, "/metrics")
    assert status == HTTPStatus.OK
    assert 'visnyk_deliveries_total{outcome="sent"} 1.0' in said
    assert "visnyk_updates_waiting 0.0" in said
    assert 'visnyk_telegram_requests_total{method="getMe",status="200"} 1.0' in said
    assert "Міст" not in said
    assert TOKEN not in said


async def test_what_nobody_offers_is_a_problem_in_words(listening: Newsroom) -> None:
    status, said = await _asked(listening, "/admin.php")
    assert (status, '"detail":"There is nothing at this address."' in said) == (404, True)
    assert (await _asked(listening, "/healthz", "POST"))[0] == HTTPStatus.METHOD_NOT_ALLOWED
    assert (await _asked(listening, f"/telegram/{SECRETS.path}", "POST", data=b"{}"))[0] == HTTPStatus.NOT_FOUND


async def test_what_is_packed_is_refused_and_an_odd_wish_is_answered_as_ever(listening: Newsroom) -> None:
    for packing in ("gzip", "br", "zstd", "deflate, gzip", "kilobyte-that-is-a-gigabyte"):
        status, said = await _asked(
            listening, "/api/articles", "POST", data=b"\x1f\x8b", headers={"Content-Encoding": packing}
        )
        assert (status, '"detail":"Send it as it is: nothing is unpacked here."' in said) == (415, True), packing
    for wish in (
        "application/openmetrics-text; version=none",
        "application/openmetrics-text; version=",
        ",;,",
        "text/*",
    ):
        status, said = await _asked(listening, "/metrics", headers={"Accept": wish})
        assert (status, "visnyk_updates_waiting" in said) == (200, True), wish
    async with aiohttp.ClientSession() as session, session.get(f"{listening.web_address}/healthz") as answer:
        assert answer.headers["Server"] == "visnyk"


async def test_what_is_no_http_costs_a_line_of_the_log_and_stands_in_none(
    listening: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    host, _, port = listening.web_address.removeprefix("http://").rpartition(":")
    with capture_logs() as said:
        for wrong in (
            b"GET /telegram/s3cret\xff HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        ):
            answer, asking = await asyncio.open_connection(host, int(port))
            asking.write(wrong)
            assert b" 400 " in await answer.readline()
            asking.close()
            await asking.wait_closed()
    asked = [one for one in said if one["event"] == "request"]
    assert [(one["status"], one["client"], one["log_level"]) for one in asked] == [(400, "127.0.0.1", "info")] * 2
    assert not [one for one in caplog.records if one.name.startswith("aiohttp")]
    assert "s3cret" not in str(said) + caplog.text


async def test_readers_are_answered_by_webhook_as_by_polling(hooked: Newsroom) -> None:
    reader = hooked.person()
    await reader.says("/start")
    await hooked.owner().publishes("Міст відкрили\n\nТекст.")
    await reader.sees("Міст відкрили")
    await reader.taps("Читати")
    await hooked.heard()
    assert "Текст." in reader.screen


async def test_a_changed_setting_is_all_it_takes_to_poll_again(hooked: Newsroom) -> None:
    await hooked.person().says("/start")
    assert hooked.world.webhook.endswith(SECRETS.path)
    hooked.options.clear()
    await hooked.restart()
    assert not hooked.world.webhook
    await hooked.person("Ігор", 2).says("/start")


async def test_a_certificate_that_nobody_vouches_for_is_given_to_telegram_with_the_webhook(
    hooked: Newsroom, tmp_path: Path
) -> None:
    made = trustme.CA().issue_cert("news.example").cert_chain_pems[0].bytes()
    file = tmp_path / "webhook.pem"
    file.write_bytes(b"made for us\n" + made)
    await hooked.person().says("/start")
    assert not hooked.world.webhook_certificate
    hooked.options["webhook_certificate"] = str(file)
    await hooked.restart()
    await hooked.person("Ігор", 2).says("/start")
    assert hooked.world.webhook_certificate.split() == made.decode().split()
    assert hooked.world.webhook_word == SECRETS.word


async def test_an_update_that_comes_twice_is_handled_once(hooked: Newsroom) -> None:
    reader = hooked.person()
    hooked.world.webhook_word = "wrong"  # as if nothing reached us
    reader.sends(text="/start", entities=[START])
    update = hooked.world.updates[0]
    headers = {SECRET: SECRETS.word}
    for _ in range(2):
        answer = await _asked(hooked, f"/telegram/{SECRETS.path}", "POST", json=update, headers=headers)
        assert answer[0] == HTTPStatus.OK
    hooked.world.updates.clear()
    await reader.sees("Вітаємо")
    assert await reader.count("Вітаємо") == 1


STRANGERS = {
    "another path": ("wrong", {SECRET: SECRETS.word}, b"{}", 404),
    "a path that is no plain text": ("%D1%97", {SECRET: SECRETS.word}, b"{}", 404),
    "no word": (SECRETS.path, {}, b'{"update_id":1}', 401),
    "another word": (SECRETS.path, {SECRET: "wrong"}, b'{"update_id":1}', 401),
    "a word that is no plain text": (SECRETS.path, {SECRET: "їжак"}, b'{"update_id":1}', 401),
    "nothing": (SECRETS.path, {SECRET: SECRETS.word}, b"", 400),
    "bytes": (SECRETS.path, {SECRET: SECRETS.word}, b"\xff\xfe", 400),
    "a list": (SECRETS.path, {SECRET: SECRETS.word}, b"[]", 400),
    "a number in words": (SECRETS.path, {SECRET: SECRETS.word}, b'{"update_id":"1"}', 400),
    "a number below zero": (SECRETS.path, {SECRET: SECRETS.word}, b'{"update_id":-1}', 400),
    "five megabytes": (SECRETS.path, {SECRET: SECRETS.word}, b"x" * 5_000_000, 413),
}


async def test_whoever_is_not_telegram_is_refused(hooked: Newsroom) -> None:
    for name, (path, headers, body, status) in STRANGERS.items():
        found, said = await _asked(hooked, f"/telegram/{path}", "POST", data=io.BytesIO(body), headers=headers)
        assert (found, "Traceback" in said) == (status, False), name
    await hooked.person().says("/start")


async def test_an_update_nobody_can_read_is_kept_and_the_owner_hears_of_it(hooked: Newsroom) -> None:
    owner = hooked.owner()
    await owner.says("/help")
    deep = b'{"update_id":900000000000,"message":' + b'{"a":' * 3000 + b"1" + b"}" * 3001
    for body in (deep, b'{"update_id":900000000001,"message":{"n":NaN}}'):
        answer = await _asked(hooked, f"/telegram/{SECRETS.path}", "POST", data=body, headers={SECRET: SECRETS.word})
        assert answer[0] == HTTPStatus.OK
    await owner.sees("Їх відкладено")


async def test_a_webhook_that_somebody_changed_is_set_again_and_told(hooked: Newsroom) -> None:
    owner = hooked.owner()
    await owner.says("/help")
    ours, hooked.world.webhook = hooked.world.webhook, ""
    hooked.clock.advance(seconds=LOOK_SECONDS + 1)
    await owner.sees("Хтось змінив вебхук")
    assert hooked.world.webhook == ours


async def test_the_owner_hears_once_that_telegram_cannot_reach_the_bot_and_once_that_it_can(hooked: Newsroom) -> None:
    owner, reader = hooked.owner(), hooked.person()
    await owner.says("/help")
    hooked.world.webhook_word = "another one"  # somebody has set our address with it
    reader.sends(text="/start", entities=[START])
    while hooked.world.webhook_error is None:  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.01)
    for _ in range(3):
        hooked.clock.advance(seconds=LOOK_SECONDS + 1)
        await owner.sees("Wrong response from the webhook: 401")
    await reader.sees("Вітаємо")
    hooked.clock.advance(seconds=LOOK_SECONDS + 1)
    await owner.sees("Telegram знову доставляє оновлення")
    assert await owner.count("Telegram не може доставити") == 1


async def test_a_request_that_never_ends_does_not_hold_a_stop_up(database_url: str) -> None:
    async with open_newsroom(database_url, **_by_webhook()) as room:
        host, _, port = room.web_address.removeprefix("http://").rpartition(":")
        _, half = await asyncio.open_connection(host, int(port))
        address = f"POST /telegram/{SECRETS.path} HTTP/1.1"
        half.write(f"{address}\r\nHost: x\r\n{SECRET}: {SECRETS.word}\r\nContent-Length: 99\r\n\r\n".encode())
        await half.drain()
        assert await _asked(room, "/healthz") == (200, '{"status": "alive"}')  # so the half one has come, too
        assert room.app.web is not None
        guard, sender = room.app.web.server.guard, room.sender
        room._stop.set()
        while not (guard.closing and sender._stopping):
            assert guard._under_way, "the request had ended before"
            await asyncio.sleep(0)
        assert guard._under_way
        half.close()
