"""Parts of a draft's card: the date it carries as its own, and what was left out of a page it was made of."""

from bot.model.news import Article
from bot.screens.callbacks import Desk
from bot.screens.card import Button, Row
from bot.screens.look import Look
from bot.screens.verbs import DeskVerb
from bot.text.phrasebook import Phrasebook


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
