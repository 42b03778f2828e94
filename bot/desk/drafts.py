"""Drafts: from what an editor sent to an article that is ready to be published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.pages import PastedPage, pasted_page
from bot.desk.typos import is_mended, mended_body, mended_line
from bot.errors import Approved, Empty, NotAllowed, NotFound, Stale, TooLong
from bot.feeds.intake import advised, album_of, drafted
from bot.model.changes import UNCHANGED, ArticleChanges
from bot.model.desk import Editor, Role
from bot.model.limits import LEAD_MOST, SOURCE_MOST, TEXT_MOST, TITLE_MOST
from bot.model.news import Article, ArticleState, Incoming, Page, Photo, Topic
from bot.ports import ArticleStore, TopicStore
from bot.relevance.topic_adviser import TopicAdviser
from bot.relevance.written import written_beside
from bot.text.beside import beside
from bot.text.cleaning import clean_line, safe_url
from bot.text.document import document_text
from bot.text.entities import Entity, parse_message
from bot.text.intake import read_post
from bot.text.language import detect_language
from bot.text.markup import to_html
from bot.timing.clock import Clock
from bot.timing.typed_past import parse_past

_NOTHING, _SAID = frozenset({"-", "–", "—"}), ("title", "lead", "body", "source", "published_at")
UNPUBLISHED = frozenset({ArticleState.DRAFT, ArticleState.SCHEDULED})
OVER = frozenset({ArticleState.DISCARDED, ArticleState.RETRACTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What an editor sent: the text with its entities, perhaps pictures, perhaps where it was forwarded from.

    `key` names the message: the same one again makes no second draft.
    """

    key: str
    text: str
    entities: tuple[Entity, ...] = ()
    media: tuple[Photo, ...] = ()
    origin: str = ""
    origin_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Making and changing drafts. Every change is an act of an editor and makes older buttons stale.

    `newsroom` is the source of what names none, `zone` where the clock of a pasted page is.
    """

    articles: ArticleStore
    topics: TopicStore
    clock: Clock
    newsroom: str
    zone: str
    adviser: TopicAdviser | None = None

    async def draft(self, submission: Submission, editor: Editor) -> Article:
        """Make a draft; topics, language and source are proposed from the text.

        Raises:
            Empty: there is no text.
            TooLong: the text is longer than TEXT_MOST.

        """
        _check_length(submission.text, TEXT_MOST)
        page = self.page_in(submission)
        post = page.post if page is not None else read_post(submission.text, submission.entities)
        own = page.source if page is not None else ""
        incoming = Incoming(
            title=post.title,
            lead=post.lead,
            body=to_html(post.body),
            source=own or clean_line(submission.origin) or self.newsroom,
            published_at=page.at if page is not None else None,
            url=safe_url(submission.origin_url),
            language=detect_language(f"{post.title} {post.lead} {document_text(post.body)}"),
            photo=album_of(submission.media),
            identity=f"message:{submission.key}",
        )
        topics = await self.topics.all()
        ready = await beside(len(incoming.body), drafted, incoming, editor.user_id, topics)
        prepared = await advised(ready, self.adviser, topics)
        number = await self.articles.draft(prepared, self.clock.now())
        return await self.articles.get(number)

    def page_in(self, submission: Submission) -> PastedPage | None:
        """Return the agency's page that a submission is; None when it is none."""
        return pasted_page(submission.text, submission.entities, ZoneInfo(self.zone), self.clock.now())

    async def made_of(self, key: str) -> Article | None:
        """Return the article that was made of a message, in whatever state, the newest; None when none was."""
        number = await self.articles.identified(f"message:{key}")
        if number is None:
            return None
        article = await self.articles.get(number)
        if article.state not in OVER:
            return article
        return await self.made_of(_again(key, article)) or article

    async def draft_anew(self, submission: Submission, editor: Editor) -> Article:
        """Make a draft of a message, also where one made of it was discarded or retracted; raises as `draft`."""
        before = await self.made_of(submission.key)
        if before is not None and before.state in OVER:
            submission = replace(submission, key=_again(submission.key, before))
        return await self.draft(submission, editor)

    async def rewrite(self, article: Article, sent: Submission, editor: Editor, seen: int) -> Article:
        """Make a draft anew of a longer or shorter text; its picture stays, and its source unless a page has its own.

        One that says so already stays as it is: it is handled again. Raises as `draft`, and Stale: it is no draft any
        more, or not of version `seen` and says something else.
        """
        _check_length(sent.text, TEXT_MOST)
        page = self.page_in(sent)
        post = page.post if page is not None else read_post(sent.text, sent.entities)
        language = detect_language(f"{post.title} {post.lead} {document_text(post.body)}")
        incoming = Incoming(title=post.title, lead=post.lead, body=to_html(post.body), language=language)
        topics = await self.topics.all()
        ready = await beside(len(incoming.body), drafted, incoming, editor.user_id, topics)
        prepared = await advised(ready, self.adviser, topics)
        changes = ArticleChanges(
            title=prepared.incoming.title,
            lead=prepared.incoming.lead,
            body=prepared.incoming.body,
            language=language,
            minutes=prepared.written.minutes,
            topics=frozenset(topic.id for topic in prepared.topics),
            source=page.source if page is not None and page.source else UNCHANGED,
            published_at=page.at if page is not None else UNCHANGED,
        )
        if all(getattr(changes, one) in {UNCHANGED, getattr(article, one)} for one in _SAID):
            return article
        return await self._revise(replace(article, version=seen), changes, editor)

    async def open(self, article_id: int, editor: Editor) -> Article:
        """Return a draft for its desk card.

        Raises:
            NotFound: it was discarded or never was.
            NotAllowed: an author asks for somebody else's draft.

        """
        article = await self.articles.get(article_id)
        if article.state is ArticleState.DISCARDED:
            raise NotFound
        if editor.role < Role.EDITOR and article.author_id != editor.user_id:
            raise NotAllowed
        return article

    async def found(self, article_id: int, editor: Editor) -> Article | None:
        """Return an article in whatever state, discarded ones too; None when there is none, or it is not theirs."""
        try:
            article = await self.articles.get(article_id)
        except NotFound:
            return None
        return article if editor.role >= Role.EDITOR or article.author_id == editor.user_id else None

    async def current(self, article_id: int, version: int, editor: Editor) -> Article:
        """Return what is not published yet, to be changed.

        Raises as `open` does, Approved when it is no author's any more, and Stale when it has changed since.
        """
        article = await self.open(article_id, editor)
        if article.state not in UNPUBLISHED:
            raise Stale
        _check_approved(article, editor)
        if article.version != version:
            raise Stale
        return article

    async def changeable(self, article_id: int, editor: Editor) -> Article:
        """Return a draft as it is now, to be changed; raises as `open`, and Approved."""
        article = await self.open(article_id, editor)
        _check_approved(article, editor)
        return article

    async def all_topics(self) -> list[Topic]:
        """Return the topics an article can be filed under, in the desk's order."""
        return await self.topics.all()

    def is_so(self, article: Article, part: str, sent: Submission, zone: str) -> bool:
        """Tell whether a part of an article is already what an answer about it says; raises as `set_date` does."""
        if is_mended(article, part, sent.text):
            return True
        match part:
            case "title":
                return article.title == clean_line(sent.text)
            case "lead":
                return article.lead == _line_in(sent.text)
            case "body":
                return article.body == to_html(parse_message(sent.text, sent.entities))
            case "source":
                if sent.text.strip() in _NOTHING:
                    return (article.source, article.url) == (self.newsroom, "")
                name, url = _source_in(sent.text)
                return name in {"", article.source} and url in {"", article.url}
            case "photo":
                return article.photo == album_of(sent.media)
            case _:
                return article.published_at == self._date_in(sent.text, zone)

    async def set_title(self, article: Article, text: str, editor: Editor) -> Article:
        """Change the title, or mend it by "was -> is"; raises Empty, TooLong, NotThere or ThereTwice."""
        title = clean_line(mended_line(article.title, text) or text)
        if not title:
            raise Empty
        _check_length(title, TITLE_MOST)
        return article if title == article.title else await self._revise(article, ArticleChanges(title=title), editor)

    async def set_lead(self, article: Article, text: str, editor: Editor) -> Article:
        """Change the lead or mend it; a text of "-" takes it away. Raises TooLong, and as `set_title`."""
        lead = _line_in(mended_line(article.lead, text) or text)
        _check_length(lead, LEAD_MOST)
        minutes = (await written_beside(replace(article, lead=lead))).minutes
        return await self._revise(article, ArticleChanges(lead=lead, minutes=minutes), editor)

    async def set_body(self, article: Article, text: str, entities: Iterable[Entity], editor: Editor) -> Article:
        """Change the text, with its formatting, or mend it; raises as `set_title`."""
        _check_length(text, TEXT_MOST)
        body = mended_body(article.body, text)
        if body is None:
            body = to_html(parse_message(text, entities))
        if not body:
            raise Empty
        minutes = (await written_beside(replace(article, body=body))).minutes
        return await self._revise(article, ArticleChanges(body=body, minutes=minutes), editor)

    async def set_source(self, article: Article, text: str, editor: Editor) -> Article:
        """Change the source; an address in the text becomes the link to the original. Raises Empty or TooLong.

        A text of "-" takes both away: the newsroom's own name stands there.
        """
        if text.strip() in _NOTHING:
            return await self._revise(article, ArticleChanges(source=self.newsroom, url=""), editor)
        name, url = _source_in(text)
        if not name and not url:
            raise Empty
        _check_length(name, SOURCE_MOST)
        changes = ArticleChanges(source=name or article.source, url=url or article.url)
        return await self._revise(article, changes, editor)

    async def set_date(self, article: Article, text: str, zone: str, editor: Editor) -> Article:
        """Give the article a date of its own, typed on a clock in `zone`; a text of "-" takes it away.

        Raises BadMoment, NoSuchDate or FutureTime.
        """
        return await self._revise(article, ArticleChanges(published_at=self._date_in(text, zone)), editor)

    async def set_photo(self, article: Article, media: Sequence[Photo], editor: Editor) -> Article:
        """Change the pictures; none takes them away."""
        return await self._revise(article, ArticleChanges(photo=album_of(media)), editor)

    async def set_language(self, article: Article, language: str, editor: Editor) -> Article:
        """Change the language the article is in."""
        return await self._revise(article, ArticleChanges(language=language), editor)

    async def toggle_topic(self, article: Article, topic_id: int, editor: Editor) -> Article:
        """File the article under a topic, or not any more; raises NotFound when there is no such topic."""
        if topic_id not in {topic.id for topic in (*article.topics, *await self.topics.all())}:
            raise NotFound
        chosen = frozenset(topic.id for topic in article.topics) ^ {topic_id}
        return await self._revise(article, ArticleChanges(topics=chosen), editor)

    async def discard(self, article: Article, editor: Editor) -> None:
        """Put a draft away for good."""
        may = editor.role >= Role.EDITOR
        await self.articles.discard(article.id, article.version, editor.user_id, self.clock.now(), scheduled=may)

    async def listed(self, state: ArticleState, offset: int, limit: int, editor: Editor) -> Page:
        """Return a page of the desk's articles in one state; of an author's own drafts when an author asks.

        Raises:
            NotAllowed: an author asks for what is no draft.

        """
        if editor.role >= Role.EDITOR:
            return await self.articles.desk_list(state, offset, limit)
        if state is not ArticleState.DRAFT:
            raise NotAllowed
        return await self.articles.desk_list(state, offset, limit, author=editor.user_id)

    def _date_in(self, text: str, zone: str) -> datetime | None:
        return None if text.strip() in _NOTHING else parse_past(text, self.clock.now(), zone)

    async def _revise(self, article: Article, changes: ArticleChanges, editor: Editor) -> Article:
        now, may = self.clock.now(), editor.role >= Role.EDITOR
        await self.articles.revise_draft(article.id, article.version, changes, editor.user_id, now, scheduled=may)
        return await self.articles.get(article.id)


def _again(key: str, over: Article) -> str:
    """Return the key of what is made of a message after that article was discarded or retracted."""
    return f"{key.partition('/')[0]}/{over.id}"


def _check_approved(article: Article, editor: Editor) -> None:
    if article.state is ArticleState.SCHEDULED and editor.role < Role.EDITOR:
        raise Approved


def _line_in(text: str) -> str:
    return "" if text.strip() in _NOTHING else clean_line(text)


def _source_in(text: str) -> tuple[str, str]:
    """Return the name of a source and the address that a text says, "" for none."""
    words = clean_line(text).split()
    url = next((address for word in words if (address := safe_url(word))), "")
    return " ".join(word for word in words if not safe_url(word)), url


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise TooLong(length=len(text), limit=limit)
