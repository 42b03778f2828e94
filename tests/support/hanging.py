"""A bot in which something never ends: `python -m tests.support.hanging checkpoint`, or `model`.

The product knows nothing of it: what hangs is put in from outside, and says so when it has begun.
"""

import asyncio
import sys
import time
from typing import Any

from bot.__main__ import main
from bot.app import App
from bot.relevance.embedder import EmbeddingWorker
from bot.relevance.model_process import ModelProcess
from bot.wiring import reading
from storage.engine import sqlite

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"


def _checkpoint(_: str) -> None:
    print("hanging", flush=True)
    time.sleep(600)


async def _turn(worker: Any) -> int:
    worker.embedder = ModelProcess(command=(sys.executable, "-c", DEAF))
    print("hanging", flush=True)
    await worker.embedder.embed(["x"])
    return 0


def _hang(what: str) -> None:
    if what == "model":
        EmbeddingWorker._turn = _turn  # type: ignore[method-assign,assignment]
        reading.installed = lambda: True  # whether it is or not: what runs is not the model
        return
    sqlite.checkpoint = _checkpoint
    run = App.run

    async def hurried(app: App, stop: asyncio.Event) -> None:
        checkpointing = asyncio.create_task(app.parts.ground.database.checkpoint())
        await run(app, stop)
        checkpointing.cancel()

    App.run = hurried  # type: ignore[method-assign]


if __name__ == "__main__":
    _hang(sys.argv[1])
    sys.exit(main(["run"]))
