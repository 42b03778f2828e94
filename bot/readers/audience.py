"""Who wants what: the one rule. `storage/people/audience.py` says the same in SQL; a property test holds them equal.

Subscriptions and articles meet in *match keys* (`bot/model/matching.py`): everything, a topic, a source, a story, a
keyword. An article has keys, a reader has wanted and unwanted ones; more than one wanted key in an article is still one
delivery.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.model.matching import EVERYTHING, MatchKey, Route, Targeting, keyword_key, source_key, story_key, topic_key
from bot.model.news import Article
from bot.model.readers import Choices, Instantly, Reader, ReaderState
from bot.ports import KeywordStore
from bot.relevance.written import written_beside
from bot.timing.schedules import is_quiet


def targeting_of(article: Article, keyword_ids: Iterable[int] = ()) -> Targeting:
    """Return the match keys and properties of an article; `keyword_ids` are the keywords found in its words."""
    keys = {EVERYTHING, *(topic_key(topic.id) for topic in article.topics), *map(keyword_key, keyword_ids)}
    if article.source_id is not None:
        keys.add(source_key(article.source_id))
    if article.story_id is not None:
        keys.add(story_key(article.story_id))
    return Targeting(frozenset(keys), article.language, article.urgent, article.channel_id)


async def find_targeting(article: Article, keywords: KeywordStore) -> Targeting:
    """Return what matters of an article when readers are chosen for it, the keywords in its words looked up."""
    terms = (await written_beside(article)).terms
    return targeting_of(article, await keywords.found_in([*terms.title, *terms.lead, *terms.body]))


def wants(reader: Reader, choices: Choices, matter: Targeting, now: datetime) -> Route:
    """Say whether the reader gets the article, and when: the rule of the whole product.

    An exclusion beats any subscription. Urgent news comes at once to all who want it and did not switch that off. A
    channel that brings news gets none of its own posts back.
    """
    if reader.state is not ReaderState.ACTIVE:
        return Route.NOT
    if reader.address.chat_id == matter.channel_id:
        return Route.NOT
    if reader.news_language and reader.news_language != matter.language:
        return Route.NOT
    if not matter.keys & choices.wanted or matter.keys & choices.unwanted:
        return Route.NOT
    if matter.urgent and reader.urgent_breaks:
        return Route.NOW
    if isinstance(reader.schedule, Instantly) and not is_quiet(reader.quiet, reader.zone, now):
        return Route.NOW
    return Route.LATER


def reasons(choices: Choices, matter: Targeting) -> list[MatchKey]:
    """Return the wanted keys that the article matches, the most particular first."""
    return sorted(matter.keys & choices.wanted)
