"""How much a word says about an article: a row for each thing that makes it more or less."""

import pytest

from bot.model.news import Terms
from bot.relevance.weights import impact, impacts, rarity, stem, weight, weights


def test_a_word_counts_three_times_in_the_title_twice_in_the_lead_and_thirty_at_most() -> None:
    terms = Terms(title={"міст": 1, "день": 10}, lead={"міст": 1, "річка": 2}, body={"міст": 4, "рік": 5, "день": 1})
    assert weights(terms) == {"міст": 9, "річка": 4, "рік": 5, "день": 30}
    assert terms.body == {"міст": 4, "рік": 5, "день": 1}, "what is counted stays as it is"
    for word, counted in weights(terms).items():
        parts = (terms.title.get(word, 0), terms.lead.get(word, 0), terms.body.get(word, 0))
        assert weight(*parts) == counted


@pytest.mark.parametrize(
    ("n", "length", "worth"),
    [(1, 10, 357), (1, 100, 92), (1, 5_000, 92), (3, 50, 357), (30, 30, 893), (30, 1_000, 752), (0, 10, 0)],
)
def test_a_match_is_worth_more_where_the_word_is_frequent_and_less_where_the_text_is_long(
    n: int, length: int, worth: int
) -> None:
    assert impact(n, length) == worth


def test_what_the_words_of_one_article_are_worth() -> None:
    assert impacts({"міст": 3, "річка": 1, "рік": 1}) == {word: impact(n, 5) for word, n in
                                                         (("міст", 3), ("річка", 1), ("рік", 1))}  # fmt: skip
    assert impacts({}) == {}


@pytest.mark.parametrize(
    ("total", "articles", "says"), [(999, 1, 651), (999, 500, 70), (10, 10, 6), (10, 1_000, 1), (0, 0, 70), (0, 1, 1)]
)
def test_a_rare_word_says_much_and_the_most_frequent_one_something(total: int, articles: int, says: int) -> None:
    assert rarity(total, articles) == says


@pytest.mark.parametrize(("word", "beginning"), [("міст", "міст"), ("відкриття", "відкр"), ("", "")])
def test_a_beginning_has_five_letters(word: str, beginning: str) -> None:
    assert stem(word) == beginning
