"""Groups and channels: there the bot does what their administrators say."""

from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.errors import AdminsOnly
from bot.model.readers import ChatKind
from bot.readers.library import Library
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Action, Open, Related, Show
from bot.screens.links import article_link
from bot.screens.screen_refs import SourcesScreen
from bot.telegram.admins import Admins
from bot.telegram.reply import Reply
from handlers.origin import Handler, Origin
from handlers.seldom import Seldom

ANONYMOUS = 1_087_968_824
"""The one user all administrators have who write in the name of their group; Bot API, Message.sender_chat."""


@dataclass(slots=True, kw_only=True)
class AdminsMiddleware(BaseMiddleware):
    """Lets commands and taps in groups through for administrators only. `username` is the bot's.

    Somebody else who taps on an article reads it at home: a group's message belongs to all of it. That a command is not
    for everybody is said once in a while: a member who goes on is not to fill the group.
    """

    admins: Admins
    username: str
    seldom: Seldom

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Check who acts where; raises AdminsOnly."""
        origin: Origin | None = data.get("origin")
        if origin is not None and await self._answers_no_more(origin, data.get("raw_state")):
            data["raw_state"] = None  # what they were asked as an administrator
            if self._speaks_to_us(origin.message):
                return self._refuse(origin.known.address.chat_id)
        if origin is None or await self._may(origin):
            if origin is not None and origin.tap is not None and self._answers_as_chat(origin):
                data["answers_as"] = ANONYMOUS
            return await handler(event, data)
        if origin.tap is None:
            return self._refuse(origin.known.address.chat_id)
        return await self._send_home(data["tap"], data["reply"], data["library"], data["subscriptions"])

    def _refuse(self, chat_id: int) -> None:
        """Raise AdminsOnly for the first command in a chat for a while; others get no answer."""
        if self.seldom.may_say(chat_id):
            raise AdminsOnly

    async def _may(self, origin: Origin) -> bool:
        kind, message, user = origin.known.kind, origin.message, origin.user
        if kind is ChatKind.PRIVATE:
            return True
        if origin.tap is None:
            if kind is ChatKind.CHANNEL or origin.command is None:
                return True  # in a channel only administrators can write
            if isinstance(message, Message) and message.sender_chat is not None:
                return message.sender_chat.id == message.chat.id  # in the group's own name
        return user is not None and await self.admins.check(message.chat.id, user.id)

    async def _answers_no_more(self, origin: Origin, raw_state: str | None) -> bool:
        """Tell whether a question is open in a group with somebody who is no administrator of it any more."""
        message, user = origin.message, origin.user
        if raw_state is None or origin.known.kind is not ChatKind.GROUP or origin.tap is not None or user is None:
            return False
        if isinstance(message, Message) and message.sender_chat is not None:
            return message.sender_chat.id != message.chat.id
        return not await self.admins.check(message.chat.id, user.id)

    def _speaks_to_us(self, message: object) -> bool:
        answered = message.reply_to_message if isinstance(message, Message) else None
        return answered is not None and answered.from_user is not None and answered.from_user.username == self.username

    def _answers_as_chat(self, origin: Origin) -> bool:
        """Tell whether somebody who tapped will write in the name of the group."""
        user, chat_id = origin.user, origin.known.address.chat_id
        return user is not None and self.admins.write_anonymously(chat_id, user.id)

    async def _send_home(
        self, tap: Action | None, reply: Reply, library: Library, subscriptions: Subscriptions
    ) -> None:
        """Open the article in the person's own chat with the bot; of several that stand under one, the newest."""
        match tap:
            case Open(article=number) | Related(article=number):
                pass
            case Show(SourcesScreen(first)):
                told = []
                if await subscriptions.knows(reply.address):
                    reader, _ = await subscriptions.meet(reply.reader)
                    told = [one.id for one in await library.told_under(reader, first) if not one.retracted]
                number = told[-1] if told else first
            case _:
                raise AdminsOnly
        await reply.toast(url=article_link(self.username, number))
