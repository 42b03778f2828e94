"""Encodings: what a file is read as, whatever it says of itself, and what is refused rather than spoilt."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.encodings import LOST, Decoded, Unreadable, decoded, decoded_page, in_utf_8
from bot.feeds.files import read_items, sources
from bot.feeds.findings import Item
from bot.inflow.extractor import extracted
from bot.inflow.parsed import parsed

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
    assert decoded(text.encode(encoding)) == Decoded(text)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u"])
def test_old_cyrillic_encodings_are_told_by_their_words(text: str, encoding: str) -> None:
    raw = text.encode(encoding, "ignore")
    assert decoded(raw) == Decoded(raw.decode(encoding), encoding)


@pytest.mark.parametrize(
    "content",
    [
        "déjà vu à Paris, où l’été".encode("cp1252"),
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        "Пором повернувся на пристань. ".encode() + "Пором повернувся на пристань. ".encode("cp1251"),
        "日本語のニュース".encode("shift_jis"),
        bytes(range(128, 256)),
    ],
    ids=["French", "a picture", "two in one", "Japanese", "everything"],
)
def test_what_makes_no_words_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        decoded(content)


def test_what_a_feed_says_counts_where_it_is_no_utf_8() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><rss><title>Café</title></rss>'
    assert decoded(text.encode("latin-1")) == Decoded(text)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("УкрІнформ: НБУ, iPhone", "cp1251"),
        ("Міст відкрили для всіх", "iso8859-5"),
        ("Мост открыли, паром стоит", "cp866"),
        ("Łódź: most otwarto, żółta książka", "cp1250"),
        ("déjà vu à Paris, où l’été", "cp1252"),
        ("日本語のニュース", "shift_jis"),
    ],
)
def test_what_a_server_says_counts_where_nothing_else_tells(text: str, encoding: str) -> None:
    assert in_utf_8(text.encode(encoding), encoding).decode() == text


@pytest.mark.parametrize(
    "said", ["windows-1251", "iso-8859-1", "iso-8859-5", "koi8-r", "utf-8", "utf-16", "nothing", ""]
)
@pytest.mark.parametrize(
    "content",
    [
        *(
            "Міст відкрили для всіх, хто їде зранку".encode(name)
            for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le")
        ),
        "Міст відкрили для всіх, ".encode() + b"\x98" + "хто їде зранку".encode(),
        b"It\xe2\x80\x99s a bridge\xff",
        b"A bridge",
        b"",
    ],
)
def test_what_shows_what_it_is_is_that_whatever_a_server_says(content: bytes, said: str) -> None:
    assert in_utf_8(content, said) == content


@pytest.mark.parametrize("said", ["iso-8859-1", "iso-8859-5", "koi8-r", "utf-8", "idna", "punycode", "unicode_escape"])
def test_a_server_is_not_believed_against_the_words_of_a_text(said: str) -> None:
    text = "Міст відкрили для всіх, хто їде зранку"
    assert decoded(in_utf_8(text.encode("cp1251"), said)).text == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", "УкрІнформ і ЄСпресо-ТВ"), ("windows-1251", "It’s open – says the mayor…"), ("koi8-u", "Міст відкрили"),
        ("cp866", "Мост открыли после ремонта"), ("iso-8859-5", "Міст через річку відкрили"),
        ("windows-1250", "Most przez rzekę, a łódź wróciła"), ("windows-1252", "Déjà vu – “c’est réglé”"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("meta", ["<meta charset='{}'>", '<META http-equiv=x content="text/html; charset={}" />'])
def test_what_only_a_page_names_counts(charset: str, text: str, meta: str) -> None:
    feed = f"<link rel=alternate type=application/rss+xml href=/feed title='{text.replace('’', '')}'>"
    page = f"<!doctype html>\n<html><head>{meta.format(charset)}{feed}</head><body>{f'<p>{text}, so.</p>' * 9}</body></html>"
    content = page.encode(charset)
    assert decoded_page(content).text == page
    assert text in extracted(content, "https://e.org/1").body
    assert [link.name for link in parsed(content, "https://e.org/", KYIV, NOW).links] == [text.replace("’", "")]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1252", "no-such", "idna"])
def test_a_page_is_not_believed_against_what_its_bytes_show(charset: str) -> None:
    page = f"<html><head><meta charset={charset}></head><p>Міст відкрили після ремонту, а паром не ходить.</p></html>"
    for encoding in ("utf-8", "windows-1251"):
        assert decoded_page(page.encode(encoding)).text == page


def test_a_file_that_was_cut_within_a_character_loses_only_that() -> None:
    assert decoded("Пором".encode()[:-1]) == Decoded("Поро")


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


LONG = "Пором повернувся на пристань о пів на восьму і став під навантаження. " * 3
BAD = [b"\xff", b"\xd0", b"\xf0\x9f", b"\xc0\x80", "№".encode("cp1251")]


@pytest.mark.parametrize("bad", BAD, ids=["no byte of any", "half a letter", "half a sign", "too long", "another's"])
@pytest.mark.parametrize("says", ["", "windows-1251", "iso-8859-1", "koi8-r"])
def test_a_few_bytes_that_fit_nowhere_cost_only_themselves(says: str, bad: bytes) -> None:
    head = f'<?xml version="1.0" encoding="{says}"?>' if says else ""
    read = decoded(f"{head}{LONG}".encode() + bad + LONG.encode())
    assert read.text.replace(LOST, "") == f"{head}{LONG}{LONG}"
    assert read.text.startswith(f"{head}{LONG}{LOST}")
    assert (read.guessed, read.lost) == ("", read.text.count(LOST))


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u"])
@pytest.mark.parametrize("end", ["", " Рі", " Кіт і Рій.", " Її, «КБ»"])
def test_another_encoding_is_recognised_before_bytes_are_given_up(encoding: str, end: str) -> None:
    for text in [*TEXTS, LONG]:
        raw = f"{text}{end}".encode(encoding, "ignore")
        assert decoded(raw) == Decoded(raw.decode(encoding), encoding)


def test_old_encodings_may_have_a_bad_byte_as_well() -> None:
    assert decoded(LONG.encode("cp1251") + b"\x98") == Decoded(f"{LONG}{LOST}", "cp1251", 1)
    spoilt = LONG.encode("utf-16")[:-4] + b"\x00\xd8" + "а".encode("utf-16-le")
    assert decoded(spoilt) == Decoded(f"{LONG[:-2]}{LOST}а", "", 1)


def test_of_a_text_in_plain_letters_few_bytes_are_given_up() -> None:
    english = b"The ferry is back at its pier and takes on passengers. " * 20
    assert decoded(english + b"It\x92s late.").lost == 1
    with pytest.raises(Unreadable):
        decoded(english + "Déjà vu à l’été".encode("cp1252"))


SPOILT = "Міст від|крили".encode().replace(b"|", b"\xff")
KINDS = {
    "feed.xml": b"<rss><channel><title>\xd0\xa5</title><item><title>%s</title><link>https://a.example/1</link>"
    b"<description>%s</description></item><item><title>%s</title></item></channel></rss>",
    "news.json": b'{"items": [{"title": "%s", "text": "%s"}, {"title": "%s"}]}',
    "news.jsonl": b'{"title": "%s", "text": "%s"}\n{"title": "%s"}\n',
    "table.csv": b"title;text\n%s;%s\n%s;\n",
    "result.json": b'{"name": "\xd0\xa5", "type": "public_channel", "id": 1, "messages": [{"id": 1, "type": "message", '
    b'"date": "2026-11-20T10:00:00", "text": "%s\\n\\n%s"}, {"id": 2, "type": "message", "text": "%s"}]}',
}


@pytest.mark.parametrize("name", KINDS)
def test_a_bad_byte_costs_one_character_of_one_item_which_is_named(read: Read, name: str) -> None:
    long, whole = LONG.strip().encode(), "Дуб упав".encode()
    items = read(name, KINDS[name] % (SPOILT, long, whole))
    damaged, other = [item for item in items if item.incoming is not None]
    assert damaged.incoming is not None
    assert other.incoming is not None
    assert (damaged.incoming.title, damaged.incoming.body) == ("Міст відкрили", f"<p>{LONG.strip()}</p>")
    assert "import-damaged" in [note.key for note in damaged.notes]
    assert other.incoming.title == "Дуб упав"
    assert "import-damaged" not in [note.key for note in other.notes]
    assert [note.values["n"] for item in items for note in item.notes if note.key == "import-lost-places"] == [1]


def test_a_page_and_a_list_of_feeds_have_a_bad_byte_as_well(read: Read) -> None:
    page = f"Хвиля\n07:35 26.06.2023\nМіст\n2 хв читати\n{LONG}".encode()
    (item,) = read("page.txt", page + b"\xff")
    assert item.incoming is not None
    assert [note.key for note in item.notes] == ["import-lost-places", "import-damaged"]
    outlines = f'<opml><outline text="{LONG}|" xmlUrl="https://a.example/rss"/></opml>'.encode()
    said, follow = read("list.opml", outlines.replace(b"|", b"\xff"))
    assert [note.key for note in said.notes] == ["import-lost-places"]
    assert follow.follow is not None


def test_an_item_of_which_much_is_lost_is_refused_by_itself(read: Read) -> None:
    feed = FEED.format("utf-8").replace(
        "</channel>", f"<item><title>|</title></item><item><title>{LONG}</title></item></channel>"
    )
    items = read("feed.xml", feed.encode().replace(b"|", "Об’їзд мосту".encode("cp1251")))
    assert [item.problem for item in items if item.incoming is None and not item.notes] == ["import-spoilt"]
    assert len([item for item in items if item.incoming is not None]) == 2


@pytest.mark.parametrize("number", ["на 1|2 млн", "на 12|", "|12 осіб", "0,|5 бала", "12|,5"])
def test_a_number_that_lost_a_part_is_not_made_another_one(read: Read, number: str) -> None:
    lines = f'{{"title": "{LONG}", "text": "Збитки оцінили {number}."}}\n{{"title": "Дуб упав"}}\n'
    lost, other = read("news.jsonl", lines.encode().replace(b"|", b"\xff"))[-2:]
    assert (lost.problem, other.problem) == ("import-spoilt", "")


def test_names_and_addresses_that_lost_something_are_none(read: Read) -> None:
    line = f'{{"title": "{LONG}", "url": "https://a.example/|", "topics": ["Спо|рт", "Море"], "source": "Хви|ля"}}'
    (item,) = read("news.jsonl", line.encode().replace(b"|", b"\xff"))
    assert item.incoming is not None
    assert (item.incoming.url, item.incoming.topics, item.incoming.source) == ("", ("Море",), "Хвиля")
    assert [note.key for note in item.notes] == ["import-lost-places", "import-unresolved"]


def test_what_was_lost_before_is_not_stored_and_said(read: Read) -> None:
    (item,) = read("news.jsonl", '{"title": "Мі\ufffdст", "text": "Від\ufffdкрили"}'.encode())
    assert item.incoming is not None
    assert (item.incoming.title, item.incoming.body) == ("Міст", "<p>Відкрили</p>")
    assert [note.key for note in item.notes] == ["import-damaged"]


@pytest.mark.parametrize("text", [text for text in TEXTS if not text.isascii()])
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252", "cp1251"])
def test_what_was_encoded_twice_is_undone(text: str, wrong: str) -> None:
    # Programs leave what such an encoding has no character for as it is.
    as_it_is = {n: bytes([n]).decode("latin-1") for n in range(256)}
    table = {n: bytes([n]).decode(wrong, "ignore") or as_it_is[n] for n in range(256)}
    doubled = "".join(table[byte] for byte in text.encode())
    assert decoded(doubled.encode()) == Decoded(text, twice=True)
    assert [finding.key for finding in decoded(doubled.encode()).findings] == ["import-encoded-twice"]


@pytest.mark.parametrize("text", [*TEXTS, "Café à Genève", "Ðuro Ñandú – «Ò»", "Рњ", "ÐÐ"])
def test_what_was_encoded_once_stays_what_it_is(text: str) -> None:
    assert decoded(text.encode()) == Decoded(text)
