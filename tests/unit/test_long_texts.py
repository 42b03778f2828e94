"""A megabyte of anything, as whoever holds a token may bring it: no step looks through all of it again and again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import regex

from bot.feeds.broken_json import repaired
from bot.feeds.dates import BadDate, moment_in
from bot.feeds.intake import brought
from bot.feeds.items import item_of
from bot.feeds.written_html import is_markup
from bot.model.news import FromFeed
from bot.relevance.similarity import compare_texts
from bot.text.document import document_text
from bot.text.markup import parse_html, to_html
from bot.text.stretches import LONGEST, in_stretches, without_seams
from tests.support.waiting import Allowance

MANY = 60_000  # signs
SIGNS = ["&", "«", "😀", "а&amp;", "a@b", "слово ", "1,", "#тег ", "а’", "\u00ad", "x\u200d", "а. ", "&laquo;"]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_text_reaches_the_sanitizer_longer_than_a_stretch(sign: str) -> None:
    html = f"<p>{sign * (MANY // len(sign))}</p>"
    cut = in_stretches(html)
    longest = max(len(text) for text in regex.split(r"<[^<>]*>", cut))
    assert longest <= LONGEST + 10, "a word or an entity may stand at its end"
    assert without_seams(cut) == html


def test_letters_alone_a_short_text_and_tags_are_left_as_they_are() -> None:
    address = "https://site.example/?" + ".&".join("q" * 9 for _ in range(3000))
    for html in ("a" * MANY, "<p>«»</p>", "< " + "x" * MANY, f'<a href="{address}">тут</a>'):
        assert in_stretches(html) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&" * MANY, "&" * MANY),
        ("&amp;" * (MANY // 5), "&" * (MANY // 5)),
        ("&#x41;," * (MANY // 7), "A," * (MANY // 7)),
        ("<textarea>" + "«»" * MANY + "</textarea>", "«»" * MANY),
        ("<pre>" + "а&lt;" * (MANY // 5) + "</pre>", "а<" * (MANY // 5)),
        ("<title>" + "а." * MANY, "а." * MANY),
        ("5 < 6, " * (MANY // 7), ("5 < 6, " * (MANY // 7)).strip()),
    ],
    ids=["&", "&amp;", "&#x41;", "textarea", "pre", "title", "<"],
)
def test_of_a_long_text_everything_arrives_and_nothing_else(html: str, text: str) -> None:
    document = parse_html(html)
    assert document_text(document) == text
    assert parse_html(to_html(document)) == document


def test_whether_a_text_is_html_is_seen_at_one_look_through() -> None:
    allowance = Allowance(5)
    open_ones = "<b a='" * 60_000  # each might end at a ">" that never comes
    assert not is_markup(open_ones)
    assert is_markup(open_ones + ">")
    assert not is_markup("<code " * 60_000)
    assert is_markup("<code " * 60_000 + "></code>")
    assert not allowance.over


def test_what_a_token_brings_is_worked_out_in_bounded_time() -> None:
    odd = {"<": "<", "b": "<b>", "newlines": "\n", "joiners": "\u200d", "accents": "\u0301", "family": "👨‍👩‍👧‍👦"}
    odd |= {"attribute": "<b a='", "comment": "<!--", "blockquote": "<blockquote>", "list": "<ul><li>", "word": "а"}
    odd |= {"frames": "<iframe ", "films": "<video ", "digits": "1"}
    odd |= {sign: sign for sign in SIGNS}
    for name, sign in odd.items():
        allowance = Allowance(10)  # it takes a tenth of a second; what is quadratic, minutes for a megabyte
        html = sign * (MANY // len(sign)) + "Кінець. src poster"
        incoming = item_of({"title": "Заголовок", "html": html}, ZoneInfo("UTC"), datetime(2026, 11, 27, tzinfo=UTC))
        assert brought(incoming, FromFeed("site")).incoming.title == "Заголовок"
        assert not allowance.over, name


@pytest.mark.parametrize("sign", ["[", "[x", "1", " "])
def test_a_text_in_the_place_of_a_date_is_seen_to_be_none(sign: str) -> None:
    allowance = Allowance(5)
    with pytest.raises(BadDate):
        moment_in(sign * 2 * MANY + "x", ZoneInfo("UTC"))
    assert not allowance.over


@pytest.mark.parametrize("sign", ['\\"', '"\\', '",', ", ", "[", "{", '{"a":"'])
def test_whether_anything_is_whole_in_broken_json_is_seen_at_one_look_through(sign: str) -> None:
    allowance = Allowance(5)
    assert repaired('[{"a": 1}, ' + sign * MANY).found == [{"a": 1}]
    assert not allowance.over


def test_a_long_text_is_laid_beside_a_short_one_in_bounded_time() -> None:
    allowance = Allowance(5)  # a third of a second; minutes, when who reports it is looked for everywhere in the rest
    crew = " ".join(f"Міст будувала бригада номер {number} з двох міст." for number in range(MANY // 40))
    long = {"title": "Місто відкрило міст", "text": crew}
    short = {"title": "Міст пофарбували", "text": "Міст через річку, що його місто відкрило, пофарбували в синє."}
    assert not compare_texts(long, short).duplicate
    assert not allowance.over


def test_a_name_that_is_said_again_and_again_is_compared_in_bounded_time() -> None:
    allowance = Allowance(5)  # a second; half a minute, when for each all of both texts is asked for a namesake
    many = "Володимир Зеленський " * (MANY // 12)
    texts = ({"title": "Президент прибув", "text": text} for text in (many, f"{many}Кінець"))
    compare_texts(*texts, 3)
    assert not allowance.over


@pytest.mark.parametrize("words", ["не", "не ніколи", "не {}", "не {} та {}"])
def test_what_denies_everything_is_compared_in_bounded_time(words: str) -> None:
    allowance = Allowance(5)
    many = " ".join(words.replace("{}", f"слово{number}") for number in range(MANY // 40))
    title = "Рада ухвалила бюджет"
    texts = (many, f"{many} інше", f"інше {many}", f"{many} {many} не {many}")
    found = [compare_texts({"title": title, "text": many}, {"title": title, "text": text}) for text in texts]
    assert found[0].duplicate
    assert not allowance.over
