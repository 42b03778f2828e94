"""Correcting what is published: a typo, a correction, a retraction; and the deliveries to whoever has a copy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.desk.typos import mended_body, mended_line
from bot.errors import Empty, TooLong, Unchanged
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, Editor
from bot.model.limits import LEAD_MOST, NOTE_MOST, TEXT_MOST, TITLE_MOST
from bot.model.news import Article, RevisionKind
from bot.ports import ArticleStore, CorrectionStore
from bot.readers.published import published
from bot.relevance.written import written_beside
from bot.text.beside import at_hand, beside, changes_at_hand
from bot.text.cleaning import clean_line
from bot.text.entities import Entity, parse_message
from bot.text.markup import to_html
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Changing a published article and the copies that readers hold; `wake_fan_out` has the copies changed at once."""

    articles: ArticleStore
    corrections: CorrectionStore
    clock: Clock
    wake_fan_out: Callable[[], None]

    async def open(self, article_id: int) -> Article:
        """Return a published article; raises NotFound when there is none of that number any more."""
        return await published(self.articles, article_id)

    async def hearers(self, article: Article) -> int:
        """Return how many readers a correction of an article would be told to now: those who hold a copy of it."""
        return await self.corrections.holders(article.id)

    async def proposed(self, article: Article, part: str, text: str, entities: Iterable[Entity] = ()) -> Article:
        """Return the article with a new title, lead or body, or one mended by "was -> is"; nothing is stored.

        Raises:
            Empty: nothing is left of the title or the body.
            Unchanged: it stands there already.
            TooLong: it is longer than an article's part may be.
            NotThere, ThereTwice: "was -> is" of what does not stand there, or more than once.

        """
        match part:
            case "title":
                title = clean_line(mended_line(article.title, text) or text)
                changed = replace(article, title=_fitting(title, TITLE_MOST))
            case "lead":
                text = mended_line(article.lead, text) or text
                lead = "" if text.strip() in {"-", "–", "—"} else _fitting(clean_line(text), LEAD_MOST)
                changed = replace(article, lead=lead)
            case _:
                _fitting(text, TEXT_MOST)
                length = max(len(article.body), len(text))
                body = await beside(length, _mended_or_new, article.body, text, tuple(entities))
                changed = replace(article, body=body)
        if changed == article:
            raise Unchanged
        await at_hand([changed.body])
        await changes_at_hand(article.body, changed.body)
        return replace(changed, minutes=(await written_beside(changed)).minutes)

    async def correct(self, changed: Article, kind: RevisionKind, note: str, editor: Editor) -> int:
        """Make the changed article public; returns the number of the publication that changes the copies.

        Raises:
            Stale: somebody else has changed it since it was opened.
            TooLong: the note is longer than NOTE_MOST.

        """
        parts = ArticleChanges(title=changed.title, lead=changed.lead, body=changed.body, minutes=changed.minutes)
        return await self._correct(changed, kind, note, editor, parts)

    async def retract(self, article: Article, note: str, editor: Editor) -> int:
        """Take an article back; returns the number of the publication that changes the copies. Raises as `correct`.

        `note` is what readers are told of why, "" for nothing.
        """
        return await self._correct(article, RevisionKind.RETRACTION, note, editor, ArticleChanges())

    async def _correct(
        self, article: Article, kind: RevisionKind, note: str, editor: Editor, parts: ArticleChanges
    ) -> int:
        silent = kind is RevisionKind.TYPO or (kind is RevisionKind.RETRACTION and not note)
        text = "" if silent else self.checked_note(note)
        terms = None if kind is RevisionKind.RETRACTION else (await written_beside(article)).terms
        correction = Correction(
            article_id=article.id,
            version=article.version,
            kind=kind,
            by=editor.user_id,
            note=text,
            changes=parts,
            terms=terms,
        )
        number = await self.corrections.correct(correction, self.clock.now())
        self.wake_fan_out()
        return number

    def checked_note(self, text: str) -> str:
        """Return what an editor says of a correction, as it is kept; raises Empty or TooLong."""
        return _fitting(clean_line(text), NOTE_MOST)


def _mended_or_new(body: str, text: str, entities: Sequence[Entity]) -> str:
    """Return a body with what a message replaces in it, or what the message says itself. Raises as `mended_body`."""
    mended = mended_body(body, text)
    return mended if mended is not None else to_html(parse_message(text, entities))


def _fitting(text: str, limit: int) -> str:
    if not text.strip():
        raise Empty
    if len(text) > limit:
        raise TooLong(length=len(text), limit=limit)
    return text
