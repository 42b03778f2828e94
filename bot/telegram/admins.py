"""Who administers which chat, as Telegram says."""

from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.telegram.calls import Call, ask
from bot.timing.clock import Clock

_REMEMBERED_SECONDS = 60.0


@dataclass(slots=True)
class Admins:
    """The administrators of chats. An answer is remembered for a minute; without one nobody is an administrator."""

    bot: Bot
    clock: Clock
    _known: dict[tuple[int, int], tuple[float, bool, bool]] = field(default_factory=dict)

    def write_anonymously(self, chat_id: int, user_id: int) -> bool:
        """Tell whether somebody who was checked just now writes in the name of the chat; their taps are their own."""
        return self._known.get((chat_id, user_id), (0.0, False, False))[2]

    async def check(self, chat_id: int, user_id: int) -> bool:
        """Tell whether a person administers a chat."""
        now = self.clock.monotonic()
        at, verdict, _ = self._known.get((chat_id, user_id), (-_REMEMBERED_SECONDS, False, False))
        if now - at < _REMEMBERED_SECONDS:
            return verdict
        try:
            member = await ask(self.bot, Call("getChatMember", {"chat_id": chat_id, "user_id": user_id}))
        except AiogramError:
            return False
        verdict = isinstance(member, dict) and member.get("status") in {"creator", "administrator"}
        self._known = {key: known for key, known in self._known.items() if now - known[0] < _REMEMBERED_SECONDS}
        self._known[chat_id, user_id] = (now, verdict, verdict and bool(member.get("is_anonymous")))
        return verdict
