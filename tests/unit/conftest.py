"""Fixtures of the tests of what needs neither a database nor Telegram."""

from pathlib import Path

import pytest

from tests.support.feed_files import Read, reader_in


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads items out of a file of some content; a feed unless it has another name."""
    return reader_in(tmp_path)
