"""Telegram's side of a webhook: it brings each update until it is taken, one at a time for each chat."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.sandbox.world import Json, World
from bot.telegram.updates import order_key

SECRET = "X-Telegram-Bot-Api-Secret-Token"
_LOOK = 0.005
_AGAIN = 0.02  # real seconds; Telegram waits one, and twice as long each time


@asynccontextmanager
async def courier(world: World) -> AsyncIterator[None]:
    """Bring the world's updates to its webhook, while one is set."""
    async with aiohttp.ClientSession() as session:
        bringing = asyncio.create_task(_bring(world, session))
        try:
            yield
        finally:
            bringing.cancel()
            await asyncio.gather(bringing, return_exceptions=True)


async def _bring(world: World, session: aiohttp.ClientSession) -> None:
    while True:
        chats: defaultdict[int, list[Json]] = defaultdict(list)
        for update in world.updates if world.webhook else ():
            chats[order_key(update)].append(update)
        await asyncio.gather(*(_of_one_chat(world, session, updates) for updates in chats.values()))
        await asyncio.sleep(_LOOK)


async def _of_one_chat(world: World, session: aiohttp.ClientSession, updates: list[Json]) -> None:
    for update in updates:
        try:
            async with session.post(world.webhook, json=update, headers={SECRET: world.webhook_word}) as answer:
                status = answer.status
        except aiohttp.ClientError:
            status, words = 0, "Connection refused"
        else:
            words = f"Wrong response from the webhook: {status}"
        if status != 200:
            world.webhook_error = (int(world.now().timestamp()), words)
            await asyncio.sleep(_AGAIN)
            return
        world.updates.remove(update)
