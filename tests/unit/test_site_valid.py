"""Public pages and feeds, held to what others' validators and readers say of them, whatever an article holds."""

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser
import html5lib
import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from bot.feeds.findings import Rejected
from bot.feeds.intake import within_limits
from bot.feeds.items import item_of
from bot.model.news import Article, ArticleState
from bot.web.site.pages import Frame, article_page, missing_page
from bot.web.site.syndication import Feed, Item, as_json, as_rss

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
FRAME = Frame(newsroom="Вісник & «Партнери» <news>", root="https://news.example", zone="Europe/Kyiv")
WAY = "https://t.me/visnyk_bot?start=a_7"
EVERYTHING = (
    "<h1>Рух</h1><p>Почався о <b>шостій <i>ранку</i></b> <a href='https://x.example/?a=1&b=2'>тут</a></p><ul><li>раз<ul><li>два"
    "</ul></ul><ol start=3><li>три</ol><blockquote>«Так»</blockquote><pre><code class='language-py'>a &lt; b</code></pre><table><tr><td>1"
    "<td>2</table><img src='https://x.example/1.jpg' alt='Міст'><hr><tg-spoiler>таємниця</tg-spoiler><tg-emoji emoji-id='1'>👍</tg-emoji>"
    "<details><summary>Ще</summary>далі</details><script>alert(1)</script><p onclick=x>кінець<br>усе"
)
# JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/: what it says must be there, and of which kind.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "format": "uri"},
        "feed_url": {"type": "string", "format": "uri"},
        "language": {"type": "string", "pattern": "^[a-z]{2}$"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": {"type": "string", "pattern": "^https?://"},
                    "title": {"type": "string"},
                    "content_html": {"type": "string"},
                    "summary": {"type": "string"},
                    "language": {"type": "string", "pattern": "^[a-z]{2}$"},
                    "date_published": {"type": "string", "format": "date-time"},
                    "date_modified": {"type": "string", "format": "date-time"},
                    "authors": {"type": "array", "minItems": 1, "items": {"type": "object", "minProperties": 1}},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def _article(title: str, html: str, lead: str = "", source: str = "") -> Article:
    """Return an article as it is stored when a system brings it."""
    came = within_limits(
        item_of({"title": title, "html": html, "lead": lead, "source": source}, ZoneInfo("Europe/Kyiv"), NOW)
    )
    parts = {"title": came.title, "lead": came.lead, "body": came.body, "source": came.source}
    return Article(id=7, language=came.language, published_at=NOW, state=ArticleState.PUBLISHED, minutes=2, **parts)


def _check_page(page: str) -> ET.Element:
    """Return a page's tree; raises when a browser would have to guess anywhere in it."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert isinstance(tree, ET.Element)
    assert len(tree.findall(".//h1")) == 1
    assert not [one for one in tree.iter("script") if one.get("type") != "application/ld+json"]
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    return tree


def _check_feeds(*articles: Article) -> None:
    items = [Item(one, one.lead, one.body) for one in articles]
    feed = Feed(title=FRAME.newsroom, address=f"{FRAME.root}/feed", language="uk", items=items)
    found = feedparser.parse(as_rss(feed, FRAME))
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "rss20"
    assert all(entry.id == entry.link == FRAME.address(7) for entry in found.entries)
    for entry, one in zip(found.entries, articles, strict=True):
        assert entry.title == one.title or {*"<&"} & {*one.title}  # feedparser takes some titles for HTML
    Draft202012Validator(JSON_FEED, format_checker=FormatChecker()).validate(orjson.loads(as_json(feed, FRAME)))


def test_an_article_with_everything_in_it_is_a_page_and_an_item_that_nobody_has_to_guess_at() -> None:
    article = _article('Міст <відкрили> & "закрили"', EVERYTHING, "Сьогодні & зараз", "Агенція «А&Б»")
    corrected = replace(article, corrected_at=NOW, correction='Не <міст>, а "естакада" & паром.')
    for one in (article, corrected, replace(corrected, retracted=True, state=ArticleState.RETRACTED)):
        tree = _check_page(article_page(one, FRAME, WAY, [article], [article, corrected]))
        data = tree.find(".//script")
        assert (data is None) == one.retracted
        if data is not None:
            assert orjson.loads(data.text or "")["headline"] == article.title
    _check_feeds(article, corrected)
    _check_page(missing_page(FRAME, "uk", [article]))
    _check_page(missing_page(FRAME, "en", []))


def test_one_article_with_what_xml_has_no_place_for_takes_the_feed_from_nobody() -> None:
    items = [Item(replace(_article("Міст", ""), title=f"Мі{sign}ст"), sign, sign) for sign in "\x00\x0b\ufffe\uffff"]
    found = feedparser.parse(as_rss(Feed(title="В", address=FRAME.root, language="uk", items=items), FRAME))
    assert not found.bozo
    assert [entry.title for entry in found.entries] == ["Міст"] * 4


def test_nothing_published_is_a_feed_as_well() -> None:
    _check_feeds()


_ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=60) | st.sampled_from(
    ["\x00", "\x0b", "￾", "]]>", "<![CDATA[", "</script>", "<!--", "\u2028"]
)


@pytest.mark.thorough
@settings(max_examples=80, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    _ANYTHING,
    st.lists(_ANYTHING | st.sampled_from(["<p>", "</p>", "<b>", "<table><tr>", "<a href='", "&#0;", "&"])),
    _ANYTHING,
)
def test_whatever_an_article_holds_its_page_and_its_item_are_valid(title: str, parts: list[str], source: str) -> None:
    try:
        article = _article(title, "".join(parts), source, source)
    except Rejected:
        return
    _check_page(article_page(article, FRAME, WAY, [article], [article]))
    _check_feeds(article)
