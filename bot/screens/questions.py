"""Questions to a person: the sentence, and the way out."""

from bot.screens.callbacks import Cancel
from bot.screens.card import Button, Card
from bot.text.phrasebook import phrases
from bot.text.styled import Styled


def question_card(text: str, language: str) -> Card:
    """Return a question, with a way out."""
    return Card(Styled(text), ((Button(phrases(language)("button-cancel"), Cancel()),),))
