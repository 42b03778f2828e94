"""The HTTP session: JSON bodies, answers read only as far as needed, every failure one of aiogram's exceptions."""

from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiohttp import ClientError, ClientResponse, ClientTimeout

from bot.telegram.calls import Call

REQUEST_SECONDS = 25.0  # a send that takes longer is uncertain; less than the ledger's lease
CONNECT_SECONDS = 10.0
_CONNECTIONS = 256  # aiogram's 100 would hold 1000 messages a second up at 100 ms a reply
_ASK_AGAIN_SECONDS = 1  # for a 429 that does not say how long
_LONGEST_WAIT = 86_400  # a day; a 429 that asks for more is not meant


class Session(AiohttpSession):
    """A session to one Bot API server. `Call`s take the short way, everything else aiogram's own."""

    def __init__(self, api_url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url), limit=_CONNECTIONS, json_loads=orjson.loads)

    async def close(self) -> None:
        """Close the connections; TLS ones need a moment (docs.aiohttp.org, graceful shutdown)."""
        if self.api.base.startswith("https://"):
            await super().close()
        elif self._session is not None:
            await self._session.close()

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Send a request and return its result; raises aiogram's exceptions."""
        if not isinstance(method, Call):
            return await super().make_request(bot, method, timeout)
        return await self._call(bot, method, timeout)

    async def _call(self, bot: Bot, call: Call, timeout: int | None) -> Any:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=call.__api_method__)
        total = REQUEST_SECONDS if timeout is None else float(timeout)
        method = cast("TelegramMethod[Any]", call)
        try:
            async with session.post(
                url,
                data=call.body,
                headers={"Content-Type": "application/json"},
                timeout=ClientTimeout(total=total, sock_connect=CONNECT_SECONDS),
            ) as response:
                content = await response.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        return self._result(bot, method, response, content)

    def _result(self, bot: Bot, method: TelegramMethod[Any], response: ClientResponse, content: bytes) -> Any:
        if response.status == 200:
            try:
                answer = orjson.loads(content)
                if answer.get("ok") is True:
                    return answer.get("result")
            except (ValueError, AttributeError):
                pass  # check_response says what is wrong with it
        return self.check_response(bot, method, response.status, content.decode("utf-8", "replace")).result

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
