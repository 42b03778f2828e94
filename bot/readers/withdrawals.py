"""What a reader's change of mind does to the pushes that wait for them already."""

from dataclasses import dataclass

from bot.model.matching import Route
from bot.model.readers import Reader, ReaderState
from bot.ports import ArticleStore, KeywordStore, ReaderStore, WaitingStore
from bot.readers.audience import find_targeting, wants
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawals:
    """Takes what a reader does not want any more out of the queue, and puts it back when they do after all.

    The claim cannot ask: it would have to look up the rules of every reader of every send.
    """

    waiting: WaitingStore
    readers: ReaderStore
    articles: ArticleStore
    keywords: KeywordStore
    clock: Clock

    async def reconsider(self, reader: Reader) -> None:
        """Let what waits for a reader agree with the rules that are stored. May be repeated."""
        if reader.state is not ReaderState.ACTIVE:
            return  # nothing is sent to them; what waits is looked at when it is claimed
        now = self.clock.now()
        found = await self.waiting.of_reader(reader.id, now)
        if not found.waiting and not found.withdrawn:
            return
        choices = await self.readers.choices(reader.id, now)
        wanted = set()
        for number in found.waiting | found.withdrawn:
            matter = await find_targeting(await self.articles.get(number), self.keywords)
            if wants(reader, choices, matter, now) is not Route.NOT:
                wanted.add(number)
        withdraw, put_back = found.waiting - wanted, found.withdrawn & wanted
        if withdraw or put_back:
            await self.waiting.change(reader.id, withdraw=withdraw, put_back=put_back, now=now)
