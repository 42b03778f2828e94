"""The counters of publications, which tell how their deliveries stand."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import BigInteger, Integer, Label, and_, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryCounts, DeliveryState
from storage.engine.chains import Chain, run_chain, run_last
from storage.engine.conditions import in_states
from storage.engine.database import AnyRow, Database
from storage.engine.prepared import Prepared
from storage.schema.tables import delivery, publication


def asking() -> Label[int]:
    """Return the column that counts the uncertain deliveries of a publication that are still to be asked about."""
    mine = and_(delivery.c.publication_id == publication.c.id, delivery.c.asked_at.is_(None))
    open_ = select(func.count()).select_from(delivery).where(in_states(delivery, DeliveryState.UNCERTAIN), mine)
    return open_.correlate(publication).scalar_subquery().label("asking")


async def count(connection: AsyncConnection, tally: Counter[tuple[int, str]]) -> None:
    """Add to the counters of publications, in the transaction that changed their rows."""
    changes: dict[int, dict[str, int]] = {}
    for (publication_id, column), number in tally.items():
        if number:
            changes.setdefault(publication_id, {})[column] = number
    for publication_id in sorted(changes):  # in one order, so that two replicas cannot wait for each other
        row = changes[publication_id]
        statement = update(publication).where(publication.c.id == publication_id)
        await connection.execute(
            statement.values({publication.c[name]: publication.c[name] + n for name, n in row.items()})
        )


def out_of_held(publications: Iterable[int | None], name: str) -> Counter[tuple[int, str]]:
    """Return what to add to the counters when a row of each publication is held no more, but `name`d."""
    gone = Counter(number for number in publications if number is not None)
    tally = Counter({(number, name): times for number, times in gone.items()})
    tally.update({(number, "held"): -times for number, times in gone.items()})
    return tally


def tally_of(row: AnyRow) -> DeliveryCounts:
    """Return the counters in a row of publications."""
    return DeliveryCounts(
        total=row.total,
        sent=row.sent,
        failed=row.failed,
        uncertain=row.uncertain,
        expired=row.expired,
        dropped=row.dropped,
        held=row.held,
        found=row.found,
        returned=row.returned,
        told=row.told,
    )


class Counting:
    """Adding to the counters of publications, like `count`, for the ledger's batches."""

    _names = ("sent", "failed", "uncertain", "expired", "dropped", "held", "told")

    def __init__(self, database: Database) -> None:
        more = {name: publication.c[name] + bindparam(f"more_{name}", type_=Integer) for name in self._names}
        change = update(publication).where(publication.c.id == bindparam("publication", type_=BigInteger)).values(more)
        self._statement = Prepared(database, change, ())

    async def add(self, connection: AsyncConnection, tally: Counter[tuple[int, str]]) -> None:
        """Add, in the transaction that changed the rows; in one order, so that no replica waits for another."""
        if tally:
            await run_chain(connection, self.adding(tally))

    async def add_last(self, connection: AsyncConnection, tally: Counter[tuple[int, str]]) -> None:
        """Add as the last thing that its transaction does; its commit may raise the errors of it."""
        if tally:
            await run_last(connection, self.adding(tally))

    def adding(self, tally: Counter[tuple[int, str]]) -> Chain[None]:
        """Add as a part of a chain; see `add`."""
        for number in sorted({publication_id for publication_id, _ in tally}):
            yield (
                self._statement,
                {f"more_{name}": tally[number, name] for name in self._names} | {"publication": number},
            )
