"""Headlines, articles and lists of headlines as cards."""

from collections.abc import Callable, Iterator, Sequence

from bot.model.limits import SOURCE_SHOWN, TITLE_SHOWN
from bot.model.news import Article, ArticleState, Headline, Photo, Report, Reports
from bot.screens.callbacks import Action, CorrectionTap, FollowFrom, Open, Related, RelatedTap, Show
from bot.screens.card import Button, Card, Row
from bot.screens.links import Links
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.screen_refs import HeadlineScreen, LatestScreen, RelatedScreen, RootScreen, ScreenRef, StoryScreen
from bot.screens.verbs import CorrectionVerb, RelatedVerb
from bot.text.hashtags import hashtags
from bot.text.phrasebook import Phrasebook, phrases
from bot.text.plain import stored_plain
from bot.text.quoting import quoted_inside
from bot.text.rich import RichBlock, paragraph, stored_pages
from bot.text.split import split
from bot.text.styled import Styled, bold, italic, join, link

ALONE = Reports()
_NO_LINKS = Links()
_ENDS = (".", "!", "?", "…")
_LIKE_SHOWN = 120  # characters of the title of what an article looks like
_TAGS_SHOWN = 8
DEFAULT_NEWSROOM = phrases("uk")("newsroom-default")


def source_name(source: str, say: Phrasebook) -> str:
    """Return a source as it is called; the newsroom's name, where nobody chose one, is in the looker's language."""
    return say("newsroom-default") if source == DEFAULT_NEWSROOM else source


def meta_line(headline: Headline, look: Look) -> str:
    """Return "Source · 14:32 · 1 хв читати", without what is not known."""
    parts = [shortened(source_name(headline.source, look.say), SOURCE_SHOWN)]
    if headline.published_at is not None:
        parts.append(look.moment(headline.published_at))
    if headline.minutes:
        parts.append(look.say("reading-time", n=headline.minutes))
    return " · ".join(part for part in parts if part)


def headline_text(headline: Headline, look: Look) -> Styled:
    """Return a headline by itself."""
    if headline.retracted:
        reason = headline.correction if isinstance(headline, Article) else ""
        return retracted_text(headline.title, reason, look)
    mark = bold(look.say("urgent-mark")) if headline.urgent else ""
    notes = map(italic, headline_notes(headline, look))
    return join("\n", [mark, bold(shortened(headline.title)), meta_line(headline, look), *notes])


def retracted_text(title: str, reason: str, look: Look) -> Styled:
    """Return what stands where a retracted article stood: what is retracted and why, if the newsroom says so."""
    what = quoted_inside(shortened(title), look.language)
    if not reason:
        return join("\n", [bold(look.say("retracted-mark")), look.say("retracted-notice", title=what)])
    why = reason if reason.endswith(_ENDS) else f"{reason}."
    return join("\n", [bold(look.say("retracted-mark")), look.say("retracted-why", title=what, reason=why)])


def headline_notes(headline: Headline, look: Look) -> list[str]:
    """Return what a headline says of itself: that it was corrected, that it may repeat another."""
    notes = []
    if headline.corrected_at is not None:
        notes.append(look.say("corrected-mark", time=look.moment(headline.corrected_at)))
    if headline.resembles:
        notes.append(look.say("resembles", title=shortened(headline.resembles, _LIKE_SHOWN)))
    return notes


def article_card(
    article: Article,
    look: Look,
    root: ScreenRef,
    page: int = 0,
    *,
    reports: Reports = ALONE,
    desk: bool = False,
    links: Links = _NO_LINKS,
) -> Card:
    """Return the whole article; a very long one in pages of a rich message, or in several plain ones.

    Of a copy there is a way to the first report, of that the other sources are named. At the `desk` it has
    two buttons more: what is said to be related to it, and to correct it. With `links` the article can be passed on.
    """
    pages = stored_pages(article.body)
    page = min(page, len(pages) - 1)
    return Card(
        text=join("\n", [_plain_article(article, look, reports), _number(article, look, links)]),
        rich=(
            *_rich_article(article, look, pages[page], (page, len(pages)), reports),
            *_rich_number(article, look, links),
        ),
        photo=article.photo,
        rows=(
            *_article_rows(article, look, root, (page, len(pages)), links),
            *_first_row(reports, look, root),
            *(_desk_rows(article, look, root) if desk else ()),
        ),
    )


def _article_rows(
    article: Article, look: Look, root: ScreenRef, place: tuple[int, int], links: Links
) -> tuple[Row, ...]:
    say, (page, pages) = look.say, place
    rows: list[Row] = []
    if pages > 1:
        rows.append(_pager(say, page, pages, lambda n: Open(article.id, root, n)))
    back = say("button-fold") if isinstance(root, HeadlineScreen) else say("button-back")
    rows.append((Button(back, Show(root)), Button(say("button-related"), Related(article.id, home(root), opened=True))))
    last = [Button(say("button-latest"), Show(LatestScreen()))]
    if article.url:
        last.append(Button(say("button-original"), url=article.url))
    rows.append(tuple(last))
    rows.append((*_story_way(article, look, root), *_share(article, look, links)))
    return tuple(rows)


def _story_way(article: Article, look: Look, root: ScreenRef) -> Row:
    """Return the way to the article's story, or to follow what may become one.

    A copy goes on in its first report's, and nothing goes on with what an editor has taken out of its story.
    """
    if article.story_id is None:
        begins = article.state is ArticleState.PUBLISHED and article.same_as is None and not article.story_fixed
        return (Button(look.say("story-follow"), FollowFrom(article.id)),) if begins else ()
    if isinstance(home(root), StoryScreen):
        return ()
    return (Button(look.say("button-story"), Show(_story_of(article, root))),)


def _share(article: Article, look: Look, links: Links) -> Row:
    address = links.share(article.id, article.title)
    if not address or article.state is not ArticleState.PUBLISHED:
        return ()
    return (Button(look.say("button-share"), url=address),)


def _number(article: Article, look: Look, links: Links) -> Styled:
    """Return the article's number, a link to it: what somebody may read out, copy or forward to find it again."""
    if article.state is not ArticleState.PUBLISHED:
        return Styled()
    number = look.say("article-number", n=str(article.id))
    address = links.article(article.id)
    return link(number, address) if address else Styled(number)


def _rich_number(article: Article, look: Look, links: Links) -> list[RichBlock]:
    number = _number(article, look, links).text
    if not number:
        return []
    target = {"type": "url", "text": number, "url": links.article(article.id)}
    return [{"type": "footer", "text": [target] if target["url"] else number}]


def _story_of(article: Article, root: ScreenRef) -> StoryScreen:
    """Return an article's story, which leads back to the article where it was open."""
    around = home(root)
    outer = None if isinstance(around, StoryScreen) or around == HeadlineScreen(article.id) else around
    return StoryScreen(article.story_id or 0, article=article.id, outer=outer)


def _first_row(reports: Reports, look: Look, root: ScreenRef) -> tuple[Row, ...]:
    if reports.first is None:
        return ()
    name = shortened(source_name(reports.first.source, look.say), SOURCE_SHOWN) or look.say("first-report-nameless")
    return ((Button(look.say("first-report", source=name), Open(reports.first.id, root)),),)


def _desk_rows(article: Article, look: Look, root: ScreenRef) -> tuple[Row, ...]:
    fix = Button(look.say("desk-fix"), CorrectionTap(CorrectionVerb.CHOOSE, article.id, article.version))
    return ((Button(look.say("button-desk"), RelatedTap(RelatedVerb.SHOW, article.id, 0, home(root))), fix),)


def _pager(say: Phrasebook, page: int, pages: int, action: Callable[[int], Action]) -> Row:
    here = (Button(say("page-of", page=page + 1, pages=pages)),)
    (row,) = pager(action(page - 1) if page else None, action(page + 1) if page < pages - 1 else None, say, here)
    return row


def _notes(article: Article, look: Look) -> list[str]:
    notes = []
    if article.corrected_at is not None:
        notes.append(look.say("corrected-mark", time=look.moment(article.corrected_at)))
        if article.correction:
            notes.append(article.correction)
    if article.resembles:
        notes.append(look.say("resembles", title=shortened(article.resembles, _LIKE_SHOWN)))
    return notes


def _plain_article(article: Article, look: Look, reports: Reports) -> Styled:
    mark = bold(look.say("urgent-mark")) if article.urgent else ""
    head = join("\n", [mark, bold(article.title), meta_line(article, look)])
    notes = join("\n", map(italic, _notes(article, look)))
    body = stored_plain(article.body)
    if not article.body and not article.lead:
        body = italic(look.say("headline-only"))
    sources = join("\n", [_source_line(article, look), _others_line(article, look, reports)])
    return join("\n\n", [head, notes, bold(article.lead), body, sources, hashtags(article.tags[:_TAGS_SHOWN])])


def _source_line(article: Article, look: Look) -> Styled:
    if not article.url:
        return Styled()
    return join(
        "", [look.say("source-label"), " ", link(source_name(article.source, look.say) or article.url, article.url)]
    )


def _others(article: Article, reports: Reports) -> list[Report]:
    """Return the other sources of a first report, each once."""
    if article.same_as is not None:
        return []
    named: dict[str, Report] = {}
    for report in reports.others:
        if report.source and report.source != article.source:
            named.setdefault(report.source, report)
    return list(named.values())


def _others_line(article: Article, look: Look, reports: Reports) -> Styled:
    others = [
        link(shortened(source_name(one.source, look.say), SOURCE_SHOWN), one.url) for one in _others(article, reports)
    ]
    return join("", [look.say("also-label"), " ", join(", ", others)]) if others else Styled()


def _rich_article(
    article: Article, look: Look, body: Sequence[RichBlock], place: tuple[int, int], reports: Reports
) -> list[RichBlock]:
    page, pages = place
    blocks: list[RichBlock] = []
    if page == 0:
        blocks += rich_head(article, article.title, _notes(article, look), look)
        if article.photo is not None:
            blocks += [picture_block(one) for one in article.photo.all]
        if article.lead:
            blocks.append(paragraph({"type": "bold", "text": article.lead}))
        if not body and not article.lead:
            blocks.append(paragraph({"type": "italic", "text": look.say("headline-only")}))
    blocks += body
    if article.url and page == pages - 1:
        label = {"type": "url", "text": source_name(article.source, look.say) or article.url, "url": article.url}
        blocks.append({"type": "footer", "text": [look.say("source-label") + " ", label]})
    if page == pages - 1 and (others := _others(article, reports)):
        blocks.append({"type": "footer", "text": [look.say("also-label") + " ", *_rich_others(others, look)]})
    if page == pages - 1 and (tags := hashtags(article.tags[:_TAGS_SHOWN])):
        blocks.append({"type": "footer", "text": tags})
    return blocks


def rich_head(headline: Headline, title: str, notes: Sequence[str], look: Look) -> list[RichBlock]:
    """Return what stands above the picture and the text: the title, where and when it is from, what is to be noted."""
    blocks: list[RichBlock] = []
    if headline.urgent:
        blocks.append(paragraph({"type": "bold", "text": look.say("urgent-mark")}))
    blocks.append({"type": "heading", "text": title, "size": 2})
    if meta := meta_line(headline, look):
        blocks.append(paragraph({"type": "italic", "text": meta}))
    return blocks + [paragraph({"type": "marked", "text": note}) for note in notes]


def _rich_others(others: Sequence[Report], look: Look) -> Iterator[object]:
    for number, one in enumerate(others):
        if number:
            yield ", "
        name = shortened(source_name(one.source, look.say), SOURCE_SHOWN)
        yield {"type": "url", "text": name, "url": one.url} if one.url else name


def picture_block(photo: Photo) -> RichBlock:
    """Return a picture or film as a block, with what is said of it."""
    kind = photo.kind.value
    block: RichBlock = {"type": kind, kind: {"type": kind, "media": photo.file_id or photo.url}}
    if photo.caption or photo.credit:
        caption: dict[str, object] = {"text": photo.caption or photo.credit}
        if photo.caption and photo.credit:
            caption["credit"] = photo.credit
        block["caption"] = caption
    return block


def home(root: ScreenRef) -> RootScreen:
    """Return the root that opening and closing related items leads back to in the end."""
    return (root.outer or HeadlineScreen(root.article)) if isinstance(root, RelatedScreen) else root


def shortened(title: str, limit: int = TITLE_SHOWN) -> str:
    """Return the title, cut at a word with an ellipsis when it is too long for a list."""
    if len(Styled(title)) <= limit:
        return title
    return split(Styled(title), limit - 1)[0].text.rstrip(" ,;:–—-") + "…"
