"""The session to the Bot API over real HTTP: how requests are sent, and what every way they can fail means."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import orjson
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SendPhoto
from aiogram.types import BufferedInputFile
from aiohttp import web

from bot.model.outcomes import (
    BadContent,
    Delivered,
    Moved,
    NotConnected,
    Outcome,
    Refused,
    Throttled,
    Unauthorized,
    Unknown,
)
from bot.model.readers import ReaderState
from bot.telegram.calls import Call, ask
from bot.telegram.outcomes import outcome_of
from bot.telegram.session import Session

TOKEN = "7000000001:AAHs-mellon-mellon-mellon-mellon-000"
SEND = Call("sendMessage", {"chat_id": 1, "text": "Міст", "reply_markup": None})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Server:
    """A server that answers as it is told, and remembers what it got."""

    address: str = ""
    answer: Handler | None = None
    kinds: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.kinds.append(request.content_type)
        self.bodies.append(await request.read())
        assert self.answer is not None
        return await self.answer(request)

    def answers(self, status: int, body: object, kind: str = "application/json") -> None:
        content = body if isinstance(body, bytes) else orjson.dumps(body)

        async def answering(_: web.Request) -> web.Response:
            return web.Response(status=status, body=content, content_type=kind)

        self.answer = answering


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[Bot]:
    opened = Bot(TOKEN, session=Session(server.address))
    yield opened
    await opened.session.close()


async def _failure(bot: Bot, seconds: int | None = None) -> Exception:
    """Return what a request that has to fail fails with; the token is in nothing of it."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  which, is what the caller asks
        await ask(bot, SEND, seconds)
    error: BaseException | None = caught.value
    while error is not None:
        assert "mellon" not in f"{error} {error!r} {vars(error)}"
        error = error.__cause__
    return caught.value


async def test_a_request_without_a_file_is_json_without_what_is_not_said(server: Server, bot: Bot) -> None:
    server.answers(200, {"ok": True, "result": {"message_id": 7}})
    assert await ask(bot, SEND) == {"message_id": 7}
    assert server.kinds == ["application/json"]
    assert orjson.loads(server.bodies[0]) == {"chat_id": 1, "text": "Міст"}


async def test_a_request_with_a_file_is_sent_in_parts(server: Server, bot: Bot) -> None:
    message = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}}
    server.answers(200, {"ok": True, "result": message})
    await bot(SendPhoto(chat_id=1, photo=BufferedInputFile(b"\xff\xd8\xff", "bridge.jpg")))
    assert server.kinds == ["multipart/form-data"]
    assert b"\xff\xd8\xff" in server.bodies[0]


async def test_numbers_and_letters_come_back_as_they_are(server: Server, bot: Bot) -> None:
    result = [{"update_id": 2**53 + 1, "text": "ї🙂\u2028"}]
    server.answers(200, {"ok": True, "result": result})
    assert await ask(bot, Call("getUpdates", {})) == result


PAGE = b"<html><head><title>502 Bad Gateway</title></head></html>"


def _error(code: int, description: str, **parameters: object) -> dict[str, object]:
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    return body | ({"parameters": parameters} if parameters else {})


ANSWERS: list[tuple[int, object, Outcome]] = [
    (429, _error(429, "Too Many Requests: retry after 7", retry_after=7), Throttled(7)),
    (429, _error(429, "Too Many Requests"), Throttled(1)),
    (429, _error(429, "Too Many Requests: retry after 0", retry_after=0), Throttled(1)),
    (429, _error(429, "Too Many Requests", retry_after="soon"), Throttled(1)),
    (429, {"ok": False, "parameters": None}, Throttled(1)),
    (429, [], Throttled(1)),
    (429, b"<html>429 Too Many Requests</html>", Throttled(1)),
    (403, _error(403, "Forbidden: bot was blocked by the user"), Refused("Forbidden: bot was blocked by the user", ReaderState.BLOCKED)),
    (400, _error(400, "Bad Request: message is too long"), BadContent("Bad Request: message is too long")),
    (400, _error(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009), Moved(-1009)),
    (401, _error(401, "Unauthorized"), Unauthorized("Unauthorized")),
    (413, _error(413, "Request Entity Too Large"), BadContent("Request Entity Too Large")),
    (500, _error(500, "Internal Server Error"), Unknown("Internal Server Error")),
    (502, PAGE, Unknown("an answer that is not JSON")),
    (504, b"", Unknown("an answer that is not JSON")),
    (200, PAGE, Unknown("an answer that is not JSON")),
    (200, b'{"ok": true, "resu', Unknown("an answer that is not JSON")),
    (200, [], Unknown("an answer that is not JSON")),
    (200, {"ok": True}, Delivered(0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "outcome"), ANSWERS, ids=[f"{status} {str(body)[:60]}" for status, body, _ in ANSWERS]
)
async def test_what_the_server_answers_is_what_becomes_of_the_delivery(
    server: Server, bot: Bot, status: int, body: object, outcome: Outcome
) -> None:
    server.answers(status, body, "text/html" if isinstance(body, bytes) else "application/json")
    if isinstance(outcome, Delivered):
        assert await ask(bot, SEND) is None
    else:
        assert outcome_of(await _failure(bot)) == outcome
    assert len(server.bodies) == 1, "nothing is sent twice by the session itself"


async def test_a_connection_that_is_refused_wrote_nothing() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port, nobody answers on it
        taken.bind(("127.0.0.1", 0))
        bot = Bot(TOKEN, session=Session(f"http://127.0.0.1:{taken.getsockname()[1]}"))
        assert outcome_of(await _failure(bot)) == NotConnected("CannotConnect")
        await bot.session.close()


async def test_a_name_that_is_not_found_wrote_nothing() -> None:
    bot = Bot(TOKEN, session=Session("http://nowhere.invalid"))
    assert isinstance(outcome_of(await _failure(bot)), NotConnected)
    await bot.session.close()


async def test_a_server_that_never_answers_may_have_delivered(server: Server, bot: Bot) -> None:
    async def hanging(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        raise AssertionError

    server.answer = hanging
    assert isinstance(outcome_of(await _failure(bot, seconds=1)), Unknown)


async def test_a_connection_that_is_cut_may_have_delivered(server: Server, bot: Bot) -> None:
    async def cutting(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.answer = cutting
    error = await _failure(bot)
    assert isinstance(error, TelegramAPIError)
    assert isinstance(outcome_of(error), Unknown)


async def test_an_answer_that_breaks_off_may_have_been_a_delivery(server: Server, bot: Bot) -> None:
    async def breaking(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"ok": true')
        assert request.transport is not None
        request.transport.abort()
        return response

    server.answer = breaking
    assert isinstance(outcome_of(await _failure(bot)), Unknown)


async def test_a_file_of_telegrams_is_read_in_parts(server: Server, bot: Bot) -> None:
    server.answers(200, {"ok": True})
    parts = [part async for part in bot.session.stream_content(f"{server.address}/file/bot/photo.jpg")]
    assert orjson.loads(b"".join(parts)) == {"ok": True}
