"""A text as it is worded: which words, numbers, names and sentences are read in it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from bot.relevance.word import Word
from bot.relevance.wording import worded


def _shown(words: Sequence[Word]) -> Iterator[str]:
    """Yield the keys: ^ for a name's capital letter, * behind what says which head is meant, ~ behind an idiom's words."""
    for before, word in pairwise([None, *words]):
        assert word is not None
        if before is not None and before.sentence != word.sentence:
            yield "|"
        name = "^" if word.capital and not word.opens else ""
        yield f"{name}{word.key}{'*' * word.post}{'~' * word.quiet}"


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        # a letter behind a number is a model's; one that stands by itself is a word
        ("uk", "Літак Су-34М сів", "літак ^су #34 ^м# сів"),
        ("uk", "Дім 5 А здали", "дім #5 ^а здали"),
        ("uk", "Дім 5а здали", "дім #5 а здали"),
        ("uk", "Уряд С.Ш.А. проти", "уряд ^сша проти"),
        # numbers, however they are written
        ("uk", "Ціна 1.234 і 1,5 та 1 234 567", "ціна #1234 і #1.5 та #1234567"),
        ("uk", "Ціна 0.123 і 1.12.2025 о 9:30", "ціна #0.123 і #1.12.2025 о #9.3"),
        ("uk", "Знайшли скарб XIV століття", "знайшли скарб ^#14 століття"),
        ("uk", "Знайшли скарб XIX століття", "знайшли скарб ^#19 століття"),
        ("uk", "За І квартал", "за ^#1 квартал"),
        ("uk", "І квартал", "і квартал"),
        ("uk", "Йому двадцятирічний друг", "йому #20 річний друг"),
        ("en", "The firm paid £12m to Leeds", "the firm paid #12000000 £ to ^leeds"),
        ("en", "It costs 5 $ or so", "it costs #5 $ or so"),
        ("en", "The sign $ and 5 more", "the sign $ and #5 more"),
        # a day and its month; not across the end of a sentence, and not when a day stands before it already
        ("en", "On December 12 it closed", "on #12 ^december it closed"),
        ("en", "It closed in December\n12 people left", "it closed in ^december | #12 people left"),
        ("en", "On 5 December 12 people left", "on #5 ^december #12 people left"),
        ("en", "In may 12 people left", "in may #12 people left"),
        # one word that is two
        ("en", "They cannot and don't, he'll cancel", "they can not and do not he will cancel"),
        # in a headline where nearly every word has a capital letter, it makes no name
        ("en", "Mayor of Kyiv opens a bridge", "mayor of ^kyiv opens a bridge"),
        ("en", "Mayor Of Kyiv Opens Bridge", "mayor of kyiv opens bridge"),
        ("en", "Dog Bites Man", "dog ^bites ^man"),
        # what is said shorter, in one sentence
        ("uk", "Кабінет міністрів ухвалив", "кабмін ухвалив"),
        ("uk", "Кабінет лікаря зачинено", "кабінет лікаря зачинено"),
        ("uk", "Зачинили кабінет. Міністри, кажуть, пішли", "зачинили кабінет | міністри кажуть пішли"),
        ("uk", "Більше ніж 5 людей", "понад #5 людей"),
        ("uk", "Більше ніж люди", "більше ніж люди"),
        ("uk", "Уряд у у справі", "уряд у справі"),
        # which minister is meant
        ("uk", "Міністр енергетики прибув", "міністр енергетики* прибув"),
        ("uk", "Міністр, енергетики прибули", "міністр енергетики прибули"),
        ("uk", "Прибув міністр\nЕнергетики чекали", "прибув міністр | енергетики чекали"),
        ("en", "The energy minister left", "the energy* minister left"),
        ("en", "The energy, minister left", "the energy minister left"),
        # what says nothing of its own
        ("uk", "Міст, тим не менш, відкрили", "міст тим~ не~ менш~ відкрили"),
        ("uk", "Тим часом міст відкрили", "тим часом міст відкрили"),
    ],
)
def test_what_is_read_in_a_text(language: str, text: str, read: str) -> None:
    assert " ".join(_shown(worded("", text, language))) == read
