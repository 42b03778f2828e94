"""The questions that people are asked: what each is called, and what can answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from aiogram.fsm.state import State, StatesGroup


class Ask(StatesGroup):
    """Questions to a reader."""

    search = State()
    zone = State()
    words = State()
    quiet = State()
    hours = State()


class Write(StatesGroup):
    """Questions to an editor about a draft, or for one."""

    post = State()
    words = State()  # of a picture that came without any
    title = State()
    lead = State()
    body = State()
    source = State()
    photo = State()
    date = State()
    when = State()


class Correct(StatesGroup):
    """Questions to an editor about a published article."""

    text = State()
    note = State()
    reason = State()


class Arrange(StatesGroup):
    """Questions to an editor about what is related."""

    other = State()


class Name(StatesGroup):
    """Questions to an owner."""

    person = State()
    token = State()


class Follow(StatesGroup):
    """Questions to an editor about feeds."""

    address = State()
    source = State()


class Fits(Enum):
    """What can be an answer to a question."""

    ANYTHING = auto()
    TEXT = auto()
    LINE = auto()
    PARAGRAPH = auto()
    PICTURE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A kind of question: the phrase it is known by, what can be an answer, and whether a forward, or a contact, can.

    `in_channel` is the phrase that stands for it in a channel, where nobody can answer.
    """

    phrase: str
    fits: Fits
    forwards: bool = False
    contacts: bool = False
    in_channel: str = ""


_QUESTIONS: dict[str | None, Question] = {
    Ask.search.state: Question(phrase="search-ask", fits=Fits.LINE, in_channel="search-in-channel"),
    Ask.zone.state: Question(phrase="timezone-text", fits=Fits.LINE),
    Ask.words.state: Question(phrase="rules-ask", fits=Fits.LINE, in_channel="words-in-channel"),
    Ask.quiet.state: Question(phrase="quiet-ask", fits=Fits.LINE),
    Ask.hours.state: Question(phrase="hours-ask", fits=Fits.LINE),
    Write.post.state: Question(phrase="post-ask", fits=Fits.ANYTHING, forwards=True),
    Write.words.state: Question(phrase="words-ask", fits=Fits.ANYTHING, forwards=True),
    Write.title.state: Question(phrase="ask-title", fits=Fits.PARAGRAPH),
    Write.lead.state: Question(phrase="ask-lead", fits=Fits.PARAGRAPH),
    Write.body.state: Question(phrase="ask-body", fits=Fits.TEXT),
    Write.source.state: Question(phrase="ask-source", fits=Fits.PARAGRAPH),
    Write.photo.state: Question(phrase="ask-photo", fits=Fits.PICTURE),
    Write.date.state: Question(phrase="ask-date", fits=Fits.LINE),
    Write.when.state: Question(phrase="when-title", fits=Fits.LINE),
    Correct.note.state: Question(phrase="fix-ask-note", fits=Fits.PARAGRAPH),
    Correct.reason.state: Question(phrase="fix-ask-reason", fits=Fits.PARAGRAPH),
    Arrange.other.state: Question(phrase="tie-ask", fits=Fits.LINE),
    Follow.address.state: Question(phrase="feeds-ask", fits=Fits.LINE, forwards=True),
    Follow.source.state: Question(phrase="feed-ask-source", fits=Fits.LINE),
    Name.person.state: Question(phrase="editors-ask", fits=Fits.LINE, forwards=True, contacts=True),
    Name.token.state: Question(phrase="token-ask-name", fits=Fits.LINE),
}
_WORDS = {"album": "words-ask-album", "document": "words-ask-file"}
_WORDS |= dict.fromkeys(("video", "animation"), "words-ask-video")
_PARTS = {
    "title": Question(phrase="ask-title", fits=Fits.PARAGRAPH),
    "lead": Question(phrase="ask-lead", fits=Fits.PARAGRAPH),
    "body": Question(phrase="ask-body", fits=Fits.TEXT),
}


def kind_of(name: str | None, about: Mapping[str, Any]) -> Question:
    """Return the question of a state by its name, as it is with what belongs to it."""
    if name == Write.words.state:
        kinds = [one["kind"] for one in about.get("media", ())]
        together = bool(about.get("group")) or len(kinds) > 1
        return replace(_QUESTIONS[name], phrase=_WORDS.get("album" if together else kinds[0], "words-ask"))
    if name == Correct.text.state:
        return _PARTS.get(str(about.get("part")), _PARTS["body"])
    return _QUESTIONS[name]
