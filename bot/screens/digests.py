"""Digests as cards: headlines by topic, each opening in place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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
from bot.timing.stored_zones import stored_zone

DIGEST_PAGE = 15


@dataclass(frozen=True, slots=True)
class Section:
    """Headlines of one topic in a digest."""

    name: str
    items: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class FreshDigest:
    """A digest that is about to be sent; None when nothing is left of it. `left_out` are articles it does not show."""

    card: Card | None = None
    left_out: tuple[int, ...] = ()


def digest_card(due_at: datetime, sections: Sequence[Section], look: Look, root: DigestScreen) -> Card:
    """Return a digest: headlines by topic, numbered through, each opening in place."""
    clock = f"{due_at.astimezone(stored_zone(look.zone)):%H:%M}"
    total = sum(len(section.items) for section in sections)
    root = root if root.offset < total else replace(root, offset=0)  # less of it is wanted by now
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
    meta = meta_line(item, look)
    apart = look.say("apart") if meta else ""  # of what has neither source nor date nor length nothing is said
    # A page of these has to fit into one message.
    return join("", [f"{number}. ", mark, shortened(item.title, 140), apart, italic(meta)])


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestScreens:
    """Reads digests and draws them: for the sender, and for whoever opens one again."""

    articles: ArticleStore
    digests: DigestStore
    topics: TopicStore
    subscriptions: Subscriptions

    async def owner(self, digest_id: int) -> Reader | None:
        """Return the reader whose digest it is; None when there is no such digest, or no such reader any more."""
        number = await self.digests.reader_of(digest_id)
        return await self.subscriptions.readers.get(number) if number is not None else None

    async def card(self, digest_id: int, reader: Reader, look: Look, root: DigestScreen) -> Card | None:
        """Return a sent digest's card at a page; None when it never was, or nothing of it is public and wanted by now.

        What was retracted since keeps its line, as a notice.
        """
        found = await self.digests.items(digest_id)
        if found is None:
            return None
        articles = await self._still(found[1], reader, (ArticleState.PUBLISHED, ArticleState.RETRACTED))
        return digest_card(found[0], await self._sections(articles, look), look, root) if articles else None

    async def fresh(self, digest_id: int, reader: Reader, look: Look) -> FreshDigest:
        """Return a digest as it is sent now: without what is not public, or not wanted, by now."""
        found = await self.digests.items(digest_id)
        if found is None:
            return FreshDigest()
        due_at, article_ids = found
        articles = await self._still(article_ids, reader, (ArticleState.PUBLISHED,))
        left_out = tuple(sorted({*article_ids} - {one.id for one in articles}))
        if not articles:
            return FreshDigest(left_out=left_out)
        sections = await self._sections(articles, look)
        return FreshDigest(digest_card(due_at, sections, look, DigestScreen(digest_id)), left_out)

    async def _still(
        self, article_ids: Sequence[int], reader: Reader, states: Collection[ArticleState]
    ) -> list[Article]:
        """Return those of some articles that are in one of these states and that the reader does not keep away."""
        found = await self.articles.several(article_ids)
        articles = [one for number in article_ids if (one := found.get(number)) and one.state in states]
        unwanted = await self.subscriptions.kept_away(reader, articles)
        return [one for one in articles if one.id not in unwanted]

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
