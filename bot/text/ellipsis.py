"""Shortening what is quoted or stored: never within what is one character to whoever reads it."""

import regex

_CHARACTER = regex.compile(r"\X")
_LOOK_AHEAD = 64  # code points; the longest characters in use, flags of regions and families, have fewer than twenty
_MOST_GIVEN_UP = 4  # times what is left: a word that long is cut
_ROUND_ABOUT = " ,;:–—-"


def cut(text: str, limit: int) -> str:
    """Return the beginning of a text, at most `limit` code points, which ends with a whole character.

    Flags, families and letters with marks are several code points; one that is longer than the limit is cut.
    """
    if len(text) <= limit:
        return text
    begin = max(0, text.rfind(" ", 0, max(0, limit - _LOOK_AHEAD)))  # flags in a row are told apart from their first
    window = text[begin : limit + _LOOK_AHEAD]
    ends = [begin + found.end() for found in _CHARACTER.finditer(window)]
    whole = [end for end in ends if end <= limit]
    return text[: whole[-1] if whole else limit]


def elided(text: str, limit: int) -> str:
    """Return a text, cut with "…" behind a word where it is longer than `limit` code points, "…" included."""
    if len(text) <= limit:
        return text
    head = cut(text, limit - 1)
    at_word = head if text[len(head) : len(head) + 1].isspace() else head.rsplit(None, 1)[0]
    kept = at_word if len(at_word) >= len(head) / _MOST_GIVEN_UP else head
    return kept.rstrip(_ROUND_ABOUT) + "…"
