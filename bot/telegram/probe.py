"""Asking Telegram how it sees the bot: the token, the webhook, the time, and where the bot may write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError

from bot.model.vitals import ChatTrouble, Receiving, TelegramVitals
from bot.telegram.calls import TOKEN_REFUSED, Call, ask
from bot.telegram.polling import missing_updates

_SECONDS = 10
_RECENT = timedelta(minutes=15)
_OFF_DUTY = {"left", "kicked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Asks a few questions, none of which changes anything; `wall` is the machine's own clock."""

    bot: Bot
    api_url: str
    wall: Callable[[], datetime]

    async def __call__(self, chats: Sequence[Receiving]) -> TelegramVitals:
        """Return what Telegram says of the bot and of these chats; where it does not answer, how that failed."""
        try:
            me: dict[str, Any] = await ask(self.bot, Call("getMe", {}), _SECONDS)
            hook: dict[str, Any] = await ask(self.bot, Call("getWebhookInfo", {}), _SECONDS)
            troubles = await self._troubles(chats, int(me["id"]))
        except TOKEN_REFUSED:
            return TelegramVitals(is_refused=True)
        except (AiogramError, OSError) as error:
            return TelegramVitals(failed=type(error).__name__)
        at = datetime.fromtimestamp(hook.get("last_error_date") or 0, UTC)
        recent = self.wall() - at < _RECENT
        return TelegramVitals(
            username=str(me.get("username") or ""),
            webhook=str(hook.get("url") or ""),
            webhook_error=str(hook.get("last_error_message") or "") if recent else "",
            waiting=int(hook.get("pending_update_count") or 0),
            missing_updates=missing_updates(hook),
            ahead=await self._ahead(),
            chats=tuple(troubles),
        )

    async def _troubles(self, chats: Sequence[Receiving], me: int) -> list[ChatTrouble]:
        found = []
        for chat in chats:
            try:
                payload = {"chat_id": chat.chat_id, "user_id": me}
                member: dict[str, Any] = await ask(self.bot, Call("getChatMember", payload), _SECONDS)
            except (TelegramBadRequest, TelegramForbiddenError) as error:
                found.append(ChatTrouble(name=chat.name or str(chat.chat_id), status=error.message[:100]))
                continue
            status = str(member.get("status"))
            muted = status == "restricted" and not member.get("can_send_messages", True)
            silent = chat.is_channel and (status != "administrator" or not member.get("can_post_messages", True))
            if status in _OFF_DUTY or muted or silent:
                found.append(ChatTrouble(name=chat.name or str(chat.chat_id), status=status))
        return found

    async def _ahead(self) -> float:
        """Return by how many seconds the machine's clock is before Telegram's, 0 where that cannot be told."""
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
                session.get(f"{self.api_url}/", allow_redirects=False) as answer,
            ):
                theirs = parsedate_to_datetime(answer.headers["Date"])
        except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError):
            return 0.0
        return (self.wall() - theirs).total_seconds()
