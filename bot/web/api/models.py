"""What is asked and answered: what does not fit is refused by its name, and the OpenAPI document is made of this."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.desk.agency import Standing, Wanted
from bot.model.desk import Publication
from bot.model.limits import LEAD_MOST, NAME_MOST, NOTE_MOST, TITLE_MOST, TOPIC_MOST
from bot.screens.links import Links

_WEB = r"^https?://"
_MOST_TEXT = 1_000_000
Topic = Annotated[str, StringConstraints(min_length=1, max_length=TOPIC_MOST)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z-]{2,12}$")]


class Asked(BaseModel):
    """What is asked. A name that is not known is refused: it may be one that was spelt wrongly.

    So is what is of another type than the document says, were it a number that could be an instant.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(Asked):
    """The words of an article."""

    title: str = Field("", max_length=TITLE_MOST, description="Plain text; missing: the text's first sentence.")
    lead: str = Field("", max_length=LEAD_MOST, description="One paragraph under the title, plain text.")
    html: str = Field(
        "", max_length=_MOST_TEXT, description="The text. HTML is cleaned; plain text keeps its paragraphs."
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Words":
        if not self.title.strip() and not self.html.strip():
            raise ValueError("there is neither a title nor a text")
        return self


class NewArticle(Words):
    """An article that is brought."""

    id: str = Field("", max_length=NAME_MOST, description="Your id of it. The same id is the same article.")
    state: Wanted = Field(Wanted.DRAFT, description="What becomes of it; `archive` is public and sent to nobody.")
    url: str = Field("", max_length=2000, pattern=f"({_WEB})|^$", description="Where you have published it.")
    published_at: AwareDatetime | None = Field(None, description="When you published it; missing: now.")
    publish_at: AwareDatetime | None = Field(
        None, description="When it goes out, if not at once; nobody sees it before."
    )
    language: Language | None = Field(None, description="Such as `uk`, `en`; missing: recognised from the text.")
    topics: list[Topic] = Field(default=[], max_length=20, description="Names; those the newsroom has count.")
    story: str = Field("", max_length=NAME_MOST, description="Your own name of the event it belongs to.")
    photo: str = Field(
        "",
        max_length=2000,
        pattern=f"({_WEB})|^$",
        description="The address of its picture, or of one that was uploaded.",
    )
    urgent: bool = Field(default=False, description="Sent before everything else, and in quiet hours.")

    def fields(self) -> dict[str, object]:
        """Return the article as a record of an import: docs/IMPORT.md has the names."""
        at = self.published_at.isoformat() if self.published_at is not None else None
        named = self.model_dump(include={"id", "title", "lead", "html", "url", "language", "topics", "story", "photo"})
        return {**named, "published_at": at}


class ChangedArticle(Words):
    """The words of an article as they are to be."""

    kind: Literal["typo", "correction"] = Field(
        "correction", description="Of a public article: a typo changes copies silently, a correction says so."
    )
    note: str = Field("", max_length=NOTE_MOST, description="What a correction says has changed, in one sentence.")


class Uploaded(BaseModel):
    """A picture that was taken."""

    url: str = Field(description="What `photo` of the article has to be that shows it.")
    type: str = Field(description="What it is, by its content.")
    bytes: int


class Sent(BaseModel):
    """One publication: of its `total` copies how many have come to which end."""

    purpose: str
    state: str
    at: datetime
    total: int
    sent: int
    failed: int
    expired: int
    uncertain: int
    left: int

    @classmethod
    def of(cls, one: Publication) -> "Sent":
        """Return a publication as it is answered."""
        tally = one.tally
        return cls(
            purpose=one.purpose.name.lower(),
            state=one.state.name.lower(),
            at=one.at,
            total=tally.total,
            sent=tally.sent,
            failed=tally.failed,
            expired=tally.expired,
            uncertain=tally.uncertain,
            left=tally.left,
        )


class Article(BaseModel):
    """An article as it is now."""

    number: int = Field(description="What it is called here, in addresses and in Telegram.")
    id: str = Field(description="Your id of it.")
    state: str = Field(description="`draft`, `scheduled`, `published`, `retracted` or `discarded`.")
    title: str
    revision: int
    published_at: datetime | None
    page: str = Field(description="Its public page; empty where there are none.")
    telegram: str = Field(description="The link that opens it in Telegram.")
    publications: list[Sent] = Field(description="Newest first.")

    @classmethod
    def of(cls, standing: Standing, links: Links) -> "Article":
        """Return an article as it is answered."""
        article = standing.article
        return cls(
            number=article.id,
            id=article.external_id,
            state=article.state.name.lower(),
            title=article.title,
            revision=article.revision,
            published_at=article.published_at,
            page=links.page(article.id),
            telegram=links.article(article.id),
            publications=[Sent.of(one) for one in standing.publications],
        )
