"""What has changed at its source, or was taken away there: followed where it is small, else an editor is asked."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from rapidfuzz.distance import Indel

from bot.errors import NotFound, Stale
from bot.inflow.arrivals import is_nameless, is_open, seen, text_print, told_print
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.feeds import Feed, FeedItem, FeedMode, ItemState, NoticeKind
from bot.model.news import Article, ArticleState, Incoming, RevisionKind
from bot.ports import ArticleStore, CorrectionStore, FeedItemStore, FeedNoticeStore
from bot.relevance.similarity import compare_texts
from bot.relevance.written import work_out
from bot.text.beside import beside
from bot.text.document import document_text
from bot.text.markup import stored_document
from bot.text.urls import url_key
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

_ALIKE = 0.9  # of the characters of a title, and of a text, stay where they are in a small change
_RECENT = timedelta(days=3)  # what vanishes later nobody looks at any more
_MOST_VANISHED = 3  # of one poll; more at once is a feed that was arranged anew
_NOT_THE_END = 3  # older ones behind what new ones cannot have pushed off: one or two may be kept there for long
_WAITING = frozenset({ArticleState.DRAFT, ArticleState.SCHEDULED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """Compares what feeds hold with what they held; `wake_fan_out` has copies changed at once."""

    items: FeedItemStore
    notices: FeedNoticeStore
    articles: ArticleStore
    corrections: CorrectionStore
    clock: Clock
    wake_fan_out: Callable[[], None]

    async def follow(
        self, feed: Feed, now: Mapping[str, Incoming], known: Mapping[str, FeedItem], *, whole: bool = True
    ) -> None:
        """Follow what a feed holds `now`, of what was `known` of it before. May be repeated.

        Where that is not the `whole` feed, because some of it could not be read, nothing is called missing.
        """
        changed: list[FeedItem] = []
        held: dict[str, Incoming] = {}
        for key in now.keys() & known.keys():
            incoming = now[key]
            item = replace(_there_again(known[key]), url_key=url_key(incoming.url))  # it may have moved
            if item.print != told_print(incoming):
                if item.state is ItemState.HELD:
                    held[key] = incoming
                elif is_open(item):
                    await self._revise(feed, item, incoming)
                changed.append(replace(seen(key, incoming, item.seen_at), state=item.state, article_id=item.article_id))
            elif item != known[key]:
                changed.append(item)
        if changed:
            await self.items.put(feed.id, changed, held)
        if whole:
            await self._miss(feed, now, known)

    async def _revise(self, feed: Feed, item: FeedItem, incoming: Incoming) -> None:
        assert item.article_id is not None
        try:
            article = await self.articles.get(item.article_id)
        except NotFound:
            return
        if (article.title, article.lead, article.body) == (incoming.title, incoming.lead, incoming.body):
            await self.notices.close(feed.id, article.id, self.clock.now())  # what was asked about is taken back
            return
        untouched = text_print(article.title, article.lead, article.body) == item.print
        if feed.full_text and not untouched:  # the feed's text need not have been the article's
            untouched = article.version == 0 and article.revision <= 1
        if article.state not in {ArticleState.PUBLISHED, *_WAITING}:
            return
        try:
            silently = untouched and await self._silently(feed, article, item, incoming)
            if silently and article.state is ArticleState.DRAFT:
                await self._redraft(article, incoming)
                return
            if silently and article.state is ArticleState.PUBLISHED:
                await self.correct(article, (incoming.title, incoming.lead, incoming.body))
                return
        except Stale:
            log.info("somebody at the desk works on it; an editor is asked", article=article.id)
        text = {"title": incoming.title, "lead": incoming.lead, "body": incoming.body}
        await self.notices.add(feed.id, NoticeKind.CHANGED, text, self.clock.now(), article.id)

    async def _silently(self, feed: Feed, article: Article, item: FeedItem, incoming: Incoming) -> bool:
        """Tell whether nobody has to be asked: it changes little, or nobody has approved it and no reader holds a copy.

        What has neither an id nor the moment it had may be another piece at the same address: then somebody is asked.
        """
        if await beside(max(len(article.body), len(incoming.body)), is_small, article, incoming):
            return True
        if is_nameless(item.key) and (incoming.published_at is None or incoming.published_at != item.dated_at):
            return False
        if article.state is ArticleState.DRAFT:
            return True
        return feed.mode is not FeedMode.APPROVE and await self.corrections.holders(article.id) == 0

    async def _redraft(self, article: Article, incoming: Incoming) -> None:
        words = await beside(
            len(incoming.body), work_out, incoming.title, incoming.lead, incoming.body, article.language, article.tags
        )
        changes = ArticleChanges(title=incoming.title, lead=incoming.lead, body=incoming.body, minutes=words.minutes)
        await self.articles.revise_draft(article.id, article.version, changes, None, self.clock.now())

    async def correct(
        self,
        article: Article,
        text: tuple[str, str, str],
        kind: RevisionKind = RevisionKind.TYPO,
        *,
        by: int | None = None,
        note: str = "",
        answers: int | None = None,
    ) -> None:
        """Make what a source says now, title, lead and body, a new revision of a published article.

        `answers` is the question of the feed that it answers. Raises Stale when the article has changed, or somebody
        has answered.
        """
        title, lead, body = text
        words = await beside(len(body), work_out, title, lead, body, article.language, article.tags)
        correction = Correction(
            article_id=article.id,
            version=article.version,
            kind=kind,
            by=by,
            note=note,
            changes=ArticleChanges(title=title, lead=lead, body=body, minutes=words.minutes),
            terms=words.terms,
            answers=answers,
        )
        await self.corrections.correct(correction, self.clock.now())
        self.wake_fan_out()

    async def _miss(self, feed: Feed, now: Mapping[str, Incoming], known: Mapping[str, FeedItem]) -> None:
        """Note what a feed holds no longer; what should be there is told to the desk the second time."""
        if not now:
            return  # an empty feed says nothing about its items
        moment = self.clock.now()
        there = {key: item for key, item in known.items() if item.missing_since is None}
        held = {known[key].article_id for key in now if key in known}  # by whichever name
        taken = {url_key(one.url) for key, one in now.items() if key not in known and one.url}
        dates = sorted(item.dated_at for key, item in there.items() if key in now and item.dated_at is not None)
        least = 1 if now.keys() <= there.keys() else _NOT_THE_END
        rows = [
            replace(
                item,
                missing_since=moment,
                state=ItemState.MISSING
                if item.article_id not in held
                and not (is_nameless(key) and item.url_key in taken)  # by another piece, or what became of it
                and _taken_away(item, dates, least, moment)
                else item.state,
            )
            for key, item in known.items()
            if key not in now and item.missing_since is None
        ]
        still = [item for key, item in known.items() if key not in now and item.state is ItemState.MISSING]
        if rows:
            await self.items.put(feed.id, rows)
        await self.tell_missing(feed, still)

    async def tell_missing(self, feed: Feed, items: Sequence[FeedItem]) -> None:
        """Tell the desk of items that a feed is without for the second time. May be repeated: each is told once."""
        if len(items) <= _MOST_VANISHED:
            for item in items:
                await self._tell_vanished(feed, item)
        if items:
            await self.items.put(feed.id, [replace(item, state=ItemState.VANISHED) for item in items])

    async def _tell_vanished(self, feed: Feed, item: FeedItem) -> None:
        assert item.article_id is not None
        article = await self.articles.get(item.article_id)
        if article.state is ArticleState.PUBLISHED or article.state in _WAITING:
            await self.notices.add(feed.id, NoticeKind.VANISHED, {}, self.clock.now(), article.id)


def _taken_away(item: FeedItem, dates: Sequence[datetime], least: int, moment: datetime) -> bool:
    """Tell whether an item is gone although so many older ones are still there; `dates` are theirs, in order."""
    if not is_open(item) or item.dated_at is None or moment - item.dated_at > _RECENT:
        return False
    return bisect_left(dates, item.dated_at) >= least


def _there_again(item: FeedItem) -> FeedItem:
    """Return an item that its feed holds: one that was taken away there is back, and may change like any other."""
    gone = item.state in {ItemState.VANISHED, ItemState.MISSING}
    return replace(item, missing_since=None, state=ItemState.TAKEN if gone else item.state)


def is_small(article: Article, incoming: Incoming) -> bool:
    """Tell whether a change is a matter of spelling: most characters stay, and it tells the same news.

    Another number, name or negation makes other news, however few characters it takes.
    """
    before, after = _text(article.lead, article.body), _text(incoming.lead, incoming.body)
    if min(_alike(article.title, incoming.title), _alike(before, after)) < _ALIKE:
        return False
    old, new = {"title": article.title, "text": before}, {"title": incoming.title, "text": after}
    return _figures(old) == _figures(new) and compare_texts(old, new).duplicate


def _text(lead: str, body: str) -> str:
    return f"{lead}\n{document_text(stored_document(body))}".strip()


def _alike(a: str, b: str) -> float:
    return float(Indel.normalized_similarity(a, b))


def _figures(text: Mapping[str, str]) -> list[str]:
    return [sign for part in text.values() for sign in part if sign.isdigit()]
