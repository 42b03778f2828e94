"""Cards that are not so any more: what a stale button was about is drawn as it is now, where the button was."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from bot.desk.drafts import UNPUBLISHED, Drafts
from bot.desk.feeds import FeedDesk
from bot.desk.publishing import UNDO
from bot.desk.sends import SendControl
from bot.desk.staff import Staff
from bot.desk.token_desk import TokenDesk
from bot.desk.unread import Unread
from bot.errors import Approved, NoStory, NotAllowed, NotFound, Stale
from bot.model.desk import PublicationState, Role
from bot.model.news import Article, ArticleState
from bot.screens.backlog import BacklogTap, answered_card
from bot.screens.callbacks import (
    Action,
    CorrectionTap,
    Desk,
    FollowFrom,
    Open,
    Show,
    SplitPaste,
    StaffTap,
    StoryTap,
    TakeEdit,
)
from bot.screens.card import Card
from bot.screens.draft_parts import TakeWhole
from bot.screens.feed_notices import SourceTap
from bot.screens.feeds import FeedTap, feeds_card
from bot.screens.links import Links
from bot.screens.presenter import Presenter
from bot.screens.screen_refs import HeadlineScreen
from bot.screens.sends import OVER, Control, UndoHeld
from bot.screens.staff import left_desk_card, welcome_to_desk_card
from bot.screens.tokens import TokenTap, tokens_card
from bot.screens.verbs import CorrectionVerb, DeskVerb, StaffVerb
from bot.telegram.directory import Directory
from bot.telegram.reply import Reply
from handlers.actor import Actor
from handlers.desk import as_it_is, show
from handlers.editors import people
from handlers.feed_offers import shown
from handlers.progress import show_progress

_OF_LISTS = (FeedTap, StaffTap, TokenTap)
_OF_ARTICLE = (Desk, CorrectionTap, TakeEdit, TakeWhole, SplitPaste)
_SEEN_OTHERWISE = (Stale, NotFound, Approved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """Draws anew what somebody of the desk tapped or answered about, for one event."""

    drafts: Drafts
    send_control: SendControl
    presenter: Presenter
    feed_desk: FeedDesk
    token_desk: TokenDesk
    staff: Staff
    unread: Unread
    directory: Directory
    links: Links
    actor: Actor
    reply: Reply

    @classmethod
    def of(cls, data: Mapping[str, Any], actor: Actor, reply: Reply) -> "Outdated":
        """Return it for an event that handlers were given `data` for."""
        services = {field.name: data[field.name] for field in fields(cls) if field.name not in {"actor", "reply"}}
        return cls(**services, actor=actor, reply=reply)

    async def redraw(self, tap: Action | None, error: Exception) -> None:
        """Show in the tapped message what it is about as that is now, where the error says that it was otherwise."""
        stale = isinstance(error, Stale)
        if isinstance(tap, _OF_ARTICLE) and isinstance(error, _SEEN_OTHERWISE):
            await self._show_article(tap)
        elif isinstance(tap, (Control, UndoHeld)) and stale:
            await self._show_send(tap.publication)
        elif isinstance(tap, StoryTap) and stale:
            await self._show_reading(tap.article)
        elif isinstance(tap, FollowFrom) and isinstance(error, NoStory):  # an editor has taken it out of its story
            await self.reply.show_again(Show(HeadlineScreen(tap.article)))
        elif isinstance(tap, StaffTap) and isinstance(error, NotAllowed):
            await self._show_role(tap)
        elif isinstance(tap, BacklogTap) and stale:
            await self.reply.show(answered_card(self.actor.look))
        elif isinstance(tap, SourceTap) and stale:  # a question that is kept no longer has nothing to show
            await self.reply.show(await self._drawn((await self.feed_desk.changed(tap.notice)).article))
        elif isinstance(tap, _OF_LISTS) and isinstance(error, (Stale, NotFound)):
            await self.reply.show(await self._listed(tap, stale=stale))

    async def _show_send(self, number: int) -> None:
        """Show how a send goes; of one that was undone before it began the draft that is left of it."""
        send = await self.send_control.open(number)
        if send.publication.state is PublicationState.CANCELLED:
            await show(await self._drawn(send.article), self.actor, self.reply)
        else:
            await show_progress(number, self.actor, self.send_control, self.links, self.reply)

    async def _show_article(self, tap: Desk | CorrectionTap | TakeEdit | TakeWhole | SplitPaste) -> None:
        if (number := await self._under_way(tap)) is not None:
            await show_progress(number, self.actor, self.send_control, self.links, self.reply)
        elif article := await self._found(tap.article):
            await show(await self._drawn(article), self.actor, self.reply)

    async def _under_way(self, tap: Desk | CorrectionTap | TakeEdit | TakeWhole | SplitPaste) -> int | None:
        """Return the send that a tap has ordered which is tapped twice, or handled again after a kill; None for none.

        Its progress has the ways to halt it, and to undo one that is held; of a plan the card of the article has them.
        """
        match tap:
            case Desk(verb=DeskVerb.PUBLISH):
                pass
            case CorrectionTap(verb=CorrectionVerb.SEND_AS_TYPO | CorrectionVerb.RETRACT):
                pass
            case _:
                return None
        me, send = self.actor.editor, await self.send_control.latest_of(tap.article)
        if send is None or send.by != me.user_id or send.state in OVER:
            return None
        planned = send.state is PublicationState.SCHEDULED and send.at - self.actor.now > UNDO
        return None if planned else send.id

    async def _listed(self, tap: FeedTap | StaffTap | TokenTap, *, stale: bool) -> Card:
        """Return what a button of the desk's lists was about as it is now, or the list, where that is gone."""
        look = self.actor.look
        match tap:
            case FeedTap() if stale:
                return await shown(tap.feed, self.actor, self.feed_desk)
            case FeedTap():
                return feeds_card(await self.feed_desk.listed(), look)
            case TokenTap():
                return tokens_card(await self.token_desk.good(), look)
            case StaffTap():
                return await people(self.actor, self.staff, self.unread, self.directory)

    async def since(self, tap: Action | None, article_id: object, error: Exception) -> bool:
        """Tell whether an error says only that an article of the desk, tapped or answered about, is otherwise now."""
        about = tap.article if isinstance(tap, _OF_ARTICLE) else article_id
        there = isinstance(error, NotFound) and isinstance(about, int) and await self._found(about) is not None
        return isinstance(error, Stale) or there or (isinstance(tap, _OF_LISTS) and isinstance(error, NotFound))

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

    async def _show_role(self, tap: StaffTap) -> None:
        """Show who is no owner any more what they are, in the place of buttons that only owners may press."""
        me = self.actor.editor
        if Role.READER < me.role < Role.OWNER:
            await self.reply.show(welcome_to_desk_card(me.role, self.actor.look))
        elif me.role is Role.READER and (tap.verb, tap.user) == (StaffVerb.DISMISS, me.user_id):
            await self.reply.show(left_desk_card(self.actor.look))

    async def _found(self, article_id: int) -> Article | None:
        return await self.drafts.found(article_id, self.actor.editor)

    async def _drawn(self, article: Article) -> Card:
        return await as_it_is(article, self.actor, self.send_control, self.links)
