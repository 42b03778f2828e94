"""The languages that code in a text is written in."""

from string import ascii_letters, digits

_SIGNS = frozenset(ascii_letters + digits + "+#.-_")
_LONGEST = 20


def code_language(name: str) -> str:
    """Return the name of a programming language as it may be kept, "c++" as well; "" for what is none."""
    return name if set(name) <= _SIGNS and len(name) <= _LONGEST else ""
