"""What only one process may do at a time, and the limiter that several share."""

from datetime import datetime

from sqlalchemy import BigInteger, BindParameter, String, and_, bindparam, case, delete, select, update

from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.schema.tables import lease, pace

_FURTHEST_US = 300_000_000  # several times the longest pause


class Leases:
    """What only one process may do at a time."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    async def take(self, name: str, now: datetime, until: datetime) -> bool:
        """Take or keep a lease; returns whether it is this process's now."""
        insert = self._database.insert(lease).values(name=name, holder=self._holder, until=until)
        taking = insert.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
            where=(lease.c.holder == self._holder) | (lease.c.until <= now),
        )
        async with self._database.write() as connection:
            return (await connection.execute(taking.returning(lease.c.name))).first() is not None

    async def give_back(self, name: str) -> None:
        """Let another process have it at once."""
        mine = and_(lease.c.name == name, lease.c.holder == self._holder)
        async with self._database.write() as connection:
            await connection.execute(delete(lease).where(mine))


class Pace:
    """The slots of one bot, taken by any number of processes, each at its own instant.

    A slot is a stretch of 1/rate seconds. Taken slots follow each other without a gap while somebody waits, and begin
    with now when nobody did: no sliding second ever has more than `rate` of them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        now = database.microseconds()
        length: BindParameter[int] = bindparam("length", type_=BigInteger)
        # What lies further ahead than any pause was taken before the database's clock was set back.
        ahead = and_(pace.c.taken_to > now, pace.c.taken_to <= now + _FURTHEST_US)
        begin = case((ahead, pace.c.taken_to), else_=now)
        insert = database.insert(pace).values(name=bindparam("whose", type_=String), taken_to=now + length)
        taking = insert.on_conflict_do_update(index_elements=["name"], set_={"taken_to": begin + length})
        at = now.label("now")
        self._take = Prepared(database, taking.returning(pace.c.taken_to, at), (pace.c.taken_to, at))

    async def take(self, name: str, slots: int, slot_us: int) -> float:
        """Take slots that follow each other; returns in how many seconds the first of them begins.

        Instants are the database's own: processes' clocks need not agree.
        """
        length = slots * slot_us
        async with self._database.write() as connection:
            [(taken_to, now)] = await self._take.rows(connection, whose=name, length=length)
        return float(max(0, taken_to - length - now)) / 1e6

    async def spend(self, name: str, number: int, most: int) -> int:
        """Spend up to `number` out of `most` under a name; returns how many were left to spend."""
        async with self._database.write() as connection:
            first = self._database.insert(pace).values(name=name, taken_to=0).on_conflict_do_nothing()
            await connection.execute(first)
            spent = select(pace.c.taken_to).where(pace.c.name == name).with_for_update()
            before = await connection.scalar(spent)
            granted = max(0, min(number, most - (before or 0)))
            change = update(pace).where(pace.c.name == name).values(taken_to=pace.c.taken_to + granted)
            await connection.execute(change)
        return granted

    async def give_back(self, name: str, number: int) -> None:
        """Have so many not been spent under a name."""
        spent = and_(pace.c.name == name, pace.c.taken_to >= number)
        async with self._database.write() as connection:
            await connection.execute(update(pace).where(spent).values(taken_to=pace.c.taken_to - number))

    async def pause(self, name: str, seconds: float) -> None:
        """Give out no slot for that long, whoever asks."""
        now = self._database.microseconds()
        until = now + round(seconds * 1e6)
        insert = self._database.insert(pace).values(name=name, taken_to=until)
        longer = and_(pace.c.taken_to > until, pace.c.taken_to <= now + _FURTHEST_US)
        later = case((longer, pace.c.taken_to), else_=until)
        pausing = insert.on_conflict_do_update(index_elements=["name"], set_={"taken_to": later})
        async with self._database.write() as connection:
            await connection.execute(pausing)
