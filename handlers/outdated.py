"""Cards that are not so any more: what a stale button was about is drawn as it is now, where the button was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.desk.drafts import UNPUBLISHED, Drafts
from bot.desk.sends import SendControl
from bot.errors import Approved, NotFound, Stale
from bot.model.news import Article, ArticleState
from bot.screens.backlog import BacklogTap, answered_card
from bot.screens.callbacks import Action, CorrectionTap, Desk, Open, SplitPaste, StoryTap, TakeEdit
from bot.screens.card import Card
from bot.screens.links import Links
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import HeadlineScreen
from bot.screens.sends import Control, UndoHeld
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.desk import as_it_is, show
from handlers.progress import show_progress

_OF_ARTICLE = (Desk, CorrectionTap, TakeEdit, SplitPaste)
_SEEN_OTHERWISE = (Stale, NotFound, Approved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """Draws anew what somebody of the desk tapped or answered about, for one event."""

    drafts: Drafts
    send_control: SendControl
    presenter: Presenter
    links: Links
    actor: Actor
    reply: Reply

    @classmethod
    def of(cls, data: Mapping[str, Any], actor: Actor, reply: Reply) -> "Outdated":
        """Return it for an event that handlers were given `data` for."""
        services = {name: data[name] for name in ("drafts", "send_control", "presenter", "links")}
        return cls(**services, actor=actor, reply=reply)

    async def redraw(self, tap: Action | None, error: Exception) -> None:
        """Show in the tapped message what it is about as that is now, where the error says that it was otherwise."""
        stale = isinstance(error, Stale)
        if isinstance(tap, _OF_ARTICLE) and isinstance(error, _SEEN_OTHERWISE):
            if article := await self._found(tap.article):
                await show(await self._drawn(article), self.actor, self.reply)
        elif isinstance(tap, (Control, UndoHeld)) and stale:
            await show_progress(tap.publication, self.actor, self.send_control, self.links, self.reply)
        elif isinstance(tap, StoryTap) and stale:
            await self._show_reading(tap.article)
        elif isinstance(tap, BacklogTap) and stale:
            await self.reply.show(answered_card(self.actor.look))

    async def since(self, tap: Action | None, article_id: object, error: Exception) -> bool:
        """Tell whether an error says only that an article of the desk, tapped or answered about, is otherwise now."""
        about = tap.article if isinstance(tap, _OF_ARTICLE) else article_id
        there = isinstance(error, NotFound) and isinstance(about, int) and await self._found(about) is not None
        return isinstance(error, Stale) or there

    async def send(self, article_id: object) -> None:
        """Show an article as it is now in a new message."""
        if isinstance(article_id, int) and (found := await self._found(article_id)):
            await self.reply.send(await self._drawn(found))

    async def _show_reading(self, article_id: int) -> None:
        """Show an article as it is read: in a story, or in none any more."""
        article = await self._found(article_id)
        if article is not None and article.state not in {*UNPUBLISHED, ArticleState.DISCARDED}:
            opened = Open(article.id, HeadlineScreen(article.id))
            await self.reply.show(await self.presenter.card(opened, self.actor.reader, desk=self.actor.at_desk))

    async def _found(self, article_id: int) -> Article | None:
        return await self.drafts.found(article_id, self.actor.editor)

    async def _drawn(self, article: Article) -> Card:
        return await as_it_is(article, self.actor, self.send_control, self.links)
