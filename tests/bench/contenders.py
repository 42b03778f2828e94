"""Ways of sending one card to many chats, each to be run in a process of its own.

`python -m tests.bench.contenders NAME --address URL --count N` prints what it cost as one line of JSON.
"""

import argparse
import asyncio
import cProfile
import json
import logging
import os
import ssl
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

from tests.bench.processes import TOKEN, Meter, peak_megabytes

FIRST_CHAT = 1_000_000
WORKERS = 64
TITLE = "Уряд оновив правила підтримки малого бізнесу: гранти до 500 тисяч гривень підприємці отримають уже з січня"
META = "Вісник · 14:32 · 1 хв читати"
BUTTONS = (("Читати", "o12:h12:0", "primary"), ("Ще за темою", "r12:h12:0", ""), ("❓ Чому це тут?", "y12", ""))

Run = Callable[[argparse.Namespace], Awaitable[Meter]]


def chats(count: int) -> Iterator[int]:
    """Return the chats to send to."""
    return iter(range(FIRST_CHAT, FIRST_CHAT + count))


async def in_workers(count: int, send: Callable[[int], Awaitable[object]], workers: int = WORKERS) -> None:
    """Send to every chat, so many at a time, without a task for each."""
    left = chats(count)

    async def work() -> None:
        for chat in left:
            await send(chat)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(workers):
            tasks.create_task(work())


def markup() -> "object":
    """Return the keyboard as aiogram's own types, as a bot's author writes it."""
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    first, second, third = (
        InlineKeyboardButton(text=text, callback_data=data, style=style or None) for text, data, style in BUTTONS
    )
    return InlineKeyboardMarkup(inline_keyboard=[[first, second], [third]])


def aiogram_bot(options: argparse.Namespace) -> "object":
    """Return aiogram's bot as its documentation makes it, pointed at the stand-in."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(options.address)))


def one_message(bot: "object") -> Callable[[int], Awaitable[object]]:
    """Return what sends the card to one chat through aiogram's bot."""
    from aiogram.types import LinkPreviewOptions

    text, keyboard, preview = f"<b>{TITLE}</b>\n{META}", markup(), LinkPreviewOptions(is_disabled=True)

    def send(chat: int) -> Awaitable[object]:
        return bot.send_message(  # type: ignore[attr-defined,no-any-return]
            chat, text, parse_mode="HTML", reply_markup=keyboard, link_preview_options=preview
        )

    return send


async def aiogram_loop(options: argparse.Namespace) -> Meter:
    """Send one after the other."""
    bot = aiogram_bot(options)
    send = one_message(bot)
    with Meter() as meter:
        for chat in chats(options.count):
            await send(chat)
    await bot.session.close()  # type: ignore[attr-defined]
    return meter


async def aiogram_gather(options: argparse.Namespace) -> Meter:
    """Send to everybody with one gather: the session's hundred connections are the limit."""
    bot = aiogram_bot(options)
    send = one_message(bot)
    with Meter() as meter:
        await asyncio.gather(*(send(chat) for chat in chats(options.count)))
    await bot.session.close()  # type: ignore[attr-defined]
    return meter


async def aiogram_workers(options: argparse.Namespace) -> Meter:
    """Send with 64 workers: the fastest way with aiogram as it comes."""
    bot = aiogram_bot(options)
    send = one_message(bot)
    with Meter() as meter:
        await in_workers(options.count, send)
    await bot.session.close()  # type: ignore[attr-defined]
    return meter


async def aiogram_broadcaster(options: argparse.Namespace) -> Meter:
    """Send with the package of that name, without storage and without its interval."""
    from aiogram.types import LinkPreviewOptions
    from aiogram_broadcaster import Broadcaster
    from aiogram_broadcaster.contents import TextContent

    logging.disable(logging.CRITICAL)
    bot = aiogram_bot(options)
    content = TextContent(
        text=f"<b>{TITLE}</b>\n{META}",
        parse_mode="HTML",
        reply_markup=markup(),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    broadcaster = Broadcaster(bot)  # type: ignore[arg-type]
    mailer = await broadcaster.create_mailer(chats=list(chats(options.count)), content=content)
    with Meter() as meter:
        await mailer.start()
    await bot.session.close()  # type: ignore[attr-defined]
    return meter


async def python_telegram_bot(options: argparse.Namespace) -> Meter:
    """Send with 64 workers through python-telegram-bot."""
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
    from telegram.request import HTTPXRequest

    first, second, third = (InlineKeyboardButton(text, callback_data=data) for text, data, _ in BUTTONS)
    keyboard = InlineKeyboardMarkup([[first, second], [third]])
    preview = LinkPreviewOptions(is_disabled=True)
    request = HTTPXRequest(connection_pool_size=WORKERS, pool_timeout=60)
    text = f"<b>{TITLE}</b>\n{META}"
    async with Bot(TOKEN, base_url=f"{options.address}/bot", request=request) as bot:
        with Meter() as meter:
            await in_workers(
                options.count,
                lambda chat: bot.send_message(
                    chat, text, parse_mode="HTML", reply_markup=keyboard, link_preview_options=preview
                ),
            )
    return meter


async def raw_aiohttp(options: argparse.Namespace) -> Meter:
    """Send with aiohttp alone: a JSON body for each chat, and the message's id read from each answer."""
    import aiohttp
    import orjson

    rows = [[{"text": text, "callback_data": data} for text, data, _ in BUTTONS]]
    card = {
        "text": f"{TITLE}\n{META}",
        "entities": [{"type": "bold", "offset": 0, "length": len(TITLE)}],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [rows[0][:2], rows[0][2:]]},
    }
    url = f"{options.address}/bot{TOKEN}/sendMessage"
    context = ssl.create_default_context(cafile=options.authority) if options.authority else True
    connector = aiohttp.TCPConnector(limit=256, ssl=context)
    async with aiohttp.ClientSession(connector=connector, headers={"Content-Type": "application/json"}) as session:

        async def send(chat: int) -> None:
            async with session.post(url, data=orjson.dumps({"chat_id": chat, **card})) as response:
                answer = orjson.loads(await response.read())
                assert answer["result"]["message_id"]

        with Meter() as meter:
            await in_workers(options.count, send)
    return meter


async def prepared_aiohttp(options: argparse.Namespace) -> Meter:
    """Send a body that was made once through aiogram's own session: what is left is aiohttp's and the bot's work."""
    import orjson
    from aiogram.client.session.aiohttp import AiohttpSession

    bot = aiogram_bot(options)
    assert isinstance(bot.session, AiohttpSession)  # type: ignore[attr-defined]
    session = await bot.session.create_session()  # type: ignore[attr-defined]
    url = bot.session.api.api_url(token=TOKEN, method="sendMessage")  # type: ignore[attr-defined]
    keyboard = {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data, _ in BUTTONS]]}
    tail = orjson.dumps({"text": f"{TITLE}\n{META}", "reply_markup": keyboard})[1:]

    async def send(chat: int) -> None:
        headers = {"Content-Type": "application/json"}
        async with session.post(url, data=b'{"chat_id":%d,%s' % (chat, tail), headers=headers) as response:
            assert orjson.loads(await response.read())["ok"]

    with Meter() as meter:
        await in_workers(options.count, send)
    await bot.session.close()  # type: ignore[attr-defined]
    return meter


def visnyk_send(
    options: argparse.Namespace,
) -> tuple[Callable[[int], Awaitable[object]], Callable[[], Awaitable[None]]]:
    """Return what sends the card through this project's bot, session and messenger, and what closes them."""
    from bot.delivery.pacing import ChatPacer, Pacer
    from bot.delivery.throttle import Throttle
    from bot.model.ledger import Delivery, DeliveryKind, Priority
    from bot.model.news import Article
    from bot.model.readers import Address, Reader
    from bot.screens.look import Look
    from bot.screens.pushes import headline_card
    from bot.telegram.messenger import TelegramMessenger
    from bot.timing.clock import SystemClock
    from tests.bench.pipeline import visnyk_bot

    now = datetime.now(UTC)
    bot = visnyk_bot(options)
    clock = SystemClock()
    pacer, chats = Pacer(30, clock), ChatPacer(clock)
    throttle = Throttle(clock=clock, pacer=pacer, chats=chats)
    messenger = TelegramMessenger(bot=bot, pacer=pacer, chats=chats, throttle=throttle, clock=clock)
    article = Article(id=12, title=TITLE, source="Вісник", published_at=now, minutes=1)
    card = headline_card(article, Look("uk", "Europe/Kyiv", now))

    def send(chat: int) -> Awaitable[object]:
        reader = Reader(id=chat, address=Address(chat))
        return messenger.send(Delivery(id=chat, reader=reader, kind=DeliveryKind.PUSH, lane=Priority.INSTANT), card)

    return send, bot.session.close


async def prepared(options: argparse.Namespace) -> Meter:
    """Send through this project's bot, session and messenger, without its ledger."""
    from bot.model.outcomes import Delivered

    send, close = visnyk_send(options)

    async def sure(chat: int) -> None:
        assert isinstance(await send(chat), Delivered)

    with Meter() as meter:
        await in_workers(options.count, sure)
    await close()
    return meter


async def with_aiolimiter(options: argparse.Namespace) -> Meter:
    """Send at a rate that aiolimiter keeps: a bucket as large as a second's messages."""
    from aiolimiter import AsyncLimiter

    send, close = visnyk_send(options)
    limiter = AsyncLimiter(options.rate, 1)

    async def one(chat: int) -> None:
        async with limiter:
            pass
        await send(chat)

    with Meter() as meter:
        await in_workers(options.count, one, 256)
    await close()
    return meter


async def with_sleep(options: argparse.Namespace) -> Meter:
    """Send at the rate of a loop that sleeps for each message's share of a second."""
    send, close = visnyk_send(options)
    with Meter() as meter:
        async with asyncio.TaskGroup() as tasks:
            for chat in chats(options.count):
                tasks.create_task(send(chat))  # type: ignore[arg-type]
                await asyncio.sleep(1 / options.rate)
    await close()
    return meter


async def pipeline(options: argparse.Namespace) -> Meter:
    """Send with the whole of this project's sender, from the ledger and back into it."""
    from tests.bench.pipeline import run_sender

    return await run_sender(options)


CONTENDERS: dict[str, Run] = {
    "aiogram-loop": aiogram_loop,
    "aiogram-gather": aiogram_gather,
    "aiogram-workers": aiogram_workers,
    "aiogram-broadcaster": aiogram_broadcaster,
    "python-telegram-bot": python_telegram_bot,
    "aiohttp": raw_aiohttp,
    "prepared-aiohttp": prepared_aiohttp,
    "visnyk-bare": prepared,
    "visnyk": pipeline,
    "aiolimiter": with_aiolimiter,
    "sleep": with_sleep,
}
_OURS = {"visnyk-bare", "visnyk", "aiolimiter", "sleep"}


def main() -> int:
    """Send once with the options given; with `--wait`, once for each line of JSON on standard input, then end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=CONTENDERS)
    parser.add_argument("--address", default="")
    parser.add_argument("--authority", default="")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--profile", default="")
    parser.add_argument("--wait", action="store_true")
    options = parser.parse_args()
    if options.name in _OURS:
        from bot import logs

        logs.set_up("ERROR", "text")
    else:  # aiogram as it comes: whoever imports anything of `bot` has its types put off, which halves its memory
        logging.basicConfig(level=logging.ERROR)
    if options.profile:
        Meter.profile = cProfile.Profile()
    if options.wait:
        for line in sys.stdin:
            vars(options).update(json.loads(line))
            _run(options)
    else:
        _run(options)
    if Meter.profile is not None:
        Meter.profile.dump_stats(options.profile)
    return 0


def _run(options: argparse.Namespace) -> None:
    import uvloop

    if options.authority:
        os.environ["SSL_CERT_FILE"] = options.authority
    try:
        meter = uvloop.run(CONTENDERS[options.name](options))  # type: ignore[arg-type]
    except ImportError as error:
        print(json.dumps({"absent": str(error)}), flush=True)
        return
    figures = {"cpu": meter.cpu, "wall": meter.wall, "count": options.count, "peak": peak_megabytes()}
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    sys.exit(main())
