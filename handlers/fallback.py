"""What nothing else wanted: a helpful sentence, never silence."""

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import Drafts, Submission
from bot.model.desk import Role
from bot.readers.searches import Searches
from bot.screens.callbacks import Compose, Show
from bot.screens.card import Button, Card
from bot.screens.desk import draft_card
from bot.screens.screen_refs import SearchScreen
from bot.telegram.reply import Reply
from bot.text.ellipsis import elided
from bot.text.pasted import may_go_on
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.acts import Act, Acts, is_first_refused, part_of
from handlers.answers import SAID, Answer, Answers
from handlers.commands import Typed
from handlers.filters import Private, RequireRole
from handlers.offered import offer_draft
from handlers.taps import Tap

_QUERY_MOST = 200
_SAID_BACK = 60
_PASTE = "paste"  # an act that became nothing


def register(router: Router) -> None:
    """Add the last routes, of what no other took."""
    router.message.register(unknown, Private())
    router.callback_query.register(compose, Tap(Compose), RequireRole(Role.AUTHOR))
    router.callback_query.register(unknown_tap)


async def unknown(
    message: Message,
    state: FSMContext,
    actor: Actor,
    searches: Searches,
    reply: Reply,
    command: Typed | None = None,
) -> None:
    """Answer what is neither a command nor an answer to a question; what came as one album or one paste, once."""
    say, text = actor.say, (message.text or "").strip()
    writes, shown = actor.editor.role >= Role.AUTHOR, None
    if command is None and text and not writes and await _goes_on(message, state):
        return
    if command is not None:
        await reply.say(say("unknown-command"))
    elif not text:
        if await is_first_refused(message, state):
            await reply.say(say("unknown-kind"))
    elif len(text) > _QUERY_MOST and not writes:
        await reply.say(say("unknown-long"))
    else:
        number = await searches.remember(actor.reader, text)
        if writes:
            shown = await offer_draft(message, say("unknown-editor-text"), state, actor, reply, search=number)
        else:
            words = elided(" ".join(text.split()), _SAID_BACK)
            search = Button(say("button-search"), Show(SearchScreen(number)))
            card = Card(Styled(say("unknown-text", words=words)), ((search,),))
            shown = await reply.send(card, to=message.message_id)
    if text:
        await Answers(state).keep(Answer(message=message.message_id, state=SAID, about={"shown": shown}))


async def _goes_on(message: Message, state: FSMContext) -> bool:
    """Tell whether a text is the rest of one that a client has cut, and whose beginning has been answered.

    Of a reader's only the last part is kept, which tells whether another one follows: some send one a second without
    end. An editor's are kept with what was offered for them (`handlers/offered.py`).
    """
    acts, part = Acts(state), part_of(message)
    before = await acts.last()
    goes_on = before is not None and before.what == _PASTE and before.goes_on_with(message)
    if goes_on or may_go_on(part):
        number = message.message_id
        await acts.keep(Act(what=_PASTE, article=0, card=None, parts=(part,), at=message.date, messages=(number,)))
    return goes_on


async def compose(
    _: CallbackQuery, tap: Compose, actor: Actor, drafts: Drafts, searches: Searches, reply: Reply
) -> None:
    """Make a draft of a line an editor wrote, from a button of an older version."""
    text = await searches.words(tap.query, actor.reader)
    submission = Submission(key=f"line:{tap.query}", text=text)
    article = await drafts.draft(submission, actor.editor)
    await reply.show(draft_card(article, actor.look, actor.editor.role, full=False))


async def unknown_tap(_: CallbackQuery, actor: Actor, reply: Reply) -> None:
    """Answer a button of an older version."""
    await reply.toast(actor.say("error-stale-button"), alert=True)
