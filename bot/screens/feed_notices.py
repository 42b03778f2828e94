"""What the desk is told of feeds without having asked."""

from dataclasses import dataclass, replace

from bot.fetch.answers import Failed, Reason
from bot.model.feeds import Feed
from bot.model.news import Article, ArticleState
from bot.screens.callbacks import Action, CorrectionTap, Desk
from bot.screens.card import Button, Card, Row
from bot.screens.failures import failure_text
from bot.screens.feeds import FeedTap
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.parts import changes_text
from bot.screens.verbs import CorrectionVerb, DeskVerb, FeedVerb, SourceVerb
from bot.text.styled import Styled, bold, join


@dataclass(frozen=True, slots=True)
class SourceTap(Action):
    """Answer the question whether an article follows its source."""

    code = "fs"
    verb: SourceVerb
    notice: int


def failing_card(feed: Feed, failed: Failed, look: Look) -> Card:
    """Return the news that a feed fails again and again: why, and what to do."""
    last = look.moment(feed.succeeded_at) if feed.succeeded_at is not None else look.say("feed-never")
    text = join("\n", [failure_text(failed, look), look.say("feed-failing-text", time=last)])
    return _told("feed-failing", feed, text, look)


def ended_card(feed: Feed, look: Look) -> Card:
    """Return the news that a feed is over."""
    text = look.say("feed-over-channel" if feed.is_channel else "feed-over-text")
    return _told("feed-over", feed, Styled(text), look)


def recovered_card(feed: Feed, look: Look) -> Card:
    """Return the news that a feed that failed is well again."""
    return _told("feed-recovered", feed, Styled(look.say("feed-recovered-text")), look)


def damaged_card(feed: Feed, damage: str, look: Look) -> Card:
    """Return the news that some bytes of a feed make no characters: what was left out, and where to write."""
    return _told("feed-damaged", feed, Styled(failure_text(Failed(Reason.DAMAGED, damage), look)), look)


def _told(key: str, feed: Feed, text: Styled, look: Look) -> Card:
    button = (Button(look.say("feed-show"), FeedTap(FeedVerb.SHOW, feed.id)),)
    return Card(join("\n\n", [bold(look.say(key, name=shortened(feed.title, 80))), text]), (button,))


def changed_card(feed: Feed, article: Article, after: Article, notice_id: int, look: Look) -> Card:
    """Return the question whether an article follows its source, with what would change."""
    say = look.say
    head = join("\n", [bold(say("source-changed", name=shortened(feed.title, 80))), shortened(article.title)])

    def button(key: str, verb: SourceVerb) -> Row:
        return (Button(say(key), SourceTap(verb, notice_id)),)

    public = article.state is ArticleState.PUBLISHED
    take = (
        (button("source-typo", SourceVerb.TYPO), button("source-correction", SourceVerb.CORRECTION))
        if public
        else (button("source-take", SourceVerb.TYPO),)
    )
    after = replace(after, version=article.version)
    text = join("\n\n", [head, changes_text(article, after, look)])
    return Card(text, (*take, button("source-leave", SourceVerb.LEAVE)))


def vanished_card(feed: Feed, article: Article, look: Look) -> Card:
    """Return the news that a source has taken an article away, with the way to do the same."""
    say = look.say
    title = bold(say("source-vanished", name=shortened(feed.title, 80)))
    text = join("\n\n", [title, shortened(article.title), say("source-vanished-text")])
    if article.state is ArticleState.PUBLISHED:
        fix = Button(say("desk-fix"), CorrectionTap(CorrectionVerb.CHOOSE, article.id, article.version))
        return Card(text, ((fix,),))
    return Card(text, ((Button(say("button-open"), Desk(article.id, 0, DeskVerb.OPEN)),),))


def answered_card(article: Article, key: str, look: Look) -> Card:
    """Return what became of the question whether an article follows its source."""
    return Card(join("\n", [bold(look.say(key)), shortened(article.title)]))
