"""Which language a text is in, and how long it takes to read."""

import math

import regex

_UKRAINIAN = regex.compile(r"[іїєґІЇЄҐ]|[А-Яа-я]['’ʼ][А-Яа-я]")
_RUSSIAN = regex.compile(r"[ыэёъЫЭЁЪ]")
_CYRILLIC = regex.compile(r"\p{Cyrillic}+")
_LATIN = regex.compile(r"\p{Latin}+")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ-]*|\d[\d.,]*")

WORDS_A_MINUTE = 180  # silent reading of Ukrainian news; agencies round the same way: a short item is one minute


def detect_language(text: str) -> str:
    """Return `uk`, `ru` or `en`: by the letters only one of the languages has, then by script; `uk` in doubt."""
    cyrillic, latin = (sum(map(len, script.findall(text))) for script in (_CYRILLIC, _LATIN))
    if latin > cyrillic:
        return "en"
    return "ru" if len(_RUSSIAN.findall(text)) > len(_UKRAINIAN.findall(text)) else "uk"


def count_words(text: str) -> int:
    """Return the number of words and numbers."""
    return len(_WORD.findall(text))


def reading_minutes(lead: str, body_text: str) -> int:
    """Return whole minutes of reading, at least 1, or 0 when there is nothing beyond the title."""
    words = count_words(lead) + count_words(body_text)
    return math.ceil(words / WORDS_A_MINUTE) if words else 0
