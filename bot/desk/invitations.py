"""Invitations: a link that makes whoever opens it first an author; the owner who made it then says what they become."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.desk.staff import Staff
from bot.errors import BadInvitation
from bot.model.desk import Editor, Role
from bot.ports import FactStore
from bot.timing.clock import Clock

GOOD_FOR = timedelta(days=1)
_DIGITS = 18  # of a person's number
_USED = "used"  # what stands before the hash of one that was taken, with who took it, until its owner knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """Making and taking invitations. An owner has one at a time; only its hash is stored, and where it is shown."""

    staff: Staff
    facts: FactStore
    clock: Clock

    async def make(self, owner: Editor) -> str:
        """Return a new invitation, which makes the owner's older one worthless; letters that fit into a link."""
        secret, now = secrets.token_urlsafe(16), self.clock.now()
        until = (now + GOOD_FOR).isoformat()
        await self.facts.put(_fact(owner.user_id), f"{_hash(secret)} {until}", now)
        return f"{owner.user_id}-{secret}"

    async def accept(self, invitation: str, person: Editor) -> tuple[Editor, int | None]:
        """Take somebody on as an author; returns them, and who invited them: None for whom is on the desk already.

        May be repeated: until whoever invited them was `told`, it is said again who that is.

        Raises:
            BadInvitation: it is used up, too old or made up, or whoever made it may not invite any more.

        """
        number, _, secret = invitation.partition("-")
        owner = int(number) if number.isascii() and number.isdigit() and len(number) <= _DIGITS else 0
        known = await self.facts.get(_fact(owner)) if owner else None
        used = f"{_USED} {_hash(secret)} {person.user_id}"
        if person.role > Role.READER:
            if known != used:
                return person, None
            await self.staff.refresh_menus()  # a crash may have been faster
            return person, owner
        if not isinstance(known, str) or not self._fits(known, secret):
            raise BadInvitation
        by = await self.staff.editor(owner, "")
        author = replace(person, role=Role.AUTHOR)
        if by.role < Role.OWNER or not await self.staff.admit(author, by, fact=_fact(owner), before=known, used=used):
            raise BadInvitation
        return await self.staff.person(person.user_id), owner

    async def shown(self, invitation: str, message: int) -> None:
        """Note which message of its owner's chat shows an invitation, in place of the one before. May be repeated."""
        number, _, secret = invitation.partition("-")
        await self.facts.put(_message_fact(int(number)), [_hash(secret), message], self.clock.now())

    async def message(self, owner: int, invitation: str = "") -> int | None:
        """Return the message that shows an owner's newest invitation; None unless it is this one, if one is given."""
        known = await self.facts.get(_message_fact(owner))
        if not known or (invitation and known[0] != _hash(invitation.partition("-")[2])):
            return None
        return int(known[1])

    async def withdraw(self, owner: int) -> bool:
        """Make an owner's invitation worthless; returns whether it was one until now. May be repeated."""
        known = await self.facts.get(_fact(owner))
        if not isinstance(known, str) or not known or known.startswith(f"{_USED} "):
            return False
        return await self.facts.swap(_fact(owner), known, "", self.clock.now())

    async def told(self, owner: int, person: Editor) -> None:
        """Note that who invited somebody knows that they came. May be repeated."""
        known = await self.facts.get(_fact(owner))
        if isinstance(known, str) and known.startswith(f"{_USED} ") and known.endswith(f" {person.user_id}"):
            await self.facts.swap(_fact(owner), known, "", self.clock.now())

    def _fits(self, known: str, secret: str) -> bool:
        own, _, until = known.partition(" ")
        if not until or not hmac.compare_digest(own, _hash(secret)):
            return False
        return self.clock.now() < datetime.fromisoformat(until)


def _fact(owner: int) -> str:
    return f"invitation:{owner}"


def _message_fact(owner: int) -> str:
    return f"invitation-message:{owner}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
