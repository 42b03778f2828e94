"""What editors are told of new drafts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens.callbacks import Desk, DeskList
from bot.screens.card import Button, Card, in_rows
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.verbs import DeskListName, DeskVerb
from bot.text.styled import Styled, bold, join

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft, and who wrote it: "" where nobody has heard their name."""

    id: int
    title: str
    author: str


def new_drafts_card(drafts: Sequence[NewDraft], look: Look) -> Card:
    """Return the news that authors have written: who, how much, what; and the way to it."""
    say = look.say
    if len(drafts) == 1:
        (one,) = drafts
        text = join("\n", [bold(say("new-draft", author=one.author or "—")), shortened(one.title)])
        return Card(text, ((Button(say("button-open"), Desk(one.id, 0, DeskVerb.OPEN)),),))
    by = Counter(one.author or "—" for one in drafts)
    who = ", ".join(f"{name} ({number})" for name, number in by.most_common())
    lines: list[Styled | str] = [
        join("", [f"{number}. ", shortened(one.title, 160)]) for number, one in enumerate(drafts[:_SHOWN], 1)
    ]
    buttons = [Button(str(number), Desk(one.id, 0, DeskVerb.OPEN)) for number, one in enumerate(drafts[:_SHOWN], 1)]
    all_ = (Button(say("new-drafts-all"), DeskList(DeskListName.DRAFTS, 0)),)
    head = join("\n", [bold(say("new-drafts", n=len(drafts))), shortened(who)])
    return Card(join("\n\n", [head, join("\n", lines)]), (*in_rows(buttons, _SHOWN), all_))
