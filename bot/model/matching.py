"""Match keys: where subscriptions and articles meet, and what becomes of an article for a reader."""

from dataclasses import dataclass
from enum import IntEnum

_LONGEST = 18  # digits of a number: what a 64-bit column of the database holds, whatever a made-up button says
LONGEST_KEY = 1 + _LONGEST  # characters of a key as text


class MatchKind(IntEnum):
    """What a match key names, the most particular first: of two rules that match, the lower kind says more."""

    KEYWORD = 0
    STORY = 1
    SOURCE = 2
    TOPIC = 3
    EVERYTHING = 4


_LETTERS = {
    MatchKind.KEYWORD: "k",
    MatchKind.STORY: "y",
    MatchKind.SOURCE: "s",
    MatchKind.TOPIC: "t",
    MatchKind.EVERYTHING: "*",
}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True, order=True)
class MatchKey:
    """One thing that an article has and a reader may want: a topic for example; `id` is its number, 0 for EVERYTHING.

    Keys sort with the most particular first. As text ("t3", "*") a key stands in columns and in callback data only.
    """

    kind: MatchKind
    id: int = 0

    def encode(self) -> str:
        """Return the key as text, at most 19 characters."""
        letter = _LETTERS[self.kind]
        return letter if self.kind is MatchKind.EVERYTHING else f"{letter}{self.id}"

    @classmethod
    def parse(cls, text: str) -> "MatchKey":
        """Return the key of a text; raises ValueError for anything else: anybody can make up a button."""
        kind, digits = _KINDS.get(text[:1]), text[1:]
        if kind is MatchKind.EVERYTHING and not digits:
            return EVERYTHING
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST
        if kind is None or kind is MatchKind.EVERYTHING or not is_number:
            raise ValueError(text)
        return cls(kind, int(digits))


EVERYTHING = MatchKey(MatchKind.EVERYTHING)


def general_first(key: MatchKey) -> tuple[int, int]:
    """Return the sorting key of the other order: everything and topics before what is particular."""
    return -key.kind, key.id


def topic_key(topic_id: int) -> MatchKey:
    """Return the match key of a topic."""
    return MatchKey(MatchKind.TOPIC, topic_id)


def source_key(source_id: int) -> MatchKey:
    """Return the match key of a source."""
    return MatchKey(MatchKind.SOURCE, source_id)


def story_key(story_id: int) -> MatchKey:
    """Return the match key of a story."""
    return MatchKey(MatchKind.STORY, story_id)


def keyword_key(keyword_id: int) -> MatchKey:
    """Return the match key of a keyword."""
    return MatchKey(MatchKind.KEYWORD, keyword_id)


@dataclass(frozen=True, slots=True)
class Targeting:
    """What matters of an article when readers are chosen for it.

    `channel_id` is the chat of the channel whose post it is, which does not get it back; None for any other article.
    """

    keys: frozenset[MatchKey]
    language: str
    urgent: bool = False
    channel_id: int | None = None


class Route(IntEnum):
    """What becomes of an article for a reader."""

    NOT = 0
    NOW = 1
    LATER = 2  # in the next digest
