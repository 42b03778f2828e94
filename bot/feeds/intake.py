"""Intake: the one way in for whatever arrives, typed, forwarded, imported, polled or pushed.

It becomes a draft of an author or of a feed, with all that is worked out of it: within the limits, its words, its
reading time, its topics. It gets its place among what is there when it leaves, by one order: an editor's later, that
of an import at once, without a push.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.feeds.categories import named_topics, proposed_topics
from bot.model.limits import LEAD_MOST, NAME_MOST, SOURCE_MOST, TITLE_MOST
from bot.model.news import FromEditor, FromFeed, Incoming, Origin, Photo, Topic
from bot.model.relevance import PreparedArticle, WrittenArticle
from bot.relevance.threading import Threader
from bot.relevance.topic_adviser import TopicAdviser
from bot.relevance.written import new_article, plain_text, tagged, whole_text, work_out, written
from bot.text.ellipsis import cut, elided


def drafted(incoming: Incoming, author_id: int, topics: Sequence[Topic]) -> PreparedArticle:
    """Prepare what an editor sent: filed under the topics that its words propose and the newsroom has."""
    own = {topic.slug: topic for topic in topics}
    prepared = _prepared(incoming, FromEditor(author_id), written)  # asked for again: by the tap that publishes, too
    return replace(prepared, topics=tuple(own[one.slug] for one in prepared.topics if one.slug in own))


def fed(incoming: Incoming, feed: FromFeed) -> PreparedArticle:
    """Prepare what a feed or a file brought: filed under the topics it names, else under those its words propose."""
    return _prepared(incoming, feed, _worked_out)


def brought(incoming: Incoming, feed: FromFeed) -> PreparedArticle:
    """Prepare what a system brings to be sent: as `fed`, and its words are remembered for the fan-out."""
    return _prepared(incoming, feed, _remembered)


async def advised(prepared: PreparedArticle, adviser: TopicAdviser | None, topics: Sequence[Topic]) -> PreparedArticle:
    """Return an article that nobody has filed under what its nearest neighbours are, where meaning can tell.

    `topics` are the newsroom's; the article's own are among them.
    """
    if adviser is None or not prepared.proposed:
        return prepared
    incoming = prepared.incoming
    text = whole_text(incoming.lead, plain_text(incoming.body))
    by_words = [topic.id for topic in prepared.topics]
    numbers = await adviser.advice(incoming.title, text, incoming.language, by_words)
    if numbers is None:
        return prepared
    own = {topic.id: topic for topic in topics}
    return replace(prepared, topics=tuple(own[number] for number in numbers if number in own))


async def placed(batch: Sequence[PreparedArticle], threader: Threader) -> list[PreparedArticle]:
    """Return the articles of a batch with their places among what is there, and among each other."""
    arrivals = [new_article(one.incoming, one.written, one.incoming.published_at) for one in batch]
    places = await threader.places(arrivals) if batch else []
    return [replace(one, place=place) for one, place in zip(batch, places, strict=True)]


def _worked_out(incoming: Incoming) -> WrittenArticle:
    return work_out(incoming.title, incoming.lead, incoming.body, incoming.language)


def _remembered(incoming: Incoming) -> WrittenArticle:
    return written(replace(incoming, tags=()))


def _prepared(incoming: Incoming, origin: Origin, words_of: Callable[[Incoming], WrittenArticle]) -> PreparedArticle:
    within = within_limits(incoming)
    words = words_of(within)
    named = named_topics(within)
    topics = named or proposed_topics(words.terms)  # by what the text says: a tag that is no topic does not bring one
    words = tagged(words, within.tags, within.language)
    return PreparedArticle(within, origin, words, topics, proposed=not named)


def within_limits(incoming: Incoming) -> Incoming:
    """Return the article with its parts cut to what may be stored; the body is kept whole."""
    return replace(
        incoming,
        title=elided(incoming.title, TITLE_MOST),
        lead=elided(incoming.lead, LEAD_MOST),
        source=cut(incoming.source, SOURCE_MOST),
        external_id=incoming.external_id[:NAME_MOST],
        story=cut(incoming.story, NAME_MOST),
    )


def album_of(media: Sequence[Photo]) -> Photo | None:
    """Return pictures as an article has them: the first, the others behind it; None for none."""
    return replace(media[0], more=tuple(media[1:])) if media else None
