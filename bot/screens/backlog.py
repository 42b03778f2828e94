"""What the owners are asked when sending waits for them: after a long stop, or with a database put back from a copy."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.backlog import Backlog, InDoubt
from bot.screens.callbacks import Action
from bot.screens.card import Button, Card
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.sends import Control, loose_doubts_button
from bot.screens.verbs import BacklogVerb, SendVerb
from bot.text.styled import Styled, bold, join

_MOST = 8  # buttons
_TITLE = 30  # characters of a title on a button


@dataclass(frozen=True, slots=True)
class BacklogTap(Action):
    """Say what happens to what has waited through a long stop."""

    code = "f"
    verb: BacklogVerb


def backlog_card(waiting: Backlog, last: datetime | None, look: Look, *, restored: bool) -> Card:
    """Return the question what to do with what waits, where a copy was put back, or the bot has not run since `last`.

    `last` is also up to when the copy knows what happened; None where nobody can tell.
    """
    say = look.say
    why = say("gate-restored") if restored or last is None else say("gate-stopped", time=look.moment(last))
    if restored and last is not None:
        lost = say("gate-lost", time=look.moment(last))
        why = f"{why} {lost}"
    parts = _parts(waiting, look)
    if waiting.planned:
        parts.append(say("gate-drafts"))
    send = Button(say("gate-send"), BacklogTap(BacklogVerb.SEND), style="success")
    drop = Button(say("gate-drop"), BacklogTap(BacklogVerb.DROP), style="danger")
    text: list[Styled | str] = [bold(say("gate-title")), why, "\n".join(parts)]
    return Card(join("\n\n", text), ((send,), (drop,)))


def _parts(waiting: Backlog, look: Look) -> list[str]:
    numbers = {
        "deliveries": waiting.deliveries,
        "planned": waiting.planned,
        "unfinished": waiting.unfinished,
    }
    return [look.say(f"gate-{name}", n=number) for name, number in numbers.items() if number]


def answered_card(look: Look) -> Card:
    """Return what an owner sees who was slower than another: what waits is decided about."""
    return Card(Styled(look.say("gate-answered")))


def skipped_card(gone: Backlog, look: Look) -> Card:
    """Return what became of what waited, when it was skipped."""
    lines = [look.say("gate-dropped", n=gone.deliveries)]
    if gone.planned:
        lines.append(look.say("gate-back", n=gone.planned))
    if gone.in_doubt:
        lines.append(look.say("gate-doubts", n=sum(one.number for one in gone.in_doubt)))
    rows = [(_doubts_button(one, look),) for one in gone.in_doubt[:_MOST]]
    return Card(Styled("\n".join([*lines, look.say("gate-on")])), tuple(rows))


def _doubts_button(one: InDoubt, look: Look) -> Button:
    if one.publication_id is None:
        return loose_doubts_button(one.number, look)
    label = look.say("gate-doubts-of", title=shortened(one.title, _TITLE), n=one.number)
    return Button(label, Control(SendVerb.SHOW, one.publication_id))
