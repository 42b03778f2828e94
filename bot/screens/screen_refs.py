"""The screens a message can return to, and their text in callback data: h12, l3.5.991, r7~d4.

The text is the code and the fields as numbers, without zeros at the end. Neither ever changes: messages sent long ago
have buttons with them.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar

from bot.screens.codes import as_text, as_value, fields_of, number, register

SCREENS: dict[str, type["Screen"]] = {}
"""Every kind of screen by its code."""


class Screen:
    """A kind of screen. Its `code` is one letter, its fields are numbers."""

    __slots__ = ()
    code: ClassVar[str] = ""
    nothing_in_front: ClassVar[bool] = False
    """Whether the first number, which says what the others are screens of, is always zero."""

    def __init_subclass__(cls) -> None:
        """Register the kind; raises TypeError when another has its code."""
        register(SCREENS, cls)

    def __str__(self) -> str:
        """Return the screen as it stands in callback data."""
        parts = ["0"] if self.nothing_in_front else []
        parts += [_as_text(getattr(self, slot.name)) for slot in fields_of(self) if slot.name != "outer"]
        while len(parts) > 1 and parts[-1] == "0":
            parts.pop()
        return self.code + ".".join(parts)


@dataclass(frozen=True, slots=True)
class HeadlineScreen(Screen):
    """One headline."""

    code = "h"
    article: int


@dataclass(frozen=True, slots=True)
class LatestScreen(Screen):
    """The latest of a topic, 0 for all; `offset` come before the page, `anchor` headed the first one."""

    code = "l"
    topic: int = 0
    offset: int = 0
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class ChosenScreen(Screen):
    """The latest of what the reader chose, paged like LatestScreen; `own` is in the reader's own language only."""

    code = "m"
    nothing_in_front = True
    offset: int = 0
    anchor: int = 0
    own: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SearchScreen(Screen):
    """The results of a search, by the number its words are kept under: the best first, or the `newest`."""

    code = "s"
    query: int
    offset: int = 0
    newest: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class CorrectionsScreen(Screen):
    """The corrections, newest first."""

    code = "c"
    nothing_in_front = True
    offset: int = 0


@dataclass(frozen=True, slots=True)
class DigestScreen(Screen):
    """A digest that was sent."""

    code = "d"
    digest: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SourcesScreen(Screen):
    """What other sources tell of the same, in the message that told an article first."""

    code = "x"
    article: int
    offset: int = 0


Plainest = (
    HeadlineScreen | LatestScreen | ChosenScreen | SearchScreen | CorrectionsScreen | DigestScreen | SourcesScreen
)
"""What a message can be by itself, and nothing else inside it."""


@dataclass(frozen=True, slots=True)
class StoryScreen(Screen):
    """A story, oldest first. `seen_at` is when the reader had last looked before; a button carries its second.

    `article` is the one it was opened from, 0 for none, in a message that by itself is `outer`; None stands for the
    article's own headline.
    """

    code = "y"
    story: int
    offset: int = 0
    seen_at: datetime | None = None
    article: int = 0
    outer: Plainest | None = None

    def __str__(self) -> str:
        """Return the screen as it stands in callback data."""
        return _with_outer(Screen.__str__(self), self.outer)


RootScreen = (
    HeadlineScreen
    | LatestScreen
    | ChosenScreen
    | SearchScreen
    | CorrectionsScreen
    | DigestScreen
    | SourcesScreen
    | StoryScreen
)
"""What a message can be by itself."""


@dataclass(frozen=True, slots=True)
class RelatedScreen(Screen):
    """What is related to an article, which was `opened` or not, in a message that by itself is `outer`.

    None stands for the article's own headline. `made_at_second` is the second of the day (UTC, from 1) the list was
    made at: it is short, and nobody goes back to yesterday's. With the `rest` what is less surely related is in it.
    """

    code = "r"
    article: int
    opened: bool = field(default=False, kw_only=True)
    made_at_second: int = 0
    rest: bool = field(default=False, kw_only=True)
    outer: RootScreen | None = None

    def __str__(self) -> str:
        """Return the screen as it stands in callback data."""
        return _with_outer(Screen.__str__(self), self.outer)


ScreenRef = RootScreen | RelatedScreen
"""What a message returns to when what was opened in it is closed."""


def parse_screen(text: str) -> ScreenRef:
    """Read a screen; raises ValueError for anything that was never made."""
    own, inside, outer = text.partition("~")
    screen = _parse_one(own)
    if not inside:
        return screen
    if outer.count("~") > 1:  # never nested deeper: what is related, to an article of a story, opened from a list
        raise ValueError(text)
    around = parse_screen(outer)
    if isinstance(screen, RelatedScreen) and not isinstance(around, RelatedScreen):
        return replace(screen, outer=around)
    if isinstance(screen, StoryScreen) and isinstance(around, Plainest):
        return replace(screen, outer=around)
    raise ValueError(text)


def _parse_one(text: str) -> ScreenRef:
    kind, parts = SCREENS.get(text[:1]), text[1:].split(".")
    if kind is None or (kind.nothing_in_front and number(parts.pop(0))):
        raise ValueError(text)
    slots = [slot for slot in fields_of(kind) if slot.name != "outer"]
    if len(parts) > len(slots):
        raise ValueError(text)
    values = {slot.name: _as_value(slot.type, part) for slot, part in zip(slots, parts, strict=False)}
    screen = kind(**values)
    assert isinstance(screen, ScreenRef)
    return screen


def _with_outer(own: str, outer: Screen | None) -> str:
    return own if outer is None else f"{own}~{outer}"


def _as_text(value: object) -> str:
    if value is None:
        return "0"
    return str(int(value.timestamp())) if isinstance(value, datetime) else as_text(value)


def _as_value(kind: object, text: str) -> object:
    if kind != datetime | None:
        return as_value(kind, text)
    try:
        return datetime.fromtimestamp(number(text), UTC) if number(text) else None
    except (OverflowError, OSError) as error:
        raise ValueError(text) from error
