"""Follow-ups: what goes on with a story answers the message that its follower has of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Update, bindparam, false, literal_column, select, update

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import story_key
from storage.engine.chains import Chain
from storage.engine.columns import MatchKeyText
from storage.engine.conditions import in_states, whatever
from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.schema.tables import article, delivery, subscription


class FollowUps:
    """Writing which message the pushes of a stretch answer."""

    def __init__(self, database: Database) -> None:
        self._statement = Prepared(database, _answering(), ())

    def answering(self, values: Mapping[str, Any], story_id: int) -> Chain[None]:
        """Let the pushes of an article answer the newest one of its story in the same chat, for who follows the story.

        `values` name its publication, itself, and the readers of a span (`after`, `upto`]. Inside the transaction that
        wrote them: none of them can be on its way yet.
        """
        of_span = {name: values[name] for name in ("publication", "article", "after", "upto")}
        yield self._statement, {**of_span, "story": story_id, "key": story_key(story_id)}


def _answering() -> Update:
    this, publication_id, story, after, upto = (
        bindparam(name, type_=BigInteger) for name in ("article", "publication", "story", "after", "upto")
    )
    earlier, of_story = delivery.alias("earlier"), article.alias("of_story")
    newest = (
        select(earlier.c.message_id)
        .join(of_story, of_story.c.id == earlier.c.article_id)
        .where(
            of_story.c.story_id == story,
            earlier.c.article_id != this,
            earlier.c.reader_id == delivery.c.reader_id,
            _pushed("earlier"),
            in_states(earlier, DeliveryState.SENT),
            earlier.c.message_id > 0,
        )
        .order_by(earlier.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    followers = select(subscription.c.reader_id).where(
        subscription.c.key == bindparam("key", type_=MatchKeyText),
        subscription.c.exclude == false(),
        subscription.c.reader_id > whatever(after),
        subscription.c.reader_id <= whatever(upto),
    )
    mine = update(delivery).where(
        delivery.c.article_id == this,
        delivery.c.publication_id == publication_id,
        _pushed("delivery"),
        delivery.c.reader_id.in_(followers),
        in_states(delivery, DeliveryState.QUEUED),
        delivery.c.target_message.is_(None),
    )
    return mine.values(target_message=newest)


def _pushed(rows: str) -> ColumnElement[bool]:
    """Return the condition that a row is a push, to the letter of the index by article and reader."""
    return literal_column(f"{rows}.kind <= 2 AND {rows}.kind = {int(DeliveryKind.PUSH)}")
