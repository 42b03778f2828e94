"""Importing: items from files into the archive, in batches, each once however often it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.feeds.files import Item
from bot.feeds.intake import fed, placed
from bot.model.news import FromFeed
from bot.ports import ImportStore
from bot.relevance.threading import Threader
from bot.timing.clock import Clock

BATCH = 200
FILES = FromFeed("files")
"""The feed that everything out of a file counts to."""


@dataclass(slots=True)
class Report:
    """What an import did. `rejected` are items with their places and reasons."""

    new: int = 0
    known: int = 0
    rejected: list[Item] = field(default_factory=list)
    undated: int = 0

    @property
    def reasons(self) -> Counter[str]:
        """How often each reason was given."""
        return Counter(item.problem for item in self.rejected)


@dataclass(frozen=True, slots=True)
class Importing:
    """Taking items in."""

    store: ImportStore
    placing: Threader
    clock: Clock
    feed: FromFeed = FILES

    async def take_batch(self, items: list[Item], report: Report, *, push: bool) -> None:
        """Store one batch and add to the report. May be repeated: what is known stays as it is."""
        ready = []
        for item in items:
            if item.incoming is None:
                report.rejected.append(item)
            else:
                ready.append(fed(item.incoming, self.feed))
                report.undated += item.incoming.published_at is None
        if ready:
            batch = await placed(await self.store.unknown(ready), self.placing)
            new = await self.store.add(batch, self.clock.now(), push=push)
            report.new += len(new)
            report.known += len(ready) - len(new)


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
