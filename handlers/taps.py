"""Filters for buttons: callback data to actions, without aiogram's magic filters (each costs a thread)."""

from typing import Any

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.screens.callbacks import (
    Action,
    Control,
    CorrectionTap,
    Desk,
    RelatedTap,
    SettingTap,
    StaffTap,
    StoryTap,
    decode,
)


class Tap(Filter):
    """Lets taps of one kind of action through and gives them to the handler as `tap`."""

    def __init__(self, *kinds: type[Action]) -> None:
        self._kinds = kinds

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Decode the button."""
        action = decode(query.data or "")
        return {"tap": action} if isinstance(action, self._kinds) else False


class VerbTap(Filter):
    """Lets taps of one kind of action through, for some of its verbs."""

    def __init__(
        self, kind: type[Desk | Control | CorrectionTap | StoryTap | RelatedTap | StaffTap], *verbs: str
    ) -> None:
        self._kind = kind
        self._verbs = frozenset(verbs)

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Decode the button."""
        action = decode(query.data or "")
        return {"tap": action} if isinstance(action, self._kind) and action.verb in self._verbs else False


class DeskTap(VerbTap):
    """Lets taps on a draft through, for some of its verbs."""

    def __init__(self, *verbs: str) -> None:
        super().__init__(Desk, *verbs)


class SetTap(Filter):
    """Lets taps through that change one setting, named by its `name`."""

    def __init__(self, name: str) -> None:
        self._verbs = frozenset({name})

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Decode the button."""
        action = decode(query.data or "")
        return {"tap": action} if isinstance(action, SettingTap) and action.name in self._verbs else False
