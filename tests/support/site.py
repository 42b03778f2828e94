"""A site on loopback for tests of feeds: pages that change, and answers no decent server gives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Site:
    """What stands at which path, and what was asked for. `root` is its address."""

    root: str = ""
    pages: dict[str, Answer | web.Response | str] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.root.rpartition(":")[2])

    def times(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(request.path == path for request in self.asked)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        if isinstance(page, str):
            kind = "text/html" if page.lstrip().lower().startswith(("<!doctype html", "<html")) else "application/xml"
            return web.Response(text=page, content_type=kind)
        if isinstance(page, web.Response):
            body = page.body if isinstance(page.body, bytes) else b""
            return web.Response(status=page.status, body=body, headers=page.headers)
        return await page(request)


@asynccontextmanager
async def a_site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


@asynccontextmanager
async def a_raw_server(answer: bytes, *, then_wait: bool = False) -> AsyncIterator[str]:
    """Serve these bytes to whoever comes, whatever is asked; returns the address. With `then_wait` it says no more."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(answer)
        try:
            await writer.drain()
            if then_wait:
                await over.wait()
            writer.close()
            await writer.wait_closed()
        except OSError:
            pass  # who was not to be reached hung up

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def an_item(title: str, number: int | str, text: str = "", *, at: datetime | None = None, more: str = "") -> str:
    """Return an item of RSS."""
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at is not None else ""
    body = text or f"{title}. Про це повідомили в міській раді, де докладно розповіли про подробиці події."
    return (
        f"<item><guid isPermaLink='false'>n-{number}</guid><title>{title}</title>"
        f"<link>https://news.example/{number}</link><description>{body}</description>{date}{more}</item>"
    )


def rss(*items: str, title: str = "Новини міста", head: str = "") -> str:
    """Return a feed of RSS with these items, the newest first."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://news.example/</link>{head}{''.join(items)}</channel></rss>"
    )
