"""What people are told of what others of the desk did to them."""

from datetime import timedelta

from bot.model.desk import DeskAct
from bot.model.news import Article, ArticleState
from bot.screens.callbacks import Desk
from bot.screens.card import Button, Card
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.verbs import DeskVerb
from bot.text.styled import bold, join

_AT_ONCE = timedelta(minutes=1)  # held urgent news is no plan
_GOING_OUT = timedelta(minutes=10)  # of what is told later nobody says that it is going out


def act_card(act: DeskAct, article: Article, look: Look) -> Card:
    """Return what was done with an author's article, and the way to it unless it was discarded."""
    say = look.say
    head = _ordered(act, article, look) if act.name in {"order", "move"} else say(f"act-{act.name}")
    opened = Button(say("button-open"), Desk(article.id, 0, DeskVerb.OPEN))
    return Card(join("\n", [head, bold(shortened(article.title))]), ((opened,),) if act.name != "discard" else ())


def _ordered(act: DeskAct, article: Article, look: Look) -> str:
    """Return that an article was approved, and what comes of it; who hears late is told of no time that is past."""
    due = act.at if act.at_then is None else max(act.at, act.at_then)
    if due - act.at > _AT_ONCE and look.now < due:
        return look.say("act-planned", time=look.moment(due))
    if look.now - due < _GOING_OUT:
        return look.say("act-order")
    return look.say("act-out" if article.state is ArticleState.PUBLISHED else "act-approved")
