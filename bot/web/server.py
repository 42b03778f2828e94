"""The server: an application that listens between `start` and `stop`."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import ConfigError
from bot.faults import code_of
from bot.web.guard import Guard
from bot.web.problems import problems

MOST_BYTES = 4 * 1024 * 1024
_IDLE_SECONDS = 30.0  # also how long somebody may take to say what they want
_LAST_SECONDS = 1.9  # behind the longest drain, and no more than a stop waits in all

log = structlog.get_logger(__name__)


class _NoHttp(logging.Filter):
    """Has what is no HTTP, which no guard sees, told in a line as any request: a trace would hold what was asked."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            return True
        client = record.args[0] if isinstance(record.args, tuple) and record.args else ""
        log.info("request", method="-", route="-", status=error.code, client=str(client))
        return False


logging.getLogger("aiohttp.server").addFilter(_NoHttp())


@dataclass(slots=True, kw_only=True)
class WebServer:
    """What one process answers over HTTP."""

    host: str
    port: int
    guard: Guard
    routes: Iterable[web.AbstractRouteDef]
    _runner: web.AppRunner | None = field(default=None, init=False)

    async def start(self) -> None:
        """Listen.

        Raises:
            ConfigError: the address cannot be listened on.

        """
        application = web.Application(middlewares=[self.guard.middleware(), problems], client_max_size=MOST_BYTES)
        application.add_routes(self.routes)
        self._runner = web.AppRunner(
            application,
            access_log=None,
            keepalive_timeout=_IDLE_SECONDS,
            shutdown_timeout=_LAST_SECONDS,
            auto_decompress=False,  # what is packed is refused by the guard: a kilobyte may pretend to be a gigabyte
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host or None, self.port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            where = f"{self.host}:{self.port}"
            raise ConfigError("config-bind", address=where, code=code_of(error)) from None

    @property
    def address(self) -> str:
        """Where it listens, as the start of a web address; for port 0 the one that was given out."""
        assert self._runner is not None
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def leave(self, seconds: float) -> None:
        """Say for so long that the process stops, answering everything as before; then stop."""
        self.guard.leaving = True
        if seconds:
            await self.guard.clock.rest(seconds)
        await self.stop()

    async def stop(self) -> None:
        """Take nothing new, let what is under way end, and close; may be repeated."""
        self.guard.closing = True
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()
