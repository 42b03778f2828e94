"""The desk's people: who they are, what each role may do, and how somebody joins."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from bot.model.desk import Editor, Role
from bot.screens.alerts import UnreadTap
from bot.screens.callbacks import StaffTap
from bot.screens.card import Button, Card, in_rows
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.questions import cancel_button
from bot.screens.verbs import StaffVerb
from bot.text.styled import Styled, bold, italic, join, styled

PEOPLE_PAGE = 60
"""People on one screen."""
_ROLES = (Role.AUTHOR, Role.EDITOR, Role.OWNER)


def editors_card(
    people: Sequence[Editor], look: Look, me: int, unread: int = 0, page: int = 0, *, more: bool = False
) -> Card:
    """Return a page of the desk's people; a tap changes or removes one. `me` looks; `unread` updates were set aside."""
    say = look.say
    lines = [f"• {person_name(one, look, me)}{say('apart')}{_role(one.role, look)}" for one in people]
    roles = [say(f"role-{role.name.lower()}-may") for role in _ROLES]
    buttons = [Button(_label(one, look, me), StaffTap(StaffVerb.SHOW, one.user_id)) for one in people]
    add = (Button(say("editors-add"), StaffTap(StaffVerb.ADD)),)
    aside = (Button(say("unread-button", n=unread), UnreadTap()),) if unread else ()
    text = join("\n\n", [join("\n", [bold(say("editors-title")), *lines]), italic("\n".join(roles))])
    before, behind = (StaffTap(StaffVerb.LIST, page + by) for by in (-1, 1))
    pages = pager(before if page else None, behind if more else None, say)
    return Card(text, (*in_rows(buttons, 2), *pages, add, aside))


def person_card(person: Editor, look: Look, me: int, *, note: str = "") -> Card:
    """Return what one person of the desk may do, and what can be changed about that; `note` comes first."""
    say = look.say
    roles = tuple(
        Button(
            ("✅ " if role is person.role else "▫️ ") + _role(role, look),
            StaffTap(StaffVerb.APPOINT, person.user_id, role),
        )
        for role in _ROLES
    )
    gone = Button(say("editors-remove"), StaffTap(StaffVerb.REMOVE, person.user_id), style="danger")
    back = Button(say("button-back"), StaffTap(StaffVerb.LIST))
    may = say(f"role-{person.role.name.lower()}-may")
    text = join("\n", [note, bold(person_name(person, look, me)), italic(may)])
    return Card(text, (roles, (gone, back)))


def remove_card(person: Editor, look: Look, me: int) -> Card:
    """Return the question whether somebody really leaves the desk."""
    say = look.say
    yes = Button(say("editors-remove-yes"), StaffTap(StaffVerb.DISMISS, person.user_id), style="danger")
    back = Button(say("button-back"), StaffTap(StaffVerb.SHOW, person.user_id))
    text: list[Styled | str] = [bold(say("editors-remove-title")), person_name(person, look, me)]
    return Card(join("\n", [*text, say("editors-remove-text")]), ((yes, back),))


def invitation_card(link: str, look: Look) -> Card:
    """Return the ways to take somebody on: an invitation to pass on, a forwarded message, an id."""
    say = look.say
    share = Button(say("editors-invite"), url=share_link(link, say("editors-invite-text")))
    copied = Button(say("desk-link"), copy=link)
    text: list[Styled | str] = [bold(say("editors-add-title")), say("editors-add-text"), styled(link, "code")]
    return Card(join("\n\n", [*text, say("editors-ask")]), ((share,), (copied, cancel_button(look.language))))


def welcome_to_desk_card(role: Role, look: Look) -> Card:
    """Return what somebody is told who has joined the desk, or may do something else there now."""
    say = look.say
    return Card(
        Styled("\n".join([say("editors-welcome", role=_role(role, look)), say(f"role-{role.name.lower()}-may")]))
    )


def left_desk_card(look: Look) -> Card:
    """Return what somebody is told who is off the desk, by their own hand or another's."""
    return Card(Styled(look.say("editors-left")))


def joined_card(person: Editor, me: int, look: Look) -> Card:
    """Return what an owner is told when an invitation was taken: by whom, and what else they may become."""
    return person_card(person, look, me, note=look.say("editors-joined"))


def used_invitation_card(person: Editor, look: Look) -> Card:
    """Return what stands where an invitation stood that somebody has taken."""
    return Card(Styled(look.say("editors-used", name=person_name(person, look))))


def ended_invitation_card(phrase: str, look: Look) -> Card:
    """Return what stands where an invitation stood that nobody can take any more, by the phrase that says why."""
    return Card(Styled(look.say(phrase)))


def share_link(address: str, words: str) -> str:
    """Return the link by which Telegram offers the chats to send an address to, with some words."""
    return f"https://t.me/share/url?{urlencode({'url': address, 'text': words}, quote_via=quote)}"


def person_name(person: Editor, look: Look, me: int = 0) -> str:
    """Return a person's name; of oneself that it is oneself, of whoever has none yet that nobody has met them."""
    name = shortened(person.name, 40) or look.say("editors-unmet", id=str(person.user_id))
    return look.say("editors-you", name=name) if person.user_id == me else name


def _label(person: Editor, look: Look, me: int) -> str:
    """Return what a button calls a person: there is no room for a sentence."""
    return person_name(person, look, me) if person.name else str(person.user_id)


def _role(role: Role, look: Look) -> str:
    return look.say(f"role-{role.name.lower()}")
