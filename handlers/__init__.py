"""What people press and type: routes by who acts, in the order in which they are asked."""

from functools import cache

from aiogram import Router

from handlers import (
    channel_posts,
    chats,
    checkup,
    corrections,
    drafts,
    editors,
    edits,
    errors,
    fallback,
    feed_offers,
    feeds,
    inline,
    invitations,
    news,
    offered,
    own_output,
    pastes,
    personal_data,
    publishing,
    rules,
    sends,
    settings,
    stories,
    subscriptions,
    timetable,
    tokens,
    words,
)

_IN_ORDER = (
    chats,  # what nobody wrote: other routes ask who did
    own_output,
    pastes,  # the rest of what was sent, before anything else takes it for something of its own
    offered,  # so does this
    news,
    invitations,
    subscriptions,
    rules,
    words,
    settings,
    timetable,
    personal_data,
    drafts,
    edits,
    publishing,
    corrections,
    stories,
    sends,
    editors,
    tokens,
    feed_offers,
    feeds,
    channel_posts,
    checkup,
    inline,
    errors,
    fallback,
)


def make_router() -> Router:
    """Return a new router with every route; the most used first, because every route that is asked costs time.

    It is one for all of them: a router has a list for each of the 28 kinds of updates, which cost more than the routes.
    """
    router = Router(name="visnyk")
    for kind, observer in _routes().observers.items():
        router.observers[kind].handlers.extend(observer.handlers)
    return router


@cache
def _routes() -> Router:
    """Return every route as aiogram looked through it: half of a start is that, and a process may start many bots."""
    router = Router(name="routes")
    for module in _IN_ORDER:
        module.register(router)
    return router
