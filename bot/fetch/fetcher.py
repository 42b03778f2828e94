"""Fetching an address that somebody named: http and https, from the public network, within limits.

Each address is judged where the connection to it is made: a name, a redirect and a shortened number all end there, and
a name cannot mean another address afterwards. See docs/decisions/0024-feeds.md.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.fetch.answers import Failed, Fetched, Posted, Reason
from bot.fetch.bodies import PACKINGS, BadPacking, TooLarge, unpacked
from bot.fetch.certificates import certificates
from bot.fetch.headers import charset_of, fresh_for, is_read, kind_of, retry_after, said_again
from bot.fetch.networks import PORTS, Allowed, Zone, zone_of
from bot.timing.clock import Clock

MOST_BYTES = 10_000_000
SECONDS = 20.0  # for everything: names, redirects, the last byte
REDIRECTS = 5
LONGEST_ADDRESS = 2_000
_CONNECT_SECONDS = 8.0
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.1"
)
_MOVED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_STATUSES = {401: Reason.DENIED, 403: Reason.DENIED, 404: Reason.MISSING, 410: Reason.GONE, 451: Reason.DENIED}
A = TypeVar("A")
_INSIDE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".localdomain")


class _Refused(OSError):
    """A connection that is not made."""


@dataclass(slots=True)
class _Guard:
    """Makes the sockets of one fetch, one request after the other. `refused` is why the last one got none."""

    allowed: Allowed
    by_name: bool = False
    refused: Failed | None = None

    def begin(self, *, by_name: bool) -> None:
        """Begin another request; `by_name` is whether its server may be reached wherever its name leads."""
        self.by_name, self.refused = by_name, None

    def socket(self, info: Any) -> socket.socket:
        """Return a socket for the address a connection is about to be made to; raises OSError for a forbidden one."""
        family, kind, proto, _, where = info
        address, port = where[0], where[1]
        if not self.by_name and not self.allowed.address(address, port):
            zone = zone_of(address)
            if zone is not None:
                self.refused = Failed(Reason.NETWORK, zone)
            elif port not in PORTS:  # one that is allowed in a network is asked in no other
                self.refused = Failed(Reason.PORT, str(port))
            if zone is not None or port not in PORTS:
                raise _Refused(address)
        self.refused = None
        return socket.socket(family, kind, proto)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Asks servers that nobody here knows. `agent` is who asks, with a way to complain; `proxy` is asked in between.

    Behind a proxy the names are its own to look up: only what is written as an address is judged here then.
    """

    clock: Clock
    agent: str
    allowed: Allowed = field(default_factory=Allowed)
    proxy: str = ""
    seconds: float = SECONDS
    most: int = MOST_BYTES
    resolver: AbstractResolver | None = None

    async def fetch(self, address: str, *, etag: str = "", modified: str = "") -> Fetched | Failed:
        """Return what an address holds, or why nothing is to be had. Raises nothing but cancellation. May be repeated.

        With `etag` or `modified`, as an earlier answer had them, a server need not send again what has not changed.
        """
        headers = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        return await self._asked(lambda session, guard: self._follow(session, guard, address, headers))

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Posted | Failed:
        """Bring a body to an address, and nowhere it may redirect to. Raises nothing but cancellation.

        Of the answer only the status is read. A failure may come after the server has got everything.
        """

        async def bring(session: aiohttp.ClientSession, guard: _Guard) -> Posted | Failed:
            url = self._begun(address, guard)
            if isinstance(url, Failed):
                return url
            said = {"Accept": "*/*", **headers}
            bringing = session.post(url, data=body, headers=said, allow_redirects=False, proxy=self.proxy or None)
            async with bringing as response:
                return Posted(response.status, retry_after(response.headers, self.clock.now()))

        return await self._asked(bring)

    def refusal(self, address: str) -> Failed | None:
        """Return why an address is never asked, as far as it tells by itself; None when it may be."""
        checked = self._checked(address)
        return checked if isinstance(checked, Failed) else None

    async def _asked(self, work: "Callable[[aiohttp.ClientSession, _Guard], Awaitable[A | Failed]]") -> "A | Failed":
        """Do what asks servers, in time; whatever goes wrong with them is a reason."""
        guard = _Guard(self.allowed)
        try:
            async with asyncio.timeout(self.seconds), self._session(guard) as session:
                return await work(session, guard)
        except TimeoutError:
            return Failed(Reason.TIMEOUT, str(round(self.seconds)))
        except TooLarge:
            return Failed(Reason.SIZE, str(self.most // 1_000_000))
        except BadPacking:
            return Failed(Reason.PACKING)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _failure(error, guard)

    def _session(self, guard: _Guard) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=certificates(),
            socket_factory=guard.socket,
            resolver=self.resolver,
            force_close=True,
            limit=4,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=min(self.seconds, _CONNECT_SECONDS)),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": self.agent, "Accept": _ACCEPT, "Accept-Encoding": PACKINGS},
        )

    async def _follow(
        self, session: aiohttp.ClientSession, guard: _Guard, address: str, headers: Mapping[str, str]
    ) -> Fetched | Failed:
        moved, for_good = "", True
        for _ in range(REDIRECTS + 1):
            url = self._begun(address, guard)
            if isinstance(url, Failed):
                return url
            async with session.get(url, headers=headers, allow_redirects=False, proxy=self.proxy or None) as response:
                if response.status not in _MOVED:
                    if response.status == 304 and not headers:
                        return Failed(Reason.STATUS, "304")  # as what nobody has told it
                    return await self._answer(response, str(url), moved)
                target = response.headers.get("Location", "").strip()
                if not target:
                    return Failed(Reason.REDIRECT)
                address = str(url.join(URL(target)).with_fragment(None))
                for_good = for_good and response.status in _FOR_GOOD
                moved = address if for_good else moved
        return Failed(Reason.REDIRECTS, str(REDIRECTS))

    def _begun(self, address: str, guard: _Guard) -> URL | Failed:
        """Return an address that is asked next."""
        url = self._checked(address)
        if not isinstance(url, Failed):
            assert url.host is not None
            guard.begin(by_name=bool(self.proxy) or self.allowed.name(url.host, url.port or 0))
        return url

    def _checked(self, address: str) -> URL | Failed:
        """Return an address that may be asked, as far as it tells by itself."""
        try:
            url = URL(address)
            host, port = url.host, url.port
        except ValueError:
            return Failed(Reason.ADDRESS)
        if url.scheme not in {"http", "https"}:
            return Failed(Reason.SCHEME if url.scheme else Reason.ADDRESS, url.scheme[:20])
        if not host or port is None or len(address) > LONGEST_ADDRESS or not host.strip("."):
            return Failed(Reason.ADDRESS)
        if url.user is not None or url.password is not None:
            return Failed(Reason.CREDENTIALS)
        if self.allowed.name(host, port):
            return url
        if not self.allowed.port(port):
            return Failed(Reason.PORT, str(port))
        zone = self._zone(host, port)
        return Failed(Reason.NETWORK, zone) if zone is not None else url

    def _zone(self, host: str, port: int) -> Zone | None:
        """Return the zone of what is written as an address in any way; behind a proxy also of a name from inside.

        Names are judged by what they lead to, when a connection is made; behind a proxy nobody here makes it.
        """
        plain = host.rstrip(".").casefold()
        if self.proxy and (plain == "localhost" or "." not in plain.strip("[]") or plain.endswith(_INSIDE)):
            return zone_of(plain) if ":" in plain else Zone.PRIVATE
        written = _written(plain)
        return zone_of(written) if written and not self.allowed.address(written, port) else None

    async def _answer(self, response: aiohttp.ClientResponse, address: str, moved: str) -> Fetched | Failed:
        now, headers, status = self.clock.now(), response.headers, response.status
        if status not in {200, 304}:
            wait = retry_after(headers, now)
            if status in {429, 503}:
                return Failed(Reason.BUSY, str(status), wait)
            reason = _STATUSES.get(status, Reason.SERVER if status >= 500 else Reason.STATUS)
            return Failed(reason, str(status), wait)
        kind = kind_of(headers)
        body = b""
        if status == 200:
            if not is_read(kind):
                return Failed(Reason.KIND, kind[:60])
            if (response.content_length or 0) > self.most:
                raise TooLarge
            body = await unpacked(_chunks(response), headers.get("Content-Encoding", ""), self.most)
        return Fetched(
            address=address,
            body=body,
            kind=kind,
            charset=charset_of(headers),
            moved=moved,
            etag=said_again(headers, "ETag"),
            modified=said_again(headers, "Last-Modified"),
            fresh_for=fresh_for(headers, now),
            robots="\n".join(headers.getall("X-Robots-Tag", [])),
            unchanged=status == 304,
        )


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for chunk in response.content.iter_any():
        yield chunk


def _written(host: str) -> str:
    """Return the address that a host is written as: 127.0.0.1, ::1, 2130706433, 0x7f.1, 017700000001; "" for a name."""
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return ""


def _failure(error: Exception, guard: _Guard) -> Failed:
    """Return why a request failed, from what its library says."""
    if guard.refused is not None:
        return guard.refused
    match error:
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Failed(Reason.TLS)
        case aiohttp.ClientConnectorDNSError():
            return Failed(Reason.NAME)
        case aiohttp.ServerTimeoutError():
            return Failed(Reason.TIMEOUT, str(round(_CONNECT_SECONDS)))
        case aiohttp.InvalidURL():
            return Failed(Reason.ADDRESS)
        case aiohttp.ClientResponseError():
            return Failed(Reason.PROTOCOL)
        case aiohttp.ClientError() | OSError():
            return Failed(Reason.CONNECTION)
        case _:
            return Failed(Reason.ADDRESS)
