"""What of the ledger is looked at from outside it: the pushes that wait for a reader, the posts that channels have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushesWaiting:
    """The articles of a reader's pushes that wait to be sent, and of those that the reader's rules withdrew lately."""

    waiting: frozenset[int]
    withdrawn: frozenset[int]


@dataclass(frozen=True, slots=True)
class ChannelPost:
    """A message in a channel that shows an article: the chat, what it is called, and the message."""

    chat_id: int
    channel: str
    message_id: int
