"""What the routers of the desk share: finding the draft a button, or the answer to a question, belongs to."""

from bot.desk.drafts import Drafts
from bot.errors import NotFound
from bot.model.desk import Editor
from bot.model.news import Article
from bot.screens.callbacks import Desk
from handlers.questions import Questions


async def current(tap: Desk, editor: Editor, drafts: Drafts) -> Article:
    """Return the draft a button belongs to; raises Stale when it has changed since the button was made."""
    return await drafts.current(tap.article, tap.version, editor)


async def asked_about(questions: Questions, editor: Editor, drafts: Drafts) -> Article:
    """Return the draft an open question is about; raises NotFound when there is none any more, and Approved."""
    number = (await questions.about()).get("article")
    if not isinstance(number, int):
        raise NotFound
    return await drafts.changeable(number, editor)
