"""Claiming a new installation: a one-time code, printed at the start, makes whoever sends it the owner."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.errors import BadCode
from bot.model.desk import Editor, Role
from bot.ports import EditorStore, FactStore
from bot.timing.clock import Clock

_FACT = "owner-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerCode:
    """Making and taking the one-time code. Only its hash is stored. A new owner gets the menus of one."""

    editors: EditorStore
    facts: FactStore
    clock: Clock
    refresh_menus: Callable[[], Awaitable[None]]

    async def new_code(self) -> str | None:
        """Return a new code, which makes older ones worthless; None when there is an owner already."""
        if await self.editors.has_owner():
            return None
        code = secrets.token_urlsafe(9)
        await self.facts.put(_FACT, _hash(code), self.clock.now())
        return code

    async def claim(self, code: str, person: Editor) -> None:
        """Make a person the owner.

        Raises:
            BadCode: the code is wrong or used up, or there is an owner already.

        """
        known = await self.facts.get(_FACT)
        if known is None or not hmac.compare_digest(str(known), _hash(code)) or await self.editors.has_owner():
            raise BadCode
        if await self.facts.take(_FACT) is None:  # somebody else was faster
            raise BadCode
        await self.editors.appoint(replace(person, role=Role.OWNER), person.user_id, self.clock.now())
        await self.refresh_menus()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
