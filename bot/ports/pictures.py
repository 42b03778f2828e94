"""Storage of pictures that systems upload. See `bot.ports` for how to read this."""

from datetime import datetime
from typing import Protocol

from bot.model.pictures import Picture


class PictureStore(Protocol):
    """Pictures by their names, which nobody can guess. One belongs to the article that was brought with it.

    With the article they go: when a draft is discarded or shows others, and when what was published is retracted.
    """

    async def add(self, name: str, token_id: int, picture: Picture, most: int, now: datetime) -> bool:
        """Store what a token uploads under a new name; returns False where `most` of its are in no article yet.

        Not to be repeated: the second call finds the name taken.
        """
        ...

    async def get(self, name: str) -> Picture | None:
        """Return a picture, None when there is none of that name."""

    async def may_use(self, name: str, token_id: int, article_id: int | None) -> bool:
        """Tell whether a picture is a token's, and in no article but this one, of those that there are."""
        ...

    async def use(self, name: str, token_id: int, article_id: int) -> bool:
        """Have a picture belong to an article; returns whether it does. May be repeated.

        It does not where the article shows another, or none, and where it has been discarded or retracted.
        """
        ...

    async def forget(self, before: datetime) -> None:
        """Forget what was uploaded before then and is in no article. May be repeated."""
