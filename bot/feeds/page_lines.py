"""Lines of a page that was copied as text: which say when, who wrote it, what a picture shows, or belong to the page.

What pages say stands with the languages, `[page]` in `language.toml`.
"""

from enum import Enum, auto
from functools import cache
from typing import NamedTuple

import regex

from bot.feeds.dates import month_called
from bot.text import languages

_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s?[ap]\.?m\b\.?)?"
_ZONE = r"(?:\s(?:[A-Z]{2,5}(?:[+-][0-9]{1,2}(?::[0-9]{2})?)?))?"
_WEEKDAY = r"(?:(?P<word>\p{L}[\p{L}'’ʼ]{1,9})[.,]{0,2}\s)?"
_DAY = (
    rf"{_WEEKDAY}(?:[0-9]{{1,2}}[./][0-9]{{1,2}}[./](?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])"
    r"|[0-9]{1,2}\s\p{L}{3,10}\.?,?\s[0-9]{4}|\p{L}{3,10}\.?\s[0-9]{1,2},?\s[0-9]{4})(?:\sр(?:оку|\.))?"
)
_CLOCK = regex.compile(
    rf"{_TIME}{_ZONE}[,|·•–—-]?\s{{1,3}}{_DAY}"
    rf"|{_DAY}\s?[,|·•–—-]?\s{{1,3}}(?:(?:о|об|в|at)\s)?(?:{_TIME}|[0-9]{{1,2}}\.[0-9]{{2}}(?![.0-9])){_ZONE}",
    regex.IGNORECASE,
)
_BARE_DAY = (
    rf"{_WEEKDAY}(?:[0-9]{{1,2}}[./][0-9]{{1,2}}(?![0-9./])|[0-9]{{1,2}}\s(?P<month>\p{{L}}{{3,10}})\.?"
    r"|(?P<first>\p{L}{3,10})\.?\s[0-9]{1,2}(?![0-9.:/])|(?P<said>\p{L}{4,10}))(?:,\s\p{L}{2,10}(?=,))?"
)
_BARE_CLOCK = regex.compile(
    rf"{_TIME}\s?[,|·•–—-]?\s{{1,3}}{_BARE_DAY}"
    rf"|{_BARE_DAY}\s?[,|·•–—-]?\s{{1,3}}(?:(?:о|об|в|at)\s)?{_TIME}",
    regex.IGNORECASE,
)
"""The same without a year: such a line says when on the page of a site that shows the latest news."""
_LONGEST_CLOCK, _LONGEST_LINE = 120, 220  # characters of a line with the time, and of one that belongs to the page
_BETWEEN = " \t\u00a0,|·•–—-:()/"
_COUNT = regex.compile(r"^[0-9][0-9 \u00a0.,]*[KkкMм]?\s|[\s(:,·•|]*[0-9][0-9 \u00a0.,]*[KkкMм]?\)?$")
_NUMBERS = regex.compile(r"[0-9\s\u00a0.,KkкMм+%\p{So}\ufe0f]+")
_CODE = regex.compile(r"\p{Lu}{2}")  # a switch of languages
_PATH = regex.compile(r"[^.!?,›»>→/]{2,30}(?:\s[›»>→/]\s[^.!?,›»>→/]{2,40})+")  # the way to the page
_ADDRESS = regex.compile(r"https?://\S+")
_HOUR = regex.compile(rf"{_TIME}{_ZONE}", regex.IGNORECASE)
_SAYS = regex.compile(r"[\p{L}\p{N}\p{So}]")
_CAPITAL = r"\p{Lu}[\p{L}'’ʼ.-]*"
_NAME = regex.compile(rf"{_CAPITAL}(?:\s{_CAPITAL}){{1,3}}")
_FROM = regex.compile(
    rf"{_NAME.pattern}(?:\s(?:and|with|та|і|й)\s{_NAME.pattern})?(?:\s\p{{Ll}}{{1,2}}\s{_CAPITAL}|,\s{_CAPITAL})?"
)
_LISTED = regex.compile(r"\p{Lu}[\p{L}'’ʼ. -]*\s?/\s?\p{Lu}[\p{L}'’ʼ. -]*\)?$")
_NETWORK = regex.compile(
    r"\b(?:google|telegram|viber|whatsapp|facebook|instagram|youtube|twitter|tiktok|threads|rss|newsletter)|телеграм|вайбер|фейсбук"
)
_SENTENCE_ENDS = regex.compile(r"[.!?…][\"'»”’)\]]*$")
_STOPS = regex.compile(r"\.[\"'»”’)\]]*$")
_MOST_WORDS, _FOLLOW_WORDS, _ACT_WORDS = 14, 8, 4
_LONGEST_NAME = 60  # characters of who wrote it
_TITLE_WORDS, _TITLE_LETTERS = 5, 40


_RECENT = frozenset(word for name in ("today", "yesterday") for word, _ in languages.words_for(name))


class Kind(Enum):
    """What a line of a page is; TEXT is what is none of the others."""

    TEXT = auto()
    READING = auto()  # how long it takes to read
    LIST = auto()  # begins lists of other articles, or what readers say
    COMMENTS = auto()  # ... where it stands behind the text
    ASIDE = auto()  # announces other articles, and the text goes on behind them
    POINTER = auto()  # names another article
    PAGE = auto()  # buttons, advertisements, numbers, appeals
    AUTHOR = auto()
    CAPTION = auto()


class Clock(NamedTuple):
    """A line that says when: the time as it is written."""

    at: str


def clock_in(line: str) -> Clock | None:
    """Return the time that a line tells, if it tells nothing else than who wrote it and for how long it is read."""
    if len(line) > _LONGEST_CLOCK:
        return None
    found = _CLOCK.search(line) or _without_year(line)
    if found is None:
        return None
    after = line[found.end() :].strip(_BETWEEN)
    # What is like a day of the week may be the last word of who wrote it: "Олена Гай, 26 червня".
    begins = (found.start(), *found.ends("word"))
    begin = next((n for n in begins if _stands_before(line[:n])), None)
    is_after = not after or kind_of(after) in {Kind.READING, Kind.PAGE} or after.casefold().startswith(_begin("dates"))
    return Clock(line[begin : found.end()].strip(_BETWEEN)) if begin is not None and is_after else None


def _stands_before(said: str) -> bool:
    before = said.strip(_BETWEEN)
    return not before or before.casefold() in _words("dates") or _weekday(before.casefold()) or is_author(before)


def _without_year(line: str) -> "regex.Match[str] | None":
    found = _BARE_CLOCK.search(line)
    if found is None:
        return None
    months = [name for group in ("month", "first") for name in found.captures(group)]
    days = [name.casefold() for name in found.captures("said")]
    return found if all(map(month_called, months)) and all(day in _RECENT for day in days) else None


def kind_of(line: str) -> Kind:
    """Return what a line of a page is."""
    if len(line) > _LONGEST_LINE:
        return Kind.TEXT
    whole = _folded(line)
    plain = _COUNT.sub("", whole).rstrip(": ") if not _SENTENCE_ENDS.search(line) else whole
    if _reading().fullmatch(whole):
        return Kind.READING
    for kind, name in ((Kind.LIST, "lists"), (Kind.COMMENTS, "comments"), (Kind.ASIDE, "asides")):
        if plain in _words(name):
            return kind
    if _heading().fullmatch(plain) or (whole.startswith(_begin("offers")) and not _SENTENCE_ENDS.search(line)):
        return Kind.LIST
    head, colon, rest = line.partition(":")
    if colon and rest.strip() and head.casefold().strip() in _words("asides"):
        return Kind.POINTER
    pressed = whole.startswith(_begin("acts")) and len(whole.split()) <= _ACT_WORDS and not _STOPS.search(line)
    if plain in _words("buttons") | _words("dates") or pressed or _appeals(whole) or _says_nothing(line):
        return Kind.PAGE
    if _is_moment(whole) or _ADDRESS.fullmatch(rest.strip() if colon and head.casefold() in _credits() else line):
        return Kind.PAGE
    if colon and head.casefold().strip() in _words("authors") and _names_somebody(rest):
        return Kind.AUTHOR
    return Kind.CAPTION if _is_caption(line) else Kind.TEXT


def heads_list(line: str) -> bool:
    """Tell whether a line is the heading of a list, and of nothing else: quicker than `kind_of`."""
    whole = _folded(line)
    return whole in _words("lists") or bool(_heading().fullmatch(whole))


def is_author(line: str) -> bool:
    """Tell whether a line is the name of somebody, or says what they are."""
    first, _, rest = line.partition(" ")
    named = rest if first.casefold().rstrip(":") in _words("authors") else line
    return line.casefold().strip(_BETWEEN) in _words("authors") or bool(_FROM.fullmatch(named.strip()))


def is_place(line: str) -> bool:
    """Tell whether a line above a title is part of the way there, and names no source."""
    return line.casefold() in _words("places") | _sections()


def may_be_title(line: str) -> bool:
    """Tell whether a line is as long as titles are, and names of sources are not."""
    return kind_of(line) is Kind.TEXT and (len(line.split()) >= _TITLE_WORDS or len(line) >= _TITLE_LETTERS)


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as a paragraph does, and titles do not."""
    return bool(_STOPS.search(line))


def _folded(line: str) -> str:
    """Return a line as the words of pages are compared: small, with one apostrophe, without what stands round it."""
    return line.casefold().strip(_BETWEEN).replace("'", "’").replace("ʼ", "’")


def _says_nothing(line: str) -> bool:
    """Tell whether a line is a number, a code, a rule, the way to the page, or its time."""
    shapes = (_NUMBERS, _CODE, _PATH)
    return (
        any(shape.fullmatch(line) for shape in shapes) or not _SAYS.search(line) or _CLOCK.fullmatch(line) is not None
    )


def _is_moment(whole: str) -> bool:
    """Tell whether a line says when the page was changed, be it only the time of day: "Оновлено: 19:05"."""
    said = next((rest for word in _begin("dates") if (rest := whole.removeprefix(word)) != whole), "").strip(_BETWEEN)
    return bool(_HOUR.fullmatch(said) or (said and clock_in(said)))


def _appeals(whole: str) -> bool:
    words = len(whole.split())
    follows = words <= _FOLLOW_WORDS and whole.startswith(_begin("follows")) and bool(_NETWORK.search(whole))
    if any(words in whole for words in _words("phrases")):
        return True
    return follows or (
        whole.startswith(_begin("appeals")) and (words <= _MOST_WORDS or whole.startswith(_phrases("appeals")))
    )


def _names_somebody(said: str) -> bool:
    return len(said) <= _LONGEST_NAME and not _SENTENCE_ENDS.search(said)


def _is_caption(line: str) -> bool:
    if _STOPS.search(line) and not line.endswith(").") and not line.casefold().startswith(_begin("captions")):
        return False
    return bool(_credited().search(line)) or (bool(_LISTED.search(line)) and not _STOPS.search(line))


def _weekday(said: str) -> bool:
    return said.rstrip(".,") in _weekdays()


@cache
def _weekdays() -> frozenset[str]:
    days = (day for language in languages.ALL for day in language.times.get("weekdays", ()))
    return frozenset(word for day in days for word in day.split())


@cache
def _credited() -> "regex.Pattern[str]":
    named = sorted(languages.page_words("captions"), key=len, reverse=True)
    words = "|".join(map(regex.escape, named))
    apart = "|".join(regex.escape(word) for word in named if " " in word)
    return regex.compile(
        rf"^(?:{words})\s*\.?$|(?:^|[.(\]]\s?)(?:{words})\s*[:/]\s*[^:]{{1,80}}\)?\.?$|^[^.]*\.\s(?:{apart})\.?$",
        regex.IGNORECASE,
    )


@cache
def _reading() -> "regex.Pattern[str]":
    words = "|".join(map(regex.escape, languages.page_words("minutes")))
    before = "|".join(map(regex.escape, languages.page_words("reading")))
    return regex.compile(rf"(?:(?:{before}):?\s)?[~⏱]?\ufe0f?\s?[0-9]+[\s-](?:{words})\b.{{0,20}}")


@cache
def _heading() -> "regex.Pattern[str]":
    """Return what headings of lists are made of: which ones, of what, and about what; one may be missing."""
    heads, things, tails = (
        "|".join(regex.escape(_folded(word)) for word in languages.page_words(f"list_{name}"))
        for name in ("heads", "things", "tails")
    )
    return regex.compile(rf"(?:{heads})\s(?:{things})(?:\s(?:{tails}))?|(?:{things})\s(?:{tails})")


@cache
def _credits() -> frozenset[str]:
    return frozenset(languages.record_words("credits"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(map(_folded, languages.page_words(name)))


@cache
def _begin(name: str) -> tuple[str, ...]:
    return languages.page_words(name)


@cache
def _phrases(name: str) -> tuple[str, ...]:
    """Return what says by its beginning what it is: several words."""
    return tuple(word for word in languages.page_words(name) if " " in word)


@cache
def _sections() -> frozenset[str]:
    names = set[str]()
    for language in languages.ALL:
        names |= {word.casefold() for word in languages.headings(language.code)}
        for topic in languages.topic_words(language.code).values():
            names |= {topic.name.casefold(), *topic.called}
    return frozenset(names) - {""}
