"""Claiming a new installation: a one-time code, printed at the start or by the setup, makes somebody the owner."""

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
_BEFOREHAND = "beforehand"  # in the fact: the code of the setup, which the start after it leaves good

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
        """Return a new code, which makes those of earlier starts worthless; None when there is an owner already."""
        if await self.editors.has_owner():
            return None
        code, known = new_secret(), await self.facts.get(_FACT)
        now = self.clock.now()
        fact = _fact(code, now)
        if isinstance(known, Mapping) and _BEFOREHAND in known:
            fact[_BEFOREHAND] = known[_BEFOREHAND]
        await self.facts.put(_FACT, fact, now)
        return code

    async def claim(self, code: str, person: Editor) -> None:
        """Make a person the owner; who is one stays it, whatever the code: theirs was taken before, and is used up.

        Raises:
            BadCode: the code is wrong or used up, or there is an owner already.
            OldCode: it is the one that was printed, and it is not good any more.

        """
        if await self.editors.role(person.user_id) is Role.OWNER:
            await self.refresh_menus()
            return
        known, used = await self.facts.get(_FACT), {"used": _hash(code), "by": person.user_id}
        until = _good_until(known, code)
        if until is None or await self.editors.has_owner():
            await self._note_wrong()
            raise BadCode
        if self.clock.now() >= until:
            raise OldCode
        owner, now = replace(person, role=Role.OWNER), self.clock.now()
        if not await self.editors.admit(owner, person.user_id, now, fact=_FACT, before=known, used=used):
            raise BadCode  # somebody else was faster
        await self.refresh_menus()

    async def _note_wrong(self) -> None:
        self._wrong += 1
        if self._wrong == self._many:
            self._many *= 10  # whoever goes on is not to fill the owners' chats
            log.warning("somebody is guessing the owner's code", wrong=self._wrong)
            await self.warn(self._wrong)


async def code_beforehand(editors: EditorStore, facts: FactStore, clock: Clock) -> str | None:
    """Return a code that is good beside the one of the next start, or of a bot that runs; None when there is an owner.

    It makes earlier ones that were made so worthless. Only its hash is stored.
    """
    if await editors.has_owner():
        return None
    code, now, known = new_secret(), clock.now(), await facts.get(_FACT)
    await facts.put(_FACT, {**(known if isinstance(known, Mapping) else {}), _BEFOREHAND: _fact(code, now)}, now)
    return code


def new_secret() -> str:
    """Return what nobody guesses, short enough to be typed."""
    return secrets.token_urlsafe(9)


def _fact(code: str, now: datetime) -> dict[str, object]:
    return {"hash": _hash(code), "until": (now + GOOD_FOR).isoformat()}


def _good_until(known: object, code: str) -> datetime | None:
    """Return until when a code is good, None when it is none; what older programs stored says no end, and is none."""
    if not isinstance(known, Mapping):
        return None
    for one in (known, known.get(_BEFOREHAND)):
        if isinstance(one, Mapping) and hmac.compare_digest(str(one.get("hash")), _hash(code)):
            return datetime.fromisoformat(one["until"]) if "until" in one else None
    return None


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
