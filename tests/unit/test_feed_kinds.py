"""Feeds as they are out there: what they carry arrives whole, or what was left out is said."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.files import read_items, sources
from bot.feeds.findings import Item
from bot.feeds.titles import title_text
from bot.model.limits import TAGS_MOST
from bot.model.news import Incoming
from bot.text.language_tags import language_called
from bot.text.markup import parse_html
from bot.text.nesting import flattened

pytestmark = pytest.mark.wide

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HEAD = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
 <title>Лісова пошта</title>"""
END = "</channel></rss>"

Read = Callable[..., list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads items out of a file of this content; a feed unless it has another name."""

    def reading(content: str, name: str = "feed.xml", known: frozenset[str] = frozenset()) -> list[Item]:
        (tmp_path / name).write_bytes(content.encode("utf-8", "surrogatepass"))
        found, left_out = sources([str(tmp_path / name)])
        return [item for source in found for item in read_items(source, KYIV, NOW, known)] + left_out

    return reading


def _taken(items: list[Item]) -> list[Incoming]:
    return [item.incoming for item in items if item.incoming is not None]


def _said(items: list[Item]) -> list[str]:
    """Return what is said of a file: problems and notes, with the number of the item."""
    said = []
    for item in items:
        number = item.place.partition("#")[2] or "-"
        said += [f"{number} {key}" for key in (item.problem, *(note.key for note in item.notes)) if key]
    return said


def _item(title: str = "Дуб упав", inside: str = "") -> str:
    return f"<item><title>{title}</title>{inside}</item>"


# Ids


def test_an_id_that_different_items_share_is_no_id(read: Read) -> None:
    items = read(
        HEAD
        + _item("Дуб упав", "<guid>урок</guid><link>https://lis.example/1</link>")
        + _item("Клен упав", "<guid>урок</guid><link>https://lis.example/2</link>")
        + _item("Липа цвіте", "<guid>урок</guid>")
        + _item("Явір росте", "<guid>явір</guid>")
        + END
    )
    identities = [one.identity or "" for one in _taken(items)]
    assert len(set(identities)) == 4
    assert [one.partition(":")[0] for one in identities] == ["url", "url", "text", "id"]
    assert _said(items) == ["- import-repeated-id"]
    assert items[0].notes[0].values == {"id": "урок", "n": 3}


def test_the_same_item_twice_in_a_file_keeps_its_id(read: Read) -> None:
    twice = _item("Дуб упав", "<guid>а1</guid><link>https://lis.example/1</link>") * 2
    items = read(HEAD + twice + END)
    assert {one.identity for one in _taken(items)} == {"id:Лісова пошта|а1"}
    assert _said(items) == []


def test_lines_share_ids_as_feeds_do(read: Read) -> None:
    items = read('{"id": 7, "title": "А"}\n{"id": 7, "title": "Б"}\n{"id": 8, "title": "В"}\n', "news.jsonl")
    assert len({one.identity for one in _taken(items)}) == 3
    assert _said(items) == ["- import-repeated-id"]


# Addresses

LINKED = "<link>/a/1</link><description>&lt;p&gt;Є &lt;a href='map?x=1'&gt;мапа&lt;/a&gt;.&lt;img src='//i.example/1.png'&gt;&lt;/p&gt;</description>"  # fmt: skip


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("<link>https://lis.example/home/</link>", "https://lis.example/home/"),
        ("<atom:link rel='self' href='https://feeds.example/lis/rss'/><link>https://lis.example/</link>", "https://feeds.example/lis/"),
    ],
    ids=["the channel's link", "the feed's own address"],
)  # fmt: skip
def test_addresses_without_a_beginning_are_completed(read: Read, head: str, base: str) -> None:
    (one,) = _taken(read(HEAD + head + _item(inside=LINKED) + END))
    assert one.url == f"https://{base.split('/')[2]}/a/1"
    assert f'<a href="{base}map?x=1">мапа</a>' in one.body
    assert one.photo is not None
    assert one.photo.url == "https://i.example/1.png"


def test_a_text_may_say_where_its_addresses_begin(read: Read) -> None:
    own = LINKED.replace("&lt;p&gt;", "&lt;base href='https://r.example/x/?a=1&amp;amp;b=2'&gt;&lt;p&gt;", 1)
    (one,) = _taken(read(HEAD + "<link>https://lis.example/</link>" + _item(inside=own) + END))
    assert one.url == "https://lis.example/a/1"
    assert '<a href="https://r.example/x/map?x=1">мапа</a>' in one.body


def test_xml_base_comes_first(read: Read) -> None:
    feed = HEAD.replace("<rss ", "<rss xml:base='https://base.example/x/' ") + "<link>https://lis.example/</link>"
    (one,) = _taken(read(feed + _item(inside=LINKED) + END))
    assert one.url == "https://base.example/a/1"
    assert 'href="https://base.example/x/map?x=1"' in one.body


def test_an_items_own_base_is_not_the_next_ones_and_ids_are_left_alone(read: Read) -> None:
    head = "<atom:link rel='self' href='https://feeds.example/lis/rss'/>"
    based = _item("Дуб", "<guid>урок</guid>" + LINKED).replace("<item>", "<item xml:base='https://base.example/x/'>")
    first, second = _taken(
        read(HEAD + head + based + _item("Клен", "<guid isPermaLink='false'>к1</guid>" + LINKED) + END)
    )
    assert (first.url, second.url) == ("https://base.example/a/1", "https://feeds.example/a/1")
    assert 'href="https://feeds.example/lis/map?x=1"' in second.body
    assert second.external_id == "к1"


def test_the_items_own_address_is_the_last_base(read: Read) -> None:
    whole = LINKED.replace("/a/1<", "https://lis.example/a/1<")
    (one,) = _taken(read(HEAD + _item(inside=whole) + END))
    assert 'href="https://lis.example/a/map?x=1"' in one.body


def test_an_address_that_nothing_completes_is_named(read: Read) -> None:
    items = read(HEAD + _item(inside=LINKED) + END)
    (one,) = _taken(items)
    assert (one.url, one.body) == ("", "<p>Є мапа.</p>")
    assert [(note.key, note.values["address"]) for note in items[0].notes] == [
        ("import-unresolved", "/a/1"),
        ("import-unresolved", "map?x=1"),
    ]


def test_an_address_that_lacks_only_its_beginning_is_no_path(read: Read) -> None:
    feed = "<link>https://lis.example/</link>" + _item(inside="<link>lis.example/a</link>") + _item(inside="<link>www.b.example/c</link>")  # fmt: skip
    assert [one.url for one in _taken(read(HEAD + feed + END))] == ["https://lis.example/a", "https://www.b.example/c"]


def test_hostile_addresses_are_dropped_without_a_word(read: Read) -> None:
    items = read(HEAD + _item(inside="<link>javascript:alert(1)</link>") + END)
    assert (_taken(items)[0].url, _said(items)) == ("", [])


# Titles


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Навіщо тег <marquee> у 2026 році", "Навіщо тег <marquee> у 2026 році"),
        ("Якщо a < b, то b > a", "Якщо a < b, то b > a"),
        ("Фестиваль <em>просто</em> неба", "Фестиваль просто неба"),
        ("<strong><i>Двічі</i> позначено</strong>", "Двічі позначено"),
        ("CO<sub>2</sub> у повітрі", "CO2 у повітрі"),
        ("Незакритий <b> лишається", "Незакритий <b> лишається"),
        ("<object>річ</object> і <form>форма</form>", "<object>річ</object> і <form>форма</form>"),
        ("Рядок<br/>другий", "Рядок другий"),
        ("Завод &laquo;Схід&raquo; &amp;&nbsp;син", "Завод «Схід» & син"),
        ("Посилання ?a=1&copy=2", "Посилання ?a=1&copy=2"),
        ("&lt;b&gt; – це тег", "<b> – це тег"),
    ],
)
def test_only_inline_tags_that_close_are_markup_in_a_title(written: str, meant: str) -> None:
    assert title_text(written) == meant


def test_a_hostile_title_is_come_through() -> None:
    for hostile in ("<b>" * 100_000, "<b><i>" * 50_000 + "</i></b>" * 50_000, "<b " * 100_000, "&" * 300_000):
        assert len(title_text(hostile)) <= 5_000


def test_a_title_in_json_is_text(read: Read) -> None:
    (one,) = _taken(read('{"title": "Тег <b>жирний</b> &amp; інші"}', "news.jsonl"))
    assert one.title == "Тег <b>жирний</b> &amp; інші"


def test_a_feed_in_pieces_reads_titles_the_same_when_it_is_broken(read: Read) -> None:
    items = read(HEAD + _item("Тег &lt;video&gt; &amp; звук &nbsp;", "<link>https://lis.example/?a=1&b=2</link>") + END)
    assert _taken(items)[0].title == "Тег <video> & звук"


def test_a_servers_complaint_above_a_feed_and_bare_signs_in_it_cost_nothing(read: Read) -> None:
    feed = HEAD + _item("Ліс & річка &nbsp;", "<guid><![CDATA[https://lis.example/?p=1&x=2]]></guid>") + END
    (one,) = _taken(read(f"<br />\n<b>Warning</b>: x & y in a.php\n{feed}"))
    assert (one.title, one.url) == ("Ліс & річка", "https://lis.example/?p=1&x=2")


def test_what_a_complaint_hides_is_refused_as_well(read: Read) -> None:
    bomb = HEAD.replace("?>", "?><!DOCTYPE rss [<!ENTITY a 'b'>]>", 1)
    assert _said(read(f"<b>Warning</b>{bomb}{_item('&a;')}{END}")) == ["- import-entities"]


def test_an_entry_that_has_only_a_content_has_no_lead(read: Read) -> None:
    entry = "<entry><title>Дуб</title><content type='html'>&lt;p&gt;Весь текст.&lt;/p&gt;</content></entry>"
    (one,) = _taken(read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'))
    assert (one.lead, one.body) == ("", "<p>Весь текст.</p>")


# Attachments


def test_what_is_attached_is_told_by_its_type_or_its_name(read: Read) -> None:
    feed = (
        _item("Звук", "<enclosure url='https://lis.example/1.mp3' type='audio/mpeg'/>")
        + _item("Відео", "<media:content url='https://lis.example/2.webm'/><media:thumbnail url='https://lis.example/2.png'/>")
        + _item("Світлина", "<link>https://lis.example/3</link><enclosure url='https://lis.example/3.JPG?w=9'/>")
        + _item("Звук і адреса", "<link>https://lis.example/4</link><enclosure url='https://lis.example/4.ogg'/>")
        + _item("Файл і адреса", "<link>https://lis.example/6</link><enclosure url='https://lis.example/6.pdf'/>")
        + _item("Файл", "<enclosure url='https://lis.example/5.pdf' type='application/pdf'/>")
    )  # fmt: skip
    items = read(HEAD + feed + END)
    found = [(one.url.rpartition("/")[2], (one.photo.url or "").rpartition("/")[2] if one.photo else "") for one in _taken(items)]  # fmt: skip
    assert found == [("1.mp3", ""), ("2.webm", "2.png"), ("3", "3.JPG?w=9"), ("4", ""), ("6", ""), ("5.pdf", "")]
    assert _said(items) == ["4 import-enclosure", "5 import-enclosure"]


# Entities


@pytest.mark.parametrize(
    "inside",
    [
        "<![CDATA[<p>Пишіть <code><!DOCTYPE html [<!ENTITY x 'y'>]></code></p>]]>",
        "&lt;!ENTITY x 'y'&gt;",
        "<!-- <!DOCTYPE a [ <!ENTITY x 'y'> ]> -->Текст",
    ],
    ids=["CDATA", "escaped", "a comment"],
)
def test_words_about_entities_are_words(read: Read, inside: str) -> None:
    items = read(HEAD + _item(inside=f"<description>{inside}</description>") + _item("Інша") + END)
    assert (len(_taken(items)), _said(items)) == (2, [])
    assert "comment" in inside or "<!--" in inside or "ENTITY" in _taken(items)[0].body


def test_a_comment_above_the_root_may_speak_of_them_too(read: Read) -> None:
    prolog, root = HEAD.split("?>", 1)
    items = read(f"{prolog}?><!-- no <!ENTITY here --><?x <!ENTITY?>{root}{_item()}{END}")
    assert len(_taken(items)) == 1


def test_a_definition_behind_a_comment_is_still_refused(read: Read) -> None:
    prolog, root = HEAD.split("?>", 1)
    items = read(f"{prolog}?><!-- > --> <!DOCTYPE rss [<!ENTITY a 'b'>]>{root}{_item('&a;')}{END}")
    assert _said(items) == ["- import-entities"]


def test_entities_that_stand_for_nothing_leave_nothing(read: Read) -> None:
    (one,) = _taken(read(HEAD + _item(inside="<description>&lt;p&gt;Ду&amp;#0;б&amp;#xFFFD; &amp;#x202e;упав&lt;/p&gt;</description>") + END))  # fmt: skip
    assert one.body == "<p>Дуб упав</p>"


def test_control_characters_in_a_feed_cost_nothing_else(read: Read) -> None:
    items = read(HEAD + _item("Ду\x00б &#0;упа\x0bв&#x1F;") + END)
    assert [one.title for one in _taken(items)] == ["Дуб упав"]


# Cut off

FULL = HEAD + _item("Перша") + _item("Друга", "<description>Довгий опис другої.</description>") + END


@pytest.mark.parametrize("where", ["<description>Довгий", "Довгий опис", "</description", "</item></channel"])
def test_the_item_a_file_ends_in_is_left_out_and_named(read: Read, where: str) -> None:
    items = read(FULL[: FULL.rindex(where) + 4])
    assert [one.title for one in _taken(items)] == ["Перша"]
    assert _said(items) == ["2 import-cut"]
    assert items[-1].values == {"n": 2}


def test_an_open_cdata_at_the_end_is_a_cut_too(read: Read) -> None:
    items = read(HEAD + _item("Перша") + "<item><title>Друга</title><description><![CDATA[<item></item> і")
    assert _said(items) == ["2 import-cut"]


def test_a_file_that_ends_between_items_is_said_to(read: Read) -> None:
    items = read(HEAD + _item("Перша") + _item("Друга"))
    assert len(_taken(items)) == 2
    assert _said(items) == ["- import-ends-early"]


def test_atom_is_cut_as_rss_is(read: Read) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Л</title><entry><title>Перша</title></entry><entry><title>Др'
    )
    items = read(feed)
    assert ([one.title for one in _taken(items)], _said(items)) == (["Перша"], ["2 import-cut"])


def test_one_broken_item_spoils_no_other(read: Read) -> None:
    feed = _item("Перша") + "<item><title>Друга <b></title><x></item>" + _item("Третя &amp; остання")
    assert [one.title for one in _taken(read(HEAD + feed + END))][::2] == ["Перша", "Третя & остання"]


# Languages


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("uk", "uk"), ("UK-ua", "uk"), ("uk_UA.UTF-8", "uk"), ("ua", "uk"), ("ukr", "uk"), ("Ukrainian", "uk"),
        ("українська", "uk"), ("Українська мова", "uk"), ("uk;q=0.8", "uk"), ("en-GB", "en"), ("eng", "en"), ("ENGLISH", "en"),
        ("us", "en"), ("rus", "ru"), ("русский", "ru"), ("pl-PL", "pl"), ("zh-Hant-TW", "zh"), ("crh", "crh"),
        ("xx", ""), ("und", ""), ("x-none", ""), ("", ""), ("мова", ""),
    ],
)  # fmt: skip
def test_tags_of_languages_are_written_one_way(tag: str, code: str) -> None:
    assert language_called(tag) == code


def test_an_unknown_tag_gives_way_to_the_text(read: Read) -> None:
    lines = '{"title": "Їжаки прокинулися", "language": "xx"}\n{"title": "Hedgehogs are awake", "language": "?"}'
    assert [one.language for one in _taken(read(lines, "news.jsonl"))] == ["uk", "en"]


def test_the_feeds_own_language_is_read_unless_the_letters_say_otherwise(read: Read) -> None:
    feed = "<language>ru-RU</language>" + _item("Погода на завтра") + _item("Їжаки й ґави зимують") + _item("Weather")
    assert [one.language for one in _taken(read(HEAD + feed + END))] == ["ru", "uk", "en"]


# Tags


def test_rare_tags_stay_tags(read: Read) -> None:
    tags = [f"мітка {n}" for n in range(100)] + ["Садівництво"] * 5
    items = read(
        HEAD + "".join(_item(f"Новина {n}", f"<category>{tag}</category>") for n, tag in enumerate(tags)) + END
    )
    assert {name for one in _taken(items) for name in one.topics} == {"Садівництво"}
    assert _said(items) == ["- import-rare-tags"]
    assert items[0].notes[0].values["n"] == 100
    assert [one.tags for one in _taken(items)] == [(f"мітка {n}",) for n in range(100)] + [()] * 5


def test_an_item_keeps_so_many_tags_and_no_more(read: Read) -> None:
    many = "".join(f"<category>мітка {n}</category>" for n in range(1000))
    assert [len(one.tags) for one in _taken(read(HEAD + _item("Новина", many) + END))] == [TAGS_MOST]


def test_a_few_names_become_topics_however_rare_and_known_ones_always(read: Read) -> None:
    few = HEAD + "".join(_item(f"Новина {n}", f"<category>рубрика {n}</category>") for n in range(5)) + END
    assert [one.topics for one in _taken(read(few))] == [(f"рубрика {n}",) for n in range(5)]
    many = HEAD + "".join(_item(f"Новина {n}", f"<category>рубрика {n}</category>") for n in range(50)) + END
    items = read(many, known=frozenset({"rubryka-7"}))
    assert [name for one in _taken(items) for name in one.topics] == ["рубрика 7"]


# Bounds


@pytest.mark.parametrize(
    "content",
    ["<rss>" + "<a>" * 100_000, "<rss><channel>" + "<!--" * 200_000, "<rss>" + "<?" * 200_000, "<rss>" + "<![CDATA[" * 100_000,
     "<rss>" + "<item>" * 20_000, "<rss><channel>" + '<a "' * 20_000 + "<item/>", "<rss>" + "&nbsp" * 200_000,
     HEAD + "<item><x>" + "<div>" * 10_000 + "</item>" + END,
     "<urlset>" + "<url " * 500_000, "<urlset>" + ("<url>" + "<loc><![CDATA[" * 6_500 + "</url>") * 30],
    ids=["open", "comments", "instructions", "cdata", "items", "quotes", "entities", "deep in an item", "open pages", "cdata of pages"],
)  # fmt: skip
def test_a_hostile_feed_is_come_through_and_said_to_hold_nothing(read: Read, content: str) -> None:
    items = read(content)
    assert all(item.incoming is None or "deep" in repr(content) or item.incoming.body == "" for item in items)
    assert _said(items)


def test_html_nested_deep_keeps_its_text(read: Read) -> None:
    deep = "<div>" * 100_000 + "<p>Серцевина</p>" + "</div>" * 100_000
    items = read(HEAD + _item(inside=f"<description><![CDATA[{deep}]]></description>") + END)
    assert _taken(items)[0].body == "<p>Серцевина</p>"
    for hostile in ("<blockquote>", "<ul><li>", "<table><tr><td>", "<b><font color=1>", "<a href=x>", "<a<", "<!--"):
        parse_html(hostile * 10_000 + "x")
    assert flattened("<div>" * 100_000 + "x").count("<div>") == 100


def test_what_is_not_too_deep_stays_as_it_is() -> None:
    page = "<div><p>Абзац" * 90 + "</div>" * 90 + "<p>без кінця" * 300
    assert flattened(page) == page


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "gone.xml").symlink_to(tmp_path / "nowhere")
    found, left_out = sources([str(tmp_path), str(tmp_path / "pipe.xml"), "/dev/zero", "a\0b"])
    assert found == []
    assert [item.problem for item in left_out] == [
        "import-no-file", "import-not-a-file", "import-not-a-file", "import-not-a-file", "import-no-file",
    ]  # fmt: skip


def test_a_text_without_a_title_keeps_its_formatting_and_its_links(read: Read) -> None:
    (short, long) = _taken(
        read(
            '[{"id": 1, "html": "<p>Міст <a href=\\"https://lis.example/m\\">відкрито</a>.</p>"},'
            ' {"id": 2, "html": "<p>Дуб упав.</p><p>Це <b>третій</b> за рік.</p><ul><li>А</li></ul>"}]',
            "news.json",
        )
    )
    assert (short.title, short.body) == ("Міст відкрито.", '<p><a href="https://lis.example/m">відкрито</a></p>')
    assert (long.title, long.body) == ("Дуб упав.", "<p>Це <b>третій</b> за рік.</p><ul><li>А</li></ul>")


def test_a_sitemap_of_news_names_articles_and_one_of_pages_none(read: Read) -> None:
    page = "<url><loc>https://lis.example/{0}</loc>{1}</url>"
    news = (
        "<n:news><n:publication><n:name>Лісова пошта</n:name><n:language>uk</n:language></n:publication>"
        "<n:publication_date>2026-11-20T14:05:00+02:00</n:publication_date><n:title>{}</n:title></n:news>"
        "<image:image><image:loc>https://lis.example/i.jpg</image:loc><image:title>Не це</image:title></image:image>"
    )
    one = page.format("1?a=1&amp;b=2", news.format("Дуб &amp;amp; клен &lt;b&gt; упали"))
    two = page.format("2", news.format("<![CDATA[Липа & <i>явір</i>]]>"))
    head = '<?xml version="1.0"?><urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
    items = read(head + one + page.format("про-нас", "") + two + "</urlset>", "sitemap.xml")
    first, second = _taken(items)
    assert (first.title, first.url) == ("Дуб & клен <b> упали", "https://lis.example/1?a=1&b=2")
    assert (second.title, second.source, second.language) == ("Липа & явір", "Лісова пошта", "uk")
    assert second.published_at == datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
    assert second.photo is not None
    assert second.photo.url == "https://lis.example/i.jpg"
    assert _said(items) == ["- import-pages-only"]
    assert _said(read(head + one + two[:-30], "sitemap.xml")) == ["2 import-cut"]
    assert _said(read(head + page.format(1, "") + "</urlset>", "sitemap.xml")) == ["- import-no-items"]
    assert _said(read(head + "<url>" * 60_000, "sitemap.xml"))[-2:] == ["- import-too-many", "- import-no-items"]
