"""The rest of a long paste: added to the draft, or to the new text of a correction, that its beginning has become."""

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.corrections import Corrections
from bot.desk.drafts import Drafts, Submission
from bot.errors import NotFound
from bot.model.desk import Role
from bot.screens.callbacks import SplitPaste
from bot.screens.corrections import proposal_card
from bot.screens.desk import draft_card, pasted_card
from bot.telegram.reply import Reply
from bot.text.pasted import joined
from handlers.actor import Actor
from handlers.acts import Act, Acts, Continues
from handlers.filters import Private, RequireRole
from handlers.questions import Questions
from handlers.taps import Tap


def make_router() -> Router:
    """Return the router of what goes on; it is asked before any other that takes words."""
    router = Router(name="pastes")
    author = RequireRole(Role.AUTHOR)
    router.message.register(go_on, Private(), Continues())
    router.callback_query.register(split, Tap(SplitPaste), author, Private())
    return router


async def go_on(
    _: Message,
    act: Act,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    corrections: Corrections,
    reply: Reply,
) -> None:
    """Add a message to what the ones before it became, and draw the answer to them anew."""
    if act.what == "correction":
        await _propose(act, questions, actor, corrections, reply)
    else:
        article = await drafts.changeable(act.article, actor.editor)
        whole = joined(act.parts)
        if act.what == "body":
            article = await drafts.set_body(article, whole.text, whole.entities, actor.editor)
            await reply.redraw(act.card, draft_card(article, actor.look, actor.editor.role, full=True))
        else:
            article = await drafts.rewrite(article, _submission(whole.text, act), actor.editor)
            await reply.redraw(act.card, pasted_card(article, len(act.parts), actor.look, actor.editor.role))
    await Acts(state).keep(act)


async def _propose(act: Act, questions: Questions, actor: Actor, corrections: Corrections, reply: Reply) -> None:
    about = await questions.about()
    if about.get("article") != act.article or "text" not in about:
        raise NotFound
    whole = joined(act.parts)
    article = await corrections.open(act.article)
    changed = corrections.proposed(article, "body", whole.text, whole.entities)
    raw = [{"type": e.type, "offset": e.offset, "length": e.length, "url": e.url, "language": e.language}
           for e in whole.entities]  # fmt: skip
    await questions.answered(**{**about, "text": whole.text, "entities": raw})
    await reply.redraw(act.card, proposal_card(changed, actor.look))


def _submission(text: str, act: Act) -> Submission:
    return Submission(key="", text=text, entities=joined(act.parts).entities)


async def split(
    _: CallbackQuery, tap: SplitPaste, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """Make a draft of each message instead; raises NotFound when another act has followed."""
    act = await Acts(state).last()
    if act is None or act.article != tap.article:
        raise NotFound
    first, *others = act.parts
    article = await drafts.changeable(act.article, actor.editor)
    article = await drafts.rewrite(article, Submission(key="", text=first.text, entities=first.entities), actor.editor)
    await Acts(state).forget()
    await reply.show(draft_card(article, actor.look, actor.editor.role, full=False))
    for number, part in enumerate(others, 1):
        submission = Submission(key=f"part:{tap.article}:{number}", text=part.text, entities=part.entities)
        article = await drafts.draft(submission, actor.editor)
        await reply.send(draft_card(article, actor.look, actor.editor.role, full=False))
