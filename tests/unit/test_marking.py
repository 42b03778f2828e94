"""Excerpts of what was found: the words of a query are marked in any form, and nothing is torn apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.relevance.highlights import EXCERPT_UNITS, MOST_MARKS, Excerpt, excerpt
from bot.relevance.query import parse_query
from bot.text.styled import Styled


def _excerpt(text: str, words: str, title: str = "Без слів", language: str = "uk") -> Excerpt:
    return excerpt(title, text, parse_query(words), language)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Кіт просидів там добу\n\nУ місті сніг", "Кіт просидів там добу. У місті [сніг]"),
        ("Кіт удома.\n\nУ місті сніг", "Кіт удома. У місті [сніг]"),
        ("Читайте про «Зиму»\n\n«Зима» і сніг", "Читайте про «Зиму». «Зима» і [сніг]"),
        ("Слово за словом\nрядок за рядком: сніг", "Слово за словом рядок за рядком: [сніг]"),
        ("Він каже: «Стій!»\n\nДалі сніг", "Він каже: «Стій!» Далі [сніг]"),
        ("Чого чекати:\n\nСніг і дощ", "Чого чекати: [Сніг] і дощ"),
    ],
)
def test_what_has_no_end_of_its_own_does_not_run_into_the_next_paragraph(text: str, shown: str) -> None:
    assert _shown(_excerpt(text, "сніг").text) == shown


def _shown(styled: Styled) -> str:
    """Return the text with its spans in brackets, cut out the way Telegram does, in UTF-16 units."""
    raw, shown, last = styled.text.encode("utf-16-le"), "", 0
    for span in sorted(styled.spans, key=lambda span: span.offset):
        start, end = 2 * span.offset, 2 * span.end
        shown += f"{raw[last:start].decode('utf-16-le')}[{raw[start:end].decode('utf-16-le')}]"
        last = end
    return shown + raw[last:].decode("utf-16-le")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Київрада ухвалила бюджет.", "бюджету", "Київрада ухвалила [бюджет]."),
        ("Депутати бюджетів не бачили", "бюджет", "Депутати [бюджетів] не бачили"),
        ("Міст дозволили відкрити", "дозволяти", "Міст [дозволили] відкрити"),
        ("Дозволяти важко, тож міст дозволили", "дозволяти", "[Дозволяти] важко, тож міст дозволили"),
        ("У п’ятницю, п'ятницями і п`ятниця", "пʼятниці", "У [п’ятницю], [п'ятницями] і [п`ятниця]"),
        ("БЮДЖЕТ столиці", "бюджет столиця", "[БЮДЖЕТ столиці]"),
        ("Бюджет, столиця", "бюджет столиця", "[Бюджет], [столиця]"),
        ("Зведений міст і міст зведений", "«зведений міст»", "[Зведений міст] і міст зведений"),
        ("Зведений міст, міст", "«зведений міст» міст", "[Зведений міст], [міст]"),
        ("Schools were closed", "school", "[Schools] were closed"),
        ("Ціна <b>& бюджет</b>", "бюджет", "Ціна <b>& [бюджет]</b>"),
        ("😀 бюджет 👨‍👩‍👧", "бюджет", "😀 [бюджет] 👨‍👩‍👧"),
        ("На COVID-19 хворіють", "covid", "На [COVID]-19 хворіють"),
        ("Нічого\n\nспільного", "бюджет", "Нічого спільного"),
        ("10\u00a0млн грн на бюджет", "10", "[10]\u00a0млн грн на бюджет"),
        ("Бюджет без доріг", "бюджет -дорога", "[Бюджет] без доріг"),
        ("Бюджет", "topic:економіка", "Бюджет"),
        ("", "бюджет", ""),
    ],
)  # fmt: skip
def test_matches_are_marked_as_they_stand(text: str, words: str, shown: str) -> None:
    assert _shown(_excerpt(text, words).text) == shown


FILLER = "Про погоду сьогодні нема чого сказати, бо вона така сама, як була вчора, позавчора й торік"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{FILLER}. Бюджет ухвалили. {FILLER}. {FILLER}.", "[Бюджет] ухвалили. Про погоду"),
        (f"{FILLER} {FILLER} і бюджет {FILLER}.", "…як була вчора, позавчора й торік і [бюджет] Про погоду"),
        (f"{FILLER}. Перший бюджет. {FILLER}. {FILLER}. Другий бюджет столиці. {FILLER}", "Другий [бюджет столиці]. Про"),
        (f"«{FILLER}.» Бюджет ухвалили. {FILLER}", "[Бюджет] ухвалили. Про погоду"),
    ],
)  # fmt: skip
def test_the_stretch_with_most_of_the_words_is_shown_from_a_sentence_or_a_word(text: str, shown: str) -> None:
    found = _shown(_excerpt(text, "бюджет столиця").text)
    assert found.startswith(shown)
    assert found.endswith(("…", "торік", "."))


def test_matches_in_the_title_are_marked_too_and_make_beginnings_needless() -> None:
    found = _excerpt("Бюджетники проти", "бюджетами", "Про бюджет")
    assert (_shown(found.title), _shown(found.text)) == ("Про [бюджет]", "Бюджетники проти")


_texts = st.text(st.sampled_from("бюджет столиця.,!?«»()…\u00a0\n’'😀🇺🇦e\u0301<&>12-"), max_size=900) | st.text(
    max_size=600
)
_queries = st.sampled_from(
    ["бюджет", "«бюджет столиця» міст", "столиця 12", "topic:економіка", "e\u0301 😀"]
) | st.text(max_size=40)


@given(_texts, _queries)
def test_an_excerpt_is_of_the_text_short_and_whole(text: str, words: str) -> None:
    found = _excerpt(text, words, title=text[:50]).text
    flat = " ".join(part for part in text.replace("\f", " ").replace("\v", " ").split(" ") if part)
    inner = found.text.removeprefix("…").removesuffix("…")
    for blank in "\n\t\r\f\v":
        flat = flat.replace(blank, " ")
    assert " ".join(inner.split()) in " ".join(flat.split())
    assert len(found) <= EXCERPT_UNITS + 2
    assert len(found.spans) <= MOST_MARKS
    last = 0
    for span in found.spans:
        assert last <= span.offset < span.end <= len(found)
        last = span.end
    _shown(found)  # decodes: no span cuts a character in two
