"""Somebody at a terminal of PostgreSQL who holds what this program wants to write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from sqlalchemy import make_url


@asynccontextmanager
async def held_by_an_operator(url: str, statement: str) -> AsyncIterator[None]:
    """Run a statement in a transaction of a session of its own, which stays open as long as the block runs."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    session = await AsyncConnection.connect(address, application_name="psql")
    try:
        await session.execute(statement.encode())
        yield
        await session.rollback()
    finally:
        await session.close()
