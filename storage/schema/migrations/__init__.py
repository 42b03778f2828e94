"""The history of the tables, one for both engines: the `KNOWN` revisions, of which `HEAD` is the newest."""

from pathlib import Path

# By their names, because to ask Alembic costs half a second at every start.
KNOWN = frozenset(script.name[:4] for script in Path(__file__).with_name("versions").glob("[0-9]*.py"))
HEAD = max(KNOWN)
