"""Filters for who acts. What a button means is filtered in `handlers/taps.py`."""

from aiogram.filters import Filter
from aiogram.types import TelegramObject

from bot.errors import NotAllowed
from bot.model.desk import Role
from bot.model.readers import ChatKind
from handlers.actor import Actor


class RequireRole(Filter):
    """Lets people of a role through; somebody else's command is answered, not ignored."""

    def __init__(self, role: Role) -> None:
        self._role = role

    async def __call__(self, _: TelegramObject, actor: Actor) -> bool:
        """Check the role; raises NotAllowed."""
        if actor.editor.role < self._role:
            raise NotAllowed(role="owner" if self._role is Role.OWNER else "editor")
        return True


class Private(Filter):
    """Lets events of private chats through."""

    async def __call__(self, _: TelegramObject, actor: Actor) -> bool:
        """Check the kind of the chat."""
        return actor.reader.kind is ChatKind.PRIVATE
