"""Cut where it is too long: after a whole character, and after a word where there is one."""

import pytest

from bot.text.ellipsis import cut, elided

FAMILY, FLAG, WALES, MARKED = "👨‍👩‍👧‍👦", "🇺🇦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "е́"


@pytest.mark.parametrize("sign", [FAMILY, FLAG, WALES, MARKED, "❤️", "👍🏽", "\r\n"])
def test_no_character_is_cut_in_two(sign: str) -> None:
    text = f"Міст {sign * 40} кінець"
    for limit in range(1, len(text) + 2):
        short = cut(text, limit)
        assert len(short) <= limit
        assert text.startswith(short)
        if limit >= 5 + len(sign):
            rest = short[5:]
            assert rest == (sign * 40 + " кінець")[: len(rest)]
            assert len(rest) % len(sign) == 0 or len(rest) > 40 * len(sign)
            assert limit >= len(text) or len(short) > limit - len(sign)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Міст відкрили", 13, "Міст відкрили"),
        ("Міст відкрили о восьмій", 14, "Міст відкрили…"),
        ("Міст відкрили о восьмій", 13, "Міст…"),
        ("Міст, відкрили о восьмій", 8, "Міст…"),
        ("Міст відкриливідкрили", 14, "Міст…"),
        ("Найдовшесловобезпробілів", 10, "Найдовшес…"),
        ("Міст — відкрили", 8, "Міст…"),
        ("🇺🇦🇺🇦🇺🇦", 4, "🇺🇦…"),
        ("", 5, ""),
    ],
)
def test_what_is_too_long_ends_behind_a_word_with_an_ellipsis(text: str, limit: int, short: str) -> None:
    assert elided(text, limit) == short
    assert len(short) <= limit
