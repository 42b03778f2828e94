"""The owner: the people of the desk, and what each may do."""

from dataclasses import replace
from functools import partial

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message, MessageOriginHiddenUser, MessageOriginUser

from bot.desk.invitations import Invitations
from bot.desk.staff import Staff
from bot.desk.unread import Unread
from bot.errors import BadPerson, HiddenPerson
from bot.model.desk import Editor, Role
from bot.operations.notices import Notices
from bot.screens.alerts import UnreadTap, unread_card
from bot.screens.callbacks import StaffTap
from bot.screens.card import Card
from bot.screens.links import Links, invitation_link
from bot.screens.staff import (
    PEOPLE_PAGE,
    editors_card,
    ended_invitation_card,
    invitation_card,
    left_desk_card,
    person_card,
    remove_card,
    welcome_to_desk_card,
)
from bot.screens.verbs import StaffVerb
from bot.telegram.directory import Directory
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.acts import keep_album
from handlers.commands import Command
from handlers.filters import Private, RequireRole
from handlers.parsing import number_in
from handlers.question_kinds import Name
from handlers.questions import Questions
from handlers.taps import Tap, VerbTap


def register(router: Router) -> None:
    """Add the routes of owners."""
    owner = RequireRole(Role.OWNER)
    router.message.register(editors, Command("editors"), Private(), owner)
    router.message.register(named, StateFilter(Name.person), owner)
    query = router.callback_query
    query.register(ask, VerbTap(StaffTap, StaffVerb.ADD), owner)
    query.register(show, VerbTap(StaffTap, StaffVerb.SHOW), owner)
    query.register(give_role, VerbTap(StaffTap, StaffVerb.APPOINT), owner)
    query.register(ask_to_dismiss, VerbTap(StaffTap, StaffVerb.REMOVE), owner)
    query.register(dismiss, VerbTap(StaffTap, StaffVerb.DISMISS), owner)
    query.register(back, VerbTap(StaffTap, StaffVerb.LIST), owner)
    query.register(show_unread, Tap(UnreadTap), owner)


async def editors(_: Message, actor: Actor, staff: Staff, unread: Unread, directory: Directory, reply: Reply) -> None:
    """`/editors`: who is on the desk; and what of Telegram's could not be read, if anything."""
    await reply.show(await people(actor, staff, unread, directory))


async def back(
    _: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, unread: Unread, directory: Directory, reply: Reply
) -> None:
    """Go back to who is on the desk, or show another page of them."""
    await reply.show(await people(actor, staff, unread, directory, tap.user))


async def people(actor: Actor, staff: Staff, unread: Unread, directory: Directory, page: int = 0) -> Card:
    """Return a page of who is on the desk."""
    everybody = await staff.all()
    page = min(max(0, page), max(0, len(everybody) - 1) // PEOPLE_PAGE)
    shown, more = everybody[page * PEOPLE_PAGE :][:PEOPLE_PAGE], len(everybody) > (page + 1) * PEOPLE_PAGE
    named_people = [await _named(person, directory) for person in shown]
    return editors_card(named_people, actor.look, actor.editor.user_id, await unread.number(), page, more=more)


async def _named(person: Editor, directory: Directory) -> Editor:
    """Return a person of whom nobody has heard a name with the one that Telegram tells, if it tells one."""
    if person.name:
        return person
    known = await directory.look_up(person.user_id)
    return replace(person, name=known.name or (f"@{known.username}" if known.username else ""))


async def show_unread(_: CallbackQuery, actor: Actor, unread: Unread, reply: Reply) -> None:
    """Show what could not be read."""
    await reply.show(unread_card(*await unread.newest(), actor.look))


async def ask(
    _: CallbackQuery,
    actor: Actor,
    questions: Questions,
    invitations: Invitations,
    notices: Notices,
    links: Links,
    reply: Reply,
) -> None:
    """Offer an invitation to pass on; a forwarded message of the person, or their id, does as well.

    The message of the one before says that its link is worthless now, unless it says already who came by it.
    """
    me = actor.editor.user_id
    before = await invitations.message(me) if await invitations.withdraw(me) else None
    invitation = await invitations.make(actor.editor)
    await reply.toast()
    card = invitation_card(invitation_link(links.username, invitation), actor.look)
    shown = await questions.ask_anew(card, Name.person)
    if shown is not None:
        await invitations.shown(invitation, shown)
    if before is not None:
        await notices.redraw(me, before, partial(ended_invitation_card, "editors-replaced"))


async def show(_: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, directory: Directory, reply: Reply) -> None:
    """Show a person of the desk and what they may become."""
    person = await _named(await staff.person(tap.user), directory)
    await reply.show(person_card(person, actor.look, actor.editor.user_id))


async def give_role(
    _: CallbackQuery,
    tap: StaffTap,
    actor: Actor,
    staff: Staff,
    notices: Notices,
    directory: Directory,
    reply: Reply,
) -> None:
    """Give a person of the desk another role, and tell them; a tap on the one they have changes nothing."""
    before = await staff.person(tap.user)
    person = await staff.give_role(tap.user, tap.role, actor.editor)
    if person.role is not before.role and person.user_id != actor.editor.user_id:
        await notices.tell(person.user_id, partial(welcome_to_desk_card, person.role))
    if person.user_id == actor.editor.user_id and person.role < Role.OWNER:
        await reply.show(welcome_to_desk_card(person.role, actor.look))  # the roles are no longer theirs to give
        return
    await reply.show(person_card(await _named(person, directory), actor.look, actor.editor.user_id))


async def ask_to_dismiss(
    _: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, directory: Directory, reply: Reply
) -> None:
    """Ask whether a person really leaves the desk."""
    person = await _named(await staff.person(tap.user), directory)
    await reply.show(remove_card(person, actor.look, actor.editor.user_id))


async def dismiss(
    _: CallbackQuery, tap: StaffTap, actor: Actor, staff: Staff, unread: Unread, directory: Directory, reply: Reply
) -> None:
    """Take a person off the desk; who takes themselves off it sees no more of it."""
    await staff.dismiss(tap.user, actor.editor)
    if tap.user == actor.editor.user_id:
        await reply.show(left_desk_card(actor.look))
        return
    await reply.show(await people(actor, staff, unread, directory))


async def named(
    message: Message,
    questions: Questions,
    actor: Actor,
    staff: Staff,
    notices: Notices,
    directory: Directory,
    reply: Reply,
) -> None:
    """Take the person an owner names, by id or by a forwarded message, as an author; then offer the roles."""
    person, is_new = await staff.take(person_in(message), actor.editor)
    if is_new:
        await notices.tell(person.user_id, partial(welcome_to_desk_card, person.role))
    await questions.answered()
    await keep_album(message, questions.state)
    await reply.send(person_card(await _named(person, directory), actor.look, actor.editor.user_id))


def person_in(message: Message) -> Editor:
    """Return the person a message names; raises BadPerson or HiddenPerson."""
    if isinstance(message.forward_origin, MessageOriginUser):
        user = message.forward_origin.sender_user
        if user.is_bot:
            raise BadPerson
        return Editor(user.id, Role.AUTHOR, user.full_name)
    if isinstance(message.forward_origin, MessageOriginHiddenUser):
        raise HiddenPerson
    if message.forward_origin is not None:  # a channel or a group has posted it: nobody by name
        raise BadPerson
    if (contact := message.contact) is not None and contact.user_id:
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        return Editor(contact.user_id, Role.AUTHOR, name)
    number = number_in(message.text)
    if not number or (message.text or "").strip().startswith("0"):
        raise BadPerson  # an id never begins with a nought: that is a phone number, and somebody else's id without it
    return Editor(number, Role.AUTHOR)
