"""What PostgreSQL is not to plan until the end of a transaction, beside a lock that it is asked for.

It plans by how many rows it thinks there are, which it knows of a minute ago or not at all: for a hundred rows that
stand in an index in their order it would read and sort all that wait, for a stretch of a fan-out it would read all
readers.
"""

_ONE_BY_ONE = ("enable_hashjoin", "enable_mergejoin")
_IN_ORDER = (*_ONE_BY_ONE, "enable_sort")


def _without(*ways: str) -> str:
    return "".join(f", set_config('{way}', 'off', true)" for way in ways)


ONE_BY_ONE = _without(*_ONE_BY_ONE)
"""Rows of another table are looked up by an index, each."""
IN_ORDER = _without(*_IN_ORDER)
"""And rows that are wanted in an order are read in it."""
