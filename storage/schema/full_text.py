"""The archive's index, the one table that the engines cannot share.

SQLite: FTS5 without content, one column for each kind of token. PostgreSQL: a tsvector column under a GIN index; the
kinds are told apart by the first character of the token.
"""

from sqlalchemy import Connection, text


def create_archive(connection: Connection) -> None:
    """Make the archive's index."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text("CREATE VIRTUAL TABLE archive USING fts5(title, body, prefix, content='', tokenize='unicode61')")
        )
    else:
        connection.execute(text("CREATE TABLE archive (rowid bigint PRIMARY KEY, tokens tsvector NOT NULL)"))
        connection.execute(text("CREATE INDEX ix_archive_tokens ON archive USING gin (tokens) WITH (fastupdate=off)"))


def drop_archive(connection: Connection) -> None:
    """Drop the archive's index."""
    connection.execute(text("DROP TABLE archive"))
