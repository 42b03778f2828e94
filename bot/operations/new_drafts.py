"""Telling editors of what authors, feeds and systems have brought: once of each draft, of many in one message."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.desk import Role
from bot.operations.notices import Notices
from bot.operations.turns import Turn
from bot.ports import ArticleStore, EditorStore, FactStore, FeedItemStore
from bot.screens.new_drafts import NewDraft, new_drafts_card
from bot.timing.clock import Clock

SELDOM = timedelta(minutes=15)  # between two messages; what comes meanwhile is told together
LATELY = timedelta(days=1)  # what nobody was told of so long is seen in the list
_REMEMBERED = 500  # drafts that were told, the newest; of more in a day those before them were told, too
_TOLD = "drafts-told"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDrafts:
    """Looks for new drafts by and by; who publishes is told, whoever wrote is not."""

    articles: ArticleStore
    feed_items: FeedItemStore
    editors: EditorStore
    facts: FactStore
    notices: Notices
    turn: Turn
    clock: Clock

    async def look(self) -> None:
        """Tell the editors of the drafts they were not told of yet; one of several processes does."""
        if not await self._new():
            return
        async with self.turn.taken() as mine:
            if mine and (new := await self._new()):  # another one may have told them meanwhile
                await self._tell(new)

    async def _new(self) -> list[NewDraft]:
        """Return the drafts to tell of now."""
        now = self.clock.now()
        told_at, told = _told(await self.facts.get(_TOLD))
        if told_at is not None and timedelta() <= now - told_at < SELDOM:
            return []
        people = await self.editors.all()
        authors = {one.user_id: one.name for one in people if one.role is Role.AUTHOR}
        if not any(one.role >= Role.EDITOR for one in people):
            return []
        written = await self.articles.drafts_of(list(authors), now - LATELY) if authors else []
        found = [NewDraft(one.id, one.title, authors[by]) for one, by in written]
        found += [NewDraft(one.id, one.title, name) for one, name in await self.feed_items.drafts(now - LATELY)]
        first = min(told) if len(told) >= _REMEMBERED else 0
        return [one for one in found if one.id not in told and one.id > first]

    async def _tell(self, new: list[NewDraft]) -> None:
        editors = [one.user_id for one in await self.editors.all() if one.role >= Role.EDITOR]
        reached = False
        for user_id in editors:
            if not await self.turn.goes_on():
                break
            reached = await self.notices.tell(user_id, lambda look: new_drafts_card(new, look)) or reached
        now, told = self.clock.now(), _told(await self.facts.get(_TOLD))[1]
        # Also those that are no drafts at the moment: what is taken off the plan again is not new. What reached nobody
        # is told again, no sooner than others would be: some editors can never be reached.
        after = {*told, *(one.id for one in new)} if reached else told
        await self.facts.put(_TOLD, _fact(now, after), now)


def _fact(at: datetime, told: Collection[int]) -> str:
    """Return what is kept: when editors were told last, and of which drafts."""
    return " ".join([at.isoformat(), *map(str, sorted(told)[-_REMEMBERED:])])


def _told(fact: object) -> tuple[datetime | None, frozenset[int]]:
    """Return when editors were told last, and of which drafts."""
    if not isinstance(fact, str):
        return None, frozenset()
    at, *numbers = fact.split()
    return datetime.fromisoformat(at), frozenset(map(int, numbers))
