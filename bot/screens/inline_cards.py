"""Articles as they are offered to any chat: what the list shows, and the card that is sent."""

from dataclasses import dataclass

from bot.model.news import Headline
from bot.relevance.highlights import Excerpt
from bot.screens.card import Button, Card
from bot.screens.headlines import headline_text, meta_line, shortened
from bot.screens.links import article_link
from bot.screens.look import Look
from bot.text.styled import join

_TITLE = 120  # units; the list shows two lines


@dataclass(frozen=True, slots=True)
class Offer:
    """An article to choose from a list; choosing it sends `card`, whose buttons work in any chat."""

    article: int
    title: str
    description: str
    card: Card


def offer(item: Headline, excerpt: Excerpt, look: Look, username: str) -> Offer:
    """Return an article as it is offered; `username` is the bot's."""
    read = Button(look.say("button-read"), url=article_link(username, item.id))
    beginning = excerpt.text.text
    card = Card(join("\n\n", [headline_text(item, look), beginning]), ((read,),))
    described = " · ".join(part for part in (meta_line(item, look), beginning) if part)
    return Offer(item.id, shortened(item.title, _TITLE), described, card)
