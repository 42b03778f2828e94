"""A text as it is worded: its words one after the other, with what tells names, numbers and sentences.

Nothing is left out, other than in an index: "not", "from" and the case a name stands in make another piece of news.
Numbers are numbers however they are written: "п’ять тисяч", "5 тис.", "5 000".
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

import regex

from bot.relevance.contrasts import Contrasts, contrasts_of, plain
from bot.relevance.kinds import month_words
from bot.relevance.lemmas import language_of, looked_alike, script_mended
from bot.relevance.numbers import MOST_DIGITS, counted, halved, number_key
from bot.relevance.word import Word
from bot.text.languages import BY_CODE

_REMEMBERED = 64  # texts with their words: those that a batch is compared with
_LONGEST = 60  # letters of a word
_MARKS = regex.compile(r"(?<![иИеЕіІ])\p{M}+|[\u0301\u0300]")
_ACCENTED = regex.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_TOKEN = regex.compile(
    r"""(?P<sign>(?<![\w.,])[-−])?(?P<number>(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?![0-9:])
          |[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![0-9])|[0-9]+(?:[.,][0-9]+)*)
        (?:-?(?:й|га|го|му|ма|ти|ий|ій|тє|те|тя|та|х|м|st|nd|rd|th)\b
          |-(?:ша|ше|шу|шої|ої|гу|ту|тю|тьої|ї|ю|у|ому|им|ми|ох)\b)?
      | (?P<dotted>\b(?:\p{Lu}\.){2,})
      | (?P<word>\p{L}[\p{L}\p{M}]*(?:['’ʼ`‘′]\p{L}+)*)(?P<sign_behind>(?:\+{1,2}|\#)(?![\w+#]))?
      | (?P<unit>[%$€£₴]|°[CС]?)""",
    regex.VERBOSE,
)
_ADDRESS = regex.compile(r"(?:https?://|www\.|t\.me/)\S+")
_END = regex.compile(r"[.!?…]|\n")
_OPENS = regex.compile(r"[:—–|(\[]|(?:^|\s)-\s")
_NOT = regex.compile(r"n['’ʼ`‘′]t$")
_ROMAN = regex.compile(r"(?=\w\w)[XХ]{0,3}(?:[IІ][XХ]|[IІ]V|V?[IІ]{0,3})")
_ROMAN_ONE = frozenset("IІ")  # "за І квартал"; at a beginning it is "and"
_ROMAN_VALUES = {"X": 10, "Х": 10, "V": 5, "I": 1, "І": 1}
_OF = regex.compile(r"['’ʼ`‘′]s?$")
_APOSTROPHE = regex.compile(r"['’ʼ`‘′]")
_HALVES = regex.compile(r"(?<![0-9])([0-9]*+)([½¼¾])")
_PARTS = {"½": "5", "¼": "25", "¾": "75"}
_SAID_BEHIND = {"+": "plus", "++": "plusplus", "#": "sharp"}  # of a name: Disney+, C++, C#
_SIGNS = frozenset("$€£₴")
_SHORT_MONTH = 4  # letters
_SHORT_YEAR, _BEFORE_YEARS = 3, frozenset("'’ʼ-")  # a number is a mark and its figures
_SHORTENED = {"wo": "will", "ca": "can", "sha": "shall"}
_VERB = regex.compile(r"(?<=\w)['’ʼ`‘′](ll|ve|re|m)$")
_VERBS = {"ll": "will", "ve": "have", "re": "are", "m": "am"}
_DAYS = frozenset(number_key(day) for day in range(1, 32))
_TITLE_CASE = 0.7  # of a sentence's words written with a capital: then a capital makes no name


@lru_cache(maxsize=_REMEMBERED)
def worded(title: str, text: str, language: str) -> tuple[Word, ...]:
    """Return the words of a text, those of its title first, as a sentence of their own, which has the number 0."""
    whole = f"{title.strip()}\n{text.strip()}" if title.strip() and text.strip() else (title or text).strip()
    first = 0 if title.strip() else 1
    read = list(_read(_folded(_ADDRESS.sub("\n", whole)), language, first))
    words = _days_first(list(_signs_behind(counted(halved(_cased(read))))))
    return tuple(_years_marked(_posts_marked(_quietened(_shortened(list(_once(words)))))))


def _folded(text: str) -> str:
    # "№" would be composed to "No", which denies, and "2½" to "21" and "2".
    counted = _HALVES.sub(lambda part: f"{part[1] or 0}.{_PARTS[part[2]]}", text)
    counted = _month_dots().sub(r"\1", counted)
    composed = unicodedata.normalize("NFKC", counted.replace("…", "... ").replace("№", " "))
    plain_text = unicodedata.normalize("NFC", _MARKS.sub("", composed))
    return str(_ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], plain_text))


@cache
def _month_dots() -> "regex.Pattern[str]":
    """Return where the name of a month is shortened before its day: "Dec. 5" is no end of a sentence."""
    short = sorted(word.capitalize() for word in month_words() if len(word) <= _SHORT_MONTH)
    return regex.compile(rf"\b({'|'.join(short)})\.(?=\s?[0-9]{{1,2}}\b)")


def _read(text: str, language: str, sentence: int) -> Iterator[Word]:
    end = 0
    opens, counted = True, False
    for found in _TOKEN.finditer(text):
        before = text[end : found.start()]
        end = found.end()
        if _END.search(before) and not opens:
            sentence += 1
        opens = opens or bool(_END.search(before) or _OPENS.search(before))
        for key in (keys := _keys(found, language, opens=opens)):
            code = language_of(key, language).code if key[0].isalpha() else language
            if not before and counted and len(key) == 1 and found[0].isupper() and key not in contrasts_of(code).scales:
                key += "#"  # noqa: PLW2901  of a model, "Су-34М", and no word that may come or go
            first = (found["word"] or found["dotted"] or " ")[0]
            yield Word(
                key=key,
                code=code,
                sentence=sentence,
                before=before.strip(),
                capital=first.isupper(),
                opens=opens,
                spelt=key.startswith("#") and not found["number"] and len(keys) > 1,
            )
            before, opens = "", False
        counted = bool(found["number"])


def _signs_behind(words: Iterable[Word]) -> Iterator[Word]:
    """Put the sign of a currency behind its number: "£12m" is twelve million pounds."""
    sign: Word | None = None
    for word in words:
        if sign is not None and word.number and not word.before:
            yield replace(word, before=sign.before, opens=sign.opens)
            word, sign = replace(sign, before="", opens=False), None  # noqa: PLW2901  the sign comes next
        elif sign is not None:
            yield sign
            sign = None
        elif word.key in _SIGNS:
            sign = word
            continue
        yield word
    if sign is not None:
        yield sign


def _days_first(words: list[Word]) -> list[Word]:
    """Put the day before its month: "December 12" is 12 December. The sign of a month's name is its capital letter."""
    for n in range(1, len(words)):
        month, day = words[n - 1], words[n]
        follows = not day.before and day.sentence == month.sentence
        begun = n > 1 and words[n - 2].number and not month.before
        if month.capital and month.key in month_words() and follows and day.key in _DAYS and not begun:
            words[n - 1 : n + 1] = [
                replace(day, before=month.before, opens=month.opens), replace(month, before="", opens=False),
            ]  # fmt: skip
    return words


def _roman(written: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in written]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))


def _keys(found: "regex.Match[str]", language: str, *, opens: bool) -> tuple[str, ...]:
    if found["number"]:
        return (_number(found["number"], negative=bool(found["sign"])),)
    if found["unit"]:
        return (found["unit"][0],)
    if found["dotted"]:
        return (found["dotted"].replace(".", "").casefold(),)
    cyrillic = BY_CODE[language].script == "Cyrillic"
    if _ROMAN.fullmatch(found["word"]) or (cyrillic and not opens and found["word"] in _ROMAN_ONE):
        return (number_key(_roman(found["word"])),)
    word = found["word"][:_LONGEST].casefold()
    own, bare = contrasts_of(language), plain(_APOSTROPHE.sub("", word))
    parts = _two_words(word) or _former(bare, own) or _counted_in(bare, own)
    if parts is not None:
        return parts
    behind = _SAID_BEHIND.get(found["sign_behind"] or "", "")
    if word.isascii() and found["word"].isupper() and cyrillic:
        return ((looked_alike(word) or word) + behind,)
    if word.isascii() or "’" in word:
        word = _OF.sub("", word) or word
    key = script_mended(plain(_APOSTROPHE.sub("", word)))
    return (
        (key + behind,) if key else ()
    )  # one apostrophe, "ʼ", is a letter by its kind, and minutes are written with it: 5ʼ


def _two_words(word: str) -> tuple[str, ...] | None:
    """Return what is written as one word and said as two: "don't", "he'll"; None for others."""
    if _NOT.search(word):
        verb = _NOT.sub("", word)
        return (_SHORTENED.get(verb, verb), "not") if verb else ("not",)
    if (said := _VERB.search(word)) is not None:
        return (word[: said.start()], _VERBS[said[1]])
    return ("can", "not") if word == "cannot" else None


def _former(word: str, own: Contrasts) -> tuple[str, str] | None:
    """Return what says that somebody has a post no more, and the post: "експрезидент", written as one or as two."""
    return next(
        ((one, word[len(one) :]) for one in own.former if word.startswith(one) and word[len(one) :] in own.posts), None
    )


def _counted_in(word: str, own: Contrasts) -> tuple[str, str] | None:
    """Return the number that a word begins with, and the rest of it: "двадцятирічний" is 20 and "річний"."""
    for end in own.counted_things:
        at = word.find(end, 2)
        if at > 0 and (number := own.numbers.get(word[:at])) is not None:
            return number_key(number), word[at:]
    return None


def _number(written: str, *, negative: bool) -> str:
    digits = regex.sub(r"[ \u00a0\u202f]", "", written).replace(":", ".")  # 9:30 is written 9.30 as well
    parts = regex.split(r"[.,]", digits)
    if len(parts) > 2 or (len(parts) == 2 and len(parts[1]) == 3 and parts[0] != "0"):
        digits = "".join(parts) if all(len(part) == 3 for part in parts[1:]) else ".".join(parts)
    if len(digits) > MOST_DIGITS and digits.isdigit():
        return f"#{digits}"
    try:
        return number_key(float(digits.replace(",", ".")), negative=negative)
    except ValueError:  # a date, a version: as it stands
        return f"#{digits}"


def _cased(words: list[Word]) -> Iterator[Word]:
    """Take the capitals of a sentence for nothing where nearly all of its words have one."""
    counted: dict[int, list[bool]] = {}
    for word in words:
        if word.key[0].isalpha() and BY_CODE[word.code].script == "Latin":  # others write no headline so
            counted.setdefault(word.sentence, []).append(word.capital)
    shouted = {n for n, own in counted.items() if len(own) >= 4 and sum(own) >= _TITLE_CASE * len(own)}
    for word in words:
        opens = word.opens or word.sentence in shouted
        yield replace(word, opens=opens) if opens is not word.opens else word


def _once(words: Iterable[Word]) -> Iterator[Word]:
    """Leave out words that stand there twice by mistake."""
    last: Word | None = None
    for word in words:
        said = last is not None and (word.key, word.sentence) == (last.key, last.sentence)
        if not said or word.before or not word.key.isalpha():
            yield word
        last = word


def _shortened(words: Sequence[Word]) -> Iterator[Word]:
    """Put one word for what has a short name: "Кабмін" for "Кабінет міністрів"; "понад 5" for "більше ніж 5"."""
    n = 0
    while n < len(words):
        word = words[n]
        for as_one, *before in contrasts_of(word.code).before_numbers.get(word.key, ()):
            end = n + len(before)
            if [one.key for one in words[n:end]] == before and end < len(words) and words[end].number:
                word = replace(word, key=as_one)
                n = end - 1
                break
        for short, *meant in contrasts_of(word.code).shortened.get(word.key[:2], ()):
            some = words[n : n + len(meant)]
            said = len(some) == len(meant) and all(
                one.key.startswith(beginning) and one.sentence == word.sentence
                for one, beginning in zip(some, meant, strict=True)
            )
            if said:
                word = replace(word, key=short)
                n += len(meant) - 1
                break
        yield word
        n += 1


def _posts_marked(words: Sequence[Word]) -> Iterator[Word]:
    """Mark what says which of several ministers, heads or directors is meant."""
    for n, word in enumerate(words):
        own = contrasts_of(word.code)
        before = words[n - 1] if n else None
        after = words[n + 1] if n + 1 < len(words) else None
        follows = before is not None and not word.before and before.key in own.posts
        leads = after is not None and not after.before and after.key in own.posts_named_before
        says = (follows and before is not None and before.sentence == word.sentence) or (
            leads and after is not None and after.sentence == word.sentence
        )
        yield replace(word, post=True) if says and word.key.isalpha() else word


def _years_marked(found: Iterable[Word]) -> Iterator[Word]:
    """Mark numbers of two figures that say a year: "у 62 році", "Євро-24", "in ’62"."""
    words = list(found)
    for n, word in enumerate(words):
        if word.number and len(word.key) == _SHORT_YEAR:
            after = words[n + 1].key if n + 1 < len(words) and not words[n + 1].before else ""
            said = after in contrasts_of(word.code).years or word.before in _BEFORE_YEARS
            yield replace(word, year=True) if said else word
        else:
            yield word


def _quietened(found: Iterable[Word]) -> list[Word]:
    """Mark idioms."""
    words = list(found)
    for n, word in enumerate(words):
        for idiom in contrasts_of(word.code).idioms.get(word.key, ()):
            if tuple(one.key for one in words[n : n + len(idiom)]) == idiom:
                words[n : n + len(idiom)] = [replace(one, quiet=True) for one in words[n : n + len(idiom)]]
    return words
