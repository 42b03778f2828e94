"""Joining the newsroom: by an invitation, or as its first owner with a one-time code."""

from dataclasses import replace
from functools import partial

from aiogram import Router
from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.invitations import Invitations
from bot.desk.ownership import OwnerCode
from bot.operations.notices import Notices
from bot.readers.subscriptions import Subscriptions
from bot.screens.questions import Cancel
from bot.screens.staff import ended_invitation_card, joined_card, used_invitation_card, welcome_to_desk_card
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.filters import Private
from handlers.taps import Tap

_INVITATION = "e_"
_CODE = "c_"


class Invited(Filter):
    """Lets `/start` through when it carries an invitation."""

    mark = _INVITATION

    async def __call__(self, _: Message, command: Typed | None = None) -> bool:
        """Look at what follows the command."""
        return command is not None and command.args.startswith(self.mark)


class Claiming(Invited):
    """Lets `/start` through when it carries the owner's code."""

    mark = _CODE


class OnInvitation(Filter):
    """Lets taps through on the message that shows the newest invitation of whoever taps."""

    async def __call__(self, _: CallbackQuery, actor: Actor, invitations: Invitations, reply: Reply) -> bool:
        """Look which message it is."""
        return await invitations.message(actor.editor.user_id) == reply.tapped


def register(router: Router) -> None:
    """Add the routes of invitations and of the owner's code; they are asked before those of newcomers."""
    router.callback_query.register(withdraw, Tap(Cancel), Private(), OnInvitation())
    message = router.message
    message.register(join, Command("start"), Invited(), Private())
    message.register(claim_by_link, Command("start"), Claiming(), Private())
    message.register(claim, Command("claim"), Private())


async def withdraw(_: CallbackQuery, actor: Actor, invitations: Invitations, reply: Reply) -> None:
    """Cancel an invitation: of a link that might still let somebody in nobody should read that it is cancelled."""
    ended = await invitations.withdraw(actor.editor.user_id)
    await reply.show(ended_invitation_card("editors-withdrawn" if ended else "editors-over", actor.look))


async def join(
    _: Message,
    command: Typed,
    actor: Actor,
    invitations: Invitations,
    state: FSMContext,
    notices: Notices,
    reply: Reply,
) -> None:
    """`/start e_<invitation>`: become an author; whoever invited them says what else they may do. No news comes of it.

    Who is on the desk already leaves the invitation to others. The message that showed it says who came.
    """
    invitation = command.args.removeprefix(_INVITATION)
    person, by = await invitations.accept(invitation, actor.editor)
    await reply.show(welcome_to_desk_card(person.role, actor.look))
    if by is not None and (shown := await invitations.message(by, invitation)) is not None:
        await _close_question(state, by, shown)
        await notices.redraw(by, shown, partial(used_invitation_card, person))
    if by is not None and await notices.tell(by, partial(joined_card, person, by)):
        await invitations.told(by, person)


async def _close_question(state: FSMContext, owner: int, asked: int) -> None:
    """Close the question to an owner whom to add, if it is the one of that message: it has been answered."""
    theirs = FSMContext(storage=state.storage, key=replace(state.key, chat_id=owner, user_id=owner))
    if (await theirs.get_data()).get("asked") == asked:
        await theirs.set_state(None)


async def claim(
    _: Message, command: Typed, actor: Actor, owner_code: OwnerCode, subscriptions: Subscriptions, reply: Reply
) -> None:
    """`/claim <code>`: become the first owner with the code that was printed at the start.

    Who had to press Start to get so far has asked for no news by that.
    """
    if not command.args:
        await reply.say(actor.say("claim-usage"))
        return
    await _claim(command.args, actor, owner_code, subscriptions, reply)


async def claim_by_link(
    _: Message, command: Typed, actor: Actor, owner_code: OwnerCode, subscriptions: Subscriptions, reply: Reply
) -> None:
    """`/start c_<code>`: the same, by the link that the setup shows."""
    await _claim(command.args.removeprefix(_CODE), actor, owner_code, subscriptions, reply)


async def _claim(code: str, actor: Actor, owner_code: OwnerCode, subscriptions: Subscriptions, reply: Reply) -> None:
    await owner_code.claim(code.strip(), actor.editor)
    ended = await subscriptions.end_unasked(actor.reader)
    lines = [actor.say("claimed"), *([actor.say("claimed-no-news")] if ended else [])]
    await reply.say("\n".join(lines))
