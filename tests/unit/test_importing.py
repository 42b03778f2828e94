"""Taking batches in: what the store refuses is one rejected item, whatever stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot.errors import Refused
from bot.feeds.findings import Item
from bot.feeds.importer import Importing, Report
from bot.model.news import Imported, Incoming
from bot.model.relevance import Placement, PreparedArticle
from tests.support.clock import TestClock


@dataclass
class _Picky:
    """A store that refuses a batch with a bad title in it."""

    stored: list[str] = field(default_factory=list)
    asked: list[object] = field(default_factory=list)
    there: dict[str, Imported] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)

    async def imported(self, identities: Sequence[str]) -> dict[str, Imported]:
        self.asked += identities
        return {one: self.there[one] for one in identities if one in self.there}

    async def unknown(self, items: Sequence[PreparedArticle]) -> list[PreparedArticle]:
        self.new += [one.incoming.title for one in items]
        return list(items)

    async def add(self, items: Sequence[PreparedArticle], now: datetime, *, push: bool) -> list[int]:
        self.asked += [now, push]
        titles = [one.incoming.title for one in items]
        if any("зіпсовано" in title for title in titles):
            raise Refused
        self.stored += titles
        return list(range(len(titles)))


class _NoPlaces:
    async def places(self, arrivals: Sequence[Any]) -> list[Placement]:
        return [Placement() for _ in arrivals]


@pytest.mark.parametrize("bad", [{0}, {6}, {2, 3}, set(range(7))])
async def test_what_the_store_refuses_is_rejected_alone(bad: set[int]) -> None:
    store, report = _Picky(), Report()
    importing = Importing(store=store, corrections=None, placing=_NoPlaces(), clock=TestClock())  # type: ignore[arg-type]
    items = [
        Item(f"f:{n}", n, Incoming(title=f"{'зіпсовано' if n in bad else 'добре'} {n}", identity=str(n)))
        for n in range(7)
    ]
    await importing.take_batch(items, report, push=False)
    assert (report.new, report.known, len(report.rejected)) == (7 - len(bad), 0, len(bad))
    assert {(item.place, item.problem) for item in report.rejected} == {(f"f:{n}", "import-refused") for n in bad}
    assert store.stored == [f"добре {n}" for n in range(7) if n not in bad]


async def test_what_is_known_and_as_it_was_is_not_worked_out_again() -> None:
    store, report = _Picky(there={"1": Imported(id=1, version=0, title="добре 1", lead="", body="")}), Report()
    importing = Importing(store=store, corrections=None, placing=_NoPlaces(), clock=TestClock())  # type: ignore[arg-type]
    items = [Item(f"f:{n}", n, Incoming(title=f"добре {n}", identity=str(n))) for n in (0, 1, 2, 1)]
    await importing.take_batch(items, report, push=False)
    assert (report.new, report.known, report.undated, report.changed) == (2, 2, 4, 0)
    assert store.new == store.stored == ["добре 0", "добре 2"]
