"""Files that are not quite what they should be: what is whole in them is read, and the rest is named."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from tests.support.feed_files import Read, articles_of, json_lines, keys_of, rss_feed, rss_item

# Encodings


@pytest.mark.parametrize(("said", "real"), [("iso-8859-1", "cp1251"), ("us-ascii", "koi8-u"), ("x-mac-cyrillic", "mac-cyrillic")])  # fmt: skip
def test_a_western_encoding_that_a_program_writes_under_everything_is_not_believed(
    read: Read, said: str, real: str
) -> None:
    text = "Міська рада ухвалила бюджет, підтримали його всі депутати"
    content = f'<?xml version="1.0" encoding="{said}"?><rss><channel><item><title>{text}</title></item></channel></rss>'
    assert articles_of(read(content.encode(real)))[0].title == text


def test_western_quotes_are_read_as_browsers_read_them(read: Read) -> None:
    content = '<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>A “café” – open</title></item></channel></rss>'
    assert articles_of(read(content.encode("cp1252")))[0].title == "A “café” – open"


def test_an_encoding_of_the_same_letters_is_not_taken_for_another(read: Read) -> None:
    content = "<rss><channel><item><title>Міська рада ухвалила Бюджет На Рік, Життя і Єдність Після Дощу</title></item></channel></rss>"
    assert keys_of(read(content.encode("mac-cyrillic"))) == ["import-encoding"]


# Topics


@pytest.mark.parametrize(
    "topics",
    ["Політика, Економіка", "Політика; Економіка", "#Політика #Економіка", ["Політика|Економіка"], "Політика\nЕкономіка",
     ["Політика, Економіка"], ["Політика/Економіка"], [{"name": "Політика"}, {"name": "Економіка"}]],
)  # fmt: skip
def test_several_topics_in_one_field_are_several(read: Read, topics: object) -> None:
    assert articles_of(read(json_lines({"title": "Дуб", "topics": topics}), "n.jsonl"))[0].topics == (
        "Політика",
        "Економіка",
    )


def test_a_comma_may_stand_in_a_name(read: Read) -> None:
    (one,) = articles_of(read(rss_feed(rss_item("<category>Світ, який ми втратили</category>"))))
    assert one.topics == ("Світ, який ми втратили",)


# Files


@pytest.mark.parametrize(
    ("content", "titles", "said"),
    [
        ('[{"title": "Дуб"}, {"title": "Клен"},]', ["Дуб", "Клен"], []),
        ('{\n"title": "Дуб"}\n{\n"title": "Клен"}', ["Дуб", "Клен"], []),
        ('{\n"title": "Дуб"}\n{"title": "Кл', ["Дуб"], ["import-cut"]),
        ('[{"title": "Дуб"}, {"title": "К "л" ен"}, {"title": "Липа"}]', ["Дуб", "Липа"], ["import-broken"]),
        ('{"data": {"items": [{"title": "Дуб"}]}}', ["Дуб"], []),
        ("[{'title': 'Дуб'}]", [], ["import-not-json-file"]),
        ('{"type": "public_channel", "messages": []}', [], ["import-no-items"]),
    ],
)
def test_of_json_that_is_not_quite_json_what_is_whole_is_read(
    read: Read, content: str, titles: list[str], said: list[str]
) -> None:
    items = read(content, "news.json")
    assert ([one.title for one in articles_of(items)], keys_of(items)) == (titles, said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sep=;\ntitle;text\nДуб;Текст\n", []),
        ("\n\ntitle,text\nДуб,Текст\n", []),
        ("title|text\nДуб|Текст\n", []),
        ('title,text\n"Кл" ен,Текст\nДуб,Текст\n', ["import-bad-table"]),
    ],
)
def test_a_table_is_read_behind_what_stands_in_the_way(read: Read, content: str, said: list[str]) -> None:
    items = read(content, "news.csv")
    assert ([one.title for one in articles_of(items)], keys_of(items)) == (["Дуб"], said)


def test_a_packed_file_is_unpacked_and_a_cut_one_read_to_its_end(read: Read) -> None:
    feed = rss_feed(*(rss_item(f"<description>{n * 7919}</description>", f"Новина {n}") for n in range(50)))
    packed = gzip.compress(feed.encode())
    for name in ("feed.xml.gz", "feed.xml"):
        assert len(articles_of(read(packed, name))) == 50
    items = read(packed[: len(packed) // 2])
    assert 0 < len(articles_of(items)) < 50
    assert keys_of(items) == ["import-cut"]
    lines = gzip.compress(json_lines({"title": "Дуб"}, {"title": "Клен"}).encode())
    assert len(articles_of(read(lines, "news.jsonl.gz"))) == 2


def test_a_packed_file_is_not_unpacked_without_end(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("bot.feeds.files", fromlist=["_MOST"])._MOST, "feed", 1_000_000)
    assert keys_of(read(gzip.compress(b"<rss>" + b" " * 5_000_000))) == ["import-too-large"]


def test_lines_without_any_say_so(read: Read) -> None:
    assert keys_of(read("\n \n", "news.jsonl")) == ["import-no-items"]


def test_an_exports_polls_and_left_channels_are_not_forgotten(read: Read) -> None:
    poll = {"id": 1, "type": "message", "text": "", "poll": {"question": "Коли міст?"}}
    quote = {
        "id": 2,
        "type": "message",
        "text": ["Дуб упав\n", {"type": "blockquote", "text": "Так", "collapsed": True}],
    }
    chat = {"name": "Гори", "type": "public_channel", "id": 7, "messages": [poll, quote]}
    items = read(json.dumps({"chats": {"list": []}, "left_chats": {"list": [chat]}}), "result.json")
    assert keys_of(items) == ["import-only-poll"]
    assert articles_of(items)[0].body == "<blockquote expandable><p>Так</p></blockquote>"


@pytest.mark.parametrize("clock", ["24.11.2026 10:15", "10:15, 24 листопада 2026", "Вт, 24 листопада 2026 року, 10:15"])
def test_a_page_knows_its_time_however_it_is_written(read: Read, clock: str) -> None:
    (one,) = articles_of(read(f"Агенція\n{clock}\nДуб упав\n2 хв читати\nТекст.\nОстаннє:\nІнше\n", "page.txt"))
    assert (one.title, one.body) == ("Дуб упав", "<p>Текст.</p>")
    assert one.published_at == datetime(2026, 11, 24, 8, 15, tzinfo=UTC)


def test_an_address_of_a_feed_may_say_that_it_is_one(read: Read) -> None:
    items = read('<opml><body><outline xmlUrl="feed://gory.example/f"/></body></opml>', "list.opml")
    assert [item.follow.address for item in items if item.follow] == ["http://gory.example/f"]
