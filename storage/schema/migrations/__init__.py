"""The history of the tables, one for both engines: the `KNOWN` revisions, of which `HEAD` is the newest.

Each says whether it is SAFE_BESIDE_OLDER: whether a process of the program before it may go on beside it, as it does
while several are upgraded one by one. It may when it neither fails on the new tables nor breaks what is promised, with
what was there and with what newer processes write by themselves; what people choose that only a newer one knows need
not take effect everywhere before all are new. When in doubt it is not safe.
"""

from pathlib import Path

# By their names, because to ask Alembic costs half a second at every start.
KNOWN = frozenset(script.name[:4] for script in Path(__file__).with_name("versions").glob("[0-9]*.py"))
HEAD = max(KNOWN)
