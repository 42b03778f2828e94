"""Topics on screens: a page at a time, for a newsroom may have more of them than a message has room for buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.model.news import Topic
from bot.screens.callbacks import Action
from bot.screens.card import Row
from bot.screens.pager import pager
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


@dataclass(frozen=True, slots=True)
class RestoreTopics(Action):
    """Choose again what a tap took away, which is `kept` by number, on the screen it was pressed on."""

    code = "qt"
    place: TopicsPlace
    kept: int


def topics_on(topics: Sequence[Topic], page: int) -> Sequence[Topic]:
    """Return the topics of a page; of the last one for a page behind it."""
    first = _within(topics, page) * TOPICS_PAGE
    return topics[first : first + TOPICS_PAGE]


def page_with(topics: Sequence[Topic], topic_id: int) -> int:
    """Return the page a topic stands on; the first for a topic there is none of."""
    return next((n for n, topic in enumerate(topics) if topic.id == topic_id), 0) // TOPICS_PAGE


def turner_of(topics: Sequence[Topic], page: int, say: Phrasebook, turn: Callable[[int], Action]) -> tuple[Row, ...]:
    """Return the buttons that turn the pages; none when there is one page."""
    here = _within(topics, page)
    more = (here + 1) * TOPICS_PAGE < len(topics)
    return pager(turn(here - 1) if here else None, turn(here + 1) if more else None, say)


def _within(topics: Sequence[Topic], page: int) -> int:
    return min(max(0, page), max(0, len(topics) - 1) // TOPICS_PAGE)
