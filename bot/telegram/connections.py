"""Connections to one HTTP server, for requests that are made a thousand times a second.

A general HTTP client spends most of a small request's time on what a Bot API call has no use for: redirects, cookies,
encodings, streaming. This one writes one request and reads one answer at a time on each connection, keeps idle ones
for the next, and says of each failure whether anything of the request can have reached the server.
"""

import asyncio
import contextlib
import socket
import time
from typing import cast
from urllib.parse import urlsplit

import aiohappyeyeballs
from aiohappyeyeballs import AddrInfoType

from bot.fetch.certificates import certificates
from bot.timing.patience import Patience

_IDLE_SECONDS = 15.0  # an older connection may have been closed by the server at this very moment
_NAMES_SECONDS = 10.0  # how long addresses are remembered
_EYEBALLS_SECONDS = 0.25  # RFC 8305, section 8: when to try the next address beside the first
_READY_SECONDS = 1.0  # how long opening ahead may hold up what is to be sent
_READY_MOST = 100  # a thousand requests a second, a tenth of a second each
_LARGEST_HEAD = 64 * 1024


class CannotConnect(OSError):
    """There was no connection: no byte of the request was written."""


class Disconnected(OSError):
    """The connection ended before the answer did: the server may have done what was asked."""


class BadAnswer(Exception):
    """What came back is not HTTP."""


class Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._buffer = bytearray()
        self._head: Head | None = None
        self.used_at = 0.0
        self.reusable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; uvloop's transports are not asyncio's by class."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End; an answer whose length nobody said is complete now."""
        self.reusable = False
        if self._head is not None and self._head.length is None and not self._head.chunked and exc is None:
            self._finish(self._head, bytes(self._buffer))
        self._fail(Disconnected(str(exc) if exc else "the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer."""
        if self._answer is None:
            self.close()  # an answer to nothing: whatever it is, the next answer could not be trusted
            return
        self._buffer += data
        try:
            self._read()
        except ValueError as error:
            self._fail(BadAnswer(str(error)))
            self.close()

    def _read(self) -> None:
        while self._head is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > _LARGEST_HEAD:
                    raise ValueError("the head of the answer does not end")
                return
            head = Head(bytes(self._buffer[:end]))
            del self._buffer[: end + 4]
            if head.status < 200:  # 100 Continue and the like come before the answer
                continue
            self._head = head
        head = self._head
        if head.chunked:
            body = unchunked(self._buffer)
            if body is not None:
                self._finish(head, body)
        elif head.length is not None and len(self._buffer) >= head.length:
            self.reusable = self.reusable and len(self._buffer) == head.length  # else something else came with it
            self._finish(head, bytes(self._buffer[: head.length]))

    def _finish(self, head: "Head", body: bytes) -> None:
        answer, self._answer, self._head = self._answer, None, None
        self._buffer.clear()
        self.reusable = self.reusable and head.keeps
        if answer is not None and not answer.done():
            answer.set_result((head.status, body))

    def _fail(self, error: Exception) -> None:
        self.reusable = False
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)

    async def ask(self, request: bytes, seconds: float) -> tuple[int, bytes]:
        """Write a request and return the answer's status and body; whoever gives up waiting ends the connection."""
        assert self._transport is not None
        if self._transport.is_closing():  # the server has hung up since; uvloop would not say so with an OSError
            raise CannotConnect("the connection was closed before it was used")
        answer: asyncio.Future[tuple[int, bytes]] = self._loop.create_future()
        self._answer = answer
        self._transport.write(request)
        timer = self._loop.call_later(seconds, self._fail, TimeoutError())
        try:
            return await answer
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()

    @property
    def open(self) -> bool:
        """Whether another request may be made."""
        return self.reusable and self._transport is not None and not self._transport.is_closing()

    def give_up(self) -> None:
        """Tell whoever waits for an answer that there was none in time."""
        self._fail(TimeoutError())

    def close(self) -> None:
        """End it at once."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()


class Head:
    """What the head of an answer says of the rest. Raises ValueError when it is not one."""

    __slots__ = ("chunked", "keeps", "length", "status")

    def __init__(self, head: bytes) -> None:
        if not head.startswith(b"HTTP/1."):
            raise ValueError("an answer that is not HTTP/1")
        self.status = int(head[9:12])
        self.keeps = head[7:8] == b"1"
        self.length: int | None = 0 if self.status in {204, 304} else None
        self.chunked = False
        for line in head.lower().split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name == b"content-length":
                self.length = int(value)
            elif name == b"transfer-encoding":
                self.chunked = b"chunked" in value
            elif name == b"connection":
                self.keeps = b"close" not in value
        if self.length is None and not self.chunked:
            self.keeps = False


def unchunked(buffer: bytes | bytearray) -> bytes | None:
    """Return a body that came in chunks, or None while it is not complete. Raises ValueError for broken ones."""
    body, place = bytearray(), 0
    while (end := buffer.find(b"\r\n", place)) >= 0:
        size = int(bytes(buffer[place:end]).split(b";")[0], 16)
        start = end + 2
        if size == 0:  # an empty line ends it, perhaps after further headers
            return bytes(body) if buffer.find(b"\r\n\r\n", end) >= 0 else None
        if len(buffer) < start + size + 2:
            return None
        body += buffer[start : start + size]
        place = start + size + 2
    return None


class Connections:
    """All connections to one server. There are as many as requests under way; nobody waits for a free one."""

    def __init__(self, address: str, connect_seconds: float) -> None:
        parts = urlsplit(address)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._connect_seconds = connect_seconds
        self._idle: list[Connection] = []
        self._asking = 0
        self._busy: set[Connection] = set()
        self._patience = Patience()
        self._names: list[AddrInfoType] = []
        self._named_at = float("-inf")

    async def ask(self, request: bytes, seconds: float) -> tuple[int, bytes]:
        """Send a whole HTTP/1.1 request and return the answer's status and body.

        Raises:
            CannotConnect: nothing was written; the request may be repeated.
            Disconnected, TimeoutError, BadAnswer: nobody knows whether the server did what was asked.

        """
        self._asking += 1
        try:
            if self._patience.over:
                raise CannotConnect("there is no time left")
            connection = self._pop() or await self._connect()
            answer = await self._ask(connection, request, seconds)
        finally:
            self._asking -= 1
        if connection.open:
            connection.used_at = time.monotonic()
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    async def _ask(self, connection: Connection, request: bytes, seconds: float) -> tuple[int, bytes]:
        self._busy.add(connection)
        try:
            return await connection.ask(request, seconds)
        finally:
            self._busy.discard(connection)

    def end_in(self, seconds: float) -> None:
        """Give what is under way so many seconds from now; what would begin later fails as not written."""
        self._patience.end_in(seconds)
        asyncio.get_running_loop().call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        for connection in tuple(self._busy):
            connection.give_up()

    async def ready(self, number: int) -> None:
        """See that so many requests can be written at once, without waiting for connections to be made.

        What cannot be opened within a moment is left to the requests themselves: they say what is wrong.
        """
        used_since = time.monotonic() - _IDLE_SECONDS / 2  # the requests come within moments, not at once
        waiting, self._idle = self._idle, []
        for connection in waiting:
            if connection.open and connection.used_at >= used_since:
                self._idle.append(connection)
            else:
                connection.close()
        # What is busy now is free when its turn comes.
        missing = min(number, _READY_MOST) - len(self._idle) - self._asking
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_READY_SECONDS):
                await asyncio.gather(*(self._add() for _ in range(missing)), return_exceptions=True)

    async def _add(self) -> None:
        connection = await self._connect()
        connection.used_at = time.monotonic()
        self._idle.append(connection)

    def _pop(self) -> Connection | None:
        """Return the connection that was used last, if it can be used again."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.open:
                continue
            if time.monotonic() - connection.used_at <= _IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        context, name = (certificates(), self._host) if self._secure else (None, None)
        try:
            async with self._patience.bounded(), asyncio.timeout(self._connect_seconds):
                names = await self._resolve(loop)
                plain = await aiohappyeyeballs.start_connection(names, happy_eyeballs_delay=_EYEBALLS_SECONDS)
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), sock=plain, ssl=context, server_hostname=name
                )
        except (OSError, TimeoutError) as error:  # ssl.SSLError is one, and so is a name that does not resolve
            raise CannotConnect(f"{type(error).__name__}: {error}") from error
        return connection

    async def _resolve(self, loop: asyncio.AbstractEventLoop) -> list[AddrInfoType]:
        if time.monotonic() - self._named_at > _NAMES_SECONDS:
            self._names = list(await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM))
            self._named_at = time.monotonic()
        return self._names

    def close(self) -> None:
        """Close what is idle; what is under way ends with its request."""
        while self._idle:
            self._idle.pop().close()
