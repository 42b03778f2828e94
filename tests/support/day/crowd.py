"""The readers of a day: each with rules, a schedule, quiet hours and a zone of their own; and who of them wants what."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from random import Random
from typing import Any

from sqlalchemy import insert, select

from bot.model.matching import EVERYTHING, MatchKey, keyword_key, source_key, topic_key
from bot.model.news import Article, Terms
from bot.model.readers import Address, AtHours, Hourly, Instantly, Quiet, Reader
from bot.relevance.lemmas import terms_of
from bot.sandbox.world import Person
from bot.timing.schedules import next_digest_of, schedule_text
from storage.schema.tables import reader, source, subscription
from tests.support.newsroom import Newsroom

FIRST_CHAT = 1000
_WORDS = ("міст", "уряд", "річка", "футбол", "лікарня", "бюджет", "росія", "київ", "президент", "школа")
_ZONES = ("Europe/Kyiv",) * 6 + ("Europe/Warsaw", "Europe/London", "America/New_York")
_SCHEDULES = (Instantly(),) * 6 + (Hourly(), AtHours((time(8), time(19))), AtHours((time(9, 30),)))
_NIGHT = Quiet(time(22, 30), time(7, 15))


@dataclass(slots=True)
class Crowd:
    """Readers by chat, with what they want and what they never want; `shut` are those who have blocked the bot."""

    readers: dict[int, Reader] = field(default_factory=dict)
    wanted: dict[int, set[MatchKey]] = field(default_factory=dict)
    unwanted: dict[int, set[MatchKey]] = field(default_factory=dict)
    shut: set[int] = field(default_factory=set)
    words: dict[int, frozenset[str]] = field(default_factory=dict)

    def audience(self, article: Article, terms: Terms) -> set[int]:
        """Return the chats that are to get an article with the words it went out with, worked out by hand."""
        lemmas = {*terms.title, *terms.lead, *terms.body}
        keys = {EVERYTHING, *(topic_key(topic.id) for topic in article.topics)}
        keys |= {keyword_key(number) for number, wanted in self.words.items() if wanted <= lemmas}
        keys |= {source_key(article.source_id)} if article.source_id is not None else set()
        return {
            chat
            for chat, one in self.readers.items()
            if keys & self.wanted[chat] and not keys & self.unwanted[chat]
            if one.news_language in {"", article.language}
        }


async def let_in(room: Newsroom, number: int) -> Crowd:
    """Let so many readers in; the rows are written as the product writes them, a thousand times as fast."""
    chance, crowd = Random(2000), Crowd()
    store, now = room.store, room.clock.now()
    topics = [topic_key(one.id) for one in await store.topics.all()]
    async with room.database.read() as connection:
        sources = [source_key(one) for one in (await connection.execute(select(source.c.id))).scalars()]
    for word in _WORDS:
        lemmas = frozenset(terms_of(word, "", "", "uk").title)
        crowd.words[await store.keywords.ensure(sorted(lemmas))] = lemmas
    words = [keyword_key(one) for one in crowd.words]
    for chat in range(FIRST_CHAT, FIRST_CHAT + number):
        person = Person(chat, f"Читач {chat}", blocked=chance.random() < 0.02)
        room.world.add_person(person)
        crowd.shut |= {chat} if person.blocked else set()
        crowd.readers[chat] = _somebody(chat, chance)
        crowd.wanted[chat] = set(_wishes(chance, topics, sources, words))
        unwanted = chance.sample([*topics, *sources], 1) if chance.random() < 0.15 else []
        crowd.unwanted[chat] = set(unwanted) - crowd.wanted[chat]
    await _store(room, crowd, now)
    return crowd


def _somebody(chat: int, chance: Random) -> Reader:
    return Reader(
        id=0,
        address=Address(chat),
        name=f"Читач {chat}",
        zone=chance.choice(_ZONES),
        schedule=chance.choice(_SCHEDULES),
        quiet=_NIGHT if chance.random() < 0.25 else None,
        news_language=chance.choice(("", "", "", "uk")),
        plain=chance.random() < 0.3,
        titles_only=chance.random() < 0.1,
        urgent_breaks=chance.random() < 0.7,
        fold_sources=chance.random() < 0.2,
    )


def _wishes(chance: Random, topics: list[MatchKey], sources: list[MatchKey], words: list[MatchKey]) -> list[MatchKey]:
    kind = chance.random()
    if kind < 0.2:
        return [EVERYTHING]
    if kind < 0.65:
        return chance.sample(topics, chance.randint(1, 3))
    if kind < 0.85:
        return chance.sample(sources, 1)
    return [*chance.sample(words, 2), *chance.sample(topics, 1)]


async def _store(room: Newsroom, crowd: Crowd, now: datetime) -> None:
    rows = [_row(one, now) for one in crowd.readers.values()]
    async with room.database.write() as connection:
        await connection.execute(insert(reader), rows)
        there = await connection.execute(select(reader.c.chat_id, reader.c.id).where(reader.c.chat_id >= FIRST_CHAT))
        numbers = {row.chat_id: row.id for row in there}
        rules: list[dict[str, Any]] = []
        for chat, number in numbers.items():
            crowd.readers[chat] = replace(crowd.readers[chat], id=number)
            rules += [{"key": key, "reader_id": number, "exclude": False} for key in crowd.wanted[chat]]
            rules += [{"key": key, "reader_id": number, "exclude": True} for key in crowd.unwanted[chat]]
        await connection.execute(insert(subscription), rules)


def _row(one: Reader, now: datetime) -> dict[str, Any]:
    plain = ("kind", "name", "language", "zone", "state", "news_language")
    plain += ("plain", "titles_only", "urgent_breaks", "fold_sources")
    return {
        **{name: getattr(one, name) for name in plain},
        "chat_id": one.address.chat_id,
        "schedule": schedule_text(one.schedule),
        "quiet_from": one.quiet.start.hour * 60 + one.quiet.start.minute if one.quiet else None,
        "quiet_to": one.quiet.end.hour * 60 + one.quiet.end.minute if one.quiet else None,
        "next_digest_at": next_digest_of(one, now),
        "created_at": now,
        "updated_at": now,
    }
