"""What stands in callback data, part by part: numbers, yes and no, words of a closed list; and who owns which code."""

from dataclasses import Field, fields
from enum import Enum
from typing import Any

from bot.model.matching import MatchKey

_MOST_DIGITS = 18


def register(known: dict[str, type], kind: type) -> None:
    """Note whose code it is; raises TypeError when there is none, or it is somebody else's."""
    code: str = getattr(kind, "code", "")
    taken = known.get(code, kind)
    # A dataclass with slots is made twice, and is the same class for everybody but the interpreter.
    if not code or (taken.__module__, taken.__qualname__) != (kind.__module__, kind.__qualname__):
        message = f"{kind.__qualname__} needs a code of its own: {code!r} is {taken.__qualname__}'s"
        raise TypeError(message)
    known[code] = kind


def fields_of(kind: Any) -> tuple[Field[Any], ...]:
    """Return the fields of a dataclass in the order they have in the text."""
    return fields(kind)


def as_text(value: object) -> str:
    """Return a value as it stands in the text."""
    if isinstance(value, MatchKey):
        return value.encode()
    if isinstance(value, Enum):
        return str(value.value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def as_value(kind: object, text: str) -> object:
    """Return what a text stands for in a field of that type; raises ValueError for anything that was never made."""
    if kind is bool:
        if text not in {"0", "1"}:
            raise ValueError(text)
        return text == "1"
    if kind is int:
        return number(text)
    if kind is MatchKey:
        return MatchKey.parse(text)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(number(text) if issubclass(kind, int) else text)
    return text


def number(text: str) -> int:
    """Return the number a text is; raises ValueError for anything but a few ASCII digits."""
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise ValueError(text)
    return int(text)
