"""Readership: who reads, and what they choose."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import NotFound
from bot.model.matching import EVERYTHING, is_key, story_key, topic_key
from bot.model.news import Article, Topic
from bot.model.readers import Address, Choices, Reader, ReaderState, Reason, Schedule
from bot.ports import KeywordStore, ReaderStore, SourceStore, TopicStore
from bot.readers.audience import find_targeting, reasons
from bot.relevance.search import query_lemmas
from bot.timing.clock import Clock

MOST_CHOICES = 200  # subscriptions of one reader


_KINDS = {"*": "all", "t": "topic", "s": "source", "y": "story", "k": "keyword"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What readers do with their own settings."""

    readers: ReaderStore
    topics: TopicStore
    keywords: KeywordStore
    sources: SourceStore
    clock: Clock

    async def meet(self, known: Reader) -> tuple[Reader, bool]:
        """Return the reader at an address, and whether they are new. Nothing is sent to them before they begin."""
        return await self.readers.meet(known, self.clock.now())

    async def knows(self, address: Address) -> bool:
        """Tell whether somebody at an address has ever met the bot."""
        return await self.readers.find(address) is not None

    async def begin(self, reader: Reader) -> Reader:
        """Return a reader who pressed Start: with all news at first, later with what they had chosen."""
        choices = await self.choices(reader)
        if not choices.wanted and not choices.unwanted:
            await self.readers.choose(reader.id, [EVERYTHING])
        return await self._save(reader, state=ReaderState.ACTIVE) if reader.state is ReaderState.LEFT else reader

    async def choices(self, reader: Reader) -> Choices:
        """Return what the reader wants and does not want now."""
        return await self.readers.choices(reader.id, self.clock.now())

    async def all_topics(self) -> list[Topic]:
        """Return what there is to choose from, in the desk's order."""
        return await self.topics.all()

    async def toggle_topic(self, reader: Reader, topic_id: int) -> Choices:
        """Choose a topic or give it up; 0 stands for all news. A chosen topic ends "all", and the other way round.

        Raises:
            NotFound: there is no such topic.

        """
        if topic_id and topic_id not in {topic.id for topic in await self.topics.all()}:
            raise NotFound
        choices = await self.choices(reader)
        key = topic_key(topic_id) if topic_id else EVERYTHING
        if key in choices.wanted:
            await self.readers.choose(reader.id, [], drop=[key])
        elif key == EVERYTHING:
            await self.readers.choose(reader.id, [key], drop=[k for k in choices.wanted if k[0] == "t"])
        else:
            await self.readers.choose(reader.id, [key], drop=[EVERYTHING])
        return await self.choices(reader)

    async def follow_topic(self, reader: Reader, topic: Topic, *, only: bool = False) -> None:
        """Subscribe to a topic; `only` gives up "all news", as somebody does who came for this topic."""
        choices = await self.choices(reader)
        if EVERYTHING in choices.wanted and not only:
            return
        await self.readers.choose(reader.id, [topic_key(topic.id)], drop=[EVERYTHING] if only else [])

    async def follow_words(self, reader: Reader, words: str) -> bool:
        """Subscribe to articles that have all these words in any form; returns whether there was anything in them."""
        lemmas = query_lemmas(words)
        if not lemmas:
            return False
        number = await self.keywords.ensure(lemmas)
        await self.readers.choose(reader.id, [f"k{number}"])
        return True

    async def follow_story(self, reader: Reader, story_id: int) -> None:
        """Subscribe to what comes next in a story."""
        await self.readers.choose(reader.id, [story_key(story_id)])

    async def set_schedule(self, reader: Reader, schedule: Schedule) -> Reader:
        """Change when news comes."""
        return await self._save(reader, schedule=schedule)

    async def change(self, reader: Reader, **changes: object) -> Reader:
        """Change settings of the reader by the names of the fields of `Reader`."""
        return await self._save(reader, **changes)

    async def pause(self, reader: Reader) -> Reader:
        """Send nothing until `resume`."""
        return await self._save(reader, state=ReaderState.PAUSED)

    async def resume(self, reader: Reader) -> Reader:
        """Send again."""
        return await self._save(reader, state=ReaderState.ACTIVE)

    async def leave(self, reader: Reader) -> Reader:
        """Send nothing any more, also nothing of what is held back. The choices stay for a return."""
        await self.readers.drop_held(reader.id)
        return await self._save(reader, state=ReaderState.LEFT)

    async def _save(self, reader: Reader, **changes: object) -> Reader:
        return await self.readers.save(replace(reader, **changes), self.clock.now())  # type: ignore[arg-type]

    async def why(self, reader: Reader, article: Article) -> list[Reason]:
        """Return the reader's own rules that bring them this article, the most particular first."""
        keys = reasons(await self.choices(reader), await find_targeting(article, self.keywords))
        return await self.named(keys, reader.language)

    async def named(self, keys: Iterable[str], language: str) -> list[Reason]:
        """Return match keys with the names people know them by."""
        keys = list(keys)
        numbers = {kind: [int(key[1:]) for key in keys if key[0] == kind] for kind in "tsyk"}
        topics = {topic.id: topic.name(language) for topic in await self.topics.all()} if numbers["t"] else {}
        names = {
            "t": topics,
            "s": await self.sources.source_names(numbers["s"]) if numbers["s"] else {},
            "y": await self.sources.story_names(numbers["y"]) if numbers["y"] else {},
            "k": await self.keywords.phrases(numbers["k"]) if numbers["k"] else {},
        }
        return [
            Reason(key, _KINDS[key[0]], names[key[0]].get(int(key[1:]), "") if key != EVERYTHING else "")
            for key in keys
        ]

    async def mute(self, reader: Reader, key: str, days: int) -> None:
        """Send nothing with this key for some days, or for ever with 0."""
        if not is_key(key):
            raise NotFound
        until = self.clock.now() + timedelta(days=days) if days else None
        await self.readers.exclude(reader.id, key, until)

    async def drop(self, reader: Reader, key: str) -> None:
        """Give up a subscription or an exclusion."""
        if not is_key(key):
            raise NotFound
        await self.readers.choose(reader.id, [], drop=[key])
