"""What listeners are told: the kind of event, when it happened, and the article as the API shows it."""

from datetime import datetime

from pydantic import BaseModel, Field

from bot.desk.agency import Standing
from bot.errors import NotFound
from bot.model.listeners import Event, EventKind
from bot.ports import ArticleStore, CorrectionStore, PublicationStore
from bot.screens.links import Links
from bot.web.api.models import Article, Sent

NAMES = {
    EventKind.PUBLISHED: "article.published",
    EventKind.CORRECTED: "article.corrected",
    EventKind.RETRACTED: "article.retracted",
    EventKind.FINISHED: "send.finished",
}
TEST = "webhook.test"


class Told(BaseModel):
    """What an event is about."""

    article: Article | None = Field(description="As it is when this is sent; none in a test.")
    kind: str = Field(default="", description="Of a change: `typo`, `correction` or `retraction`.")
    note: str = Field(default="", description="What readers were told of a change.")
    publication: Sent | None = Field(default=None, description="The send that has ended, with its figures.")


class Message(BaseModel):
    """One message to a listener, in the form of Standard Webhooks."""

    type: str = Field(description=f"One of {', '.join(f'`{name}`' for name in NAMES.values())}, `{TEST}`.")
    timestamp: datetime = Field(description="When it happened.")
    data: Told

    def written(self) -> bytes:
        """Return it as it is signed and sent."""
        return self.model_dump_json().encode()


def a_test(at: datetime) -> Message:
    """Return a message that tells nothing, by which it is tried whether one arrives."""
    return Message(type=TEST, timestamp=at, data=Told(article=None))


async def message_of(
    event: Event, articles: ArticleStore, publications: PublicationStore, corrections: CorrectionStore, links: Links
) -> Message:
    """Return what is told of an event, as things stand now; raises NotFound when there is nothing any more."""
    article = await articles.get(event.article_id)
    sends = await publications.of_article(event.article_id)
    told = Told(article=Article.of(Standing(article, tuple(sends)), links))
    if event.kind in EventKind.CORRECTED | EventKind.RETRACTED:
        change = await corrections.told(event.article_id, event.revision)
        if change is not None:
            told = told.model_copy(update={"kind": change.kind.name.lower(), "note": change.note})
    if event.publication_id is not None:
        ended = next((one for one in sends if one.id == event.publication_id), None)
        if ended is None:
            raise NotFound
        told = told.model_copy(update={"publication": Sent.of(ended)})
    return Message(type=NAMES[event.kind], timestamp=event.at, data=told)
