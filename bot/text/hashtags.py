"""Tags as they are shown: each one word behind a #."""

from collections.abc import Sequence

import regex

_APOSTROPHES = regex.compile(r"(?<=\p{L})['`’‘′](?=\p{L})")
_BREAKS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")


def hashtags(tags: Sequence[str]) -> str:
    """Return tags in one line, the words of each joined; "" for none."""
    # An apostrophe ends a hashtag, unless it is the letter that Unicode has for it.
    names = (_BREAKS.sub("_", _APOSTROPHES.sub("ʼ", tag)).strip("_") for tag in tags)
    return " ".join(dict.fromkeys(f"#{name}" for name in names if name))
