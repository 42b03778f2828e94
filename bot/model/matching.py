"""Match keys: where subscriptions and articles meet, and what becomes of an article for a reader."""

from dataclasses import dataclass
from enum import IntEnum

EVERYTHING = "*"


def topic_key(topic_id: int) -> str:
    """Return the match key of a topic."""
    return f"t{topic_id}"


def source_key(source_id: int) -> str:
    """Return the match key of a source."""
    return f"s{source_id}"


def story_key(story_id: int) -> str:
    """Return the match key of a story."""
    return f"y{story_id}"


def keyword_key(keyword_id: int) -> str:
    """Return the match key of a keyword."""
    return f"k{keyword_id}"


def is_key(text: str) -> bool:
    """Tell whether a text is a match key: buttons carry keys, and anybody can make up a button."""
    return text == EVERYTHING or (text[:1] in {"t", "s", "y", "k"} and text[1:].isascii() and text[1:].isdigit())


@dataclass(frozen=True, slots=True)
class Targeting:
    """What matters of an article when readers are chosen for it."""

    keys: frozenset[str]
    language: str
    urgent: bool = False


class Route(IntEnum):
    """What becomes of an article for a reader."""

    NOT = 0
    NOW = 1
    LATER = 2  # in the next digest
