"""What two articles have in common by words that few others have."""

import pytest

from bot.model.news import Lemma
from bot.relevance.common_ground import common_ground, rare_words
from bot.relevance.semantic import AGE_TAKES, Reranked

MINISTER, BELGIUM, BELGIAN, LOAN, YEAR = (
    Lemma(1, "міністр", 4000),
    Lemma(2, "бельгія", 30),
    Lemma(3, "бельгійський", 10),
    Lemma(4, "позика", 5),
    Lemma(5, "2026", 3),
)
RARE = rare_words((MINISTER, BELGIUM, LOAN, YEAR), (MINISTER, BELGIUM, BELGIAN, LOAN), 10_000)


def test_the_two_rarest_things_that_both_have_count_in_any_form_of_the_word() -> None:
    nothing, common, one, other_form, both = ({9}, {1, 9}, {2, 1}, {3, 1}, {2, 4, 1})
    worth = [common_ground(RARE, heading) for heading in (nothing, common, one, other_form, both)]
    assert worth[0] == 0
    assert worth[0] < worth[1] < worth[2] < worth[4] < 1
    assert worth[3] == worth[2], "a word made from it says the same"
    assert common_ground(RARE, {2, 3, 1}) == worth[2], "two forms of one word are one thing"
    assert common_ground(RARE, {2, 4}) == worth[4], "a third, common thing adds nothing"
    assert common_ground(RARE, {5}) == 0, "numbers of a series say nothing"


@pytest.mark.parametrize("total", [0, 1, 2, 10, 1_000_000])
def test_rareness_lies_between_nothing_and_one_however_many_articles_there_are(total: int) -> None:
    for articles in (1, 2, total or 1, 2 * total + 1):
        ((rareness, lemmas),) = rare_words((Lemma(1, "музей", articles),), (), total)
        assert 0 <= rareness <= 1
        assert lemmas == {1}
    assert rare_words((), (), total) == []


def test_in_a_newsroom_of_five_no_word_is_common_yet() -> None:
    ((rareness, _),) = rare_words((Lemma(1, "музей", 5),), (), 5)
    assert rareness > 0.5


def test_a_score_is_one_for_the_same_and_what_is_in_another_language_counts_as_middling() -> None:
    found = Reranked({1: 1.0, 2: 0.5, 3: 0.5, 4: 0.5}, frozenset({3}))
    scores = found.scores({1: 1.0, 2: 1.0, 4: 0.0})
    assert scores[1] == pytest.approx(1.0)
    assert scores[4] < scores[3] < scores[2] < scores[1]
    assert 0.1 < AGE_TAKES < 0.25
    assert found.scores({})[1] < 1.0, "an article without words in the index has nothing in common"
