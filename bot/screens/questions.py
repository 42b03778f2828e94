"""Questions to a person: the sentence, and the way out."""

from dataclasses import dataclass, replace

from bot.model.desk import Role
from bot.model.readers import ChatKind, Reader
from bot.screens.callbacks import Action
from bot.screens.card import COPY_MOST, Button, Card, Row
from bot.screens.look import Look
from bot.text.phrasebook import phrases
from bot.text.styled import Styled, join

NOTHING = Styled()


@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """Close the open question."""

    code = "n"


@dataclass(frozen=True, slots=True)
class ComposeReply(Action):
    """Make a draft of the message that this one answers."""

    code = "cr"


@dataclass(frozen=True, slots=True)
class FlashReply(Action):
    """Make a draft of the message that this one answers, and ask whether it goes out as urgent."""

    code = "ef"


def question_card(text: str, language: str, now: Styled = NOTHING) -> Card:
    """Return a question, with a way out; `now` is what the answer takes the place of, to be copied."""
    copied = (Button(phrases(language)("button-copy"), copy=now.text),) if 0 < len(now) <= COPY_MOST else ()
    return Card(join("\n\n", [text, now]), (copied, (cancel_button(language),)))


def asked(text: str, reader: Reader, example: str = "") -> str:
    """Return a question as it can be answered where the reader is: among others in a group only by a reply.

    Nobody can be asked in a channel; there the command of an `example` does what an answer would, if there is one.
    """
    say = phrases(reader.language)
    match reader.kind:
        case ChatKind.GROUP:
            reply_here = say("question-in-group")
            return f"{text}\n{reply_here}"
        case ChatKind.CHANNEL if example:
            return say("question-in-channel", example=example)
        case _:
            return text


def cancel_button(language: str) -> Button:
    """Return the way out of a question."""
    return Button(phrases(language)("button-cancel"), Cancel())


def rows_once_closed(card: Card, language: str) -> tuple[Row, ...]:
    """Return what is left under a card of more than a question when that is closed: all but the way out of it.

    A way out that leads to another screen still leads there, by another name.
    """
    say = phrases(language)
    way_out, back = say("button-cancel"), say("button-back")
    rows = (
        tuple(
            replace(button, text=back) if button.text == way_out else button
            for button in row
            if not isinstance(button.action, Cancel)
        )
        for row in card.rows
    )
    return tuple(row for row in rows if row)


def compose_rows(look: Look, role: Role) -> tuple[Row, ...]:
    """Return what can be made of a text, under a message that answers it; side by side they would be cut on a phone."""
    draft = Button(look.say("button-compose"), ComposeReply())
    urgent = Button(look.say("desk-urgent"), FlashReply(), style="danger")
    return ((draft,), (urgent,)) if role >= Role.EDITOR else ((draft,),)


def closed_card(text: str, look: Look, role: Role) -> Card:
    """Return the note that a text was no answer; sent in answer to that text, it can make a draft of it."""
    return Card(Styled(text), compose_rows(look, role))
