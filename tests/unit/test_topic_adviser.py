"""Topics by meaning: the neighbours that were filed decide, words where there are too few, nothing where they disagree."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from bot.model.relevance import Embedded
from bot.relevance.embeddings import SIZE, ModelFailed
from bot.relevance.topic_adviser import TopicAdviser, agreed
from tests.support.clock import TestClock

WAR, SPORT, TECH = 1, 4, 7
ALL_SPORT = [(0.6, frozenset({SPORT}))] * 5
CASES: dict[str, tuple[Sequence[tuple[float, frozenset[int]]], Sequence[int], Sequence[int] | None]] = {
    "nobody near": ([], [WAR], None),
    "too few": (ALL_SPORT[:4], [WAR], None),
    "all agree, whatever words say": (ALL_SPORT, [WAR], [SPORT]),
    "four of five": ([*ALL_SPORT[:4], (0.6, frozenset({WAR}))], [], [SPORT]),
    "three of five": ([*ALL_SPORT[:3], *[(0.6, frozenset({WAR}))] * 2], [], []),
    "three of five, and the words": ([*ALL_SPORT[:3], *[(0.6, frozenset({WAR}))] * 2], [WAR, TECH], [WAR]),
    "the far one counts less": ([*ALL_SPORT[:4], *[(0.2, frozenset({WAR}))] * 2], [], [SPORT]),
    "two topics of all": ([(0.5, frozenset({SPORT, TECH}))] * 6, [], [SPORT, TECH]),
    "no more than two": ([(0.5, frozenset({WAR, SPORT, TECH}))] * 6, [], [WAR, SPORT]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_most_of_the_neighbours_are_is_proposed(name: str) -> None:
    neighbours, by_words, right = CASES[name]
    assert agreed(neighbours, by_words) == right


class _Near:
    """A meaning to which twenty articles lie near, or a newsroom without the model."""

    def __init__(self, *, on: bool = True) -> None:
        self._on = on

    async def state(self) -> int:
        return int(self._on)

    async def nearest(self, own: Embedded) -> dict[int, float]:
        assert own.language == "uk"
        return {number: 0.9 - number / 50 for number in range(1, 21)}


class _Filed:
    def __init__(self, filed: Mapping[int, int]) -> None:
        self._filed = filed

    async def filed(self, article_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
        return {n: frozenset({self._filed[n]}) for n in article_ids if n in self._filed}


class _Model:
    def __init__(self, trouble: Exception | None = None, seconds: float = 0.0) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self.trouble, self._seconds = trouble, seconds

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        self.asked += texts
        await asyncio.sleep(self._seconds)
        if self.trouble is not None:
            raise self.trouble
        return [bytes(SIZE) for _ in texts]

    async def close(self) -> None:
        self.closed += 1


def _adviser(filed: Mapping[int, int], model: _Model, clock: TestClock, *, on: bool = True) -> TopicAdviser:
    meaning: Any = _Near(on=on)
    topics: Any = _Filed(filed)
    return TopicAdviser(topics=topics, meaning=meaning, embedder=model, clock=clock)


async def test_the_ten_nearest_that_are_filed_decide() -> None:
    filed = {number: SPORT if number <= 12 else WAR for number in range(1, 21) if number % 6}
    model, clock = _Model(), TestClock()
    assert await _adviser(filed, model, clock).advice("Матч", "Текст", "uk", [WAR]) == [SPORT]
    assert model.asked == ["Матч\nТекст"]
    few = dict.fromkeys((1, 9, 17), SPORT)
    assert await _adviser(few, model, clock).advice("Матч", "Текст", "uk", [WAR]) is None


async def test_where_the_model_is_off_it_is_not_asked() -> None:
    model = _Model()
    assert await _adviser({1: WAR}, model, TestClock(), on=False).advice("А", "", "uk", []) is None
    assert model.asked == []


async def test_a_model_that_fails_leaves_it_to_the_words_and_is_left_alone_for_a_while() -> None:
    model, clock = _Model(ModelFailed("it ended with 9")), TestClock()
    adviser = _adviser(dict.fromkeys(range(1, 21), SPORT), model, clock)
    assert await adviser.advice("А", "", "uk", []) is None
    model.trouble = None
    assert await adviser.advice("Б", "", "uk", []) is None
    assert (model.asked, model.closed) == (["А"], 1)
    clock.advance(seconds=61)
    assert await adviser.advice("В", "", "uk", []) == [SPORT]


async def test_nobody_waits_for_a_slow_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.relevance.topic_adviser._PATIENCE", 0.01)
    model = _Model(seconds=30)
    adviser = _adviser(dict.fromkeys(range(1, 21), SPORT), model, TestClock())
    assert await adviser.advice("А", "", "uk", []) is None
    assert model.closed == 0
