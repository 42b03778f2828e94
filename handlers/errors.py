"""The one place where an error becomes a reply."""

import structlog
from aiogram import Router
from aiogram.types import ErrorEvent

from bot.errors import Stale, VisnykError
from bot.telegram.reply import Reply
from bot.text.phrasebook import phrases

log = structlog.get_logger(__name__)


def make_router() -> Router:
    """Return the router of errors."""
    router = Router(name="errors")
    router.errors.register(answer)
    return router


async def answer(event: ErrorEvent, reply: Reply | None = None, language: str = "uk") -> bool:
    """Tell the person what is wrong in their language; what nobody foresaw goes to the log with its traceback."""
    error, say = event.exception, phrases(language)
    if isinstance(error, VisnykError):
        variables = {n: say(str(v)) if n == "what" else v for n, v in error.variables.items()}
        text = say(error.phrase, **variables)
    else:
        log.error("a handler failed", exc_info=error)
        text = say("error-unexpected")
    if reply is None:
        return True
    if reply.tap_id:
        await reply.toast(text, alert=not isinstance(error, Stale))
    else:
        await reply.say(text)
    return True
