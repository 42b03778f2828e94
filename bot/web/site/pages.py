"""An article as a web page: plain, fast, the same for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from babel.core import Locale, get_global
from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.model.news import Article, Headline, MediaKind, Photo
from bot.screens.headlines import source_name
from bot.text.languages import known
from bot.text.phrasebook import Phrasebook, phrases
from bot.text.quoting import quoted_inside

_DESCRIPTION = 200
_templates = Environment(loader=PackageLoader("bot.web.site"), autoescape=True)
# Canonical bodies have these tags for Telegram, and begin their headings below the page's own.
_FOR_THE_WEB = (
    ("<tg-spoiler>", '<span class="spoiler" tabindex="0">'),
    ("</tg-spoiler>", "</span>"),
    ("</tg-emoji>", ""),
    ("<blockquote expandable>", "<blockquote>"),
    ("<h3>", "<h2>"),
    ("</h3>", "</h2>"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: where it leads, its title, source and time."""

    address: str
    title: str
    meta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is the same on every page: whose it is, where it stands, and whose clock it shows."""

    newsroom: str
    root: str
    zone: str

    def address(self, article_id: int) -> str:
        """Return the address of an article's page."""
        return f"{self.root}/a/{article_id}"

    def meta(self, headline: Headline, say: Phrasebook, language: str) -> str:
        """Return "Source · 25 листопада 2026, 14:32 · 2 хв читати", without what is not known."""
        at = headline.published_at
        parts = [
            source_name(headline.source, say),
            _moment(at, self.zone, language) if at is not None else "",
            say("reading-time", n=headline.minutes) if headline.minutes else "",
        ]
        return " · ".join(part for part in parts if part)


def article_page(
    article: Article, frame: Frame, way: str, related: Sequence[Headline], latest: Sequence[Headline]
) -> str:
    """Return the page of an article; `way` is the link that opens it in Telegram, "" for none.

    Of a retracted one it has nothing but the fact.
    """
    say = phrases(article.language)
    gone = article.retracted
    lists = ((say("related-title"), () if gone else related), (say("latest-title"), latest))
    values = {
        "language": article.language,
        "title": say("retracted-mark") if gone else article.title,
        "newsroom": frame.newsroom,
        "root": frame.root,
        "canonical": "" if gone else article.url or frame.address(article.id),
        "description": "" if gone else _description(article),
        "graph": () if gone else _open_graph(article, frame),
        "data": "" if gone else _news_article(article, frame),
        "meta": "" if gone else frame.meta(article, say, article.language),
        "notes": [_retracted(article, say)] if gone else _notes(article, frame, say),
        "lead": "" if gone else article.lead,
        "body": "" if gone else web_body(article.body),
        "way": "" if gone else way,
        "lists": [(heading, [_entry(item, frame, say) for item in items]) for heading, items in lists if items],
        "say": say,
    }
    return _templates.get_template("page.html").render(values)


def missing_page(frame: Frame, language: str, latest: Sequence[Headline]) -> str:
    """Return the page that stands where there is no article."""
    say = phrases(language)
    lists = [(say("latest-title"), [_entry(item, frame, say) for item in latest])] if latest else []
    values = {"language": language, "title": say("site-missing"), "newsroom": frame.newsroom, "root": frame.root}
    return _templates.get_template("page.html").render({**values, "lists": lists, "say": say, "body": ""})


def web_body(body: str) -> Markup:
    """Return a stored body, which is canonical HTML, as browsers know it."""
    for telegram, web in _FOR_THE_WEB:
        body = body.replace(telegram, web)
    while (start := body.find("<tg-emoji")) >= 0:
        body = body[:start] + body[body.index(">", start) + 1 :]
    return Markup(body)  # noqa: S704  nothing but canonical HTML is ever stored


def _entry(item: Headline, frame: Frame, say: Phrasebook) -> Entry:
    return Entry(frame.address(item.id), item.title, frame.meta(item, say, say.language))


def _notes(article: Article, frame: Frame, say: Phrasebook) -> list[str]:
    if article.corrected_at is None:
        return []
    mark = say("corrected-mark", time=_moment(article.corrected_at, frame.zone, article.language))
    return [f"{mark}. {article.correction}" if article.correction else mark]


def _retracted(article: Article, say: Phrasebook) -> str:
    what = quoted_inside(article.title, article.language)
    if not article.correction:
        return say("retracted-notice", title=what)
    reason = article.correction
    return say("retracted-why", title=what, reason=reason if reason.endswith((".", "!", "?", "…")) else f"{reason}.")


def _moment(at: datetime, zone: str, language: str) -> str:
    return format_datetime(at.astimezone(ZoneInfo(zone)), "d MMMM y, HH:mm", locale=known(language).locale)


def _description(article: Article) -> str:
    words = article.lead or article.title
    return words if len(words) <= _DESCRIPTION else words[: _DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def _picture(article: Article) -> Photo | None:
    """Return the first picture that is on the web; a file of Telegram's has an address that holds the bot's token."""
    pictures = article.photo.all if article.photo is not None else ()
    return next((one for one in pictures if one.url and one.kind is MediaKind.PHOTO), None)


def _with_territory(locale: str) -> str:
    """Return "uk" as "uk_UA", the likeliest where it says none: OpenGraph knows no locale without a territory."""
    parts = Locale.parse(get_global("likely_subtags").get(locale, locale))
    return f"{parts.language}_{parts.territory}" if parts.territory else locale


def _open_graph(article: Article, frame: Frame) -> list[tuple[str, str]]:
    found = [
        ("og:type", "article"),
        ("og:title", article.title),
        ("og:description", _description(article)),
        ("og:url", frame.address(article.id)),
        ("og:site_name", frame.newsroom),
        ("og:locale", _with_territory(known(article.language).locale)),
    ]
    picture = _picture(article)
    if picture is not None:
        found.append(("og:image", picture.url or ""))
        found += [("og:image:alt", picture.caption)] if picture.caption else []
    if article.published_at is not None:
        found.append(("article:published_time", article.published_at.isoformat()))
    if article.corrected_at is not None:
        found.append(("article:modified_time", article.corrected_at.isoformat()))
    return found


def _news_article(article: Article, frame: Frame) -> Markup:
    """Return the article for machines (schema.org, NewsArticle), as JSON that ends no script."""
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": _description(article),
        "inLanguage": article.language,
        "mainEntityOfPage": frame.address(article.id),
        "publisher": {"@type": "NewsMediaOrganization", "name": frame.newsroom},
        "author": {"@type": "Organization", "name": article.source or frame.newsroom},
    }
    if article.published_at is not None:
        facts["datePublished"] = article.published_at.isoformat()
    if article.corrected_at is not None:
        facts["dateModified"] = article.corrected_at.isoformat()
    if (picture := _picture(article)) is not None:
        facts["image"] = picture.url
    written = orjson.dumps(facts).decode()
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(written)  # noqa: S704  no sign of it can end or open an element
