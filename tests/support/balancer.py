"""A small balancer: hands each request to one of several servers in turn, and to another where one does not listen."""

import itertools
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def balancer(ports: Sequence[int]) -> AsyncIterator[str]:
    """Serve as one address what listens on these ports; returns it."""
    turns = itertools.count()
    connector = aiohttp.TCPConnector(limit=200)

    async with aiohttp.ClientSession(connector=connector) as session:

        async def hand_on(request: web.Request) -> web.Response:
            body, first = await request.read(), next(turns)
            headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
            for number in range(len(ports)):
                port = ports[(first + number) % len(ports)]
                address = f"http://127.0.0.1:{port}{request.path_qs}"
                try:
                    async with session.request(request.method, address, data=body, headers=headers) as answer:
                        return web.Response(status=answer.status, body=await answer.read())
                except aiohttp.ClientConnectorError:
                    continue  # nobody listens there: nothing of the request has arrived
                except aiohttp.ClientError:
                    break
            return web.Response(status=502)

        app = web.Application(client_max_size=10**7)
        app.router.add_route("*", "/{path:.*}", hand_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
