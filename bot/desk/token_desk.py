"""Tokens of systems that bring articles, as owners make and end them. A secret is returned once and kept nowhere."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Empty, NameTaken, NotFound, TooLong
from bot.model.tokens import ApiToken, Scope
from bot.ports import TokenStore
from bot.text.cleaning import clean_line
from bot.timing.clock import Clock

PREFIX = "visnyk_"
NAME_MOST = 64


def new_secret() -> str:
    """Return a new token, which nobody can guess."""
    return PREFIX + secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Return what a token is kept as: 64 hexadecimal digits. It is long and random, so one hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _name(text: str) -> str:
    name = clean_line(text)
    if not name:
        raise Empty
    if len(name) > NAME_MOST:
        raise TooLong(length=len(name), limit=NAME_MOST)
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDesk:
    """Making, looking at and ending tokens."""

    tokens: TokenStore
    clock: Clock

    async def free_name(self, name: str) -> str:
        """Return a name as a token can have it.

        Raises:
            Empty: there is no name.
            TooLong: the name is longer than NAME_MOST.
            NameTaken: a token had that name before; a revoked one keeps it.

        """
        name = _name(name)
        if any(one.name == name for one in await self.tokens.all()):
            raise NameTaken(name=name)
        return name

    async def keep(self, name: str, scope: Scope, secret_print: str) -> ApiToken:
        """Make a token of a secret with this fingerprint, whose articles name it as their source; returns it.

        May be repeated. Raises as `free_name`.
        """
        name = _name(name)
        if not await self.tokens.add(name, name, scope or Scope.DRAFT, secret_print, self.clock.now()):
            raise NameTaken(name=name)
        return next(one for one in await self.tokens.all() if one.name == name)

    async def good(self) -> Sequence[ApiToken]:
        """Return the tokens that are not revoked, the oldest first."""
        return [one for one in await self.tokens.all() if one.revoked_at is None]

    async def one(self, token_id: int) -> ApiToken:
        """Return a token that is not revoked; raises NotFound when there is none of that number."""
        found = next((one for one in await self.good() if one.id == token_id), None)
        if found is None:
            raise NotFound
        return found

    async def revoke(self, token_id: int) -> ApiToken:
        """End a token at once; returns it. What it has brought stays. Raises NotFound when it has ended."""
        found = await self.one(token_id)
        if not await self.tokens.revoke(found.name, self.clock.now()):
            raise NotFound
        return found
