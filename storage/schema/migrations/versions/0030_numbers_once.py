"""Numbers of feeds, notices, listeners and events that were used never come again, on SQLite as on PostgreSQL.

Buttons in old messages, leases, and what is under way name them: what is removed must not be taken for what comes next.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
SAFE_BESIDE_OLDER = True  # on PostgreSQL nothing changes

_TABLES = ("feed", "feed_item", "feed_notice", "listener", "event")
_KEY = re.compile(r"PRIMARY KEY \(id\)")


def upgrade() -> None:
    """Make the tables anew on SQLite, with their rows: how numbers are given cannot be changed otherwise."""
    if op.get_bind().dialect.name == "sqlite":
        _anew("PRIMARY KEY (id AUTOINCREMENT)")


def downgrade() -> None:
    """Leave them so: an older program finds what it knows."""


def _anew(key: str) -> None:
    connection = op.get_bind()
    made = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY type DESC")
    statements = {name: connection.execute(made, {"name": name}).all() for name in _TABLES}
    if "AUTOINCREMENT" in str(statements["feed"]):
        return  # since they were here before
    # Feeds that are dropped take what hangs on them along, so that goes aside first.
    for name in _TABLES:
        op.execute(f'CREATE TEMPORARY TABLE "aside_{name}" AS SELECT * FROM main."{name}"')  # noqa: S608  constants
    for name in reversed(_TABLES):
        op.execute(f'DROP TABLE main."{name}"')
    for name in _TABLES:
        for kind, sql in statements[name]:
            connection.exec_driver_sql(_KEY.sub(key, sql) if kind == "table" else sql)
    for name in _TABLES:
        op.execute(f'INSERT INTO main."{name}" SELECT * FROM temp."aside_{name}"')  # noqa: S608  constants
        op.execute(f'DROP TABLE temp."aside_{name}"')
