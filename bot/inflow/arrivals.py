"""An item of a feed on its way in: what it is known by, what it is filed under, and how its feed is called."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.feeds.categories import named_topic
from bot.feeds.intake import fed, within_limits
from bot.feeds.items import day_of
from bot.model.feeds import WHOLE, Feed, FeedItem, ItemState
from bot.model.limits import NAME_MOST, TAGS_MOST
from bot.model.news import FromFeed, Incoming, Topic
from bot.model.relevance import PreparedArticle
from bot.text.languages import LANGUAGES
from bot.text.urls import digest, url_key

_MOST_TOPICS = 4
_MOST_CATEGORIES = 200
_SEVERAL = 3  # items that all are called otherwise at once are no coincidence


def item_key(incoming: Incoming) -> str:
    """Return what an item is known by in its feed: its id if it is one, else its address, else its title and day.

    Without the name of the source, which the feed or the desk may change.
    """
    identity = incoming.identity or ""
    if identity.startswith("id:") and len(incoming.external_id) >= NAME_MOST:
        return identity  # of a long one, which need not be whole any more
    if identity.startswith("id:"):
        return f"id:{digest(incoming.external_id)}"
    if identity.startswith("url:"):
        return identity
    return f"text:{digest(f'{incoming.title}|{day_of(incoming)}')}"


def is_nameless(key: str) -> bool:
    """Tell whether what is known by this key has no id of its own: another piece may come under it."""
    return key.startswith(("url:", "text:"))


def same_there(incoming: Incoming, key: str, there: Mapping[str, FeedItem]) -> str | None:
    """Return what an item that is not known by its key is known by among those `there` at its address; None for none.

    The same at the same moment under another id, as some feeds make up a new one each time; and without an id, what
    says the same.
    """
    at, own = incoming.published_at, told_print(incoming)
    if len(there) == 1:
        ((other, item),) = there.items()
        if at is not None and item.dated_at == at:
            return other
    said = [other for other, item in there.items() if is_nameless(other) and item.print == own]
    same = [other for other in said if at is None or there[other].dated_at == at]
    return same[0] if is_nameless(key) and len(same) == 1 else None


def renamed(now: Mapping[str, Incoming], known: Mapping[str, FeedItem]) -> dict[str, str]:
    """Return the keys of items that a feed calls otherwise than it did, each with the one it was known by.

    Those say the same words of the same moment, and what said so before is not there any more: some programs make up
    ids and addresses anew each time, and a site that moves changes all of them. Only several at once count: one alone
    may be news that says what the last one did. So may many without a date (alarms, weather), unless nothing in the
    feed is called as before and half of it was there.
    """
    gone: dict[tuple[str, datetime | None], list[str]] = {}
    new: dict[tuple[str, datetime | None], list[str]] = {}
    for key, item in known.items():
        if key not in now:
            for at in {item.dated_at, None}:  # one without a date is dated when it is taken in
                gone.setdefault((item.print, at), []).append(key)
    for key, incoming in now.items():
        if key not in known:
            new.setdefault((told_print(incoming), incoming.published_at), []).append(key)
    pairs = {keys[0]: gone[said][0] for said, keys in new.items() if len(keys) == 1 == len(gone.get(said, ()))}
    if not now.keys().isdisjoint(known) or 2 * len(pairs) < len(now):
        pairs = {key: before for key, before in pairs.items() if now[key].published_at is not None}
    return pairs if len(pairs) >= _SEVERAL else {}


def text_print(title: str, lead: str, body: str) -> str:
    """Return the fingerprint of an article's text."""
    return digest(f"{title}\0{lead}\0{body}")


def told_print(incoming: Incoming) -> str:
    """Return the fingerprint of an item's text as its feed told it."""
    return incoming.told or text_print(incoming.title, incoming.lead, incoming.body)


def own(incoming: Incoming, feed: Feed) -> Incoming:
    """Return an item as the desk wants it from this feed: its source, its language, never urgent, within the limits."""
    language = feed.language if feed.language in LANGUAGES else incoming.language
    return within_limits(
        replace(incoming, source=feed.source or incoming.source or feed.title, language=language, urgent=False)
    )


def seen(key: str, incoming: Incoming, now: datetime) -> FeedItem:
    """Return the row of an item as it came now."""
    return FeedItem(
        key=key, print=told_print(incoming), url_key=url_key(incoming.url), dated_at=incoming.published_at, seen_at=now
    )


def prepared(incoming: Incoming, feed: Feed, topics: Mapping[str, Topic]) -> PreparedArticle:
    """Prepare an item: filed as the desk says for this feed, else by the names it has, else by its words.

    A feed makes no topics: a category that is none of the newsroom's stays a tag.
    """
    slugs, tags = _filed(incoming.topics, feed.topics, topics)
    ready = fed(replace(incoming, topics=(), tags=tuple(tags)[:TAGS_MOST]), FromFeed(feed.title))
    if not slugs and (always := feed.topics.get(WHOLE)):
        slugs = [always]
    proposed = not slugs
    if proposed:
        slugs = [topic.slug for topic in ready.topics]
    known = [topics[slug] for slug in dict.fromkeys(slugs) if slug in topics]
    return replace(ready, topics=tuple(known[:_MOST_TOPICS]), proposed=proposed)


def _filed(
    names: Iterable[str], mapping: Mapping[str, str], topics: Mapping[str, Topic]
) -> tuple[list[str], list[str]]:
    slugs, tags = [], []
    for name in names:
        said = mapping.get(name.casefold())
        if said is not None:
            slugs += [said] if said else []
            continue
        topic = named_topic(name)
        if topic is not None and topic.slug in topics:
            slugs.append(topic.slug)
        else:
            tags.append(name)
    return slugs, tags


def counted(categories: Mapping[str, int], new: Iterable[Incoming]) -> dict[str, int]:
    """Return how often each category was seen, with those of new items; of very many the most frequent ones."""
    times = dict(categories)
    for incoming in new:
        for name in incoming.topics:
            times[name] = times.get(name, 0) + 1
    most = sorted(times.items(), key=lambda one: (-one[1], one[0]))[:_MOST_CATEGORIES]
    return dict(most)


def is_open(item: FeedItem) -> bool:
    """Tell whether an item became something that may still change."""
    return item.state in {ItemState.TAKEN, ItemState.MISSING} and item.article_id is not None
