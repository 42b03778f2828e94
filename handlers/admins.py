"""Groups and channels: there the bot does what their administrators say."""

from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.errors import AdminsOnly
from bot.model.readers import ChatKind
from bot.screens.callbacks import Action, Open, Related
from bot.screens.links import article_link
from bot.telegram.admins import Admins
from bot.telegram.reply import Reply
from handlers.origin import Handler, Origin


@dataclass(slots=True, kw_only=True)
class AdminsMiddleware(BaseMiddleware):
    """Lets commands and taps in groups through for administrators only. `username` is the bot's.

    Somebody else who taps on an article reads it at home: a group's message belongs to all of it.
    """

    admins: Admins
    username: str

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Check who acts where; raises AdminsOnly."""
        origin: Origin | None = data.get("origin")
        if origin is None or await self._may(origin):
            return await handler(event, data)
        if origin.tap is None:
            raise AdminsOnly
        return await self._send_home(data["tap"], data["reply"])

    async def _may(self, origin: Origin) -> bool:
        kind, message, user = origin.known.kind, origin.message, origin.user
        if kind is ChatKind.PRIVATE:
            return True
        if origin.tap is None:
            if kind is ChatKind.CHANNEL or not origin.is_command:
                return True  # in a channel only administrators can write
            if isinstance(message, Message) and message.sender_chat is not None:
                return message.sender_chat.id == message.chat.id  # in the group's own name
        return user is not None and await self.admins.check(message.chat.id, user.id)

    async def _send_home(self, tap: Action | None, reply: Reply) -> None:
        """Open the article in the person's own chat with the bot."""
        if not isinstance(tap, (Open, Related)):
            raise AdminsOnly
        await reply.toast(url=article_link(self.username, tap.article))
