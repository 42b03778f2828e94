"""Follow-ups: what goes on with a story answers the message that its follower has of it."""

from sqlalchemy import ColumnElement, false, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import MatchKind, Targeting
from storage.engine.conditions import in_states
from storage.engine.database import AnyRow
from storage.schema.tables import article, delivery, subscription


async def answer_earlier(connection: AsyncConnection, row: AnyRow, matter: Targeting, span: tuple[int, int]) -> None:
    """Let the pushes of an article answer the newest one of its story in the same chat, for who follows the story.

    `row` is their publication. Inside the transaction that wrote them, for the readers of a span: none of them can be
    on its way yet.
    """
    stories = [key for key in matter.keys if key.kind is MatchKind.STORY]
    if not stories:
        return
    earlier, of_story = delivery.alias("earlier"), article.alias("of_story")
    newest = (
        select(earlier.c.message_id)
        .join(of_story, of_story.c.id == earlier.c.article_id)
        .where(
            of_story.c.story_id.in_([key.id for key in stories]),
            earlier.c.article_id != row.article_id,
            earlier.c.reader_id == delivery.c.reader_id,
            _pushed("earlier"),
            earlier.c.state == DeliveryState.SENT,
            earlier.c.message_id > 0,
        )
        .order_by(earlier.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    after, upto = span
    followers = select(subscription.c.reader_id).where(
        subscription.c.key.in_(stories),
        subscription.c.exclude == false(),
        subscription.c.reader_id > after,
        subscription.c.reader_id <= upto,
    )
    mine = update(delivery).where(
        delivery.c.article_id == row.article_id,
        delivery.c.publication_id == row.id,
        _pushed("delivery"),
        delivery.c.reader_id.in_(followers),
        in_states(delivery, DeliveryState.QUEUED),
        delivery.c.target_message.is_(None),
    )
    await connection.execute(mine.values(target_message=newest))


def _pushed(rows: str) -> ColumnElement[bool]:
    """Return the condition that a row is a push, to the letter of the index by article and reader."""
    return literal_column(f"{rows}.kind <= 2 AND {rows}.kind = {int(DeliveryKind.PUSH)}")
