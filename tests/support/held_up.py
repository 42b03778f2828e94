"""Who works through a long text where everybody waits: in the thread of the event loop."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType

from bot.relevance.fingerprints import fingerprint
from bot.relevance.highlights import excerpt
from bot.relevance.lemmas import terms_of
from bot.relevance.written import remembered
from bot.screens.card import Card
from bot.telegram.wire import in_messages
from bot.text.beside import LONG
from bot.text.comparison import compared, stored_changes
from bot.text.document import document_text
from bot.text.markup import parse_html, stored_document
from bot.text.plain import plain, stored_plain
from bot.text.rich import rich_pages, stored_pages

_WATCHED: dict[CodeType, str] = {
    work.__code__: work.__name__
    for work in (parse_html, terms_of, fingerprint, excerpt, plain, rich_pages, in_messages, compared)
}


def forget_texts() -> None:
    """Forget what was worked out of texts, as a restart does."""
    for kept in (stored_document, stored_plain, stored_pages, stored_changes, remembered):
        kept.cache_clear()


@contextmanager
def held_up() -> Iterator[list[str]]:
    """Yield the names of what works through a long text in this thread during the block."""
    found: list[str] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        name = _WATCHED.get(frame.f_code) if event == "call" else None
        if name is not None and max(map(_length, frame.f_locals.values())) > LONG:
            found.append(" < ".join([name, *_callers(frame)]))

    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)


def _length(given: object) -> int:
    if isinstance(given, str):
        return len(given)
    if isinstance(given, Card):
        return len(given.text.text)
    return len(document_text(given)) if isinstance(given, tuple) and given and hasattr(given[0], "__slots__") else 0


def _callers(frame: FrameType | None, most: int = 8) -> Iterator[str]:
    """Yield who called it, the nearest first."""
    while most and frame is not None and (frame := frame.f_back) is not None:
        yield frame.f_code.co_qualname
        most -= 1
