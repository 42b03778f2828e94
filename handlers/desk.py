"""What the routers of the desk share: finding the draft a button, or the answer to a question, belongs to."""

from bot.desk.drafts import Drafts
from bot.desk.sends import SendControl
from bot.errors import NotFound
from bot.model.desk import Editor
from bot.model.news import Article, ArticleState
from bot.screens.callbacks import Desk
from handlers.actor import Actor
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


async def planned_note(article: Article, actor: Actor, send_control: SendControl) -> str:
    """Return when an article goes out, in words; "" for one that does not wait for its time."""
    send = await send_control.latest_of(article.id) if article.state is ArticleState.SCHEDULED else None
    look = actor.look
    return look.say("scheduled-note", time=look.moment(send.at)) if send is not None else ""
