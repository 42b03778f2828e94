"""A look through a whole file before its items are taken: which ids are none, and which tags are topics."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.feeds.categories import named_topic
from bot.feeds.findings import Record
from bot.feeds.items import named, topic_names
from bot.relevance.topics import START_TOPICS

_START = frozenset(topic.slug for topic in START_TOPICS)
FEW = 12
"""So many names that the newsroom does not know become topics, however seldom they occur in a file."""
OFTEN = 3
"""Of more of them, those become topics that as many items have, the most frequent ones first."""
MOST = 60
"""So many topics there may be before a file brings no more."""


@dataclass(slots=True)
class Survey:
    """What a file's records have in common.

    `known` are the slugs of the topics there are. `repeated` are the ids that several different items have, `rare` the
    tags that do not become topics and stay tags, with how many items have them.
    """

    known: frozenset[str] = frozenset()
    repeated: Counter[str] = field(default_factory=Counter)
    rare: Counter[str] = field(default_factory=Counter)

    def look(self, records: Iterable[Record]) -> None:
        """Look through all records of a file."""
        first: dict[str, str] = {}
        different: set[str] = set()
        times: Counter[str] = Counter()
        tags: Counter[str] = Counter()
        for record in records:
            own, rest = named(record.fields)
            if own:
                times[own] += 1
                if first.setdefault(own, rest) != rest:
                    different.add(own)
            tags.update(topic_names(record.fields))
        self.repeated = Counter({own: times[own] for own in different})
        self.rare = self._rare(tags)

    def _rare(self, tags: Counter[str]) -> Counter[str]:
        by_slug: Counter[str] = Counter()
        slugs: dict[str, str] = {}
        for name, times in tags.items():
            topic = named_topic(name)
            if topic is not None and topic.slug not in self.known | _START:
                slugs[name] = topic.slug
                by_slug[topic.slug] += times
        room = min(FEW, max(0, MOST - len(self.known)))
        if len(by_slug) <= room:
            return Counter()
        often = [slug for slug, times in by_slug.most_common() if times >= OFTEN][:room]
        return Counter({name: tags[name] for name, slug in slugs.items() if slug not in often})
