"""What others call a language, as its code: "uk-UA", "ukr", "ua", "Ukrainian" and "українська" are one."""

from functools import cache

import regex
from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

from bot.text.cleaning import clean_line
from bot.text.language import detect_language, only_of
from bot.text.languages import ALL, BY_CODE

_NONE = frozenset({"und", "mul", "zxx", "mis", "root"})
_LONGEST = 3  # letters of a code
_SCRIPTS = {"Cyrl": "Cyrillic", "Latn": "Latin"}  # ISO 15924
_END = regex.compile(r"[-_.;,\s(@/:]")


def language_called(tag: str) -> str:
    """Return the code of a language by its tag or its name in any language that is read; "" when nobody knows it."""
    name = clean_line(tag).casefold()
    known = _named().get(_END.split(name.replace(" ", "\0"))[0].replace("\0", " ").strip())
    if known:
        return known
    first = _END.split(name)[0]
    code = str(get_global("language_aliases").get(first, first)).split("_")[0]
    if code in _codes():
        return code
    if first in _named():
        return _named()[first]
    official = get_official_languages(first.upper(), de_facto=True) if len(first) == 2 else ()
    return official[0].split("_")[0] if official else ""


def language_of(tag: str, feed_tag: str, text: str) -> str:
    """Return the language of an item: as its own tag says, else as its feed's does, else as its letters do.

    What a feed says of itself is often what its program came with: its letters have the last word. Its item is believed
    unless it is written in other letters altogether.
    """
    detected, own, said = detect_language(text), language_called(tag), language_called(feed_tag)
    if own:
        return detected if _written_otherwise(own, detected, text) else own
    if not said or only_of(detected, said, text):
        return detected
    return said


def _written_otherwise(said: str, detected: str, text: str) -> bool:
    """Tell whether a text is in other letters than those of the language it is said to be in."""
    ours, theirs = BY_CODE[detected].script, _script_of(said)
    if theirs in {"", ours}:
        return False
    foreign = len(regex.findall(rf"\p{{{theirs}}}", text))
    return foreign * 10 < len(regex.findall(rf"\p{{{ours}}}", text))


@cache
def _script_of(code: str) -> str:
    """Return the name of the script a language is written in; "" where it is none that is read here."""
    if code in BY_CODE:
        return BY_CODE[code].script
    likely = str(get_global("likely_subtags").get(code, "")).split("_")
    return next((_SCRIPTS[part] for part in likely if part in _SCRIPTS), "")


@cache
def _codes() -> frozenset[str]:
    known = {str(code) for code in Locale("en").languages}
    return frozenset(BY_CODE) | {code for code in known if "_" not in code and len(code) <= _LONGEST} - _NONE


@cache
def _named() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in reversed(ALL):
        for code, name in Locale.parse(language.locale).languages.items():
            if code in _codes():
                names[str(name).casefold()] = str(code)
    return names
