"""A send on the desk: its progress, its control, its uncertain deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model.desk import Publication, PublicationState
from bot.model.ledger import UncertainDelivery
from bot.model.news import Article, ArticleState, RevisionKind
from bot.screens.asking import findings_lines
from bot.screens.callbacks import Action, CorrectionTap
from bot.screens.card import Button, Card, Row
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.moments import duration
from bot.screens.verbs import CorrectionVerb, DoubtsVerb, SendVerb
from bot.text.styled import Styled, bold, italic, join

_BAR = 12


@dataclass(frozen=True, slots=True)
class Control(Action):
    """Pause, resume, stop or undo a send, look at its uncertain deliveries and decide, or at what was sent."""

    code = "p"
    verb: SendVerb
    publication: int


@dataclass(frozen=True, slots=True)
class UndoHeld(Action):
    """Take a send back that is held until that second, before it begins."""

    code = "uh"
    publication: int
    until: int


@dataclass(frozen=True, slots=True)
class DoubtsTap(Action):
    """Look at the uncertain deliveries that belong to no send, or decide about them."""

    code = "v"
    verb: DoubtsVerb


@dataclass(frozen=True, slots=True)
class PostLinks(Action):
    """Show a page of an article's links, its posts in channels too; back leads to the send, 0 for the article."""

    code = "yl"
    article: int
    publication: int = 0
    page: int = 0

    def turned(self, page: int) -> "PostLinks":
        """Return the way to another page."""
        return replace(self, page=page)


OVER = frozenset({PublicationState.DONE, PublicationState.STOPPED, PublicationState.CANCELLED})


def progress_card(
    publication: Publication, article: Article, look: Look, rate: float, link: str = "", *, posted: bool = False
) -> Card:
    """Return how a send is going: a bar, sent, failed, left, time to go; and the buttons that control it.

    Of one that is over they lead on: to a correction, to the article, and with `link` to its address; `posted` says
    whether there are posts in channels with addresses of their own.
    """
    title = bold(look.say(f"fix-{publication.purpose.name.lower()}")) if publication.purpose else ""
    head = join("\n", [title, bold(shortened(article.title))])
    counts = "\n".join(_counts(publication, look))
    state = italic(_state_line(publication, look, rate))
    links = link_button(link, look, PostLinks(article.id, publication.id) if posted else None)
    rows = (*_next_rows(publication, article, look, links), *_controls(publication, look))
    return Card(join("\n\n", [head, _percent(publication), counts, state]), rows)


def _percent(publication: Publication) -> str:
    """Return the bar; "" where there is nothing of which it could be a part: as long as nobody has counted it."""
    tally = publication.tally
    due = tally.total - tally.held - tally.told
    if publication.fanned_to is not None or not due:
        return ""
    finished = tally.sent + tally.failed + tally.uncertain + tally.expired + tally.dropped
    return f"{bar(finished / due)} {round(finished / due * 100)} %"


def _next_rows(publication: Publication, article: Article, look: Look, links: Row) -> tuple[Row, ...]:
    if publication.state not in OVER or article.state is not ArticleState.PUBLISHED:
        return ()
    fix = Button(look.say("desk-fix"), CorrectionTap(CorrectionVerb.CHOOSE, article.id, article.version))
    opened = Button(look.say("desk-open"), Control(SendVerb.OPEN, publication.id))
    return ((fix, opened, *links),)


def link_button(link: str, look: Look, posts: PostLinks | None) -> Row:
    """Return the button that copies an article's address, none where nobody knows it; or that shows it with `posts`."""
    if posts is not None:
        return (Button(look.say("desk-link"), posts),)
    return (Button(look.say("desk-link"), copy=link),) if link else ()


def _counts(publication: Publication, look: Look) -> list[str]:
    tally, say = publication.tally, look.say
    first = publication.purpose is RevisionKind.FIRST
    due, counted = tally.total - tally.held - tally.told, publication.fanned_to is None
    counts = []
    if due and counted:
        counts.append(say("progress-sent" if first else "progress-edited", n=tally.sent, total=due))
    elif due:
        counts.append(say("progress-counting", n=tally.sent))
    elif first and publication.state is PublicationState.DONE and not (tally.held or tally.told):
        counts.append(say("progress-nobody"))
    return (
        counts
        + [
            say(f"progress-{name}", n=number)
            for name, number in (
                ("left", tally.left if counted else 0),
                ("failed" if first else "unreachable", tally.failed),
                ("asking", publication.asking),
                ("uncertain", publication.undecided),
                ("expired", tally.expired + tally.dropped),
                ("held", tally.held),
                ("told", tally.told),
            )
            if number
        ]
        + findings_lines(tally.found, tally.returned, look)
    )


def _state_line(publication: Publication, look: Look, rate: float) -> str:
    say = look.say
    match publication.state:
        case PublicationState.SCHEDULED:
            wait = (publication.at - look.now).total_seconds()
            return say("progress-undo", n=round(wait)) if wait > 1 else say("progress-starting")
        case PublicationState.RUNNING if publication.fanned_to is not None or not publication.tally.left:
            return say("progress-starting") if not publication.tally.total else say("progress-going")
        case PublicationState.RUNNING:
            return say("progress-to-go", time=duration(publication.tally.left / rate, look.language))
        case PublicationState.PAUSED:
            return say("progress-paused-spike") if publication.reason == "spike" else say("progress-paused")
        case PublicationState.STOPPING:
            return say("progress-stopping")
        case PublicationState.STOPPED | PublicationState.CANCELLED:
            return say("progress-stopped")
        case PublicationState.DONE:
            took = 0.0
            if publication.started_at and publication.finished_at:
                took = (publication.finished_at - publication.started_at).total_seconds()
            return say("progress-done", time=duration(took, look.language))


def _controls(publication: Publication, look: Look) -> tuple[Row, ...]:
    def button(verb: SendVerb, style: str = "") -> Button:
        return Button(look.say(f"control-{verb}"), Control(verb, publication.id), style=style)

    rows: list[Row] = []
    match publication.state:
        case PublicationState.SCHEDULED if (publication.at - look.now).total_seconds() > 1:
            undo = UndoHeld(publication.id, int(publication.at.timestamp()))
            rows.append((Button(look.say("control-undo"), undo, style="danger"),))
        case PublicationState.RUNNING:
            rows.append((button(SendVerb.PAUSE), button(SendVerb.ASK_TO_STOP, "danger")))
        case PublicationState.PAUSED:
            rows.append((button(SendVerb.RESUME, "success"), button(SendVerb.ASK_TO_STOP, "danger")))
    if doubts := publication.undecided:
        rows.append((Button(look.say("control-doubts", n=doubts), Control(SendVerb.SHOW_DOUBTS, publication.id)),))
    return tuple(rows)


def bar(share: float) -> str:
    """Return a bar of that share, 0 to 1."""
    full = max(0, min(_BAR, round(share * _BAR)))
    return "▰" * full + "▱" * (_BAR - full)


def stop_card(publication: Publication, article: Article, look: Look) -> Card:
    """Return the question whether a send really ends."""
    yes = Button(look.say("control-stop-yes"), Control(SendVerb.STOP, publication.id), style="danger")
    no = Button(look.say("button-back"), Control(SendVerb.SHOW, publication.id))
    text: list[Styled | str] = [bold(look.say("control-stop-title")), shortened(article.title)]
    text.append(look.say("control-stop-text", n=publication.tally.left))
    return Card(join("\n\n", text), ((yes, no),))


def doubts_card(publication: Publication, doubts: Sequence[UncertainDelivery], look: Look) -> Card:
    """Return what nobody knows to have arrived, and what can be done with it: send again, or let go."""
    say, number = look.say, publication.undecided
    back = (Button(say("button-back"), Control(SendVerb.SHOW, publication.id)),)
    if not doubts:
        return Card(Styled(say("doubts-none")), (back,))
    lines = [f"• {shortened(doubt.reader, 40)} · {look.moment(doubt.since)}" for doubt in doubts]
    again = Button(say("doubts-resend"), Control(SendVerb.RESEND_DOUBTS, publication.id))
    drop = Button(say("doubts-drop"), Control(SendVerb.DROP_DOUBTS, publication.id))
    return Card(_doubts_text(bold(say("doubts-title", n=number)), lines, number, look), ((again, drop), back))


def loose_doubts_card(number: int, doubts: Sequence[UncertainDelivery], look: Look) -> Card:
    """Return the digests and notes nobody knows to have arrived, `number` in all, with the same two ways out."""
    say = look.say
    if not doubts:
        return Card(Styled(say("doubts-none")))
    lines = [
        f"• {shortened(doubt.reader, 40)} · {say(f'doubts-{doubt.kind.name.lower()}')} · {look.moment(doubt.since)}"
        for doubt in doubts
    ]
    again = Button(say("doubts-resend"), DoubtsTap(DoubtsVerb.RESEND))
    drop = Button(say("doubts-drop"), DoubtsTap(DoubtsVerb.DROP))
    return Card(_doubts_text(bold(say("doubts-loose-title", n=number)), lines, number, look), ((again, drop),))


def _doubts_text(title: Styled, lines: Sequence[str], number: int, look: Look) -> Styled:
    more = [look.say("doubts-more", n=number - len(lines))] if number > len(lines) else []
    return join("\n\n", [title, look.say("doubts-text"), "\n".join([*lines, *more])])


def loose_doubts_button(number: int, look: Look) -> Button:
    """Return the button that lists the digests and notes nobody knows of."""
    return Button(look.say("doubts-loose", n=number), DoubtsTap(DoubtsVerb.SHOW))


def spike_card(publication: Publication, article: Article, reason: str, look: Look) -> Card:
    """Return the news that a send was halted because most of it fails."""
    controls = _controls(publication, look)
    text: list[Styled | str] = [
        bold(look.say("spike-title")),
        shortened(article.title),
        look.say("spike-text", reason=reason[:200] or "—"),
    ]
    return Card(join("\n\n", text), controls)
