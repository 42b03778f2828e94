"""Which language a text is in, and how long it takes to read."""

import math
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

import regex

from bot.text import languages

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ-]*|\d[\d.,]*")
_WORDS = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ-]*")
_LETTERS = regex.compile(r"\p{L}[\p{L}\p{M}'’ʼ]*")
# Addresses, names of accounts, what programs are written in: no words of a language.
_CODE = regex.compile(r"://|www\.|[@#_\\=<>{}\[\]`|]|\w\(|\p{L}\d|\d\p{L}|\p{Ll}\p{Lu}|\p{L}[./:]\p{L}|\B--?\p{Latin}")
_ASIDE = regex.compile(r"`[^`]*`|«[^«»]*»|“[^“”]*”|„[^„“”]*[“”]|\"[^\"]*\"|(?<!\w)\([^()]*\)")
_SEGMENT = regex.compile(r"(?<=[.!?…:;|])\s+|\s+[–—|-]+\s+|\n+")
_COMMON_SCRIPT = "Latin"
_TELLING = 4_000  # characters
_PART, _PART_THAT_BEGINS = 0.25, 0.15  # of the words: less of a script is enough where it begins the text
_ENOUGH = 1.75  # words that say what language quotations stand in: a name and a word do
_OF_A_NAME = 0.25  # what a word of a name, of a title, or one that is spoken of counts
_HEADLINE = 4  # words at least that are one with capitals throughout, and not the name of a work or a firm
_WOVEN = 2  # small words of the common script among words of another one: theirs is the sentence

WORDS_A_MINUTE = 180  # silent reading of Ukrainian news; agencies round the same way: a short item is one minute


def detect_language(text: str) -> str:
    """Return the language of a text: by the script of its words, then by the letters and small words only one has.

    In doubt it is the first of its script. Names, addresses and code are in Latin letters in whatever language: another
    script needs no more than a part of the words. What is quoted, or stands in brackets, counts only if all is; a
    credit at the end does not count.
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
    segments = [found for part in _SEGMENT.split(_without_credits(text)) if (found := _words_of(part, code=False))]
    segments = segments or [found for part in _SEGMENT.split(text) if (found := _words_of(part, code=True))]
    counted = dict.fromkeys(_patterns()[0], 0.0)
    for number, words in enumerate(segments):
        for script, weight in _weighed(words, begins=number == 0):
            counted[script] += weight
    others = {name: number for name, number in counted.items() if name != _COMMON_SCRIPT}
    most = max(others, key=lambda name: others[name], default=_COMMON_SCRIPT)
    part = _PART_THAT_BEGINS if segments and segments[0][0].script == most else _PART
    if others and counted[most] and counted[most] > sum(counted.values()) * part:
        return most
    return _COMMON_SCRIPT if counted.get(_COMMON_SCRIPT, 0) > least else ""


class _Word(NamedTuple):
    """A word of a known script; `capital` is whether it begins with one, `small` whether it says nothing by itself."""

    script: str
    capital: bool
    small: bool


def _words_of(segment: str, *, code: bool) -> list[_Word]:
    """Return the words of a part of a text, those of addresses and programs only if it is `code` that counts."""
    plain = segment if code else " ".join(word for word in segment.split() if _is_plain(word) or not _CODE.search(word))
    loud = plain.isupper() and " " in plain
    found = []
    for word in _WORDS.findall(plain):
        script = _script_of(word[0])
        said = script == _COMMON_SCRIPT and (loud or word[1:].islower() or word.islower())
        if script:
            found.append(_Word(script, word[0].isupper(), said and word.casefold() in _common_small_words()))
    return found


def _is_plain(word: str) -> bool:
    """Tell of most words at once that nothing of them is code: small letters, a capital at most before them."""
    bare = word.strip("«».,;:!?…")
    return bare.isalpha() and (bare.islower() or bare[1:].islower())


@lru_cache(maxsize=1_000)
def _script_of(letter: str) -> str:
    """Return the script of a letter, "" for none that is known."""
    return next((name for name, pattern in _patterns()[0].items() if pattern.match(letter)), "")


def _weighed(words: list[_Word], *, begins: bool) -> Iterator[tuple[str, float]]:
    """Yield the scripts of the words of a part of a text, with how much each says of the language of the whole.

    Capitals begin names, except where small words show that they begin all words: of a headline.
    """
    runs = [list(run) for _, run in groupby(words, key=lambda word: word.script)]
    alone = len(runs) == 1
    titles = [not alone and run[0].capital and run[-1].capital for run in runs]
    small = sum(word.small for run, title in zip(runs, titles, strict=True) if not title for word in run)
    woven = not alone and runs[0][0].script == _COMMON_SCRIPT and small >= _WOVEN
    for number, (run, title) in enumerate(zip(runs, titles, strict=True)):
        common = run[0].script == _COMMON_SCRIPT
        headline = common and alone and small > 0 and len(words) >= _HEADLINE
        for place, word in enumerate(run):
            first = begins and number == place == 0 and not (common and (title or len(words) == 1))
            named = word.capital and not (headline or first)
            spoken_of = (woven and not common) or (common and title)
            yield word.script, _OF_A_NAME if named or spoken_of else 1


def _without_credits(text: str) -> str:
    """Return a text without what names who took a picture, or where the news is from, if there is more than that."""
    found = _credits().search(text) or _outlets().search(text)
    return text[: found.start()] if found and _LETTERS.search(text, endpos=found.start()) else text


@cache
def _credits() -> "regex.Pattern[str]":
    """Return a pattern of a credit at the end of a text: behind its last sentence, a word for it, a colon, a name."""
    words = "|".join(map(regex.escape, languages.record_words("credits"))) or "(?!)"
    name = r"[\p{Lu}@«\"“][^\s]*(?:[ \t]+[^\s]+){0,6}"
    return regex.compile(rf"[.!?…|–—\n(\[]\s*(?i:{words})\s*:\s*{name}\s*\Z")


@cache
def _outlets() -> "regex.Pattern[str]":
    """Return a pattern of the name of an outlet behind a dash or a bar, where whoever lists links puts it."""
    names = "|".join(map(regex.escape, languages.record_words("outlets"))) or "(?!)"
    return regex.compile(rf"\s[–—|-]\s+[«\"“]?(?i:{names})[»\"”]?\s*\Z")


@cache
def _common_small_words() -> frozenset[str]:
    own = (languages.stop_words_of(one.code) for one in languages.ALL if one.script == _COMMON_SCRIPT)
    return frozenset().union(*own)


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
