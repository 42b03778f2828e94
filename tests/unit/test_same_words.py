"""Headlines that differ by a word which says the same: one piece of news; by another word: two."""

from bot.relevance.similarity import compare_texts

ONE = (
    ("Укрзалізниця запускає новий поїзд до Варшави", "Укрзалізниця запускає новий потяг до Варшави"),
    ("В Україні стартувала мобілізація 25-річних", "В Україні розпочалася мобілізація 25-річних"),
    ("Без води лишилися 40 тисяч мешканців Львова", "Без води залишилися 40 тисяч мешканців Львова"),
)
TWO = (
    ("В Україні стартувала мобілізація 25-річних", "В Україні завершилася мобілізація 25-річних"),
    ("Потяг з Києва прибув до Львова", "Потяг до Києва прибув зі Львова"),
    ("Поїзд з Києва прибув до Львова", "Потяг до Києва прибув зі Львова"),
)


def _is_copy(one: str, other: str) -> bool:
    verdicts = {
        compare_texts({"title": a, "text": ""}, {"title": b, "text": ""}, 2).duplicate
        for a, b in ((one, other), (other, one))
    }
    assert len(verdicts) == 1, one
    return verdicts.pop()


def test_a_word_that_says_the_same_makes_no_other_news() -> None:
    assert [pair for pair in ONE if not _is_copy(*pair)] == []


def test_another_word_makes_other_news() -> None:
    assert [pair for pair in TWO if _is_copy(*pair)] == []
