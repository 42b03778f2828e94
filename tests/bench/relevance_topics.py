"""How well topics are proposed: by words, and by the nearest filed articles by meaning, on titles that are labelled."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.relevance.embedder import Embedder
from bot.relevance.embeddings import cosine_to, embedded_text
from bot.relevance.lemmas import terms_of
from bot.relevance.topic_adviser import NEIGHBOURS, agreed
from bot.relevance.topics import propose_slugs
from tests.bench.relevance_data import lines
from tests.bench.relevance_meaning import NOT_INSTALLED

_LABELS = {"b": "economy", "t": "tech", "e": "culture", "m": "health"}
_ASKED, _FILED = 1200, (200, 1000)
_LEAST = 0.2  # cosine, as in the product
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Title:
    story: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was proposed for a title, None where the way has nothing to go by."""

    title: _Title
    topics: Sequence[str]

    @property
    def is_right(self) -> bool:
        return self.title.topic in self.topics


async def topics(data: Path, model: Embedder | None, say: Say) -> None:
    """Propose topics for titles none of whose story is filed, and tell how often something is said, and is right."""
    titles = [_Title(one["story"], _LABELS[one["category"]], one["title"]) for one in lines(data / "stories-en.jsonl")]
    dice = random.Random(1)
    asked = dice.sample(titles, _ASKED)
    by_words = {one: propose_slugs(terms_of(one.text, "", "", "en")) for one in asked}
    say(f"\nTOPICS ({_ASKED} titles; none of the same story is filed)   half: says, right of it [95 %, by stories]")
    _tell("by words", [_Answer(one, by_words[one]) for one in asked], say)
    if model is None:
        say(NOT_INSTALLED)
        return
    filed = dice.sample(titles, max(_FILED))
    texts = dict.fromkeys(one.text for one in (*asked, *filed))
    vectors = dict(zip(texts, await model.embed([embedded_text(text, "") for text in texts]), strict=True))
    await model.close()
    for number in _FILED:
        answers = [_Answer(one, _by_meaning(one, filed[:number], vectors, by_words[one])) for one in asked]
        _tell(f"by meaning, {number} filed", answers, say)


def _by_meaning(
    one: _Title, filed: Sequence[_Title], vectors: Mapping[str, bytes], by_words: Sequence[str]
) -> Sequence[str]:
    cosine = cosine_to(vectors[one.text])
    near = sorted(
        ((cosine(vectors[other.text]), other.topic) for other in filed if other.story != one.story), reverse=True
    )
    names = sorted(set(_LABELS.values()))
    neighbours = [
        (likeness, frozenset({names.index(topic)})) for likeness, topic in near[:NEIGHBOURS] if likeness >= _LEAST
    ]
    found = agreed(neighbours, [names.index(topic) for topic in by_words if topic in names])
    return by_words if found is None else [names[number] for number in found]


def _tell(way: str, answers: Sequence[_Answer], say: Say) -> None:
    stories = sorted({answer.title.story for answer in answers})
    random.Random(7).shuffle(stories)
    told = []
    for name, half in (("choose", stories[::2]), ("report", stories[1::2])):
        mine = {story: [answer for answer in answers if answer.title.story == story] for story in half}
        said = [answer for some in mine.values() for answer in some if answer.topics]
        share = len(said) / max(1, sum(map(len, mine.values())))
        low, high = _interval(list(mine.values()))
        right = sum(answer.is_right for answer in said) / max(1, len(said))
        told.append(f"{name}: {share:.3f}, {right:.3f} [{low:.3f}, {high:.3f}]")
    say(f"{way:<28} " + "   ".join(told))


def _interval(stories: Sequence[Sequence[_Answer]]) -> tuple[float, float]:
    """Return the 95 % interval of the share that is right, with stories drawn anew: titles of one are not independent."""
    dice = random.Random(0)
    shares = []
    for _ in range(1000):
        said = [answer for some in dice.choices(stories, k=len(stories)) for answer in some if answer.topics]
        shares.append(sum(answer.is_right for answer in said) / max(1, len(said)))
    shares.sort()
    return shares[25], shares[974]
