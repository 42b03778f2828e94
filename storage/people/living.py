"""Readers who are still there: what is written of one who is erased at that moment would outlive them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema.tables import NOBODY, reader


async def hold_living(connection: AsyncConnection, who: ColumnElement[bool]) -> list[int]:
    """Return the numbers of those of some readers who have not been erased, and let nobody erase them until the commit.

    What an erasure that goes on meanwhile has left is known when this returns: it is waited for.
    """
    there = select(reader.c.id).where(who, reader.c.chat_id != NOBODY).order_by(reader.c.id)
    return list((await connection.execute(there.with_for_update(read=True, key_share=True))).scalars())
