"""What people press and type: routers by who acts, in the order in which they are asked."""

from aiogram import Router

from handlers import (
    arranging,
    chats,
    control,
    correcting,
    errors,
    fallback,
    joining,
    owner,
    passing,
    publishing,
    reading,
    settings,
    writing,
)


def make_routers() -> list[Router]:
    """Return new routers; the most used first, because every router that is asked costs time."""
    return [
        reading.make_router(),
        joining.make_router(),
        settings.make_router(),
        writing.make_router(),
        publishing.make_router(),
        correcting.make_router(),
        arranging.make_router(),
        control.make_router(),
        owner.make_router(),
        chats.make_router(),
        passing.make_router(),
        errors.make_router(),
        fallback.make_router(),
    ]
