"""The bounds of an open question: closes it where somebody does something else, before that is handled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import InaccessibleMessage, Message, TelegramObject, Update

from bot.model.desk import Role
from bot.model.news import ArticleState
from handlers.actor import Actor
from handlers.acts import Acts, shows_something
from handlers.answers import MAY_BE_EDITED, PARTS, SAID, Answer, Answers
from handlers.desk import as_seen
from handlers.edits import offer
from handlers.made import MadeOf
from handlers.offered import Offers, offer_draft
from handlers.origin import Handler, Origin
from handlers.proposals import Proposals
from handlers.question_kinds import Ask, Correct, Fits, Question
from handlers.questions import Questions
from handlers.said import Said
from handlers.submissions import submission_of
from handlers.undo import Undos

_TITLE_LINES = 2  # a long headline may have been broken
_PAST = {"seen", "tried"}  # what the answer has changed, and which message was refused before


@dataclass(slots=True, kw_only=True)
class QuestionMiddleware(BaseMiddleware):
    """Gives handlers `questions`. What follows sees a question as open only if what happened can be its answer."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Close the question, if one is open and this is no answer to it; then handle; then close what was answered."""
        actor: Actor | None = data.get("actor")
        if actor is None:
            return await handler(event, data)
        await _remember(event, data)
        await _as_the_group(data)
        data["questions"] = _questions(actor, data)
        data["undos"] = _undos(event, data)
        answer = await self._within(handler, event, data)
        questions: Questions = data["questions"]  # those of an edited answer by now, where it was one
        await questions.settle()
        return answer

    async def _within(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        actor, questions = data["actor"], data["questions"]
        origin: Origin = data["origin"]
        if origin.edited:
            return await self._edited(handler, event, data)
        if origin.command is None and await questions.is_over():
            return None
        if data.get("raw_state") is None:
            return await handler(event, data)
        question = await questions.current()
        if question is not None and await self._is_talk(origin, questions):
            data["raw_state"] = None
            return await handler(event, data)
        if question is not None and _answers(origin, question):
            return await self._answered(handler, event, data)
        data["raw_state"], questions.was_open = None, question is not None
        if question is not None and (message := _refused(origin, actor)) is not None:
            text = actor.say("question-closed", question=actor.say(question.phrase))
            offered = await offer_draft(message, text, data["state"], actor, questions.reply)
            await questions.close()
            return offered
        await questions.close()
        answer = await handler(event, data)
        await questions.tidy()  # after an error, `handlers/errors.py` does
        return answer

    async def _answered(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle an answer, and remember one that may be given again by an edit."""
        questions, asked, about = data["questions"], data["raw_state"], await data["questions"].about()
        await questions.note(tried=data["origin"].message.message_id)
        answer = await handler(event, data)
        if asked in MAY_BE_EDITED and await questions.current() is None:
            message: int = data["origin"].message.message_id
            kept = {name: value for name, value in about.items() if name not in _PAST}
            then = await _as_it_is(asked, about, data)
            await Answers(data["state"]).keep(Answer(message=message, state=asked, about=kept, then=then))
        return answer

    async def _edited(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle an edit: of an answer it answers, of anything else it closes no question."""
        origin: Origin = data["origin"]
        if await self._was_refused(origin, data["questions"]):
            return await self._answered(handler, _as_sent(event, data), data)
        if before := await self._answer_before(origin, data):
            return await self._again(before, handler, event, data)
        return await handler(event, data)

    async def _was_refused(self, origin: Origin, questions: Questions) -> bool:
        """Tell whether an edited message is the last answer to the question that is open, which it did not close."""
        question = await questions.current()
        if question is None or not _answers(origin, question) or not isinstance(origin.message, Message):
            return False
        return (await questions.about()).get("tried") == origin.message.message_id

    async def _answer_before(self, origin: Origin, data: dict[str, Any]) -> Answer | None:
        """Return the answer that an edited message was; None where it was none, or the first of several messages."""
        state, number = data.get("state"), origin.message.message_id
        if state is None or not isinstance(origin.message, Message):
            return None
        act = await Acts(state).last()
        if act is not None and number in act.numbers and len(act.numbers) > 1:
            return None
        made, answer = await MadeOf(state).by_message(number), await Answers(state).by_message(number)
        offer = await Offers(state).by_message(number)
        if (made is not None and made.in_parts) or (offer is not None and offer.in_parts) or answer is None:
            return None
        drafted = answer.state == SAID and await data["drafts"].made_of(submission_of(origin.message).key) is not None
        return None if drafted else answer

    async def _again(self, before: Answer, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Answer a question again, unless what it was about has changed since."""
        questions, origin, actor = data["questions"], data["origin"], data["actor"]
        if before.state not in {SAID, Ask.search.state} and actor.editor.role < Role.AUTHOR:
            return None  # whoever answered is no editor any more
        proposal = await Proposals(data["state"]).said_by(before.message)
        outdated = before.state == Correct.text.state and proposal is None
        changed = outdated or await _as_it_is(before.state, before.about, data) != before.then
        if changed and before.again != _edit(origin.message):
            article = await data["drafts"].found(int(before.about["article"]), actor.editor)
            return await offer(article, origin.message, actor, questions.reply, whole=False) if article else None
        await Answers(data["state"]).keep(replace(before, again=_edit(origin.message)))
        if proposal is None:
            await questions.strip(before.about.get("shown"))
            return await self._given_anew(before, handler, event, data)
        state: FSMContext = data["state"]
        await Proposals(state).drop(proposal.card)
        await questions.strip(proposal.card)
        given = await self._given_anew(before, handler, event, data)
        anew = await Proposals(state).said_by(before.message)
        if anew is not None and (await state.get_data()).get("card") == proposal.card:  # what has changed is asked
            await state.update_data(card=anew.card)
        return given

    async def _given_anew(self, before: Answer, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle an edited answer as if it were sent now."""
        questions, actor = data["questions"], data["actor"]
        left = before.again == _edit(data["origin"].message) and (await questions.about()).get("asked") is None
        event = _as_sent(event, data)
        # The question that is open meanwhile stays so, unless it is this very one, opened again before a kill.
        if data.get("raw_state") is not None and not (left and data["raw_state"] == before.state):
            state: FSMContext = data["state"]
            data["state"] = FSMContext(storage=state.storage, key=replace(state.key, destiny="again"))
            questions.meanwhile = Questions(state=state, actor=actor, reply=questions.reply)
        questions = data["questions"] = _questions(actor, data)
        data["raw_state"] = before.state or None
        if before.state == SAID:
            return await handler(event, data)
        await questions.reopen(before.state, before.about)
        return await self(handler, event, data)

    async def _is_talk(self, origin: Origin, questions: Questions) -> bool:
        """Tell whether this is said to others in a group: it neither answers the question nor closes it."""
        if origin.tap is not None or origin.command is not None or not isinstance(origin.message, Message):
            return False
        if origin.is_private or origin.message.forward_origin is not None:
            return False
        return not await questions.is_replied_to(origin.message)


def _edit(message: Message | InaccessibleMessage) -> str:
    """Return a mark of a message as it was edited."""
    said = (message.edit_date, message.text, message.caption) if isinstance(message, Message) else ()
    return sha256(repr(said).encode()).hexdigest()[:16]


def _as_sent(event: TelegramObject, data: dict[str, Any]) -> Update:
    """Return an edited message as one that has just been sent."""
    assert isinstance(event, Update)
    data["origin"] = replace(data["origin"], edited=False)
    return event.model_copy(update={"message": event.edited_message, "edited_message": None})


def _questions(actor: Actor, data: Mapping[str, Any]) -> Questions:
    before: Questions | None = data.get("questions")  # of an edit that is handled as an answer
    meanwhile = before.meanwhile if before is not None else None
    said = origin.message.message_id if (origin := data["origin"]).tap is None else None
    return Questions(state=data.get("state"), actor=actor, reply=data["reply"], meanwhile=meanwhile, message=said)


def _undos(event: TelegramObject, data: Mapping[str, Any]) -> Undos:
    state: FSMContext | None = data.get("state")
    beside = FSMContext(storage=state.storage, key=replace(state.key, destiny="changed")) if state is not None else None
    assert isinstance(event, Update)
    return Undos(state=beside, update=event.update_id, tapped=data["reply"].tapped, searches=data["searches"])


async def _remember(event: TelegramObject, data: dict[str, Any]) -> None:
    """Remember what somebody says to the bot, so that an edit which changes nothing of it does nothing."""
    origin, state = data["origin"], data.get("state")
    said = origin.message if origin.tap is None and (origin.is_private or origin.command is not None) else None
    if state is not None and isinstance(said, Message) and isinstance(event, Update):
        await Said(state).note(said, event.update_id)


async def _as_the_group(data: dict[str, Any]) -> None:
    """Have whoever taps as themselves, and writes in the name of the group, be asked as they will answer."""
    state: FSMContext | None = data.get("state")
    if "answers_as" in data and state is not None:
        data["state"] = FSMContext(storage=state.storage, key=replace(state.key, user_id=data["answers_as"]))
        data["raw_state"] = await data["state"].get_state()


async def _as_it_is(state: str, about: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Return a mark of what an answer was about, as that is now: a part of a draft, or all of an article."""
    number, actor = about.get("article"), data["actor"]
    article = await data["drafts"].found(number, actor.editor) if isinstance(number, int) else None
    if article is None:
        return ""
    part = state.rpartition(":")[2] if state in PARTS and article.state is ArticleState.DRAFT else ""
    return ":".join(as_seen(article, part))


def can_answer(question: Question, message: Message) -> bool:
    """Tell whether a message can be an answer at all; whether it is a good one, the question's handler says."""
    pictured = shows_something(message)
    if message.forward_origin is not None and not question.forwards:
        return pictured and not message.caption and question.fits is Fits.PICTURE
    forwarded = question.forwards and message.forward_origin is not None
    if question.fits is Fits.ANYTHING or forwarded or (question.contacts and message.contact is not None):
        return True
    if question.fits is Fits.PICTURE and pictured:
        return "\n" not in (message.caption or "").strip()  # that would be an article
    lines = [line.strip() for line in (message.text or "").strip().split("\n")]
    if not any(lines):
        return False
    match question.fits:
        case Fits.TEXT:
            return True
        case Fits.PARAGRAPH:
            return "" not in lines and len(lines) <= _TITLE_LINES
        case _:
            return len(lines) == 1


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
