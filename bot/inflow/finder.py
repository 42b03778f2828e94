"""Finding a feed by any address: its own, a page's that links to one, a site's that has one where they usually are."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.fetch.answers import Failed, Fetched, Reason
from bot.fetch.fetcher import Fetcher
from bot.inflow.discovery import usual_places
from bot.inflow.parsed import Parsed
from bot.inflow.parser import FeedParser
from bot.timing.clock import Clock

_MOST_LINKS = 4  # feeds of a page that are looked at
_SECONDS = 60.0  # for all that one address leads to
_OTHER = ("data:", "file:", "javascript:", "mailto:")  # addresses of other kinds, which are told apart from names


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was found, where it is, and what it holds."""

    address: str
    parsed: Parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFinder:
    """Asks for addresses that people type; `zone` is that of dates that have none."""

    fetcher: Fetcher
    parser: FeedParser
    clock: Clock
    zone: str

    async def find(self, text: str) -> list[FoundFeed] | Failed:
        """Return the feeds of an address, the likeliest first, or why there is none. May be repeated."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._find(whole(text))
        except TimeoutError:
            return Failed(Reason.TIMEOUT, str(round(_SECONDS)))

    async def _find(self, address: str) -> list[FoundFeed] | Failed:
        answer = await self.fetcher.fetch(address)
        if isinstance(answer, Failed):
            return answer
        found = await self._parsed(answer)
        if not found.problem:
            return [FoundFeed(answer.moved or address, found)]
        if found.problem != Reason.NO_FEED:
            return Failed(Reason(found.problem))
        linked = await self._feeds_at(link.address for link in found.links[:_MOST_LINKS])
        if linked:
            return linked
        for place in usual_places(answer.address):
            if here := await self._feeds_at([place]):
                return here
        return Failed(Reason.NO_FEED)

    async def _feeds_at(self, addresses: Iterable[str]) -> list[FoundFeed]:
        found = []
        for address in addresses:
            answer = await self.fetcher.fetch(address)
            if isinstance(answer, Failed):
                continue
            parsed = await self._parsed(answer)
            if not (parsed.problem or parsed.alone):  # WordPress links to the page itself as others link to JSON Feed
                found.append(FoundFeed(answer.moved or address, parsed))
        return found

    async def _parsed(self, answer: Fetched) -> Parsed:
        return await self.parser.parse(answer.body, answer.address, self.zone, self.clock.now(), answer.charset)


def whole(text: str) -> str:
    """Return what somebody typed as an address: without a beginning it is one of the web."""
    plain = text.strip().strip("<>")
    if plain.casefold().startswith("feed:"):
        plain = plain[5:].removeprefix("//")
    if "://" in plain or plain.casefold().startswith(_OTHER):
        return plain
    return f"https://{plain}"
