"""Arranging: what editors say about which articles belong together, in stories and as related."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from bot.errors import NotFound, Stale, UnknownArticle
from bot.model.desk import Editor
from bot.model.news import Article, Headline, Near, Story, Tied
from bot.ports import ArticleStore, StoryStore
from bot.readers.published import published
from bot.relevance.related import MOST_RELATED, Finder
from bot.text.cleaning import safe_url
from bot.text.urls import url_key
from bot.timing.clock import Clock

MOST_NEAR = 6
MOST_TIED = 12  # of them fit into one message: a page
_LOOKED_AT = 15  # related items of each seed, and latest ones, among which near stories are looked for
_SAME_PAGE = 40  # articles of one address, of which the oldest is meant
_DEEP_LINK = regex.compile(r"(?:^|[?&])start=a_([0-9]{1,15})(?:$|&)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDesk:
    """What editors arrange. Every change is noted with who made it; none of them sends anything to anybody."""

    articles: ArticleStore
    stories: StoryStore
    finder: Finder
    clock: Clock

    async def article(self, article_id: int) -> Article:
        """Return a published article; raises NotFound when there is none of that number any more."""
        return await published(self.articles, article_id)

    async def in_story(self, article_id: int, story_id: int) -> tuple[Article, Story]:
        """Return an article and the story it is in.

        Raises:
            NotFound: the article is not public any more.
            Stale: it is not in that story, or no longer.

        """
        article = await self.article(article_id)
        story = await self.stories.story(story_id) if article.story_id == story_id else None
        if story is None:
            raise Stale
        return article, story

    async def out_of(self, article_id: int, story_id: int) -> tuple[Article, Story] | None:
        """Return an article that an editor has taken out of its story, and one it may go back to; None for another."""
        article = await self.article(article_id)
        if article.story_id is not None or not article.story_fixed:
            return None
        story = await self.stories.story(story_id)
        return (article, story) if story is not None else None

    async def near(self, article_id: int) -> list[Near]:
        """Return what the story of an article may be one with: first what has words in common, then the latest."""
        article = await self.article(article_id)
        story = await self.stories.story(article.story_id) if article.story_id is not None else None
        seeds = [story.items[-1].id, story.items[0].id] if story is not None and story.items else [article_id]
        scores: dict[int, float] = {}
        for seed in dict.fromkeys(seeds):
            for found in await self.finder.related(seed, limit=_LOOKED_AT, leave_out=[article_id]):
                scores[found.id] = max(found.score, scores.get(found.id, 0.0))
        closest = sorted(scores, key=lambda number: (-scores[number], -number))
        latest = await self.articles.latest(limit=_LOOKED_AT)
        headlines = [*await self.articles.headlines(closest), *latest.items]
        return [await self._near(one) for one in _one_of_each_story(headlines, article)][:MOST_NEAR]

    async def _near(self, one: Headline) -> Near:
        return Near(one, await self.stories.story(one.story_id) if one.story_id is not None else None)

    async def join(self, article_id: int, other_id: int, editor: Editor) -> int:
        """Make the stories of two articles one; returns it. Raises NotFound when one of the two is not public."""
        if article_id == other_id:
            raise NotFound
        return await self.stories.gather(article_id, other_id, editor.user_id, self.clock.now())

    async def cut(self, article_id: int, story_id: int, editor: Editor) -> None:
        """Take an article out of a story for good; raises Stale when it is not in it any more."""
        await self.stories.cut(article_id, story_id, editor.user_id, self.clock.now())

    async def put(self, article_id: int, story_id: int, editor: Editor) -> None:
        """Put an article back into a story; raises Stale when it is in one by now, or this one is gone."""
        await self.stories.put(article_id, story_id, editor.user_id, self.clock.now())

    async def tied(self, article_id: int, page: int = 0) -> Tied:
        """Return what is related to an article and what editors said of it, a page; what they banned comes last."""
        article = await self.article(article_id)
        items = await self._items(article_id)
        page = min(max(0, page), max(0, len(items) - 1) // MOST_TIED)
        first, end = page * MOST_TIED, (page + 1) * MOST_TIED
        shown, opened = await self.articles.related_use(article_id)
        more = end < len(items)
        return Tied(article, items[first:end], shown, opened, page=page, first=first + 1, more=more)

    async def _items(self, article_id: int) -> tuple[tuple[Headline, bool | None], ...]:
        ties = await self.articles.ties(article_id)
        related = [found.id for found in await self.finder.related(article_id, limit=MOST_RELATED)]
        pinned = [number for number, first in ties.items() if first and number not in related]
        banned = [number for number, first in ties.items() if not first]
        headlines = await self.articles.headlines([*related, *pinned, *banned])
        return tuple((headline, ties.get(headline.id)) for headline in headlines)

    async def _page_with(self, article_id: int, other_id: int, before: int = 0) -> int:
        """Return the page another article stands on now; where it stood `before` when it is on none."""
        items = await self._items(article_id)
        return next((n for n, (item, _) in enumerate(items) if item.id == other_id), before) // MOST_TIED

    async def tie(
        self, article_id: int, other_id: int, editor: Editor, *, pinned: bool | None, turns: bool = False
    ) -> Tied:
        """Pin another article as related, ban it, or with None neither any more. Returns what holds then.

        Where it `turns`, what was said already is taken back.

        Raises:
            NotFound: one of the two is not public.

        """
        if article_id == other_id or len(await self.articles.headlines([article_id, other_id])) < 2:
            raise NotFound
        before = await self._items(article_id)
        place, said = next(((n, said) for n, (item, said) in enumerate(before) if item.id == other_id), (0, None))
        verdict = None if turns and said is pinned else pinned
        await self.articles.tie(article_id, other_id, editor.user_id, self.clock.now(), pinned=verdict)
        return await self.tied(article_id, await self._page_with(article_id, other_id, place))

    async def pin_named(self, article_id: int, text: str, editor: Editor) -> Tied:
        """Pin the article that somebody names by its number, by a link into the bot, or by its own address.

        Returns what holds then.

        Raises:
            UnknownArticle: there is no other published article of that name.

        """
        number = await self._named(text.strip())
        if number is None or number == article_id or not await self.articles.headlines([number]):
            raise UnknownArticle
        await self.articles.tie(article_id, number, editor.user_id, self.clock.now(), pinned=True)
        return await self.tied(article_id, await self._page_with(article_id, number))

    async def _named(self, text: str) -> int | None:
        digits = text.lstrip("#№ ")
        if digits.isascii() and digits.isdigit() and len(digits) <= 15:
            return int(digits)
        if match := _DEEP_LINK.search(text):
            return int(match[1])
        key = url_key(safe_url(text))
        found = await self.stories.by_url([key], _SAME_PAGE) if key else {}
        return next(iter(found.get(key, ())), None)


def _one_of_each_story(headlines: list[Headline], article: Headline) -> Iterator[Headline]:
    """Yield the first headline of each story, and each without one; not the article, nor copies, nor its own story."""
    seen = {("article", article.id), ("story", article.story_id or 0)}
    for one in headlines:
        key = ("story", one.story_id) if one.story_id is not None else ("article", one.id)
        if key not in seen and one.same_as is None:
            seen.add(key)
            yield one
