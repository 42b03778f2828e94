"""Commands that the bot has in somebody's own chat alone: whoever gives one in a group is told where it works."""

from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.desk.staff import Staff
from bot.model.desk import Role
from bot.model.readers import ChatKind
from bot.readers.subscriptions import Subscriptions
from bot.screens.card import Button, Card
from bot.screens.links import bot_link
from bot.telegram.reply import Reply
from bot.text.phrasebook import phrases
from bot.text.styled import Styled
from handlers.origin import Handler, Origin
from handlers.seldom import Seldom


@dataclass(slots=True, kw_only=True)
class PrivateOnlyMiddleware(BaseMiddleware):
    """Ends commands that a group or a channel does not have. `username` is the bot's.

    The newsroom's people are told, and so is who names the bot in the command; anybody else may mean another bot.
    Each group is told once in a while, in its language where it has one, and nobody becomes a reader by it. A channel
    is not: all its readers would read that.
    """

    staff: Staff
    subscriptions: Subscriptions
    username: str
    seldom: Seldom

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Answer such a command, or handle what is none."""
        origin: Origin | None = data.get("origin")
        if origin is None or origin.command is None or not origin.command.private_only:
            return await handler(event, data)
        chat = origin.known
        if chat.kind is ChatKind.CHANNEL or not (origin.command.named or await self._is_ours(origin)):
            return None
        if self.seldom.may_say(chat.address.chat_id):
            reply: Reply = data["reply"]
            reply.reader = await self.subscriptions.known(chat.address) or chat
            await self._tell(reply, origin.command.name)
        return None

    async def _is_ours(self, origin: Origin) -> bool:
        user = origin.user
        return user is not None and (await self.staff.editor(user.id, user.full_name)).role > Role.READER

    async def _tell(self, reply: Reply, command: str) -> None:
        say = phrases(reply.reader.language)
        way = Button(say("button-own-chat"), url=bot_link(self.username))
        await reply.send(Card(Styled(say("private-only", command=f"/{command}")), ((way,),)))
