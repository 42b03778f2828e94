"""Feeds as they are out there: broken, oddly encoded, dated and named; each is read for what it means."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.fetch.answers import Reason
from bot.inflow.arrivals import item_key
from bot.inflow.parsed import Parsed, parsed

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AT = "https://news.example/feed.xml"
TITLE, OTHER = "Міст відкрили після ремонту", "Паром не ходитиме"
BOTH = [TITLE, OTHER]


@dataclass(frozen=True)
class Shape:
    """A feed, the titles that are read from it, and for some items what else has to be right."""

    body: str | bytes
    titles: tuple[str, ...] = (TITLE, OTHER)
    first: Any = None
    head: Any = None

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()


def _rss(inside: str, *, head: str = "", open_: str = '<rss version="2.0">', close: str = "</rss>") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>{open_}<channel><title>Газета</title><link>https://news.example/</link>{head}{inside}</channel>{close}'


def _item(title: str, number: int, inside: str = "") -> str:
    return f"<item><title>{title}</title><guid isPermaLink='false'>{number}</guid><link>https://news.example/{number}</link>{inside}</item>"


TWO = _item(TITLE, 1) + _item(OTHER, 2)
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
JSON_ITEMS = [
    {
        "id": "1",
        "url": "https://news.example/1",
        "title": TITLE,
        "content_html": "<p>Так</p>",
        "date_published": "2026-11-26T10:00:00+02:00",
        "tags": ["Місто"],
    },
    {"id": 2, "external_url": "https://other.example/2", "title": OTHER, "content_text": "Ні"},
]
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Газета",
    "home_page_url": "https://news.example/",
    "language": "uk",
    "items": JSON_ITEMS,
}
HOURS = "<skipHours><hour>0</hour><hour>24</hour><hour>5</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day><day>Nonday</day></skipDays><ttl>90</ttl>"

SHAPES = {
    "RSS 2.0": Shape(_rss(TWO), head=("Газета", "https://news.example/")),
    "RSS 0.91 without ids": Shape(_rss("".join(f"<item><title>{t}</title><link>/{n}</link></item>" for n, t in enumerate(BOTH)), open_='<rss version="0.91">'), first=lambda i: i.url == "https://news.example/0" and item_key(i).startswith("url:")),
    "RDF, RSS 1.0": Shape(f'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>Газета</title><link>https://news.example/</link></channel><item rdf:about="https://news.example/1"><title>{TITLE}</title><link>https://news.example/1</link><dc:date>2026-11-26T10:00:00+02:00</dc:date></item><item rdf:about="https://news.example/2"><title>{OTHER}</title><link>https://news.example/2</link></item></rdf:RDF>', first=lambda i: i.published_at == datetime(2026, 11, 26, 8, tzinfo=UTC)),
    "Atom with xml:base": Shape(f'<feed {ATOM} xml:base="https://news.example/a/"><title>Газета</title><id>x</id><link href="../"/><entry xml:base="b/"><id>tag:news.example,2026:1</id><title>{TITLE}</title><link href="1"/><updated>2026-11-26T08:00:00Z</updated><content type="html">&lt;p&gt;&lt;a href="c"&gt;Далі&lt;/a&gt;&lt;/p&gt;</content></entry><entry><id>2</id><title>{OTHER}</title><link href="/2"/></entry></feed>', first=lambda i: i.url == "https://news.example/a/b/1" and "https://news.example/a/b/c" in i.body),
    "Atom with a prefix": Shape(f'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:title>Газета</atom:title><atom:entry><atom:id>1</atom:id><atom:title type="html">{TITLE}</atom:title></atom:entry><atom:entry><atom:id>2</atom:id><atom:title>{OTHER}</atom:title></atom:entry></atom:feed>'),
    "Atom with XHTML": Shape(f'<feed {ATOM}><title>Газета</title><entry><id>1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{TITLE}</div></title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Один</p><p>Два</p></div></content></entry><entry><id>2</id><title>{OTHER}</title></entry></feed>', first=lambda i: "Один" in i.body and "Два" in i.body),
    "JSON Feed 1.1": Shape(json.dumps(JSON_FEED), head=("Газета", "https://news.example/"), first=lambda i: i.published_at == datetime(2026, 11, 26, 8, tzinfo=UTC) and i.topics == ("Місто",)),
    "JSON Feed 1.1 with a mark": Shape(b"\xef\xbb\xbf" + json.dumps(JSON_FEED, ensure_ascii=False).encode()),
    "JSON Feed that is over": Shape(json.dumps({**JSON_FEED, "expired": True})),
    "JSON Feed without titles": Shape(json.dumps({**JSON_FEED, "items": [{"id": "1", "content_text": f"{TITLE}\n\nДалі текст."}]}), titles=(TITLE,)),
    "a byte that fits nowhere": Shape(_rss(_item(f"{TITLE}|", 1) + _item(OTHER, 2)).encode().replace(b"|", b"\xff"), titles=(TITLE, OTHER)),
    "a byte that fits nowhere in JSON": Shape(json.dumps(JSON_FEED, ensure_ascii=False).encode().replace("Так".encode(), "Так".encode() + b"\xd0"), first=lambda i: i.body == "<p>Так</p>"),
    "Windows-1251 that says so": Shape(_rss(TWO).replace("utf-8", "windows-1251").encode("cp1251")),
    "Windows-1251 that says UTF-8": Shape(_rss(TWO).encode("cp1251")),
    "KOI8-U": Shape(_rss(TWO).replace("utf-8", "koi8-u").encode("koi8-u")),
    "UTF-16 with a mark": Shape(_rss(TWO).replace("utf-8", "utf-16").encode("utf-16")),
    "UTF-8 with a mark and empty lines": Shape(b"\xef\xbb\xbf\r\n\r\n" + _rss(TWO).encode()),
    "a complaint of the server above it": Shape("<b>Warning</b>: mysql_connect() in /var/www on line 3<br/>\n" + _rss(TWO)),
    "signs that begin nothing": Shape(_rss(_item("Кава & чай <3", 1) + _item(OTHER, 2)), titles=("Кава & чай <3", OTHER)),
    "names of HTML for characters": Shape(_rss(_item("Кава&nbsp;&mdash; за&hellip;", 1) + _item(OTHER, 2)), titles=("Кава — за…", OTHER)),
    "CDATA": Shape(_rss(_item(f"<![CDATA[{TITLE}]]>", 1, "<description><![CDATA[<p>Текст <b>жирний</b> & так</p>]]></description>") + _item(OTHER, 2)), first=lambda i: "<b>жирний</b>" in i.body),
    "CDATA in what is escaped": Shape(_rss(_item(f"&lt;![CDATA[{TITLE}]]&gt;", 1) + _item(OTHER, 2))),
    "control characters": Shape(_rss(_item(f"\x02{TITLE}\x0b", 1) + _item(OTHER, 2))),
    "cut off in an item": Shape(_rss(TWO + "<item><title>Пол").partition("</channel>")[0]),
    "an item that is not closed": Shape(_rss(_item(TITLE, 1).replace("</item>", "") + _item(OTHER, 2))),
    "no namespace declared": Shape(_rss(_item(TITLE, 1, "<dc:creator>Автор</dc:creator><media:thumbnail url='https://news.example/a.jpg'/>") + _item(OTHER, 2))),
    "a body beside a summary": Shape(_rss(_item(TITLE, 1, "<description>Коротко.</description><content:encoded><![CDATA[<p>Докладно про все.</p>]]></content:encoded>") + _item(OTHER, 2), open_='<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'), first=lambda i: (i.lead, "Докладно" in i.body) == ("Коротко.", True)),
    "a picture of media RSS": Shape(_rss(_item(TITLE, 1, "<media:group><media:content url='https://news.example/a.jpg' medium='image'/></media:group>") + _item(OTHER, 2), open_='<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'), first=lambda i: i.photo is not None and i.photo.url == "https://news.example/a.jpg"),
    "a podcast": Shape(_rss(f"<item><title>{TITLE}</title><guid>ep-1</guid><enclosure url='https://cdn.example/1.mp3' length='1' type='audio/mpeg'/><itunes:summary>Про міст</itunes:summary></item>" + _item(OTHER, 2), open_='<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'), first=lambda i: i.url == "https://cdn.example/1.mp3"),
    "dates in Ukrainian": Shape(_rss(_item(TITLE, 1, "<pubDate>26 листопада 2026, 10:00</pubDate>") + _item(OTHER, 2)), first=lambda i: i.published_at == datetime(2026, 11, 26, 8, tzinfo=UTC)),
    "a date with the wrong weekday": Shape(_rss(_item(TITLE, 1, "<pubDate>Mon, 26 Nov 2026 10:00:00 +0200</pubDate>") + _item(OTHER, 2)), first=lambda i: i.published_at == datetime(2026, 11, 26, 8, tzinfo=UTC)),
    "a date that is none": Shape(_rss(_item(TITLE, 1, "<pubDate>скоро</pubDate>") + _item(OTHER, 2)), first=lambda i: i.published_at is None),
    "an item far ahead": Shape(_rss(_item(TITLE, 1, "<pubDate>Thu, 26 Nov 2099 10:00:00 +0200</pubDate>") + _item(OTHER, 2)), titles=(OTHER,)),
    "one id for all": Shape(_rss("".join(f"<item><title>{t}</title><guid>same</guid><link>https://news.example/{n}</link></item>" for n, t in enumerate(BOTH))), first=lambda i: item_key(i).startswith("url:")),
    "an id that is the address": Shape(_rss(f"<item><title>{TITLE}</title><guid>https://news.example/1</guid></item>" + _item(OTHER, 2)), first=lambda i: i.url == "https://news.example/1"),
    "an id that is the address beside an empty one": Shape(_rss(f"<item><title>{TITLE}</title><link/><guid>https://news.example/1</guid></item><item><title>{OTHER}</title><link>\n</link><guid>https://news.example/2</guid></item>"), first=lambda i: i.url == "https://news.example/1"),
    "titles escaped twice, or as a link": Shape(_rss(_item("\n\t<![CDATA[Міст &amp;#1074;&amp;#1110;&amp;#1076;крили]]>", 1) + _item("&lt;a href='/2'&gt;&lt;b&gt;Паром не ходитиме&lt;/b&gt;&lt;/a&gt;", 2)), titles=("Міст відкрили", OTHER)),
    "dates of WordPress that has none": Shape(_rss(_item(TITLE, 1, "<pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>") + _item(OTHER, 2, "<pubDate>Чт, 26 лис 2026 10:00:00 +0200</pubDate>")), first=lambda i: i.published_at is None),
    "an encoding nobody knows by that name": Shape(_rss(TWO).replace("utf-8", "win-1251").encode("cp1251")),
    "a letter of another encoding in one item": Shape(_rss(_item(TITLE, 1, f"<description>{TITLE}, який тривав пів року.</description>")).encode().replace(b"</channel>", b"<item><title>" + OTHER.encode("cp1251") + b"</title></item></channel>"), titles=(TITLE,)),
    "two marks of UTF-8": Shape(b"\xef\xbb\xbf" * 2 + _rss(TWO).encode()),
    "two documents one after the other": Shape(_rss(_item(TITLE, 1)) + _rss(_item(OTHER, 2))),
    "Atom 0.3": Shape(f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Газета</title><entry><title mode="escaped" type="text/html">{TITLE}</title><link rel="alternate" href="https://news.example/1"/><issued>2026-11-26T10:00:00+02:00</issued><id>1</id></entry><entry><id>2</id><title>{OTHER}</title></entry></feed>', first=lambda i: i.published_at == datetime(2026, 11, 26, 8, tzinfo=UTC)),
    "JSON with commas too many": Shape(json.dumps(JSON_FEED, ensure_ascii=False).replace("}]", "},]")),
    "neither id nor address": Shape(_rss("".join(f"<item><title>{t}</title><pubDate>Thu, 26 Nov 2026 10:00:00 +0200</pubDate></item>" for t in BOTH)), first=lambda i: item_key(i).startswith("text:")),
    "addresses without their beginning": Shape(_rss(f"<item><title>{TITLE}</title><guid>1</guid><link>//news.example/1?utm_source=rss</link></item>" + _item(OTHER, 2)), first=lambda i: i.url.startswith("https://news.example/1")),
    "scripts and frames in a text": Shape(_rss(_item(TITLE, 1, "<description>&lt;script&gt;alert(1)&lt;/script&gt;&lt;p onclick=x&gt;Так&lt;/p&gt;&lt;iframe src=x&gt;&lt;/iframe&gt;&lt;a href='javascript:x'&gt;тут&lt;/a&gt;</description>") + _item(OTHER, 2)), first=lambda i: all(word not in i.body for word in ("script", "onclick", "iframe"))),
    "capital letters": Shape(_rss(TWO).replace("<item>", "<ITEM>").replace("</item>", "</ITEM>").replace("<title>", "<Title>").replace("</title>", "</Title>")),
    "items outside of the channel": Shape(f'<rss version="0.9"><channel><title>Газета</title></channel>{TWO}</rss>'),
    "hours and days to be left alone": Shape(_rss(TWO, head=HOURS), head=("Газета", "https://news.example/")),
    "JSON Feed of summaries alone": Shape(json.dumps({**JSON_FEED, "items": [{"id": "1", "summary": TITLE}, {"id": "2", "summary": OTHER}]})),
    "empty": Shape(_rss(""), titles=()),
    "items that say nothing": Shape(_rss(f"<item/><item></item><item><link>https://news.example/9</link></item>{TWO}")),
    "a stylesheet and comments": Shape(_rss(TWO).replace("<rss", '<?xml-stylesheet href="a.xsl"?><!-- <item> --><rss', 1)),
}  # fmt: skip


def _read(shape: Shape) -> Parsed:
    return parsed(shape.content, AT, ZoneInfo("Europe/Kyiv"), NOW)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_feed_is_read_for_what_it_means(shape: Shape) -> None:
    found = _read(shape)
    assert (found.problem, [one.title for one in found.items]) == ("", list(shape.titles))
    assert len({item_key(one) for one in found.items}) == len(found.items)
    if shape.first is not None:
        assert shape.first(found.items[0]), found.items[0]
    if shape.head is not None:
        assert (found.head.name, found.head.link) == shape.head


def test_there_are_thirty_of_them() -> None:
    assert len(SHAPES) >= 30


def test_when_a_feed_wants_to_be_left_alone_is_read() -> None:
    head = _read(SHAPES["hours and days to be left alone"]).head
    assert (head.ttl, head.skip_hours, head.skip_days) == (5400, (0, 5), (6,))
    assert _read(SHAPES["JSON Feed that is over"]).head.over


@pytest.mark.parametrize(
    ("period", "generator", "seconds"),
    [
        ("\n\thourly\t", "https://wordpress.org/?v=6.9", 0),
        ("hourly", "http://wordpress.com/", 0),  # of its own blogs
        ("daily", "https://wordpress.org/?v=6.9", 86_400),  # somebody has chosen it
        ("hourly", "", 3600),
        ("hourly", "https://example.org/wordpress-like", 3600),
    ],
)
def test_the_hour_that_wordpress_writes_under_every_feed_is_nobodys_wish(
    period: str, generator: str, seconds: int
) -> None:
    said = f"<sy:updatePeriod>{period}</sy:updatePeriod><sy:updateFrequency>\n1</sy:updateFrequency>"
    open_ = '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
    feed = Shape(_rss(TWO, head=f"{said}<generator>{generator}</generator>", open_=open_))
    assert _read(feed).head.ttl == seconds


def test_in_rss_1_0_a_program_names_itself_otherwise() -> None:
    rdf = SHAPES["RDF, RSS 1.0"]
    names = ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:admin="http://webns.net/mvcb/"'
    period = '<sy:updatePeriod>hourly</sy:updatePeriod><admin:generatorAgent rdf:resource="https://{}.org/?v=6.9" />'
    for program, seconds in (("wordpress", 0), ("drupal", 3600)):
        body = (
            str(rdf.body)
            .replace("<rdf:RDF", f"<rdf:RDF{names}")
            .replace("</channel>", f"{period.format(program)}</channel>")
        )
        assert _read(Shape(body)).head.ttl == seconds


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "not found"}',
        b'{"ok": false, "description": "Unauthorized"}',
        b"[]",
        b'"text"',
        b"<svg></svg>",
        b"plain text",
    ],
)
def test_what_is_no_feed_is_none(body: bytes) -> None:
    assert parsed(body, AT, ZoneInfo("UTC"), NOW).problem == Reason.NO_FEED


def test_one_article_in_json_is_alone() -> None:
    page = {
        "id": 2,
        "link": "https://news.example/about",
        "title": {"rendered": "Про нас"},
        "content": {"rendered": "<p>Ми</p>"},
    }
    assert parsed(json.dumps(page).encode(), AT, ZoneInfo("Europe/Kyiv"), NOW).alone
    capitals = {"Title": "Про нас", "Content": "Ми"}
    assert parsed(json.dumps(capitals).encode(), AT, ZoneInfo("Europe/Kyiv"), NOW).alone
    listed = parsed(json.dumps([page]).encode(), AT, ZoneInfo("Europe/Kyiv"), NOW)
    assert ([one.title for one in listed.items], listed.alone) == (["Про нас"], False)
    named = parsed(
        json.dumps({"title": {"rendered": "Газета"}, "posts": [page]}).encode(), AT, ZoneInfo("Europe/Kyiv"), NOW
    )
    assert (named.head.name, len(named.items)) == ("", 1)


def test_an_item_in_which_nothing_is_known_counts_among_what_is_left_out() -> None:
    body = json.dumps([*JSON_ITEMS, {}])
    read = parsed(body.encode(), AT, ZoneInfo("Europe/Kyiv"), NOW)
    assert [item.title for item in read.items] == BOTH
    assert read.left_out == 1
