"""What goes on with one story: a shared name or number with less likeness, series apart, and stories that do not drift."""

import math
import random
from collections import Counter, defaultdict

import pytest

from bot.relevance.fingerprints import fingerprint
from bot.relevance.joining import belongs, joins_by_meaning, joins_by_words
from bot.relevance.similarity import story_score

FIRE = ("Пожежа на заводі в Одесі", "У понеділок на заводі Кранекс в Одесі горіло два цехи, людей вивели вчасно.")
AFTER = ("Завод відновить роботу", "Як сказав директор заводу Кранекс, цехи після пожежі в Одесі запрацюють за місяць.")
APART = (
    "Завод збільшив випуск",
    "Металургійний завод Азов торік збільшив випуск прокату, а цехи перейшли на дві зміни.",
)


def _joined(one: tuple[str, str], other: tuple[str, str], hours: float = 5, alike: float | None = None) -> bool:
    a, b = fingerprint(*one), fingerprint(*other)
    if alike is None:
        return joins_by_words(a, b, hours, story_score(a, b, hours))
    return joins_by_meaning(a, b, hours, alike)


def test_a_shared_name_makes_up_for_some_likeness() -> None:
    assert _joined(FIRE, AFTER)
    assert not _joined(FIRE, APART)
    assert not _joined(AFTER, APART)


def test_titles_alone_need_more_and_something_written_in_both() -> None:
    one, other = (
        ("Зеленський: США розуміють, що Україні потрібні Tomahawk", ""),
        ("Трамп відмовив у ракетах Tomahawk", ""),
    )
    assert not _joined(one, other)
    assert _joined(one, other, alike=0.60)
    assert not _joined(one, ("Ракети не передадуть", ""), alike=0.60)
    assert _joined(one, ("Ракети не передадуть", ""), alike=0.70)


def test_the_bulletins_of_a_series_are_no_story_and_the_numbers_of_one_day_are() -> None:
    one, other = ("За добу на фронті 162 боєзіткнення", ""), ("На фронті за добу 272 боєзіткнення", "")
    assert not _joined(one, other, hours=24, alike=0.9)
    assert _joined(("Вибух у Стамбулі: 5 загиблих", ""), ("Вибух у Стамбулі: 6 загиблих", ""), hours=3, alike=0.9)


@pytest.mark.parametrize(("alike", "joined"), [(0.55, True), (0.45, False)])
def test_two_languages_go_by_meaning(alike: float, joined: bool) -> None:
    english = ("Factory fire in Odesa", "Two workshops of the Kranex factory burned on Monday, people were led out.")
    assert _joined(FIRE, english, alike=alike) is joined


def test_a_longer_story_takes_in_less_easily() -> None:
    assert belongs([0.45], [], 2)
    assert not belongs([0.45], [], 64)
    assert belongs([], [0.35], 2)
    assert not belongs([], [], 2)


def _unit(values: list[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in values))
    return [value / length for value in values]


def _cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _grown(guarded: bool) -> dict[str, float]:
    """Let a stream of events, with reports that lead from one to the next, thread; returns the purity by size."""
    dice = random.Random(13)
    events = [_unit([dice.gauss(0, 1) for _ in range(48)]) for _ in range(14)]
    stream: list[tuple[int, list[float]]] = []
    for number, event in enumerate(events):
        for n in range(8 + 4 * number):
            near = events[(number + 1) % len(events)] if n % 2 == 0 else event
            mixed = [0.6 * a + 0.4 * b for a, b in zip(event, near, strict=True)]
            stream.append((number, _unit([value + dice.gauss(0, 0.085) for value in _unit(mixed)])))
    dice.shuffle(stream)
    stories: list[list[int]] = []
    where: dict[int, int] = {}
    for n, (_, own) in enumerate(stream):
        closest = sorted(range(n), key=lambda m: -_cosine(own, stream[m][1]))[:12]
        for m in closest:
            if _cosine(own, stream[m][1]) < 0.55:
                break
            fellows = stories[where[m]]
            alike = [_cosine(own, stream[one][1]) for one in fellows[-12:]]
            if not guarded or belongs(alike, [], len(fellows) + 1):
                where[n] = where[m]
                fellows.append(n)
                break
        else:
            closest = []
        if n not in where:
            where[n] = len(stories)
            stories.append([n])
    sizes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for story in stories:
        counted = Counter(stream[n][0] for n in story)
        size = "2+" if len(story) < 10 else "10+" if len(story) < 30 else "30+"
        sizes[size].append((max(counted.values()), len(story)))
    return {size: sum(a for a, _ in found) / sum(b for _, b in found) for size, found in sizes.items()}


@pytest.mark.wide
def test_stories_do_not_drift_at_any_size() -> None:
    guarded, loose = _grown(guarded=True), _grown(guarded=False)
    assert min(guarded.values()) >= 0.9, guarded
    assert "30+" in guarded
    assert min(loose.values()) < 0.9, "this stream would not show drift"


def _side_by_side(sizes: tuple[int, ...], alike: float, seed: int) -> list[tuple[int, list[float]]]:
    """Return reports of events that run side by side, so alike; each tenth tells of the next event as well."""
    dice, dims = random.Random(seed), 32
    field = _unit([dice.gauss(0, 1) for _ in range(dims)])
    events = []
    for _ in sizes:
        own = _unit([dice.gauss(0, 1) for _ in range(dims)])
        events.append(_unit([math.sqrt(alike) * a + math.sqrt(1 - alike) * b for a, b in zip(field, own, strict=True)]))
    stream = []
    for number, size in enumerate(sizes):
        other = events[(number + 1) % len(events)]
        for n in range(size):
            part = 0.5 if n % 10 == 0 else 0.0
            told = [(1 - part) * a + part * b for a, b in zip(events[number], other, strict=True)]
            stream.append((number, _unit([value + dice.gauss(0, 0.12) for value in _unit(told)])))
    dice.shuffle(stream)
    return stream


def _united(stream: list[tuple[int, list[float]]], *, aware: bool) -> list[Counter[int]]:
    """Let reports be read, each uniting its story with that of a near one; returns what is in each in the end.

    Words have threaded them before, as many as ten of an event together: so it is stories that become one.
    """
    where: list[list[int]] = []
    threaded: dict[int, list[int]] = {}
    for n, (event, _) in enumerate(stream):
        if len(threaded.setdefault(event, [])) == 10:
            threaded[event] = []
        threaded[event].append(n)
        where.append(threaded[event])
    for n, (_, own) in enumerate(stream):
        near = sorted(((_cosine(own, stream[m][1]), m) for m in range(n)), reverse=True)[:12]
        for cosine, m in near:
            ours, theirs = where[n], where[m]
            if cosine < 0.55 or ours is theirs:
                break
            alike = [_cosine(stream[a][1], stream[b][1]) for a in ours[-12:] for b in theirs[-12:]]
            if belongs(alike, [], len(ours) + len(theirs) - 1, min(len(ours), len(theirs)) if aware else 1):
                one = sorted(ours + theirs)
                for a in one:
                    where[a] = one
                break
    return [Counter(stream[n][0] for n in story) for story in {id(story): story for story in where}.values()]


@pytest.mark.wide
def test_events_that_run_side_by_side_stay_stories_of_their_own_however_long() -> None:
    streams = [_side_by_side((120, 110, 40), 0.7, seed) for seed in (1, 2, 3)]

    def purity(*, aware: bool) -> float:
        long = [told for stream in streams for told in _united(stream, aware=aware) if told.total() >= 100]
        return sum(max(told.values()) for told in long) / sum(told.total() for told in long)

    assert purity(aware=True) >= 0.9
    assert purity(aware=False) < 0.9, "these streams would not show it"


def test_two_stories_that_have_grown_become_one_less_easily() -> None:
    assert belongs([0.5], [], 41, 1)
    assert belongs([0.5], [], 41, 2)
    assert not belongs([0.5], [], 41, 20)
    assert belongs([0.6], [], 41, 20)
