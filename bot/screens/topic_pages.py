"""Topics on screens: a page at a time, for a newsroom may have more of them than a message has room for buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.model.news import Topic
from bot.screens.callbacks import Action
from bot.screens.card import Row, turning
from bot.screens.verbs import TopicsPlace
from bot.text.phrasebook import Phrasebook

TOPICS_PAGE = 24
"""Topics of one page: twelve rows of two."""


@dataclass(frozen=True, slots=True)
class TurnTopics(Action):
    """Show another page of the topics that a reader chooses from, on the screen it was pressed on."""

    code = "tp"
    place: TopicsPlace
    page: int


def topics_on(topics: Sequence[Topic], page: int) -> Sequence[Topic]:
    """Return the topics of a page; of the last one for a page behind it."""
    first = _within(topics, page) * TOPICS_PAGE
    return topics[first : first + TOPICS_PAGE]


def page_with(topics: Sequence[Topic], topic_id: int) -> int:
    """Return the page a topic stands on; the first for a topic there is none of."""
    return next((n for n, topic in enumerate(topics) if topic.id == topic_id), 0) // TOPICS_PAGE


def turner_of(say: Phrasebook, topics: Sequence[Topic], page: int, turn: Callable[[int], Action]) -> tuple[Row, ...]:
    """Return the buttons that turn the pages; none when there is one page."""
    here = _within(topics, page)
    on = turn(here + 1) if (here + 1) * TOPICS_PAGE < len(topics) else None
    row = turning(say, turn(here - 1) if here else None, on)
    return (row,) if row else ()


def _within(topics: Sequence[Topic], page: int) -> int:
    return min(max(0, page), max(0, len(topics) - 1) // TOPICS_PAGE)
