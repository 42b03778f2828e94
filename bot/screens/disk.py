"""What the owners are told when the disk under the database fails."""

from bot.model.trouble import Trouble
from bot.screens.card import Card
from bot.screens.look import Look
from bot.text.styled import Styled, bold, join


def disk_card(trouble: Trouble | None, saved: str, look: Look) -> Card:
    """Return what has happened and what to do; that all is well again if there is no trouble any more.

    `saved` is the path of the copy that was made of a lost file, empty if there is none.
    """
    if trouble is None:
        return Card(Styled(look.say("disk-well")))
    text: list[Styled | str] = [bold(look.say("disk-title")), look.say(f"disk-{trouble.value}")]
    if not trouble.can_pass:
        text.append(look.say("disk-saved", copy=saved) if saved else look.say("disk-not-saved"))
    return Card(join("\n\n", text))
