"""`python -m bot import`: files into the archive, with a bar, and every line that was not taken with its reason."""

import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.config import load_settings
from bot.errors import ConfigError
from bot.feeds.files import Item, read_items, read_lines, sources
from bot.feeds.importer import Importing, Report, batches
from bot.relevance.threading import Threader
from bot.relevance.topics import START_TOPICS
from bot.text.phrasebook import Phrasebook, phrases
from bot.timing.clock import SystemClock
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.articles.topics import Topics
from storage.engine.database import Database
from storage.index.writing import trim_hot
from storage.schema.migrate import migrate, wait_for_database


async def import_files(names: list[str], *, push: bool, zone: str) -> int:
    """Import files and say what happened; returns 0, or 1 when nothing could be taken."""
    settings = load_settings()
    say = phrases(settings.language)
    try:
        local = ZoneInfo(zone or settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f"--zone: there is no time zone {zone!r}; a name looks like Europe/Kyiv.") from None
    database = Database(settings.database_url.get_secret_value())
    try:
        await wait_for_database(database)
        await migrate(database)
        await Topics(database).seed(START_TOPICS)
        report = await _import(
            names, Importing(Imports(database), Threader(Stories(database)), SystemClock()), local, push=push
        )
        await trim_hot(database)
    finally:
        await database.close()
    _tell(report, say)
    return 0 if report.new or report.known else 1


async def _import(names: list[str], importing: Importing, zone: ZoneInfo, *, push: bool) -> Report:
    report, now = Report(), importing.clock.now()
    if names == ["-"]:
        for batch in batches(read_lines(sys.stdin.buffer, zone, now)):
            await importing.take_batch(batch, report, push=push)
        return report
    found, left_out = sources(names)
    report.rejected += left_out
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        total = progress.add_task("", total=sum(source.size for source in found))
        behind = 0
        for source in found:
            progress.update(total, description=source.path.name)
            for batch in batches(read_items(source, zone, now)):
                await importing.take_batch(batch, report, push=push)
                progress.update(total, completed=behind + batch[-1].end)
            behind += source.size
    return report


def _tell(report: Report, say: Phrasebook) -> None:
    for item in report.rejected:
        print(f"{item.place}: {_reason(item, say)}", file=sys.stderr)  # noqa: T201  the command line's way to speak
    numbers = {"new": report.new, "known": report.known, "rejected": len(report.rejected)}
    print(say("import-summary", **numbers))  # noqa: T201  the command line's way to speak
    if report.undated:
        print(say("import-undated", n=report.undated))  # noqa: T201  the command line's way to speak


def _reason(item: Item, say: Phrasebook) -> str:
    return say(item.problem)
