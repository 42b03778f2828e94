"""Vitals: what the database says of itself and of what waits in it, cheaply enough to be asked by hand."""

import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import Role
from bot.model.readers import ChatKind, ReaderState
from bot.model.vitals import DatabaseVitals, Receiving
from storage.engine.database import Database
from storage.schema.migrate import revision_of
from storage.schema.migrations import HEAD
from storage.schema.tables import editor, fact, message_ids, publication, reader

_MOST_CHATS = 200
_LAST = timedelta(minutes=1)


class Vitals:
    """Looking at the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self, now: datetime, *, thoroughly: bool = False) -> DatabaseVitals:
        """Return how the database is, reading an SQLite file through if `thoroughly`; of other tables, little."""
        revision = await revision_of(self._database)
        file = self._database.file
        known: dict[str, Any] = {
            "engine": "SQLite" if self._database.is_sqlite else "PostgreSQL",
            "revision": revision,
            "up_to_date": revision == HEAD,
        }
        if file is not None:
            known |= _disk(file.path)
            known["damaged"] = thoroughly and await self._database.is_damaged()
        if revision == HEAD:
            known |= await self._rows(now)
        return DatabaseVitals(**known)

    async def _rows(self, now: datetime) -> dict[str, Any]:
        sends = select(func.max(func.coalesce(publication.c.finished_at, publication.c.started_at)))
        zones = select(reader.c.zone).where(reader.c.state == ReaderState.ACTIVE).distinct()
        many = reader.c.kind.in_([ChatKind.GROUP, ChatKind.CHANNEL])
        chats = select(reader.c.chat_id, reader.c.name, reader.c.kind).where(many, reader.c.state == ReaderState.ACTIVE)
        newest = select(message_ids.c.ranges).where(message_ids.c.counter == 0, message_ids.c.at > now - _LAST)
        facts = select(fact.c.name, fact.c.updated_at).where(fact.c.name.in_(["heartbeat", "held-since"]))
        compact = select(fact.c.value).where(fact.c.name == "compacted")
        async with self._database.read() as connection:
            ranges = (await connection.execute(newest.order_by(message_ids.c.last.desc()).limit(500))).scalars().all()
            known = {row.name: row.updated_at for row in await connection.execute(facts)}
            owners = await connection.scalar(select(func.count()).where(editor.c.role == Role.OWNER))
            until: Any = await connection.scalar(compact)
            return {
                "compact_until": datetime.fromisoformat(until["until"]) if until else None,
                "last_send": await connection.scalar(sends),
                "rate": sum(last - first + 1 for each in ranges for first, last in each) / _LAST.total_seconds(),
                "zones": tuple((await connection.execute(zones)).scalars()),
                "chats": tuple(
                    Receiving(chat_id=row.chat_id, name=row.name, is_channel=row.kind is ChatKind.CHANNEL)
                    for row in await connection.execute(chats.order_by(reader.c.id).limit(_MOST_CHATS))
                ),
                "owners": owners or 0,
                "readers": await connection.scalar(select(func.count()).where(reader.c.state == ReaderState.ACTIVE)),
                "heard_at": known.get("heartbeat"),
                "is_held": "held-since" in known,
                "durable": self._database.is_sqlite or await _waits_for_the_disk(connection),
            }


async def _waits_for_the_disk(connection: AsyncConnection) -> bool:
    return bool(await connection.scalar(text("SHOW synchronous_commit")) != "off")


def _disk(path: Path) -> dict[str, Any]:
    """Return the bytes of a database file and its log, those free beside it, and which files others can read."""
    log = path.with_name(f"{path.name}-wal")
    there = [one for one in (path, log) if one.exists()]
    return {
        "size": path.stat().st_size if path.exists() else 0,
        "log": log.stat().st_size if log.exists() else 0,
        "free": shutil.disk_usage(path.parent).free,
        "open_files": tuple(str(one) for one in there if one.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)),
    }
