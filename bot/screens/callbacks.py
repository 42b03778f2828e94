"""What a button means, and its 64 bytes.

A button carries nothing secret and grants nothing: anybody can send any callback data, so who may do what is decided
anew at each tap (`handlers/identity.py`).

Every action is a subclass of `Action` with a code of its own, known from then on. One that a single screen uses may
stand beside that screen's card.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import ClassVar, get_args

from bot.model.desk import Role
from bot.model.matching import MatchKey
from bot.readers.preferences import SettingName, SettingsScreen
from bot.screens.codes import as_text, as_value, fields_of, register
from bot.screens.screen_refs import (
    HeadlineScreen,
    RelatedScreen,
    RootScreen,
    Screen,
    ScreenRef,
    StoryScreen,
    parse_screen,
)
from bot.screens.verbs import (
    CorrectionVerb,
    DeskListName,
    DeskVerb,
    RelatedVerb,
    StaffVerb,
    StoryVerb,
    TopicsPlace,
)

CALLBACK_LIMIT = 64  # bytes; Bot API, InlineKeyboardButton.callback_data

ACTIONS: dict[str, type["Action"]] = {}
"""Every kind of action by its code."""


@dataclass(frozen=True, slots=True)
class Action:
    """A meaning. Fields are numbers, verbs, screens and short texts; only the last one may hold a colon."""

    code: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        """Register the kind; raises TypeError when another has its code."""
        register(ACTIONS, cls)

    def encode(self) -> str:
        """Return the callback data. Where numbers are so long that it has no room, it goes back to something nearer."""
        data = ""
        for action in (self, *_nearer(self)):
            data = ":".join([self.code, *(as_text(getattr(action, slot.name)) for slot in fields_of(self))])
            if len(data.encode()) <= CALLBACK_LIMIT:
                return data
        raise AssertionError(data)


def _nearer(action: Action) -> Iterator[Action]:
    """Yield an action whose way back ends earlier: at a list by itself, or at the headline of its own article."""
    for slot in fields_of(action):
        match getattr(action, slot.name):
            case RelatedScreen() as screen:
                yield replace(action, **{slot.name: replace(screen, outer=None)})
            case StoryScreen() as screen if screen.article or screen.outer:
                yield replace(action, **{slot.name: replace(screen, outer=None)})
                story = replace(screen, outer=None, article=0)
                yield replace(action, **{slot.name: story})
                if isinstance(article := getattr(action, "article", None), int):
                    yield replace(action, **{slot.name: HeadlineScreen(article)})
            case Screen() if isinstance(article := getattr(action, "article", None), int):
                yield replace(action, **{slot.name: HeadlineScreen(article)})


@dataclass(frozen=True, slots=True)
class Open(Action):
    """Show an article in full, in this message."""

    code = "o"
    article: int
    root: ScreenRef
    page: int = 0


@dataclass(frozen=True, slots=True)
class Related(Action):
    """Show what is related to an article, in this message; `opened` tells whether the article was."""

    code = "r"
    article: int
    root: RootScreen
    opened: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Show(Action):
    """Show a root screen, in this message: fold, go back, turn a page."""

    code = "b"
    root: ScreenRef


@dataclass(frozen=True, slots=True)
class Why(Action):
    """Tell why the reader got this article."""

    code = "y"
    article: int


@dataclass(frozen=True, slots=True)
class Mute(Action):
    """Send nothing with this match key for `days` days, 0 for ever."""

    code = "m"
    article: int
    key: MatchKey
    days: int


@dataclass(frozen=True, slots=True)
class Drop(Action):
    """Remove a subscription, from the answer to "why did I get this?"."""

    code = "x"
    article: int
    key: MatchKey


@dataclass(frozen=True, slots=True)
class Toggle(Action):
    """Subscribe to a topic or give it up, whichever is not so; from a button of an older version. Fields as `Tick`."""

    code = "t"
    topic: int
    place: TopicsPlace


@dataclass(frozen=True, slots=True)
class Tick(Action):
    """Subscribe to a topic (`on`), or give it up; 0 stands for all news. `place` is the screen it was pressed on."""

    code = "ti"
    topic: int
    place: TopicsPlace
    on: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Only(Action):
    """Want news in one language only, or in any with "": from the welcome, where it shows at once."""

    code = "j"
    language: str


@dataclass(frozen=True, slots=True)
class OpenSettings(Action):
    """Show a settings screen."""

    code = "g"
    screen: SettingsScreen


@dataclass(frozen=True, slots=True)
class SettingTap(Action):
    """Change one setting: `name` is which, `value` what to."""

    code = "c"
    name: SettingName
    value: str


@dataclass(frozen=True, slots=True)
class Leave(Action):
    """Leave for good, when `sure`; else ask."""

    code = "q"
    sure: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Desk(Action):
    """Do something with a draft; a `version` that is not its own any more makes the button stale."""

    code = "e"
    article: int
    version: int
    verb: DeskVerb
    value: str = ""


@dataclass(frozen=True, slots=True)
class DeskList(Action):
    """Show a list of the desk."""

    code = "k"
    which: DeskListName
    offset: int


@dataclass(frozen=True, slots=True)
class StaffTap(Action):
    """Do something with a person of the desk; `role` is what they become. Of the list, `user` is the page."""

    code = "u"
    verb: StaffVerb
    user: int = 0
    role: Role = Role.READER


@dataclass(frozen=True, slots=True)
class Compose(Action):
    """Make a draft of the words that were kept as search `query`."""

    code = "w"
    query: int


@dataclass(frozen=True, slots=True)
class SplitPaste(Action):
    """Make a draft of each of the messages that were taken for one text."""

    code = "sp"
    article: int


@dataclass(frozen=True, slots=True)
class TakeEdit(Action):
    """Take the text of the edited message that this one answers; a `version` that is not its own any more is stale."""

    code = "te"
    article: int
    version: int


@dataclass(frozen=True, slots=True)
class CorrectionTap(Action):
    """Correct a published article; a `version` that is not its own any more makes the button stale."""

    code = "z"
    verb: CorrectionVerb
    article: int
    version: int


@dataclass(frozen=True, slots=True)
class StoryTap(Action):
    """Arrange stories: `other` is an article of the other one. `root` is the screen this began on."""

    code = "s"
    verb: StoryVerb
    article: int
    root: RootScreen
    other: int = 0


@dataclass(frozen=True, slots=True)
class FollowFrom(Action):
    """Follow the story that begins with an article, which is in none so far."""

    code = "pf"
    article: int


@dataclass(frozen=True, slots=True)
class RelatedTap(Action):
    """Say that `other` is related to an article, or is not. `root` is where the article was opened.

    Where all of it is shown, `other` is the page.
    """

    code = "i"
    verb: RelatedVerb
    article: int
    other: int
    root: RootScreen


def article_on(screen: Action) -> int | None:
    """Return the article that a message with this screen is about: its corrections reach the message."""
    match screen:
        case Open(article=article) | Related(article=article) | Why(article=article) | Show(HeadlineScreen(article)):
            return article
        case _:
            return None


def decode(data: str) -> Action | None:
    """Return what callback data means, or None when it means nothing: an older version's, or made up."""
    code, *values = data.split(":")
    kind = ACTIONS.get(code)
    if kind is None:
        return None
    slots = fields_of(kind)
    if len(values) > len(slots):  # a value may hold colons of its own, in the last field only
        values = [*values[: len(slots) - 1], ":".join(values[len(slots) - 1 :])]
    try:
        return kind(**{slot.name: _value(slot.type, value) for slot, value in zip(slots, values, strict=True)})
    except ValueError:
        return None


def _value(kind: object, text: str) -> object:
    if not isinstance(kind, UnionType):
        return as_value(kind, text)
    screen = parse_screen(text)
    if type(screen) in get_args(kind):
        return screen
    raise ValueError(text)
