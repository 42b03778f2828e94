"""The buttons that turn the pages of a list."""

from bot.screens.callbacks import Action
from bot.screens.card import Button, Row
from bot.text.phrasebook import Phrasebook


def pager(back: Action | None, on: Action | None, say: Phrasebook, between: Row = ()) -> tuple[Row, ...]:
    """Return a row with the ways to the page before and the one after, those that there are; no row for one page."""
    buttons = (
        *((Button(say("button-previous"), back),) if back is not None else ()),
        *between,
        *((Button(say("button-next"), on),) if on is not None else ()),
    )
    return (buttons,) if buttons else ()
