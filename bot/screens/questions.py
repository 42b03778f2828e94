"""Questions to a person: the sentence, and the way out."""

from dataclasses import dataclass

from bot.screens.callbacks import Action
from bot.screens.card import Button, Card
from bot.text.phrasebook import phrases
from bot.text.styled import Styled


@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """Close the open question."""

    code = "n"


def question_card(text: str, language: str) -> Card:
    """Return a question, with a way out."""
    return Card(Styled(text), ((Button(phrases(language)("button-cancel"), Cancel()),),))
