"""Subscriptions: who reads, and what they choose."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import NotFound, TooLong, TooManyRules
from bot.model.limits import PHRASE_MOST, WORDS_SHOWN
from bot.model.matching import EVERYTHING, MatchKey, MatchKind, general_first, keyword_key, story_key, topic_key
from bot.model.news import Article, Topic
from bot.model.readers import Address, Choices, Reader, ReaderState, Reason, Rule
from bot.ports import KeywordStore, ReaderStore, SourceStore, TopicStore
from bot.readers.audience import find_targeting, reasons, targeting_of
from bot.relevance.search import query_lemmas
from bot.timing.clock import Clock

MOST_RULES = 200  # of one reader: topics, words, stories and sources, wanted or not
NOTHING = Choices()
_LONGEST_MUTE = 366  # days, short of "for ever"


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

    async def begin(self, reader: Reader, *, at_desk: bool = False) -> Reader:
        """Return a reader who pressed Start: with all news at first, later with what they had chosen.

        Whoever had left comes back; a pause stays. Who is `at_desk` came to write: they get what they choose.
        """
        choices = await self.choices(reader)
        if not choices.wanted and not choices.unwanted and not at_desk:
            await self.readers.choose(reader.id, [EVERYTHING])
        return await self.resume(reader) if reader.state is ReaderState.LEFT else reader

    async def end_unasked(self, reader: Reader) -> bool:
        """End what Start alone has begun; returns whether that was all there was. May be repeated."""
        choices = await self.choices(reader)
        if set(choices.wanted) != {EVERYTHING} or choices.unwanted:
            return False
        await self.readers.choose(reader.id, [], drop=[EVERYTHING])
        return True

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
            TooManyRules: the reader has MOST_RULES already.

        """
        if topic_id and topic_id not in {topic.id for topic in await self.topics.all()}:
            raise NotFound
        choices = await self.choices(reader)
        key = topic_key(topic_id) if topic_id else EVERYTHING
        if key in choices.wanted:
            await self.readers.choose(reader.id, [], drop=[key])
        elif key == EVERYTHING:
            await self._want(reader, choices, key, drop=[k for k in choices.wanted if k.kind is MatchKind.TOPIC])
        else:
            await self._want(reader, choices, key, drop=[EVERYTHING])
        return await self.choices(reader)

    async def follow_topic(self, reader: Reader, topic: Topic, *, only: bool = False) -> None:
        """Subscribe to a topic; `only` gives up "all news", as somebody does who came for this topic.

        Raises:
            TooManyRules: the reader has MOST_RULES already.

        """
        choices = await self.choices(reader)
        if EVERYTHING in choices.wanted and not only:
            return
        await self._want(reader, choices, topic_key(topic.id), drop=[EVERYTHING] if only else [])

    async def follow_words(self, reader: Reader, words: str, *, without: bool = False) -> bool:
        """Subscribe to articles that have all these words in any form; returns whether there was anything in them.

        `without` asks for the contrary: that nothing with all these words comes.

        Raises:
            TooLong: the words together are longer than PHRASE_MOST.
            TooManyRules: the reader has MOST_RULES already.

        """
        lemmas = query_lemmas(words)
        if not lemmas:
            return False
        length = len(" ".join(lemmas))
        if length > PHRASE_MOST:
            raise TooLong(length=length, limit=PHRASE_MOST)
        key = keyword_key(await self.keywords.ensure(lemmas))
        _check_room(await self.choices(reader), key)
        typed = " ".join(words.split())[:WORDS_SHOWN]
        await self.readers.put_rule(reader.id, Rule(key=key, exclude=without, words=typed))
        return True

    async def words_key(self, reader: Reader, words: str) -> MatchKey | None:
        """Return the reader's own subscription to these words, in whatever order and form; None when there is none."""
        phrase = " ".join(sorted(set(query_lemmas(words))))
        followed = [key.id for key in (await self.choices(reader)).wanted if key.kind is MatchKind.KEYWORD]
        if not followed or not phrase:
            return None
        known = await self.keywords.phrases(followed)
        return next((keyword_key(number) for number, one in known.items() if one == phrase), None)

    async def follows_story(self, reader: Reader, story_id: int) -> bool:
        """Tell whether the reader subscribes to what comes next in a story."""
        return story_key(story_id) in (await self.choices(reader)).wanted

    async def follow_story(self, reader: Reader, story_id: int) -> None:
        """Subscribe to what comes next in a story; raises TooManyRules when the reader has MOST_RULES already."""
        await self._want(reader, await self.choices(reader), story_key(story_id))

    async def _want(self, reader: Reader, choices: Choices, key: MatchKey, *, drop: Collection[MatchKey] = ()) -> None:
        _check_room(choices, key, drop)
        await self.readers.choose(reader.id, [key], drop=list(drop))

    async def save(self, changed: Reader) -> Reader:
        """Store a reader with other settings, and return them as they are now."""
        return await self.readers.save(changed, self.clock.now())

    async def pause(self, reader: Reader) -> Reader:
        """Send nothing until `resume`."""
        return await self.save(replace(reader, state=ReaderState.PAUSED))

    async def resume(self, reader: Reader) -> Reader:
        """Send again."""
        return await self.save(replace(reader, state=ReaderState.ACTIVE))

    async def leave(self, reader: Reader) -> Reader:
        """Send nothing any more, also nothing of what is held back. The choices stay for a return."""
        await self.readers.drop_held(reader.id)
        return await self.save(replace(reader, state=ReaderState.LEFT))

    async def why(self, reader: Reader, article: Article) -> list[Reason]:
        """Return the reader's own rules that bring them this article, the most particular first."""
        choices = await self.choices(reader)
        keys = reasons(choices, await find_targeting(article, self.keywords))
        return await self.named(keys, reader.language, choices)

    async def filed(self, article: Article, language: str) -> list[Reason]:
        """Return what an article is filed under, topics first: what somebody may want less of."""
        under = (key for key in targeting_of(article).keys if key != EVERYTHING)
        return await self.named(sorted(under, key=general_first), language)

    async def muted(self, reader: Reader) -> list[Reason]:
        """Return what the reader has muted, with the time until which it is."""
        choices = await self.choices(reader)
        return await self.named(sorted(choices.unwanted, key=general_first), reader.language, choices)

    async def named(self, keys: Iterable[MatchKey], language: str, choices: Choices = NOTHING) -> list[Reason]:
        """Return match keys with the names people know them by: words as the reader of `choices` typed them."""
        keys = list(keys)
        names = {kind: await self._names(kind, [k.id for k in keys if k.kind is kind], language) for kind in MatchKind}
        return [
            Reason(key, choices.words.get(key) or names[key.kind].get(key.id, ""), choices.until.get(key))
            for key in keys
        ]

    async def _names(self, kind: MatchKind, ids: Sequence[int], language: str) -> dict[int, str]:
        """Return the names of things of one kind that still have one, by number."""
        if not ids:
            return {}
        match kind:
            case MatchKind.KEYWORD:
                return await self.keywords.phrases(ids)
            case MatchKind.STORY:
                return await self.sources.story_names(ids)
            case MatchKind.SOURCE:
                return await self.sources.source_names(ids)
            case MatchKind.TOPIC:
                return {topic.id: topic.name(language) for topic in await self.topics.all()}
            case MatchKind.EVERYTHING:
                return {}

    async def mute(self, reader: Reader, key: MatchKey, days: int) -> None:
        """Send nothing with this key for some days, or for ever with 0.

        Raises:
            NotFound: no button of ours asks for so many days.
            TooManyRules: the reader has MOST_RULES already, and this key is in none of them.

        """
        if days > _LONGEST_MUTE:
            raise NotFound
        _check_room(await self.choices(reader), key)
        until = self.clock.now() + timedelta(days=days) if days else None
        await self.readers.exclude(reader.id, key, until)

    async def drop(self, reader: Reader, key: MatchKey) -> Rule | None:
        """Remove what the reader said of a key, and return it."""
        return await self.readers.take_rule(reader.id, key)

    async def rule(self, reader: Reader, key: MatchKey) -> Rule | None:
        """Return what the reader said of a key, or None when nothing."""
        return await self.readers.rule(reader.id, key)

    async def bring_back(self, reader: Reader, rule: Rule) -> None:
        """Say of a key what the reader had said before; raises TooManyRules when there is no room any more."""
        _check_room(await self.choices(reader), rule.key)
        await self.readers.put_rule(reader.id, rule)


def key_named(text: str) -> MatchKey:
    """Return the match key that a button carries as text; raises NotFound for a text that is none."""
    try:
        return MatchKey.parse(text)
    except ValueError as error:
        raise NotFound from error


def _check_room(choices: Choices, key: MatchKey, drop: Collection[MatchKey] = ()) -> None:
    """Raise TooManyRules when one rule more, those of `drop` less, would be more than MOST_RULES.

    Whoever has more of them already may still exchange one for another.
    """
    now = choices.wanted | choices.unwanted
    if len((now - set(drop)) | {key}) > max(MOST_RULES, len(now)):
        raise TooManyRules(limit=MOST_RULES)
