"""What people are told of what others of the desk did to them."""

from datetime import timedelta

from bot.model.desk import DeskAct
from bot.model.news import Article
from bot.screens.callbacks import Desk
from bot.screens.card import Button, Card
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.verbs import DeskVerb
from bot.text.styled import bold, join

_AT_ONCE = timedelta(minutes=1)  # held urgent news is no plan


def act_card(act: DeskAct, article: Article, look: Look) -> Card:
    """Return what was done with an author's article, and the way to it unless it was discarded."""
    say = look.say
    if act.at_then is not None and act.at_then - act.at > _AT_ONCE:
        head = say("act-planned", time=look.moment(act.at_then))
    else:
        head = say("act-order" if act.name == "move" else f"act-{act.name}")
    opened = Button(say("button-open"), Desk(article.id, 0, DeskVerb.OPEN))
    return Card(join("\n", [head, bold(shortened(article.title))]), ((opened,),) if act.name != "discard" else ())
