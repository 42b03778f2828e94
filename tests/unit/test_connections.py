"""Connections to the Bot API server: every way in which an answer can come, and every way in which it cannot."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.connections import BadAnswer, CannotConnect, Connections, Disconnected, Head, unchunked
from tests.support.waiting import until

REQUEST = b"POST /botTOKEN/sendMessage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server that does with each request what it is told; counts connections and requests."""

    def __init__(self, answers: Sequence[bytes | None], *, pieces: bool = False, close: bool = False) -> None:
        self.answers = list(answers)
        self.pieces, self.close = pieces, close
        self.connections = self.requests = 0
        self.asked = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while await reader.readuntil(b"\r\n\r\n{}"):
            self.requests += 1
            self.asked.set()
            answer = self.answers.pop(0) if self.answers else None
            if answer is None:
                return
            for piece in [bytes([byte]) for byte in answer] if self.pieces else [answer]:
                writer.write(piece)
                await writer.drain()
                if self.pieces:
                    await asyncio.sleep(0)
            if self.close:
                return


@asynccontextmanager
async def listening(serve: Behaviour) -> AsyncIterator[int]:
    """Serve on a port of this machine; waits until every connection has ended."""
    served: list[asyncio.Task[None] | None] = []

    async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(noted, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.01)
        await asyncio.gather(*(task for task in served if task is not None))


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[Connections]:
    async with listening(server.serve) as port:
        connections = Connections(f"http://127.0.0.1:{port}", 5)
        try:
            yield connections
        finally:
            connections.close()


@pytest.mark.parametrize("pieces", [False, True], ids=["at once", "byte by byte"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (OK, (200, b"ok")),
        (b"HTTP/1.1 429 Too Many Requests\r\ncontent-LENGTH:  3 \r\n\r\nno!", (429, b"no!")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", (200, b"abcde")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n", (200, b"a")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, (200, b"ok")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
    ],
)
async def test_an_answer_is_read_whole_and_the_connection_serves_the_next_request(
    answer: bytes, expected: tuple[int, bytes], pieces: bool
) -> None:
    server = Server([answer, OK], pieces=pieces)
    async with connected(server) as connections:
        assert await connections.ask(REQUEST, 5) == expected
        assert await connections.ask(REQUEST, 5) == (200, b"ok")
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and something else",
    ],
)
async def test_a_connection_that_ends_or_cannot_be_trusted_is_not_used_again(answer: bytes) -> None:
    server = Server([answer, OK])
    async with connected(server) as connections:
        assert await connections.ask(REQUEST, 5) == (200, b"ok")
        assert await connections.ask(REQUEST, 5) == (200, b"ok")
    assert server.connections == 2


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    server = Server([b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>nginx</html>"], close=True)
    async with connected(server) as connections:
        assert await connections.ask(REQUEST, 5) == (502, b"<html>nginx</html>")


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"])
async def test_a_connection_that_ends_before_the_answer_does_leaves_it_unknown(answer: bytes | None) -> None:
    server = Server([answer], close=True)
    async with connected(server) as connections:
        with pytest.raises(Disconnected):
            await connections.ask(REQUEST, 5)
    assert server.requests == 1, "a request whose fate nobody knows was written twice"


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
async def test_what_is_not_http_is_said_to_be_none(answer: bytes) -> None:
    async with connected(Server([answer])) as connections:
        with pytest.raises(BadAnswer):
            await connections.ask(REQUEST, 5)


async def test_a_server_that_does_not_answer_is_not_waited_for_and_its_late_answer_is_nobody_elses() -> None:
    class Slow(Server):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if not self.connections:
                self.connections += 1
                await reader.readuntil(b"{}")
                await asyncio.sleep(0.2)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
                return
            await super().serve(reader, writer)

    async with connected(Slow([OK])) as connections:
        with pytest.raises(TimeoutError):
            await connections.ask(REQUEST, 0.05)
        await asyncio.sleep(0.3)
        assert await connections.ask(REQUEST, 5) == (200, b"ok")


async def test_whoever_is_cancelled_leaves_no_half_read_connection_behind() -> None:
    server = Server([OK, OK])
    async with connected(server) as connections:
        asking = asyncio.ensure_future(connections.ask(REQUEST, 5))
        await server.asked.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await connections.ask(REQUEST, 5) == (200, b"ok")
    assert server.connections == 2


async def test_nobody_there_means_that_nothing_was_written() -> None:
    async with listening(Server([]).serve) as port:
        pass
    for host in ("127.0.0.1", "no-such-host.invalid"):
        with pytest.raises(CannotConnect):
            await Connections(f"http://{host}:{port}", 5).ask(REQUEST, 5)


async def test_a_connection_that_is_closed_before_it_was_used_was_written_nothing() -> None:
    async def hangs_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with listening(hangs_up) as port:
        connections = Connections(f"http://127.0.0.1:{port}", 5)
        connection = await connections._connect()
        await until(lambda: not connection.open, "the server has not hung up")
        with pytest.raises(CannotConnect):
            await connection.ask(b"POST / HTTP/1.1\r\n\r\n", 5)
        connections.close()


async def test_a_server_without_tls_is_not_spoken_to_in_clear() -> None:
    server = Server([OK])
    async with listening(server.serve) as port:
        with pytest.raises(CannotConnect):
            await Connections(f"https://127.0.0.1:{port}", 0.5).ask(REQUEST, 5)
    assert server.requests == 0


async def test_many_at_once_each_get_their_own_answer() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(4096):
            number = head.rpartition(b"\r\n\r\n")[2]
            await asyncio.sleep(0.001 * (int(number) % 5))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(number), number))

    async with listening(echo) as port:
        connections = Connections(f"http://127.0.0.1:{port}", 5)

        async def one(number: int) -> None:
            body = b"%d" % number
            request = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            assert await connections.ask(request, 5) == (200, body)

        for _ in range(3):
            await asyncio.gather(*(one(number) for number in range(100)))
        connections.close()


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_heads_and_chunks(data: bytes) -> None:
    for read in (Head, unchunked):
        try:
            read(data)
        except ValueError:
            continue


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(0, 300))
def test_chunks_are_put_together_once_they_are_all_there(chunks: list[bytes], missing: int) -> None:
    whole = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert unchunked(whole) == b"".join(chunks)
    if 0 < missing <= len(whole):
        assert unchunked(whole[:-missing]) is None


async def test_connections_are_opened_ahead_and_used() -> None:
    server = Server([OK] * 3)
    async with connected(server) as connections:
        await connections.ready(3)
        await connections.ready(3)
        assert server.requests == 0
        await asyncio.gather(*(connections.ask(REQUEST, 5) for _ in range(3)))
        await connections.ready(2)
    assert (server.connections, server.requests) == (3, 3)


async def test_connections_that_cannot_be_opened_ahead_are_no_error() -> None:
    async with listening(Server([]).serve) as port:
        pass  # nobody listens there any more
    connections = Connections(f"http://127.0.0.1:{port}", 5)
    await connections.ready(3)
    with pytest.raises(CannotConnect):
        await connections.ask(REQUEST, 5)


@pytest.mark.parametrize("pieces", [False, True], ids=["at once", "byte by byte"])
async def test_a_thousand_interim_answers_in_one_read_are_passed_over(pieces: bool) -> None:
    server = Server([b"HTTP/1.1 103 Early Hints\r\n\r\n" * (200 if pieces else 2000) + OK, OK], pieces=pieces)
    async with connected(server) as connections:
        assert await connections.ask(REQUEST, 30) == (200, b"ok")
        assert await connections.ask(REQUEST, 5) == (200, b"ok")
    assert server.connections == 1


async def test_when_time_is_up_what_is_written_is_unknown_and_what_is_not_was_never_sent() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(silent) as port:
        connections = Connections(f"http://127.0.0.1:{port}", 5)
        written = asyncio.ensure_future(connections.ask(REQUEST, 60))
        await asyncio.sleep(0.05)
        connections.end_in(0.05)
        with pytest.raises(TimeoutError):
            await written
        with pytest.raises(CannotConnect):
            await connections.ask(REQUEST, 60)
        connections.close()
