"""What is stored about one chat."""

from collections.abc import Mapping, Sequence

PersonalRecords = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows by their tables, as JSON has them: moments in ISO 8601, what has names by name, nothing that is empty."""
