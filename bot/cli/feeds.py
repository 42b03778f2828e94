"""`python -m bot feeds`: adding, listing, removing and trying feeds from the shell; the bot may run meanwhile."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.cli.language import spoken
from bot.cli.lines import complain, tell
from bot.cli.newsroom import opened
from bot.config import Settings, load_settings
from bot.desk.feeds import NOTHING
from bot.feeds.findings import Follow
from bot.feeds.outlines import outline_records, outlines_of
from bot.fetch.answers import Failed, Reason
from bot.inflow.finder import FeedFinder, FoundFeed, whole
from bot.inflow.parser import FeedParser
from bot.model.feeds import FeedMode, FeedState
from bot.screens.failures import failure_text
from bot.screens.feeds import every_text
from bot.screens.look import Look
from bot.text.cleaning import clean_line
from bot.timing.clock import SystemClock
from bot.wiring.fetch import make_fetcher
from storage.store import Store

MODES = {"approve": FeedMode.APPROVE, "publish": FeedMode.PUBLISH, "archive": FeedMode.ARCHIVE}
_APART = timedelta(seconds=2)  # between the first polls of feeds that are added together
_WEEK = timedelta(days=7)
_PREVIEWED = 5
_LONGEST_LIST = 5_000_000  # bytes
_HOLDER = "shell"


@dataclass(frozen=True, slots=True)
class _Shell:
    """What a command works with."""

    settings: Settings
    clock: SystemClock
    finder: FeedFinder

    @property
    def look(self) -> Look:
        return Look(spoken(), self.settings.timezone, self.clock.now())

    def say(self, key: str, **values: str | int) -> None:
        tell(self.look.say(key, **values))

    def complain(self, address: str, failed: Failed) -> None:
        complain(f"{clean_line(address)}: {failure_text(failed, self.look)}")


@asynccontextmanager
async def _shell() -> AsyncIterator[_Shell]:
    settings, clock, parser = load_settings(), SystemClock(), FeedParser()
    fetcher = make_fetcher(settings, clock)
    try:
        yield _Shell(settings, clock, FeedFinder(fetcher=fetcher, parser=parser, clock=clock, zone=settings.timezone))
    finally:
        await parser.close()


async def add(addresses: Sequence[str], mode: str) -> int:
    """Add the feeds of addresses, and those that OPML files list; returns 0, or 1 when one could not be added.

    What a list names is not tried first: its feeds are asked one after the other when the bot runs.
    """
    failed = 0
    async with _shell() as shell, opened() as database:
        store, number = Store(database, _HOLDER), 0
        for name in addresses:
            if _is_file(name):
                failed += await _add_list(Path(name), store, shell, MODES[mode])
                continue
            if _means_file(name):
                complain(f"{clean_line(name)}: {shell.look.say('import-no-file')}")
                failed += 1
                continue
            found = await shell.finder.find(name)
            if isinstance(found, Failed):
                shell.complain(name, found)
                failed += 1
                continue
            await _add_one(found[0].address, found[0].parsed.head.name, store, shell, MODES[mode], number)
            number += 1
    return 1 if failed else 0


async def _add_one(address: str, name: str, store: Store, shell: _Shell, mode: FeedMode, place: int) -> None:
    there = await store.feeds.at(address)
    if there is not None and there.state is not FeedState.OFFERED:
        shell.say("feeds-cli-there", address=address)
        return
    first = shell.clock.now() + place * _APART
    await store.feeds.add(address, clean_line(name), mode, FeedState.ACTIVE, None, first)
    shell.say("feeds-cli-added", name=clean_line(name) or address, address=address)


def _is_file(name: str) -> bool:
    return Path(name).is_file()


def _means_file(name: str) -> bool:
    """Whether what is no file here can only be meant as one: `list.opml`, `./list.opml`, `/tmp/list.opml`."""
    return name.startswith(("/", "./", "../", "~")) or ("/" not in name and name.lower().endswith((".opml", ".xml")))


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LONGEST_LIST)


async def _add_list(path: Path, store: Store, shell: _Shell, mode: FeedMode) -> int:
    """Add what an OPML file lists; returns how many of its lines are no feeds."""
    wrong = 0
    for place, record in enumerate(outline_records(str(path), _content(path))):
        if record.follow is not None:
            await _add_one(record.follow.address, record.follow.name, store, shell, mode, place)
        elif record.problem:
            said = {name: clean_line(str(value)) for name, value in record.values.items()}
            complain(f"{record.place}: {shell.look.say(record.problem, **said)}")
            wrong += 1
    return wrong


async def list_(*, opml: bool = False) -> int:
    """Say which feeds there are, one a line: address, mode, state, items a day, last answer, next turn, trouble.

    As `opml` it is a list that other readers of feeds take, and `add`; channels of Telegram's are in none.
    """
    async with _shell() as shell, opened() as database:
        store, look = Store(database, _HOLDER), shell.look
        feeds = await store.feeds.all()
        if not feeds:
            complain(look.say("shell-no-feeds"))
        if opml:
            addresses = [Follow(clean_line(feed.title), feed.address) for feed in feeds if not feed.is_channel]
            tell(outlines_of(shell.settings.newsroom, addresses))
            return 0
        activity = await store.feeds.activity(shell.clock.now() - _WEEK)
        for feed in feeds:
            trouble = failure_text(Failed(Reason(feed.reason), feed.detail), look) if feed.reason else "–"
            last = look.moment(feed.succeeded_at) if feed.succeeded_at is not None else look.say("feed-never")
            mode = next(name for name, mode in MODES.items() if mode is feed.mode)
            a_day = round(activity.get(feed.id, NOTHING).a_day)
            state, every = look.say(f"feed-{feed.state.name.lower()}"), every_text(feed.every, look)
            asked = feed.state is FeedState.ACTIVE and not feed.is_channel
            following = look.moment(feed.next_at) if asked else "–"
            line = (feed.address, feed.title, mode, state, every, str(a_day), last, following, trouble)
            tell("\t".join(clean_line(part) for part in line))
    return 0


async def remove(addresses: Sequence[str]) -> int:
    """Forget feeds by their addresses; returns 0, or 1 when one is not there."""
    missing = 0
    async with _shell() as shell, opened() as database:
        store = Store(database, _HOLDER)
        for name in addresses:
            feed = await store.feeds.at(name) or await store.feeds.at(whole(name))
            if feed is None:
                shell.say("feeds-cli-unknown", address=clean_line(name))
                missing += 1
                continue
            await store.feeds.remove(feed.id, None, shell.clock.now())
            shell.say("feeds-cli-removed", address=feed.address)
    return 1 if missing else 0


async def check(addresses: Sequence[str]) -> int:
    """Say what is at addresses, without adding anything; returns 0, or 1 when there is no feed at one. No database."""
    failed = 0
    async with _shell() as shell:
        for name in addresses:
            found = await shell.finder.find(name)
            if isinstance(found, Failed):
                shell.complain(name, found)
                failed += 1
                continue
            for one in found:
                _describe(one, shell)
    return 1 if failed else 0


def _describe(found: FoundFeed, shell: _Shell) -> None:
    head, items = found.parsed.head, found.parsed.items
    tell(f"{found.address}\t{clean_line(head.name)}")
    shell.say("feeds-cli-holds", n=len(items), left=found.parsed.left_out)
    if not items:
        complain(shell.look.say("shell-no-items"))
    for one in items[:_PREVIEWED]:
        at = shell.look.moment(one.published_at) if one.published_at is not None else "–"
        tell(f"  {at}\t{clean_line(one.title)}")
