"""What an article's words come to, worked out once and handed on: the one recipe for its plain text and its terms.

A text is written once and asked about many times: for its topics when it is drafted, for its audience and its copies
when it is published, for its keywords when it is fanned out, for the index when it is public.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from bot.model.news import Article, Incoming
from bot.model.relevance import NewArticle, WrittenArticle
from bot.relevance.lemmas import lemmas, terms_of
from bot.text.beside import beside
from bot.text.document import document_text
from bot.text.language import reading_minutes
from bot.text.markup import stored_document
from bot.text.urls import url_key

_REMEMBERED = 32  # texts of some 50 kB each with their words: what a desk has in hand


def plain_text(body: str) -> str:
    """Return a body (canonical HTML) without markup."""
    return document_text(stored_document(body)) if body else ""


def whole_text(lead: str, body_text: str) -> str:
    """Return what is compared, and what the model reads, of an article beside its title."""
    return f"{lead}\n{body_text}".strip()


def work_out(title: str, lead: str, body: str, language: str, tags: tuple[str, ...] = ()) -> WrittenArticle:
    """Work out an article's words from its parts, `body` in canonical HTML."""
    text = plain_text(body)
    words = WrittenArticle(text, terms_of(title, lead, text, language), reading_minutes(lead, text))
    return tagged(words, tags, language)


def tagged(words: WrittenArticle, tags: tuple[str, ...], language: str) -> WrittenArticle:
    """Return the words of an article with those of its tags: they count as if they stood in its lead."""
    if not tags:
        return words
    lead = Counter(words.terms.lead) + Counter(lemmas("\n".join(tags), language))
    return replace(words, terms=replace(words.terms, lead=lead))


remembered = lru_cache(maxsize=_REMEMBERED)(work_out)
"""`work_out`, once for a text that is asked about again. Not for archives: they would push out what the desk has."""


def written(article: Article | Incoming) -> WrittenArticle:
    """Return an article's words, which are worked out only if nobody has asked about this very text lately."""
    return remembered(article.title, article.lead, article.body, article.language, article.tags)


async def written_beside(article: Article | Incoming) -> WrittenArticle:
    """Return the same; the words of a long article are worked out beside the event loop."""
    return await beside(len(article.body), written, article)


def new_article(article: Article | Incoming, words: WrittenArticle, at: datetime | None) -> NewArticle:
    """Return an article as it is compared with those that are there, as if it appeared at that instant."""
    return NewArticle(article.title, whole_text(article.lead, words.text), words.terms, at, url_key(article.url))
