"""Under which topics a feed's categories go."""

from collections.abc import Sequence

from bot.model.feeds import WHOLE, Feed
from bot.model.news import Topic
from bot.screens.card import Button, Card, in_rows
from bot.screens.feeds import FeedTap, ticked
from bot.screens.headlines import shortened
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.topic_pages import topics_on, turner_of
from bot.screens.verbs import FeedVerb
from bot.text.styled import bold, join
from bot.text.urls import digest

_CATEGORIES = 24  # on one page


def category_code(category: str) -> str:
    """Return the few letters by which a button names a category."""
    return digest(category.casefold())[:8]


def categories_of(feed: Feed) -> list[str]:
    """Return a feed's categories, the most frequent first, and those that go under a topic though none is seen now."""
    seen = {category.casefold(): category for category in reversed([*feed.categories])}
    gone = [category for category in feed.topics if category != WHOLE and category not in seen]
    return [*dict.fromkeys(seen[category.casefold()] for category in feed.categories), *gone]


def page_of_category(feed: Feed, category: str) -> int:
    """Return the page of a feed's categories that one stands on; the first for what stands on each."""
    names = [name.casefold() for name in categories_of(feed)]
    return names.index(category.casefold()) // _CATEGORIES if category.casefold() in names else 0


def topics_card(feed: Feed, topics: Sequence[Topic], look: Look, page: int = 0) -> Card:
    """Return a page of a feed's categories, each with the topic it goes under."""
    say, slugs = look.say, {topic.slug: topic.name(look.language) for topic in topics}

    def button(category: str, label: str) -> Button:
        slug = feed.topics.get(category.casefold())
        under = say("feed-topic-auto") if slug is None else slugs.get(slug, say("feed-topic-none"))
        return Button(f"{label} → {under}", FeedTap(FeedVerb.CATEGORY, feed.id, category_code(category)))

    names = categories_of(feed)
    page = min(max(0, page), max(0, len(names) - 1) // _CATEGORIES)
    end = (page + 1) * _CATEGORIES
    rows = tuple((button(name, shortened(name, 30)),) for name in names[page * _CATEGORIES : end])
    before, behind = (FeedTap(FeedVerb.TOPICS, feed.id, str(page + by)) for by in (-1, 1))
    pages = pager(before if page else None, behind if end < len(names) else None, say)
    always = (button(WHOLE, say("feed-topic-every")),)
    back = (Button(say("button-back"), FeedTap(FeedVerb.SHOW, feed.id)),)
    text = join("\n\n", [bold(shortened(feed.title, 120)), say("feed-topics-text")])
    return Card(text, (*rows, *pages, always, back))


def category_card(feed: Feed, category: str, topics: Sequence[Topic], look: Look, page: int = 0) -> Card:
    """Return the choice of the topic that a category of a feed goes under."""
    say, code, chosen = look.say, category_code(category), feed.topics.get(category.casefold())
    buttons = [
        Button(
            ticked(topic.name(look.language), on=topic.slug == chosen),
            FeedTap(FeedVerb.TOPIC, feed.id, f"{code}.{topic.id}"),
        )
        for topic in topics_on(topics, page)
    ]
    turn = turner_of(topics, page, say, lambda other: FeedTap(FeedVerb.CATEGORY, feed.id, f"{code}.{other}"))
    auto = Button(ticked(say("feed-topic-auto"), on=chosen is None), FeedTap(FeedVerb.TOPIC, feed.id, f"{code}.a"))
    none = Button(ticked(say("feed-topic-none"), on=chosen == ""), FeedTap(FeedVerb.TOPIC, feed.id, f"{code}.0"))
    back = (Button(say("button-back"), FeedTap(FeedVerb.TOPICS, feed.id)),)
    name = say("feed-topic-every") if category == WHOLE else shortened(category, 80)
    text = join("\n\n", [bold(name), say("feed-topic-text")])
    return Card(text, (*in_rows(buttons, 2), *turn, (auto, none), back))
