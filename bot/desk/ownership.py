"""Claiming a new installation: a one-time code, printed at the start, makes whoever sends it the owner."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.errors import BadCode, OldCode
from bot.model.desk import Editor, Role
from bot.ports import EditorStore, FactStore
from bot.timing.clock import Clock

GOOD_FOR = timedelta(hours=1)
_FACT = "owner-code"

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class OwnerCode:
    """Making and taking the one-time code. Only its hash is stored. A new owner gets the menus of one.

    Wrong codes are counted, and `warn` is told of the hundredth, the thousandth and so on since the start.
    """

    editors: EditorStore
    facts: FactStore
    clock: Clock
    refresh_menus: Callable[[], Awaitable[None]]
    warn: Callable[[int], Awaitable[object]]
    _wrong: int = 0
    _many: int = 100  # more than anybody mistypes

    async def new_code(self) -> str | None:
        """Return a new code, which makes older ones worthless; None when there is an owner already."""
        if await self.editors.has_owner():
            return None
        code = secrets.token_urlsafe(9)
        now = self.clock.now()
        await self.facts.put(_FACT, {"hash": _hash(code), "until": (now + GOOD_FOR).isoformat()}, now)
        return code

    async def claim(self, code: str, person: Editor) -> None:
        """Make a person the owner.

        Raises:
            BadCode: the code is wrong or used up, or there is an owner already.
            OldCode: it is the one that was printed, and it is not good any more.

        """
        known = await self.facts.get(_FACT)
        if not _fits(known, code) or await self.editors.has_owner():
            await self._note_wrong()
            raise BadCode
        if self.clock.now() >= datetime.fromisoformat(known["until"]):
            raise OldCode
        if await self.facts.take(_FACT) is None:  # somebody else was faster
            raise BadCode
        await self.editors.appoint(replace(person, role=Role.OWNER), person.user_id, self.clock.now())
        await self.refresh_menus()

    async def _note_wrong(self) -> None:
        self._wrong += 1
        if self._wrong == self._many:
            self._many *= 10  # whoever goes on is not to fill the owners' chats
            log.warning("somebody is guessing the owner's code", wrong=self._wrong)
            await self.warn(self._wrong)


def _fits(known: object, code: str) -> bool:
    """Tell whether a code is the one whose hash is stored; what older programs stored says no end, and fits none."""
    return isinstance(known, Mapping) and hmac.compare_digest(str(known.get("hash")), _hash(code))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
