"""Opening what has a number: an article, what is related to it, its story."""

from bot.screens.callbacks import Open, Related
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import HeadlineScreen
from bot.telegram.reply import Reply
from handlers.actor import Actor


async def open_article(article_id: int, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show a whole article that folds into its headline."""
    action = Open(article_id, HeadlineScreen(article_id))
    await reply.show(await presenter.card(action, actor.reader, desk=actor.at_desk))


async def open_related(article_id: int, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show what else there is on the matter of an article."""
    action = Related(article_id, HeadlineScreen(article_id))
    await reply.show(await presenter.card(action, actor.reader))


async def open_story(article_id: int, actor: Actor, presenter: Presenter, reply: Reply) -> None:
    """Show the whole story an article belongs to, oldest first."""
    root = await presenter.story(article_id)
    await reply.show(await presenter.root(root, actor.reader, desk=actor.at_desk))
