"""Updates as they come: what one of them is, whose it is, and what can be made of one that cannot be read."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError

_GOOD = re.compile(r'\s*\{\s*"ok"\s*:\s*true\b')  # begins an answer of the server; a proxy's page does not
_NUMBER = re.compile(r'"update_id"\s*:\s*(\d{1,18})\b')
_LARGEST = 2**63 - 1
_NEEDED = frozenset({"chat", "date", "message_id", "id", "from", "from_user"})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update of which nothing can be made: its number, its JSON as far as there is any, and why."""

    update_id: int
    payload: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one question for updates brought: rows for the inbox (number, whose order, JSON), and what is none.

    `came` are the messages in the rows by their updates, as (chat, message id). It is not `whole` when the server may
    have said more than is here.
    """

    rows: Sequence[tuple[int, int, str]] = ()
    came: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    unreadable: Sequence[Unreadable] = ()
    whole: bool = True

    @property
    def last(self) -> int | None:
        """The highest number, None when there is none."""
        return max((*(row[0] for row in self.rows), *(one.update_id for one in self.unreadable)), default=None)


class NotReadableError(Exception):
    """An answer is the server's, but not one that anybody can read."""


def batch_of(updates: object) -> Batch:
    """Return a server's list of updates, each by itself: what cannot be written as JSON again is unreadable."""
    rows: list[tuple[int, int, str]] = []
    unreadable: list[Unreadable] = []
    came: dict[int, tuple[int, int]] = {}
    whole = True
    for update in updates if isinstance(updates, list) else ():
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int) or not 0 <= number <= _LARGEST:
            whole = False
            continue  # it has no number to be kept or acknowledged under; the next one's acknowledges it
        try:
            rows.append((number, order_key(update), orjson.dumps(update).decode()))
            came |= _came(number, update)
        except (TypeError, ValueError, RecursionError) as error:
            unreadable.append(Unreadable(number, _written(update), _named(error)))
    return Batch(rows, came, unreadable, whole and not unreadable)


def _came(number: int, update: Mapping[str, Any]) -> dict[int, tuple[int, int]]:
    """Return the message that an update brings; one that it only speaks of, or that was changed, came earlier."""
    for name in ("message", "channel_post"):
        message = update.get(name)
        if isinstance(message, dict) and isinstance(message.get("chat"), dict):
            ids = (message["chat"].get("id"), message.get("message_id"))
            if all(isinstance(one, int) and abs(one) <= _LARGEST for one in ids):
                return {number: ids}  # type: ignore[dict-item]
    return {}


def _written(update: object) -> str:
    try:
        return json.dumps(update)
    except (ValueError, RecursionError):
        return ""


def lenient_batch(content: str) -> Batch:
    """Return the updates of an answer that strict JSON is not: with NaN, half a character, or nested too deep.

    Raises:
        NotReadableError: they cannot be told apart.
        ValueError: it is no answer of a Bot API server.

    """
    if not _GOOD.match(content):
        raise ValueError("not an answer of a Bot API server")
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotReadableError(_named(error)) from error
    return batch_of(answer.get("result"))


def brought(content: str) -> Batch:
    """Return the one update that Telegram brings by itself, as a batch: readable or not, it is to be kept.

    Raises:
        ValueError: it has no number, so it is none of Telegram's.

    """
    answer = f'{{"ok":true,"result":[{content}]}}'
    try:
        batch = lenient_batch(answer)
    except NotReadableError as error:
        one = only_one(content, str(error))
        batch = Batch(unreadable=[one] if one is not None else (), whole=False)
    if batch.last is None:
        raise ValueError("an update without a number")
    return batch


def only_one(content: str, reason: str) -> Unreadable | None:
    """Return the single update of an answer that cannot be read; None when not even its number is there."""
    found = _NUMBER.search(content)  # inside a text its quotes would be escaped
    return Unreadable(int(found[1]), content.replace("\0", ""), reason) if found else None


def _named(error: Exception) -> str:
    """Name an error without its words, which may hold a person's."""
    return type(error).__name__


def order_key(update: Mapping[str, Any]) -> int:
    """Return whose order an update belongs to: its chat, else the person it is from, else nobody's (0)."""
    for event in update.values():
        if not isinstance(event, dict):
            continue
        for holder in (event, event.get("message"), {"chat": event.get("from")}):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            number = chat.get("id") if isinstance(chat, dict) else None
            if isinstance(number, int) and abs(number) <= _LARGEST:
                return int(number)
    return 0


def without_unreadable(raw: dict[str, Any], error: ValidationError) -> dict[str, Any] | None:
    """Return an update without the fields that no model fits, or None when nothing useful would be left.

    Telegram is often a version ahead of the library: a forwarded message with one new kind of block is still a message
    with a text.
    """
    reduced: dict[str, Any] = orjson.loads(orjson.dumps(raw))
    for problem in error.errors():
        path = [part for part in problem["loc"] if isinstance(part, (str, int))]
        if len(path) < 2 or not isinstance(reduced.get(str(path[0])), dict):
            return None
        event = reduced[str(path[0])]
        if str(path[1]) in _NEEDED:
            return None
        event.pop(str(path[1]), None)
    return reduced
