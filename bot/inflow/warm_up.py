"""What reads feeds, made ready at the start."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.inflow.parser import FeedParser
from bot.ports import FeedStore
from bot.relevance.lemmas import terms_of
from bot.timing.clock import Clock

_WORD = "стрічка"  # any word: looking it up loads the dictionary
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """Has ready what reads feeds, where there are any, so that the first news after a start does not wait for it."""

    feeds: FeedStore
    parser: FeedParser
    clock: Clock
    zone: str
    language: str

    async def run(self) -> None:
        """Start the process that parses, and load the dictionary. Nothing is raised; may be repeated.

        The process takes a second; the dictionary half of one, in which nobody would be answered. No feed should be
        asked before: its news would have the dictionary loaded once more, where everybody waits.
        """
        try:
            if any(not one.is_channel for one in await self.feeds.all()):
                begun = self.parser.parse(b"", "", self.zone, self.clock.now())
                await asyncio.gather(begun, asyncio.to_thread(terms_of, _WORD, "", "", self.language))
        except Exception:
            log.exception("what reads feeds is not ready yet; the first feed waits for it")
