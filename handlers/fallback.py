"""What nothing else wanted: a helpful sentence, never silence."""

from dataclasses import replace

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import Drafts, Submission
from bot.desk.publishing import Publisher
from bot.desk.sends import SendControl
from bot.errors import NotFound
from bot.model.desk import Role
from bot.model.news import Article, ArticleState
from bot.model.readers import ChatKind
from bot.readers.searches import Searches
from bot.screens.callbacks import Compose, Show
from bot.screens.card import Button, Card, Row
from bot.screens.desk import draft_card
from bot.screens.links import Links
from bot.screens.questions import ComposeReply, FlashReply, compose_rows
from bot.screens.screen_refs import SearchScreen
from bot.telegram.reply import Reply
from bot.text.ellipsis import elided
from bot.text.pasted import may_go_on
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.acts import Act, Acts, part_of
from handlers.answers import SAID, Answer, Answers
from handlers.commands import Typed, typed_command
from handlers.desk import as_it_is
from handlers.filters import Private, RequireRole
from handlers.publishing import confirmation
from handlers.submissions import behind_its_command
from handlers.taps import Tap

_QUERY_MOST = 200
_SAID_BACK = 60
_PASTE = "paste"  # an act that became nothing


def register(router: Router) -> None:
    """Add the last routes, of what no other took."""
    router.message.register(unknown, Private())
    router.callback_query.register(compose, Tap(Compose), RequireRole(Role.AUTHOR))
    router.callback_query.register(flash, Tap(FlashReply), RequireRole(Role.EDITOR), Private())
    router.callback_query.register(compose_reply, Tap(ComposeReply), RequireRole(Role.AUTHOR), Private())
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
    if command is None and text and await _goes_on(message, state):
        return
    if command is not None:
        await reply.say(say("unknown-command"))
    elif not text:
        if await _begins(message, state):
            await reply.say(say("unknown-kind"))
    elif len(text) > _QUERY_MOST and actor.editor.role < Role.AUTHOR:
        await reply.say(say("unknown-long"))
    else:
        number = await searches.remember(actor.reader, text)
        rows: list[Row] = [(Button(say("button-search"), Show(SearchScreen(number))),)]
        words = elided(" ".join(text.split()), _SAID_BACK)
        sentence = say("unknown-text", words=words)
        if actor.editor.role >= Role.AUTHOR:
            rows[:0] = compose_rows(actor.look, actor.editor.role)
            sentence = say("unknown-editor-text")
        shown = await reply.send(Card(Styled(sentence), tuple(rows)), to=message.message_id)
        await Answers(state).keep(Answer(message=message.message_id, state=SAID, about={"shown": shown}))


async def _begins(message: Message, state: FSMContext) -> bool:
    """Tell whether a message is no other picture of an album whose first one has been answered."""
    album = FSMContext(storage=state.storage, key=replace(state.key, destiny="album"))
    before = (await album.get_data()).get("group")
    if message.media_group_id:
        await album.set_data({"group": message.media_group_id})
    return before is None or before != message.media_group_id


async def _goes_on(message: Message, state: FSMContext) -> bool:
    """Tell whether a text is the rest of one that a client has cut, and whose beginning has been answered.

    Only its last part is kept, which tells whether another one follows: some send one a second without end.
    """
    acts, part = Acts(state), part_of(message)
    before = await acts.last()
    goes_on = before is not None and before.what == _PASTE and before.goes_on_with(message)
    if goes_on or may_go_on(part):
        await acts.begin(Act(what=_PASTE, article=0, card=None, parts=(part,), at=message.date))
    return goes_on


async def _drafted(query: CallbackQuery, actor: Actor, drafts: Drafts) -> Article:
    """Make a draft of the message that ours answers, with everything it had; raises NotFound when it is gone."""
    answered = query.message.reply_to_message if isinstance(query.message, Message) else None
    if answered is None:
        raise NotFound
    sent = behind_its_command(answered, typed_command(answered, ChatKind.PRIVATE, ""))
    return await drafts.draft_anew(sent, actor.editor)


async def flash(
    query: CallbackQuery,
    actor: Actor,
    drafts: Drafts,
    publisher: Publisher,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Make a draft of what was written and ask whether it goes out as urgent; once it was ordered, show it as it is."""
    article = await _drafted(query, actor, drafts)
    if article.state is ArticleState.DRAFT:
        await reply.show(await confirmation(article, actor, publisher, urgent=True))
    else:
        await reply.show(await as_it_is(article, actor, send_control, links))


async def compose_reply(
    query: CallbackQuery, actor: Actor, drafts: Drafts, send_control: SendControl, links: Links, reply: Reply
) -> None:
    """Make a draft of what was written; where one was made of it already, that is shown as it is now."""
    article = await _drafted(query, actor, drafts)
    await reply.show(await as_it_is(article, actor, send_control, links))


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
