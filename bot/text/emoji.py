"""Custom emoji: which ones are kept, beside the plain emoji that stands for each.

A bot may send them when its owner has Telegram Premium, not to channels (Bot API 9.4), or when it has bought a name on
Fragment. Where they may not be shown, the server shows the plain one.
"""

import regex

_NUMBER = regex.compile(r"[0-9]{1,20}")
_ONE = regex.compile(r"\X")
_PICTURE = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")


def custom_emoji(number: str, plain: str) -> str:
    """Return the number of a custom emoji; "" when it is none, or what stands for it is not one plain emoji."""
    return number if _NUMBER.fullmatch(number) and is_emoji(plain) else ""


def is_emoji(text: str) -> bool:
    """Tell whether a text is one plain emoji, and nothing else."""
    return bool(_ONE.fullmatch(text) and _PICTURE.search(text))
