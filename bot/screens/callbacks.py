"""What a button means, and its 64 bytes.

A button carries nothing secret and grants nothing: anybody can send any callback data, so who may do what is decided
anew at each tap (`handlers/access.py`).
"""

from dataclasses import dataclass, fields, replace
from typing import ClassVar

from bot.model.matching import MatchKey

_ROOTS = frozenset("hlmsdryc")
CALLBACK_LIMIT = 64  # bytes; Bot API, InlineKeyboardButton.callback_data


@dataclass(frozen=True, slots=True)
class Action:
    """A meaning. Fields are numbers and short texts without a colon."""

    code: ClassVar[str] = ""

    def encode(self) -> str:
        """Return the callback data."""
        data = ":".join([self.code, *(str(getattr(self, slot.name)) for slot in fields(self))])
        assert len(data.encode()) <= CALLBACK_LIMIT, data
        return data


@dataclass(frozen=True, slots=True)
class ScreenRef:
    """The screen a message returns to when what was opened in it is closed.

    `kind`: h the headline of article `number`; l the latest of topic `number` (0: all); m the latest of what the
    reader chose; s the results of search `number`; c the corrections; d digest `number`; y story `number`; r what
    is related to article `number`, opened in a message whose own root is `outer`. `offset` items come before the
    page (in an r, it is 1 when the article was open). `anchor` is the article that headed the first page; in an s,
    1 when the newest come first; in a y, when the reader had last looked, in seconds since 1970; in an r, the
    second of the day (UTC, from 1) its list was made at: it is short, and nobody goes back to yesterday's.
    """

    kind: str
    number: int = 0
    offset: int = 0
    anchor: int = 0
    outer: "ScreenRef | None" = None

    def __str__(self) -> str:
        """Return the root as it stands in callback data: h12, l3.5.991, r7~d4."""
        numbers = [self.number, self.offset, self.anchor]
        while len(numbers) > 1 and not numbers[-1]:
            numbers.pop()
        own = self.kind + ".".join(map(str, numbers))
        return f"{own}~{self.outer}" if self.outer is not None else own

    @classmethod
    def parse(cls, text: str) -> "ScreenRef":
        """Read a root; raises ValueError for anything else."""
        own, _, outer = text.partition("~")
        if own[:1] not in _ROOTS or outer[:1] == "r":
            raise ValueError(text)
        numbers = [_number(part) for part in own[1:].split(".")]
        if len(numbers) > 3:
            raise ValueError(text)
        root = cls(own[0], *numbers)  # type: ignore[arg-type]  # at most three
        return replace(root, outer=cls.parse(outer)) if outer else root


def headline_root(article_id: int) -> ScreenRef:
    """Return the root of a message that is one headline."""
    return ScreenRef("h", article_id)


@dataclass(frozen=True, slots=True)
class Open(Action):
    """Show an article in full, in this message."""

    code = "o"
    article: int
    root: ScreenRef
    page: int = 0


@dataclass(frozen=True, slots=True)
class Related(Action):
    """Show what is related to an article, in this message; `whole` is 1 when the article was open."""

    code = "r"
    article: int
    root: ScreenRef
    whole: int = 0


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
    """Give up a subscription, from the answer to "why did I get this?"."""

    code = "x"
    article: int
    key: MatchKey


@dataclass(frozen=True, slots=True)
class Toggle(Action):
    """Subscribe to a topic or give it up; 0 stands for all news. `place` is the screen it was pressed on."""

    code = "t"
    topic: int
    place: str


@dataclass(frozen=True, slots=True)
class Only(Action):
    """Want news in one language only, or in any with "": from the welcome, where it shows at once."""

    code = "j"
    language: str


@dataclass(frozen=True, slots=True)
class OpenSettings(Action):
    """Show a settings screen."""

    code = "g"
    screen: str


@dataclass(frozen=True, slots=True)
class SettingTap(Action):
    """Change one setting: `name` is which, `value` what to."""

    code = "c"
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Leave(Action):
    """Leave for good; `sure` is 1 when it was asked."""

    code = "q"
    sure: int


@dataclass(frozen=True, slots=True)
class Desk(Action):
    """Do something with a draft; a `version` that is not its own any more makes the button stale."""

    code = "e"
    article: int
    version: int
    verb: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class DeskList(Action):
    """Show a list of the desk: drafts, scheduled or published."""

    code = "k"
    which: str
    offset: int


@dataclass(frozen=True, slots=True)
class StaffTap(Action):
    """Do something with a person of the desk."""

    code = "u"
    verb: str
    user: int = 0
    role: int = 0


@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """Close the open question."""

    code = "n"


@dataclass(frozen=True, slots=True)
class Compose(Action):
    """Make a draft of the words that were kept as search `query`."""

    code = "w"
    query: int


@dataclass(frozen=True, slots=True)
class Control(Action):
    """Pause, resume, stop or undo a send, look at what is in doubt of it and decide."""

    code = "p"
    verb: str
    publication: int


@dataclass(frozen=True, slots=True)
class BacklogTap(Action):
    """Say what happens to what has waited through a long stop: send or drop."""

    code = "f"
    verb: str


@dataclass(frozen=True, slots=True)
class CorrectionTap(Action):
    """Correct a published article; a `version` that is not its own any more makes the button stale."""

    code = "z"
    verb: str
    article: int
    version: int


@dataclass(frozen=True, slots=True)
class StoryTap(Action):
    """Arrange stories.

    Ask whether an article leaves its story (ask), take it out (cut) or back (put), show the stories it may belong to
    (near), make its story and that of `other` one (join). `root` is the screen this began on.
    """

    code = "s"
    verb: str
    article: int
    root: ScreenRef
    other: int = 0


@dataclass(frozen=True, slots=True)
class RelatedTap(Action):
    """Say what is related to an article.

    Show what is (show), pin `other` or not any more (pin), ban it or not any more (ban), ask for one more (add).
    `root` is where the article was opened.
    """

    code = "i"
    verb: str
    article: int
    other: int
    root: ScreenRef


ACTIONS: dict[str, type[Action]] = {
    kind.code: kind
    for kind in (
        Open, Related, Show, Why, Mute, Drop, Toggle, Only, OpenSettings, SettingTap, Leave, Desk, DeskList, StaffTap,
        Cancel, Compose, Control, BacklogTap, CorrectionTap, StoryTap, RelatedTap,
    )
}  # fmt: skip


def decode(data: str) -> Action | None:
    """Return what callback data means, or None when it means nothing: an older version's, or made up."""
    code, *values = data.split(":")
    kind = ACTIONS.get(code)
    if kind is None:
        return None
    slots = fields(kind)
    if len(values) > len(slots):  # a value may hold colons of its own, in the last field only
        values = [*values[: len(slots) - 1], ":".join(values[len(slots) - 1 :])]
    try:
        return kind(*(_value(slot.type, value) for slot, value in zip(slots, values, strict=True)))
    except ValueError:
        return None


def _value(kind: object, text: str) -> object:
    if kind is ScreenRef:
        return ScreenRef.parse(text)
    if kind is MatchKey:
        return MatchKey.parse(text)
    return _number(text) if kind is int else text


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError(text)
    return int(text)
