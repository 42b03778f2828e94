"""The one place where an error becomes a reply."""

import structlog
from aiogram import Router
from aiogram.types import ErrorEvent

from bot.errors import BadInput, Stale, VisnykError
from bot.telegram.reply import Reply
from bot.text.phrasebook import Phrasebook, phrases
from handlers.questions import Questions

log = structlog.get_logger(__name__)


def make_router() -> Router:
    """Return the router of errors."""
    router = Router(name="errors")
    router.errors.register(answer)
    return router


async def answer(
    event: ErrorEvent, reply: Reply | None = None, questions: Questions | None = None, language: str = "uk"
) -> bool:
    """Tell the person what is wrong in their language; what nobody foresaw goes to the log with its traceback.

    A question stays open as long as another answer to it may be a good one.
    """
    error, say = event.exception, phrases(language)
    if isinstance(error, VisnykError):
        text = _told(error, say)
    else:
        log.error("a handler failed", exc_info=error)
        text = say("error-unexpected")
    if reply is None:
        return True
    if reply.tap_id:
        await reply.toast(text, alert=not isinstance(error, Stale))
    elif questions is not None and (question := await questions.current()) is not None:
        if isinstance(error, BadInput) or not isinstance(error, VisnykError):
            await questions.again(text, question)
        else:
            await questions.answered()
            await reply.say(text)
    else:
        await reply.say(text)
    return True


def _told(error: VisnykError, say: Phrasebook) -> str:
    """Return what an error says; of what was typed only what fits into a sentence is quoted back."""
    variables = {n: say(str(v)) if n == "what" else v for n, v in error.variables.items()}
    quoted = str(variables.get("text", "-")).strip()
    unquotable = not quoted or "\n" in quoted
    return say(f"{error.phrase}-unquoted" if unquotable else error.phrase, **variables)
