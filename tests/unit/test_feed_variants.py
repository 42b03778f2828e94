"""Siblings of what broke readers of feeds: other formats, other places, other programs, the same kinds of fault."""

import json
from datetime import UTC, datetime

import pytest

from bot.feeds.titles import title_text
from tests.support.feed_files import Read, articles_of, json_lines, keys_of, rss_feed, rss_item

# What tells items apart


@pytest.mark.parametrize("key", ["", "<guid isPermaLink='false'>пост</guid>"], ids=["no id", "a repeated id"])
def test_an_address_that_several_items_share_tells_none_of_them_apart(read: Read, key: str) -> None:
    link = "<link>https://gory.example/</link>"
    items = read(rss_feed(*(rss_item(f"{key}{link}", title) for title in ("Перша", "Друга", "Третя"))))
    assert len({one.identity for one in articles_of(items)}) == 3
    assert "import-shared-address" in keys_of(items)


def test_places_on_one_page_are_items_of_their_own(read: Read) -> None:
    live = [
        rss_item(f"<guid isPermaLink='false'>live</guid><link>https://gory.example/live#{n}</link>", f"О {n}:00")
        for n in (1, 2, 3)
    ]
    items = read(rss_feed(*live))
    assert len({one.identity for one in articles_of(items)}) == 3


def test_lines_share_addresses_as_feeds_do(read: Read) -> None:
    same = "https://gory.example/"
    items = read(json_lines({"title": "Перша", "url": same}, {"title": "Друга", "url": same}), "news.jsonl")
    assert len({one.identity for one in articles_of(items)}) == 2


def test_ids_that_begin_alike_and_are_long_are_two(read: Read) -> None:
    long = "https://gory.example/" + "a" * 300
    one, two = articles_of(
        read(json_lines({"id": f"{long}1", "title": "Дуб"}, {"id": f"{long}2", "title": "Клен"}), "n.jsonl")
    )
    assert one.identity != two.identity


# Addresses


def test_the_page_of_an_atom_entry_is_its_alternate_whatever_stands_before_it(read: Read) -> None:
    (one,) = articles_of(
        read(
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>Гори</title><link href="https://gory.example/"/><entry>'
            '<title>Дуб</title><id>tag:g,1</id><link rel="enclosure" type="audio/mpeg" href="a.mp3"/>'
            '<link rel="self" href="https://gory.example/api/1"/><link rel="related" href="https://else.example/"/>'
            '<link rel="alternate" href="/n/1"/></entry></feed>'
        )
    )
    assert one.url == "https://gory.example/n/1"


def test_a_path_for_an_id_is_the_items_address(read: Read) -> None:
    assert articles_of(read(rss_feed(rss_item("<guid>/news/5</guid>"))))[0].url == "https://gory.example/news/5"


# Dates


@pytest.mark.parametrize(
    "written",
    ["23 листопада 2026 року о 10 годині", "23.11.2026 10 год 00 хв", "/Date(1795420800000+0200)/", "2026-11-23T10+02",
     "23/Nov/2026:10:00:00 +0200", "Mon, 23 Nov 2026 10:00:00 &#43;0200", "11/23/2026 10:00 AM"],
)  # fmt: skip
def test_a_moment_in_other_programs_hands(read: Read, written: str) -> None:
    items = read(json_lines({"title": "Дуб", "date": written}), "news.jsonl")
    assert articles_of(items)[0].published_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert not keys_of(items)


def test_a_clock_of_twelve_hours_beside_slashes_is_american(read: Read) -> None:
    items = read(json_lines({"title": "Дуб", "pubDate": "05/12/2026 3:00 PM"}), "news.jsonl")
    assert articles_of(items)[0].published_at == datetime(2026, 5, 12, 12, tzinfo=UTC)


def test_a_zero_is_no_date_and_needs_no_word(read: Read) -> None:
    items = read(json_lines({"title": "Дуб", "date": "0"}, {"title": "Клен", "date": 0}), "news.jsonl")
    assert ([one.published_at for one in articles_of(items)], keys_of(items)) == ([None, None], [])


# Titles and texts


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("AT&amp;amp;T купує", "AT&T купує"),
        ("&amp;laquo;Захід&amp;raquo; &amp;mdash; знову", "«Захід» — знову"),
        ("Що таке &amp;lt;p&amp;gt;", "Що таке &lt;p&gt;"),
        ("<![CDATA[Дуб упав]]>", "Дуб упав"),
        ("Пожежа &#55357;&#56613; у лісі", "Пожежа 🔥 у лісі"),
    ],
)
def test_what_was_escaped_or_wrapped_once_too_often_is_read_as_meant(written: str, meant: str) -> None:
    assert title_text(written) == meant


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<![CDATA[&lt;p&gt;Дуб &lt;b&gt;упав&lt;/b&gt;&lt;/p&gt;]]>", "<p>Дуб <b>упав</b></p>"),
        ("&lt;![CDATA[Дуб упав]]&gt;", "<p>Дуб упав</p>"),
        ("&lt;span&gt;Дуб&lt;/span&gt; упав", "<p>Дуб упав</p>"),
        ("&lt;pre&gt;дуб = 1&lt;/pre&gt;", "<pre>дуб = 1</pre>"),
        ("Тег &lt;pre&gt; і тип vector&lt;int&gt;", "<p>Тег &lt;pre&gt; і тип vector&lt;int&gt;</p>"),
        ("&lt;p&gt;Банк &amp;amp;quot;Дуб&amp;amp;quot;&lt;/p&gt;", '<p>Банк "Дуб"</p>'),
        ("Пожежа &#55357;&#56613;, &#xD83D;&#xDD25; і &#xD83D; &#9999999; тут", "<p>Пожежа 🔥, 🔥 і тут</p>"),
        ("рядок&#11;другий", "<p>рядокдругий</p>"),
    ],
)
def test_a_text_is_read_as_its_author_saw_it(read: Read, written: str, stored: str) -> None:
    (one,) = articles_of(read(rss_feed(rss_item(f"<description>{written}</description>"))))
    assert one.body == stored


def test_the_whole_text_of_news_aggregators_is_the_text(read: Read) -> None:
    (one,) = articles_of(
        read(rss_feed(rss_item("<description>Лід.</description><fulltext>Дуб упав на дорогу.</fulltext>")))
    )
    assert (one.lead, one.body) == ("Лід.", "<p>Дуб упав на дорогу.</p>")


def test_a_lead_that_is_the_cut_beginning_of_the_text_is_none(read: Read) -> None:
    inside = "<description>Дуб упав на […]</description><content:encoded>&lt;p&gt;Дуб упав на дорогу.&lt;/p&gt;</content:encoded>"
    (one,) = articles_of(read(rss_feed(rss_item(inside))))
    assert (one.lead, one.body) == ("", "<p>Дуб упав на дорогу.</p>")


def test_what_is_said_of_a_picture_is_not_the_text(read: Read) -> None:
    media = (
        "<media:content url='https://gory.example/1.jpg'><media:description>Підпис</media:description></media:content>"
    )
    described, alone = articles_of(
        read(rss_feed(rss_item(f"{media}<description>Текст.</description>"), rss_item(media)))
    )
    assert (described.lead, described.body, alone.body) == ("", "<p>Текст.</p>", "<p>Підпис</p>")


def test_too_long_a_title_or_lead_is_shortened_and_said(read: Read) -> None:
    items = read(json_lines({"title": "д" * 501, "lead": "к" * 1001, "text": "Текст."}), "news.jsonl")
    assert keys_of(items) == ["import-shortened-title", "import-shortened-lead"]


# Attachments and pictures


def test_the_end_of_a_name_knows_better_than_what_a_program_says(read: Read) -> None:
    items = read(
        rss_feed(
            rss_item("<enclosure url='https://gory.example/2.mp3' type='image/jpeg'/>"),
            rss_item("<enclosure url='https://gory.example/3.svg' type='image/svg+xml'/>"),
            rss_item("<enclosure url='magnet:?xt=urn:btih:1' type='application/x-bittorrent'/>"),
        )
    )
    sound, drawn, torrent = articles_of(items)
    assert (sound.photo, sound.url) == (None, "https://gory.example/2.mp3")
    assert (drawn.photo, drawn.url) == (None, "https://gory.example/3.svg")
    assert (torrent.url, keys_of(items)) == ("", ["import-enclosure"])


def test_a_sound_that_is_named_like_a_picture_is_no_picture(read: Read) -> None:
    named = "https://gory.example/2.jpg"
    items = read(
        rss_feed(
            rss_item(f"<enclosure url='{named}' type='audio/mpeg'/>"),
            rss_item(f"<media:content url='{named}' medium='video'/><enclosure url='/1.jpg' type='image/jpeg'/>"),
        )
    ) + read(
        json_lines({"title": "Дуб", "text": "Т", "attachments": [{"url": named, "mime_type": "audio/mpeg"}]}), "n.jsonl"
    )
    sound, both, *_ = articles_of(items)
    assert (sound.photo, sound.url) == (None, named)
    assert both.photo is not None
    assert (both.photo.url, both.url) == ("https://gory.example/1.jpg", named)


def test_what_stands_in_a_text_beside_words_is_named(read: Read) -> None:
    html = (
        '<p>Текст<img src="/1.jpg"><img src="/2.jpg"></p><video src="/v.mp4"></video><iframe src="https://v.example/x">'
    )
    items = read(json_lines({"title": "Дуб", "url": "https://gory.example/n/1", "html": html}), "news.jsonl")
    photo = articles_of(items)[0].photo
    assert photo is not None
    assert (photo.url, keys_of(items)) == (
        "https://gory.example/1.jpg", ["import-enclosure", "import-enclosure", "import-pictures"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "image",
    [
        '<img src="data:image/gif;base64,R0" data-src="/1.jpg">',
        '<img srcset="/2.jpg 1x, /1.jpg 2x">',
        '<img srcset="/2.jpg, /1.jpg 1.5x">',
        '<img srcset="/2,3.jpg 320w,/1.jpg 1280w , /4.jpg 640w, /5.jpg 6000w">',
        '<img srcset="/1.jpg 3000w, /2.jpg 6000w">',
        '<img srcset="/1.jpg">',
        '<img srcset="/2.jpg 640w 480h, /1.jpg 1280w 960h">',
        pytest.param(f'<img srcset="{"," * 400_000} /1.jpg 2x">', id="commas without end"),
        '<img alt="😀" src="/2.png"><img alt="Дуб" src="/1.jpg">',
    ],
)
def test_a_picture_that_a_page_loads_late_is_a_picture(read: Read, image: str) -> None:
    items = read(json_lines({"title": "Дуб", "url": "https://gory.example/n/1", "html": f"<p>{image}</p>"}), "n.jsonl")
    photo = articles_of(items)[0].photo
    assert photo is not None
    assert photo.url == "https://gory.example/1.jpg"


def test_a_picture_of_an_emoji_is_that_emoji(read: Read) -> None:
    smiley = '<img class="wp-smiley" alt="😀" src="https://s.w.org/1f600.png">'
    (item,) = articles_of(read(json_lines({"title": "Дуб", "html": f"<p>Так {smiley} і край.</p>"}), "n.jsonl"))
    assert (item.body, item.photo) == ("<p>Так 😀 і край.</p>", None)


def test_json_feed_has_attachments_of_every_kind(read: Read) -> None:
    mp3, jpg = {"url": "https://gory.example/1.mp3"}, {"url": "https://gory.example/1.jpg"}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "title": "Дуб", "content_text": "1 < 2, <b>так</b>", "attachments": [mp3, jpg]},
            {"id": "2", "title": "Клен", "url": "https://gory.example/2", "attachments": [mp3]},
            {"id": "3", "title": "Липа", "image": "https://gory.example/3.mp4", "content_text": "Текст."},
        ],
    }
    items = read(json.dumps(feed), "feed.json")
    oak, _, lime = articles_of(items)
    assert oak.photo is not None
    assert (oak.photo.url, oak.url) == (jpg["url"], mp3["url"])
    assert oak.body == "<p>1 &lt; 2, &lt;b&gt;так&lt;/b&gt;</p>"  # its name says that it is plain
    assert (lime.photo, lime.url, keys_of(items)) == (None, "https://gory.example/3.mp4", ["import-enclosure"])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Знак &notaword; лишився", "Знак &notaword; лишився"),
        ("a &copyx; b", "a &copyx; b"),
        ("© &copy; &#169;", "© © ©"),
    ],
)
def test_what_only_begins_like_an_entity_is_none(written: str, shown: str) -> None:
    assert title_text(written) == shown


@pytest.mark.parametrize(
    ("said", "title", "text", "language"),
    [
        ("en-US", "Міська рада ухвалила бюджет", "Засідання тривало дві години.", "uk"),
        ("uk", "The council approved the budget", "The session lasted two hours.", "en"),
        ("pl", "Міська рада ухвалила бюджет", "Засідання тривало дві години.", "uk"),
        ("pl", "Rada miasta uchwaliła budżet", "Posiedzenie trwało dwie godziny.", "pl"),
        ("ru", "Городской совет принял бюджет", "Заседание длилось два часа.", "ru"),
        ("uk", "Apple iPhone 17 Pro Max vs Samsung Galaxy", "Порівняли обидва телефони в роботі та на морозі.", "uk"),
        ("en", "ОК", "Kyiv says it is ready to talk", "en"),
    ],
)
def test_a_language_that_is_not_written_so_is_not_believed(
    read: Read, said: str, title: str, text: str, language: str
) -> None:
    (one,) = articles_of(read(json_lines({"title": title, "text": text, "language": said}), "n.jsonl"))
    assert one.language == language


def test_of_a_picture_in_several_sizes_the_widest_is_taken(read: Read) -> None:
    sizes = "".join(
        f'<media:content url="https://g.example/{w}.jpg" width="{w}" type="image/jpeg"/>' for w in (100, 640, 1200)
    )
    media = f'<media:group xmlns:media="http://search.yahoo.com/mrss/">{sizes}</media:group>'
    (one,) = articles_of(read(rss_feed(rss_item(media))))
    assert one.photo is not None
    assert one.photo.url == "https://g.example/1200.jpg"
