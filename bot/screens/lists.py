"""Lists of headlines as cards: the latest, what was found, stories, related items, digests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.model.news import Headline, Page, Story
from bot.readers.library import RelatedItems
from bot.readers.preferences import SettingName
from bot.relevance.highlights import Excerpt
from bot.screens.callbacks import Action, Open, Related, SettingTap, Show, StoryTap
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.headlines import meta_line, shortened, source_name
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.screen_refs import (
    ChosenScreen,
    DigestScreen,
    HeadlineScreen,
    LatestScreen,
    RelatedScreen,
    SearchScreen,
    SourcesScreen,
    StoryScreen,
)
from bot.screens.verbs import StoryVerb
from bot.text.phrasebook import Phrasebook
from bot.text.styled import Styled, bold, italic, join

PAGE = 5
ListScreen = LatestScreen | ChosenScreen | SearchScreen
NO_EXCERPTS: Mapping[int, Excerpt] = MappingProxyType({})


def list_card(
    title: str,
    page: Page,
    look: Look,
    root: ListScreen,
    *,
    empty: str = "",
    excerpts: Mapping[int, Excerpt] = NO_EXCERPTS,
) -> Card:
    """Return a page of headlines that open in place; `root` is the page itself, `excerpts` go by article."""
    if not page.items:
        return Card(join("\n\n", [bold(title), empty]))
    numbered = list(enumerate(page.items, page.offset + 1))
    entries = [_entry(number, item, look, excerpts.get(item.id)) for number, item in numbered]
    numbers = [Button(str(number), Open(item.id, root)) for number, item in numbered]
    rows = (*in_rows(numbers, PAGE), *turner(page, root, look.say))
    return Card(join("\n\n", [bold(title), *entries]), rows)


def _entry(number: int, item: Headline, look: Look, excerpt: Excerpt | None = None) -> Styled:
    mark = look.say("urgent-mark") + " " if item.urgent else ""
    title: Styled | str = shortened(item.title)
    if excerpt is not None and excerpt.title.text == title:
        title = excerpt.title
    text = excerpt.text if excerpt is not None else ""
    return join("\n", [join("", [f"{number}. ", mark, bold(title)]), meta_line(item, look), text])


def story_card(story: Story, look: Look, root: StoryScreen, *, desk: bool = False, followed: bool = False) -> Card:
    """Return a page of a story, oldest first; what came since the reader last looked is marked.

    It leads back to the article it was opened from. One that is `followed` can be given up. At the `desk` each article
    can be taken out, and the story made one with another.
    """
    root = root if root.offset < len(story.items) else replace(root, offset=0)
    items = story.items[root.offset : root.offset + PAGE]
    entries, seen_at = [], root.seen_at
    for number, item in enumerate(items, root.offset + 1):
        new = seen_at is not None and item.published_at is not None and item.published_at > seen_at
        entries.append(join("", ["🆕 " if new else "", _entry(number, item, look)]))
    numbers = [Button(str(number), Open(item.id, root)) for number, item in enumerate(items, root.offset + 1)]
    page = Page(items, root.offset, more=len(story.items) > root.offset + PAGE)
    title = look.say("story-title", name=shortened(story.name, 120), n=len(story.items))
    label, name = ("story-follow", SettingName.STORY) if not followed else ("story-unfollow", SettingName.UNSTORY)
    follow = (Button(look.say(label), SettingTap(name, str(story.id))),)
    rows = (*in_rows(numbers, PAGE), *turner(page, root, look.say), follow)
    back = (Button(look.say("button-back"), Open(root.article, root.outer or HeadlineScreen(root.article))),)
    if desk and items:
        out = [
            Button(f"✂️ {number}", StoryTap(StoryVerb.ASK_TO_CUT, item.id, root))
            for number, item in enumerate(items, root.offset + 1)
        ]
        rows = (
            *rows,
            *in_rows(out, PAGE),
            (Button(look.say("story-join"), StoryTap(StoryVerb.SHOW_NEAR, items[0].id, root)),),
        )
    return Card(join("\n\n", [bold(title), *entries]), (*rows, back) if root.article else rows)


def sources_card(first: Headline, items: Sequence[Headline], look: Look, root: SourcesScreen) -> Card:
    """Return a page of what other sources tell of the same as the `first` article; it leads back to that one.

    What was retracted keeps its number, as a notice.
    """
    root = root if root.offset < len(items) else replace(root, offset=0)
    shown = list(enumerate(items, 1))[root.offset : root.offset + PAGE]
    entries = [
        join("", [f"{number}. ", italic(look.say("retracted-mark"))]) if item.retracted else _entry(number, item, look)
        for number, item in shown
    ]
    numbers = [Button(str(number), Open(item.id, root)) for number, item in shown if not item.retracted]
    page = Page(tuple(item for _, item in shown), root.offset, more=len(items) > root.offset + PAGE)
    about = [] if first.retracted else [italic(shortened(first.title))]
    back = (Button(look.say("button-back"), Show(HeadlineScreen(first.id))),)
    rows = (*in_rows(numbers, PAGE), *turner(page, root, look.say), back)
    return Card(join("\n\n", [bold(look.say("sources-title")), *about, *entries]), rows)


def turner(
    page: Page, root: ListScreen | StoryScreen | DigestScreen | SourcesScreen, say: Phrasebook, step: int = PAGE
) -> tuple[Row, ...]:
    """Return the buttons that turn a list's pages, `step` items each; none when there is one page."""
    back = Show(replace(root, offset=max(0, page.offset - step))) if page.offset else None
    on = Show(replace(root, offset=page.offset + (len(page.items) or step))) if page.more else None
    return pager(back, on, say)


def related_card(
    article: Headline, found: RelatedItems, look: Look, tap: Related, here: RelatedScreen, empty: str = ""
) -> Card:
    """Return what is related to an article; each opens in place, and there is a way back to where the tap was.

    What is less surely related is shown when it is asked for. Copies stand with their sources: their titles are the
    article's own. `empty` is why there is nothing when not for want of news.
    """
    say = look.say
    back = (Button(say("button-back"), back_to(tap)),)
    more = ((Button(say("related-more"), Show(replace(here, rest=True))),),) if found.more else ()
    entries = [_entry(number, item, look) for number, item in enumerate(found.items, 1)]
    if found.copies:
        sources = [shortened(source_name(item.source, say), 60) for item in found.copies]
        entries = [Styled(f"{n}. " + say("related-also", source=source)) for n, source in enumerate(sources, 1)]
    if not entries:
        entries = [Styled(empty or say("related-unsure" if found.more else "related-none"))]
    shown = found.items or found.copies
    numbers = [Button(str(number), Open(item.id, here)) for number, item in enumerate(shown, 1)]
    rows = (*in_rows(numbers, PAGE), *more, back)
    return Card(join("\n\n", [bold(say("related-title")), italic(shortened(article.title)), *entries]), rows)


def back_to(tap: Related) -> Action:
    """Return the way back from what is related to an article: to its headline, or to the article itself."""
    folded = tap.root == HeadlineScreen(tap.article) and not tap.opened
    return Show(tap.root) if folded else Open(tap.article, tap.root)
