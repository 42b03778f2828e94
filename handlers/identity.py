"""Who is asking: decided anew for every event, never from what a button says."""

from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.desk.staff import Staff
from bot.model.desk import Editor, Role
from bot.model.readers import ChatKind
from bot.readers.subscriptions import Subscriptions
from bot.screens.look import Locale
from handlers.actor import Actor
from handlers.origin import Handler, Origin


@dataclass(slots=True, kw_only=True)
class IdentityMiddleware(BaseMiddleware):
    """Gives handlers `actor`, and `reply` and `language` as the reader wants them; takes a tap's spinner away."""

    subscriptions: Subscriptions
    staff: Staff
    locale: Locale

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Resolve who asks, then handle."""
        origin: Origin | None = data.get("origin")
        if origin is None:
            return await handler(event, data)
        actor, reply = await self._actor(origin), data["reply"]
        reply.reader, reply.at_desk = actor.reader, actor.at_desk
        data |= {"actor": actor, "language": actor.reader.language}
        result = await handler(event, data)
        await reply.toast()  # an error answers for itself (handlers/errors.py)
        if actor.is_new and actor.editor.role > Role.READER:
            await self.staff.refresh_menus()  # Telegram could not show them theirs before they wrote
        return result

    async def _actor(self, origin: Origin) -> Actor:
        begins = origin.command is not None and origin.command.begins and origin.known.kind is not ChatKind.PRIVATE
        reader, new = await self.subscriptions.meet(origin.known, begins=begins)
        user = origin.user
        editor = await self.staff.editor(user.id, user.full_name) if user else Editor(0, Role.READER)
        is_new = new and origin.tap is None
        return Actor(reader=reader, editor=editor, look=self.locale.look(reader), is_new=is_new)
