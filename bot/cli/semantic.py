"""`python -m bot semantic`: turning the optional model on and off, having it read, and telling how far it is."""

import uuid

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.lines import tell
from bot.cli.newsroom import opened
from bot.config import load_settings
from bot.errors import ConfigError
from bot.relevance.embedder import EmbeddingWorker
from bot.relevance.embeddings import ModelFailed
from bot.relevance.model import installed
from bot.relevance.model_process import ModelProcess
from bot.relevance.semantic import SemanticIndex
from bot.text.phrasebook import Phrasebook, phrases
from bot.timing.clock import SystemClock
from storage.articles.stories import Stories
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.runtime.leases import Leases


def _say() -> Phrasebook:
    return phrases(load_settings().language)


async def on() -> int:
    """Turn it on for every process of the newsroom; returns 0.

    Raises:
        ConfigError: the model is not installed.

    """
    say = _say()
    if not installed():
        raise ConfigError(say("semantic-missing"))
    async with opened() as database:
        await Embeddings(database).turn_on(SystemClock().now())
    tell(say("semantic-on"))
    return 0


async def off() -> int:
    """Turn it off for every process of the newsroom; returns 0."""
    async with opened() as database:
        await Embeddings(database).turn_off()
    tell(_say()("semantic-off"))
    return 0


async def status() -> int:
    """Tell whether it is on, and how much it has read; returns 0."""
    async with opened() as database:
        embeddings = Embeddings(database)
        total, read = await embeddings.counts()
        switches = {"on": await embeddings.is_on(), "installed": installed()}
    words = {name: "yes" if switch else "no" for name, switch in switches.items()}
    tell(_say()("semantic-status", **words, read=read, n=total))
    return 0


async def fill() -> int:
    """Have every published article read, with a bar, beside a bot that may be running; returns 0.

    May be broken off and begun again.

    Raises:
        ConfigError: it is off, or the model does not run.

    """
    say = _say()
    async with opened() as database:
        embeddings = Embeddings(database)
        if not await embeddings.is_on():
            raise ConfigError(say("semantic-is-off"))
        if not installed():
            raise ConfigError(say("semantic-missing"))
        try:
            total, read = await _fill(database, embeddings, say)
        except ModelFailed as failure:
            raise ConfigError(say("semantic-failed", reason=str(failure))) from None
    tell(say("semantic-filled", read=read, n=total))
    return 0


async def _fill(database: Database, embeddings: Embeddings, say: Phrasebook) -> tuple[int, int]:
    clock = SystemClock()
    studying = EmbeddingWorker(
        store=embeddings,
        stories=Stories(database),
        meaning=SemanticIndex(embeddings, clock),
        embedder=ModelProcess(),
        leases=Leases(database, str(uuid.uuid4())),
        clock=clock,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    total, read = await embeddings.counts()
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(say("semantic-filling"), total=total, completed=read)
            while (done := await studying.step()) != 0:
                if done is None:
                    await clock.rest(1)  # the bot is at it: this only shows how far
                total, read = await embeddings.counts()
                progress.update(task, total=total, completed=read)
        return await embeddings.counts()
    finally:
        await studying.finish()


ACTS = {"on": on, "off": off, "status": status, "fill": fill}
