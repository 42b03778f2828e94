"""Joining the newsroom by an invitation."""

from functools import partial

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from bot.delivery.notices import Notices
from bot.desk.invitations import Invitations
from bot.screens.staff import joined_card, welcome_to_desk_card
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.filters import Private

_MARK = "e_"


class Invited(Filter):
    """Lets `/start` through when it carries an invitation."""

    async def __call__(self, _: Message, command: Typed | None = None) -> bool:
        """Look at what follows the command."""
        return command is not None and command.args.startswith(_MARK)


def register(router: Router) -> None:
    """Add the routes of invitations; they are asked before those of newcomers."""
    router.message.register(join, Command("start"), Invited(), Private())


async def join(
    _: Message, command: Typed, actor: Actor, invitations: Invitations, notices: Notices, reply: Reply
) -> None:
    """`/start e_<invitation>`: become an author; whoever invited them says what else they may do. No news comes of it.

    Who is on the desk already leaves the invitation to others.
    """
    person, by = await invitations.accept(command.args.removeprefix(_MARK), actor.editor)
    await reply.show(welcome_to_desk_card(person.role, actor.look))
    if by is not None:
        await notices.tell(by, partial(joined_card, person, by))
