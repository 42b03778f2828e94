"""The address Telegram brings updates to: each is in the inbox before it is told that it arrived."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from aiohttp import web

from bot.ports import InboxStore
from bot.telegram.polling import PollAlarm
from bot.telegram.updates import brought
from bot.timing.clock import Clock
from bot.web.group_commit import GroupCommit
from bot.web.problems import Problem

log = structlog.get_logger(__name__)

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
_PATH = "/telegram/{path}"


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """What only Telegram knows: the path it asks for, and what it says there. Every process of one bot has the same."""

    path: str
    word: str

    @classmethod
    def of(cls, token: str) -> "WebhookSecrets":
        """Return the secrets that go with a bot's token; from neither of them can it be found."""
        made = (hmac.digest(token.encode(), use, hashlib.sha256).hex() for use in (b"webhook path", b"webhook word"))
        return cls(*made)

    def address(self, public_url: str) -> str:
        """Return the whole address for Telegram."""
        return public_url + _PATH.format(path=self.path)


@dataclass(slots=True, kw_only=True)
class WebhookRoute:
    """Takes what Telegram brings, and nothing from anybody else. `arrived` is set when something has come."""

    secrets: WebhookSecrets
    inbox: InboxStore
    clock: Clock
    arrived: asyncio.Event
    alarm: PollAlarm
    _commits: GroupCommit = field(init=False)

    def __post_init__(self) -> None:
        self._commits = GroupCommit(self.inbox, self.clock)

    def route(self) -> web.RouteDef:
        """Return the route."""
        return web.post(_PATH, self._take)

    async def _take(self, request: web.Request) -> web.Response:
        if not _same(request.match_info["path"], self.secrets.path):
            raise web.HTTPNotFound
        if not _same(request.headers.get(_SECRET, ""), self.secrets.word):
            raise Problem(HTTPStatus.UNAUTHORIZED, "Only Telegram may bring updates.")
        try:
            batch = brought((await request.read()).decode())
        except ValueError:
            raise Problem(HTTPStatus.BAD_REQUEST, "This is no update.") from None
        if batch.rows:
            await self._commits.store(batch)
        for one in batch.unreadable:
            log.error("an update cannot be read; it is set aside", update=one.update_id, reason=one.reason)
            await self.inbox.store_poisoned(one.update_id, one.payload, one.reason, self.clock.now())
            self.alarm.set_aside()
        self.arrived.set()
        return web.Response()


def _same(given: str, wanted: str) -> bool:
    """Tell whether two words are the same, in a time that tells nothing; what is no plain text is not."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
