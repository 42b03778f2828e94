"""The one connection that writes to SQLite, kept open between transactions.

To take a connection out of a pool and to put it back costs three times what the transaction of a batch does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


class OneWriter:
    """Lends its connection to one at a time, in order of arrival. After an error it opens another one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._one = asyncio.Lock()
        self._kept: AsyncConnection | None = None

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncConnection]:
        """Lend the connection, outside of a transaction; it has to come back so."""
        async with self._one:
            connection, self._kept = self._kept, None
            if connection is None:
                connection = await self._engine.connect()
            try:
                yield connection
            except BaseException:
                await connection.__aexit__(None, None, None)  # closes it also where the task is being cancelled
                raise
            self._kept = connection

    async def close(self) -> None:
        """Close the connection, when nobody has it."""
        async with self._one:
            connection, self._kept = self._kept, None
            if connection is not None:
                await connection.close()
