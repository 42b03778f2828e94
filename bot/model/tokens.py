"""Tokens: what a system of the newsroom may do with articles, over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from enum import Flag


class Scope(Flag):
    """What a token is good for; numbers are stored."""

    DRAFT = 1
    PUBLISH = 2
    CORRECT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token, by the name it was given; the secret itself is kept nowhere. `source` is what its articles name."""

    id: int
    name: str
    source: str
    scope: Scope
    created_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered with: an HTTP status and a body; status 0 while it is still worked on."""

    status: int
    body: str
