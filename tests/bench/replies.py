"""How long a reader waits for the answer to a tap: while nothing else happens, and while a broadcast runs at full rate.

The whole bot runs as an operator starts it, against a stand-in that answers at once. Taps come by long polling; the
wait ends when the request that changes the tapped message arrives.
"""

import argparse
import asyncio
import gc
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

from tests.bench import databases, processes
from tests.bench.pipeline import the_app
from tests.bench.processes import peak_megabytes
from tests.bench.tables import Goal, show, verdict
from tests.support.rows import a_publication

_MODULE = "tests.bench.replies"
_WARM_UP = 20  # taps before the first that counts


def main(arguments: list[str]) -> int:
    """Print p50 and p99 of a tap's wait, idle and during a send, on both engines."""
    parser = argparse.ArgumentParser(prog="replies")
    parser.add_argument("--taps", type=int, default=200, help="taps that are measured, of different readers")
    parser.add_argument("--rates", type=int, nargs="+", default=[30, 1000], help="messages a second of the broadcast")
    parser.add_argument("--engines", nargs="+", default=list(databases.ENGINES))
    parser.add_argument("--child", action="store_true")
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--database", default="")
    parser.add_argument("--address", default="")
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(uvloop.run(_child(options))))
        return 0
    rows, goals = [], []
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder), tuple(options.engines)) as places:
        for engine, place in places.items():
            for rate in options.rates:
                idle, busy = (_measure(place, rate, options.taps, busy=busy) for busy in (False, True))
                name = f"{engine}, {rate}/s"
                rows += [_row(f"{name}, idle", idle), _row(f"{name}, during a broadcast", busy)]
                added = _at(busy["waits"], 0.99) - _at(idle["waits"], 0.99)
                goals.append(Goal(f"{name}: added to the p99 of a tap, ms", added, 100, form=".0f"))
    show(f"Taps answered: {options.taps} in each", ("bot", "p50 ms", "p99 ms", "longest", "sent meanwhile/s"), rows)
    return verdict(goals)


def _row(name: str, seen: dict[str, Any]) -> tuple[object, ...]:
    waits = seen["waits"]
    figures = (_at(waits, 0.5), _at(waits, 0.99), max(waits))
    return (name, *(f"{value:.1f}" for value in figures), f"{seen['mean']:.0f}")


def _at(waits: list[float], share: float) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[round(share * 100) - 1]


def _measure(place: "databases.Server | Path", rate: int, taps: int, *, busy: bool) -> dict[str, Any]:
    url = databases.make(place, f"replies_{rate}_{busy}")
    # One tap every 50 ms on average; a broadcast has to last longer than all of them.
    count = round((taps + _WARM_UP) * 0.05 * rate * 1.5) + 500
    databases.fill(url, count, owed=count if busy else 0)
    with processes.standin() as standin:
        arguments = ["--child", "--rate", str(rate), "--database", url, "--address", standin.address]
        figures = processes.run(_MODULE, [*arguments, "--taps", str(taps)])
        return {**standin.stats(), **figures}


async def _child(options: argparse.Namespace) -> dict[str, Any]:
    from bot.screens.callbacks import Open
    from bot.screens.screen_refs import HeadlineScreen
    from bot.telegram.calls import Call

    app = the_app(options)
    ground = app.parts.ground
    await app.prepare()
    article_id, _ = await a_publication(ground.database, "Що змінилося в правилах", identity="bench:opened")
    sent: dict[int, float] = {}
    waits: list[float] = []
    real = ground.bot.session.make_request

    async def noting(bot: Any, method: Any, timeout: int | None = None) -> Any:  # noqa: ASYNC109  aiogram's interface
        if isinstance(method, Call) and method.__api_method__ == "editMessageText":
            chat = json.loads(method.body)["chat_id"]
            if chat in sent:
                waits.append((time.perf_counter() - sent.pop(chat)) * 1000)
        return await real(bot, method, timeout)

    ground.bot.session.make_request = noting  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()  # as `python -m bot run` does: to look through all that is loaded takes a fifth of a second
    stop = asyncio.Event()
    data = Open(article_id, HeadlineScreen(article_id)).encode()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(app.run(stop))
        await asyncio.sleep(1)
        for number in range(options.taps + _WARM_UP):
            chat = databases.FIRST_CHAT + number
            sent[chat] = time.perf_counter()
            await ground.store.inbox.store(
                [(number + 1, chat, json.dumps(a_tap(number + 1, chat, data)))], ground.clock.now()
            )
            app._arrived.set()
            await asyncio.sleep(random.uniform(0.02, 0.08))
        async with asyncio.timeout(30):
            while len(waits) < options.taps + _WARM_UP:
                await asyncio.sleep(0.02)
        app.parts.delivery.sender.held = True
        await _forget_queue(ground.database)
        stop.set()
    await app.close()
    return {"waits": waits[_WARM_UP:], "peak": peak_megabytes()}


async def _forget_queue(database: Any) -> None:
    from sqlalchemy import text

    async with database.write() as connection:
        await connection.execute(text("DELETE FROM delivery WHERE state = 0"))


def a_tap(number: int, chat: int, data: str) -> dict[str, Any]:
    """Return the update of a tap on a headline's button, in the chat of that number."""
    person = {"id": chat, "is_bot": False, "first_name": f"Читач {number}", "language_code": "uk"}
    message = {
        "message_id": 500 + number,
        "from": {"id": 7000000001, "is_bot": True, "first_name": "Visnyk"},
        "chat": {"id": chat, "type": "private", "first_name": person["first_name"]},
        "date": int(time.time()),
        "text": "Що змінилося в правилах",
    }
    query = {"id": str(number), "from": person, "message": message, "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": query}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
