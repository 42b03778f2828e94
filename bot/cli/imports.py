"""`python -m bot import`: files into the archive, with a bar, and every line that was not taken with its reason."""

import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.cli.bars import progress_bar
from bot.cli.language import shell_phrases
from bot.cli.lines import complain, tell
from bot.config import load_settings
from bot.errors import ConfigError
from bot.feeds.files import read_items, read_lines, sources
from bot.feeds.findings import Values
from bot.feeds.importer import Importing, Report, batches
from bot.relevance.threading import Threader
from bot.relevance.topics import START_TOPICS
from bot.text.cleaning import clean_line
from bot.text.phrasebook import Phrasebook
from bot.timing.clock import SystemClock
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.articles.topics import Topics
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.statistics import count_up
from storage.index.writing import trim_hot
from storage.schema.migrate import migrate, wait_for_database


async def import_files(names: list[str], *, push: bool, zone: str, update: bool = False) -> int:
    """Import files and say what happened; returns 0, or 1 when nothing could be taken.

    With `update`, items that are known and have changed since become new revisions.
    """
    settings = load_settings()
    say = shell_phrases()
    try:
        local = ZoneInfo(zone or settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError("config-zone", zone=clean_line(zone)) from None
    database = Database(settings.database_url.get_secret_value())
    try:
        await wait_for_database(database)
        with database.in_a_sentence():
            report = await _imported(database, names, local, push=push, update=update)
    finally:
        await database.close()
    _tell(report, say)
    return 0 if report.new or report.known or report.follows else 1


async def _imported(database: Database, names: list[str], zone: ZoneInfo, *, push: bool, update: bool) -> Report:
    await migrate(database)
    topics = Topics(database)
    await topics.seed(START_TOPICS)
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
        update=update,
    )
    known = frozenset(topic.slug for topic in await topics.all())
    report = await _import(names, importing, zone, known, push=push)
    await trim_hot(database)
    await count_up(database)
    return report


async def _import(
    names: list[str], importing: Importing, zone: ZoneInfo, known: frozenset[str], *, push: bool
) -> Report:
    report, now = Report(), importing.clock.now()
    if names == ["-"]:
        for batch in batches(read_lines(sys.stdin.buffer, zone, now, known)):
            await importing.take_batch(batch, report, push=push)
        return report
    found, left_out = sources(names)
    report.rejected += left_out
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as progress:
        total = progress.add_task("", total=sum(source.size for source in found))
        behind = 0
        for source in found:
            progress.update(total, description=source.path.name)
            for batch in batches(read_items(source, zone, now, known)):
                await importing.take_batch(batch, report, push=push)
                progress.update(total, completed=behind + batch[-1].end)
            behind += source.size
    return report


def _tell(report: Report, say: Phrasebook) -> None:
    for item in report.rejected:
        _complain(item.place, item.problem, item.values, say)
    for place, finding in report.notes:
        _complain(place, finding.key, finding.values, say)
    numbers = {"new": report.new, "known": report.known, "rejected": len(report.rejected)}
    tell(say("import-summary", **numbers))
    if report.changed:
        tell(say("import-changes", changed=report.changed, updated=report.updated))
    if report.undated:
        tell(say("import-undated", n=report.undated))
    if report.follows:
        tell(say("import-follows", n=len(report.follows)))
    for follow in report.follows:
        tell(f"{follow.name}\t{follow.address}")


def _complain(place: str, key: str, values: Values, say: Phrasebook) -> None:
    # What a file says may hold what moves a terminal's cursor.
    shown = {name: clean_line(value) if isinstance(value, str) else value for name, value in values.items()}
    complain(f"{place}: {say(key, **shown)}")
