"""Messages that are edited after they were sent: what a draft came from changes the draft, while nobody has changed it.

Edited commands are run again (`handlers/origin.py`), but for `/post`, which has a draft already.
"""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import UNPUBLISHED, Drafts, Submission
from bot.errors import NotFound
from bot.model.desk import Role
from bot.model.news import Article, ArticleState
from bot.model.readers import ChatKind
from bot.screens.callbacks import TakeEdit
from bot.screens.desk import draft_card, edited_card, fix_offer_card, pasted_card
from bot.telegram.reply import Reply
from bot.text.pasted import joined
from handlers.actor import Actor
from handlers.acts import Act, Acts, part_of
from handlers.commands import Typed, typed_command
from handlers.filters import Private, RequireRole
from handlers.submissions import behind_command, submission_of
from handlers.taps import Tap


class OfTheDesk(Filter):
    """Lets edits through of whoever may write; others' are nobody's business."""

    async def __call__(self, _: Message, actor: Actor) -> bool:
        """Check the role, without a word."""
        return actor.editor.role >= Role.AUTHOR


def register(router: Router) -> None:
    """Add the routes of edited messages."""
    router.edited_message.register(edited, Private(), OfTheDesk())
    router.callback_query.register(take, Tap(TakeEdit), RequireRole(Role.AUTHOR), Private())


async def edited(
    message: Message, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply, command: Typed | None = None
) -> None:
    """Change the draft that was made of a message, or say why it stays as it is."""
    act = await Acts(state).last()
    if act is not None and act.what == "draft" and message.message_id in act.messages[1:]:
        await _change_part(message, act, state, actor, drafts, reply)
        return
    sent = _sent(message, command)
    article = await drafts.made_of(sent.key)
    if article is None or not sent.text.strip():
        return
    if act is not None and act.article == article.id and len(act.messages) > 1:
        await _change_part(message, act, state, actor, drafts, reply)
    elif article.state is ArticleState.DRAFT and article.version == 0:
        changed = await drafts.rewrite(article, sent, actor.editor)
        if (changed.title, changed.lead, changed.body) != (article.title, article.lead, article.body):
            note = actor.say("desk-edited")
            await reply.send(draft_card(changed, actor.look, actor.editor.role, full=False, note=note))
    else:
        await _offer(article, message, actor, reply)


def _sent(message: Message, command: Typed | None) -> Submission:
    sent = submission_of(message)
    return behind_command(sent, command.args) if command is not None and command.args else sent


async def _change_part(
    message: Message, act: Act, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """Change one of the messages that a draft was put together from."""
    place = act.messages.index(message.message_id)
    act = replace(act, parts=(*act.parts[:place], part_of(message), *act.parts[place + 1 :]))
    whole = joined(act.parts)
    article = await drafts.changeable(act.article, actor.editor)
    submission = Submission(key="", text=whole.text, entities=whole.entities)
    article = await drafts.rewrite(article, submission, actor.editor)
    await Acts(state).keep(act)
    card = pasted_card(article, len(act.parts), actor.look, actor.editor.role, note=actor.say("desk-edited"))
    await reply.redraw(act.card, card)


async def _offer(article: Article, message: Message, actor: Actor, reply: Reply) -> None:
    """Offer what can still be done: somebody has worked on the article since, approved it, or it is out."""
    if article.state in UNPUBLISHED:
        await reply.send(edited_card(article, actor.look, actor.editor.role), to=message.message_id)
    elif article.state is ArticleState.PUBLISHED:
        await reply.send(fix_offer_card(article, actor.look, actor.editor.role), to=message.message_id)


async def take(query: CallbackQuery, tap: TakeEdit, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Take the text of the edited message after all; raises NotFound when that message is gone, and Stale."""
    answered = query.message.reply_to_message if isinstance(query.message, Message) else None
    if answered is None:
        raise NotFound
    article = await drafts.current(tap.article, tap.version, actor.editor)
    sent = _sent(answered, typed_command(answered, ChatKind.PRIVATE, ""))
    article = await drafts.rewrite(article, sent, actor.editor)
    note = actor.say("desk-edited")
    await reply.show(draft_card(article, actor.look, actor.editor.role, full=False, note=note))
