"""Reading: the latest, an article, what is related to it, search."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import NoStory, NotFound, UnknownTopic
from bot.model.matching import EVERYTHING, MatchKind
from bot.model.news import Article, Headline, Page, Reports, Story, Topic
from bot.model.readers import Choices, Reader
from bot.ports import ArticleStore, KeywordStore, MentionStore, StoryStore, TopicStore
from bot.readers.published import published
from bot.relevance.highlights import Excerpt, excerpt
from bot.relevance.query import Query, parse_query
from bot.relevance.related import MOST_RELATED, Finder
from bot.relevance.search import Searcher
from bot.relevance.written import plain_text
from bot.text.beside import beside
from bot.text.ellipsis import cut
from bot.text.hashtags import hashtags
from bot.text.urls import url_key
from bot.timing.clock import Clock

LATELY = 30  # days
KNOWN_AGAIN = timedelta(days=90)  # how far back an article is known by its title alone


@dataclass(frozen=True, slots=True)
class RelatedItems:
    """What is related to an article; `copies` only where that is nothing. There is `more` where one may ask for it."""

    items: tuple[Headline, ...]
    copies: tuple[Headline, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What readers ask for. Nothing unpublished, embargoed or retracted comes out of here."""

    articles: ArticleStore
    topics: TopicStore
    stories: StoryStore
    keywords: KeywordStore
    mentions: MentionStore
    finder: Finder
    searcher: Searcher
    clock: Clock

    async def article(self, article_id: int) -> Article:
        """Return a published article; a retracted one comes with nothing but the fact.

        Raises:
            NotFound: there is none of that number, or it is not public.

        """
        return await published(self.articles, article_id, or_retracted=True)

    async def told_under(self, reader: Reader, article_id: int) -> list[Headline]:
        """Return what other sources tell of the same under a reader's message of an article, in its order.

        What was retracted is among it, with nothing but the fact.
        """
        return await self.articles.headlines(await self.mentions.under(reader.id, article_id), retracted=True)

    async def has(self, article_id: int) -> bool:
        """Tell whether an article is or was public."""
        return bool(await self.articles.headlines([article_id], retracted=True))

    async def at_address(self, address: str) -> int | None:
        """Return the article that was published at an address elsewhere; None when there is none."""
        return next(iter(await self.articles.at_address(url_key(address))), None)

    async def revision(self, article_id: int) -> int | None:
        """Return the number of the newest revision of an article; None when there is none of that number."""
        return await self.articles.revision(article_id)

    async def told_by(self, lines: Sequence[str]) -> int | None:
        """Return the newest article that went public lately and has one of these lines as its title; else None."""
        return await self.articles.titled(lines, self.clock.now() - KNOWN_AGAIN)

    async def reports(self, article: Article) -> Reports:
        """Return who else tells what an article tells, and who told it first."""
        return await self.articles.reports(article)

    async def latest_of_all(self, anchor: int, offset: int, limit: int) -> Page:
        """Return a page of the latest headlines of every topic and language."""
        return await self.articles.latest(anchor=anchor, offset=offset, limit=limit)

    async def latest(self, reader: Reader, topic_ids: Sequence[int], anchor: int, offset: int, limit: int) -> Page:
        """Return a page of the latest headlines in the languages the reader wants."""
        return await self.articles.latest(
            topics=topic_ids, language=reader.news_language, anchor=anchor, offset=offset, limit=limit
        )

    async def latest_chosen(self, reader: Reader, choices: Choices, anchor: int, offset: int, limit: int) -> Page:
        """Return a page of the latest headlines in the topics the reader chose; of all topics if "all" is chosen.

        What the reader keeps away is not among them.
        """
        chosen = [key.id for key in choices.wanted if key.kind is MatchKind.TOPIC]
        topic_ids = [] if EVERYTHING in choices.wanted else chosen
        if not topic_ids and EVERYTHING not in choices.wanted:
            return Page(())
        words = [key.id for key in choices.unwanted if key.kind is MatchKind.KEYWORD]
        having = await self.searcher.having((await self.keywords.phrases(words)).values()) if words else ()
        return await self.articles.latest(
            topics=topic_ids,
            language=reader.news_language,
            anchor=anchor,
            offset=offset,
            limit=limit,
            without=choices.unwanted,
            leave_out=having,
        )

    async def related(
        self, article_id: int, reader: Reader, known: Collection[int] = (), *, rest: bool = False
    ) -> RelatedItems:
        """Return up to five headlines that are surely on the same matter as an article; with the `rest`, up to ten.

        Those the reader has just read are not among them. Where there are none, copies from other sources stand in.
        """
        article = await self.article(article_id)
        found = await self.finder.related(
            article_id, language=reader.news_language, limit=MOST_RELATED * 2, leave_out=known
        )
        shown = found if rest else [item for item in found if item.sure][:MOST_RELATED]
        items = await self.articles.headlines([item.id for item in shown])
        copies = () if items else await self._copies(article, known)
        return RelatedItems(tuple(items), copies, more=len(found) > len(shown))

    async def _copies(self, article: Article, known: Collection[int]) -> tuple[Headline, ...]:
        """Return what other sources tell word for word as an article does."""
        reports = await self.reports(article)
        told = [one for one in (reports.first, *reports.others) if one is not None and one.source != article.source]
        return tuple(await self.articles.headlines([one.id for one in told if one.id not in known][:MOST_RELATED]))

    async def story(self, story_id: int) -> Story:
        """Return a story; of one that has become a part of another, that other.

        Raises:
            NotFound: there is none of that number, or nothing public in it.

        """
        story = await self.stories.story(story_id)
        if story is None or not story.items:
            raise NotFound
        return story

    async def begin_story(self, article_id: int) -> int:
        """Return the story of an article, which begins with it if it belongs to none so far. May be repeated.

        Raises:
            NotFound: there is no public article of that number.
            NoStory: an editor has decided that it belongs to none.

        """
        article = await published(self.articles, article_id)
        number = await self.stories.begin(article.id, self.clock.now())
        if number is None:
            raise NoStory
        return number

    async def look_at_story(self, story_id: int, reader: Reader) -> tuple[Story, datetime | None]:
        """Return a story, and when the reader had last looked at it, if ever; note that they look at it now.

        Raises:
            NotFound: there is none of that number, or nothing public in it.

        """
        story = await self.story(story_id)
        seen_at = await self.stories.seen_at(reader.id, story.id)
        await self.stories.look(reader.id, story.id, self.clock.now())
        return story, seen_at

    async def search(self, words: str, offset: int, limit: int, *, newest: bool = False) -> tuple[Page, str]:
        """Return a page of what was found, and the words as they were perhaps meant, or "".

        Raises:
            BadQuery: there is nothing in the words to search for.

        """
        found = await self.searcher.search(words, newest=newest)
        items = await self.articles.headlines(found.ids[offset : offset + limit])
        page = Page(tuple(items), offset, more=len(found.ids) > offset + limit, total=len(found.ids))
        return page, found.suggestion

    async def lately(self, words: str, reader: Reader) -> list[Headline]:
        """Return what following these words would have brought the reader in the last LATELY days, newest first."""
        found = await self.searcher.lately(words, self.clock.now() - timedelta(days=LATELY))
        return [item for item in found if reader.news_language in {"", item.language}]

    async def excerpts(self, words: str, items: Sequence[Headline]) -> dict[int, Excerpt]:
        """Return how each of these articles answers a search, by its number."""
        query = parse_query(words)
        texts = await self.articles.texts([item.id for item in items])
        found = {}
        for item in items:
            title, lead, body, *tags = texts.get(item.id, (item.title, "", ""))
            found[item.id] = await beside(len(body), _excerpt, title, lead, body, tags, query, item.language)
        return found

    async def topic(self, words: str, language: str) -> Topic:
        """Return the topic somebody names by its slug, its number or the beginning of its name in any language.

        Raises:
            UnknownTopic: there is none.

        """
        found = await self.topic_named(words)
        if found is None:
            names = ", ".join(topic.name(language) for topic in await self.topics.all())
            raise UnknownTopic(text=cut(words.strip(), 60), topics=names)
        return found

    async def topic_named(self, words: str) -> Topic | None:
        """Return the topic that `topic` does; None where there is none."""
        asked = words.strip().casefold().removeprefix("#")
        topics = await self.topics.all()
        for topic in topics:
            if asked in {topic.slug, str(topic.id)} or asked in {name.casefold() for name in topic.names.values()}:
                return topic
        for topic in topics:
            if len(asked) >= 3 and any(name.casefold().startswith(asked) for name in topic.names.values()):
                return topic
        return None


def _excerpt(title: str, lead: str, body: str, tags: Sequence[str], query: Query, language: str) -> Excerpt:
    text = f"{lead}\n\n{plain_text(body)} {hashtags(tags)}".strip()
    return excerpt(title, text, query, language)
