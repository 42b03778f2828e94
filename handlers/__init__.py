"""What people press and type: routers by who acts, in the order in which they are asked."""

from aiogram import Router

from handlers import (
    chats,
    corrections,
    drafts,
    editors,
    edits,
    errors,
    fallback,
    feeds,
    inline,
    invitations,
    news,
    own_output,
    pastes,
    publishing,
    rules,
    sends,
    settings,
    stories,
    subscriptions,
    timetable,
    words,
)


def make_routers() -> list[Router]:
    """Return new routers; the most used first, because every router that is asked costs time."""
    return [
        chats.make_router(),  # what nobody wrote: other routers ask who did
        own_output.make_router(),
        pastes.make_router(),  # the rest of what was sent, before anything else takes it for something of its own
        news.make_router(),
        invitations.make_router(),
        subscriptions.make_router(),
        rules.make_router(),
        words.make_router(),
        settings.make_router(),
        timetable.make_router(),
        drafts.make_router(),
        edits.make_router(),
        publishing.make_router(),
        corrections.make_router(),
        stories.make_router(),
        sends.make_router(),
        editors.make_router(),
        feeds.make_router(),
        inline.make_router(),
        errors.make_router(),
        fallback.make_router(),
    ]
