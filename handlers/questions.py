"""The questions to a reader that stay open until they are answered."""

from aiogram.fsm.state import State, StatesGroup


class Ask(StatesGroup):
    """Questions to a reader."""

    search = State()
    zone = State()
