"""Digests as cards: headlines by topic, each opening in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model.news import Article, ArticleState, Headline, Page
from bot.model.readers import Reader
from bot.ports import ArticleStore, DigestStore, TopicStore
from bot.readers.subscriptions import Subscriptions
from bot.screens.callbacks import Open
from bot.screens.card import Button, Card, in_rows
from bot.screens.headlines import meta_line, shortened
from bot.screens.lists import PAGE, turner
from bot.screens.look import Look
from bot.screens.screen_refs import DigestScreen
from bot.text.styled import Styled, bold, italic, join

DIGEST_PAGE = 15


@dataclass(frozen=True, slots=True)
class Section:
    """Headlines of one topic in a digest."""

    name: str
    items: tuple[Headline, ...]


def digest_card(due_at: datetime, sections: Sequence[Section], look: Look, root: DigestScreen) -> Card:
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
    return Card(join("\n\n", parts), (*in_rows(buttons, PAGE), *turner(page, root, look.say, DIGEST_PAGE)))


def _digest_line(number: int, item: Headline, look: Look) -> Styled:
    if item.retracted:
        return join("", [f"{number}. ", italic(look.say("retracted-mark"))])
    mark = look.say("corrected-short") + " " if item.corrected_at is not None else ""
    # A page of these has to fit into one message.
    return join("", [f"{number}. ", mark, shortened(item.title, 140), " — ", italic(meta_line(item, look))])


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestScreens:
    """Reads digests and draws them: for the sender, and for whoever opens one again."""

    articles: ArticleStore
    digests: DigestStore
    topics: TopicStore
    subscriptions: Subscriptions

    async def reader_of(self, digest_id: int) -> int | None:
        """Return the number of the reader whose digest it is; None when there is no such digest."""
        return await self.digests.reader_of(digest_id)

    async def card(
        self, digest_id: int, reader: Reader, look: Look, root: DigestScreen, *, retracted: bool = True
    ) -> Card | None:
        """Return a digest's card at a page; None when it never was, or nothing of it is public and wanted by now.

        What was `retracted` keeps its line, as a notice, in a digest that was sent; it does not come into a new one.
        """
        found = await self.digests.items(digest_id)
        if found is None:
            return None
        due_at, article_ids = found
        states = {ArticleState.PUBLISHED, *([ArticleState.RETRACTED] if retracted else [])}
        found_now = await self.articles.several(article_ids)
        articles = [one for number in article_ids if (one := found_now.get(number)) and one.state in states]
        unwanted = await self.subscriptions.kept_away(reader, articles)
        articles = [one for one in articles if one.id not in unwanted]
        if not articles:
            return None
        return digest_card(due_at, await self._sections(articles, look), look, root)

    async def _sections(self, articles: Sequence[Article], look: Look) -> list[Section]:
        """Return headlines by their first topic, topics in the desk's order, newest first within each."""
        order = await self.topics.all()
        groups: dict[int | None, list[Headline]] = {topic.id: [] for topic in order}
        for one in sorted(articles, key=lambda one: (not one.urgent, -one.id)):
            groups.setdefault(one.topics[0].id if one.topics else None, []).append(one)
        names = {topic.id: f"{topic.emoji} {topic.name(look.language)}".strip() for topic in order}
        return [
            Section(names.get(number, look.say("digest-other")) if number else look.say("digest-other"), tuple(items))
            for number, items in groups.items()
            if items
        ]
