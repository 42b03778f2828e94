"""Telling people what others of the desk did to them: authors of their articles, and who was removed. Once of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.errors import NotFound
from bot.model.desk import DeskAct
from bot.operations.notices import Notices
from bot.operations.turns import Turn
from bot.ports import ArticleStore, AuditStore, EditorStore, FactStore
from bot.screens.card import Card
from bot.screens.desk_acts import act_card
from bot.screens.look import Look
from bot.screens.staff import left_desk_card
from bot.timing.clock import Clock

LATELY = timedelta(days=1)  # who could not be told so long hears nothing any more
_AT_FIRST = timedelta(minutes=10)  # of what was done before anybody ever looked
_COMMITTED = timedelta(minutes=5)  # by then no act with a smaller number appears any more
_CONCERNING = frozenset({"order", "move", "cancel", "discard", "dismiss"})
_MANY = 100  # acts that concern nobody else: they need not be read again
_TOLD = "acts-told"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskActs:
    """Looks for what was done by and by; whoever did it to themselves is not told."""

    audit: AuditStore
    articles: ArticleStore
    editors: EditorStore
    facts: FactStore
    notices: Notices
    turn: Turn
    clock: Clock

    async def look(self) -> None:
        """Tell of the acts that nobody was told of yet; one of several processes does.

        Where nobody has looked yet, it is noted first from where on: who cannot be told soon is told later.
        """
        if await self.facts.get(_TOLD) is not None and not await self._new():
            return
        async with self.turn.taken() as mine:
            if mine and await self.facts.get(_TOLD) is None:
                await self._settle(None)
            if mine:  # another one may have told of some meanwhile
                await self._tell(await self._new())

    async def _new(self) -> list[DeskAct]:
        """Return what was done since the last look, oldest first; of what was done to an article twice the last."""
        settled, told = _told(await self.facts.get(_TOLD))
        acts, now = await self.audit.acts(settled), self.clock.now()
        since = now - (LATELY if settled is not None else _AT_FIRST)
        new = [one for one in acts if one.name in _CONCERNING and one.id not in told and one.at > since]
        if not new and len(acts) >= _MANY and now - acts[_MANY - 1].at > _COMMITTED:
            await self._settle(None)
        last = {one.article_id or -one.id: one for one in new}
        return [one for one in last.values() if self.turn.is_due(one.id)]

    async def _tell(self, new: Sequence[DeskAct]) -> None:
        for act in new:
            if not await self.turn.goes_on():
                return
            told = await self._whom(act)
            if told is None or await self.notices.tell(*told):
                self.turn.settled(act.id)
                await self._settle(act)
            else:
                self.turn.failed(act.id)

    async def _whom(self, act: DeskAct) -> tuple[int, Callable[[Look], Card]] | None:
        """Return who is to hear of an act, and what; None when nobody is."""
        people = {one.user_id for one in await self.editors.all()}
        if act.who is not None:
            return (act.who, left_desk_card) if act.who not in {act.by, *people} else None
        try:
            article = await self.articles.get(act.article_id or 0)
        except NotFound:
            return None
        author = article.author_id
        if author is None or author == act.by or author not in people:
            return None
        return author, partial(act_card, act, article)

    async def _settle(self, act: DeskAct | None) -> None:
        """Note that an act is told, and those before it on the same article; and up to where nothing is to be told."""
        now = self.clock.now()
        settled, told = _told(await self.facts.get(_TOLD))
        acts = await self.audit.acts(settled)
        if act is not None:
            same = {one.id for one in acts if act.article_id is not None and one.article_id == act.article_id}
            told = {*told, act.id, *(one for one in same if one < act.id)}
        over, since = settled or 0, now - (LATELY if settled is not None else _AT_FIRST)
        for one in acts:
            if now - one.at < _COMMITTED or (one.name in _CONCERNING and one.id not in told and one.at > since):
                break
            over = one.id
        await self.facts.put(_TOLD, " ".join(map(str, [over, *sorted(one for one in told if one > over)])), now)


def _told(fact: object) -> tuple[int | None, set[int]]:
    """Return up to which number all is told, None where nobody has looked yet, and which are beyond it."""
    if not isinstance(fact, str):
        return None, set()
    settled, *numbers = map(int, fact.split())
    return settled, set(numbers)
