"""A feed's categories on screens: each can be put under a topic, and taken from it again."""

from bot.model.feeds import WHOLE, Feed, FeedMode, FeedState
from bot.model.news import Topic
from bot.screens.callbacks import decode
from bot.screens.feed_topics import categories_of, page_of_category, topics_card
from bot.screens.feeds import FeedTap
from bot.screens.look import Look
from bot.screens.verbs import FeedVerb
from tests.support.rows import NOW

TOPICS = (Topic(1, "sport", {"uk": "Спорт", "en": "Sport"}),)
FEED = Feed(
    id=7,
    address="https://a.example/feed",
    state=FeedState.ACTIVE,
    mode=FeedMode.APPROVE,
    topics={WHOLE: "sport", "gone": "sport", "category 59": ""},
    categories={f"Category {n}": 100 - n for n in range(60)} | {"CATEGORY 0": 1},
    next_at=NOW,
)


def test_every_category_stands_on_some_page_and_once_even_when_it_is_seen_no_more() -> None:
    for language in ("uk", "en"):
        look, labels, page = Look(language, "UTC", NOW), list[str](), 0
        while True:
            buttons = [button for row in topics_card(FEED, TOPICS, look, page).rows for button in row]
            labels += [button.text for button in buttons if button.text.lower().startswith(("category", "gone"))]
            turns = [
                tap for button in buttons if isinstance(tap := button.action, FeedTap) and tap.verb is FeedVerb.TOPICS
            ]
            if not any(int(tap.value) > page for tap in turns):
                break
            page += 1
        assert len(labels) == len({label.partition(" →")[0].casefold() for label in labels}) == 61
        assert labels[-1].startswith("gone → Sport" if language == "en" else "gone → Спорт")


def test_the_page_of_a_category_is_found_and_no_page_is_beyond_the_last() -> None:
    assert [page_of_category(FEED, name) for name in ("category 0", "Category 24", "GONE", WHOLE, "x")] == [
        0,
        1,
        2,
        0,
        0,
    ]
    look = Look("uk", "UTC", NOW)
    assert topics_card(FEED, TOPICS, look, 10**6).rows == topics_card(FEED, TOPICS, look, 2).rows
    assert len(categories_of(FEED)) == 61
    assert decode(FeedTap(FeedVerb.TOPICS, 10**12, "9").encode()) == FeedTap(FeedVerb.TOPICS, 10**12, "9")
