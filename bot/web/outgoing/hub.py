"""WebSub: the hub that our feeds name is told which of them have changed, and fetches them.

https://www.w3.org/TR/websub/ leaves open how a hub is told; hubs take what PubSubHubbub 0.3 has for it (section 7.1).
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from bot.errors import NotFound
from bot.model.listeners import EventKind
from bot.ports import ArticleStore
from bot.web.site.syndication import feed_paths

EVENTS = EventKind.PUBLISHED | EventKind.CORRECTED | EventKind.RETRACTED
"""What changes a feed."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def changed_feeds(article_ids: Iterable[int], articles: ArticleStore, site: str) -> list[str]:
    """Return the addresses of the feeds that have, or had, articles: the latest, and those of their topics."""
    slugs: set[str] = set()
    for number in article_ids:
        try:
            slugs.update(topic.slug for topic in (await articles.get(number)).topics)
        except NotFound:
            continue
    return [f"{site}{path}" for slug in ("", *sorted(slugs)) for path in feed_paths(slug)]


def notice(feeds: Iterable[str]) -> bytes:
    """Return what a hub is told of feeds that have changed."""
    return urlencode([("hub.mode", "publish"), *(("hub.url", address) for address in feeds)]).encode()
