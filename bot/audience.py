"""Who wants what: the one rule. `storage/audience.py` says the same in SQL, and a property test holds them equal.

Subscriptions and articles meet in *match keys*, short strings: `*` everything, `t3` a topic, `s7` a source, `y12` a
story, `k5` a keyword. An article has keys, a reader has wanted and unwanted ones; more than one wanted key in an
article is still one delivery.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.model.news import Article
from bot.model.readers import Choices, Instantly, Quiet, Reader, ReaderState

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
class Matter:
    """What matters of an article when readers are chosen for it."""

    keys: frozenset[str]
    language: str
    urgent: bool = False


def matter_of(article: Article, keyword_ids: Iterable[int] = ()) -> Matter:
    """Return the match keys and properties of an article; `keyword_ids` are the keywords found in its words."""
    keys = {EVERYTHING, *(topic_key(topic.id) for topic in article.topics), *map(keyword_key, keyword_ids)}
    if article.source_id is not None:
        keys.add(source_key(article.source_id))
    if article.story_id is not None:
        keys.add(story_key(article.story_id))
    return Matter(frozenset(keys), article.language, article.urgent)


class Wish(IntEnum):
    """What becomes of an article for a reader."""

    NOT = 0
    NOW = 1
    LATER = 2  # in the next digest


def wants(reader: Reader, choices: Choices, matter: Matter, now: datetime) -> Wish:
    """Say whether the reader gets the article, and when: the rule of the whole product.

    An exclusion beats any subscription. Urgent news comes at once to all who want it and did not switch that off.
    """
    if reader.state is not ReaderState.ACTIVE:
        return Wish.NOT
    if reader.news_language and reader.news_language != matter.language:
        return Wish.NOT
    if not matter.keys & choices.wanted or matter.keys & choices.unwanted:
        return Wish.NOT
    if matter.urgent and reader.urgent_breaks:
        return Wish.NOW
    if isinstance(reader.schedule, Instantly) and not is_quiet(reader.quiet, reader.zone, now):
        return Wish.NOW
    return Wish.LATER


def reasons(choices: Choices, matter: Matter) -> list[str]:
    """Return the wanted keys that the article matches, keywords and stories before sources, topics and all."""
    order = "kyst*"
    return sorted(matter.keys & choices.wanted, key=lambda key: (order.index(key[0]), key))


def local_minute(zone: str, now: datetime) -> int:
    """Return the minute of the day, 0 to 1439, on a clock in that zone."""
    local = now.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def is_quiet(quiet: Quiet | None, zone: str, now: datetime) -> bool:
    """Tell whether the reader's quiet hours are on; the start belongs to them, the end does not."""
    if quiet is None:
        return False
    start, end = (t.hour * 60 + t.minute for t in (quiet.start, quiet.end))
    minute = local_minute(zone, now)
    return (start <= minute < end) if start < end else (minute >= start or minute < end)
