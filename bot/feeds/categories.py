"""Filing: the topics an imported item belongs under, by the names its source uses, else by its words."""

from functools import cache

import regex

from bot.model.news import Incoming, Terms, Topic
from bot.relevance.topics import START_TOPICS, propose_slugs
from bot.text.languages import ALL, LANGUAGES, headings, topic_words

_BY_SLUG = {topic.slug: topic for topic in START_TOPICS}
_BRACKETS = regex.compile(r"\s*[(\[][^)\]]*[)\]]")
_LONGEST_SLUG = 32
# Letters that the common transliteration has differently; an address of a topic stays what it was.
_LATIN = [pair for language in ALL for pair in language.latin.items()]


def named_topics(incoming: Incoming) -> tuple[Topic, ...]:
    """Return the topics that an item names, each once."""
    topics = [topic for name in incoming.topics if (topic := named_topic(name)) is not None]
    return tuple({topic.slug: topic for topic in topics}.values())[:4]


def proposed_topics(terms: Terms) -> tuple[Topic, ...]:
    """Return the topics that an item's words propose."""
    return tuple(_BY_SLUG[slug] for slug in propose_slugs(terms))


def named_topic(name: str) -> Topic | None:
    """Return the topic a source calls by this name; a new one for a name nobody knows; None for a page's heading."""
    plain = _BRACKETS.sub("", name).strip()
    key = plain.casefold()
    if key in _BY_SLUG:
        return _BY_SLUG[key]
    if key in _called():
        slug = _called()[key]
        return _BY_SLUG[slug] if slug else None
    slug = _slug(plain)
    return Topic(0, slug, dict.fromkeys(LANGUAGES, plain)) if slug else None


def is_known_topic(name: str) -> bool:
    """Tell whether a name is that of a topic that newsrooms start with, in any language."""
    key = name.strip().casefold()
    return key in _BY_SLUG or bool(_called().get(key))


@cache
def _called() -> dict[str, str | None]:
    """Return what other newsrooms call our topics, in any language; None: a heading of a page, not a topic."""
    names: dict[str, str | None] = {}
    for language in reversed(ALL):  # what the first says, holds
        names |= dict.fromkeys(headings(language.code))
        topics = topic_words(language.code).items()
        names |= {name: slug for slug, said in topics if slug in _BY_SLUG for name in said.called}
    return names


def _slug(name: str) -> str:
    from slugify import slugify  # loads tables of all scripts: five megabytes that a bot without imports does without

    plain = slugify(name.casefold(), replacements=_LATIN, entities=False, decimal=False, hexadecimal=False)
    return plain[:_LONGEST_SLUG].strip("-")
