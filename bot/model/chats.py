"""What is kept of the chats: updates as they came, and what messages show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update as Telegram sent it: `chat_id` is whose order it belongs to, `payload` its JSON."""

    update_id: int
    chat_id: int
    payload: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows now: an encoded screen, perhaps of an article, perhaps going on in further messages."""

    screen: str
    article_id: int | None = None
    tail: tuple[int, ...] = ()
