"""What every request passes: who asks, how long it may take, how many at a time; one line of log for each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.timing.clock import Clock
from bot.web.problems import Problem, answer_of, route_of

log = structlog.get_logger(__name__)

MOST_AT_A_TIME = 200
SECONDS = 20.0
_MOST_HOPS = 20
_CLIENT = web.RequestKey("client", str)


@dataclass(slots=True, kw_only=True)
class Guard:
    """Bounds what others may take of this process. `proxies` are believed when they say for whom they ask.

    A process that is `leaving` answers as before and asks for no more on the same connection; one that is `closing`
    answers that it stops.
    """

    clock: Clock
    proxies: Sequence[IPv4Network | IPv6Network] = ()
    most: int = MOST_AT_A_TIME
    seconds: float = SECONDS
    _under_way: int = field(default=0, init=False)
    leaving: bool = field(default=False, init=False)
    closing: bool = field(default=False, init=False)

    def middleware(self) -> Middleware:
        """Return the outermost middleware of an application."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            began = self.clock.monotonic()
            request[_CLIENT] = client_of(request.remote, request.headers.getall("X-Forwarded-For", []), self.proxies)
            answer = await self._bounded(request, handler)
            answer.headers.setdefault("Server", "visnyk")  # else it names every version there is
            if self.leaving or self.closing:
                answer.force_close()
            log.info(
                "request",
                method=request.method,
                route=route_of(request),
                status=answer.status,
                client=request[_CLIENT],
                ms=round(1000 * (self.clock.monotonic() - began)),
            )
            return answer

        return guarded

    async def _bounded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.closing or self._under_way >= self.most:
            sentence = "This process is stopping." if self.closing else "Too many requests at a time."
            return answer_of(Problem(HTTPStatus.SERVICE_UNAVAILABLE, sentence, headers={"Retry-After": "1"}))
        if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            sentence = "Send it as it is: nothing is unpacked here."
            return answer_of(
                Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, sentence, headers={"Accept-Encoding": "identity"})
            )
        self._under_way += 1
        try:
            async with asyncio.timeout(self.seconds):
                return await handler(request)
        except TimeoutError:
            return answer_of(Problem(HTTPStatus.REQUEST_TIMEOUT, "This took too long."))
        finally:
            self._under_way -= 1


def client(request: web.Request) -> str:
    """Return the address of whoever asked, as far as it is known."""
    return request[_CLIENT]


def client_of(peer: str | None, forwarded: Sequence[str], proxies: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the address of whoever asked: the peer's, or what proxies that are believed say, from the last one back.

    What others wrote into the header counts for nothing, nor does what is no address.
    """
    address = peer or ""
    hops = [hop.strip() for line in forwarded for hop in line.split(",")][-_MOST_HOPS:]
    for hop in reversed(hops):
        if not _among(address, proxies) or not _is_address(hop):
            break
        address = hop
    return address


def _is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True


def _among(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)
