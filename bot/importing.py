"""Importing: items from files into the archive, in batches, each once however often it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.feeds.files import Item
from bot.filing import file_under
from bot.model.news import Incoming, Terms, Topic
from bot.related.words import terms_of
from bot.text.document import document_text
from bot.text.language import reading_minutes
from bot.text.markup import parse_html

BATCH = 200


@dataclass(frozen=True, slots=True)
class Ready:
    """An item with all that is worked out of it before it is stored."""

    incoming: Incoming
    minutes: int
    terms: Terms
    topics: tuple[Topic, ...]


class ImportStore(Protocol):
    """Where items go: one transaction a batch; returns which are new, as their articles' numbers."""

    async def add(self, items: list[Ready], now: datetime, *, push: bool) -> list[int]:
        """Store a batch."""


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
    clock: Clock

    async def take_batch(self, items: list[Item], report: Report, *, push: bool) -> None:
        """Store one batch and add to the report. May be repeated: what is known stays as it is."""
        ready = []
        for item in items:
            if item.incoming is None:
                report.rejected.append(item)
            else:
                ready.append(prepared(item.incoming))
                report.undated += item.incoming.published_at is None
        if ready:
            new = await self.store.add(ready, self.clock.now(), push=push)
            report.new += len(new)
            report.known += len(ready) - len(new)


def prepared(incoming: Incoming) -> Ready:
    """Work out what is stored with an item: reading time, words, topics."""
    text = document_text(parse_html(incoming.body))
    terms = terms_of(incoming.title, incoming.lead, text, incoming.language)
    topics = file_under(incoming, text)
    return Ready(incoming, reading_minutes(incoming.lead, text), terms, topics)


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
