"""Whether a process lives, and whether it is ready to serve: for balancers, containers and whoever watches."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import orjson
import structlog
from aiohttp import web

from bot.ports import LoadStore
from bot.telegram.contact import Contact
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

_SILENCE_SECONDS = 60.0
_ANSWER_SECONDS = 4.0  # whoever asks waits no longer than some seconds, and hears nothing then
_OLDEST_UPDATE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRoutes:
    """Answers what needs no token; it names what is wrong and no address, person or article.

    `leaving` tells whether the process is about to stop: nobody should hand it anything more.
    """

    loads: LoadStore
    contact: Contact
    clock: Clock
    leaving: Callable[[], bool] = lambda: False

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _ready(self, _: web.Request) -> web.Response:
        if self.leaving():
            return _told({"status": "stopping"}, HTTPStatus.SERVICE_UNAVAILABLE)
        found = {"database": "ok", "updates": "ok", "telegram": "ok"}
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                waiting, oldest = await self.loads.updates()
        except Exception as error:  # noqa: BLE001  whatever it raises, it cannot be asked
            log.warning("the database cannot be asked", error=type(error).__name__)
            found |= {"database": "cannot be asked", "updates": "unknown"}
        else:
            if oldest is not None and self.clock.now() - oldest > _OLDEST_UPDATE:
                found["updates"] = f"{waiting} wait, the oldest for over a minute"
        if self.contact.failing_for > _SILENCE_SECONDS:
            found["telegram"] = "has not answered for over a minute"
        ready = all(state == "ok" for state in found.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return _told({"status": "ready" if ready else "not ready", **found}, status)


def _told(body: dict[str, str], status: HTTPStatus) -> web.Response:
    return web.Response(status=status.value, body=orjson.dumps(body), content_type="application/json")
