"""The bounds of an open question: closes it where somebody does something else, before that is handled."""

from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.model.desk import Role
from bot.screens.questions import closed_card
from handlers.actor import Actor
from handlers.origin import Handler, Origin
from handlers.questions import Question, Questions, can_answer


@dataclass(slots=True, kw_only=True)
class QuestionMiddleware(BaseMiddleware):
    """Gives handlers `questions`. What follows sees a question as open only if what happened can be its answer."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Close the question, if one is open and this is no answer to it; then handle."""
        actor: Actor | None = data.get("actor")
        if actor is None:
            return await handler(event, data)
        questions = Questions(state=data.get("state"), actor=actor, reply=data["reply"])
        data["questions"] = questions
        origin: Origin = data["origin"]
        if data.get("raw_state") is None or origin.edited:
            return await handler(event, data)
        question = await questions.current()
        if question is not None and await self._is_talk(origin, questions):
            data["raw_state"] = None
            return await handler(event, data)
        if question is not None and _answers(origin, question):
            return await handler(event, data)
        data["raw_state"], questions.was_open = None, question is not None
        await questions.close()
        if question is not None and (message := _refused(origin, actor)) is not None:
            text = actor.say("question-closed", question=actor.say(question.phrase))
            return await questions.reply.send(closed_card(text, actor.look, actor.editor.role), to=message.message_id)
        answer = await handler(event, data)
        await questions.tidy()  # after an error, `handlers/errors.py` does
        return answer

    async def _is_talk(self, origin: Origin, questions: Questions) -> bool:
        """Tell whether this is said to others in a group: it neither answers the question nor closes it."""
        if origin.tap is not None or origin.command is not None or not isinstance(origin.message, Message):
            return False
        if origin.is_private or origin.message.forward_origin is not None:
            return False
        return not await questions.is_replied_to(origin.message)


def _answers(origin: Origin, question: Question) -> bool:
    message = origin.message
    typed = origin.tap is None and origin.command is None
    return typed and isinstance(message, Message) and can_answer(question, message)


def _refused(origin: Origin, actor: Actor) -> Message | None:
    """Return an editor's text that was meant as an answer and cannot be one: it is offered to be made a draft."""
    message = origin.message
    if origin.tap is not None or origin.command is not None or not isinstance(message, Message):
        return None
    ours = actor.editor.role >= Role.AUTHOR and origin.is_private and message.forward_origin is None
    return message if ours and (message.text or "").strip() else None
