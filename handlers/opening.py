"""Opening what has a number: an article, what is related to it, its story."""

from bot.screens.callbacks import Open, Related, Show, headline_root
from bot.screens.presenter import Presenter
from bot.telegram.reply import Reply
from handlers.actor import Actor


async def open_article(article_id: int, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show a whole article that folds into its headline."""
    action = Open(article_id, headline_root(article_id))
    await reply.show(await presenter.card(action, actor.reader, desk=actor.at_desk), action, article_id)


async def open_related(article_id: int, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show what else there is on the matter of an article."""
    action = Related(article_id, headline_root(article_id))
    await reply.show(await presenter.card(action, actor.reader), action, article_id)


async def open_story(article_id: int, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show the whole story an article belongs to, oldest first."""
    root = await presenter.story(article_id)
    await reply.show(await presenter.root(root, actor.reader, desk=actor.at_desk), Show(root))
