"""What the routers of the desk share: the questions to an editor, and finding the draft a button belongs to."""

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup

from bot.desk.drafts import Drafts
from bot.errors import NotFound
from bot.model.desk import Editor
from bot.model.news import Article
from bot.screens.callbacks import Desk
from bot.telegram.reply import Reply


class Write(StatesGroup):
    """Questions to an editor."""

    post = State()
    title = State()
    lead = State()
    body = State()
    source = State()
    photo = State()
    when = State()


async def current(tap: Desk, editor: Editor, drafts: Drafts) -> Article:
    """Return the draft a button belongs to; raises Stale when it has changed since the button was made."""
    return await drafts.current(tap.article, tap.version, editor)


async def ask_about(article: Article, question: State, state: FSMContext, reply: Reply) -> None:
    """Open a question about a draft; the answer goes to it, whatever is pressed meanwhile."""
    await state.set_state(question)
    await state.set_data({"article": article.id, "card": reply.tapped})


async def asked_about(state: FSMContext, editor: Editor, drafts: Drafts) -> Article:
    """Return the draft an open question is about; raises NotFound when there is none any more."""
    number = (await state.get_data()).get("article")
    if not isinstance(number, int):
        await state.clear()
        raise NotFound
    return await drafts.open(number, editor)


async def answered(state: FSMContext, reply: Reply) -> None:
    """Close the question and take the buttons away from the card it was asked on: a newer one follows."""
    card = (await state.get_data()).get("card")
    await state.clear()
    if isinstance(card, int):
        await reply.without_buttons(card)
