"""Which language a text is in, and how long it takes to read."""

import math
from functools import cache

import regex

from bot.text import languages

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ-]*|\d[\d.,]*")

WORDS_A_MINUTE = 180  # silent reading of Ukrainian news; agencies round the same way: a short item is one minute


def detect_language(text: str) -> str:
    """Return the language of a text: by script, then by the letters only one has; in doubt the first of its script."""
    scripts, own = _patterns()
    script = max(scripts, key=lambda name: sum(map(len, scripts[name].findall(text))))
    counted = {code: len(letters.findall(text)) for code, letters in own[script].items()}
    return max(counted, key=lambda code: counted[code])


def only_of(language: str, other: str, text: str) -> bool:
    """Tell whether a text has letters that only the one language has, and none that only the other one has.

    For another of a script of its own any letter of its script counts; of languages that are not read nothing is known.
    """
    scripts, own = _patterns()
    one, two = languages.BY_CODE.get(language), languages.BY_CODE.get(other)
    if one is None or two is None or one is two:
        return False
    if one.script != two.script:
        foreign = sum(map(len, scripts[two.script].findall(text)))
        return foreign * 10 < sum(map(len, scripts[one.script].findall(text)))
    letters = own[one.script]
    return len(letters[language].findall(text)) >= 2 and not letters[other].search(text)


@cache
def _patterns() -> tuple[dict[str, "regex.Pattern[str]"], dict[str, dict[str, "regex.Pattern[str]"]]]:
    """Return what tells scripts apart, and within each script what tells its languages apart, the first ones first."""
    own: dict[str, dict[str, regex.Pattern[str]]] = {}
    for language in languages.ALL:
        own.setdefault(language.script, {})[language.code] = regex.compile(language.letters or r"(?!)")
    return {script: regex.compile(rf"\p{{{script}}}+") for script in own}, own


def count_words(text: str) -> int:
    """Return the number of words and numbers."""
    return len(_WORD.findall(text))


def reading_minutes(lead: str, body_text: str) -> int:
    """Return whole minutes of reading, at least 1, or 0 when there is nothing beyond the title."""
    words = count_words(lead) + count_words(body_text)
    return math.ceil(words / WORDS_A_MINUTE) if words else 0
