"""Troubles: what owners are to hear, kept until one of them has; whoever notes it waits for nobody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.model.trouble import Happening, Matter
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.turns import Turn
from bot.ports import FactStore
from bot.screens.alerts import happening_card
from bot.timing.clock import Clock

AGAIN = timedelta(minutes=15)  # between two messages about the same matter
_OF_DAYS = {Matter.APART: timedelta(days=1)}  # what lasts until somebody sets a machine up otherwise
_MOST_TRIES = 20
_STALE = timedelta(days=1)  # what reached nobody so long, whoever was to tell it, is told no more
_KEPT = "trouble-"  # the facts, one for each matter: what is to be told of it, and when it was told last

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Troubles:
    """The troubles that nobody has been told of yet. `wake` has `tell` called soon.

    Of one matter the newest is told, and not again for a quarter of an hour, or a day, by whichever process. They are
    kept in the database until they are told: another process, or the next start, tells what one left that was killed.
    """

    owners: OwnerAlerts
    facts: FactStore
    turn: Turn
    clock: Clock
    wake: Callable[[], None]
    _waiting: dict[Matter, Happening] = field(default_factory=dict)  # not in the database yet
    _told_at: dict[Matter, float] = field(default_factory=dict)

    def note(self, happening: Happening) -> None:
        """Have the owners told."""
        if self._is_recent(happening.matter):
            return
        new = happening.matter not in self._waiting
        self._waiting[happening.matter] = happening
        if new:
            self.wake()

    async def tell(self) -> None:
        """Tell the owners what waits. What reaches none of them, Telegram being out of reach, is tried again."""
        try:
            for happening in list(self._waiting.values()):
                await self._keep(happening)
            left = await self._left()
        except Exception:
            log.exception("troubles cannot be kept; they are told as they are")
            await self._tell_at_once()
            return
        if not any(map(self.turn.is_due, left)):
            return
        async with self.turn.taken() as mine:
            for matter, fact in (await self._left()).items() if mine else ():
                if self.turn.is_due(matter) and await self.turn.goes_on():
                    await self._tell(_happening(matter, fact), fact)
        if self._waiting:  # came while an older one was told
            self.wake()

    async def _keep(self, happening: Happening) -> None:
        """Write down what is to be told, over what was to be told of the same; not what another has just told."""
        name, now = _KEPT + happening.matter.value, self.clock.now()
        before = await self.facts.get(name)
        told = _instant((before or {}).get("told"))
        # What comes while this process tells an older one is not told by that.
        elsewhere = (
            told is not None
            and timedelta() <= now - told < _again(happening.matter)
            and not self._is_recent(happening.matter)
        )
        kept = elsewhere or await self.facts.swap(name, before, _fact(happening, told, now), now)
        if kept and self._waiting.get(happening.matter) is happening:
            del self._waiting[happening.matter]

    async def _left(self) -> dict[Matter, Mapping[str, Any]]:
        """Return what is to be told, of what this program knows."""
        names = {_KEPT + matter.value: matter for matter in Matter}
        kept = await self.facts.named(_KEPT)
        return {names[name]: fact for name, fact in kept.items() if name in names and fact.get("at")}

    async def _tell(self, happening: Happening, fact: Mapping[str, Any]) -> None:
        matter, now = happening.matter, self.clock.now()
        at = _instant(fact["at"]) or now
        if not await self.owners.tell(partial(happening_card, happening)):
            if self.turn.failed(matter) < _MOST_TRIES and now - at < _STALE:
                return
            log.error("no owner could be told of a trouble", trouble=matter.value)
        self.turn.settled(matter)
        self._told_at[matter] = self.clock.monotonic()
        if self._waiting.get(matter) == happening:
            del self._waiting[matter]
        now = self.clock.now()
        await self.facts.swap(_KEPT + matter.value, fact, {"told": now.isoformat()}, now)

    async def _tell_at_once(self) -> None:
        """Tell the owners without the database: those who were known before."""
        for matter, happening in list(self._waiting.items()):
            if self.turn.is_due(matter) and not await self.owners.tell(partial(happening_card, happening)):
                self.turn.failed(matter)
            elif self.turn.is_due(matter):
                self._told_at[matter] = self.clock.monotonic()
                if self._waiting.get(matter) == happening:
                    del self._waiting[matter]

    def _is_recent(self, matter: Matter) -> bool:
        told_at = self._told_at.get(matter)
        return told_at is not None and self.clock.monotonic() - told_at < _again(matter).total_seconds()


def _again(matter: Matter) -> timedelta:
    return _OF_DAYS.get(matter, AGAIN)


def _fact(happening: Happening, told: datetime | None, now: datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(),
        "since": happening.since.isoformat() if happening.since else None,
        "until": happening.until.isoformat() if happening.until else None,
        "number": happening.number,
        "reason": happening.reason,
        "told": told.isoformat() if told else None,
    }


def _happening(matter: Matter, fact: Mapping[str, Any]) -> Happening:
    return Happening(
        matter=matter,
        since=_instant(fact.get("since")),
        until=_instant(fact.get("until")),
        number=int(fact.get("number") or 0),
        reason=str(fact.get("reason") or ""),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
