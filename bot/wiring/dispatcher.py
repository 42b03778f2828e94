"""What handlers are given, and what an event passes on its way to them."""

from functools import partial

from aiogram import BaseMiddleware, Dispatcher

from bot.readers.digests import DigestRequests
from bot.readers.personal_data import PersonalDataRequests
from bot.screens.inline import InlineSearch
from bot.telegram.admins import Admins
from bot.telegram.directory import Directory
from bot.telegram.questions import QuestionStorage
from bot.telegram.reply import Replies
from bot.wiring.components import Components
from bot.wiring.ground import ERASURE
from handlers import make_router
from handlers.admins import AdminsMiddleware
from handlers.flood import Flood, FloodMiddleware
from handlers.identity import IdentityMiddleware
from handlers.origin import OriginMiddleware
from handlers.private_only import PrivateOnlyMiddleware
from handlers.question_bounds import QuestionMiddleware
from handlers.seldom import Seldom


def make_dispatcher(parts: Components, username: str) -> Dispatcher:
    """Return a dispatcher with every route and the services handlers ask for by name; `username` is the bot's."""
    ground, reading, desk = parts.ground, parts.reading, parts.desk
    dispatcher = Dispatcher(
        storage=QuestionStorage(ground.store.dialogs, ground.clock),
        library=reading.library,
        subscriptions=reading.subscriptions,
        searches=reading.searches,
        chats=reading.chats,
        digest_requests=DigestRequests(
            digests=ground.store.digests, clock=ground.clock, wake_sender=parts.delivery.sender.wake
        ),
        personal_data=PersonalDataRequests(
            personal_data=ground.store.personal_data,
            clock=ground.clock,
            sweep_soon=partial(ground.ticker.soon, ERASURE),
        ),
        presenter=reading.presenter,
        inline_search=InlineSearch(library=reading.library, locale=ground.locale, username=username),
        drafts=desk.drafts,
        publisher=desk.publisher,
        corrections=desk.corrections,
        story_desk=desk.story_desk,
        send_control=desk.send_control,
        staff=desk.staff,
        invitations=desk.invitations,
        owner_code=desk.owner_code,
        unread=desk.unread,
        token_desk=desk.token_desk,
        checkup=desk.checkup,
        feed_desk=parts.feeds.desk,
        channel_inflow=parts.feeds.channels,
        directory=Directory(ground.bot, ground.clock),
        restart_guard=parts.delivery.restart_guard,
        messenger=parts.delivery.messenger,
        files=parts.delivery.files,
        notices=parts.delivery.notices,
        locale=ground.locale,
        links=ground.links,
    )
    for gate in _gates(parts, username):
        dispatcher.update.outer_middleware(gate)
    dispatcher.include_router(make_router())
    return dispatcher


def _gates(parts: Components, username: str) -> tuple[BaseMiddleware, ...]:
    """Return what an event passes: where from, not too much, what a group has, not by all there, who, an answer."""
    ground, reading, staff = parts.ground, parts.reading, parts.desk.staff
    replies = Replies(parts.delivery.messenger, ground.store.message_screens, reading.presenter, ground.clock)
    return (
        OriginMiddleware(subscriptions=reading.subscriptions, replies=replies, locale=ground.locale, username=username),
        FloodMiddleware(Flood(ground.clock)),
        PrivateOnlyMiddleware(
            staff=staff, subscriptions=reading.subscriptions, username=username, seldom=Seldom(clock=ground.clock)
        ),
        AdminsMiddleware(admins=Admins(ground.bot, ground.clock), username=username, seldom=Seldom(clock=ground.clock)),
        IdentityMiddleware(subscriptions=reading.subscriptions, staff=staff, locale=ground.locale),
        QuestionMiddleware(),
    )
