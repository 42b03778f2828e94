"""The stand-in over HTTP: the Bot API at `/bot<token>/<method>`, and faults on order."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.answers import Answer
from bot.sandbox.api import BotApi
from bot.sandbox.faults import Faults

Json = dict[str, Any]

_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center>nginx</center></body></html>"


class BotApiServer:
    """Serves the Bot API of one bot."""

    def __init__(self, api: BotApi, faults: Faults, token: str) -> None:
        self._api = api
        self._faults = faults
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Bot API."""
        return [
            web.route("*", "/bot{token}/{method}", self._handle),
            web.get("/file/bot{token}/photos/{file_id}", self._file),
        ]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._token:
            return _json(Answer.bad(401, "Unauthorized"))
        method, payload = request.match_info["method"], await _payload(request)
        chat = payload.get("chat_id")
        fault = self._faults.take(method, int(str(chat)) if str(chat).lstrip("-").isdigit() else None)
        match fault.kind if fault else None:
            case "answer":
                assert fault is not None
                wait = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
                return _json(Answer.bad(fault.status, fault.description, **wait))
            case "page":
                assert fault is not None
                return web.Response(status=fault.status, text=_PAGE, content_type="text/html")
            case "reset":
                return _cut_off(request)
            case "lost":
                await self._api.call(method, payload)
                return _cut_off(request)
            case "hang":
                await asyncio.sleep(3600)  # noqa: TID251  a fault takes real time
            case "slow":
                assert fault is not None
                await asyncio.sleep(fault.seconds)  # noqa: TID251
            case "held":
                assert fault is not None
                await fault.gate.wait()
            case "kept":
                assert fault is not None
                answer = await self._api.call(method, payload)
                await fault.gate.wait()
                return _json(answer)
        return _json(await self._api.call(method, payload))

    async def _file(self, request: web.Request) -> web.Response:
        content = self._api.world.files.get(request.match_info["file_id"])
        if content is None or request.match_info["token"] != self._token:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/jpeg")


def _cut_off(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _json(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=orjson.dumps(answer.body), content_type="application/json")


async def _payload(request: web.Request) -> Json:
    """Return a request's parameters, however they were sent: JSON, a form, or the address."""
    if request.content_type == "application/json":
        body = await request.read()
        return dict(orjson.loads(body)) if body else {}
    values: Json = dict(request.query)
    files: dict[str, web.FileField] = {}
    if request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value
            elif isinstance(value, str):
                values[name] = value
    return {name: _value(value) for name, value in values.items()} | _uploaded(files, values)


def _uploaded(files: Mapping[str, web.FileField], values: Json) -> Json:
    """Return the parameters that are files: each by its name and its bytes."""
    names = {one.removeprefix("attach://"): name for name, one in values.items() if str(one).startswith("attach://")}
    return {names.get(part, part): (file.filename, file.file.read()) for part, file in files.items()}


def _value(text: str) -> Any:
    """Return a form's value: JSON where it is an object or a list, else the text."""
    if text[:1] in {"{", "["}:
        try:
            return orjson.loads(text)
        except ValueError:
            return text
    return text
