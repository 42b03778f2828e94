"""Files other than feeds: JSON in its forms, Telegram's export, tables, lists of feeds; whole and cut off."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.files import read_items, sources
from bot.feeds.findings import Item
from bot.model.news import Incoming

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Read = Callable[[str, str], list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(name: str, content: str) -> list[Item]:
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
        found, left_out = sources([str(tmp_path / name)])
        return [item for source in found for item in read_items(source, KYIV, NOW)] + left_out

    return reading


def _taken(items: list[Item]) -> list[Incoming]:
    return [item.incoming for item in items if item.incoming is not None]


def _said(items: list[Item]) -> list[tuple[str, str]]:
    return [
        (item.place.rpartition("/")[2], key)
        for item in items
        for key in (item.problem, *(note.key for note in item.notes))
        if key
    ]


TWO = [{"id": 1, "title": "Сова прилетіла", "text": "Уночі."}, {"id": 2, "title": "Сова відлетіла", "text": "Зранку."}]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(TWO),
        json.dumps(TWO, ensure_ascii=False, indent=2),
        "\n".join(json.dumps(one) for one in TWO),
        json.dumps({"articles": TWO, "totalResults": 2}),
        json.dumps({"status": "ok", "items": TWO}),
    ],
    ids=["array", "indented", "lines", "articles", "items"],
)
def test_json_in_any_of_its_forms(read: Read, content: str) -> None:
    assert [one.title for one in _taken(read("news.json", content))] == ["Сова прилетіла", "Сова відлетіла"]


def test_one_article_may_be_a_whole_file(read: Read) -> None:
    assert [one.body for one in _taken(read("one.json", json.dumps(TWO[0])))] == ["<p>Уночі.</p>"]


def test_an_array_is_known_by_its_first_sign_whatever_the_file_is_called(read: Read) -> None:
    assert len(_taken(read("news.jsonl", json.dumps(TWO, indent=1)))) == 2
    assert len(_taken(read("news", json.dumps(TWO)))) == 2


@pytest.mark.parametrize("content", ['{"query": "x", "relevant": {"a": 1}}', "[1, 2]", "[]", "{}", '"рядок"', "null"])
def test_json_that_is_no_news_says_so(read: Read, content: str) -> None:
    assert [key for _, key in _said(read("other.json", content))] == ["import-no-items"]


@pytest.mark.parametrize("content", ["не json", "{'a': 1}", "[" * 100_000])
def test_what_is_no_json_says_so(read: Read, content: str) -> None:
    ((_, key),) = _said(read("other.json", content))
    assert key in {"import-not-json-file", "import-cut"}


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Совине дупло",
    "home_page_url": "https://sova.example/",
    "feed_url": "https://sova.example/feed/all.json",
    "language": "uk-UA",
    "items": [
        {
            "id": "https://sova.example/1", "title": "Сова <b> прилетіла", "content_html": "<p>Є <a href='/m'>мапа</a></p>",
            "date_published": "2026-11-20T10:00:00+02:00", "tags": ["Птахи"], "image": "/i/1.jpg", "summary": "Коротко",
        },
        {"id": "9", "title": "Голос сови", "attachments": [{"url": "https://sova.example/9.mp3", "mime_type": "audio/mpeg"}, {"url": "https://sova.example/9.jpg", "mime_type": "image/jpeg"}]},
        {"id": "2", "url": "https://sova.example/2", "content_text": "Лише текст. Без заголовка."},
    ],
}  # fmt: skip


def test_json_feed(read: Read) -> None:
    first, ninth, second = _taken(read("feed.json", json.dumps(JSON_FEED)))
    assert (ninth.url, ninth.photo and ninth.photo.url) == ("https://sova.example/9.mp3", "https://sova.example/9.jpg")
    assert first.title == "Сова <b> прилетіла"
    assert first.body == '<p>Є <a href="https://sova.example/m">мапа</a></p>'
    assert (first.source, first.url, first.language) == ("Совине дупло", "https://sova.example/1", "uk")
    assert first.published_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert (first.topics, first.lead) == (("Птахи",), "Коротко")
    assert first.photo is not None
    assert first.photo.url == "https://sova.example/i/1.jpg"
    assert (second.title, second.url) == ("Лише текст. Без заголовка.", "https://sova.example/2")


@pytest.mark.parametrize("cut", range(2, 60, 7))
def test_an_array_that_was_cut_off_loses_the_record_it_ends_in(read: Read, cut: int) -> None:
    content = json.dumps(TWO, ensure_ascii=False)[:-cut]
    items = read("news.json", content)
    whole = content.count("}")
    assert len(_taken(items)) == min(whole, 2)
    assert items[-1].problem == "import-cut"
    assert items[-1].values == {"n": whole + 1}


def test_a_json_feed_that_was_cut_off_keeps_what_is_whole(read: Read) -> None:
    content = json.dumps(JSON_FEED, ensure_ascii=False)
    items = read("feed.json", content[: content.index("Лише")])
    assert [one.source for one in _taken(items)] == ["Совине дупло"] * 2
    assert items[-1].problem == "import-cut"


def test_lines_that_were_cut_off_say_so(read: Read) -> None:
    items = read("news.jsonl", '{"title": "А"}\n{"title": "Б')
    assert _said(items) == [("news.jsonl:2", "import-cut")]


def test_control_characters_and_half_characters_are_cleaned_at_the_door(read: Read) -> None:
    fields = {name: f"x\x00{name}\x1b\x7f" for name in ("id", "title", "text", "lead", "url", "source", "language", "story", "topics")}  # fmt: skip
    raw = json.dumps(fields)[:-1] + ', "photo": "https://x.example/\\u0000a.png", "html": "\\ud800<p>a\\u0000</p>"}'
    (one,) = _taken(read("news.jsonl", f'{raw}\n{{"title": "raw \x01\ttab"}}\n'))[:1]
    text = repr(one)
    assert not any(sign in text for sign in ("\\x00", "\\x1b", "\\x7f", "\\ud800"))
    assert (one.external_id, one.story, one.topics) == ("xid", "xstory", ("xtopics",))


def _message(number: int, text: Any, **values: Any) -> dict[str, Any]:
    return {"id": number, "type": "message", "date": "2026-11-20T10:05:00", "date_unixtime": "1795161900", "text": text, **values}  # fmt: skip


CHANNEL = {
    "name": "Канал Діброва",
    "type": "public_channel",
    "id": 55,
    "messages": [
        {"id": 1, "type": "service", "action": "create_channel", "text": ""},
        _message(2, ["Дуби цвітуть\n\n", {"type": "bold", "text": "Надворі"}, " весна. ", {"type": "text_link", "text": "Мапа", "href": "https://lis.example/m"}, " ", {"type": "hashtag", "text": "#ліс"}]),
        _message(3, "Клени червоніють\nУ діброві осінь.", photo="photos/photo_1@20-11-2026.jpg"),
        _message(4, "", photo="photos/photo_2.jpg"),
        _message(5, [], file="video_files/v.mp4", media_type="video_file"),
        _message(6, [{"type": "link", "text": "https://lis.example/6"}, "\n", {"type": "custom_emoji", "text": "🌳", "document_id": "x"}, " 😀 ", {"type": "italic", "text": "після емодзі"}], forwarded_from="Лісник"),
        _message(7, "", text_entities=[{"type": "plain", "text": "Новий клієнт"}]),
        {"id": 8, "type": "message", "text": 5, "date": None},
    ],
}  # fmt: skip


def test_telegrams_export_becomes_articles_with_their_formatting(read: Read) -> None:
    items = read("result.json", json.dumps(CHANNEL, ensure_ascii=False, indent=1))
    first, second, sixth, seventh = _taken(items)
    assert (first.title, first.source, first.external_id) == ("Дуби цвітуть", "Канал Діброва", "urn:telegram:55:2")
    assert first.body == '<p><b>Надворі</b> весна. <a href="https://lis.example/m">Мапа</a> #ліс</p>'
    assert first.published_at == datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
    assert (second.title, second.body) == ("Клени червоніють", "<p>У діброві осінь.</p>")
    assert sixth.source == "Лісник"
    assert "<i>після емодзі</i>" in sixth.body
    assert seventh.title == "Новий клієнт"
    assert _said(items) == [
        ("result.json#3", "import-media"),
        ("result.json#4", "import-only-media"),
        ("result.json#5", "import-only-media"),
        ("result.json#8", "import-no-text"),
    ]
    assert items[1].notes[0].values == {"file": "photos/photo_1@20-11-2026.jpg"}


def test_of_a_whole_account_only_channels_are_taken(read: Read) -> None:
    talk = {"name": "Мама", "type": "personal_chat", "id": 9, "messages": [_message(1, "Привіт")]}
    items = read("result.json", json.dumps({"about": "x", "chats": {"about": "y", "list": [talk, CHANNEL]}}))
    assert {one.source for one in _taken(items)} == {"Канал Діброва", "Лісник"}
    assert _said(items)[0] == ("result.json", "import-private-chat")


def test_a_chat_that_was_exported_by_itself_is_taken(read: Read) -> None:
    group = {"name": "Редакція", "type": "private_supergroup", "id": 9, "messages": [_message(1, "Зустріч о десятій")]}
    assert [one.title for one in _taken(read("result.json", json.dumps(group)))] == ["Зустріч о десятій"]


def test_a_message_that_was_cut_off_within_its_formatting_is_left_out_whole(read: Read) -> None:
    content = json.dumps(CHANNEL, ensure_ascii=False)
    assert [item.problem for item in read("result.json", content[: content.index(" весна.")])] == ["import-cut"]
    account = json.dumps({"chats": {"list": [CHANNEL, CHANNEL]}}, ensure_ascii=False)
    items = read("result.json", account[: account.rindex(" весна.")])
    assert [one.title for one in _taken(items)].count("Дуби цвітуть") == 1
    assert items[-1].problem == "import-cut"


def test_an_export_that_was_cut_off_keeps_its_whole_messages(read: Read) -> None:
    content = json.dumps(CHANNEL, ensure_ascii=False)
    items = read("result.json", content[: content.index("Клени")])
    assert [(one.title, one.source) for one in _taken(items)] == [("Дуби цвітуть", "Канал Діброва")]
    assert items[-1].problem == "import-cut"


TABLE = """id,Title,text,url,published_at,topics,language,невідомий
1,"Бобри, греблі","Перший рядок
другий рядок",https://lis.example/1,20.11.2026 10:00,"Річка; Звірі",українська,x
2,Видри,Плавають.,,2026-11-21,Річка,uk,

3,Без тексту
4,Зайве,т,,,,uk,x,y
"""


@pytest.mark.parametrize(("name", "sign"), [("t.csv", ","), ("t.csv", ";"), ("t.tsv", "\t")])
def test_a_table_is_read_by_the_names_of_its_columns(read: Read, name: str, sign: str) -> None:
    content = (
        TABLE
        if sign == ","
        else TABLE.replace(",", sign).replace(f"Бобри{sign}", "Бобри,").replace("Річка; З", "Річка| З")
    )
    items = read(name, content)
    beavers, otters, bare = _taken(items)
    assert (beavers.title, beavers.external_id, beavers.language) == ("Бобри, греблі", "1", "uk")
    assert beavers.topics == ("Річка", "Звірі")
    assert beavers.published_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert "другий рядок" in beavers.body
    assert (otters.topics, bare.title) == (("Річка",), "Без тексту")
    assert _said(items) == [(f"{name}:7", "import-bad-row")]


def test_a_table_of_a_spreadsheet_in_windows(tmp_path: Path) -> None:
    content = "Заголовок;Текст;Дата;Рубрика\r\nБобри;Будують греблю.;20.11.2026;Річка\r\n"
    (tmp_path / "t.csv").write_bytes(content.encode("cp1251"))
    (source,), _ = sources([str(tmp_path / "t.csv")])
    (one,) = _taken(list(read_items(source, KYIV, NOW)))
    assert (one.title, one.body, one.topics) == ("Бобри", "<p>Будують греблю.</p>", ("Річка",))


@pytest.mark.parametrize(
    ("name", "file", "place"),
    [
        ("t.csv", "рядок;title;text\n1;Бобри;Греблі\n2;;\n", "t.csv:3"),
        ("t.jsonl", '{"title": "Бобри", "text": "Греблі"}\n{}\n', "t.jsonl:2"),
        ("t.json", '[{"title": "Бобри", "text": "Греблі"}, {}]', "t.json#2"),
    ],
)
def test_a_record_with_nothing_that_is_known_is_named_in_the_report(
    read: Read, name: str, file: str, place: str
) -> None:
    items = read(name, file)
    assert [item.incoming.title for item in items if item.incoming] == ["Бобри"]
    assert _said(items) == [(place, "import-no-text")]


def test_a_table_without_names_of_columns_says_so(read: Read) -> None:
    assert _said(read("t.csv", "Бобри;Греблі\nВидри;Річка\n")) == [("t.csv", "import-no-columns")]


def test_a_table_that_was_cut_off_loses_the_row_it_ends_in(read: Read) -> None:
    items = read("t.csv", 'title,text\nБобри,"Греблі"\nВидри,"Пла')
    assert [one.title for one in _taken(items)] == ["Бобри"]
    assert (items[-1].problem, items[-1].values) == ("import-cut", {"n": 2})


def test_a_table_whose_last_row_lacks_cells_was_cut_off_when_no_other_row_does(read: Read) -> None:
    items = read("t.csv", "title,text,url\nБобри,Греблі,\nВидри,Пла")
    assert ([one.title for one in _taken(items)], items[-1].problem) == (["Бобри"], "import-cut")
    short = read("t.csv", "title,text,url\nБобри\nВидри,Плавають")
    assert [one.title for one in _taken(short)] == ["Бобри", "Видри"]


SHREDS = [
    "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>http://[x", "</link>", "<![CDATA[", "]]>",
    "<guid>1</guid>", "<pubDate>99.99.9999</pubDate>", "&T;", "&#0;", "<enclosure/>", "xml:base='http://[bad'", "<feed>",
    '{"title": ', '"слово"', "[", "]", "{", "}", ",", ":", "null", "1e999", '"messages": [', '"type": "message", "text": ',
    "title;text", "\n", '"', ";", "<opml>", "<outline xmlUrl='http://[x'/>", "10:15 24.11.2026\n", "\x00", "\ufffd",
]  # fmt: skip


@given(
    st.sampled_from(["a.xml", "a.json", "a.jsonl", "a.csv", "a.txt", "a.opml", "a"]),
    st.lists(st.sampled_from(SHREDS), max_size=25),
)
def test_whatever_a_file_holds_reading_it_ends_with_items_or_reasons(name: str, shreds: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text("".join(shreds), encoding="utf-8")
        found, left_out = sources([str(path)])
        items = [item for source in found for item in read_items(source, KYIV, NOW)] + left_out
    assert "\ufffd" not in repr([item.incoming for item in items])
    assert all(item.incoming or item.problem or item.notes or item.follow for item in items)


OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Мої</title></head><body>
<outline text="Природа"><outline type="rss" text="Ліс &amp; річка" xmlUrl="https://lis.example/rss" htmlUrl="https://lis.example"/>
<outline title="Сова" text="s" xmlUrl="https://sova.example/feed"></outline></outline>
<outline text="Двічі" xmlUrl="https://lis.example/rss"/><outline text="Погана" xmlUrl="file:///etc/passwd"/></body></opml>"""


@pytest.mark.parametrize("name", ["list.opml", "subscriptions.xml", "list"])
def test_a_list_of_feeds_is_told_as_one(read: Read, name: str) -> None:
    items = read(name, OPML)
    assert [(item.follow.name, item.follow.address) for item in items if item.follow] == [
        ("Ліс & річка", "https://lis.example/rss"),
        ("Сова", "https://sova.example/feed"),
    ]
    assert _said(items) == [(f"{name}#3", "import-bad-feed")]


def test_a_list_without_feeds_says_so(read: Read) -> None:
    assert _said(read("list.opml", "<opml><body><outline text='x'/></body></opml>")) == [
        ("list.opml", "import-no-feeds")
    ]
