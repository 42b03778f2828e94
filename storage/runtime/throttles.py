"""What Telegram asked us to wait for."""

from datetime import datetime

from sqlalchemy import delete, select

from storage.engine.database import Database
from storage.schema.tables import throttle


class Throttles:
    """What Telegram asked us to wait for, so that a restart does not forget it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, scope: str, until: datetime) -> None:
        """Wait in this scope until then."""
        insert = self._database.insert(throttle).values(scope=scope, until=until)
        replacing = insert.on_conflict_do_update(index_elements=["scope"], set_={"until": insert.excluded.until})
        async with self._database.write() as connection:
            await connection.execute(replacing)

    async def in_force(self, now: datetime) -> dict[str, datetime]:
        """Return the waits that are not over; those that are, are deleted."""
        async with self._database.write() as connection:
            await connection.execute(delete(throttle).where(throttle.c.until <= now))
            rows = (await connection.execute(select(throttle.c.scope, throttle.c.until))).all()
        return {row.scope: row.until for row in rows}
