"""News that comes from a file: for a story that needs news and has nothing to say of how an editor writes them."""

from typing import Any

from bot.feeds.findings import Item
from bot.feeds.importer import Importing, Report
from bot.model.news import Incoming
from bot.relevance.threading import Threader
from storage.articles.imports import Imports
from tests.support.newsroom import Newsroom


async def arrive(room: Newsroom, *items: Incoming, push: bool = True) -> Report:
    """Import articles as one batch, with or without a push, and wait until that is through; returns the report."""
    app, report = room.app, Report()
    ground = app.parts.ground
    importing = Importing(
        store=Imports(ground.database),
        corrections=ground.store.corrections,
        placing=Threader(ground.store.stories),
        clock=ground.clock,
    )
    wrapped = [Item(str(n), n, item) for n, item in enumerate(items)]
    await importing.take_batch(wrapped, report, push=push)
    await room.tick()
    await room.settled()
    return report


def incoming(room: Newsroom, number: int, title: str, body: str = "", **values: Any) -> Incoming:
    """Make an article of this moment, known as `number`; an empty body is none."""
    at = room.clock.now()
    return Incoming(
        title=title, body=f"<p>{body}</p>" if body else "", identity=f"id:{number}", published_at=at, **values
    )
