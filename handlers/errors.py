"""The one place where an error becomes a reply, and where a card that is not so any more is drawn as it is."""

from collections.abc import Mapping
from typing import Any

import structlog
from aiogram import Router
from aiogram.types import ErrorEvent

from bot.errors import BadInput, NotAllowed, Stale, VisnykError
from bot.model.desk import Role
from bot.model.readers import ChatKind
from bot.telegram.reply import Reply
from bot.text.phrasebook import Phrasebook, phrases
from handlers.actor import Actor
from handlers.acts import is_first_refused
from handlers.origin import Origin
from handlers.outdated import Outdated
from handlers.question_kinds import Question
from handlers.questions import Questions

log = structlog.get_logger(__name__)


def register(router: Router) -> None:
    """Add the routes of errors."""
    router.errors.register(answer)


async def answer(
    event: ErrorEvent,
    reply: Reply | None = None,
    questions: Questions | None = None,
    actor: Actor | None = None,
    language: str = "uk",
    **data: Any,
) -> bool:
    """Tell the person what is wrong in their language; what nobody foresaw goes to the log with its traceback.

    A question stays open as long as another answer to it may be a good one; what is wrong with an edit of something
    else is no answer, and only said. What somebody tapped, or answered about,
    is shown as it is now where it is not what they saw.

    Raises:
        Exception: what nobody foresaw, where there is nobody to tell.

    """
    error = event.exception
    if isinstance(error, BadInput) and not await _is_first(event, data):
        return True
    if reply is None:
        if isinstance(error, (VisnykError, Warning)):  # aiogram warns of kinds of updates that it does not know
            return True
        raise error  # nobody is there who could say it again, as of a channel's post: it is handled again
    say = phrases(language)
    text = _text(error, actor, say)
    outdated = Outdated.of(data, actor, reply) if actor is not None else None
    if reply.tap_id:
        tap = data.get("tap")
        stale = outdated is not None and await outdated.since(tap, None, error)
        await reply.toast(say(Stale.phrase) if stale else text, alert=not stale)
        if outdated is not None:
            await outdated.redraw(tap, error)
        if questions is not None:
            await questions.tidy()
    elif not _is_edit(data) and questions is not None and (question := await questions.current()) is not None:
        await _say_of_answer(error, text, question, questions, outdated, say)
    else:
        await reply.say(text)
        if questions is not None:
            await questions.settle()
    return True


async def _is_first(event: ErrorEvent, data: Mapping[str, Any]) -> bool:
    """Tell whether what is wrong was not said of an album yet, to which the message belongs."""
    message, state = event.update.message, data.get("state")
    return message is None or state is None or _is_edit(data) or await is_first_refused(message, state)


def _is_edit(data: Mapping[str, Any]) -> bool:
    origin: Origin | None = data.get("origin")
    return origin is not None and origin.edited


async def _say_of_answer(
    error: Exception, text: str, question: Question, questions: Questions, outdated: Outdated | None, say: Phrasebook
) -> None:
    if isinstance(error, BadInput) or not isinstance(error, VisnykError):
        await questions.again(text, question)
        return
    about = (await questions.about()).get("article")
    await questions.answered()
    stale = outdated is not None and await outdated.since(None, about, error)
    await questions.reply.say(say(Stale.phrase) if stale else text)
    if outdated is not None and stale:
        await outdated.send(about)
    await questions.settle()


def _text(error: Exception, actor: Actor | None, say: Phrasebook) -> str:
    if not isinstance(error, VisnykError):
        log.error("a handler failed", exc_info=error)
        return say("error-unexpected")
    text = _told(error, say)
    if type(error) is not NotAllowed or actor is None:
        return text
    if actor.editor.role > Role.READER:
        return say("error-role", role=error.variables.get("role", "editor"))
    if actor.reader.kind is ChatKind.PRIVATE:
        # Whoever was not taken on yet needs their number for that.
        return f"{text} {say('editors-your-id', id=str(actor.editor.user_id))}"
    return text


def _told(error: VisnykError, say: Phrasebook) -> str:
    """Return what an error says; of what was typed only what fits into a sentence is quoted back."""
    variables = {n: say(str(v)) if n == "what" else v for n, v in error.variables.items()}
    quoted = str(variables.get("text", "-")).strip()
    unquotable = not quoted or "\n" in quoted
    return say(f"{error.phrase}-unquoted" if unquotable else error.phrase, **variables)
