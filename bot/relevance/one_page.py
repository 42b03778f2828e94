"""News of one address: whether what comes there is what stands there, or other news of the same page.

An address is a strong sign that two texts are one article, and no proof: live reports, lists of alerts and front pages
have much news on one page, where the next piece reads like the last one. Two that differ in what counts are two, and so
are two that say the same of another moment; in doubt the second only resembles the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.relevance import Sibling
from bot.relevance.differences import Difference
from bot.relevance.fingerprints import Fingerprint
from bot.relevance.similarity import Likeness, differing, is_bulletin, reads_alike

_EDITED, _TELLING = 0.8, 12  # of the words of the shorter text are the same in two versions; of the longer where so few
_MINUTE = timedelta(minutes=1)
_AGAIN = timedelta(hours=1)  # what is said later than that in the same few words is said of something new

Key = int | Sibling
"""What an article that is compared is named by: its number, or its place in the batch."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of a page: the one that it is a copy of or else itself, its sketch, and when it appeared."""

    first: Key
    sketch: Fingerprint
    at: datetime | None


def found_on(page: Sequence[Piece], sketch: Fingerprint, at: datetime | None) -> tuple[Likeness, Key | None]:
    """Return how much a new article of a page is one that stands there, and which one; of several like it the newest.

    The page has its oldest article first.
    """
    several = len({one.first for one in page}) > 1
    resembled: Key | None = None
    for one in page:
        found = _likeness(sketch, one.sketch, several=several, at_once=_at_once(at, one.at))
        if found is Likeness.COPY and not _told_anew(sketch, at, one, page):
            return found, one.first
        if found is not Likeness.OTHER:
            resembled = one.first
    return (Likeness.OTHER, None) if resembled is None else (Likeness.RESEMBLES, resembled)


def is_version(a: Fingerprint, b: Fingerprint, at: datetime | None, other: datetime | None) -> bool:
    """Tell whether what an address holds now, `a`, is what it held before, gone over; `other` is when that appeared."""
    at_once = _at_once(at, other)
    likeness = _likeness(a, b, several=False, at_once=at_once)
    edited = likeness is Likeness.RESEMBLES and not is_bulletin(a, b) and differing(a, b) <= Difference.DOUBT
    return at_once or likeness is Likeness.COPY or edited


def _likeness(a: Fingerprint, b: Fingerprint, *, several: bool, at_once: bool) -> Likeness:
    """Compare two texts of one address; in two languages they are a translation where the page has nothing else."""
    if a.language != b.language:
        return Likeness.COPY if at_once and not several else Likeness.OTHER
    sizes = sorted((len(a.words), len(b.words)))
    common = len(a.words.keys() & b.words.keys())
    titled = bool(a.title) and a.title == b.title
    if not titled and 2 * common < sizes[0]:
        return Likeness.OTHER
    edited = _EDITED * (sizes[0] if sizes[0] >= _TELLING else sizes[1]) <= common
    found = differing(a, b)
    if found > Difference.DOUBT:
        return Likeness.RESEMBLES if edited else Likeness.OTHER
    same = found is Difference.NONE and (is_bulletin(a, b) or reads_alike(a, b))
    whole = titled and common == sizes[0]  # one has only the lead of the other, or less
    return Likeness.COPY if same or whole or (at_once and (titled or edited)) else Likeness.RESEMBLES


def _at_once(at: datetime | None, other: datetime | None) -> bool:
    """Tell whether two appeared at one moment: nobody can tell of one on the hour, as dates without a time are."""
    return at is not None and other is not None and at == other and bool(at.minute or at.second)


def _told_anew(sketch: Fingerprint, at: datetime | None, one: Piece, page: Sequence[Piece]) -> bool:
    """Tell whether the same is said of another moment: long after, or when something else has come in between."""
    if at is None or one.at is None or abs(at - one.at) < _MINUTE:
        return False
    if is_bulletin(sketch, one.sketch) and abs(at - one.at) > _AGAIN:
        return True
    first, last = sorted((at, one.at))
    return any(other.at is not None and first < other.at < last and other.first != one.first for other in page)
