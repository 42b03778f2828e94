"""One database of PostgreSQL for test after test: wiping it costs a fraction of making and dropping one.

The connection that wipes it stays open: a new one would have to learn of all tables and indexes again.
"""

import psycopg
from psycopg import sql

from tests.support.postgres import Server

_NAME = "slate"
WIPES = "wipes the slate"
"""How the one connection is named that is open there while a test runs."""
_STRANGERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
    SELECT md5(string_agg(what, ',' ORDER BY what)) FROM (
        SELECT c.relname || a.attname || a.atttypid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
        UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT unnest(setconfig) FROM pg_db_role_setting
            WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AS everything (what)
"""


class Slate:
    """A database like the template, again and again. What a test built there, or took away, makes a new one of it."""

    def __init__(self, server: Server, template: str) -> None:
        self._server = server
        self._template = template
        self._shape = ""
        self._rows: list[tuple[str, list[tuple[object, ...]]]] = []
        self._counters: list[tuple[str, int | None]] = []
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def clean(self) -> str:
        """Return the address of a database that holds what the template holds, and is used by nobody."""
        if self._connection is None:
            self._make()
        elif not self._wiped(self._connection):
            self.close()
            self._server.drop(_NAME)
            self._make()
        return self._server.url(_NAME)

    def close(self) -> None:
        """Leave the database alone."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _make(self) -> None:
        self._server.create(_NAME, self._template)
        connection = self._connection = psycopg.connect(self._server.url(_NAME), application_name=WIPES)
        with connection.transaction():
            self._shape = _shape(connection)
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            self._rows = [
                (name, connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall())
                for (name,) in names
            ]
            self._counters = connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
            connection.execute("SET session_replication_role = replica")  # in any order: no foreign key is looked at

    def _wiped(self, connection: "psycopg.Connection[tuple[object, ...]]") -> bool:
        try:
            with connection.transaction():
                connection.execute(_STRANGERS)
                if _shape(connection) != self._shape:
                    return False
                connection.execute(self._wipe())
                for name, rows in self._rows:
                    for row in rows:
                        places = sql.SQL(", ").join(sql.Placeholder() * len(row))
                        connection.execute(
                            sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(name), places), row
                        )
        except psycopg.Error:
            return False
        return True

    def _wipe(self) -> sql.Composed:
        """Return the one script that empties the tables and sets the counters back."""
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name, _ in self._rows]
        counters = [
            sql.SQL("SELECT setval({}, {}, {})").format(name, last or 1, last is not None)
            for name, last in self._counters
        ]
        return sql.SQL("; ").join([*deletes, *counters])


def _shape(connection: "psycopg.Connection[tuple[object, ...]]") -> str:
    row = connection.execute(_SHAPE).fetchone()
    return str(row and row[0])
