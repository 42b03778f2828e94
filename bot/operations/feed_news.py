"""Telling the desk of its feeds: owners of those that fail, end or are well again, editors of what they decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from bot.errors import NotFound
from bot.fetch.answers import Failed, Reason
from bot.model.desk import Role
from bot.model.feeds import Feed, FeedNotice, NoticeKind
from bot.operations.notices import Notices
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.turns import Turn
from bot.ports import ArticleStore, EditorStore, FeedNoticeStore, FeedStore
from bot.screens.card import Card
from bot.screens.feed_notices import changed_card, damaged_card, ended_card, failing_card, recovered_card, vanished_card
from bot.screens.feeds import held_card
from bot.screens.look import Look
from bot.text.beside import changes_at_hand
from bot.timing.clock import Clock

_STALE = timedelta(days=1)  # what reached nobody so long is told no more
Draw = Callable[[Look], Card]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNews:
    """Looks by and by for what is to be told; one of several processes tells it."""

    feeds: FeedStore
    notices: FeedNoticeStore
    articles: ArticleStore
    editors: EditorStore
    owners: OwnerAlerts
    people: Notices
    turn: Turn
    clock: Clock

    async def look(self) -> None:
        """Tell what nobody was told of yet; what reaches nobody, or cannot be told, is tried again by and by."""
        if not any(self.turn.is_due(one.id) for one in await self.notices.untold()):
            return
        async with self.turn.taken() as mine:
            for notice in await self.notices.untold() if mine else ():
                if self.turn.is_due(notice.id) and await self.turn.goes_on():
                    await self._settle(notice)

    async def _settle(self, notice: FeedNotice) -> None:
        now = self.clock.now()
        if await self._tell(notice) or now - notice.at >= _STALE:
            await self.notices.settle(notice.id, now)
            self.turn.settled(notice.id)
        else:
            self.turn.failed(notice.id)

    async def _tell(self, notice: FeedNotice) -> bool:
        """Tell of one thing; returns whether nobody has to be told of it any more."""
        try:
            return await self._told(notice, await self._card(notice))
        except NotFound:
            return True  # the feed or the article is gone: there is nothing to decide
        except Exception:
            log.exception("the desk could not be told of a feed; it is tried again", feed=notice.feed_id)
            return False

    async def _told(self, notice: FeedNotice, draw: Draw) -> bool:
        if notice.kind.is_for_owners:
            return await self.owners.tell(draw)
        editors = [one.user_id for one in await self.editors.all() if one.role >= Role.EDITOR]
        reached = False
        for user_id in editors:
            if not await self.turn.goes_on():
                break
            reached = await self.people.tell(user_id, draw) or reached
        return reached or not editors

    async def _card(self, notice: FeedNotice) -> Draw:
        feed = await self.feeds.get(notice.feed_id)
        match notice.kind:
            case NoticeKind.FAILING:
                reason = Reason(str(notice.detail.get("reason") or Reason.CONNECTION))
                return partial(failing_card, feed, Failed(reason, str(notice.detail.get("detail", ""))))
            case NoticeKind.ENDED:
                return partial(ended_card, feed)
            case NoticeKind.RECOVERED:
                return partial(recovered_card, feed)
            case NoticeKind.DAMAGED:
                return partial(damaged_card, feed, str(notice.detail.get("detail", "")))
            case NoticeKind.FLOOD:
                number = notice.detail.get("n")
                return partial(held_card, feed, number if isinstance(number, int) else 0)
            case _:
                return await self._about_article(notice, feed)

    async def _about_article(self, notice: FeedNotice, feed: Feed) -> Draw:
        if notice.article_id is None:
            raise NotFound
        article = await self.articles.get(notice.article_id)
        if notice.kind is NoticeKind.VANISHED:
            return partial(vanished_card, feed, article)
        parts = {part: str(notice.detail.get(part, "")) for part in ("title", "lead", "body")}
        after = replace(article, title=parts["title"], lead=parts["lead"], body=parts["body"])
        await changes_at_hand(article.body, after.body)
        return partial(changed_card, feed, article, after, notice.id)
