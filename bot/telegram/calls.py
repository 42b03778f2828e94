"""Requests whose JSON body is made by us: no model is built for them and none for their answer."""

from collections.abc import Mapping
from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.exceptions import TelegramNotFound, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod

from bot.telegram.places import aside

TOKEN_REFUSED = (TelegramUnauthorizedError, TelegramNotFound)
"""What `getMe` raises where Telegram does not accept the token: it answers 404 to what cannot be one, else 401."""


class Call:
    """One Bot API request, in the shape aiogram's sessions and request middlewares expect of a method."""

    __slots__ = ("__api_method__", "body", "only_id")
    __returning__ = Any  # what check_response makes of an answer that is an error is the same for all

    def __init__(self, method: str, payload: Mapping[str, object]) -> None:
        self.__api_method__ = method
        self.body = packed(payload)
        self.only_id = False

    @classmethod
    def prepared(cls, method: str, body: bytes) -> "Call":
        """Return a request whose body is JSON already, and of whose answer only the message's id is wanted."""
        call = cls.__new__(cls)
        call.__api_method__, call.body, call.only_id = method, body, True
        return call

    def __repr__(self) -> str:
        """Name the method only: a body may hold what a reader wrote."""
        return f"<Call {self.__api_method__}>"


def packed(payload: Mapping[str, object]) -> bytes:
    """Return a payload as JSON, without what is None: the server takes null for a value."""
    return orjson.dumps({key: value for key, value in payload.items() if value is not None})


async def ask(bot: Bot, call: Call, seconds: int | None = None) -> Any:
    """Make a request and return its result as JSON; raises aiogram's exceptions. `seconds` bounds the whole request.

    A handler that asks has no place meanwhile: however slow Telegram is with it, others are heard.
    """
    method = cast("TelegramMethod[Any]", call)  # all that a Bot and a session want of a method, a Call has
    with aside():
        return await bot(method, request_timeout=seconds)
