"""The HTTP session: JSON bodies, answers read only as far as needed, every failure one of aiogram's exceptions."""

import re
from collections.abc import AsyncGenerator
from typing import Any, cast
from urllib.parse import quote, urlsplit

import aiogram
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiohttp.http import SERVER_SOFTWARE

from bot.telegram.calls import Call
from bot.telegram.connections import BadAnswer, Connections
from bot.telegram.contact import Contact

REQUEST_SECONDS = 25.0  # a send that takes longer is uncertain; less than the ledger's lease
CONNECT_SECONDS = 10.0
# How an answer to a send begins; the rest of it, up to three kilobytes, nobody needs.
_MESSAGE_ID = re.compile(rb'\{"ok":true,"result":\{"message_id":(\d+)[,}]')
_ASK_AGAIN_SECONDS = 1  # for a 429 that does not say how long
_LONGEST_WAIT = 86_400  # a day; a 429 that asks for more is not meant


class _Throttling(BaseSession):
    """What any session makes of a 429."""

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Response[Any]:
        """Raise aiogram's exception for an answer that is an error; a 429 without a time is still a 429."""
        if status_code == 429:
            self._raise_throttled(method, content)
        return super().check_response(bot=bot, method=method, status_code=status_code, content=content)

    def _raise_throttled(self, method: TelegramMethod[Any], content: str) -> None:
        seconds: object = None
        try:
            answer = orjson.loads(content)
            seconds = answer.get("parameters", {}).get("retry_after")
            message = str(answer.get("description", "Too Many Requests"))
        except (ValueError, AttributeError):
            message = "Too Many Requests"
        wait = min(seconds, _LONGEST_WAIT) if isinstance(seconds, int) and seconds > 0 else _ASK_AGAIN_SECONDS
        raise TelegramRetryAfter(method=method, message=message, retry_after=wait)


class _Aiograms(_Throttling, AiohttpSession):
    """Aiogram's own session."""


class Session(_Throttling):
    """A session to one Bot API server. `Call`s go over connections of our own, everything else aiogram's way."""

    def __init__(self, api_url: str, *, seconds: float = REQUEST_SECONDS, contact: Contact | None = None) -> None:
        """`seconds` is how long a request may take that says nothing else; `contact` hears what becomes of `Call`s."""
        super().__init__(api=TelegramAPIServer.from_base(api_url), json_loads=orjson.loads)
        self._connections = Connections(api_url, CONNECT_SECONDS)
        self._seconds = seconds
        self._contact = contact or Contact()
        self._heads: dict[tuple[str, str], bytes] = {}
        self._others: _Aiograms | None = None

    @property
    def _aiograms(self) -> _Aiograms:
        """Aiogram's own session, made when something is first asked that is no `Call`: files, for the most part."""
        if self._others is None:
            self._others = _Aiograms(api=self.api, json_loads=self.json_loads)
        return self._others

    async def close(self) -> None:
        """Close the connections; aiogram's own need a moment (docs.aiohttp.org, graceful shutdown)."""
        self._connections.close()
        if self._others is not None:
            await self._others.close()

    async def ready(self, number: int) -> None:
        """See that so many `Call`s can be written at once; raises nothing."""
        await self._connections.ready(number)

    def end_in(self, seconds: float) -> None:
        """Give `Call`s under way so many seconds from now; later ones fail as not written. May be repeated."""
        self._connections.end_in(seconds)

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Send a request and return its result; raises aiogram's exceptions."""
        if not isinstance(method, Call):
            return await self._aiograms.make_request(bot, method, timeout)
        return await self._call(bot, method, timeout)

    async def stream_content(self, url: str, *how: Any, **more: Any) -> AsyncGenerator[bytes, None]:
        """Yield what an address holds, aiogram's way."""
        async for part in self._aiograms.stream_content(url, *how, **more):
            yield part

    async def _call(self, bot: Bot, call: Call, timeout: int | None) -> Any:
        method = cast("TelegramMethod[Any]", call)
        seconds = self._seconds if timeout is None else float(timeout)
        request = b"%s%d\r\n\r\n%s" % (self._head(bot.token, call.__api_method__), len(call.body), call.body)
        try:
            status, content = await self._connections.ask(request, seconds)
        except TimeoutError as error:
            self._contact.failed(call.__api_method__)
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except (OSError, BadAnswer) as error:
            self._contact.failed(call.__api_method__)
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        self._contact.answered(call.__api_method__, status)
        return self._result(bot, call, status, content)

    def _head(self, token: str, method: str) -> bytes:
        """Return a request up to the length of its body; made once for each method."""
        head = self._heads.get((token, method))
        if head is None:
            address = urlsplit(self.api.api_url(token=token, method=method))
            head = (
                f"POST {quote(address.path, safe='/:')} HTTP/1.1\r\nHost: {address.netloc.rpartition('@')[2]}\r\n"
                f"User-Agent: {SERVER_SOFTWARE} aiogram/{aiogram.__version__}\r\nAccept: */*\r\n"
                "Content-Type: application/json\r\nContent-Length: "
            ).encode("ascii")
            self._heads[token, method] = head
        return head

    def _result(self, bot: Bot, call: Call, status: int, content: bytes) -> Any:
        if status == 200:
            if call.only_id and (found := _MESSAGE_ID.match(content)) is not None:
                return {"message_id": int(found[1])}
            try:
                answer = orjson.loads(content)
                if answer.get("ok") is True:
                    return answer.get("result")
            except (ValueError, AttributeError):
                pass  # check_response says what is wrong with it
        method = cast("TelegramMethod[Any]", call)
        return self.check_response(bot, method, status, content.decode("utf-8", "replace")).result
