"""What the wizard asks and tells Telegram: whose token it is, and what people see of the bot before they write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum, auto
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, InputProfilePhotoStatic
from aiogram.utils.token import TokenValidationError

from bot.telegram.calls import TOKEN_REFUSED, Call, ask
from bot.telegram.menus import menus
from bot.telegram.session import Session

_SECONDS = 15
_UPLOAD_SECONDS = 60
NAME_MOST = 64  # of a bot, as Telegram has it


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot that a token belongs to."""

    name: str
    username: str


class Trouble(StrEnum):
    """Why nobody knows whose token it is."""

    REFUSED = auto()
    AWAY = auto()


@dataclass(frozen=True, slots=True)
class Shopfront:
    """One bot, as Telegram shows it. `address` is that of the Bot API."""

    address: str
    token: str

    @property
    def host(self) -> str:
        """Where Telegram is looked for, without anything that may be secret."""
        return urlsplit(self.address).hostname or self.address

    @asynccontextmanager
    async def _bot(self) -> AsyncIterator[Bot]:
        bot = Bot(self.token, session=Session(self.address))
        try:
            yield bot
        finally:
            await bot.session.close()

    async def identity(self) -> Identity | Trouble:
        """Return whose token it is, or why that is not known; raises nothing."""
        try:
            async with self._bot() as bot:
                me = await ask(bot, Call("getMe", {}), _SECONDS)
        except (*TOKEN_REFUSED, TokenValidationError):
            return Trouble.REFUSED
        except AiogramError:
            return Trouble.AWAY
        return Identity(str(me.get("first_name") or ""), str(me.get("username") or ""))

    async def furnish(self, language: str) -> bool:
        """Set descriptions, commands and the menu button; returns whether Telegram took all of it. May be repeated."""
        calls = [(method, payload) for method, payload in menus(language, ())]
        return await self._tell([*calls, ("setChatMenuButton", {"menu_button": {"type": "commands"}})])

    async def rename(self, name: str) -> bool:
        """Set the bot's name; returns whether Telegram took it, which it does a few times a day. May be repeated."""
        return await self._tell([("setMyName", {"name": name})])

    async def picture(self, jpeg: bytes) -> bool:
        """Set the bot's picture; returns whether Telegram took it. May be repeated."""
        photo = InputProfilePhotoStatic(photo=BufferedInputFile(jpeg, filename="bot.jpg"))
        try:
            async with self._bot() as bot:
                await bot.set_my_profile_photo(photo=photo, request_timeout=_UPLOAD_SECONDS)
        except AiogramError:
            return False
        return True

    async def _tell(self, calls: list[tuple[str, dict[str, object]]]) -> bool:
        try:
            async with self._bot() as bot:
                for method, payload in calls:
                    await ask(bot, Call(method, payload), _SECONDS)
        except AiogramError:
            return False
        return True
