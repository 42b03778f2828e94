"""A stand-in that costs next to nothing: it answers every method as Telegram would, and notes when requests arrive.

`python -m tests.bench.server [--delay SECONDS] [--tls] [--limit RATE]` prints its port (and its certificate's file) as
JSON and serves until its standard input ends. `GET /stats` tells what it saw since `GET /reset`.
"""

import argparse
import asyncio
import json
import re
import ssl
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import orjson

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHAT = re.compile(rb'(?:"chat_id": ?|chat_id=|name="chat_id"\r\n\r\n)"?(-?\d+)')
_TEXT = "Президент підписав закон про державний бюджет на наступний рік: що зміниться для громад. " * 3
_ENTITIES = [{"type": "bold", "offset": 0, "length": 90}, {"type": "italic", "offset": 91, "length": 40}]
_BUTTONS = [[{"text": "Читати", "callback_data": "o1h1"}, {"text": "Ще за темою", "callback_data": "r1h1"}]]


class Seen:
    """What arrived and when."""

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.arrivals: list[float] = []
        self.refused = 0
        self._window: deque[float] = deque()
        self._worst = 0

    def arrived(self) -> bool:
        """Note an arrival; returns whether it is within the limit."""
        now = time.monotonic()
        self.arrivals.append(now)
        window = self._window
        window.append(now)
        while window[0] <= now - 1.0:
            window.popleft()
        self._worst = max(self._worst, len(window))
        if self.limit is not None and len(window) > self.limit:
            self.refused += 1
            return False
        return True

    def report(self) -> bytes:
        """Return the figures as JSON; the mean is over the time from the first arrival to the last."""
        count = len(self.arrivals)
        seconds = self.arrivals[-1] - self.arrivals[0] if count > 1 else 0.0
        first = self.arrivals[0] if count else None
        mean = (count - 1) / seconds if seconds else 0.0
        figures = {"count": count, "seconds": seconds, "mean": mean, "worst": self._worst, "refused": self.refused}
        return orjson.dumps({**figures, "first": first})


class Answers:
    """Bodies of answers, made once and filled in for each request."""

    def __init__(self) -> None:
        self._number = 0
        message = {
            "message_id": 424242,
            "from": {"id": 7000000001, "is_bot": True, "first_name": "Visnyk", "username": "visnyk_bot"},
            "chat": {"id": 515151, "first_name": "Читач", "type": "private"},
            "date": 1_795_000_000,
            "text": _TEXT,
            "entities": _ENTITIES,
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": _BUTTONS},
        }
        body = orjson.dumps({"ok": True, "result": message})
        self._head, rest = body.split(b"424242")
        self._middle, self._tail = rest.split(b"515151")

    def message(self, chat: bytes) -> bytes:
        """Return the message that was sent to a chat."""
        self._number += 1
        return b"".join((self._head, b"%d" % self._number, self._middle, chat, self._tail))


_ME = b'{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"Visnyk","username":"visnyk_bot"}}'
_TRUE = b'{"ok":true,"result":true}'
_NONE = b'{"ok":true,"result":[]}'
_BUSY = b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}'


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection."""

    def __init__(self, seen: Seen, answers: Answers, delay: float) -> None:
        self._seen, self._answers, self._delay = seen, answers, delay
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            size = int(length[1]) if length else 0
            if len(self._buffer) < end + 4 + size:
                return
            head, body = self._buffer[:end], self._buffer[end + 4 : end + 4 + size]
            self._buffer = self._buffer[end + 4 + size :]
            self._handle(head.split(b" ", 2)[1], body)

    def _handle(self, path: bytes, body: bytes) -> None:
        method = path.rpartition(b"/")[2].split(b"?")[0].lower()
        if method == b"stats":
            self._write(200, self._seen.report())
        elif method == b"reset":
            self._seen.reset()
            self._write(200, _TRUE)
        elif method == b"getme":
            self._write(200, _ME)
        elif method == b"getupdates":
            asyncio.get_running_loop().call_later(20, self._write, 200, _NONE)
        elif method.startswith((b"send", b"edit")):
            chat = _CHAT.search(body)
            within = self._seen.arrived()
            answer = self._answers.message(chat[1] if chat else b"0") if within else _BUSY
            self._later(200 if within else 429, answer)
        else:
            self._later(200, _TRUE)

    def _later(self, status: int, body: bytes) -> None:
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._write, status, body)
        else:
            self._write(status, body)

    def _write(self, status: int, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            head = b"HTTP/1.1 %d OK\r\nServer: nginx/1.18.0\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n" % status
            kind = b"Content-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n" % len(body)
            self._transport.write(head + kind + body)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for this machine; returns the server's context and the file of who signed it."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(file)
    return context, file


async def _serve(arguments: argparse.Namespace, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    seen, answers = Seen(arguments.limit), Answers()
    context, file = certificate(folder) if arguments.tls else (None, None)
    make: Callable[[], Connection] = lambda: Connection(seen, answers, arguments.delay)  # noqa: E731
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=context, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1], "authority": str(file or "")}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--limit", type=float, default=None)
    arguments = parser.parse_args()
    import uvloop

    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(_serve(arguments, Path(folder)))


if __name__ == "__main__":
    main()
