"""The screens of a reader's own data: what there is of it, and the question before it is erased."""

from dataclasses import dataclass, field

from bot.readers.preferences import SettingsScreen
from bot.screens.callbacks import Action, OpenSettings
from bot.screens.card import Button, Card
from bot.screens.look import Look
from bot.text.styled import bold, join


@dataclass(frozen=True, slots=True)
class Forget(Action):
    """Erase what is stored about the reader, when `sure`; else ask."""

    code = "fg"
    sure: bool = field(kw_only=True)


def forget_card(look: Look) -> Card:
    """Return the question whether somebody really wants everything about them erased."""
    say = look.say
    rows = (
        (Button(say("forget-sure"), Forget(sure=True), style="danger"),),
        (Button(say("button-stay"), OpenSettings(SettingsScreen.SETTINGS)),),
    )
    return Card(join("\n", [bold(say("forget-title")), say("forget-text")]), rows)
