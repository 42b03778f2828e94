"""The posts in channels that show an article."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.pushes import ChannelPost
from bot.model.readers import ChatKind
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database
from storage.schema.tables import delivery, reader

_WHOLE = delivery.alias("whole")


class Posts:
    """Reading what was posted; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_article(self, article_id: int, *, offset: int, limit: int) -> Sequence[ChannelPost]:
        """Return the posts of an article, by itself or inside a digest, by the name of the channel."""
        inside = and_(_WHOLE.c.digest_id == delivery.c.digest_id, _WHOLE.c.kind == DeliveryKind.DIGEST)
        message = func.coalesce(delivery.c.message_id, _WHOLE.c.message_id)
        statement = (
            select(reader.c.chat_id, reader.c.name, message)
            # The readers come first: channels are few, and who has which article is an index.
            .select_from(reader.join(delivery, delivery.c.reader_id == reader.c.id).outerjoin(_WHOLE, inside))
            .where(
                reader.c.kind == ChatKind.CHANNEL,
                delivery.c.article_id == article_id,
                of_kinds(delivery, lambda traits: traits.holds_article),
                in_states(delivery, DeliveryState.SENT, DeliveryState.BUNDLED),
                message > 0,
            )
            .order_by(reader.c.name, reader.c.id)
            .limit(limit)
            .offset(offset)
        )
        async with self._database.read() as connection:
            return [ChannelPost(*row) for row in await connection.execute(statement)]
