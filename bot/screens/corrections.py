"""Corrections on the desk and for readers."""

from collections.abc import Callable, Mapping, Sequence

from bot.model.desk import CorrectionNote
from bot.model.ledger import DeliveryKind
from bot.model.news import Article, RevisionKind
from bot.screens.callbacks import Action, CorrectionTap, Desk, Open, Show
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.headlines import article_card, headline_text, retracted_text, shortened
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.parts import changes_rich, changes_text
from bot.screens.screen_refs import CorrectionsScreen, HeadlineScreen
from bot.screens.verbs import CorrectionVerb, DeskVerb
from bot.text.rich import blocks_in
from bot.text.styled import Styled, bold, italic, join

# Of an article that is longer a proposal shows its headline and what changes: no message has room for both.
_BESIDE_CHANGES = 24_000  # units
_BLOCKS_BESIDE_CHANGES = 450


def note_card(article: Article, note: CorrectionNote | None, look: Look) -> Card | None:
    """Return the short reply to those who have an older copy; None when there is none any more to speak of.

    A retraction is never quieter than a correction.
    """
    if note is not None and note.kind is RevisionKind.RETRACTION:
        return Card(retracted_text(note.title, note.note, look))
    if article.retracted or note is None:
        return None
    head = bold(look.say("corrected-mark", time=look.moment(note.at)))
    read = Button(look.say("button-read"), Open(article.id, HeadlineScreen(article.id)))
    return Card(join("\n", [head, shortened(note.title), italic(note.note)]), ((read,),), silent=True)


NOTES: Mapping[DeliveryKind, Callable[[Article, CorrectionNote | None, Look], Card | None]] = {
    DeliveryKind.NOTE: note_card
}
"""What a delivery says that neither is the article nor changes a copy of it, by its kind."""


def fix_card(article: Article, look: Look, back: Action | None = None) -> Card:
    """Return the choice of what is wrong with a published article; `back` leads to the article at the desk if None."""
    parts = tuple(
        Button(look.say(f"desk-{part}"), CorrectionTap(part, article.id, article.version))
        for part in (CorrectionVerb.ASK_TITLE, CorrectionVerb.ASK_LEAD)
    )
    body = Button(look.say("desk-body"), CorrectionTap(CorrectionVerb.ASK_BODY, article.id, article.version))
    gone = Button(
        look.say("fix-retract"), CorrectionTap(CorrectionVerb.ASK_REASON, article.id, article.version), style="danger"
    )
    way = Button(look.say("button-back"), back or Desk(article.id, article.version, DeskVerb.OPEN))
    text = join("\n\n", [bold(look.say("fix-title")), headline_text(article, look)])
    return Card(text, ((*parts, body), (gone,), (way,)))


def proposal_card(changed: Article, before: Article, look: Look, hear: int) -> Card:
    """Return what changes, the article as readers will see it, and how it can go out.

    That is silently, or as a correction, of which `hear` readers get a message.
    """
    whole = article_card(changed, look, HeadlineScreen(changed.id))
    typo = Button(look.say("fix-as-typo"), CorrectionTap(CorrectionVerb.SEND_AS_TYPO, changed.id, changed.version))
    correction = Button(
        look.say("fix-as-correction", n=hear) if hear else look.say("fix-as-correction-unheard"),
        CorrectionTap(CorrectionVerb.ASK_NOTE, changed.id, changed.version),
        style="primary",
    )
    back = Button(look.say("button-cancel"), CorrectionTap(CorrectionVerb.LEAVE, changed.id, changed.version))
    rows: tuple[Row, ...] = ((typo,), (correction,), (back,))
    told, rich = changes_text(before, changed, look), changes_rich(before, changed, look)
    if len(whole.text) > _BESIDE_CHANGES or blocks_in(whole.rich) > _BLOCKS_BESIDE_CHANGES:
        return Card(join("\n\n", [told, "⸻", headline_text(changed, look)]), rows)
    return Card(join("\n\n", [told, "⸻", whole.text]), rows, (*rich, *whole.rich), whole.photo)


def retract_card(article: Article, note: str, look: Look) -> Card:
    """Return the last question before an article is taken back."""
    yes = Button(
        look.say("fix-retract-yes"), CorrectionTap(CorrectionVerb.RETRACT, article.id, article.version), style="danger"
    )
    back = Button(look.say("button-cancel"), CorrectionTap(CorrectionVerb.LEAVE, article.id, article.version))
    text: list[Styled | str] = [
        bold(look.say("fix-retract-title")),
        retracted_text(article.title, note, look),
        look.say("fix-retract-text"),
    ]
    return Card(join("\n\n", text), ((yes, back),))


def no_reason(article: Article, look: Look) -> Button:
    """Return the way to retract an article without a word on why."""
    tap = CorrectionTap(CorrectionVerb.GIVE_NO_REASON, article.id, article.version)
    return Button(look.say("fix-no-reason"), tap)


def corrections_card(notes: Sequence[CorrectionNote], offset: int, look: Look, *, more: bool) -> Card:
    """Return a page of corrections, the newest first; what is still public opens in place."""
    title = bold(look.say("corrections-title"))
    if not notes:
        return Card(join("\n\n", [title, look.say("corrections-none")]))
    entries: list[Styled] = []
    buttons = []
    for number, note in enumerate(notes, offset + 1):
        kind = look.say(f"fix-{note.kind.name.lower()}")
        head = join("", [f"{number}. ", bold(shortened(note.title, 160))])
        entries.append(join("\n", [head, f"{kind} · {look.moment(note.at)}", italic(note.note)]))
        if note.kind is not RevisionKind.RETRACTION:
            buttons.append(Button(str(number), Open(note.article_id, CorrectionsScreen(offset))))
    step = len(notes)
    back = Show(CorrectionsScreen(max(0, offset - max(step, 8)))) if offset else None
    turn = pager(back, Show(CorrectionsScreen(offset + step)) if more else None, look.say)
    return Card(join("\n\n", [title, *entries]), (*in_rows(buttons, 8), *turn))
