"""The newest articles as statements: of all topics or of some, without what a reader keeps away."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select, true

from bot.model.matching import MatchKey, MatchKind
from bot.model.news import ArticleState
from storage.articles.rows import all_headlines
from storage.schema.tables import article, article_topic

Bound = tuple[datetime, int]
"""The article behind which a list begins: when it was published, and its number."""
# To the letter of their index: with a bound value, and where it says "= 1", SQLite reads and sorts all there are.
# Those of topics are few, and found by their numbers.
_LISTED: ColumnElement[bool] = literal_column("article.state = 2 AND article.dated")
_FOUND = and_(article.c.state == ArticleState.PUBLISHED, article.c.dated == true())


def keeping(without: Collection[MatchKey], leave_out: Collection[int]) -> list[ColumnElement[bool]]:
    """Return the conditions for articles that have nothing of `without` and are not in `leave_out`; keywords apart."""
    topics, sources, stories = (
        sorted(key.id for key in without if key.kind is kind)
        for kind in (MatchKind.TOPIC, MatchKind.SOURCE, MatchKind.STORY)
    )
    kept: list[ColumnElement[bool]] = []
    if topics:
        filed = select(article_topic.c.article_id).where(article_topic.c.topic_id.in_(topics))
        kept.append(article.c.id.not_in(filed))
    for column, numbers in ((article.c.source_id, sources), (article.c.story_id, stories)):
        if numbers:
            kept.append(or_(column.is_(None), column.not_in(numbers)))
    return [*kept, *([article.c.id.not_in(sorted(leave_out))] if leave_out else [])]


def latest(
    topics: Sequence[int], language: str, bound: Bound | None, most: int, kept: Sequence[ColumnElement[bool]] = ()
) -> Select[Any]:
    """Return the statement for the newest articles of these topics (none: of all), `most` of each at most."""
    statement = all_headlines().where(_FOUND if topics else _LISTED, article.c.same_as.is_(None), *kept)
    if language:
        statement = statement.where(article.c.language == language)
    if topics:
        newest = [_newest_of_topic(number, language, bound, most, kept).subquery() for number in topics]
        parts = [select(one.c.article_id) for one in newest]
        statement = statement.where(article.c.id.in_(parts[0] if len(parts) == 1 else parts[0].union(*parts[1:])))
    elif bound is not None:
        statement = statement.where(_not_newer(article.c.published_at, article.c.id, bound))
    return statement.order_by(article.c.published_at.desc(), article.c.id.desc())


def _newest_of_topic(
    number: int, language: str, bound: Bound | None, most: int, kept: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """Return the newest `most` articles of one topic, read from the end of its own index."""
    own = article_topic.c
    statement = select(own.article_id).where(own.topic_id == number, own.published_at.is_not(None))
    if language or kept:
        statement = statement.join(article).where(*kept, *([article.c.language == language] if language else []))
    if bound is not None:
        statement = statement.where(_not_newer(own.published_at, own.article_id, bound))
    return statement.order_by(own.published_at.desc(), own.article_id.desc()).limit(most)


def _not_newer(at: ColumnElement[Any], number: ColumnElement[Any], bound: Bound) -> ColumnElement[bool]:
    return or_(at < bound[0], and_(at == bound[0], number <= bound[1]))
