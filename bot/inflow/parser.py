"""Parsing in a process of its own: bytes go in, items come out. See bot/inflow/worker.py."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.fetch.answers import Reason
from bot.inflow.parsed import Parsed, parsed
from bot.inflow.worker import Worker, serve

COMMAND = (sys.executable, "-m", "bot.inflow.parser")
_SECONDS = 60.0  # for one feed, however large it is and however busy the machine


@dataclass(slots=True)
class FeedParser(Worker):
    """Parses one feed at a time."""

    command: Sequence[str] = COMMAND
    seconds: float = _SECONDS

    async def parse(self, content: bytes, address: str, zone: str, now: datetime) -> Parsed:
        """Return what a content is; one that the process cannot be made to read in time is unreadable.

        Raises nothing but cancellation.
        """
        answer = await self.ask({"address": address, "zone": zone, "now": now}, content)
        try:
            return _adapter().validate_json(answer) if answer is not None else _UNREADABLE
        except ValueError:
            await self.close()
            return _UNREADABLE


_UNREADABLE = Parsed(problem=Reason.UNREADABLE)


@cache
def _adapter() -> TypeAdapter[Parsed]:
    return TypeAdapter(Parsed)


def _parse(said: Mapping[str, Any], content: bytes) -> Parsed:
    return parsed(content, said["address"], ZoneInfo(said["zone"]), datetime.fromisoformat(said["now"]))


if __name__ == "__main__":
    sys.exit(serve(_parse, _UNREADABLE))
