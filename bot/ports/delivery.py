"""Storage of publications and deliveries, and what became of them. See `bot.ports` for how to read this.

A publication is one order to send an article or a correction of it; a delivery is one row of the ledger, what one
reader is to get. Work on many rows is done a stretch at a time, each in a transaction of its own.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model.desk import Correction, CorrectionNote, Order, Publication
from bot.model.ledger import (
    Asked,
    Claimed,
    ClaimFilter,
    DeliveryState,
    Step,
)
from bot.model.matching import MatchKey, Targeting
from bot.model.news import Terms


class PublicationStore(Protocol):
    """Publications, from the order to the end."""

    async def order(self, order: Order, now: datetime) -> int:
        """Order a draft to be published; returns the publication's number. Not to be repeated: it raises Stale then.

        Raises:
            Stale: the draft has another version by now, or was published, ordered or discarded already: two editors,
                or one button pressed twice, publish once.

        """
        ...

    async def move(self, order: Order, now: datetime) -> int:
        """Let what is ordered go out at another time; returns the publication's number. Not to be repeated.

        Raises:
            Stale: the article has another version by now, or does not wait any more.

        """
        ...

    async def cancel(self, article_id: int, version: int, by: int, now: datetime) -> None:
        """Take a scheduled article back to the drafts. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: it has another version by now, or does not wait any more.

        """

    async def due(self, now: datetime) -> list[Publication]:
        """Return the scheduled publications whose time has come, urgent ones first."""
        ...

    async def fanning(self) -> list[Publication]:
        """Return the running publications whose deliveries are not all in the ledger, urgent ones first."""
        ...

    async def halted(self, reason: str) -> list[Publication]:
        """Return the publications that are halted for a reason, as `SendStore.pause` has it, the oldest first."""
        ...

    async def get(self, publication_id: int) -> Publication:
        """Return a publication.

        Raises:
            NotFound: there is none of that number.

        """
        ...

    async def of_article(self, article_id: int) -> list[Publication]:
        """Return an article's publications, the newest first."""
        ...

    async def start(
        self,
        publication_id: int,
        version: int,
        terms: Terms,
        now: datetime,
        follows: int | None = None,
        retells: Sequence[int] = (),
    ) -> bool:
        """Publish: from this commit on the article is public and found, and its fan-out begins.

        `terms` are the article's words, `follows` is the article whose story it goes on with, `retells` are those that
        it tells in other words. Returns whether this call did it; False when another did, or the article has changed
        since `version`. May be repeated.
        """
        ...

    async def fan_out(
        self,
        publication_id: int,
        matter: Targeting,
        span: int,
        now: datetime,
        shelf_life: timedelta,
        told: Mapping[int, frozenset[MatchKey]],
    ) -> bool:
        """Write the deliveries of the next `span` readers; returns whether there are more to come.

        The rows, their number and the place reached are there together or not at all. What is not sent after
        `shelf_life` expires. May be repeated: a call goes on where the last one got to, and a reader who has the
        article already gets no second row. `told` see `bot.delivery.retellings`: what gets mentions instead of pushes.
        """
        ...

    async def settle(self, now: datetime) -> list[int]:
        """End the publications that have nothing left to send; returns their numbers. May be repeated."""
        ...

    async def watch(self, publication_id: int, chat_id: int, message_id: int) -> None:
        """Store which message shows this publication's progress from now on. May be repeated."""

    async def watched(self) -> list[Publication]:
        """Return the publications that have begun and whose progress message does not show their end yet."""
        ...

    async def reported(self, publication_ids: Sequence[int]) -> None:
        """Store that these publications' progress messages show their end. May be repeated."""


class LedgerStore(Protocol):
    """The delivery ledger, for one process start, its holder."""

    async def claim(
        self,
        limit: int,
        now: datetime,
        lease: timedelta,
        sift: ClaimFilter,
        done: Sequence[tuple[int, Step]] = (),
    ) -> Claimed:
        """Claim up to `limit` deliveries that are due, the most urgent first, then the oldest; one a chat at most.

        With the commit they are about to be sent, each in the revision that its article has now. A row is free when its
        chat has nothing in flight, nothing waiting in a more urgent lane and nothing older in its own: that keeps a
        chat's order. Edits alone pass what waits for the end of their reader's quiet hours. What `sift` puts aside ends
        or stays queued by the same commit, without having been tried. What became of others, `done`, is recorded first,
        as by `finish`, and by the same commit.

        Returns what may be sent, and how many rows were put aside. Not to be repeated for one result: every call claims
        further rows.

        Raises:
            ClaimUnconfirmed: the commit failed, or only seemed to: nothing may be sent. After any other error nothing
                was claimed. After either, `done` has to be recorded again.

        """
        ...

    async def renew(self, now: datetime, lease: timedelta) -> Collection[int]:
        """Lengthen the leases of what this holder is sending; returns the numbers of the rows that are still its own.

        May be repeated; a lease that is over stays over.
        """
        ...

    async def finish(self, steps: Sequence[tuple[int, Step]], now: datetime) -> None:
        """Record what became of deliveries of this holder. May be repeated.

        A row that was decided elsewhere meanwhile keeps that decision, with one exception: of a row that became
        uncertain, what its own try came to is the truth, however late.
        """

    async def leave_out(self, number: int, articles: Collection[int], now: datetime) -> None:
        """End the lines of a digest that this holder is about to send, as delivery `number`, without these articles.

        A correction of them does not come to its reader, nor do they into the digest. May be repeated.
        """

    async def give_back(self, begun: Collection[int]) -> int:
        """Put back what this holder has claimed, except these numbers, whose sending has begun.

        Returns how many rows those were. May be repeated.
        """
        ...

    async def recover(self, now: datetime, *, alone: bool = False) -> Counter[DeliveryState]:
        """Take over what vanished processes were sending: back to the queue, or uncertain. May be repeated.

        Concerns the rows of other holders whose lease is over; if `alone`, when no other process can run, all rows of
        other holders. Returns how many rows went into each state.
        """
        ...

    async def expire(self, now: datetime, most: int = 500) -> int:
        """Take up to `most` of what waited longer than it is worth out of the queue; returns how many rows that were.

        A headline of the last day becomes a line of its reader's next digest; everything else ends. May be repeated;
        0 says that nothing was left, or that another process was quicker.
        """
        ...


class CorrectionStore(Protocol):
    """Corrections of what is published, retractions among them."""

    async def correct(self, correction: Correction, now: datetime) -> int:
        """Make a new revision public and begin to change the copies; returns the number of the publication that does.

        From this commit on everybody who opens the article reads the new text, and what has not been sent yet is sent
        with it. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: the article has another version by now, or is not public.

        """
        ...

    async def spread(self, publication_id: int, span: int, now: datetime) -> bool:
        """Write the deliveries to the next `span` readers; returns whether there is more to do at once.

        May be repeated: a call goes on where the last one got to. At the end come copies that were being sent
        meanwhile; the fan-out is over only when none of an older revision is on its way.
        """
        ...

    async def holders(self, article_id: int) -> int:
        """Return how many readers hold a copy of an article that was sent to them: those whom a note would reach."""
        ...

    async def told(self, article_id: int, number: int) -> CorrectionNote | None:
        """Return what was said of a revision of an article; None when there is none of that number."""

    async def listed(self, offset: int, limit: int) -> Sequence[CorrectionNote]:
        """Return a stretch of what was corrected and retracted, the newest first."""
        ...


class DigestStore(Protocol):
    """Digests: what was held for a reader, in one message."""

    async def build(self, now: datetime, limit: int = 500) -> int:
        """Make the digests of up to `limit` readers for whom one is due; returns how many readers were due.

        The digest, its lines and the next due time are there together or not at all, so a crash makes neither two
        digests nor none. A reader for whom nothing is held gets no digest. May be repeated, until it returns 0.
        """
        ...

    async def ask(self, reader_id: int, now: datetime) -> Asked:
        """Make a digest of what is held for an active reader, before it is due; returns how many lines it has.

        Those to come stay planned. May be repeated: what went into one is held no more, and while one is under way no
        other is made.
        """
        ...

    async def promise(self, now: datetime, limit: int = 500) -> int:
        """Plan a digest for up to `limit` readers who have something held and none planned.

        Returns how many those were. May be repeated, until it returns 0.
        """
        ...

    async def items(self, digest_id: int) -> tuple[datetime, list[int]] | None:
        """Return when a digest was due and its articles, oldest first; None when there is no such digest."""

    async def reader_of(self, digest_id: int) -> int | None:
        """Return the number of the reader a digest is for, or None."""
