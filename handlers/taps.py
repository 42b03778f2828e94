"""Filters for buttons: they look at what a tap means, which `handlers/origin.py` has decoded.

They are no magic filters of aiogram's: each of those costs a thread.
"""

from enum import StrEnum

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.readers.preferences import SettingName
from bot.screens.callbacks import Action, CorrectionTap, Desk, RelatedTap, SettingTap, StaffTap, StoryTap
from bot.screens.feed_notices import SourceTap
from bot.screens.feeds import FeedTap
from bot.screens.sends import Control, DoubtsTap
from bot.screens.tokens import TokenTap
from bot.screens.verbs import DeskVerb

WithVerb = (
    Desk | Control | DoubtsTap | CorrectionTap | StoryTap | RelatedTap | StaffTap | TokenTap | FeedTap | SourceTap
)


class Tap(Filter):
    """Lets taps of some kinds of action through."""

    def __init__(self, *kinds: type[Action]) -> None:
        self._kinds = kinds

    async def __call__(self, _: CallbackQuery, tap: Action | None = None) -> bool:
        """Look at the action."""
        return isinstance(tap, self._kinds)


class VerbTap(Filter):
    """Lets taps of one kind of action through, for some of its verbs."""

    def __init__(self, kind: type[WithVerb], *verbs: StrEnum) -> None:
        self._kind = kind
        self._verbs = frozenset(verbs)

    async def __call__(self, _: CallbackQuery, tap: Action | None = None) -> bool:
        """Look at the action."""
        return isinstance(tap, self._kind) and tap.verb in self._verbs


class DeskTap(VerbTap):
    """Lets taps on a draft through, for some of its verbs."""

    def __init__(self, *verbs: DeskVerb) -> None:
        super().__init__(Desk, *verbs)


class SetTap(Filter):
    """Lets taps through that change one of these settings."""

    def __init__(self, *names: SettingName) -> None:
        self._verbs = frozenset(names)

    async def __call__(self, _: CallbackQuery, tap: Action | None = None) -> bool:
        """Look at the action."""
        return isinstance(tap, SettingTap) and tap.name in self._verbs
