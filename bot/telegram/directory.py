"""What Telegram says of a chat or a person by their number: what they are called, and their @name."""

from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.telegram.calls import Call, ask
from bot.text.cleaning import clean_line
from bot.text.ellipsis import cut
from bot.timing.clock import Clock

_REMEMBERED_SECONDS = 600.0
_MOST = 500  # remembered at once
_PATIENCE = 5  # seconds: somebody waits for the screen


@dataclass(frozen=True, slots=True)
class Entry:
    """A chat or a person: `name` as it is shown, `username` without its @; both "" where Telegram tells nothing."""

    name: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel; `ours` is whether the bot is an administrator there, and so is brought its posts."""

    id: int
    entry: Entry
    ours: bool


@dataclass(slots=True)
class Directory:
    """Asks Telegram who is who. An answer, also that there is none, is remembered for ten minutes."""

    bot: Bot
    clock: Clock
    _known: dict[int, tuple[float, Entry]] = field(default_factory=dict)

    async def channel(self, named: str | int) -> Channel | None:
        """Return a channel by its @name or number, None where Telegram knows none, or is not to be reached.

        Never raises.
        """
        try:
            chat = await ask(self.bot, Call("getChat", {"chat_id": named}), _PATIENCE)
            if not isinstance(chat, dict) or chat.get("type") != "channel":
                return None
            whose = {"chat_id": chat["id"], "user_id": self.bot.id}
            member = await ask(self.bot, Call("getChatMember", whose), _PATIENCE)
        except (AiogramError, TimeoutError):
            return None
        ours = isinstance(member, dict) and member.get("status") == "administrator"
        return Channel(id=int(chat["id"]), entry=_entry(chat), ours=ours)

    async def look_up(self, chat_id: int) -> Entry:
        """Return what Telegram says of a chat or a person; an empty entry where it says nothing. Never raises."""
        now = self.clock.monotonic()
        at, entry = self._known.get(chat_id, (-_REMEMBERED_SECONDS, Entry()))
        if now - at < _REMEMBERED_SECONDS:
            return entry
        try:
            entry = _entry(await ask(self.bot, Call("getChat", {"chat_id": chat_id}), _PATIENCE))
        except (AiogramError, TimeoutError):
            entry = Entry()
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[chat_id] = (now, entry)
        return entry


def _entry(chat: object) -> Entry:
    if not isinstance(chat, dict):
        return Entry()
    parts = (chat.get("title"), chat.get("first_name"), chat.get("last_name"))
    return Entry(cut(clean_line(" ".join(str(part) for part in parts if part)), 120), str(chat.get("username") or ""))
