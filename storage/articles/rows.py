"""Rows of articles as the core knows them, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.changes import UNCHANGED, ArticleChanges
from bot.model.feeds import channel_of
from bot.model.news import Article, ArticleState, Headline, Incoming, MediaKind, Photo, Topic
from bot.text.urls import url_key
from storage.articles.topics import topics_of
from storage.engine.conditions import in_states
from storage.engine.database import AnyRow
from storage.schema.tables import article, source

ON_DESK = in_states(article, ArticleState.DRAFT, ArticleState.SCHEDULED)
"""The condition of drafts and of what is planned, to the letter of their index; beside what else is asked of them."""
_other = article.alias()
_RESEMBLED = (
    select(_other.c.title)
    .where(_other.c.id == article.c.resembles, _other.c.state == ArticleState.PUBLISHED)
    .correlate(article)
    .scalar_subquery()
    .label("resembles")
)
_HEADLINE = (
    article.c.id, article.c.state, article.c.title, article.c.language, article.c.published_at, article.c.dated,
    article.c.minutes, article.c.urgent, article.c.corrected_at, article.c.external_id,
    article.c.story_id, article.c.same_as, _RESEMBLED, source.c.name.label("source"),
)  # fmt: skip
_WHOLE = (
    *_HEADLINE, article.c.lead, article.c.body, article.c.url, article.c.photo, article.c.tags, article.c.revision,
    article.c.version, article.c.author_id, article.c.source_id, article.c.correction,
    article.c.retells, article.c.identity, article.c.story_fixed,
)  # fmt: skip


def content_values(incoming: Incoming) -> dict[str, object]:
    """Return the columns that come from the input as they are."""
    return {
        "title": incoming.title,
        "lead": incoming.lead,
        "body": incoming.body,
        "language": incoming.language,
        "url": incoming.url,
        "url_key": url_key(incoming.url),
        "photo": photo_json(incoming.photo),
        "tags": list(incoming.tags) or None,
        "urgent": incoming.urgent,
        "identity": incoming.identity,
        "external_id": incoming.external_id or None,
    }


_PARTS = ("title", "lead", "body", "minutes", "language", "url", "published_at")


def changed_values(changes: ArticleChanges) -> dict[str, object]:
    """Return the columns that changes set; the source and the topics are rows of their own."""
    values = {name: value for name in _PARTS if (value := getattr(changes, name)) is not UNCHANGED}
    if changes.url is not UNCHANGED:
        values["url_key"] = url_key(changes.url)
    if changes.photo is not UNCHANGED:
        values["photo"] = photo_json(changes.photo)
    return values


def photo_json(photo: Photo | None) -> dict[str, Any] | None:
    """Return a photo as it is stored; what is as usual is left out."""
    if photo is None:
        return None
    stored = {"file_id": photo.file_id, "url": photo.url, "caption": photo.caption, "credit": photo.credit}
    kind = {} if photo.kind is MediaKind.PHOTO else {"kind": photo.kind.value}
    return {**stored, **kind, **({"more": [photo_json(one) for one in photo.more]} if photo.more else {})}


def photo_of(stored: Mapping[str, Any]) -> Photo:
    """Return a photo from how it is stored."""
    plain = {name: stored[name] for name in ("file_id", "url", "caption", "credit")}
    kind, more = MediaKind(stored.get("kind", MediaKind.PHOTO)), stored.get("more", ())
    return Photo(**plain, kind=kind, more=tuple(photo_of(one) for one in more))


async def load_article(connection: AsyncConnection, article_id: int) -> Article | None:
    """Return an article inside a transaction, or None."""
    return (await load_articles(connection, [article_id])).get(article_id)


async def load_articles(connection: AsyncConnection, article_ids: Sequence[int]) -> dict[int, Article]:
    """Return articles inside a transaction, in whatever state, by their numbers; those that there are."""
    rows = (await connection.execute(whole_articles().where(article.c.id.in_(article_ids)))).all()
    topics = await topics_of(connection, article_ids) if rows else {}
    return {row.id: article_of(row, topics.get(row.id, ())) for row in rows}


def headline_of(row: AnyRow) -> Headline:
    """Return the headline in a row."""
    return Headline(**_headline_values(row))


def _headline_values(row: AnyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "source": row.source or "",
        "language": row.language,
        "published_at": row.published_at if row.dated else None,
        "minutes": row.minutes,
        "urgent": row.urgent,
        "corrected_at": row.corrected_at,
        "retracted": row.state is ArticleState.RETRACTED,
        "external_id": row.external_id or "",
        "story_id": row.story_id,
        "same_as": row.same_as,
        "resembles": row.resembles or "",
    }


def whole_articles() -> Select[Any]:
    """Return the statement that reads articles with everything but their topics."""
    return select(*_WHOLE).select_from(article.outerjoin(source))


def article_of(row: AnyRow, topics: tuple[Topic, ...] = ()) -> Article:
    """Return the article in a row."""
    return Article(
        **_headline_values(row),
        state=row.state,
        lead=row.lead,
        body=row.body,
        url=row.url,
        photo=photo_of(row.photo) if row.photo else None,
        topics=topics,
        tags=tuple(row.tags or ()),
        revision=row.revision,
        version=row.version,
        author_id=row.author_id,
        source_id=row.source_id,
        correction=row.correction,
        retells=tuple(row.retells or ()),
        channel_id=channel_of(row.identity),
        story_fixed=row.story_fixed,
    )


def all_headlines() -> Select[Any]:
    """Return the statement for the headlines of all articles, in whatever state."""
    return select(*_HEADLINE).select_from(article.outerjoin(source))


def headlines_where(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the statement that reads headlines under conditions on the article."""
    return all_headlines().where(*conditions)
