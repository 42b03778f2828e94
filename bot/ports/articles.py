"""Storage of articles, topics and stories, and how archives come in. See `bot.ports` for how to read this."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.changes import ArticleChanges
from bot.model.matching import MatchKey
from bot.model.news import Article, ArticleState, Headline, Imported, Lemma, Page, Reports, Story, Topic
from bot.model.relevance import Fellows, PreparedArticle, Stored


class ArticleStore(Protocol):
    """Articles in every state. What changes a draft names the version it was read in, so no editor undoes another."""

    async def draft(self, prepared: PreparedArticle, now: datetime) -> int:
        """Store a draft; returns its number. May be repeated: the same `identity` is the same draft."""
        ...

    async def revise_draft(
        self,
        article_id: int,
        version: int,
        changes: ArticleChanges,
        by: int | None,
        now: datetime,
        *,
        scheduled: bool = False,
        answers: int | None = None,
    ) -> None:
        """Change parts of a draft. Not to be repeated: the second call raises Stale.

        With `scheduled` also of one that waits for its time: for who may approve it, as that is what goes out then.
        By the same commit the question of a feed is answered that this `answers`; raises Stale where somebody has.

        Raises:
            Stale: the draft has another version by now, or is no draft any more.

        """

    async def discard(self, article_id: int, version: int, by: int, now: datetime, *, scheduled: bool = False) -> None:
        """Discard a draft for good. Not to be repeated: the second call raises Stale.

        With `scheduled` also one that waits for its time; its publication is cancelled in the same transaction.

        Raises:
            Stale: the draft has another version by now, or is no draft any more.

        """

    async def get(self, article_id: int) -> Article:
        """Return an article, in whatever state.

        Raises:
            NotFound: there is none of that number.

        """
        ...

    async def several(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """Return articles by their numbers, in whatever state; those that there are."""
        ...

    async def revision(self, article_id: int) -> int | None:
        """Return the number of an article's newest revision; None when there is none of that number."""

    async def headlines(self, article_ids: Sequence[int], *, retracted: bool = False) -> list[Headline]:
        """Return the published ones of these articles in the given order; if `retracted`, also those retracted."""
        ...

    async def identified(self, identity: str) -> int | None:
        """Return the number of the article that was stored with this `identity`, or None."""

    async def titled(self, titles: Sequence[str], since: datetime) -> int | None:
        """Return the number of the newest article that is dated or sent since then, and has one of the titles; or None.

        Only what is public is found.
        """

    async def number_of(self, external_id: str) -> int | None:
        """Return the number of the article that an import called by this id, the newest of several; or None."""

    async def related_use(self, article_id: int) -> tuple[int, int]:
        """Return how often what is related to an article was shown, and how often something in it was opened."""
        ...

    async def reports(self, found: Article) -> Reports:
        """Return the published copies of an article, some at most, and apart from them the one that came first."""
        ...

    async def ties(self, article_id: int) -> dict[int, bool]:
        """Return what editors said of an article and others: True for related first, False for never."""
        ...

    async def tie(self, article_id: int, other_id: int, by: int, now: datetime, *, pinned: bool | None) -> None:
        """Show another article as related first (True), never (False), or as its words say (None). May be repeated."""

    async def texts(self, article_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return title, lead and body of articles, the body as canonical HTML, then each of their tags, by number."""
        ...

    async def narrowed(
        self, among: Sequence[int] | None, topic: str, source: str, after: datetime | None, limit: int
    ) -> list[int]:
        """Return up to `limit` published articles of a topic, a source and a time, newest first.

        "" and None mean any. Topics and sources are named as people write them: in any language, or by how the name
        begins. With `among` only those are looked at, and all that fit are returned, in no order.
        """
        ...

    async def at_address(self, key: str) -> list[int]:
        """Return the published articles of one address, by its `url_key`: the first to come first, copies left out."""
        ...

    async def latest(
        self,
        *,
        topics: Sequence[int] = (),
        language: str = "",
        anchor: int = 0,
        offset: int = 0,
        limit: int = 5,
        without: Collection[MatchKey] = (),
        leave_out: Collection[int] = (),
    ) -> Page:
        """Return a stretch of the published articles of these topics (none: of all), newest first.

        Without those that have a topic, a source or a story of `without`, and those numbered in `leave_out`.

        `anchor` is the number of the article that headed the first page: what came in since does not shift the pages.
        0 begins with the newest there is.
        """
        ...

    async def drafts_of(self, authors: Sequence[int], since: datetime) -> list[tuple[Headline, int]]:
        """Return the drafts that these people began since then, the oldest first, each with who wrote it."""
        ...

    async def desk_list(self, state: ArticleState, offset: int, limit: int, *, author: int | None = None) -> Page:
        """Return a stretch of the articles of one state: published ones newest first, others the last changed first."""
        ...


class TopicStore(Protocol):
    """Topics; there are few, so they are read all at once."""

    async def all(self) -> list[Topic]:
        """Return every topic, in the desk's order."""
        ...

    async def filed(self, article_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """Return the numbers of the topics under which a person or a source has filed these articles, where any has."""
        ...


class SourceStore(Protocol):
    """Names of sources and stories, for telling a reader why something came."""

    async def source_names(self, source_ids: Sequence[int]) -> dict[int, str]:
        """Return the names of sources, by number."""
        ...

    async def story_names(self, story_ids: Sequence[int]) -> dict[int, str]:
        """Return the names of stories, by number; one that has none goes by the title of its first article."""
        ...


class StoryStore(Protocol):
    """Stories, and what deciding which story an article belongs to reads.

    What an editor did with an article's story stays: threading does not undo it.
    """

    async def size(self) -> int:
        """Return how many articles are in the word index."""
        ...

    async def known(self, texts: Sequence[str]) -> list[Lemma]:
        """Return those of these lemmas that some published article has."""
        ...

    async def having(self, lemma_ids: Mapping[int, Sequence[int]], least: int, most: int) -> dict[int, list[int]]:
        """Return for each key up to `most` hot articles that have at least `least` of its lemmas, most shared first.

        A key without such articles is left out.
        """
        ...

    async def appeared(self, article_ids: Iterable[int]) -> dict[int, datetime]:
        """Return when the published ones of these articles appeared; undated ones are left out."""
        ...

    async def stored(self, article_ids: Iterable[int]) -> dict[int, Stored]:
        """Return the published ones of these articles as far as a comparison needs them, by number."""
        ...

    async def fellows(self, article_ids: Iterable[int], most: int) -> dict[int, Fellows]:
        """Return the newest published articles of the story each of these articles is in, up to `most`, by number."""
        ...

    async def by_url(self, keys: Iterable[str], most: int) -> dict[str, list[int]]:
        """Return the newest published articles of each of these addresses, up to `most`, the oldest of them first."""
        ...

    async def thread(self, article_id: int, follows: int, now: datetime) -> int | None:
        """Put an article into the story of another, made if there is none; returns the story. May be repeated.

        Returns None, and changes nothing, when an editor has decided about one of the two or one of them is gone.
        """

    async def unite(self, article_id: int, follows: int, now: datetime) -> int | None:
        """Put an article, with all of its story, into the story of another; returns that one. May be repeated.

        Followers of either story follow the one. Returns None, and changes nothing, when an editor or an import has
        decided about one of the two, or about something in either story, or one of them is gone.
        """

    async def begin(self, article_id: int, now: datetime) -> int | None:
        """Begin a story with an article that is in none; returns its story, also one it was in. May be repeated.

        Returns None, and changes nothing, when an editor has decided that it belongs to none, or it is not published.
        """

    async def story(self, story_id: int) -> Story | None:
        """Return a story with its published articles, oldest first; None when there is none of that number."""

    async def look(self, reader_id: int, story_id: int, now: datetime) -> None:
        """Store that a reader has looked at a story now. May be repeated."""

    async def seen_at(self, reader_id: int, story_id: int) -> datetime | None:
        """Return when a reader last looked at a story, or None."""

    async def gather(self, article_id: int, other_id: int, by: int, now: datetime) -> int:
        """Put two articles, each with all of its story, into one story; returns the story. May be repeated.

        Followers of either story follow the one. Nothing is sent because of it.

        Raises:
            NotFound: one of the two is not published.

        """
        ...

    async def cut(self, article_id: int, story_id: int, by: int, now: datetime) -> None:
        """Take an article out of a story for good. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: the article is not in that story.

        """

    async def put(self, article_id: int, story_id: int, by: int, now: datetime) -> None:
        """Put an article that is in no story into one. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: the article is in a story by now, or there is no such story any more.

        """


class ImportStore(Protocol):
    """Where feeds and archives put their articles. An article is known by its `identity`."""

    async def imported(self, identities: Sequence[str]) -> dict[str, Imported]:
        """Return what is stored of these identities, by identity; those that are not stored are left out."""
        ...

    async def unknown(self, items: Sequence[PreparedArticle]) -> list[PreparedArticle]:
        """Return the articles that are not stored yet, each once. Raises Refused as `add` does."""
        ...

    async def add(self, items: Sequence[PreparedArticle], now: datetime, *, push: bool) -> list[int]:
        """Store a batch as published articles; returns the numbers of those that are new.

        If `push`, those that copy nothing are sent to readers as if they were published now. May be repeated: what is
        stored already is neither stored nor sent again, and not among the numbers.

        Raises:
            Refused: the database does not take something in the batch; nothing of it is stored.

        """
        ...
