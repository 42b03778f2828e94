"""Parts of a draft's card: the date it carries as its own, and what was left out of what it was made of."""

from dataclasses import dataclass, replace

from bot.model.news import Article
from bot.screens.callbacks import Action, Desk
from bot.screens.card import Button, Card, Row
from bot.screens.look import Look
from bot.screens.verbs import DeskVerb
from bot.text.phrasebook import Phrasebook


@dataclass(frozen=True, slots=True)
class TakeWhole(Action):
    """Take the whole of a text that came in several messages; a `version` that is not its own any more is stale."""

    code = "tw"
    article: int
    version: int


def with_whole(card: Card, article: Article, look: Look) -> Card:
    """Return the card of a draft that keeps its words, with the way to take all of what was sent for it after all."""
    take = (Button(look.say("desk-take-whole"), TakeWhole(article.id, article.version)),)
    return replace(card, rows=(take, *card.rows))


def date_row(article: Article, look: Look) -> Row:
    """Return the date that a draft carries as its own, and the way to take it away; or the way to give it one."""
    own = article.published_at
    label = look.say("desk-date") if own is None else look.say("desk-date-set", time=look.moment(own))
    ask = Button(label, Desk(article.id, article.version, DeskVerb.ASK_DATE))
    if own is None:
        return (ask,)
    return (ask, Button(look.say("desk-date-clear"), Desk(article.id, article.version, DeskVerb.CLEAR_DATE)))


def page_note(say: Phrasebook, headings: tuple[str, ...], left_out: int, *, timed: bool, early: bool) -> str:
    """Return what was left out of a page: so many lines, among them the reading time and what these `headings` head.

    `early` says that the page's own time is yet to come.
    """
    named = [say("desk-page-heading", heading=one.capitalize()) for one in dict.fromkeys(headings)]
    what = ", ".join([*([say("desk-page-timed")] if timed else []), *named]) or say("desk-page-other")
    note = say("desk-page", n=left_out, what=what)
    return " ".join([note, say("desk-page-early")]) if early else note
