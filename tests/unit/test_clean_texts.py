"""What is quick because most texts are clean, and most words plain, says what the long way says."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.text.cleaning import clean, clean_line, safe_url
from bot.text.language import _CODE, _is_plain

# With a sign that is always taken out a text goes the long way.
_REMOVED = "\0"


def test_every_character_by_itself_and_among_letters_is_cleaned_the_same() -> None:
    for character in map(chr, range(0x10000)):
        for text in (character, f"і{character}e"):
            assert clean(text) == clean(text + _REMOVED), repr(text)


@given(st.text(st.one_of(st.sampled_from("абвїйІЙe ’«»–…№\xa0\u0301\u0306\u200d\r\n\t"), st.characters())))
def test_texts_are_cleaned_the_same(text: str) -> None:
    assert clean(text) == clean(text + _REMOVED)
    assert clean(clean(text)) == clean(text)


def test_letters_that_nobody_sees_are_no_title_and_no_name() -> None:
    for blank in "\u3164\u2800\u115f\u1160\uffa0\u180e":
        assert clean_line(blank * 3) == ""
        assert clean_line(f"Міст{blank}відкрили") == "Міст відкрили"


@given(st.text(st.sampled_from("абвІЙeZz09 «».,:;!?…/()@#_-–\n"), max_size=12))
def test_a_word_that_is_plain_is_none_of_a_program(text: str) -> None:
    for word in text.split():
        assert not (_is_plain(word) and _CODE.search(word)), word


@given(st.text(st.sampled_from("htps:/.ab1 \n\t\xa0@#?[]%"), max_size=12))
def test_an_address_is_safe_or_not_whether_it_is_remembered_or_too_long_for_that(text: str) -> None:
    address = f"https://a.example/{text}"
    long = safe_url(address + "x" * 400)
    assert safe_url(address) == safe_url(address)
    assert bool(safe_url(f"{address}x")) == bool(long)
    assert not regex.search(r"\s", long)
