"""Work on a long text beside the event loop: a reply waits for a short one at most.

What is asked for again and again is kept where it is worked out (`stored_document`, `stored_pages`, `stored_changes`,
`written`): done beside the loop once, it is there for whoever draws the article next.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from bot.text.comparison import stored_changes
from bot.text.markup import stored_document
from bot.text.plain import stored_plain
from bot.text.rich import stored_pages

LONG = 8_000
"""Characters of a text that are worked through in some hundredths of a second; articles hardly ever have more."""

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


async def beside(length: int, work: Callable[_Given, _Found], *given: _Given.args, **named: _Given.kwargs) -> _Found:
    """Return what work on a text of that many characters comes to; on a long one it is done in a thread."""
    if length <= LONG:
        return work(*given, **named)
    return await asyncio.to_thread(work, *given, **named)


async def at_hand(bodies: Iterable[str]) -> None:
    """Have the long ones of these bodies (canonical HTML) parsed and laid out, for whoever shows them next."""
    for body in bodies:
        if len(body) > LONG:
            await asyncio.to_thread(_lay_out, body)


async def changes_at_hand(before: str, after: str) -> None:
    """Have two bodies (canonical HTML) compared, if one of them is long, for whoever shows what changed."""
    if before != after and max(len(before), len(after)) > LONG:
        await asyncio.to_thread(stored_changes, before, after)


def _lay_out(body: str) -> None:
    stored_document(body)
    stored_plain(body)
    stored_pages(body)
