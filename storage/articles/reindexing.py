"""Working the word index out anew, a few articles a transaction, while the bot goes on publishing and searching."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from bot.model.news import Article, ArticleState, Terms
from bot.text.urls import url_key
from storage.articles.rows import article_of, whole_articles
from storage.engine.database import Database
from storage.index.writing import forget_lemmas, index_articles, trim_hot, unindex
from storage.schema.tables import article, words


class Reindexing:
    """The steps of a rebuild. Each leaves the index whole, so that it may be broken off and begun again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self) -> int:
        """Return how many articles belong into the index."""
        statement = select(func.count()).select_from(article).where(article.c.state == ArticleState.PUBLISHED)
        async with self._database.read() as connection:
            return int(await connection.scalar(statement) or 0)

    async def after(self, number: int, most: int) -> list[Article]:
        """Return the published articles that come after a number, in order."""
        which = whole_articles().where(article.c.state == ArticleState.PUBLISHED, article.c.id > number)
        async with self._database.read() as connection:
            rows = await connection.execute(which.order_by(article.c.id).limit(most))
            return [article_of(row) for row in rows]

    async def replace(self, articles: Sequence[tuple[Article, Terms]]) -> None:
        """Index articles anew, except those that have changed or gone since they were read."""
        versions = {one.id: one.version for one, _ in articles}
        same = select(article.c.id, article.c.version).where(
            article.c.id.in_(versions), article.c.state == ArticleState.PUBLISHED
        )
        async with self._database.write() as connection:
            held = {
                row.id
                for row in await connection.execute(same.order_by(article.c.id).with_for_update())
                if row.version == versions[row.id]
            }
            if held:
                await unindex(self._database, connection, *held)
                kept = {one.id: terms for one, terms in articles if one.id in held}
                await index_articles(self._database, connection, kept)
            for one, _ in articles:
                if one.url and one.id in held:
                    key = update(article).where(article.c.id == one.id).values(url_key=url_key(one.url))
                    await connection.execute(key)

    async def finish(self) -> None:
        """Take out what is not published any more, drop words that nothing has, and trim the hot table."""
        public = select(article.c.id).where(article.c.state == ArticleState.PUBLISHED)
        stray = select(words.c.article_id).where(words.c.article_id.not_in(public))
        async with self._database.write() as connection:
            await unindex(self._database, connection, *(await connection.execute(stray)).scalars())
            await forget_lemmas(connection)
        await trim_hot(self._database)
