"""What relevance and storage exchange: articles as they are compared, placed, and embedded."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.news import Incoming, Origin, Terms, Topic


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
    """Where an article belongs: `same_as` is the article it copies, `follows` the one whose story it goes on with.

    `resembles` is one that it may copy, and may not: it is other news, and says what it looks like. `retells` are those
    whose news it tells in other words (`bot/relevance/similarity.py`), the closest first.
    """

    same_as: int | None = None
    follows: int | None = None
    resembles: int | None = None
    retells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sibling:
    """An article that arrives in the same batch and has no number yet: the one at this place in it, from 0."""

    place: int


@dataclass(frozen=True, slots=True)
class BatchPlacement:
    """Where an article of a batch belongs, see `Placement`: to one that is stored, or to one that comes with it."""

    same_as: int | Sibling | None = None
    follows: int | Sibling | None = None
    resembles: int | Sibling | None = None
    retells: tuple[int | Sibling, ...] = ()


NOWHERE = BatchPlacement()


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
class Fellows:
    """Some of the articles of a story, and how many it has; an article in no story is alone."""

    articles: tuple[int, ...]
    size: int


@dataclass(frozen=True, slots=True)
class SignBits:
    """Which numbers of an article's vector are above zero, a bit each, and the article's language."""

    article_id: int
    language: str
    bits: int


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """What is worked out of an article's words when it is written: the body without markup, words, minutes to read."""

    text: str
    terms: Terms
    minutes: int


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article on its way in with all that is worked out of it before it is stored.

    `topics` are numbered when the newsroom has them; those without a number (0) are known by their slugs, and made when
    there are none. They are `proposed` when neither a person nor a source has named them.
    """

    incoming: Incoming
    origin: Origin
    written: WrittenArticle
    topics: tuple[Topic, ...] = ()
    place: BatchPlacement = NOWHERE
    proposed: bool = False
