"""Headlines, articles and lists of headlines as cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards.actions import Action, Open, Related, Root, Set, Show, Why, headline_root
from bot.cards.card import Button, Card, Row, in_rows
from bot.model.news import Article, Headline, Page, Photo, Story
from bot.model.readers import Reader
from bot.text.document import Document
from bot.text.markup import parse_html
from bot.text.moments import moment
from bot.text.phrasebook import Phrasebook, phrases
from bot.text.plain import plain
from bot.text.rich import RichBlock, paragraph, rich_pages
from bot.text.split import split
from bot.text.styled import Styled, bold, italic, join, link

TITLE_LIMIT = 300  # units; longer titles are cut in lists and pushes, never in the article
SOURCE_LIMIT = 48
PAGE = 5
DIGEST_PAGE = 15


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody sees: language, zone, and what time it is. Equal looks see equal cards."""

    language: str
    zone: str
    now: datetime

    @property
    def say(self) -> Phrasebook:
        """The phrases of the language."""
        return phrases(self.language)

    def moment(self, at: datetime) -> str:
        """Return an instant in the looker's words."""
        return moment(at, self.now, self.zone, self.language)


def look_of(reader: Reader, now: datetime) -> Look:
    """Return how a reader sees."""
    return Look(reader.language, reader.zone, now)


def meta_line(headline: Headline, look: Look) -> str:
    """Return "Source · 14:32 · 1 хв читати", without what is not known."""
    parts = [shortened(headline.source, SOURCE_LIMIT)]
    if headline.published_at is not None:
        parts.append(look.moment(headline.published_at))
    if headline.minutes:
        parts.append(look.say("reading-time", n=headline.minutes))
    return " · ".join(part for part in parts if part)


def headline_text(headline: Headline, look: Look) -> Styled:
    """Return a headline as it stands in a push."""
    if headline.retracted:
        return join("\n", [bold(look.say("retracted-mark")), look.say("retracted-notice")])
    mark = bold(look.say("urgent-mark")) if headline.urgent else ""
    corrected = ""
    if headline.corrected_at is not None:
        corrected = look.say("corrected-mark", time=look.moment(headline.corrected_at))
    return join("\n", [mark, bold(shortened(headline.title)), meta_line(headline, look), italic(corrected)])


def headline_card(headline: Headline, look: Look) -> Card:
    """Return the card of a push."""
    root = headline_root(headline.id)
    say = look.say
    if headline.retracted:
        return Card(headline_text(headline, look))
    rows = (
        (
            Button(say("button-read"), Open(headline.id, root), style="primary"),
            Button(say("button-related"), Related(headline.id, root)),
        ),
        (Button(say("button-why"), Why(headline.id)),),
    )
    return Card(headline_text(headline, look), rows)


def article_card(article: Article, look: Look, root: Root, page: int = 0) -> Card:
    """Return the whole article; a very long one in pages of a rich message, or in several plain ones."""
    document = parse_html(article.body)
    pages = rich_pages(document)
    page = min(page, len(pages) - 1)
    return Card(
        text=_plain_article(article, look, document),
        rich=tuple(_rich_article(article, look, pages[page], (page, len(pages)))),
        photo=article.photo,
        rows=_article_rows(article, look, root, (page, len(pages))),
    )


def _article_rows(article: Article, look: Look, root: Root, place: tuple[int, int]) -> tuple[Row, ...]:
    say, (page, pages) = look.say, place
    rows: list[Row] = []
    if pages > 1:
        rows.append(_pager(say, page, pages, lambda n: Open(article.id, root, n)))
    back = say("button-fold") if root.kind == "h" else say("button-back")
    rows.append((Button(back, Show(root)), Button(say("button-related"), Related(article.id, home(root), 1))))
    if article.story_id is not None and home(root).kind != "y":
        rows.append((Button(say("button-story"), Show(Root("y", article.story_id))),))
    if article.url:
        rows.append((Button(say("button-original"), url=article.url),))
    return tuple(rows)


def _pager(say: Phrasebook, page: int, pages: int, action: object) -> Row:
    assert callable(action)
    buttons = []
    if page > 0:
        buttons.append(Button("◀", action(page - 1)))
    buttons.append(Button(say("page-of", page=page + 1, pages=pages)))
    if page < pages - 1:
        buttons.append(Button("▶", action(page + 1)))
    return tuple(buttons)


def _notes(article: Article, look: Look) -> list[str]:
    notes = []
    if article.corrected_at is not None:
        notes.append(look.say("corrected-mark", time=look.moment(article.corrected_at)))
        if article.correction:
            notes.append(article.correction)
    return notes


def _plain_article(article: Article, look: Look, document: Document) -> Styled:
    mark = bold(look.say("urgent-mark")) if article.urgent else ""
    head = join("\n", [mark, bold(article.title), meta_line(article, look)])
    notes = join("\n", map(italic, _notes(article, look)))
    body = plain(document)
    if not document and not article.lead:
        body = italic(look.say("headline-only"))
    return join("\n\n", [head, notes, bold(article.lead), body, _source_line(article, look)])


def _source_line(article: Article, look: Look) -> Styled:
    if not article.url:
        return Styled()
    return join("", [look.say("source-label"), " ", link(article.source or article.url, article.url)])


def _rich_article(article: Article, look: Look, body: Sequence[RichBlock], place: tuple[int, int]) -> list[RichBlock]:
    page, pages = place
    blocks: list[RichBlock] = []
    if page == 0:
        if article.urgent:
            blocks.append(paragraph({"type": "bold", "text": look.say("urgent-mark")}))
        blocks.append({"type": "heading", "text": article.title, "size": 2})
        if meta := meta_line(article, look):
            blocks.append(paragraph({"type": "italic", "text": meta}))
        blocks += [paragraph({"type": "marked", "text": note}) for note in _notes(article, look)]
        if article.photo is not None:
            blocks.append(_photo_block(article.photo))
        if article.lead:
            blocks.append(paragraph({"type": "bold", "text": article.lead}))
        if not body and not article.lead:
            blocks.append(paragraph({"type": "italic", "text": look.say("headline-only")}))
    blocks += body
    if article.url and page == pages - 1:
        label = {"type": "url", "text": article.source or article.url, "url": article.url}
        blocks.append({"type": "footer", "text": [look.say("source-label") + " ", label]})
    return blocks


def _photo_block(photo: Photo) -> RichBlock:
    block: RichBlock = {"type": "photo", "photo": {"type": "photo", "media": photo.file_id or photo.url}}
    if photo.caption or photo.credit:
        caption: dict[str, object] = {"text": photo.caption or photo.credit}
        if photo.caption and photo.credit:
            caption["credit"] = photo.credit
        block["caption"] = caption
    return block


def list_card(title: str, page: Page, look: Look, root: Root, *, empty: str = "") -> Card:
    """Return a page of headlines that open in place; `root` is the page itself."""
    if not page.items:
        return Card(join("\n\n", [bold(title), empty]))
    entries = [_entry(number, item, look) for number, item in enumerate(page.items, page.offset + 1)]
    numbers = [Button(str(number), Open(item.id, root)) for number, item in enumerate(page.items, page.offset + 1)]
    rows = (*in_rows(numbers, PAGE), *_turner(page, root))
    return Card(join("\n\n", [bold(title), *entries]), rows)


def _entry(number: int, item: Headline, look: Look) -> Styled:
    mark = look.say("urgent-mark") + " " if item.urgent else ""
    return join("\n", [join("", [f"{number}. ", mark, bold(shortened(item.title))]), meta_line(item, look)])


def story_card(story: Story, look: Look, root: Root, seen_at: datetime | None) -> Card:
    """Return a page of a story, oldest first; what came since the reader last looked is marked."""
    items = story.items[root.offset : root.offset + PAGE]
    entries = []
    for number, item in enumerate(items, root.offset + 1):
        new = seen_at is not None and item.published_at is not None and item.published_at > seen_at
        entries.append(join("", ["🆕 " if new else "", _entry(number, item, look)]))
    numbers = [Button(str(number), Open(item.id, root)) for number, item in enumerate(items, root.offset + 1)]
    page = Page(items, root.offset, more=len(story.items) > root.offset + PAGE, anchor=root.anchor)
    title = look.say("story-title", name=shortened(story.name, 120), n=len(story.items))
    follow = (Button(look.say("story-follow"), Set("story", str(story.id))),)
    return Card(join("\n\n", [bold(title), *entries]), (*in_rows(numbers, PAGE), *_turner(page, root), follow))


def _turner(page: Page, root: Root) -> tuple[Row, ...]:
    step = PAGE if root.kind != "d" else DIGEST_PAGE
    buttons = []
    if page.offset:
        buttons.append(Button("◀", Show(Root(root.kind, root.number, max(0, page.offset - step), page.anchor))))
    if page.more:
        buttons.append(Button("▶", Show(Root(root.kind, root.number, page.offset + step, page.anchor))))
    return (tuple(buttons),) if buttons else ()


def related_card(article: Headline, items: Sequence[Headline], look: Look, tap: Related) -> Card:
    """Return what is related to an article; each opens in place, and there is a way back to where the tap was."""
    root = tap.root
    title = look.say("related-title")
    about = italic(shortened(article.title))
    back = (Button(look.say("button-back"), back_to(tap)),)
    if not items:
        return Card(join("\n\n", [bold(title), about, look.say("related-none")]), (back,))
    entries = [_entry(number, item, look) for number, item in enumerate(items, 1)]
    here = Root("r", article.id, tap.whole, outer=None if root == headline_root(article.id) else root)
    numbers = [Button(str(number), Open(item.id, here)) for number, item in enumerate(items, 1)]
    return Card(join("\n\n", [bold(title), about, *entries]), (*in_rows(numbers, PAGE), back))


def home(root: Root) -> Root:
    """Return the root that opening and closing related items leads back to in the end."""
    return (root.outer or headline_root(root.number)) if root.kind == "r" else root


def back_to(tap: Related) -> Action:
    """Return the way back from what is related to an article: to its headline, or to the article itself."""
    folded = tap.root == headline_root(tap.article) and not tap.whole
    return Show(tap.root) if folded else Open(tap.article, tap.root)


@dataclass(frozen=True, slots=True)
class Section:
    """Headlines of one topic in a digest."""

    name: str
    items: tuple[Headline, ...]


def digest_card(due_at: datetime, sections: Sequence[Section], look: Look, root: Root) -> Card:
    """Return a digest: headlines by topic, numbered through, each opening in place."""
    clock = f"{due_at.astimezone(ZoneInfo(look.zone)):%H:%M}"
    total = sum(len(section.items) for section in sections)
    title = bold(look.say("digest-title", time=clock, n=total))
    parts: list[Styled | str] = [title]
    buttons, number = [], 0
    for section in sections:
        lines: list[Styled] = []
        for item in section.items:
            number += 1
            if root.offset < number <= root.offset + DIGEST_PAGE:
                lines.append(_digest_line(number, item, look))
                buttons.append(Button(str(number), Open(item.id, root)))
        if lines:
            parts.append(join("\n", [bold(section.name), *lines]))
    page = Page((), root.offset, more=number > root.offset + DIGEST_PAGE)
    return Card(join("\n\n", parts), (*in_rows(buttons, PAGE), *_turner(page, root)))


def _digest_line(number: int, item: Headline, look: Look) -> Styled:
    if item.retracted:
        return join("", [f"{number}. ", italic(look.say("retracted-mark"))])
    mark = look.say("corrected-short") + " " if item.corrected_at is not None else ""
    # A page of these has to fit into one message.
    return join("", [f"{number}. ", mark, shortened(item.title, 140), " — ", italic(meta_line(item, look))])


def shortened(title: str, limit: int = TITLE_LIMIT) -> str:
    """Return the title, cut at a word with an ellipsis when it is too long for a list."""
    if len(Styled(title)) <= limit:
        return title
    return split(Styled(title), limit - 1)[0].text.rstrip(" ,;:–—-") + "…"
