"""What is public, and what is not any more."""

from bot.errors import NotFound
from bot.model.news import Article, ArticleState
from bot.ports import ArticleStore


async def published(articles: ArticleStore, article_id: int, *, or_retracted: bool = False) -> Article:
    """Return a published article, also one that was taken back if `or_retracted`; raises NotFound for any other."""
    found = await articles.get(article_id)
    if found.state is ArticleState.PUBLISHED or (or_retracted and found.state is ArticleState.RETRACTED):
        return found
    raise NotFound
