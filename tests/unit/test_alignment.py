"""Two texts laid side by side: what one of them may lack, and what then remains; and which words are opposites."""

from collections.abc import Sequence

import pytest

from bot.relevance.alignment import aligned
from bot.relevance.contrasts import Pole, contrasts_of, opposed, plain
from bot.relevance.wording import worded
from bot.text.languages import BY_CODE

NEWS = "Мер відкрив новий міст через річку Десну. Рух почався о восьмій ранку."
ALIKE = "Мер відкрив міст. Мер відкрив парк. Рух почався вранці."
LONG = "Мер відкрив міст. " + " ".join(f"слово{letter}" for letter in "абвгдеєжзиіїйклм") + "."


def _left(a: str, b: str, *, strict: bool) -> tuple[str, str]:
    """Return the words that remain of each text."""
    found = aligned(worded("", a, "uk"), worded("", b, "uk"), strict=strict)
    assert found is not None
    ours = " ".join(word.key for one in found.sentences.values() for word in one.ours)
    theirs = " ".join(word.key for one in found.sentences.values() for word in one.theirs)
    return ours, theirs


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (NEWS, "Мер відкрив новий міст через річку Десну."),
        (NEWS, "Рух почався о восьмій ранку."),
        (f"УНІАН: {NEWS}", NEWS),
        # of sentences that begin alike, either one
        (ALIKE, "Мер відкрив парк. Рух почався вранці."),
        (ALIKE, "Мер відкрив міст. Рух почався вранці."),
        ("Міст відкрив мер. Парк відкрив мер.", "Міст відкрив мер."),
        ("Про це каже Народна агенція приватних шкіл сьогодні.", "Про це каже НАПШ сьогодні."),
        ("Сніг випав на Драгобраті (Закарпаття) вночі.", "Сніг випав на Драгобраті вночі."),
        ("Сніг випав на Драгобраті (Закарпаття)", "Сніг випав на Драгобраті"),
        ("Ціни зросли. Ціни зросли вдвічі за рік.", "Ціни зросли вдвічі за рік."),
        ("Рік минув. Ціни зросли. Ціни зросли вдвічі.", "Рік минув. Ціни зросли вдвічі."),
        (LONG, LONG.rsplit(" ", 12)[0]),  # so much is lacking only where it was cut
        (LONG, LONG.rsplit(" ", 13)[0] + " сло"),  # in the middle of a word, too
    ],
)
def test_whole_sentences_the_source_and_a_long_end_may_be_lacking(whole: str, part: str, strict: bool) -> None:
    assert _left(whole, part, strict=strict) == ("", "")
    assert _left(part, whole, strict=strict) == ("", "")


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("whole", "part", "left"),
    [
        (NEWS, "Мер відкрив новий міст. Рух почався о восьмій ранку.", ("через річку десну", "")),
        (NEWS, "Мер відкрив новий міст через річку Десну. Рух почався о восьмій", ("ранку", "")),
        (NEWS, "Мер відкрив новий міст через річку Десну. О восьмій ранку.", ("рух почався", "")),
        (
            "Мер відкрив міст. Мер відкрив парк і сквер. Рух почався вранці.",
            "Мер відкрив міст і сквер. Рух почався вранці.",
            ("мер відкрив парк", ""),
        ),
        # of what one writes as two words, what stands beside them stays
        (
            "Мер купив синьо зелені маленькі електро самокати вчора.",
            "Мер купив електросамокати вчора.",
            ("синьо зелені маленькі", ""),
        ),
        ("Сніг випав на Драгобраті (лавини сходять) вночі.", "Сніг випав на Драгобраті вночі.", ("лавини сходять", "")),
        (
            "Про це каже Народна агенція приватних шкіл сьогодні.",
            "Про це каже АБВГ сьогодні.",
            ("народна агенція приватних шкіл", "абвг"),
        ),
        ("Мер купив електро самокати недорогі вчора.", "Мер купив електросамокати вчора.", ("недорогі", "")),
        (LONG, LONG.rsplit(" ", 3)[0] + " сло", ("словок словол словом", "сло")),
        (LONG, LONG.rsplit(" ", 4)[0] + " інше", ("словой словок словол словом", "інше")),
    ],
)
def test_a_part_of_a_sentence_may_not(whole: str, part: str, left: tuple[str, str], strict: bool) -> None:
    assert _left(whole, part, strict=strict) == left
    assert _left(part, whole, strict=strict) == left[::-1]


@pytest.mark.parametrize(
    ("cut", "left"),
    [(LONG.rsplit(" ", 3)[0], ("словок словол словом", "")), (LONG.rsplit(" ", 4)[0] + " сло", ("словой словок словол словом", "сло"))],
)  # fmt: skip
def test_a_headline_is_not_cut_so_early_as_a_text(cut: str, left: tuple[str, str]) -> None:
    assert _left(LONG, cut, strict=False) == ("", "")
    assert _left(LONG, cut, strict=True) == left


@pytest.mark.parametrize(
    ("a", "b", "sentences", "corrected"),
    [
        (f"{NEWS} Кінець.", f"{NEWS} Початок.", {3}, 0),
        (NEWS, NEWS.replace("новий", "старий"), {1}, 0),
        ("Мер купив електро самокати.", "Мер купив електросамокати.", set(), 1),
        ("Мер купив електро самокати. Це все.", "Мер купив електросамокати. Це щось.", {2}, 1),
    ],
)
def test_what_differs_is_told_by_its_sentence_and_slips_are_counted(
    a: str, b: str, sentences: set[int], corrected: int
) -> None:
    found = aligned(worded("", a, "uk"), worded("", b, "uk"), strict=True)
    assert found is not None
    assert {number for number, one in found.sentences.items() if one.ours or one.theirs} == sentences
    assert found.corrected == corrected


HOT, COLD, WET = (0, 0), (0, 1), (1, 0)


@pytest.mark.parametrize(
    ("one", "other", "against"),
    [
        ([], [], False),
        ([[HOT]], [[HOT]], False),
        ([[HOT]], [[COLD]], True),
        ([[HOT]], [[WET]], False),
        ([[HOT], [WET]], [[WET], [COLD]], True),
        ([[HOT]], [[COLD], [HOT]], False),  # something stands on its side
        ([[HOT, WET]], [[]], False),
    ],
)
def test_opposites_are_on_two_sides_of_one_thing(
    one: Sequence[Sequence[Pole]], other: Sequence[Sequence[Pole]], against: bool
) -> None:
    assert opposed(one, other) is against


@pytest.mark.parametrize("code", BY_CODE)
def test_idioms_are_found_by_their_first_words(code: str) -> None:
    idioms = contrasts_of(code).idioms
    assert all(idiom[0] == first for first, found in idioms.items() for idiom in found)
    assert plain("Ґанок'ом") == "ганоком"
