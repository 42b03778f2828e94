"""A small balancer: hands each request to one of several servers in turn, and to another where one does not listen.

Where it watches, it asks each for `/readyz` again and again, as balancers do, and hands nothing to one that is not ready.
"""

import asyncio
import itertools
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

_LOOK_SECONDS = 0.3
_LOOK_TIMEOUT = aiohttp.ClientTimeout(total=20)  # a machine with other work answers late, and is not away


def free_port() -> int:
    """Return a port that nobody listens on, and which no connection is given while nobody does: systems give higher ones."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


@dataclass(slots=True)
class Balancer:
    """What it has seen: `answers` by status what was handed back, `failures` by their kind how often one gave none."""

    session: aiohttp.ClientSession
    ports: Sequence[int]
    watches: bool
    address: str = ""
    answers: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    _ready: set[int] = field(default_factory=set)
    _turns: Iterator[int] = field(default_factory=itertools.count)

    def takes(self, port: int) -> bool:
        """Tell whether requests are handed to this one now."""
        return port in self._ready or not self.watches

    async def hand_on(self, request: web.Request) -> web.Response:
        """Hand a request to one that takes it, and its answer back."""
        answer = await self._handed_on(request)
        self.answers[answer.status] += 1
        return answer

    async def _handed_on(self, request: web.Request) -> web.Response:
        body, first = await request.read(), next(self._turns)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        for number in range(len(self.ports)):
            port = self.ports[(first + number) % len(self.ports)]
            if not self.takes(port):
                continue
            address = f"http://127.0.0.1:{port}{request.path_qs}"
            try:
                async with self.session.request(request.method, address, data=body, headers=headers) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientConnectorError as error:
                self.failures[type(error).__name__] += 1
                continue  # nobody listens there: nothing of the request has arrived
            except aiohttp.ClientError as error:
                self.failures[type(error).__name__] += 1
                break
        return web.Response(status=502)

    async def watch(self) -> None:
        """Look again and again who is ready."""
        await asyncio.gather(*(self._watch(port) for port in self.ports))

    async def _watch(self, port: int) -> None:
        while True:
            ready = await self._is_ready(port)
            (self._ready.add if ready else self._ready.discard)(port)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _is_ready(self, port: int) -> bool:
        try:
            async with self.session.get(f"http://127.0.0.1:{port}/readyz", timeout=_LOOK_TIMEOUT) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


@asynccontextmanager
async def balancer(ports: Sequence[int], *, watches: bool = False) -> AsyncIterator[Balancer]:
    """Serve as one address what listens on these ports."""
    connector = aiohttp.TCPConnector(limit=200)
    async with aiohttp.ClientSession(connector=connector) as session:
        made = Balancer(session, ports, watches)
        app = web.Application(client_max_size=10**7)
        app.router.add_route("*", "/{path:.*}", made.hand_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        watching = asyncio.create_task(made.watch()) if watches else None
        try:
            yield made
        finally:
            if watching is not None:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
            await runner.cleanup()
