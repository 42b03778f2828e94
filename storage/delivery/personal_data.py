"""Everything that is stored about one chat: handed out to whoever asks, and erased (storage/delivery/erasure.py).

A person's own chat with the bot has the person's number, so what people of the desk have done is found by it as well.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.matching import MatchKey, MatchKind
from bot.model.personal_data import PersonalRecords
from storage.delivery.erasure import AT_ONCE, SPAN, Erasure, of_chat, of_readers
from storage.engine.database import AnyRow, Database
from storage.schema.tables import (
    article,
    audit,
    delivery,
    digest,
    editor,
    feed,
    feed_notice,
    inbox,
    kept_copy,
    keyword,
    loose_message,
    publication,
    reader,
    revision,
    source,
    story,
    throttle,
    topic,
)

_STRETCH = 20_000  # numbers of the ledger that are read at once

ERASED: Mapping[Table, Callable[[int], ColumnElement[bool]]] = MappingProxyType(
    {
        reader: of_chat(reader.c.chat_id),
        **AT_ONCE,
        digest: of_readers(digest),
        delivery: of_readers(delivery),
        kept_copy: of_readers(kept_copy),
        inbox: of_chat(inbox.c.chat_id),
    }
)
"""Which rows of a table are a chat's; handed out, and gone when it is erased."""
KEPT: Mapping[Table, tuple[Callable[[int], ColumnElement[bool]], str]] = MappingProxyType(
    {
        editor: (of_chat(editor.c.user_id, editor.c.added_by), "people of the desk are taken off it first"),
        audit: (of_chat(audit.c.by), "who is responsible for what was published; people of the desk only"),
        article: (of_chat(article.c.author_id), "who wrote what was published"),
        revision: (of_chat(revision.c.by), "who corrected it"),
        publication: (of_chat(publication.c.by, publication.c.progress_chat), "who sent it, and where that is shown"),
        feed: (of_chat(feed.c.added_by), "who added a feed"),
        feed_notice: (of_chat(feed_notice.c.answered_by), "who answered what a feed asked"),
        throttle: (lambda chat_id: throttle.c.scope == str(chat_id), "Telegram’s limit holds on; gone when it is over"),
        loose_message: (
            of_chat(loose_message.c.chat_id),
            "for the promise that nothing is sent twice; gone in two days",
        ),
    }
)
"""Rows that are handed out as well and stay, and why."""
NOBODYS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("topic", "source", "story", "article_topic", "tie", "related_use", "lemma", "words", "hot", "embedding",
             "feed_item", "api_token", "api_article", "api_answer", "listener", "event", "picture"),
            "of articles, feeds and systems; names nobody",
        ),
        **dict.fromkeys(
            ("keyword", "keyword_lemma"), "words that anybody may follow; who did is in the subscriptions, and goes"
        ),
        "note": "of the installation; an owner’s invitation is found by their number, and people of the desk stay",
        **dict.fromkeys(("lease", "pace"), "of processes"),
    }
)  # fmt: skip
"""Tables that hold nothing of readers, and why that is so."""
_BRIEF: Mapping[Table, Sequence[str]] = MappingProxyType(
    {
        article: ("id", "state", "title", "source_id", "published_at", "created_at"),
        revision: ("article_id", "number", "kind", "title", "note", "at"),
        # What it was answered with names others, whom its handler wrote to.
        inbox: ("update_id", "chat_id", "payload", "state", "received_at", "attempts", "error"),
    }
)
"""What is said of what is public anyway, not its whole text; and of rows that name other chats."""


class PersonalData:
    """What is stored about chats."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._erasure = Erasure(database)

    async def export(self, chat_id: int) -> PersonalRecords:
        """Return every row that is about a chat, by its table; tables without one are left out."""
        found: dict[str, list[dict[str, object]]] = {}
        wanted = {**ERASED, **{table: of for table, (of, _) in KEPT.items()}}
        async with self._database.read() as connection:
            for table, of in wanted.items():
                columns = [table.c[name] for name in _BRIEF.get(table, table.c.keys())]
                if table is not delivery and (rows := await _rows(connection, select(*columns).where(of(chat_id)))):
                    found[str(table.name)] = rows
            await _name_keys(connection, found.get("subscription", []))
        if deliveries := await self._deliveries(chat_id):
            found["delivery"] = deliveries
        return found

    async def _deliveries(self, chat_id: int) -> list[dict[str, object]]:
        """Return what was sent or is to be sent, with its titles. The ledger has no index by reader, so it is read."""
        mine = select(reader.c.id).where(reader.c.chat_id == chat_id)
        async with self._database.read() as connection:
            numbers = (await connection.execute(mine)).scalars().all()
            first, last = (await connection.execute(SPAN)).one()
        found: list[dict[str, object]] = []
        place, top = (first or 1) - 1, last or 0
        titled = select(delivery, article.c.title).outerjoin(article, article.c.id == delivery.c.article_id)
        while numbers and place < top:
            stretch = and_(delivery.c.id > place, delivery.c.id <= place + _STRETCH)
            async with self._database.read() as connection:
                theirs = titled.where(stretch, delivery.c.reader_id.in_(numbers)).order_by(delivery.c.id)
                found += await _rows(connection, theirs)
            place += _STRETCH
        return found

    async def erase(self, chat_id: int, now: datetime) -> bool:
        """Leave nobody at a chat; see `Erasure.erase`."""
        return await self._erasure.erase(chat_id, now)

    async def sweep(self, now: datetime) -> bool:
        """Delete a stretch of what is left of erased readers; see `Erasure.sweep`."""
        return await self._erasure.sweep(now)


async def _rows(connection: AsyncConnection, statement: Select[Any]) -> list[dict[str, object]]:
    return [_plain(row) for row in (await connection.execute(statement)).all()]


def _plain(row: AnyRow) -> dict[str, object]:
    """Return a row as JSON has it, without what is empty."""
    values = {str(name): _value(value) for name, value in row._asdict().items()}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _value(value: object) -> object:
    match value:
        case Enum():
            return value.name.lower()
        case datetime():
            return value.isoformat()
        case MatchKey():
            return value.encode()
    return value


_NAMES: Mapping[MatchKind, tuple[Table, str]] = MappingProxyType(
    {
        MatchKind.TOPIC: (topic, "names"),
        MatchKind.SOURCE: (source, "name"),
        MatchKind.STORY: (story, "name"),
        MatchKind.KEYWORD: (keyword, "phrase"),
    }
)


async def _name_keys(connection: AsyncConnection, rules: list[dict[str, object]]) -> None:
    """Say of each rule what its key stands for."""
    for rule in rules:
        key = MatchKey.parse(str(rule["key"]))
        if key.kind in _NAMES:
            table, column = _NAMES[key.kind]
            rule["of"] = await connection.scalar(select(table.c[column]).where(table.c.id == key.id))
