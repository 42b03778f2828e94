"""Subscriptions: who reads, and what they choose."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import BadWords, NotFound, TooMuchAtOnce
from bot.model.limits import WORDS_SHOWN
from bot.model.matching import EVERYTHING, MatchKey, MatchKind, general_first, keyword_key, story_key, topic_key
from bot.model.news import Article, Topic
from bot.model.readers import Address, Choices, Reader, ReaderState, Reason, Rule
from bot.ports import KeywordStore, ReaderStore, SourceStore, TopicStore
from bot.readers.audience import find_targeting, reasons, targeting_of
from bot.readers.rules import Tick, WordChange, check_room, tick_of
from bot.readers.withdrawals import Withdrawals
from bot.relevance.query import asked_lemmas, spoken_parts
from bot.relevance.word_rules import WordRule, lemmas_asked
from bot.timing.clock import Clock

MOST_AT_ONCE = 20  # rules in one message
NOTHING = Choices()
_LONGEST_MUTE = 366  # days, short of "for ever"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What readers do with their own settings."""

    readers: ReaderStore
    topics: TopicStore
    keywords: KeywordStore
    sources: SourceStore
    withdrawals: Withdrawals
    clock: Clock

    async def meet(self, known: Reader, *, begins: bool = False) -> tuple[Reader, bool]:
        """Return the reader at an address, and whether they are new. Nothing is sent to them before they begin.

        Who is new and `begins` by this gets all news from the same commit on.
        """
        return await self.readers.meet(known, self.clock.now(), wants=[EVERYTHING] if begins else ())

    async def knows(self, address: Address) -> bool:
        """Tell whether somebody at an address has ever met the bot."""
        return await self.known(address) is not None

    async def known(self, address: Address) -> Reader | None:
        """Return the reader at an address; None where nobody has ever met the bot."""
        return await self.readers.find(address)

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

    async def toggle_topic(
        self, reader: Reader, topic_id: int, *, on: bool | None = None
    ) -> dict[MatchKey, Rule | None]:
        """Choose a topic (`on`) or give it up, with None whichever is not so; 0 stands for all news.

        A chosen topic ends "all", and the other way round. Returns what was said before, of what another tap would not
        bring back: the topics that "all" took the place of, and a mute.

        Raises:
            NotFound: there is no such topic.
            TooManyRules: the reader has MOST_RULES already.

        """
        tick = await self._tick(reader, topic_id, on=on)
        if tick is None:
            return {}
        await self._choose(reader, tick.choose, drop=tick.drop)
        return tick.lost

    async def lost_by_tick(
        self, reader: Reader, topic_id: int, *, on: bool | None = None
    ) -> dict[MatchKey, Rule | None] | None:
        """Return what `toggle_topic` would, and raise as it does; None where it would change nothing."""
        tick = await self._tick(reader, topic_id, on=on)
        return tick.lost if tick is not None else None

    async def _tick(self, reader: Reader, topic_id: int, *, on: bool | None) -> Tick | None:
        if topic_id and topic_id not in {topic.id for topic in await self.topics.all()}:
            raise NotFound
        key, choices = topic_key(topic_id) if topic_id else EVERYTHING, await self.choices(reader)
        return tick_of(key, choices, await self.readers.rule(reader.id, key), on=on)

    async def follow_topic(self, reader: Reader, topic: Topic, *, only: bool = False) -> None:
        """Subscribe to a topic; `only` gives up "all news", as somebody does who came for this topic.

        Who gets all news gets it already, once it is muted no more.

        Raises:
            TooManyRules: the reader has MOST_RULES already.

        """
        choices = await self.choices(reader)
        if EVERYTHING in choices.wanted and not only:
            if topic_key(topic.id) in choices.unwanted:
                await self.unmute(reader, topic_key(topic.id))
            return
        await self._want(reader, choices, topic_key(topic.id), drop=[EVERYTHING] if only else [])

    async def follow_words(self, reader: Reader, rules: Sequence[WordRule]) -> list[WordChange]:
        """Subscribe as `word_changes` says, which raises; returns what that was."""
        changes = await self.word_changes(reader, rules)
        await self.follow(reader, changes)
        return changes

    async def follow(self, reader: Reader, changes: Sequence[WordChange]) -> None:
        """Say of words what was worked out; all of it is stored or nothing. May be repeated."""
        await self.readers.put_rules(reader.id, [change.rule for change in changes])
        await self.withdrawals.reconsider(reader)

    async def word_changes(self, reader: Reader, rules: Sequence[WordRule]) -> list[WordChange]:
        """Return what it comes to that a reader wants articles with all words of a rule in any form, or `without` them.

        What a rule takes the place of comes with it, so that it can be undone. Nothing is subscribed to yet.

        Raises:
            BadWords: there is nothing in a rule that could be looked for, or no rule.
            TooLong: the words of a rule are longer than PHRASE_MOST.
            TooManyWords: a rule has more words than a query.
            TooMuchAtOnce: there are more than MOST_AT_ONCE rules.
            TooManyRules: the reader would have more than MOST_RULES.

        """
        if not rules:
            raise BadWords
        if len(rules) > MOST_AT_ONCE:
            raise TooMuchAtOnce(limit=MOST_AT_ONCE, number=len(rules))
        asked = [(rule, lemmas_asked(rule.words)) for rule in rules]
        now: dict[MatchKey, Rule] = {}
        for rule, lemmas in sorted(asked, key=lambda one: one[0].without):  # of the same words the sterner one counts
            key = keyword_key(await self.keywords.ensure(lemmas))
            now[key] = Rule(key=key, exclude=rule.without, words=rule.words[:WORDS_SHOWN])
        check_room(await self.choices(reader), now)
        return [WordChange(rule, await self.readers.rule(reader.id, key)) for key, rule in now.items()]

    async def words_key(self, reader: Reader, words: str) -> MatchKey | None:
        """Return the reader's own subscription to these words, in whatever order and form; None when there is none."""
        phrase = " ".join(sorted(set(asked_lemmas(spoken_parts(words)[0]))))
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
        check_room(choices, [key], drop)
        await self._choose(reader, [key], drop=drop)

    async def _choose(self, reader: Reader, keys: Sequence[MatchKey], *, drop: Collection[MatchKey]) -> None:
        await self.readers.choose(reader.id, keys, drop=list(drop))
        await self.withdrawals.reconsider(reader)

    async def save(self, changed: Reader) -> Reader:
        """Store a reader with other settings, and return them as they are now."""
        saved = await self.readers.save(changed, self.clock.now())
        await self.withdrawals.reconsider(saved)
        return saved

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

    async def silenced(self, reader: Reader, article: Article) -> list[Reason]:
        """Return what of this article the reader has muted by now: no more of it comes, whatever else brings it."""
        choices = await self.choices(reader)
        if not choices.unwanted:
            return []
        keys = (await find_targeting(article, self.keywords)).keys & choices.unwanted
        return await self.named(sorted(keys, key=general_first), reader.language, choices)

    async def kept_away(self, reader: Reader, articles: Iterable[Article]) -> set[int]:
        """Return which of these articles the reader does not want by now, by number."""
        unwanted = (await self.choices(reader)).unwanted
        if not unwanted:
            return set()
        by_words = any(key.kind is MatchKind.KEYWORD for key in unwanted)  # else the words need not be looked at
        return {
            one.id
            for one in articles
            if (await find_targeting(one, self.keywords) if by_words else targeting_of(one)).keys & unwanted
        }

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
        check_room(await self.choices(reader), [key])
        until = self.clock.now() + timedelta(days=days) if days else None
        await self.readers.exclude(reader.id, key, until)
        await self.withdrawals.reconsider(reader)

    async def drop(self, reader: Reader, key: MatchKey) -> Rule | None:
        """Remove what the reader said of a key, and return it."""
        taken = await self.readers.take_rule(reader.id, key)
        await self.withdrawals.reconsider(reader)
        return taken

    async def unmute(self, reader: Reader, key: MatchKey) -> Rule | None:
        """End a mute, and return what the reader had said of the key; a subscription that it silenced holds again."""
        said = await self.rule(reader, key)
        if said is None or said.exclude:
            return await self.drop(reader, key)
        await self.bring_back(reader, {key: replace(said, until=None)})
        return said

    async def rule(self, reader: Reader, key: MatchKey) -> Rule | None:
        """Return what the reader said of a key, or None when nothing."""
        return await self.readers.rule(reader.id, key)

    async def bring_back(self, reader: Reader, rules: Mapping[MatchKey, Rule | None]) -> None:
        """Say of keys what the reader had said before; raises TooManyRules when there is no room any more."""
        before = {key: rule for key, rule in rules.items() if rule is not None}
        gone = [key for key in rules if key not in before]
        check_room(await self.choices(reader), before, gone)
        await self.readers.put_rules(reader.id, list(before.values()), drop=gone)
        await self.withdrawals.reconsider(reader)
