"""The owner: naming the people of the desk, and becoming the first owner."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message, MessageOriginHiddenUser, MessageOriginUser

from bot.desk.ownership import OwnerCode
from bot.errors import BadPerson, HiddenPerson, NotFound
from bot.model.desk import Editor, Role
from bot.ports import EditorStore
from bot.screens.callbacks import StaffTap
from bot.screens.desk import editors_card, person_card
from bot.screens.questions import question_card
from bot.screens.verbs import StaffVerb
from bot.telegram.reply import Reply
from handlers.access import Actor, Private, RequireRole
from handlers.news import number_in
from handlers.taps import Tap


class Name(StatesGroup):
    """Questions to an owner."""

    person = State()


def make_router() -> Router:
    """Return the router of owners."""
    router = Router(name="editors")
    owner = RequireRole(Role.OWNER)
    router.message.register(claim, Command("claim"), Private())
    router.message.register(editors, Command("editors"), Private(), owner)
    router.message.register(named, StateFilter(Name.person), owner)
    router.callback_query.register(staff, Tap(StaffTap), owner)
    return router


async def claim(
    _: Message,
    command: CommandObject,
    actor: Actor,
    owner_code: OwnerCode,
    reply: Reply,
    refresh_menus: Callable[[], Awaitable[None]],
) -> None:
    """`/claim <code>`: become the first owner with the code that was printed at the start."""
    say = actor.say
    if not command.args:
        await reply.say(say("claim-usage"))
        return
    await owner_code.claim(command.args.strip(), actor.editor)
    await reply.say(say("claimed"))
    await refresh_menus()


async def editors(
    _: Message,
    actor: Actor,
    people: EditorStore,
    reply: Reply,
) -> None:
    """`/editors`: who is on the desk."""
    await reply.show(editors_card(await people.all(), actor.look))


async def staff(
    _: CallbackQuery,
    tap: StaffTap,
    state: FSMContext,
    actor: Actor,
    people: EditorStore,
    reply: Reply,
    refresh_menus: Callable[[], Awaitable[None]],
) -> None:
    """Show, add, change or remove a person of the desk."""
    say, look = actor.say, actor.look
    if tap.verb is StaffVerb.ADD:
        await state.set_state(Name.person)
        await reply.show(question_card(say("editors-ask"), actor.reader.language))
        return
    known = {person.user_id: person for person in await people.all()}
    if tap.verb in {StaffVerb.SHOW, StaffVerb.APPOINT, StaffVerb.REMOVE} and tap.user not in known:
        raise NotFound
    if tap.verb is StaffVerb.SHOW:
        await reply.show(person_card(known[tap.user], look))
        return
    if tap.verb is StaffVerb.APPOINT:
        if tap.role is Role.READER:
            raise NotFound
        person = replace(known[tap.user], role=tap.role)
        await people.appoint(person, actor.editor.user_id, look.now)
        await reply.tell(person.user_id, say("editors-welcome", role=say(f"role-{person.role.name.lower()}")))
        await refresh_menus()
    elif tap.verb is StaffVerb.REMOVE:
        await people.dismiss(tap.user, actor.editor.user_id, actor.look.now)
        await refresh_menus()
    await reply.show(editors_card(await people.all(), look))


async def named(
    message: Message,
    state: FSMContext,
    actor: Actor,
    people: EditorStore,
    reply: Reply,
    refresh_menus: Callable[[], Awaitable[None]],
) -> None:
    """Take the person an owner names, by id or by a forwarded message, as an author; then offer the roles."""
    person = person_in(message)
    known = {p.user_id: p for p in await people.all()}
    if person.user_id not in known:
        await people.appoint(person, actor.editor.user_id, actor.look.now)
        await reply.tell(person.user_id, actor.say("editors-welcome", role=actor.say("role-author")))
        await refresh_menus()
    await state.clear()
    await reply.send(person_card(known.get(person.user_id, person), actor.look))


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
