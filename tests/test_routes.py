"""The routing table as a golden file: a filter that stops matching raises nothing, so every change must be seen.

Make it anew with `UPDATE_GOLDEN=1 make test ARGS=tests/test_routes.py`.
"""

import os
from pathlib import Path
from typing import get_type_hints

from aiogram.filters.state import StateFilter
from aiogram.types import CallbackQuery, User

from bot.screens.callbacks import ACTIONS, Action, Open, Show, StoryTap
from bot.screens.commands import COMMANDS
from bot.screens.screen_refs import HeadlineScreen, StoryScreen
from bot.screens.sends import Control
from bot.screens.verbs import SendVerb, StoryVerb
from handlers import make_router
from handlers.commands import Command
from handlers.taps import Tap, VerbTap

GOLDEN = Path(__file__).with_name("routes.txt")


def _describe(filter_: object) -> str:
    callback = getattr(filter_, "callback", filter_)
    if isinstance(callback, Command):
        return "/" + "|".join(callback.names)
    if isinstance(callback, StateFilter):
        return "state " + "|".join(str(getattr(s, "state", s)) for s in callback.states)
    kind, verbs = getattr(callback, "_kind", None), getattr(callback, "_verbs", None)
    inner = getattr(callback, "_kinds", None) or verbs or getattr(callback, "_role", None)
    name = type(callback).__name__
    if isinstance(inner, tuple):
        return f"{name}({', '.join(kind.__name__ for kind in inner)})"
    if isinstance(inner, frozenset):
        of_what = f"{kind.__name__}: " if kind is not None else ""
        return f"{name}({of_what}{', '.join(sorted(verb.name for verb in inner))})"
    return f"{name}({inner.name})" if inner is not None else name


def _table() -> str:
    lines = []
    for event, observer in make_router().observers.items():
        for handler in observer.handlers:
            module = handler.callback.__module__.removeprefix("handlers.")
            filters = " & ".join(_describe(f) for f in handler.filters or ())
            lines.append(f"{module:<13} {event:<15} {handler.callback.__name__:<16} {filters}".rstrip())
    return "\n".join(lines) + "\n"


def test_the_routes_are_the_ones_that_were_agreed_on() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(_table(), encoding="utf-8")
    assert _table() == GOLDEN.read_text(encoding="utf-8")


def test_every_button_has_a_route_and_every_verb_of_it() -> None:
    whole: set[type[Action]] = set()
    parts: dict[type[Action], set[object]] = {}
    for handler in make_router().callback_query.handlers:
        for filter_ in handler.filters or ():
            if isinstance(filter_.callback, Tap):
                whole |= set(filter_.callback._kinds)
            elif isinstance(filter_.callback, VerbTap):
                parts.setdefault(filter_.callback._kind, set()).update(filter_.callback._verbs)
    assert whole | set(parts) == set(ACTIONS.values())
    for kind in set(parts) - whole:
        assert parts[kind] == set(get_type_hints(kind)["verb"])


async def test_a_filter_looks_at_what_the_tap_means_and_decodes_nothing() -> None:
    query = CallbackQuery(id="1", from_user=User(id=1, is_bot=False, first_name="N"), chat_instance="1", data="b:h1")
    opened, cut = Open(1, HeadlineScreen(1)), StoryTap(StoryVerb.CUT, 1, StoryScreen(2))
    assert await Tap(Show, Open)(query, tap=opened)
    assert not await Tap(Show)(query, tap=opened)
    assert not await Tap(Show)(query, tap=None)
    assert await VerbTap(StoryTap, StoryVerb.CUT)(query, tap=cut)
    assert not await VerbTap(StoryTap, StoryVerb.JOIN)(query, tap=cut)
    assert not await VerbTap(Control, SendVerb.PAUSE)(query, tap=cut)


def test_every_command_has_a_route_and_every_route_a_command() -> None:
    routed = set()
    for handler in make_router().message.handlers:
        for filter_ in handler.filters or ():
            if isinstance(filter_.callback, Command):
                routed |= set(filter_.callback.names)
    assert routed == {command.name for command in COMMANDS}


def test_no_handler_is_reached_through_a_magic_filter() -> None:
    """Each would cost a thread (aiogram, dispatcher/event/handler.py), for every update that passes it."""
    for observer in make_router().observers.values():
        for handler in observer.handlers:
            assert all(filter_.awaitable for filter_ in handler.filters or ())
