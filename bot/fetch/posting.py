"""Bringing something to an address that the operator has set: trusted wherever it leads, and never written down."""

import asyncio

import aiohttp
import structlog

from bot.fetch.certificates import certificates

log = structlog.get_logger(__name__)

_SECONDS = 10.0


async def post_json(address: str, body: bytes, *, agent: str, proxy: str = "") -> bool:
    """Post JSON; returns whether the server took it (a status of 200 to 299). May be repeated; raises nothing.

    Redirects are not followed: what the address holds is secret, and meant for one server.
    """
    headers = {"Content-Type": "application/json", "User-Agent": agent}
    try:
        connector = aiohttp.TCPConnector(ssl=certificates(), force_close=True)
        async with (
            asyncio.timeout(_SECONDS),
            aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.post(address, data=body, headers=headers, proxy=proxy or None, allow_redirects=False) as answer,
        ):
            taken = 200 <= answer.status < 300
            problem = f"status {answer.status}"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        taken, problem = False, type(error).__name__
    if not taken:
        log.warning("ALERT_URL did not take an alert", problem=problem)
    return taken
