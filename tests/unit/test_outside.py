"""ALERT_URL: what is posted, how often, and that its secret is written nowhere."""

from collections.abc import Mapping

import orjson
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.config import load_settings
from bot.fetch.posting import post_json
from bot.operations.outside_alarm import AWAY_SECONDS, OutsideAlarm
from bot.telegram.contact import Contact
from bot.text.phrasebook import phrases
from tests.support.clock import TestClock
from tests.support.refusals import refused

SECRET = "s3cr3t-key"


@pytest.mark.parametrize(("language", "words"), [("uk", "Telegram не відповідає"), ("en", "Telegram has not answered")])
async def test_each_trouble_is_posted_once_and_once_when_it_is_over(language: str, words: str) -> None:
    now, taken, posted = 0.0, True, list[Mapping[str, str]]()
    contact = Contact(monotonic=lambda: now)

    async def post(body: Mapping[str, str]) -> bool:
        posted.append(body)
        return taken

    alarm = OutsideAlarm(
        silent_for=lambda: contact.failing_for,
        refused=lambda: contact.refused,
        post=post,
        clock=TestClock(speed=0),
        say=phrases(language),
        instance="news1",
    )
    contact.failed("getUpdates")
    now = AWAY_SECONDS - 1
    await alarm.look()
    assert posted == [], "a short absence is nobody's business"
    now, taken = AWAY_SECONDS, False
    await alarm.look()
    taken = True
    for _ in range(3):
        await alarm.look()
    assert [(one["trouble"], one["state"]) for one in posted] == [("telegram", "begun")] * 2, "not taken: once more"
    assert words in posted[0]["text"]
    contact.answered("getUpdates", 401)
    for _ in range(3):
        await alarm.look()
    assert [(one["trouble"], one["state"]) for one in posted[2:]] == [("telegram", "over"), ("token", "begun")]
    contact.answered("getUpdates", 200)
    for _ in range(3):
        await alarm.look()
    assert [(one["trouble"], one["state"]) for one in posted[4:]] == [("token", "over")]
    assert all(one["source"] == "visnyk" and one["text"] and one["since"] <= one["at"] for one in posted)


async def test_it_is_posted_as_json_to_that_address_alone() -> None:
    got: list[tuple[str, object]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.path_qs, orjson.loads(await request.read())))
        status = int(request.query["status"])
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else {})

    app = web.Application()
    app.add_routes([web.post("/hook", take), web.route("*", "/elsewhere", take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook?key={SECRET}"
    try:
        for status, taken in ((204, True), (500, False), (302, False)):
            assert await post_json(f"{address}&status={status}", b'{"a":"b"}', agent="Visnyk") is taken
    finally:
        await runner.cleanup()
    assert got == [(f"/hook?key={SECRET}&status={status}", {"a": "b"}) for status in (204, 500, 302)]
    with capture_logs() as logged:
        for nowhere in (f"http://127.0.0.1:9/?key={SECRET}", f"http://[::1/?key={SECRET}"):
            assert await post_json(nowhere, b"{}", agent="Visnyk") is False
    assert [entry["event"] for entry in logged] == ["ALERT_URL did not take an alert"] * 2
    assert SECRET not in str(logged)


def test_an_address_that_is_none_is_a_sentence_without_it() -> None:
    with refused("ALERT_URL") as caught:
        load_settings(alert_url=f"ftp://hooks.example/{SECRET}")
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(load_settings(alert_url=f"https://hooks.example/{SECRET}"))
