"""What editors arrange: an article out of its story, two stories into one, what is related and what is not."""

from collections.abc import Sequence

from bot.model.news import Article, Headline, Near, Story, Tied
from bot.screens.callbacks import Open, RelatedTap, Show, StoryTap
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.headlines import meta_line, shortened
from bot.screens.lists import PAGE
from bot.screens.look import Look
from bot.screens.pager import pager
from bot.screens.screen_refs import RootScreen, StoryScreen
from bot.screens.verbs import RelatedVerb, StoryVerb
from bot.text.quoting import quoted_inside
from bot.text.styled import Styled, bold, italic, join


def cut_card(article: Article, story: Story, root: RootScreen, look: Look) -> Card:
    """Return the question whether an article leaves its story."""
    say = look.say
    what = say("story-cut-text", name=_quoted(story, look))
    text: list[Styled | str] = [bold(say("story-cut-title")), bold(shortened(article.title)), what]
    yes = Button(say("story-cut-yes"), StoryTap(StoryVerb.CUT, article.id, root), style="danger")
    return Card(join("\n\n", text), ((yes, Button(say("button-back"), Show(root))),))


def was_cut_card(article: Article, story: Story, root: RootScreen, look: Look) -> Card:
    """Return the note that an article has left its story, with the way back."""
    say = look.say
    undo = Button(say("story-put"), StoryTap(StoryVerb.PUT_BACK, article.id, root))
    rows: tuple[Row, ...] = ((undo,),)
    if len(story.items) > 1:
        rows = ((undo, Button(say("story-back"), Show(StoryScreen(story.id)))),)
    return Card(join("\n\n", [say("story-was-cut", name=_quoted(story, look)), bold(shortened(article.title))]), rows)


def near_card(article: Article, near: Sequence[Near], root: RootScreen, look: Look) -> Card:
    """Return the stories, and articles that are in none, which an article's story may be one with."""
    say = look.say
    in_story = isinstance(root, StoryScreen)
    way = Show(root) if in_story else RelatedTap(RelatedVerb.SHOW, article.id, 0, root)
    back = (Button(say("button-back"), way),)
    title = [bold(say("story-near-title")), italic(shortened(article.title))]
    if not near:
        return Card(join("\n\n", [*title, say("story-near-none")]), (back,))
    entries = [_near_entry(number, one, look) for number, one in enumerate(near, 1)]
    buttons = [
        Button(f"🔗 {number}", StoryTap(StoryVerb.JOIN, article.id, root, one.article.id))
        for number, one in enumerate(near, 1)
    ]
    return Card(join("\n\n", [*title, *entries, say("story-near-text")]), (*in_rows(buttons, PAGE), back))


def _near_entry(number: int, one: Near, look: Look) -> Styled:
    if one.story is None:
        return _entry(f"{number}. ", one.article, look)
    head = look.say("story-title", name=_name(one.story), n=len(one.story.items))
    return join("\n", [join("", [f"{number}. ", bold(head)]), meta_line(one.story.items[-1], look)])


def ties_card(tied: Tied, root: RootScreen, look: Look) -> Card:
    """Return what is related to an article, with a way to pin or ban each, and to take that back."""
    say, article = look.say, tied.article
    shown = [(number, item, said) for number, (item, said) in enumerate(tied.items, tied.first)]
    entries: list[Styled | str] = [
        _entry({True: "📌 ", False: "🚫 ", None: ""}[said] + f"{number}. ", item, look) for number, item, said in shown
    ]
    rows: list[Row] = []
    for verb, mark, verdict in ((RelatedVerb.SAY_PINNED, "📌", True), (RelatedVerb.SAY_BANNED, "🚫", False)):
        buttons = [
            Button(
                ("✅ " if said is verdict else "") + f"{mark} {number}",
                RelatedTap(RelatedVerb.UNSAY if said is verdict else verb, article.id, item.id, root),
            )
            for number, item, said in shown
        ]
        rows += in_rows(buttons, PAGE)
    back, on = (RelatedTap(RelatedVerb.SHOW, article.id, tied.page + by, root) for by in (-1, 1))
    rows += pager(back if tied.page else None, on if tied.more else None, say)
    rows.append((Button(say("tie-add"), RelatedTap(RelatedVerb.ADD, article.id, 0, root)),))
    if article.story_id is None:
        rows.append((Button(say("story-join-one"), StoryTap(StoryVerb.SHOW_NEAR, article.id, root)),))
    rows.append((Button(say("button-back"), Open(article.id, root)),))
    head = [bold(say("tie-title")), italic(shortened(article.title))]
    use = [say("tie-use", shown=tied.shown, opened=tied.opened)] if tied.shown else []
    return Card(join("\n\n", [*head, *(entries or [say("related-none")]), *use, say("tie-text")]), tuple(rows))


def _entry(head: str, item: Headline, look: Look) -> Styled:
    return join("\n", [join("", [head, bold(shortened(item.title, 160))]), meta_line(item, look)])


def _quoted(story: Story, look: Look) -> str:
    return quoted_inside(_name(story), look.language)


def _name(story: Story) -> str:
    return shortened(story.name, 120)
