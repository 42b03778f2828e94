"""The owner: naming the people of the desk, and becoming the first owner."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message, MessageOriginHiddenUser, MessageOriginUser

from bot.desk.ownership import OwnerCode
from bot.desk.staff import Staff
from bot.desk.unread import Unread
from bot.errors import BadPerson, HiddenPerson
from bot.model.desk import Editor, Role
from bot.screens.alerts import UnreadTap, unread_card
from bot.screens.callbacks import StaffTap
from bot.screens.desk import editors_card, person_card
from bot.screens.verbs import StaffVerb
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.commands import Command, Typed
from handlers.filters import Private, RequireRole
from handlers.parsing import number_in
from handlers.questions import Name, Questions
from handlers.taps import Tap, VerbTap


def make_router() -> Router:
    """Return the router of owners."""
    router = Router(name="editors")
    owner = RequireRole(Role.OWNER)
    router.message.register(claim, Command("claim"), Private())
    router.message.register(editors, Command("editors"), Private(), owner)
    router.message.register(named, StateFilter(Name.person), owner)
    query = router.callback_query
    query.register(ask, VerbTap(StaffTap, StaffVerb.ADD), owner)
    query.register(show, VerbTap(StaffTap, StaffVerb.SHOW), owner)
    query.register(give_role, VerbTap(StaffTap, StaffVerb.APPOINT), owner)
    query.register(dismiss, VerbTap(StaffTap, StaffVerb.REMOVE), owner)
    query.register(back, VerbTap(StaffTap, StaffVerb.LIST), owner)
    query.register(show_unread, Tap(UnreadTap), owner)
    return router


async def claim(_: Message, command: Typed, actor: Actor, owner_code: OwnerCode, reply: Reply) -> None:
    """`/claim <code>`: become the first owner with the code that was printed at the start."""
    if not command.args:
        await reply.say(actor.say("claim-usage"))
        return
    await owner_code.claim(command.args.strip(), actor.editor)
    await reply.say(actor.say("claimed"))


async def editors(_: Message, actor: Actor, staff: Staff, unread: Unread, reply: Reply) -> None:
    """`/editors`: who is on the desk; and what of Telegram's could not be read, if anything."""
    await reply.show(editors_card(await staff.all(), actor.look, await unread.number()))


async def back(_: CallbackQuery, actor: Actor, staff: Staff, unread: Unread, reply: Reply) -> None:
    """Go back to who is on the desk."""
    await reply.show(editors_card(await staff.all(), actor.look, await unread.number()))


async def show_unread(_: CallbackQuery, actor: Actor, unread: Unread, reply: Reply) -> None:
    """Show what could not be read."""
    await reply.show(unread_card(*await unread.newest(), actor.look))


async def ask(_: CallbackQuery, questions: Questions) -> None:
    """Ask for the person to take on."""
    await questions.ask(Name.person)


async def show(_: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, reply: Reply) -> None:
    """Show a person of the desk and what they may become."""
    await reply.show(person_card(await staff.person(tap.user), actor.look))


async def give_role(_: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, reply: Reply) -> None:
    """Give a person of the desk another role, and tell them."""
    person = await staff.give_role(tap.user, tap.role, actor.editor)
    await _welcome(person, actor, reply)
    await reply.show(editors_card(await staff.all(), actor.look))


async def dismiss(_: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, reply: Reply) -> None:
    """Take a person off the desk."""
    await staff.dismiss(tap.user, actor.editor)
    await reply.show(editors_card(await staff.all(), actor.look))


async def named(message: Message, questions: Questions, actor: Actor, staff: Staff, reply: Reply) -> None:
    """Take the person an owner names, by id or by a forwarded message, as an author; then offer the roles."""
    person, is_new = await staff.take(person_in(message), actor.editor)
    if is_new:
        await _welcome(person, actor, reply)
    await questions.answered()
    await reply.send(person_card(person, actor.look))


async def _welcome(person: Editor, actor: Actor, reply: Reply) -> None:
    role = actor.say(f"role-{person.role.name.lower()}")
    await reply.tell(person.user_id, actor.say("editors-welcome", role=role))


def person_in(message: Message) -> Editor:
    """Return the person a message names; raises BadPerson or HiddenPerson."""
    if isinstance(message.forward_origin, MessageOriginUser):
        user = message.forward_origin.sender_user
        return Editor(user.id, Role.AUTHOR, user.full_name)
    if isinstance(message.forward_origin, MessageOriginHiddenUser):
        raise HiddenPerson
    number = number_in(message.text)
    if not number:
        raise BadPerson
    return Editor(number, Role.AUTHOR)
