"""Feeds and files: what carries news is read item by item; what cannot be read is said, with its place and reason."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.dates import BadDate, moment_in
from bot.feeds.files import read_items, read_lines, sources
from bot.feeds.findings import Item, Rejected
from bot.feeds.items import item_of
from bot.model.news import Incoming, Photo
from bot.text.document import document_text
from bot.text.languages import LANGUAGES
from bot.text.markup import parse_html
from bot.text.phrasebook import phrases
from bot.text.urls import canonical_url
from tests.support.process import ROOT

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Надріцька хвиля</title>
<item>
  <guid isPermaLink="false">p-17</guid>
  <title>Пором &quot;Гончар&quot; повернувся на пристань</title>
  <link>https://hvylia.example/news/17?utm_source=rss</link>
  <description>Коротко про пором.</description>
  <content:encoded><![CDATA[<p>Рейси <b>щогодини</b>.</p><script>alert(1)</script>
    <p onclick="x()">Квиток — <a href="javascript:alert(1)">25 гривень</a>, <a href="https://hvylia.example/p">пільги</a>.</p>]]></content:encoded>
  <pubDate>Mon, 23 Nov 2026 10:05:00 +0200</pubDate>
  <category>Транспорт</category><category>Місто</category>
  <enclosure url="https://hvylia.example/ferry.jpg" type="image/jpeg" length="1"/>
</item>
<item><title>Лише заголовок</title></item>
<item><link>https://hvylia.example/empty</link></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://herald.example/"><title>Nadrichchia Herald</title>
<entry><id>tag:herald.example,2026:4</id><title type="html">Ferry &amp;amp; bus timetables</title>
  <link href="/news/4"/><updated>2026-11-22T18:30:00Z</updated>
  <summary type="html">&lt;p&gt;The night boats are back.&lt;/p&gt;</summary></entry>
</feed>"""

PAGE = """Вісник Надріччя
18:41 20.11.2026
Нічні рейси порома повертаються

2 хв читати
Нічні рейси порома повертаються
Паром ходитиме щогодини до четвертої ранку.

Квиток коштуватиме 25 гривень.
Ще за темою
Чужа новина
"""

LINES = """{"id": 7, "title": "Перша", "text": "Абзац один.\\n\\nАбзац два.", "published_at": "2026-11-20 08:15"}

не json
["масив"]
{"title": "", "text": "  "}
{"title": "З майбутнього", "published_at": "2026-12-24"}
{"title": "Без дня", "published_at": "колись"}
{"headline": "Остання", "link": "https://x.example/1", "publisher": "Обрій", "category": "b"}
"""

Read = Callable[[str, str | bytes], list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that puts content into a file of a name and returns what is read of it, places without folders."""

    def library(name: str, content: str | bytes) -> list[Item]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found, left_out = sources([str(path)])
        return [item for source in found for item in read_items(source, KYIV, NOW)] + left_out

    return library


def _only(items: list[Item]) -> Incoming:
    (item,) = items
    assert item.incoming is not None, item.problem
    return item.incoming


def _problems(items: list[Item]) -> list[tuple[str, str]]:
    return [(Path(item.place).name, item.problem) for item in items if item.incoming is None]


def test_an_rss_item_becomes_an_article_with_everything_it_has(read: Read) -> None:
    full, bare, _ = read("feed.xml", RSS)
    assert full.incoming == Incoming(
        title='Пором "Гончар" повернувся на пристань',
        lead="Коротко про пором.",
        body='<p>Рейси <b>щогодини</b>.</p><p>Квиток — 25 гривень, <a href="https://hvylia.example/p">пільги</a>.</p>',
        source="Надріцька хвиля",
        url="https://hvylia.example/news/17?utm_source=rss",
        language="uk",
        topics=("Транспорт", "Місто"),
        photo=Photo(url="https://hvylia.example/ferry.jpg"),
        published_at=datetime(2026, 11, 23, 8, 5, tzinfo=UTC),
        external_id="p-17",
        identity="id:Надріцька хвиля|p-17",
    )
    assert bare.incoming is not None
    assert (bare.incoming.title, bare.incoming.body, bare.incoming.published_at) == ("Лише заголовок", "", None)
    assert full.end < bare.end


def test_an_item_with_neither_title_nor_text_is_named_with_its_place(read: Read) -> None:
    assert _problems(read("feed.xml", RSS)) == [("feed.xml#3", "import-no-text")]


def test_an_atom_entry_becomes_an_article_and_its_address_is_made_whole(read: Read) -> None:
    entry = _only(read("feed.atom", ATOM))
    assert (entry.title, entry.body) == ("Ferry & bus timetables", "<p>The night boats are back.</p>")
    assert (entry.source, entry.language) == ("Nadrichchia Herald", "en")
    assert entry.url == "https://herald.example/news/4"
    assert entry.published_at == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert entry.identity == "id:tag:herald.example,2026:4"


def test_a_page_copied_from_a_browser_is_read_without_what_stands_round_the_article(read: Read) -> None:
    page = _only(read("page.txt", PAGE))
    assert (page.source, page.title) == ("Вісник Надріччя", "Нічні рейси порома повертаються")
    assert page.body == "<p>Паром ходитиме щогодини до четвертої ранку.</p><p>Квиток коштуватиме 25 гривень.</p>"
    assert page.published_at == datetime(2026, 11, 20, 16, 41, tzinfo=UTC)


def test_each_line_that_cannot_be_taken_is_named_and_the_others_are_taken(read: Read) -> None:
    items = read("news.jsonl", LINES)
    assert [item.incoming.title for item in items if item.incoming] == ["Перша", "Без дня", "Остання"]
    assert _problems(items) == [
        ("news.jsonl:3", "import-not-json"),
        ("news.jsonl:4", "import-not-object"),
        ("news.jsonl:5", "import-no-text"),
        ("news.jsonl:6", "import-future"),
    ]
    assert [(item.place.rpartition(":")[2], note.key) for item in items for note in item.notes] == [
        ("7", "import-bad-date")
    ]
    assert items[-1].end == len(LINES.encode())


def test_a_line_knows_its_fields_by_their_other_names_too(read: Read) -> None:
    first, *_, last = (item.incoming for item in read("news.jsonl", LINES))
    assert first is not None
    assert last is not None
    assert first.body == "<p>Абзац один.</p><p>Абзац два.</p>"
    assert first.published_at == datetime(2026, 11, 20, 6, 15, tzinfo=UTC)
    assert (last.title, last.source, last.topics, last.url) == ("Остання", "Обрій", ("b",), "https://x.example/1")


def test_a_byte_order_mark_does_not_cost_the_first_line(read: Read) -> None:
    assert _only(read("news.jsonl", b"\xef\xbb\xbf" + '{"title": "Перша"}'.encode())).title == "Перша"


def test_lines_come_from_standard_input_too() -> None:
    taken, refused = read_lines(BytesIO(b'{"title": "A"}\n{"title"\n'), KYIV, NOW)
    assert (taken.place, refused.place, refused.problem) == ("-:1", "-:2", "import-not-json")


def _bomb(encoding: str) -> bytes:
    nested = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{nested}]>'
    return (head + "<rss><channel><title>x</title><item><title>T &j;</title></item></channel></rss>").encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        _bomb("utf-8"),
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>',
        b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "a>b" [<!ENTITY x "y">]><rss><channel/></rss>',
        b'<?xml version="1.0"?>\n<!doctype rss SYSTEM "rss.dtd" [ ]>\n<rss><channel/></rss>',
    ],
    ids=["a bomb of entities", "a file of ours", "behind a bracket", "a DOCTYPE of its own"],
)
def test_a_feed_that_declares_entities_is_refused_with_the_reason(read: Read, content: bytes) -> None:
    assert _problems(read("feed.xml", content)) == [("feed.xml", "import-entities")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7", "cp037"])
def test_a_bomb_in_another_encoding_is_refused_too(read: Read, encoding: str) -> None:
    assert [reason for _, reason in _problems(read("feed.xml", _bomb(encoding)))] == ["import-entities"]


def test_a_feed_in_another_encoding_is_read(read: Read) -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><rss><channel><item><title>Міст</title></item></channel></rss>'
    assert _only(read("feed.xml", text.encode("utf-16"))).title == "Міст"


def test_the_old_doctype_that_only_names_rss_is_read_and_not_followed(read: Read) -> None:
    old = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">'
    feed = f'<?xml version="1.0"?>{old}<rss version="0.91"><channel><item><title>Old</title></item></channel></rss>'
    assert _only(read("feed.xml", feed)).title == "Old"


def test_of_a_broken_feed_what_can_be_read_is_read(read: Read) -> None:
    items = read("feed.xml", RSS[: RSS.index("</channel>")].replace("</title></item>", "</title></item><item><b>", 1))
    assert [item.incoming.title for item in items if item.incoming][:2] == [
        'Пором "Гончар" повернувся на пристань',
        "Лише заголовок",
    ]


@pytest.mark.parametrize("content", ["", "<html><body>404", "<rss><channel></channel></rss>", "\x00\x01"])
def test_a_feed_without_items_says_so(read: Read, content: str) -> None:
    assert _problems(read("feed.xml", content)) == [("feed.xml", "import-no-items")]


def test_a_text_that_is_no_page_says_so(read: Read) -> None:
    assert _problems(read("notes.txt", "Купити молока\n")) == [("notes.txt", "import-not-a-page")]


def test_a_folder_is_opened_and_what_is_no_news_is_left_out_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "feed").write_text(ATOM, encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    found, left_out = sources([str(tmp_path), str(tmp_path / "none.xml")])
    assert [(source.path.name, source.kind) for source in found] == [("feed", "feed")]
    assert _problems(left_out) == [("photo.jpg", "import-unknown-kind"), ("none.xml", "import-no-file")]


def _keys() -> set[str]:
    """Return the keys of what the code says of a file."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "feeds").glob("*.py"))
    return set(re.findall(r"\"(import-[a-z-]+)\"", code))


ANY = {"n": 2, "columns": 1, "limit": 5, **dict.fromkeys(("file", "chat", "address", "date", "zone", "id", "tags", "title", "encoding", "question", "kind", "status"), "x")}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_said_in_every_language(language: str) -> None:
    keys = _keys()
    assert {"import-no-file", "import-cut", "import-refused", "import-guessed"} <= keys
    assert all(phrases(language)(key, **ANY) for key in keys)
    own = (ROOT / "bot" / "text" / "languages" / language / "console.ftl").read_text(encoding="utf-8")
    assert keys <= set(re.findall(r"^(import-[a-z-]+) =", own, re.MULTILINE))


SAME = [
    ("https://x.example/a", "http://www.x.example/a/"),
    ("https://x.example/a", "https://m.x.example/a#comments"),
    ("https://x.example/a?id=5", "https://x.example/a?utm_source=tg&id=5&fbclid=z"),
    ("https://x.example/a?id=5&p=1", "https://x.example/a?p=1&id=5&utm_medium=b&gclid=1&ref=q"),
]
DIFFERENT = [
    ("https://x.example/a?id=5", "https://x.example/a?id=6"),
    ("https://x.example/?105", "https://x.example/?106"),
    ("https://x.example/a", "https://x.example/A"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_page_are_one(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_of_different_pages_stay_two(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def _identity(**fields: Any) -> str | None:
    return item_of({"title": "Міст", **fields}, KYIV, NOW).identity


def test_a_bare_number_is_an_id_only_together_with_its_source() -> None:
    assert _identity(id="105", source="Хвиля") != _identity(id="105", source="Обрій")
    assert _identity(id="105", source="Хвиля") == _identity(id=105, source="Хвиля", title="Міст відкрили")
    assert _identity(id="urn:x:105", source="Хвиля") == _identity(id="urn:x:105", source="Хвиля. Новини")


def test_without_an_id_the_address_and_without_an_address_the_words_tell_items_apart() -> None:
    assert _identity(url="https://x.example/1") == _identity(url="http://www.x.example/1/?utm_source=a", title="Інше")
    assert _identity(published_at="2026-11-20 08:00") == _identity(published_at="2026-11-20 19:00")
    assert _identity(published_at="2026-11-20") != _identity(published_at="2026-11-19")


def test_identities_fit_into_their_column() -> None:
    long = "https://x.example/" + "ї" * 300
    assert all(
        len(value or "") <= 80
        for value in (_identity(id=long), _identity(id="7", source="ї" * 300), _identity(url=long))
    )


INSTANTS: list[tuple[object, datetime | None]] = [
    (None, None),
    ("", None),
    ("2026-06-26 07:35", datetime(2026, 6, 26, 4, 35, tzinfo=UTC)),
    ("2026-01-26T07:35:10", datetime(2026, 1, 26, 5, 35, 10, tzinfo=UTC)),
    ("2026-06-26", datetime(2026, 6, 26, 9, 0, tzinfo=UTC)),
    ("2026-06-26T07:35:00Z", datetime(2026, 6, 26, 7, 35, tzinfo=UTC)),
    ("2026-06-26T07:35:00+03:00", datetime(2026, 6, 26, 4, 35, tzinfo=UTC)),
    ("Fri, 26 Jun 2026 07:35:00 GMT", datetime(2026, 6, 26, 7, 35, tzinfo=UTC)),
    ("Fri, 26 Jun 2026 07:35:00 -0000", datetime(2026, 6, 26, 7, 35, tzinfo=UTC)),
    ("Fri, 26 Jun 2026 07:35:00", datetime(2026, 6, 26, 4, 35, tzinfo=UTC)),
    (1782459300, datetime(2026, 6, 26, 7, 35, tzinfo=UTC)),
    (1782459300000, datetime(2026, 6, 26, 7, 35, tzinfo=UTC)),
    ("1782459300", datetime(2026, 6, 26, 7, 35, tzinfo=UTC)),
    ("2026-10-25 03:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice that night: the first
]


@pytest.mark.parametrize(("written", "meant"), INSTANTS, ids=str)
def test_dates_are_read_in_the_zone_they_name_or_in_the_given_one(written: object, meant: datetime | None) -> None:
    assert moment_in(written, KYIV) == (meant, "")


@pytest.mark.parametrize("written", ["вчора", "2026-02-30", "2026-13-01", -5, 1e300, True, [1], "99:99 01.01.2026"])
def test_what_is_no_date_is_refused(written: object) -> None:
    with pytest.raises(BadDate):
        moment_in(written, KYIV)


def test_a_clock_that_is_a_little_fast_does_not_put_news_into_the_future() -> None:
    assert item_of({"title": "Міст", "published_at": "2026-11-23T15:00:00Z"}, KYIV, NOW).published_at == NOW
    with pytest.raises(Rejected, match="import-future"):
        item_of({"title": "Міст", "published_at": "2026-11-24T12:00:00Z"}, KYIV, NOW)


def test_a_text_without_a_title_gives_its_first_sentence_for_one() -> None:
    taken = item_of({"text": "Міст відкрили. Рух відновлено."}, KYIV, NOW)
    assert taken.title.startswith("Міст відкрили")


def test_a_lead_that_stands_alone_is_taken_for_the_text() -> None:
    said = "Міст відкрили. " + "Рух відновили о шостій, повідомила мерія. " * 20
    taken = item_of({"lead": said}, KYIV, NOW)
    assert (taken.title, f"{taken.title} {taken.lead}{document_text(parse_html(taken.body))}".split()) == (
        "Міст відкрили.",
        said.split(),
    )


@pytest.mark.parametrize("fields", [{}, {"html": "<p></p><hr>"}, {"lead": "\u200b"}, {"title": "\u202e\u200b"}, {"title": [1.5], "text": {"b": 1}}, {"text": "<p><img src='x'></p>"}])  # fmt: skip
def test_what_says_nothing_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Rejected, match="import-no-text"):
        item_of(fields, KYIV, NOW)


def test_nothing_hostile_is_kept() -> None:
    taken = item_of(
        {
            "title": "Мі\x00ст <b>відкрили</b> &amp; &lt;script&gt;",
            "html": "<p>Текст<iframe src='x'></iframe><img src='javascript:a()'></p>",
            "url": "javascript:alert(1)",
            "photo": "file:///etc/passwd",
            "source": "Хви\u202eля",
        },
        KYIV,
        NOW,
    )
    assert taken.title == "Міст <b>відкрили</b> &amp; &lt;script&gt;", "a title in JSON is text"
    assert (taken.body, taken.url, taken.photo, taken.source) == ("<p>Текст</p>", "", None, "Хвиля")
