"""One commit for all that is brought meanwhile: whoever comes while another's is written is written with the rest.

The first is written at once. In a burst a commit takes in as many updates as Telegram has connections, and costs little
more than one of them alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports import InboxStore
from bot.telegram.updates import Batch
from bot.timing.clock import Clock


@dataclass(slots=True, eq=False)
class _Brought:
    batch: Batch
    stored: bool = False
    alone: bool = False  # it was among some that could not be stored together


@dataclass(slots=True)
class GroupCommit:
    """Stores what several requests bring. Nobody hears that theirs is stored before it is."""

    inbox: InboxStore
    clock: Clock
    _waiting: list[_Brought] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def store(self, batch: Batch) -> None:
        """Store what can be read of a batch, with all others' that wait; raises what storing raises.

        When that fails for all of them, each is stored by itself: one that cannot be stored keeps no other away.
        """
        mine = _Brought(batch)
        self._waiting.append(mine)
        try:
            async with self._turn:
                if not mine.stored:
                    await self._store(mine)
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)

    async def _store(self, mine: _Brought) -> None:
        together = [mine] if mine.alone else [one for one in self._waiting if not one.alone]
        try:
            await self._write(together)
        except Exception:
            if together == [mine]:
                raise
            for one in together:
                one.alone = True
            together = [mine]
            await self._write(together)
        for one in together:
            one.stored = True
        # Whose request was cut off meanwhile has gone from there by itself.
        self._waiting = [one for one in self._waiting if not one.stored]

    async def _write(self, together: Sequence[_Brought]) -> None:
        rows = [row for one in together for row in one.batch.rows]
        came = {number: ids for one in together for number, ids in one.batch.came.items()}
        await self.inbox.store(rows, self.clock.now(), came)
