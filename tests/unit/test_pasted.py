"""Long texts that a client cuts, put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.client import typed_messages
from bot.text.entities import entities_of
from bot.text.pasted import Part, joined

_WORDS = st.lists(st.sampled_from(["місто", "і", "річка.", "«Дніпро»", "🇺🇦", "a" * 90]), min_size=400, max_size=1200)


@pytest.mark.thorough
@given(_WORDS, st.integers(0, 399))
def test_no_word_is_lost_or_cut_and_marks_stay_on_their_words(words: list[str], marked: int) -> None:
    text = " ".join(words)
    before = " ".join(words[:marked]) + (" " if marked else "")
    offset, length = (len(part.encode("utf-16-le")) // 2 for part in (before, words[marked]))
    messages = list(typed_messages(text, [{"type": "bold", "offset": offset, "length": length}]))
    assert all(len(m["text"].encode("utf-16-le")) <= 8192 for m in messages)
    whole = joined([Part(m["text"], entities_of(m.get("entities", ()))) for m in messages])
    assert whole.text.split() == words
    (bold,) = whole.entities
    encoded = whole.text.encode("utf-16-le")
    assert encoded[bold.offset * 2 : (bold.offset + bold.length) * 2].decode("utf-16-le") == words[marked]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["Один абзац.", "Другий абзац."], "Один абзац.\n\nДругий абзац."),
        (["половина", "речення"], "половина речення"),
        (["я" * 4096, "ще"], "я" * 4096 + "ще"),
        (["я" * 4095, "😀" * 9], "я" * 4095 + "😀" * 9),  # two units did not fit
        (["я" * 4095, "ще"], "я" * 4095 + " ще"),
        (["Він сказав: «Так!»", "І пішов."], "Він сказав: «Так!»\n\nІ пішов."),
    ],
)
def test_what_stood_where_it_was_cut_is_put_back(parts: list[str], whole: str) -> None:
    assert joined([Part(text) for text in parts]).text == whole
