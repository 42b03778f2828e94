"""Importing: items from files into the archive, in batches, each once however often it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.feeds.categories import file_under
from bot.feeds.files import Item
from bot.model.news import Incoming
from bot.model.relevance import NewArticle, PreparedItem
from bot.ports import ImportStore
from bot.relevance.lemmas import terms_of
from bot.relevance.threading import Threader
from bot.text.document import document_text
from bot.text.language import reading_minutes
from bot.text.markup import parse_html
from bot.text.urls import url_key
from bot.timing.clock import Clock

BATCH = 200


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
            placed = await self._placed(await self.store.unknown(ready))
            new = await self.store.add(placed, self.clock.now(), push=push)
            report.new += len(new)
            report.known += len(ready) - len(new)

    async def _placed(self, items: list[PreparedItem]) -> list[PreparedItem]:
        arrivals = [_arrival(item) for item in items]
        places = await self.placing.places(arrivals) if items else []
        return [replace(item, place=place) for item, place in zip(items, places, strict=True)]


def _arrival(item: PreparedItem) -> NewArticle:
    """Return an item as it is compared with others."""
    incoming = item.incoming
    text = f"{incoming.lead}\n{item.text}".strip()
    return NewArticle(incoming.title, text, item.terms, incoming.published_at, url_key(incoming.url))


def prepared(incoming: Incoming) -> PreparedItem:
    """Work out what is stored with an item: reading time, words, topics."""
    text = document_text(parse_html(incoming.body))
    terms = terms_of(incoming.title, incoming.lead, text, incoming.language)
    topics = file_under(incoming, text)
    return PreparedItem(incoming, reading_minutes(incoming.lead, text), terms, topics, text)


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
