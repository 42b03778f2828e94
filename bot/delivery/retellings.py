"""What an article tells again in other words: of which articles, and what it has of its own that somebody asked for."""

from collections.abc import Mapping

from bot.model.matching import MatchKey, MatchKind, Targeting
from bot.model.news import Article, ArticleState
from bot.ports import ArticleStore, KeywordStore
from bot.readers.audience import find_targeting

_BY_NAME = frozenset({MatchKind.KEYWORD, MatchKind.STORY, MatchKind.SOURCE})


async def told_before(
    article: Article, matter: Targeting, articles: ArticleStore, keywords: KeywordStore
) -> Mapping[int, frozenset[MatchKey]]:
    """Return the articles of other sources under whose messages this one may stand without a push, by number.

    Each with the keys of this one that a reader asks for by name (a word, a story, a source) and that one has not:
    whoever follows one of them gets the push. There are none for urgent news, for an article whose source nobody knows,
    and for one whose own source told it before: that goes on with its own news.
    """
    if matter.urgent or article.source_id is None:
        return {}
    earlier = [await articles.get(number) for number in article.retells]
    if any(one.source_id == article.source_id for one in earlier):
        return {}
    told = {}
    for one in earlier:
        if one.state is ArticleState.PUBLISHED and one.source_id is not None and one.language == article.language:
            known = (await find_targeting(one, keywords)).keys
            told[one.id] = frozenset(key for key in matter.keys - known if key.kind in _BY_NAME)
    return told
