"""Searches that buttons go back to: the words somebody typed, by number."""

from dataclasses import dataclass

from bot.model.news import Headline
from bot.model.readers import Reader
from bot.ports import MessageScreenStore
from bot.readers.library import Library
from bot.readers.rules import WordChange
from bot.readers.subscriptions import Subscriptions
from bot.relevance.word_rules import search_rules
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Searches:
    """The words people typed, and following them."""

    message_screens: MessageScreenStore
    library: Library
    subscriptions: Subscriptions
    clock: Clock

    async def remember(self, reader: Reader, words: str) -> int:
        """Keep words for a button; returns their number."""
        return await self.message_screens.remember_query(reader.address.chat_id, words, self.clock.now())

    async def words(self, number: int, reader: Reader) -> str:
        """Return words by their number; "" when they are forgotten or another chat's."""
        return await self.message_screens.query(number, reader.address.chat_id) or ""

    async def unfollow(self, number: int, reader: Reader) -> None:
        """Give up the subscription to the words of a search. May be repeated."""
        key = await self.subscriptions.words_key(reader, await self.words(number, reader))
        if key is not None:
            await self.subscriptions.drop(reader, key)

    async def follow(self, number: int, reader: Reader) -> tuple[list[WordChange], list[Headline]]:
        """Subscribe to the words of a search, without its minus-words.

        Returns what changed, and what the words would have brought lately, newest first.

        Raises:
            BadQuery: the words are forgotten, or there is nothing in them to follow.

        """
        rules = search_rules(await self.words(number, reader))
        changes = await self.subscriptions.follow_words(reader, rules)
        return changes, await self.library.lately(rules[0].words, reader) if not rules[0].without else []
