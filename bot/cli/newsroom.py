"""The database for commands that only ask: opened without the bot, and without aiogram."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.config import load_settings
from bot.model.news import Headline
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.schema.migrate import migrate, wait_for_database

MOST_DIGITS = 15


@asynccontextmanager
async def opened(*, seconds: float = 30) -> AsyncIterator[Database]:
    """Open the database of the settings, its tables up to date; the bot may be running on it.

    Raises:
        ConfigError: it does not answer in so many seconds, or cannot be used, or its disk gives out meanwhile.

    """
    database = Database(load_settings().database_url.get_secret_value())
    try:
        await wait_for_database(database, seconds)
        with database.in_a_sentence():
            await migrate(database)
            yield database
    finally:
        await database.close()


async def article_number(articles: Articles, name: str) -> int | None:
    """Return the number of the published article somebody names: the id it was imported with, or its number."""
    plain = name.strip()
    number = await articles.number_of(plain) if plain else None
    digits = plain.removeprefix("#")
    if number is None and digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS:
        number = int(digits)
    if number is None or not await articles.headlines([number]):
        return None
    return number


def described(headline: Headline) -> dict[str, object]:
    """Return an article as scripts see it: `id` is what an import called it, else its number."""
    return {
        "id": headline.external_id or headline.id,
        "number": headline.id,
        "external_id": headline.external_id or None,
        "title": headline.title,
        "source": headline.source or None,
        "language": headline.language,
        "published_at": headline.published_at.isoformat() if headline.published_at else None,
    }
