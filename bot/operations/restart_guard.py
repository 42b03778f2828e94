"""Guarding: after a long stop or a restored backup nothing goes out before the owner has said so.

A backup remembers as waiting what has been sent since; after a long stop readers would get a flood of old news. Both
show in the database: its last heartbeat is old, or it is not the one that was left (`storage/runtime/continuity.py`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.delivery.batch_size import BatchSizer
from bot.errors import Stale
from bot.model.backlog import Backlog, Waterline
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.turns import Turn
from bot.ports import BacklogStore, ContinuityStore, FactStore
from bot.screens.backlog import backlog_card
from bot.timing.clock import Clock

LONG_STOP = timedelta(minutes=15)
HEARTBEAT = "heartbeat"
_HELD, _ASKED = "held-since", "held-asked"
_AGAIN = timedelta(days=1)
_AMISS = timedelta(seconds=5)  # other processes' clocks may be a little behind

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class RestartGuard:
    """Decides at the start whether sending has to wait, and lets it go on; `wake` has whoever sends look at once."""

    facts: FactStore
    backlogs: BacklogStore
    continuity: ContinuityStore
    owners: OwnerAlerts
    turn: Turn
    clock: Clock
    wake: Callable[[], None]
    _beaten: datetime | None = None  # by this process, last

    async def held(self) -> bool:
        """Tell whether sending waits for the owner; asked again and again, as another process may have the answer."""
        return await self.facts.get(_HELD) is not None

    async def check(self) -> bool:
        """Look at what is left of before this start; returns whether sending has to wait."""
        now = self.clock.now()
        restored, held = not await self.continuity.unbroken(), await self.held()
        if restored or not held:  # a copy that was held when it was made knows of nothing that came after the answer
            held = await self._hold(now, restored=restored) or held
        await self.continuity.renew(now)
        return held

    async def look_back(self) -> None:
        """Have sending wait where the database has gone back in time under this process; called when it was away.

        It was restored, or a standby took over that had not heard everything.
        """
        if self._beaten is None or await self.continuity.unmoved():
            return
        now, beat = self.clock.now(), await self.facts.get(HEARTBEAT)
        if beat is None or self._beaten - datetime.fromisoformat(beat) >= _AMISS:
            await self._hold(now, restored=True)
        await self.continuity.renew(now)

    async def _hold(self, now: datetime, *, restored: bool) -> bool:
        before = await self.facts.get(HEARTBEAT)
        long = before is not None and now - datetime.fromisoformat(before) >= LONG_STOP
        if not restored and not long:
            return False
        # What is planned for later nobody has had; a copy does not know what was sent ahead of its time.
        line = Waterline(since=now, newest=await self.backlogs.newest(), planned_to=None if restored else now)
        waiting = await self.backlogs.size(line)
        if not waiting:
            return False
        await self.facts.put(_HELD, _stored(line), now)
        log.warning("sending waits for the owner", restored=restored, since=before, waiting=waiting)
        return True

    async def ask(self) -> None:
        """Ask the owners what to do with what waits: once, and once a day while nobody answers.

        Called again and again: what reached none of them is asked again, and so is what a process did not get to ask
        that was killed; of several processes one asks.
        """
        if not await self._is_unasked():
            return
        async with self.turn.taken() as mine:
            if mine and await self._is_unasked():  # another one may have asked meanwhile
                await self._ask()

    async def _is_unasked(self) -> bool:
        line = await self._line()
        if line is None or not self.turn.is_due(_ASKED):
            return False
        asked, now = await self.facts.get(_ASKED), self.clock.now()
        if asked is None or asked["since"] != line.since.isoformat():
            return True
        return not timedelta() <= now - datetime.fromisoformat(asked["at"]) < _AGAIN

    async def _ask(self) -> None:
        line = await self._line()
        if line is None:
            return
        waiting = await self.backlogs.size(line)
        beat = await self.facts.get(HEARTBEAT)
        last = datetime.fromisoformat(beat) if beat is not None else None
        restored = line.planned_to is None
        if last is None and not restored:
            last = line.since
        if not await self.owners.tell(lambda look: backlog_card(waiting, last, look, restored=restored)):
            self.turn.failed(_ASKED)
            return
        now = self.clock.now()
        await self.facts.put(_ASKED, {"since": line.since.isoformat(), "at": now.isoformat()}, now)
        self.turn.settled(_ASKED)

    async def beat(self) -> None:
        """Note that somebody runs, unless the owner has still to answer."""
        now = self.clock.now()
        if not await self.held():
            await self.look_back()
            if not await self.held():
                await self.facts.put(HEARTBEAT, now.isoformat(), now)
                self._beaten = now

    async def leave(self, seconds: float) -> None:
        """Mark the database at the end of an orderly run, if it takes no longer: it tells older copies apart."""
        try:
            async with asyncio.timeout(seconds):
                await self.continuity.renew(self.clock.now())
        except Exception:
            log.exception("the database could not be marked; its mark of a moment ago holds")

    async def release(self, *, drop: bool, by: int | None = None) -> Backlog:
        """Let sending go on, without what waited if `drop`: plans are drafts again, everything else is cancelled.

        Returns what was taken back, and what was left because it may have arrived.

        Raises:
            Stale: somebody has answered already.

        """
        line = await self._line()
        if line is None:
            raise Stale
        back = await self._take_back(line, by) if drop else Backlog()
        await self.facts.take(_HELD)
        await self.facts.take(_ASKED)
        await self.beat()
        self.wake()
        return back

    async def _take_back(self, line: Waterline, by: int | None) -> Backlog:
        back, dropped = await self.backlogs.take_back(line, by, self.clock.now()), 0
        sizes, now = BatchSizer.of_rows(self.clock), self.clock.now()
        while True:
            number = await sizes.step(partial(self.backlogs.drop, line, now))
            dropped += number
            # Another owner may answer the same at this moment, and be the quicker one with every stretch.
            if not number and not (await self.backlogs.size(line)).deliveries:
                break
        return Backlog(dropped, back.planned, back.unfinished, await self.backlogs.in_doubt())

    async def _line(self) -> Waterline | None:
        stored: Any = await self.facts.get(_HELD)
        if stored is None:
            return None
        if isinstance(stored, str):  # of a program that knew the instant only
            since = datetime.fromisoformat(stored)
            return Waterline(since=since, newest=await self.backlogs.newest(), planned_to=since)
        until = stored["planned_to"]
        return Waterline(
            since=datetime.fromisoformat(stored["since"]),
            newest=stored["newest"],
            planned_to=datetime.fromisoformat(until) if until else None,
        )


def _stored(line: Waterline) -> dict[str, object]:
    until = line.planned_to
    return {
        "since": line.since.isoformat(),
        "newest": line.newest,
        "planned_to": until.isoformat() if until is not None else None,
    }
