"""What delivery needs of Telegram; `bot/telegram/messenger.py` provides it."""

from pathlib import Path
from typing import Protocol

from bot.model.asking import Heard
from bot.model.ledger import Delivery
from bot.model.outcomes import Outcome
from bot.model.readers import Address, ChatKind
from bot.screens.card import Card


class Messenger(Protocol):
    """Writing to chats. What becomes of a delivery is a value; of the rest, what fails is logged and left."""

    async def send(self, delivery: Delivery, card: Card) -> Outcome:
        """Send a delivery. Never repeated by itself; raises nothing but cancellation."""

    async def answers(self) -> bool:
        """Tell whether Telegram's server answers at all; may be repeated."""

    async def exists(self, chat_id: int, message_id: int) -> Heard:
        """Tell whether a message is in a chat, without anybody noticing; the caller has waited for its slot."""

    def given_since(self, moment: float, counter: int) -> int | None:
        """Return the id of a message that was begun after a moment of the monotonic clock; None if there was none.

        Only of those that a counter numbers: 0 of private chats and basic groups, a chat's id its own.
        """

    async def ready(self, number: int) -> None:
        """Have connections open for so many requests at once."""

    async def reply(self, to: Address, card: Card, kind: ChatKind, *, plain: bool = False) -> list[int]:
        """Send a card before any delivery; returns the ids of its messages, none when it was refused."""

    async def change(self, to: Address, message_id: int, card: Card, *, plain: bool = False) -> list[int] | None:
        """Make a message show a card; returns the ids of the further messages it took, None when it was refused."""

    async def remove(self, chat_id: int, message_ids: list[int]) -> bool:
        """Delete messages of ours, or their text where Telegram deletes them no more; may be repeated.

        Returns False when they may still be there, and another try may take them away.
        """


class Files(Protocol):
    """Sending files that are on this machine; `bot/telegram/files.py` provides it."""

    async def send(self, to: Address, name: str, content: bytes | Path, caption: str = "") -> bool:
        """Send what a file holds under a name; returns whether it arrived. Raises nothing but cancellation."""
        ...
