"""Storage of the word index and of what the optional model made of articles. See `bot.ports` for how to read this."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.model.news import Candidate, Lemma, Subject
from bot.model.relevance import Embedded, SignBits, ToEmbed


class WordStore(Protocol):
    """The word index of the published articles."""

    def reading(self) -> AbstractAsyncContextManager["WordIndex"]:
        """Return the index, open for as long as the context lasts: what one answer reads goes over one connection.

        Each of its methods sees what is committed when it is called.
        """
        ...

    async def vocabulary(self, most: int) -> list[str]:
        """Return up to `most` lemmas that several articles have, those that more articles have first."""
        ...


class WordIndex(Protocol):
    """The word index, opened by `WordStore.reading`; not to be used after that context.

    Scores are whole numbers, equal on both engines.
    """

    async def size(self) -> int:
        """Return how many articles are in the index."""
        ...

    async def known(self, texts: Sequence[str]) -> list[Lemma]:
        """Return those of these lemmas that some article has."""
        ...

    async def families(self, lemma_ids: Sequence[int]) -> list[Lemma]:
        """Return these lemmas and all others that have one of their stems, in no order."""
        ...

    async def kin(self, stems: Sequence[str]) -> list[Lemma]:
        """Return the lemmas that have one of these stems."""
        ...

    async def subject(self, article_id: int) -> Subject | None:
        """Return what an article is in the index and to editors; None when there is none of that number."""

    async def vectors(self, article_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int, int]]]:
        """Return the lemmas of articles: number to times in the title, the lead and the body."""
        ...

    async def candidates(
        self, article_ids: Sequence[int], language: str = ""
    ) -> list[tuple[Candidate, AbstractSet[int]]]:
        """Return the published ones of these articles, of one language or any, in no order.

        Beside each are the lemmas that stand in its title or its lead.
        """
        ...

    async def copied(self, article_ids: Sequence[int]) -> dict[int, int]:
        """Return of those that are copies the article that each copies."""
        ...

    async def sharing(
        self,
        worths: Mapping[int, int],
        limit: int,
        late: Mapping[int, int] | None = None,
        among: Sequence[int] | None = None,
    ) -> list[tuple[int, int]]:
        """Return up to `limit` hot articles that share lemmas with a query, as (article, score), the closest first.

        `worths` and `late` are lemmas and what each adds to a score. Articles that share nothing but `late` ones are
        left out. Of equal scores the newer article comes first. Of these `limit` only those `among` some articles are
        returned, if any are given.
        """
        ...

    async def matching(self, groups: Sequence[Sequence[str]], limit: int, *, without: Sequence[str] = ()) -> list[int]:
        """Return up to `limit` articles that have one token of each group and none of `without`, newest first."""
        ...


class EmbeddingStore(Protocol):
    """What the optional model made of articles: vectors, and their signs to search by."""

    async def is_on(self) -> bool:
        """Tell whether the model is on in this newsroom."""
        ...

    async def switch(self) -> object:
        """Return how the switch stands: turned by hand (a bool), chosen by a start, or None."""
        ...

    async def turn_on(self, now: datetime) -> None:
        """Turn the model on for every process of this newsroom. May be repeated."""
        ...

    async def choose(self, now: datetime, *, on: bool) -> None:
        """Turn the model on or off unless that was done by hand. May be repeated."""
        ...

    async def filled(self, now: datetime) -> bool:
        """Note that the model has read all there is; returns whether that is the first time. May be repeated."""
        ...

    async def counts(self) -> tuple[int, int]:
        """Return how many published articles there are, and how many of them the model has read."""
        ...

    async def unread(self, below: int, span: int, most: int) -> tuple[list[ToEmbed], int]:
        """Return up to `most` articles the model has not read, newest first.

        Looked through are the `span` published articles next below a number. The number beside them is the lowest that
        was looked at, to ask with next; 0 at the end.
        """
        ...

    async def put(self, read: Sequence[tuple[ToEmbed, bytes]]) -> list[int]:
        """Store the vectors of articles, except of those that have changed or gone since they were read.

        Returns the numbers of the articles whose vectors were stored. May be repeated.
        """
        ...

    async def vectors(self, article_ids: Iterable[int]) -> Mapping[int, Embedded]:
        """Return the vectors of those of these articles that the model has read, by number."""
        ...

    async def newest_signs(self, most: int) -> tuple[list[SignBits], int]:
        """Return the signs of the newest articles, and the number to go on with in `signs_after`."""
        ...

    async def signs_after(self, number: int, most: int) -> tuple[list[SignBits], int]:
        """Return up to `most` signs stored later than a number says, oldest first, and the number to go on with."""
        ...
