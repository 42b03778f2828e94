"""What counts as a command: decided here, once, for rights and for routes alike.

A command is what somebody types first in a text or a caption. What was forwarded, also by Telegram itself, and what
came in by way of a bot, nobody typed here.
"""

from dataclasses import dataclass

from aiogram.filters import Filter
from aiogram.types import Message

from bot.model.readers import ChatKind
from bot.screens.commands import COMMANDS

_OURS = frozenset(command.name for command in COMMANDS)
_BEGIN = frozenset(command.name for command in COMMANDS if command.begins)
_IN_GROUPS = frozenset(command.name for command in COMMANDS if command.in_groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A command that somebody typed: its name in small letters, and `args`, what follows it.

    `known` is False for one that the bot does not have in that kind of chat, and for one that names another bot.
    Of these, `private_only` are those that it has in somebody's own chat. `named` tells whether it names the bot.
    """

    name: str
    args: str
    known: bool
    private_only: bool = False
    named: bool = False

    @property
    def begins(self) -> bool:
        """Whether a group that has not been heard of before asks for news by it."""
        return self.name in _BEGIN


def typed_command(message: Message, kind: ChatKind, username: str) -> Typed | None:
    """Return the command a message is, or None; `username` is the bot's own."""
    text = message.text if message.text is not None else (message.caption or "")
    if message.forward_origin is not None or message.is_automatic_forward or message.via_bot is not None:
        return None
    first, *rest = text.split(maxsplit=1)[:2] or [""]
    if not first.startswith("/") or first == "/":
        return None
    name, _, mention = first[1:].casefold().partition("@")
    here = _OURS if kind is ChatKind.PRIVATE else _IN_GROUPS
    ours, named = name in _OURS and mention in {"", username.casefold()}, bool(mention)
    return Typed(
        name=name,
        args=rest[0] if rest else "",
        known=ours and name in here,
        private_only=ours and name not in here,
        named=ours and named,
    )


class Command(Filter):
    """Lets commands of these names through; the handler finds the rest of it as `command`."""

    def __init__(self, *names: str) -> None:
        self.names = names

    async def __call__(self, _: Message, command: Typed | None = None) -> bool:
        """Look at what was typed."""
        return command is not None and command.known and command.name in self.names
