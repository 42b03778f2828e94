"""Parsing in a process of its own: bytes go in, items come out. See bot/inflow/worker.py."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.feeds.encodings import in_utf_8
from bot.fetch.answers import Reason
from bot.inflow.parsed import Parsed, parsed
from bot.inflow.worker import Worker, serve

if TYPE_CHECKING:
    from pydantic import TypeAdapter

COMMAND = (sys.executable, "-m", "bot.inflow.parser")
_SECONDS = 60.0  # for one feed, however large it is and however busy the machine


@dataclass(slots=True)
class FeedParser(Worker):
    """Parses feeds: a large one in one process, and those that come meanwhile in another."""

    command: Sequence[str] = COMMAND
    seconds: float = _SECONDS

    async def parse(self, content: bytes, address: str, zone: str, now: datetime, charset: str = "") -> Parsed:
        """Return what a content is; one that the process cannot be made to read in time is unreadable.

        It is in the encoding that its server says, `charset`, where it can be. Raises nothing but cancellation.
        """
        found = await self.ask({"address": address, "zone": zone, "now": now, "charset": charset}, content, _read)
        return found if found is not None else _UNREADABLE


_UNREADABLE = Parsed(problem=Reason.UNREADABLE)


def _read(answer: bytes) -> Parsed:
    return _adapter().validate_json(answer)


@cache
def _adapter() -> "TypeAdapter[Parsed]":
    from pydantic import TypeAdapter  # what parses does without it, and begins the sooner

    return TypeAdapter(Parsed)


def _parse(said: Mapping[str, Any], content: bytes) -> Parsed:
    return parsed(
        in_utf_8(content, said["charset"]), said["address"], ZoneInfo(said["zone"]), datetime.fromisoformat(said["now"])
    )


if __name__ == "__main__":
    sys.exit(serve(_parse, _UNREADABLE))
