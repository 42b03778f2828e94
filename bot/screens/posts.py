"""The links of an article: the one that opens it in the bot, and those of its posts in channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.news import Article
from bot.screens.callbacks import Action, Desk
from bot.screens.card import COPY_MOST, Button, Card, Row
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.sends import Control, PostLinks
from bot.screens.verbs import DeskVerb, SendVerb
from bot.text.styled import Styled, bold, join, link

POSTS_A_PAGE = 5
_NAME = 30  # characters of a channel's on its button


@dataclass(frozen=True, slots=True)
class PostLink:
    """A post in a channel: the channel's name, and the post's address."""

    channel: str
    address: str


def links_card(
    article: Article, own: str, posts: Sequence[PostLink], look: Look, here: PostLinks, *, more: bool
) -> Card:
    """Return a page of an article's links, to open and to copy; `more` says whether there is another page."""
    say = look.say
    lines: list[Styled | str] = [bold(shortened(article.title))]
    rows: list[Row] = []
    if own:
        lines.append(join(" ", [say("links-own"), link(own, own)]))
        rows.append((Button(say("links-copy-own"), copy=own),))
    for post in posts:
        lines.append(join(" ", [say("links-post", channel=post.channel), link(post.address, post.address)]))
        if len(post.address) <= COPY_MOST:
            rows.append((Button(say("links-copy-post", channel=shortened(post.channel, _NAME)), copy=post.address),))
    before = here.turned(here.page - 1) if here.page else None
    turn = pager(before, here.turned(here.page + 1) if more else None, say)
    back: Action = Desk(article.id, article.version, DeskVerb.OPEN)
    if here.publication:
        back = Control(SendVerb.SHOW, here.publication)
    return Card(join("\n", lines), (*rows, *turn, (Button(say("button-back"), back),)))
