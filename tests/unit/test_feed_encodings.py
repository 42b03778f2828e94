"""Encodings: what a file is read as, whatever it says of itself, and what is refused rather than spoilt."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.encodings import Unreadable, decoded
from bot.feeds.files import read_items, sources
from bot.feeds.findings import Item

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEXTS = [
    "Їхній ґазда зустрів об’єднання громад — «Є що сказати»",
    "МІСЬКА РАДА СКЛИКАЄ СЕСІЮ",
    "Обычный русский текст, объявление",
    "Київ",
    '{"title": "Пором повернувся на пристань", "language": "uk"}',
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_says_or_shows_what_it_is_is_not_guessed(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == (text, "")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u"])
def test_old_cyrillic_encodings_are_told_by_their_words(text: str, encoding: str) -> None:
    raw = text.encode(encoding, "ignore")
    assert decoded(raw) == (raw.decode(encoding), encoding)


@pytest.mark.parametrize(
    "content",
    [
        "déjà vu à Paris, où l’été".encode("cp1252"),
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        "Пором повернувся".encode() + b"\xff" + "на пристань".encode(),
        "日本語のニュース".encode("shift_jis"),
        bytes(range(128, 256)),
    ],
    ids=["French", "a picture", "a broken byte", "Japanese", "everything"],
)
def test_what_makes_no_words_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        decoded(content)


def test_what_a_feed_says_counts_where_it_is_no_utf_8() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><rss><title>Café</title></rss>'
    assert decoded(text.encode("latin-1")) == (text, "")


def test_a_file_that_was_cut_within_a_character_loses_only_that() -> None:
    assert decoded("Пором".encode()[:-1]) == ("Поро", "")


Read = Callable[[str, bytes], list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(name: str, content: bytes) -> list[Item]:
        (tmp_path / name).write_bytes(content)
        found, left_out = sources([str(tmp_path / name)])
        return [item for source in found for item in read_items(source, KYIV, NOW)] + left_out

    return reading


FEED = '<?xml version="1.0" encoding="{}"?><rss><channel><title>Хвиля</title><item><title>Об’їзд мосту закрили</title></item></channel></rss>'


@pytest.mark.parametrize("real", ["cp1251", "koi8-u", "utf-16", "utf-8"])
@pytest.mark.parametrize("said", ["utf-8", "windows-1251", "koi8-u", "utf-16", "no-such"])
def test_a_feed_is_read_as_what_it_is(read: Read, real: str, said: str) -> None:
    items = read("feed.xml", FEED.format(said).encode(real, "ignore"))
    (taken,) = [item.incoming for item in items if item.incoming is not None]
    assert taken.title in {"Об’їзд мосту закрили", "Обїзд мосту закрили"}
    assert taken.source == "Хвиля"


@pytest.mark.parametrize("name", ["feed.xml", "page.txt", "news.json", "table.csv", "list.opml"])
def test_a_file_in_no_known_encoding_is_refused_with_a_sentence(read: Read, name: str) -> None:
    (item,) = read(name, b"<rss>title, text " + "où l’été déjà".encode("cp1252"))
    assert (item.incoming, item.problem) == (None, "import-encoding")


def test_of_lines_only_the_spoilt_one_is_refused(read: Read) -> None:
    lines = [b'{"title": "A"}', '{"title": "où déjà vu"}'.encode("cp1252"), '{"title": "Міст"}'.encode("cp1251")]
    first, second, third = read("news.jsonl", b"\n".join(lines))
    assert (first.problem, second.problem, third.problem) == ("", "import-encoding", "")
    assert third.incoming is not None
    assert third.incoming.title == "Міст"
    assert [note.key for note in third.notes] == ["import-guessed"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_lines_of_several_bytes_a_character_are_lines(read: Read, encoding: str) -> None:
    items = read("news.jsonl", '{"title": "Дуб"}\n{"title": "Клен"}\n'.encode(encoding))
    assert [item.incoming.title for item in items if item.incoming] == ["Дуб", "Клен"]


def test_what_was_lost_before_is_not_stored_and_said(read: Read) -> None:
    (item,) = read("news.jsonl", '{"title": "Мі\ufffdст", "text": "Від\ufffdкрили"}'.encode())
    assert item.incoming is not None
    assert "\ufffd" not in item.incoming.title + item.incoming.body
    assert [note.key for note in item.notes] == ["import-damaged"]
