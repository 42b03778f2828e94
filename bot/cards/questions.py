"""Questions to a person: the sentence, and the way out."""

from bot.cards.actions import Cancel
from bot.cards.card import Button, Card
from bot.text.phrasebook import phrases
from bot.text.styled import Styled


def question_card(text: str, language: str) -> Card:
    """Return a question, with a way out."""
    return Card(Styled(text), ((Button(phrases(language)("button-cancel"), Cancel()),),))
