"""A reader's own data: handed out as a file, and erased."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.errors import OnDesk
from bot.model.desk import Role
from bot.readers.personal_data import PersonalDataRequests
from bot.screens.card import Card
from bot.screens.personal_data import Forget, forget_card
from bot.telegram.files import FileSender
from bot.telegram.places import aside
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.commands import Command
from handlers.filters import Private
from handlers.taps import Tap


def register(router: Router) -> None:
    """Add the routes; in a group or channel its operator answers, from the shell."""
    router.message.register(my_data, Command("mydata"), Private())
    router.message.register(forget, Command("forget"), Private())
    router.callback_query.register(forget_tapped, Tap(Forget), Private())


async def my_data(
    _: Message, actor: Actor, personal_data: PersonalDataRequests, files: FileSender, reply: Reply
) -> None:
    """`/mydata`: everything that is stored about who asks, as a file."""
    with aside():  # the whole ledger is read for it
        content = await personal_data.export(actor.reader)
    if not await files.send(reply.address, "visnyk.json", content, actor.say("mydata-caption")):
        await reply.say(actor.say("mydata-failed"))


async def forget(_: Message, actor: Actor, reply: Reply) -> None:
    """`/forget`: ask whether everything about who asks is to be erased."""
    _check(actor)
    await reply.show(forget_card(actor.look))


async def forget_tapped(
    _: CallbackQuery, tap: Forget, actor: Actor, personal_data: PersonalDataRequests, reply: Reply
) -> None:
    """Ask, or erase. What is said then is the last the bot knows of them."""
    _check(actor)
    if not tap.sure:
        await reply.show(forget_card(actor.look))
        return
    await personal_data.erase(actor.reader)
    await reply.show(Card(Styled(actor.say("forgotten"))))


def _check(actor: Actor) -> None:
    if actor.editor.role > Role.READER:
        raise OnDesk
