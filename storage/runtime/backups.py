"""Backups: SQLite databases, whatever the engine is, that are opened and read through before they count.

One of SQLite is a copy of its pages; one of PostgreSQL has every row of one state of it, copied. So whoever has a
backup can start on it, look into it with any tool for SQLite, and move it to either engine.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.errors import BackupFailed, ConfigError
from bot.model.backups import BackupRecord, Contents
from bot.model.news import Article, ArticleState
from bot.ports import ArticleStore
from storage.engine.backup_folder import BackupFolder, scratch
from storage.engine.database import Database
from storage.engine.sealed import Damaged, TooSlow, WrongPassphrase, is_sealed, seal, unseal
from storage.engine.trouble import trouble_of
from storage.runtime.copying import Copying, Refill
from storage.runtime.facts import Facts
from storage.schema.migrate import revision_of
from storage.schema.migrations import HEAD, KNOWN
from storage.schema.tables import article, fact, metadata

_RECORD = "backup"
_SLICE = 500  # rows at a time where the bot runs: it hears nobody meanwhile
_SAMPLE = 10


def _unnoticed(_: str, __: int) -> None:
    pass


class Backups:
    """Making, checking and remembering backups of a database."""

    def __init__(self, database: Database, refill: Refill, articles: Callable[[Database], ArticleStore]) -> None:
        """Take the database; for `refill` see `Copying`; `articles` reads articles of any database."""
        self._database, self._refill, self._articles = database, refill, articles
        self._facts = Facts(database)

    async def begin(self, folder: str, now: datetime, passphrase: str = "") -> str:
        """Write one state of the database into a folder, under a name that nobody takes for a backup's; returns it.

        With a passphrase only what is encrypted gets there; what is not stays beside the database meanwhile.

        Raises:
            BackupFailed: that could not be done; nothing is left of it.

        """
        place = BackupFolder(Path(folder))
        part: Path | None = None
        try:
            part = place.begin(now, sealed=bool(passphrase))
            if passphrase:
                with scratch(self._beside()) as aside:
                    await self._write(aside / "visnyk.db", now)
                    await seal(aside / "visnyk.db", part, passphrase)
            else:
                await self._write(part, now)
        except BaseException as error:
            if part is not None:
                place.forget(part)
            _explain(error)
            raise
        return str(part)

    def _beside(self) -> Path | None:
        """Return the folder of the database, which has room for another; None where it is on a server."""
        return self._database.file.path.parent if self._database.file is not None else None

    async def _write(self, part: Path, now: datetime) -> None:
        if self._database.is_sqlite:
            await self._database.copy_whole(part)
            return
        copy = Database(part)
        try:
            copying = Copying(self._database, copy, self._refill, now)
            await copying.prepare()
            await copying.fill(_unnoticed, _SLICE, alone=False)
        finally:
            await copy.close()
        await copy.without_log()

    async def finish(self, part: str, keep: int) -> str:
        """Give what was begun and checked its name, and delete all but the newest `keep`; returns where it is.

        Raises:
            BackupFailed: the disk does not take it; nothing is left of it.

        """
        place = BackupFolder(Path(part).parent)
        try:
            whole = place.finish(Path(part))
            place.rotate(keep, whole)
        except OSError as error:
            place.forget(Path(part))
            _explain(error)
            raise
        return str(whole)

    async def forget(self, part: str) -> None:
        """Delete what was begun and found to be no good. May be repeated."""
        BackupFolder(Path(part).parent).forget(Path(part))

    async def contents(self, path: str, passphrase: str = "") -> Contents:
        """Return what a backup holds, after reading it through; one that is encrypted is decrypted for that.

        Raises:
            BackupFailed: it is damaged, no backup, of a newer program, or the passphrase does not open it.

        """
        try:
            async with opened_backup(Path(path), passphrase, self._beside()) as plain:
                await self._read_through(plain)
                copy = Database(plain)
                try:
                    return await self._contents(copy)
                finally:
                    await copy.close()
        except Exception as error:
            _explain(error)
            raise

    async def _read_through(self, path: Path) -> None:
        fault = await self._database.faults_of(path)
        if fault:
            raise BackupFailed(fault, why="damaged")

    async def _contents(self, copy: Database) -> Contents:
        revision = await revision_of(copy)
        if revision is None:
            raise BackupFailed(why="foreign")
        if revision not in KNOWN:
            raise BackupFailed(revision, why="newer")
        rows: dict[str, int] = {}
        async with copy.read() as connection:
            there = set((await connection.exec_driver_sql("SELECT name FROM sqlite_master")).scalars())
            for table in metadata.sorted_tables:
                if table.name in there:
                    number = await connection.scalar(select(func.count()).select_from(table))
                    rows[table.name] = int(number or 0)
            beat: Any = await connection.scalar(select(fact.c.updated_at).where(fact.c.name == "heartbeat"))
        sample = await self._sample(copy) if revision == HEAD else ()
        return Contents(revision=revision, rows=rows, beat_at=beat, sample=tuple(sample))

    async def _sample(self, copy: Database) -> Sequence[Article]:
        public = select(article.c.id).where(article.c.state == ArticleState.PUBLISHED)
        async with copy.read() as connection:
            newest = (await connection.execute(public.order_by(article.c.id.desc()).limit(_SAMPLE))).scalars().all()
            oldest = (await connection.execute(public.order_by(article.c.id).limit(_SAMPLE))).scalars().all()
        articles, found = self._articles(copy), []
        for number in sorted({*newest, *oldest}):
            try:
                found.append(await articles.get(number))
            except Exception as error:
                _explain(error)
                raise BackupFailed(f"article {number}: {error!r}", why="unreadable") from error
        return found

    async def record(self) -> BackupRecord:
        """Return what is remembered of backups."""
        kept: Any = await self._facts.get(_RECORD) or {}
        return BackupRecord(
            good_at=_instant(kept.get("good_at")),
            path=kept.get("path", ""),
            failed_at=_instant(kept.get("failed_at")),
            why=kept.get("why", ""),
            told=kept.get("told", False),
        )

    async def remember(self, record: BackupRecord, now: datetime) -> None:
        """Remember how it stands with backups, over what was remembered. May be repeated."""
        kept = {
            "good_at": record.good_at.isoformat() if record.good_at else None,
            "path": record.path,
            "failed_at": record.failed_at.isoformat() if record.failed_at else None,
            "why": record.why,
            "told": record.told,
        }
        await self._facts.put(_RECORD, kept, now)


@asynccontextmanager
async def opened_backup(path: Path, passphrase: str, beside: Path | None = None) -> AsyncIterator[Path]:
    """Open a backup: yields the database that it is, or that it was encrypted from, which is deleted at the end.

    Raises:
        BackupFailed: it is encrypted, and there is no passphrase, or another; or it was changed; or this
            machine is too slow for it.
        OSError: it cannot be read, or there is no room for it.

    """
    if not is_sealed(path):
        yield path
        return
    if not passphrase:
        raise BackupFailed(why="locked")
    with scratch(beside) as folder:
        try:
            await unseal(path, folder / "visnyk.db", passphrase)
        except WrongPassphrase:
            raise BackupFailed(why="passphrase") from None
        except Damaged as error:
            raise BackupFailed(str(error), why="damaged") from error
        except TooSlow as error:
            raise BackupFailed(str(error), why="slow") from error
        except OSError as error:
            if beside is not None or trouble_of(error) is None:
                raise
            raise BackupFailed(f"{folder}: {error}", why="scratch") from error
        yield folder / "visnyk.db"


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _explain(error: BaseException) -> None:
    """Raise BackupFailed where an error says why a backup cannot be; else do nothing."""
    if isinstance(error, ConfigError):
        raise BackupFailed(str(error), why="differs") from error
    if isinstance(error, InterruptedError):
        raise BackupFailed(why="stopped") from None
    trouble = trouble_of(error) if isinstance(error, Exception) else None
    if trouble is not None:
        raise BackupFailed(str(error), why=trouble.value) from error
