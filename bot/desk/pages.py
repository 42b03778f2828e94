"""An agency's page that an editor pasted or forwarded: what of it is the article, and what is left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import FutureTime
from bot.feeds.dates import BadDate
from bot.feeds.pages import read_page
from bot.feeds.yearless import nearest_in
from bot.text.cleaning import clean_line
from bot.text.entities import Entity, parse_message
from bot.text.intake import Post
from bot.text.pasted import Part, picked

_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedPage:
    """A page as an article: the post, its source, when it appeared.

    `at` is None when the page's time cannot be read or is yet to come, which `is_early` tells. `beyond` are the
    headings of what follows the text, `timed` says whether the reading time is told, `left_out` how many lines are no
    part of the article.
    """

    post: Post
    source: str
    at: datetime | None
    is_early: bool
    timed: bool
    beyond: tuple[str, ...]
    left_out: int


def pasted_page(text: str, entities: Iterable[Entity], zone: ZoneInfo, now: datetime) -> PastedPage | None:
    """Return the page that a message is, its clock in `zone`; None when it is none.

    A time over a line may stand in any message, so a page has something else of one as well.
    """
    page = read_page(text)
    if page is None or not page.is_certain:
        return None
    body = picked(Part(text, tuple(entities)), page.paragraphs)
    at = _moment(page.at, zone, now)
    return PastedPage(
        post=Post(clean_line(page.title), "", parse_message(body.text, body.entities)),
        source=clean_line(page.source),
        at=at if at is not None and at <= now else None,
        is_early=at is not None and at > now,
        timed=page.timed,
        beyond=page.beyond,
        left_out=page.left_out,
    )


def _moment(written: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when a page says it appeared; without a year, the nearest such moment, which is over or of this day."""
    try:
        return nearest_in(written, zone, now).at
    except FutureTime:
        return now + _SOON
    except BadDate:
        return None
