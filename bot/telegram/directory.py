"""What Telegram says of a chat or a person by their number: what they are called, and their @name."""

from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.telegram.calls import Call, ask
from bot.telegram.places import aside
from bot.text.cleaning import clean_line
from bot.timing.clock import Clock

_REMEMBERED_SECONDS = 600.0
_MOST = 500  # remembered at once
_PATIENCE = 5  # seconds: somebody waits for the screen


@dataclass(frozen=True, slots=True)
class Entry:
    """A chat or a person: `name` as it is shown, `username` without its @; both "" where Telegram tells nothing."""

    name: str = ""
    username: str = ""


@dataclass(slots=True)
class Directory:
    """Asks Telegram who is who. An answer, also that there is none, is remembered for ten minutes."""

    bot: Bot
    clock: Clock
    _known: dict[int, tuple[float, Entry]] = field(default_factory=dict)

    async def look_up(self, chat_id: int) -> Entry:
        """Return what Telegram says of a chat or a person; an empty entry where it says nothing. Never raises."""
        now = self.clock.monotonic()
        at, entry = self._known.get(chat_id, (-_REMEMBERED_SECONDS, Entry()))
        if now - at < _REMEMBERED_SECONDS:
            return entry
        try:
            with aside():
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
    return Entry(clean_line(" ".join(str(part) for part in parts if part))[:120], str(chat.get("username") or ""))
