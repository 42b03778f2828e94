"""Listeners: systems elsewhere that are told what becomes public here, by webhooks of ours."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Flag, IntEnum


class EventKind(Flag):
    """What a listener may be told; numbers are stored."""

    PUBLISHED = 1
    CORRECTED = 2  # typos, too
    RETRACTED = 4
    FINISHED = 8  # a send has come to its end


EVERYTHING = EventKind.PUBLISHED | EventKind.CORRECTED | EventKind.RETRACTED | EventKind.FINISHED


class ListenerState(IntEnum):
    """Whether a listener is told anything; numbers are stored."""

    ACTIVE = 0
    DISABLED = 1


class ListenerNews(IntEnum):
    """What owners are told of a listener; numbers are stored."""

    FAILING = 1
    DISABLED = 2
    RECOVERED = 3


class ListenerForm(IntEnum):
    """How a listener is told; numbers are stored."""

    WEBHOOK = 0
    HUB = 1  # of WebSub: which feeds have changed, and nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One address that is told; `secret` signs what it is told and is shown nowhere, "" of a hub.

    `failing_since` is when it took something last but then did not, after so many `failures` in a row; `told` is
    whether owners know. `waiting` is how many events it has not taken yet, where that was asked for.
    """

    id: int
    address: str
    secret: str = field(repr=False)
    events: EventKind
    form: ListenerForm = ListenerForm.WEBHOOK
    state: ListenerState = ListenerState.ACTIVE
    added_at: datetime
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    reason: str = ""
    detail: str = ""
    told: bool = False
    news: ListenerNews | None = None
    news_at: datetime | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing a listener is told, called `key` however often it is tried."""

    id: int
    key: str
    kind: EventKind
    article_id: int
    publication_id: int | None
    revision: int
    at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """What follows from a try that failed. `event_at` is when the event is tried again, None when it is given up."""

    event_at: datetime | None
    listener_at: datetime
    failures: int
    reason: str
    detail: str = ""
    told: bool = False
    state: ListenerState = ListenerState.ACTIVE
    news: ListenerNews | None = None
