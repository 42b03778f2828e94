"""A look through a whole file before its items are taken: which ids are none, and which tags are topics."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.feeds.categories import named_topic
from bot.feeds.fields import TITLES, address_of, named, string_of, topic_names
from bot.feeds.findings import Record
from bot.feeds.items import without_id
from bot.model.news import Incoming
from bot.relevance.topics import START_TOPICS
from bot.text.cleaning import clean_line
from bot.text.urls import canonical_url, digest

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

    `known` are the slugs of the topics there are. `repeated` are the ids that several different items have, `shared`
    the addresses of several items with other titles that have no id of their own, `rare` the tags that do not become
    topics and stay tags; with how many items have them.
    """

    known: frozenset[str] = frozenset()
    repeated: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    rare: Counter[str] = field(default_factory=Counter)
    _written: dict[str, str] = field(default_factory=dict)  # by page, its address as the file has it first

    def look(self, records: Iterable[Record]) -> None:
        """Look through all records of a file."""
        first: dict[str, str] = {}
        different: set[str] = set()
        times: Counter[str] = Counter()
        tags: Counter[str] = Counter()
        told: dict[str, dict[str, list[str]]] = {}
        for record in records:
            own, rest = named(record.fields)
            if own:
                times[own] += 1
                if first.setdefault(own, rest) != rest:
                    different.add(own)
            if page := _page(record.fields):
                address = self._written.setdefault(page, address_of(record.fields))
                title = clean_line(string_of(record.fields, *TITLES))
                told.setdefault(address, {}).setdefault(digest(title), []).append(own)
            tags.update(topic_names(record.fields))
        self.repeated = Counter({own: times[own] for own in different})
        self.shared = self._shared(told)
        self.rare = self._rare(tags)

    def told_apart(self, fields: Mapping[str, object], incoming: Incoming) -> Incoming:
        """Return an article of this file, known by what no other one of it has."""
        own = named(fields)[0]
        if own and own not in self.repeated:
            return incoming
        with_address = self._written.get(_page(fields)) not in self.shared
        if not own and (with_address or not incoming.url):
            return incoming  # it is known so already, by the date that it says
        return without_id(incoming, with_address=with_address)

    def _shared(self, told: Mapping[str, Mapping[str, list[str]]]) -> Counter[str]:
        """Return the addresses that would tell items apart and do not: of a front page, for example."""
        several = {address: by_title.values() for address, by_title in told.items() if len(by_title) > 1}
        nameless = {
            address: sum(not own or own in self.repeated for owns in lists for own in owns)
            for address, lists in several.items()
        }
        return Counter({address: times for address, times in nameless.items() if times > 1})

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


def _page(fields: Mapping[str, object]) -> str:
    """Return the page a record was published on, as its identity would have it: a place on the page is no other one."""
    address = address_of(fields)
    return canonical_url(address) if address else ""
