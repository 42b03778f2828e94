"""What a word is worth, and in what order what was found is shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.news import Candidate, Lemma, Terms
from bot.relevance.ranking import (
    FLOOR,
    affordable,
    freshness,
    one_of_each,
    own_score,
    skeleton,
    top_terms,
    wanted_stems,
    worths,
)
from bot.relevance.weights import impact, impacts, rarity, weight, weights

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BRIDGE, BUDGET, COUNCIL, COFFEE = Lemma(1, "міст", 1), Lemma(2, "бюджет", 1), Lemma(3, "рада", 40), Lemma(4, "кава", 1)


@pytest.mark.parametrize(("days", "left"), [(0, 1.0), (14, 0.75), (-14, 0.75), (28, 0.625), (1000, 0.5)])
def test_age_takes_half_of_what_is_above_the_floor_in_two_weeks_either_way(days: int, left: float) -> None:
    assert freshness(NOW, NOW + timedelta(days=days)) == pytest.approx(left, abs=1e-6)


def test_what_has_no_time_is_worth_the_floor() -> None:
    assert freshness(NOW, None) == freshness(None, NOW) == freshness(None, None) == FLOOR == 0.5


def test_the_terms_of_an_article_are_the_rarest_of_its_title_and_lead() -> None:
    vector = {1: (1, 0, 0), 2: (0, 1, 0), 3: (1, 1, 0), 4: (0, 0, 5)}
    lemmas = [COFFEE, COUNCIL, BUDGET, BRIDGE]
    # 422 is what a word says that one of a hundred has, 92 one that forty have; the title counts twice.
    assert top_terms(vector, lemmas, 100) == {BRIDGE: 715, BUDGET: 422, COUNCIL: 193}
    assert list(top_terms(vector, lemmas, 100)) == [BRIDGE, BUDGET, COUNCIL]
    assert list(top_terms(vector, lemmas, 100, 2)) == [BRIDGE, BUDGET]


def test_of_terms_that_say_as_much_the_first_of_the_alphabet_are_taken() -> None:
    lemmas = [Lemma(n, text, 1) for n, text in enumerate("вбга")]
    assert [lemma.text for lemma in top_terms(dict.fromkeys(range(4), (1, 0, 0)), lemmas, 10, 3)] == ["а", "б", "в"]


def test_words_of_four_letters_and_more_are_looked_for_by_their_beginning() -> None:
    words = [Lemma(n, text, 1) for n, text in enumerate(["рак", "міст", "бюджет", "бюджетник"])]
    assert wanted_stems(words) == ["бюдже", "міст"]


def test_a_term_is_worth_more_than_its_kin_and_kin_what_they_all_together_say() -> None:
    kin = [BUDGET, Lemma(5, "бюджетник", 9), BRIDGE, Lemma(6, "мости", 3)]
    # Ten of a hundred articles have a word of that family: its worth is 228 of 422 of the term's.
    assert worths({BUDGET: 100, BRIDGE: 50}, kin, 100) == {1: 50 + 50, 2: 100 + 54, 5: 54}


def test_short_words_have_no_kin() -> None:
    assert worths({Lemma(7, "рак", 2): 100}, [Lemma(7, "рак", 2), Lemma(8, "рак", 5)], 100) == {7: 200}


def test_a_family_that_too_many_articles_have_is_left_to_the_term_itself() -> None:
    term, other = Lemma(1, "бюджет", 10), Lemma(2, "бюджетник", 1490)
    rare, common = (
        worths({term: 100}, [term, other], 10_000),
        worths({term: 100}, [term, replace(other, articles=1491)], 10_000),
    )
    assert set(rare) == {1, 2}
    assert set(common) == {1}
    assert common[1] > 100  # what the family says is still added to the term


def test_a_family_has_no_more_articles_than_there_are() -> None:
    term, other = Lemma(1, "бюджет", 3), Lemma(2, "бюджетник", 4)
    assert worths({term: 100}, [term, other], 4) == worths({term: 100}, [term, Lemma(2, "бюджетник", 1)], 4)


def _lists(*sizes: int) -> list[Lemma]:
    return [Lemma(n, str(n), size) for n, size in enumerate(sizes, 1)]


def test_the_three_rarest_are_read_however_common_and_others_while_they_cost_little() -> None:
    worth = {1: 10, 2: 20, 3: 30, 4: 40, 5: 50}
    read, late = affordable(worth, [*_lists(2000, 10, 1400, 80, 50), Lemma(9, "не того", 1)], 10_000)
    assert (read, late) == ({2: 20, 5: 50, 4: 40}, {3: 30, 1: 10})
    assert affordable(worth, _lists(1900, 1800, 1700, 1600, 1500), 10_000)[0] == {5: 50, 4: 40, 3: 30}
    assert affordable(worth, _lists(500, 400, 300, 200, 100), 10_000)[1] == {}  # 1 500 together, not more
    assert affordable(worth, _lists(501, 400, 300, 200, 100), 10_000)[1] == {1: 10}


def test_of_a_large_archive_only_the_newest_fifty_thousand_cost_anything() -> None:
    worth = dict.fromkeys(range(1, 6), 1)
    assert affordable(worth, _lists(1000, 800, 600, 400, 200), 100_000)[1] == {}
    assert set(affordable(worth, _lists(1002, 800, 600, 400, 200), 100_000)[1]) == {1}
    assert set(affordable(worth, _lists(1002, 800, 600, 400, 200), 50_000)[1]) == {1, 2}


def test_the_score_of_an_article_adds_up_what_it_shares() -> None:
    vector = {1: (1, 0, 0), 2: (0, 1, 1), 3: (0, 0, 2)}  # weights 3, 3 and 2
    assert own_score(vector, {1: 10, 3: 7, 9: 5}) == 10 * impact(3, 8) + 7 * impact(2, 8)
    assert own_score(vector, {}) == 0


def test_what_a_word_weighs_and_what_a_match_with_it_is_worth() -> None:
    terms = Terms(title={"міст": 1}, lead={"міст": 1, "кава": 2}, body={"кава": 3, "рада": 40})
    assert weights(terms) == {"міст": 5, "кава": 7, "рада": 30}
    assert (weight(1, 1, 0), weight(0, 2, 3), weight(0, 0, 40)) == (5, 7, 30)
    assert impacts({"міст": 5, "кава": 7}) == {"міст": impact(5, 12), "кава": impact(7, 12)}
    assert (impact(3, 6), impact(3, 100), impact(3, 5000)) == (676, 233, 233)
    assert (rarity(100, 1), rarity(100, 40), rarity(100, 100)) == (422, 92, 1)


def test_the_headlines_of_a_series_are_one_but_for_their_numbers() -> None:
    assert skeleton("Курс на 5 грудня: 41, 20") == skeleton("Курс на 6 грудня — 39, 99") == "курс на # грудня # #"
    assert skeleton("Курс на 5 грудня") != skeleton("Курс на 5 січня")


def _found(*items: Candidate, about: Candidate | None = None) -> list[int]:
    ranked = [(1 - n / 10, item) for n, item in enumerate(items)]
    kept = one_of_each(ranked, about)
    assert [pair for pair in ranked if pair in kept] == kept
    return [item.id for _, item in kept]


def _item(number: int, same_as: int | None = None, title: str = "") -> Candidate:
    return Candidate(number, title or "новина " + "абвгґдеєжзиі"[number], same_as=same_as)


def test_of_an_article_and_its_copies_the_first_found_is_shown() -> None:
    assert _found(_item(1), _item(2, 1), _item(3)) == [1, 3]
    assert _found(_item(2, 1), _item(1), _item(3, 1)) == [2]


def test_a_copy_of_the_article_asked_about_is_not_shown_nor_what_it_copies() -> None:
    assert _found(_item(2, 1), _item(3), about=_item(1)) == [3]
    assert _found(_item(1), _item(3, 1), _item(4), about=_item(2, 1)) == [4]


def test_of_a_recurring_series_one_is_shown_and_none_when_the_article_asked_about_is_of_it() -> None:
    series = [_item(n, title=f"Курс на {n} грудня") for n in (1, 2)]
    assert _found(*series, _item(3)) == [1, 3]
    assert _found(*series, _item(3), about=_item(4, title="Курс на 4 грудня")) == [3]
