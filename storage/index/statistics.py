"""What the planner of PostgreSQL knows about the tables of the index, told as soon as they have been filled."""

from sqlalchemy import text

from storage.engine.database import Database

# By itself it notices a minute later, and plans until then for tables that are empty.
_TABLES = [text(f"ANALYZE {name}") for name in ("article", "lemma", "words", "hot", "archive", "embedding")]


async def count_up(database: Database) -> None:
    """Have PostgreSQL look at what was filled; table after table, for others wait while it looks. May be repeated.

    SQLite plans by the shape of the statements, and needs none of it.
    """
    if database.is_sqlite:
        return
    for statement in _TABLES:
        async with database.write() as connection:
            await connection.execute(statement)
