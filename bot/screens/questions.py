"""Questions to a person: the sentence, and the way out."""

from dataclasses import dataclass

from bot.screens.callbacks import Action
from bot.screens.card import Button, Card
from bot.screens.look import Look
from bot.text.phrasebook import phrases
from bot.text.styled import Styled


@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """Close the open question."""

    code = "n"


@dataclass(frozen=True, slots=True)
class ComposeReply(Action):
    """Make a draft of the message that this one answers."""

    code = "cr"


def question_card(text: str, language: str) -> Card:
    """Return a question, with a way out."""
    return Card(Styled(text), ((Button(phrases(language)("button-cancel"), Cancel()),),))


def closed_card(text: str, look: Look) -> Card:
    """Return the note that a text was no answer; sent in answer to that text, it can make a draft of it."""
    return Card(Styled(text), ((Button(look.say("button-compose"), ComposeReply()),),))
