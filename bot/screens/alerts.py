"""What owners are told of Telegram's side and of the machines, and the updates that could not be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.chats import SetAside
from bot.model.trouble import Happening, Matter
from bot.screens.callbacks import Action, StaffTap
from bot.screens.card import Button, Card
from bot.screens.look import Look
from bot.screens.verbs import StaffVerb
from bot.screens.warnings import jump_card
from bot.text.styled import bold, join

_EVENTS = {
    "message": "unread-message",
    "callback_query": "unread-callback-query",
    "channel_post": "unread-channel-post",
    "inline_query": "unread-inline-query",
    "my_chat_member": "unread-my-chat-member",
}
_EVENT = re.compile(r'"(' + "|".join(_EVENTS) + r')"\s*:')
_REASON_MOST = 200
_REASON = re.compile(r"[A-Za-z][\w.]{0,60}(?=:|$)|ended the process each time")


@dataclass(frozen=True, slots=True)
class UnreadTap(Action):
    """Show an owner what could not be read."""

    code = "a"


def happening_card(happening: Happening, look: Look) -> Card:
    """Return what owners are told of something."""
    since, until = happening.since or look.now, happening.until or look.now
    match happening.matter:
        case Matter.WAIT | Matter.CHATS:
            return wait_card(until, happening.number, look)
        case Matter.RIVAL:
            return second_poller_card(since, look)
        case Matter.FAILS:
            return webhook_fails_card(happening.reason, happening.number, look)
        case Matter.TOKEN:
            return token_card(since, until, look)
        case Matter.READ:
            return all_read_card(happening.number, look)
        case Matter.CLOCK:
            return jump_card(since, until, look)
        case Matter.LOCKED:
            return locked_card(since, happening.reason, happening.number, look)
        case Matter.APART:
            return apart_card(happening.reason, happening.number, look)
        case _:
            return _WITHOUT_MORE[happening.matter](look)


def wait_card(until: datetime, chats: int, look: Look) -> Card:
    """Return the news that Telegram asks to wait: in so many chats, or with 0 the whole bot."""
    text = look.say("alert-wait-chats", n=chats) if chats else look.say("alert-wait-bot")
    return Card(join("\n\n", [bold(look.say("alert-wait", time=look.moment(until))), text]))


def second_poller_card(since: datetime, look: Look) -> Card:
    """Return the news that another program asks for the same updates."""
    text = look.say("alert-rival-text", time=look.moment(since))
    return Card(join("\n\n", [bold(look.say("alert-rival")), text]))


def webhook_card(look: Look) -> Card:
    """Return the news that somebody had set a webhook."""
    return Card(join("\n\n", [bold(look.say("alert-webhook")), look.say("alert-webhook-text")]))


def webhook_replaced_card(look: Look) -> Card:
    """Return the news that somebody had changed the bot's webhook."""
    return Card(join("\n\n", [bold(look.say("alert-webhook-replaced")), look.say("alert-webhook-replaced-text")]))


def webhook_fails_card(reason: str, waiting: int, look: Look) -> Card:
    """Return the news that Telegram cannot bring updates, with its own words for why."""
    said = look.say("alert-webhook-fails-text", n=waiting, reason=reason[:_REASON_MOST] or "—")
    return Card(join("\n\n", [bold(look.say("alert-webhook-fails")), said]))


def webhook_works_card(look: Look) -> Card:
    """Return the news that updates come in again."""
    return Card(bold(look.say("alert-webhook-works")))


def token_card(since: datetime, until: datetime, look: Look) -> Card:
    """Return the news that for a while Telegram did not accept the token."""
    text = look.say("alert-token-text", since=look.moment(since), until=look.moment(until))
    return Card(join("\n\n", [bold(look.say("alert-token")), text]))


def all_read_card(number: int, look: Look) -> Card:
    """Return the news that the model has read every article there is."""
    return Card(join("\n\n", [bold(look.say("alert-read")), look.say("alert-read-text", n=number)]))


def locked_card(since: datetime, name: str, process: int, look: Look) -> Card:
    """Return the news that another program holds the database's tables; 0 where the server has no number for it."""
    text = look.say("alert-locked-text", time=look.moment(since), name=name[:_REASON_MOST] or "—")
    end = [look.say("alert-locked-end", process=str(process))] if process else []
    return Card(join("\n\n", [bold(look.say("alert-locked")), text, *end]))


def apart_card(machine: str, ahead: int, look: Look) -> Card:
    """Return the news that a machine's clock is so many seconds ahead of the database's; behind it, if below 0."""
    key = "alert-apart-ahead" if ahead > 0 else "alert-apart-behind"
    text = look.say(key, name=machine[:_REASON_MOST], n=abs(ahead))
    return Card(join("\n\n", [bold(look.say("alert-apart")), text, look.say("alert-apart-text")]))


_WITHOUT_MORE = {
    Matter.WEBHOOK: webhook_card,
    Matter.REPLACED: webhook_replaced_card,
    Matter.WORKS: webhook_works_card,
}


def unread_alert_card(number: int, look: Look) -> Card:
    """Return the news that updates could not be read, with the way to what is known of them."""
    button = Button(look.say("unread-show"), UnreadTap())
    return Card(join("\n\n", [bold(look.say("alert-unread", n=number)), look.say("alert-unread-text")]), ((button,),))


def unread_card(number: int, newest: Sequence[SetAside], look: Look) -> Card:
    """Return what could not be read: when, what kind of thing it was, and why; nothing that people wrote."""
    say = look.say
    back = (Button(say("button-back"), StaffTap(StaffVerb.LIST)),)
    if not number:
        return Card(bold(say("unread-none")), (back,))
    lines = [
        say(
            "unread-line",
            time=look.moment(one.received_at),
            what=say(_event(one.payload)),
            number=str(one.update_id),
            why=_reason(one.reason),
        )
        for one in newest
    ]
    if number > len(lines):
        lines.append(say("unread-more", n=number - len(lines)))
    return Card(join("\n\n", [bold(say("unread-title", n=number)), say("unread-text"), "\n".join(lines)]), (back,))


def _event(payload: str) -> str:
    """Return the phrase for the kind of thing an update was."""
    found = _EVENT.search(payload)
    return _EVENTS[found[1]] if found else "unread-unknown"


def _reason(reason: str) -> str:
    """Return the name an error begins with: its words may hold what somebody wrote."""
    found = _REASON.match(reason)
    return found[0] if found else "—"
