"""Situations that an editor gets into, one after the other in one newsroom: each is one act and what comes of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.model.news import Article, ArticleState
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Json, text_of

Situation = Callable[["Scene"], Awaitable[None]]
_KEPT = [state for state in ArticleState if state is not ArticleState.DISCARDED]
_APART = timedelta(minutes=20)  # an open question lapses meanwhile


@dataclass(slots=True)
class Scene:
    """What a situation is played in; `n` is how many files there are."""

    room: Newsroom
    editor: Desk
    n: int = 0

    def media(self, kind: str = "photo") -> dict[str, Any]:
        """Return a new picture, film or file as a message has it."""
        self.n += 1
        name = f"m{self.n}"
        self.room.world.files[name] = b"\xff\xd8\xff"
        file = {"file_id": name, "file_unique_id": name, "width": 90, "height": 60}
        return {kind: [file]} if kind == "photo" else {kind: file | {"duration": 3}}

    async def sends(self, **content: Any) -> None:
        """Send a message, and wait until it is handled."""
        self.editor.sends(**content)
        await self.room.heard()

    async def goes_on(self, **content: Any) -> None:
        """Send what a client has cut off the message before, at the same moment, however long that took to handle."""
        await self.sends(date=self._own()["date"], **content)

    async def edits(self, words: str, **content: Any) -> None:
        """Edit the newest message that has these words, and wait until that is handled."""
        self.editor.edits(words, **content)
        await self.room.heard()

    async def edits_last_own(self, **content: Any) -> None:
        """Edit the newest message."""
        self.room.world.edits(self.editor.person, self.editor.chat, self._own(), content)
        await self.room.heard()

    def _own(self) -> Json:
        """Return the newest message of the editor's own."""
        mine = [m for m in self.editor.chat.messages.values() if m.get("from", {}).get("id") == self.editor.person.id]
        return mine[-1]

    async def newest(self) -> Article:
        """Return the article that was made last, in whatever state."""
        lists = [await self.room.store.articles.desk_list(state, 0, 200) for state in ArticleState]
        return await self.room.store.articles.get(max(one.id for page in lists for one in page.items))

    async def count(self) -> int:
        """Return how many articles there are that nobody has discarded."""
        lists = [await self.room.store.articles.desk_list(state, 0, 200) for state in _KEPT]
        return sum(len(page.items) for page in lists)

    @property
    def answers(self) -> int:
        """How many messages of the bot there are."""
        return len(self.editor.got)


async def play(room: Newsroom, situations: list[Situation]) -> list[str]:
    """Play situations one after the other; returns what was not as it has to be."""
    editor = room.owner()
    await editor.says("/start")
    scene, wrong = Scene(room, editor), []
    for act in situations:
        try:
            await act(scene)
        except (AssertionError, ValueError) as why:
            wrong.append(f"{act.__name__}: {str(why)[:300]} | {text_of(editor.last)[:120]!r}")
        room.clock.advance(minutes=_APART.total_seconds() / 60)
        await room.heard()
    return wrong


def files(article: Article) -> list[str]:
    """Return the files of an article's pictures."""
    return [one.file_id or "" for one in article.photo.all] if article.photo else []
