"""A text as it is compared with another: its words, its word triples, its numbers and its names."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import regex

from bot.relevance.lemmas import lemmas_of, tokens
from bot.relevance.weights import stem
from bot.text.language import detect_language

_NAME = regex.compile(r"(?<=[\p{L}\d,»)\"'’-]\s[«\"(]?)\p{Lu}[\p{L}'’-]{2,}")
TOP = 12  # words that a text is known by
_NUMBER = regex.compile(r"\d+")
_MONTHS = frozenset(
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень "
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь "
    "january february march april may june july august september october november december "
    "понеділок вівторок середа четвер п'ятниця субота неділя "
    "понедельник вторник среда четверг пятница суббота воскресенье "
    "monday tuesday wednesday thursday friday saturday sunday".replace("'", "").split()
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared of a text. `words` are lemmas with their counts, those of the title counted twice.

    `parts` are the title and the rest as they are written, `top` the words that are said most, `norm` is the length of
    the words as a vector, their counts damped.
    """

    language: str
    title: frozenset[str]
    words: Mapping[str, int]
    triples: frozenset[tuple[str, ...]]
    length: int
    numbers: frozenset[str]
    dates: frozenset[str]
    names: Mapping[str, int]
    has_text: bool
    parts: tuple[str, str] = ("", "")
    norm: float = field(init=False)
    top: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Work out what every comparison asks for: once, not once for each of them."""
        words = self.words
        object.__setattr__(self, "norm", norm(words))
        object.__setattr__(self, "top", tuple(sorted(words, key=lambda word: (-words[word], word))[:TOP]))


def fingerprint(title: str, text: str) -> Fingerprint:
    """Return the sketch of an article; `text` is everything beyond the title, without markup."""
    language = detect_language(f"{title} {text}")
    beginning, rest = list(tokens(title)), list(tokens(text))
    heading, body = list(lemmas_of(beginning, language)), list(lemmas_of(rest, language))
    whole = f"{title} . {text}" if title and text else title or text
    sequence = beginning + rest
    words = Counter({word: 2 * n for word, n in Counter(heading).items()}) + Counter(body)
    return Fingerprint(
        language=language,
        title=frozenset(heading),
        words=words,
        triples=_triples(sequence),
        length=len(sequence),
        numbers=frozenset(_NUMBER.findall(whole)),
        dates=frozenset(word for word in words if word in _MONTHS),
        names=Counter(stem(found.group().casefold()) for found in _NAME.finditer(whole)),
        has_text=bool(text.strip()),
        parts=(title, text),
    )


def norm(words: Mapping[str, int]) -> float:
    """Return the length of a bag of words as a vector, counts damped by their logarithm."""
    return math.sqrt(sum(damped(n) ** 2 for n in words.values()))


@lru_cache(maxsize=1024)
def damped(n: int) -> float:
    """Return how much a word counts that is said `n` times."""
    return 1 + math.log(n)


def _triples(sequence: list[str]) -> frozenset[tuple[str, ...]]:
    if len(sequence) < 3:
        return frozenset({tuple(sequence)}) if sequence else frozenset()
    return frozenset(zip(sequence, sequence[1:], sequence[2:], strict=False))
