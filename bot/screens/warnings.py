"""What owners are told of the machine and the door, without having asked."""

from datetime import datetime

from bot.screens.card import Card
from bot.screens.look import Look
from bot.text.styled import bold, join


def jump_card(instead: datetime, now: datetime, look: Look) -> Card:
    """Return the news that the machine's clock jumped: it shows `now` where it would have shown `instead`."""
    shown = Look(look.language, look.zone, now)  # "yesterday" as it is by the clock that people see
    text = look.say("clock-text", instead=shown.moment(instead), now=shown.moment(now))
    return Card(join("\n\n", [bold(look.say("clock-title")), text]))


def wrong_codes_card(number: int, look: Look) -> Card:
    """Return the news that people try codes that would make them the owner."""
    return Card(join("\n\n", [bold(look.say("codes-title")), look.say("codes-text", n=number)]))
