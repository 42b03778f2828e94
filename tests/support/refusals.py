"""What a command that cannot go on tells its operator."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.errors import ConfigError
from bot.text.phrasebook import phrases, told


@contextmanager
def refused(match: str, language: str = "en") -> "Iterator[pytest.ExceptionInfo[ConfigError]]":
    """Expect the block to be refused with a sentence in which the pattern is found."""
    with pytest.raises(ConfigError) as caught:
        yield caught
    sentence = told(caught.value, phrases(language))
    assert re.search(match, sentence), sentence
    assert "\n" not in sentence
