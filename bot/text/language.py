"""Which language a text is in, and how long it takes to read."""

import math
from functools import cache

import regex

from bot.text import languages

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ-]*|\d[\d.,]*")
_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ]*")
# Addresses, names of accounts, what programs are written in: no words of a language.
_CODE = regex.compile(r"://|www\.|[@#_\\=<>{}\[\]`|]|\w\(|\p{L}\d|\d\p{L}|\p{Ll}\p{Lu}|\p{L}[./:]\p{L}|\B--?\p{Latin}")
_ASIDE = regex.compile(r"`[^`]*`|«[^«»]*»|“[^“”]*”|„[^„“”]*[“”]|\"[^\"]*\"|(?<!\w)\([^()]*\)")
_COMMON_SCRIPT = "Latin"
_TELLING = 4_000  # characters
_PART = 0.25  # of the words
_ENOUGH = 1  # words that say what language quotations stand in
_OF_A_NAME = 0.25  # what a word with a capital counts

WORDS_A_MINUTE = 180  # silent reading of Ukrainian news; agencies round the same way: a short item is one minute


def detect_language(text: str) -> str:
    """Return the language of a text: by the script of its words, then by the letters and small words only one has.

    In doubt it is the first of its script. Names, addresses and code are in Latin letters in whatever language: another
    script needs no more than a part of the words. What is quoted, or stands in brackets, counts only if all is.
    """
    start = text[:_TELLING]
    script = _script_in(_ASIDE.sub(" ", start), _ENOUGH) or _script_in(start) or languages.ALL[0].script
    _, own = _patterns()
    counted = {code: len(letters.findall(text)) for code, letters in own[script].items()}
    if len(counted) > 1 and not any(counted.values()):
        words = [word.casefold() for word in _LETTERS.findall(text)]
        only = _small_words(script)
        counted = {code: sum(word in only[code] for word in words) for code in counted}
    return max(counted, key=lambda code: counted[code])


def _script_in(text: str, least: float = 0) -> str:
    """Return the script of the words of a text, "" when it has none of a known one, or `least` of the common one."""
    scripts, _ = _patterns()
    plain = " ".join(word for word in text.split() if not _CODE.search(word))
    words = _LETTERS.findall(plain) or _LETTERS.findall(text)
    counted = {
        name: sum(_OF_A_NAME if word[0].isupper() else 1 for word in words if pattern.match(word))
        for name, pattern in scripts.items()
    }
    others = {name: number for name, number in counted.items() if name != _COMMON_SCRIPT}
    most = max(others, key=lambda name: others[name], default=_COMMON_SCRIPT)
    if others and counted[most] and counted[most] >= sum(counted.values()) * _PART:
        return most
    return _COMMON_SCRIPT if counted.get(_COMMON_SCRIPT, 0) > least else ""


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


@cache
def _small_words(script: str) -> dict[str, frozenset[str]]:
    """Return the words that only one of a script's languages has among those that say nothing, by language."""
    ours = {one.code: languages.stop_words_of(one.code) for one in languages.ALL if one.script == script}
    return {
        code: words - frozenset().union(*(others for other, others in ours.items() if other != code))
        for code, words in ours.items()
    }


def count_words(text: str) -> int:
    """Return the number of words and numbers."""
    return len(_WORD.findall(text))


def reading_minutes(lead: str, body_text: str) -> int:
    """Return whole minutes of reading, at least 1, or 0 when there is nothing beyond the title."""
    words = count_words(lead) + count_words(body_text)
    return math.ceil(words / WORDS_A_MINUTE) if words else 0
