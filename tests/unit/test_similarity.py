"""Two texts side by side, by numbers: where a copy ends and another article begins, and what makes a story."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from bot.relevance.fingerprints import Fingerprint, fingerprint
from bot.relevance.similarity import THRESHOLD, compare, cosine, features, is_duplicate, story_score

TEXT = (
    "Міська рада відкрила новий міст через річку. Будували його понад три роки, а коштував він більше, ніж чекали. "
    "Мер подякував робітникам за працю і пообіцяв ще один. "
)


def _sketch(
    words: Sequence[str],
    *,
    title: Iterable[str] = (),
    numbers: Iterable[str] = (),
    dates: Iterable[str] = (),
    names: Iterable[str] = (),
) -> Fingerprint:
    """Return the sketch of a text of these words, one after the other."""
    return Fingerprint(
        language="uk",
        title=frozenset(title),
        words=Counter(words),
        triples=frozenset(zip(words, words[1:], words[2:], strict=False)),
        length=len(words),
        numbers=frozenset(numbers),
        dates=frozenset(dates),
        names=Counter(names),
        has_text=True,
        parts=("", " ".join(words)),
    )


def _words(number: int, first: int = 0) -> list[str]:
    return [f"{n:03}слово" for n in range(first, first + number)]


@pytest.mark.parametrize(
    ("shorter", "longer", "duplicate"),
    [
        (3, 3, False),  # three words are no article
        (4, 4, True),
        (11, 22, True),
        (11, 23, False),  # a phrase that both have
        (12, 40, True),  # what was cut
    ],
)
def test_a_part_of_a_text_is_a_copy_unless_it_is_a_mere_phrase(shorter: int, longer: int, duplicate: bool) -> None:
    one, other = _sketch(_words(shorter)), _sketch(_words(longer))
    assert is_duplicate(one, other) is is_duplicate(other, one) is duplicate


@pytest.mark.parametrize(
    ("words", "hours", "duplicate"),
    [(39, 6, True), (39, 6.1, False), (39, 48.1, False), (40, 48, True), (40, 48.1, True), (40, 1000, True)],
)
def test_the_same_text_hours_later_is_a_copy_only_when_it_is_long(words: int, hours: float, duplicate: bool) -> None:
    assert is_duplicate(_sketch(_words(words)), _sketch(_words(words)), hours) is duplicate


@pytest.mark.parametrize(("hours", "resembles"), [(6, False), (6.1, True), (48, True), (48.1, False)])
def test_the_same_few_words_hours_later_resemble_what_they_repeat(hours: float, resembles: bool) -> None:
    assert compare(_sketch(_words(39)), _sketch(_words(39)), hours).resembles is resembles


def test_the_same_text_after_two_days_is_of_the_same_day_only_when_its_numbers_and_dates_agree() -> None:
    one = _sketch(_words(40), numbers="5", dates=["травень"])
    assert is_duplicate(one, one, 49)
    for other in (_sketch(_words(40), dates=["травень"]), _sketch(_words(40), numbers="5")):
        assert not is_duplicate(one, other, 49)
        assert is_duplicate(one, other, 48)


def _alike(shared_percent: int, likeness_percent: int) -> bool:
    """Compare two long texts that share so many of their triples and so many of their words."""
    made = []
    for name in "ab":
        words = [f"{n}" if n < likeness_percent else f"{n}{name}" for n in range(100)]
        triples = [(f"{n}",) if n < shared_percent else (f"{n}{name}",) for n in range(100)]
        made.append(Fingerprint("uk", frozenset(), Counter(words), frozenset(triples), 100, frozenset(), frozenset(), {}, True))  # fmt: skip
    return is_duplicate(made[0], made[1])


@pytest.mark.parametrize(
    ("shared", "likeness", "alike"),
    [
        (35, 81, True), (34, 100, False), (35, 79, False), (69, 79, False),
        (70, 73, True), (69, 73, False), (70, 71, False), (84, 71, False),
        (85, 51, True), (84, 51, False), (85, 49, False), (99, 49, False),
    ],
)  # fmt: skip
def test_how_much_two_texts_must_share_to_be_copies(shared: int, likeness: int, alike: bool) -> None:
    assert _alike(shared, likeness) is alike


@pytest.mark.parametrize(
    ("numbers", "duplicate"),
    [
        (("5", "6"), False),
        (("5", "5"), True),
        (("5 7", "5 6"), False),
        (("1962", "62"), False),
        (("1962 року", "62 року"), True),  # a year is its two last figures
        (("62 року", "1962-го"), True),
        (("Мехіко-1968", "Мехіко-68"), True),
        (("1962", "’62"), True),
        (("1262 року", "62 року"), False),
        (("1962 року 5", "62 року 6"), False),
        (("1 234 567 890 123 456 789", "1 234 567 890 123 456 788"), False),
        (("1962", "63"), False),
        (("162", "62"), False),
        (("1962", "п’ять"), False),
        (("5", "п’ять"), True),
        (("1,5 млн", "1 500 000"), True),
        (("25 тисяч", "двадцять п’ять тисяч"), True),
    ],
)
def test_a_copy_has_the_same_numbers(numbers: tuple[str, str], duplicate: bool) -> None:
    one, other = (
        fingerprint("", f"{TEXT} За рік тут побували {some} гостей. {TEXT.replace('Мер', 'Він')}") for some in numbers
    )
    assert is_duplicate(one, other) is is_duplicate(other, one) is duplicate


@pytest.mark.parametrize(
    ("days", "duplicate"),
    [(("у травні", "у червні"), False), (("у травні", ""), True), (("завтра", "сьогодні"), False)],
)
def test_a_copy_may_leave_a_day_out_but_not_have_another(days: tuple[str, str], duplicate: bool) -> None:
    one, other = (fingerprint("", f"{TEXT} Міст відкриють {some} з нагоди свята міста. {TEXT}") for some in days)
    assert is_duplicate(one, other) is is_duplicate(other, one) is duplicate


@pytest.mark.parametrize(
    ("length", "copy"),
    [(2, True), (1, False)],  # of a short text every word counts
)
def test_in_a_short_text_every_word_makes_another_article(length: int, copy: bool) -> None:
    one, other = (fingerprint("", TEXT * length + word) for word in ("Мер заявив.", "Мер сказав."))
    assert is_duplicate(one, other) is copy


def test_what_a_story_is_told_by() -> None:
    one = _sketch(["міст", "міст", "бюджет"], title=["міст"], numbers="12", names=["київ"])
    other = _sketch(["міст"], title=["міст", "кава"], numbers="23", names=["київ", "львів"])
    found = features(one, other)
    assert found == features(other, one)
    assert found == {
        "words": pytest.approx((1 + math.log(2)) / math.hypot(1 + math.log(2), 1)),
        "title_least": 0.5,
        "title_most": 1.0,
        "numbers": pytest.approx(1 / 3),
        "names": 0.5,
        "top": pytest.approx(1 / 12),
    }


def test_of_a_text_its_twelve_most_frequent_words_are_looked_for() -> None:
    many = [*_words(12), *_words(13)]  # the thirteenth stands there once
    assert features(_sketch(many), _sketch(["012слово"]))["top"] == pytest.approx(1 / 24)
    assert features(_sketch(many), _sketch(["011слово"]))["top"] == pytest.approx(1 / 12)


def test_the_cosine_of_two_bags_of_words() -> None:
    assert cosine({"а": 1, "б": 2}, {"а": 2, "в": 1}) == pytest.approx((1 + math.log(2)) / (1 + (1 + math.log(2)) ** 2))
    assert cosine({}, {}) == cosine({"а": 1}, {"б": 1}) == 0


NOTHING = (_sketch(["а"]), _sketch(["б"]))
MUCH = (_sketch(_words(20), title=_words(3), numbers="123456789", names="абвгґ"),) * 2


def test_the_likelihood_of_one_story_as_it_was_fitted() -> None:
    assert (story_score(*NOTHING), story_score(*MUCH)) == (0.0157, 0.9648)
    assert (story_score(*NOTHING, alike=0.0), story_score(*MUCH, alike=1.0)) == (0.0043, 0.9745)
    assert story_score(*NOTHING, alike=0.624) == 0.0315


def _logit(score: float) -> float:
    return math.log(score / (1 - score))


def test_each_day_beyond_the_first_makes_one_story_less_likely_by_as_much() -> None:
    at = [_logit(story_score(*MUCH, hours)) for hours in (0, 24, 48, 72)]
    assert at[0] == at[1]
    assert at[1] - at[2] == pytest.approx(0.35, abs=0.01)
    assert at[2] - at[3] == pytest.approx(0.35, abs=0.01)


def test_a_verdict_is_a_copy_or_a_story_or_neither() -> None:
    copy, story, neither = compare(*MUCH), compare(*MUCH, 49), compare(*NOTHING)
    assert (copy.duplicate, copy.same_story, copy.score) == (True, True, 1.0)
    assert (story.duplicate, story.same_story, story.score) == (False, True, story_score(*MUCH, 49))
    assert (neither.duplicate, neither.same_story, neither.score) == (False, False, story_score(*NOTHING))
    assert story.score > THRESHOLD > neither.score


def test_a_sketch_of_an_article() -> None:
    sketch = fingerprint("Міст відкрив Кличко 5 травня", "Учора Кличко і Зеленський відкрили 2 мости.")
    assert sketch.title == {"міст", "відкрити", "кличко", "5", "травень"}
    assert sketch.words == {
        "міст": 3, "відкрити": 3, "кличко": 3, "5": 2, "травень": 2, "учора": 1, "зеленський": 1, "2": 1,
    }  # fmt: skip
    assert (sketch.length, len(sketch.triples)) == (12, 10)
    assert (sketch.numbers, sketch.dates, sketch.has_text) == ({"2", "5"}, {"травень"}, True)
    assert sketch.names == {"кличк": 2, "зелен": 1}  # the first word of a sentence is no name
    assert not fingerprint("Міст", " ").has_text
    assert fingerprint("Міст відкрили", "").triples == {("міст", "відкрили")}
    assert fingerprint("", "").triples == frozenset()
