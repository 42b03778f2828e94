"""What relevance and storage exchange: articles as they are compared, placed, and embedded."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.news import Incoming, Terms, Topic


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that comes in. `text` is lead and body without markup; `at` is None when its time is not known."""

    title: str
    text: str
    terms: Terms
    at: datetime | None
    url_key: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article that is there already, as far as a comparison needs it."""

    id: int
    title: str
    text: str
    at: datetime | None
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs: `same_as` names the article it copies, `follows` the one whose story it goes on with.

    Of an import's batch, an article that is not stored yet is named by its place in the batch, counted from -1 down.
    """

    same_as: int | None = None
    follows: int | None = None


NOWHERE = Placement()


@dataclass(frozen=True, slots=True)
class ToEmbed:
    """A published article that the model has not read in this revision; `text` is what it is given to read."""

    id: int
    revision: int
    text: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article's vector, and the language it is in."""

    vector: bytes
    language: str


@dataclass(frozen=True, slots=True)
class SignBits:
    """Which numbers of an article's vector are above zero, a bit each, and the article's language."""

    article_id: int
    language: str
    bits: int


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """An item with all that is worked out of it before it is stored."""

    incoming: Incoming
    minutes: int
    terms: Terms
    topics: tuple[Topic, ...]
    text: str = ""
    place: Placement = NOWHERE
