"""Joining the newsroom: by an invitation, or as its first owner with a one-time code."""

from functools import partial

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from bot.desk.invitations import Invitations
from bot.desk.ownership import OwnerCode
from bot.operations.notices import Notices
from bot.readers.subscriptions import Subscriptions
from bot.screens.staff import joined_card, welcome_to_desk_card
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.filters import Private

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


def register(router: Router) -> None:
    """Add the routes of invitations and of the owner's code; they are asked before those of newcomers."""
    message = router.message
    message.register(join, Command("start"), Invited(), Private())
    message.register(claim_by_link, Command("start"), Claiming(), Private())
    message.register(claim, Command("claim"), Private())


async def join(
    _: Message, command: Typed, actor: Actor, invitations: Invitations, notices: Notices, reply: Reply
) -> None:
    """`/start e_<invitation>`: become an author; whoever invited them says what else they may do. No news comes of it.

    Who is on the desk already leaves the invitation to others.
    """
    person, by = await invitations.accept(command.args.removeprefix(_INVITATION), actor.editor)
    await reply.show(welcome_to_desk_card(person.role, actor.look))
    if by is not None and await notices.tell(by, partial(joined_card, person, by)):
        await invitations.told(by, person)


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
