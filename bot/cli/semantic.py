"""`python -m bot semantic`: turning the optional model on and off, having it read, and telling how far it is."""

import uuid

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from bot.cli.bars import progress_bar
from bot.cli.language import shell_phrases
from bot.cli.lines import tell
from bot.cli.newsroom import opened
from bot.config import load_settings
from bot.errors import ConfigError
from bot.relevance.choice import Choice, Reason, choose, chosen, free_megabytes
from bot.relevance.embedder import EmbeddingWorker
from bot.relevance.embeddings import ModelFailed
from bot.relevance.model import installed
from bot.relevance.model_process import ModelProcess
from bot.relevance.semantic import SemanticIndex
from bot.text.phrasebook import Phrasebook
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.stories import Stories
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.statistics import count_up
from storage.runtime.leases import Leases

_OFTEN = 20  # times a list was shown, from which it is a finding that nobody opened anything in it
_WORST = 10  # of them are named


def _say() -> Phrasebook:
    return shell_phrases()


async def on() -> int:
    """Turn it on for every process of the newsroom; returns 0.

    Raises:
        ConfigError: the model is not installed.

    """
    say = _say()
    if not installed():
        raise ConfigError("semantic-missing")
    async with opened() as database:
        await Embeddings(database).turn_on(SystemClock().now())
    tell(say("semantic-on"))
    return 0


async def off() -> int:
    """Turn it off for every process of the newsroom; returns 0."""
    async with opened() as database:
        await Embeddings(database).turn_off(SystemClock().now())
    tell(_say()("semantic-off"))
    return 0


async def status() -> int:
    """Tell whether it is on, how much it has read, and what a start of the bot would choose; returns 0."""
    setting = load_settings().semantic
    async with opened() as database:
        embeddings = Embeddings(database)
        total, read = await embeddings.counts()
        switch = await embeddings.switch()
        idle, worst = await Articles(database).unopened_lists(_OFTEN, _WORST)
    words = {name: "yes" if on else "no" for name, on in {"on": bool(switch), "installed": installed()}.items()}
    tell(_say()("semantic-status", **words, read=read, n=total))
    tell(_why(chosen(setting, switch, installed=installed(), free=free_megabytes())))
    if idle:
        tell(_say()("semantic-unopened", least=_OFTEN, n=idle) + " " + ", ".join(f"#{number}" for number in worst))
    return 0


async def wanted() -> int:
    """Tell whether the model is to be installed, before it is: returns 0 if so, 1 if not."""
    setting = load_settings().semantic
    choice = chosen(setting, None, installed=True, free=free_megabytes())
    tell(_why(choice))
    return 0 if choice.on else 1


def _why(choice: Choice) -> str:
    """Return what a start chooses, in words."""
    on, free = "yes" if choice.on else "no", choice.free if choice.reason is Reason.ROOM else None
    return _say()("semantic-choice", setting=load_settings().semantic, on=on, reason=choice.reason, free=free or 0)


async def fill() -> int:
    """Have every published article read, with a bar, beside a bot that may be running; returns 0.

    May be broken off and begun again.

    Raises:
        ConfigError: it is off, or the model does not run.

    """
    say = _say()
    async with opened() as database:
        embeddings = Embeddings(database)
        setting, now = load_settings().semantic, SystemClock().now()
        choice = await choose(setting, embeddings, now, installed=installed(), free=free_megabytes())
        if choice.reason is Reason.MISSING:
            raise ConfigError("semantic-missing")
        if not choice.on:
            raise ConfigError("semantic-is-off", why=_why(choice))
        try:
            total, read = await _fill(database, embeddings, say)
        except ModelFailed as failure:
            raise ConfigError("semantic-failed", reason=str(failure)) from None
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
        with progress_bar(*columns) as progress:
            task = progress.add_task(say("semantic-filling"), total=total, completed=read)
            while (done := await studying.step()) != 0:
                if done is None:
                    await clock.rest(1)  # the bot is at it: this only shows how far
                total, read = await embeddings.counts()
                progress.update(task, total=total, completed=read)
        await count_up(database)
        return await embeddings.counts()
    finally:
        await studying.finish()


ACTS = {"on": on, "off": off, "status": status, "fill": fill, "wanted": wanted}
