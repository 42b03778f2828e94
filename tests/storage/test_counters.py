"""The counters of publications: what is added to one is added to that one."""

from collections import Counter

import pytest
from sqlalchemy import select

from storage.delivery.counters import Counting, count, out_of_held
from storage.engine.database import Database
from storage.schema.tables import publication
from tests.support.rows import a_publication

NAMES = ("sent", "failed", "uncertain", "expired", "dropped", "held")


@pytest.mark.parametrize("way", ["one by one", "prepared"])
async def test_what_is_added_goes_to_its_publication_and_its_column(database: Database, way: str) -> None:
    numbers = [(await a_publication(database))[1] for _ in range(3)]
    counting = Counting(database)
    first = Counter({(numbers[1], name): n for n, name in enumerate(NAMES, 1)}) | Counter({(numbers[2], "sent"): 7})
    second: Counter[tuple[int, str]] = Counter()
    second.update({(numbers[1], "held"): -2, (numbers[1], "sent"): 2, (numbers[1], "failed"): 0})
    for tally in (first, second, Counter[tuple[int, str]]()):
        async with database.write() as connection:
            await (count(connection, tally) if way == "one by one" else counting.add(connection, tally))
    async with database.read() as connection:
        rows = (await connection.execute(select(publication).order_by(publication.c.id))).all()
    found = [[getattr(row, name) for name in NAMES] for row in rows]
    assert found == [[0] * 6, [3, 2, 3, 4, 5, 4], [7, 0, 0, 0, 0, 0]]


def test_what_is_held_no_more_is_counted_as_what_became_of_it() -> None:
    assert out_of_held([3, None, 3, 5], "failed") == {
        (3, "failed"): 2, (5, "failed"): 1, (3, "held"): -2, (5, "held"): -1,
    }  # fmt: skip
