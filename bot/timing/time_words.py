"""The words people say times with, of every language, whoever types: units, days, months, parts of the day."""

from collections.abc import Callable

from bot.text.languages import ALL, words_for


def _spelled(word: str) -> tuple[str, ...]:
    """Return a word as it is spelled, and as it is typed: many leave an apostrophe inside it out."""
    return (word, word.replace("'", "")) if "'" in word.strip("'") else (word,)


def _words(*names: str) -> frozenset[str]:
    return frozenset(spelled for name in names for word, _ in words_for(name) for spelled in _spelled(word))


_LISTS = {"counted", "weekdays", "months"}  # each place has several words, a space between


def _numbered(name: str) -> dict[str, int]:
    """Return words by their number, of every language: each place of the list has several."""
    return {
        spelled: n
        for language in reversed(ALL)  # where two use one word, the first wins
        for n, forms in enumerate(language.times.get(name, ()))
        for word in forms.split()
        for spelled in _spelled(word)
    }


MINUTES = dict.fromkeys(_words("minutes") | {"m"}, 1) | dict.fromkeys(_words("hours") | {"h"}, 60)
DAYS_LONG = dict.fromkeys(_words("days") | {"d"}, 1) | dict.fromkeys(_words("weeks"), 7)
SINGULAR = _words("singular")
WEEKS, MONTHS_LONG = _words("weeks"), _words("months_long")
YEARS_LONG, HALF_YEARS = _words("years_long"), _words("half_years")
HALF, HALF_HOURS, ONE_AND_A_HALF = _words("half"), _words("half_hours"), _words("one_and_a_half")
HALF_PAST = frozenset(word for language in ALL if "past" in language.times for word in language.times.get("half", ()))
"""What "half six" means half past six with; "пів шостої" is half an hour before it."""
ARTICLE, IN, AT, ON = _words("article"), _words("in") | {"+"}, _words("at"), _words("on")
CLOCK_WORD, YEAR, NOON, MIDNIGHT = (
    _words("clock"),
    _words("year"),
    _words("noon"),
    _words("midnight") | {"24:00", "24.00"},
)
AND, FROM, UNTIL, OFF = _words("and"), _words("from"), _words("until"), _words("off")
DAYS = {word: n for n, day in enumerate(("today", "tomorrow", "after_tomorrow")) for word in _words(day)}
DAILY = _words("daily")
YESTERDAY, AGO = _words("yesterday", "before_yesterday"), _words("ago")
NEVER = _words("never", "hourly") | DAILY | YESTERDAY | AGO
"""Where one of these is said, no time is guessed: it is said of another one, of none, of many, or of what is over."""
ZONES, TIME = _words("zones"), _words("time")
THIS, NEXT, OF, NOW = _words("this"), _words("following"), _words("of"), _words("now")
MORNINGS, EVENINGS, TONIGHT = _words("mornings"), _words("evenings"), _words("this_evening")
MIDDAYS, LUNCHES, NIGHTS = _words("middays"), _words("lunches"), _words("nights")
AFTER_NOON = _words("pm")
DAY_OF_MONTH = _words("day_of_month")
DATE_ENDINGS = _words("date_endings")
"""What stands behind the figures of a day of a month, and of nothing else: 25-го, 25th."""
COUNTED = {
    spelled: forms.split()[0]
    for language in reversed(ALL)
    for forms in language.times.get("counted", ())
    for word in forms.split()[1:]
    for spelled in _spelled(word)
}
"""Numbers as words, as figures."""
TWENTY = frozenset(
    forms.split()[1] for language in ALL for forms in language.times.get("counted", ()) if forms.startswith("20 ")
)
"""Twenty as it stands before the rest of a number: "двадцять перша"; "двадцята" is an hour of its own."""
QUARTER, PAST, TOWARDS, BEFORE = _words("quarter"), _words("past"), _words("towards"), _words("before")
WITHOUT = _words("without")
AND_A_HALF, FROM_NOW = _words("and_a_half"), _words("from_now")
PHRASES = frozenset(
    word
    for language in ALL
    for name, said in language.times.items()
    if name not in _LISTS
    for word in said
    if " " in word
)
"""What consists of several words."""
PHRASE_LENGTHS = sorted({len(phrase.split()) for phrase in PHRASES}, reverse=True)
WEEKDAYS, MONTHS = _numbered("weekdays"), _numbered("months")

Hour = Callable[[int], int | None]
"""An hour as it is said with a part of the day → as a clock of 24 hours shows it; None when nobody says that."""


def _part(first: int, last: int, noon: int) -> Hour:
    """Return how hours of a part of the day are read: those from `first` to `last` of the clock, `noon` what 12 is."""

    def read(hour: int) -> int | None:
        candidates = (noon,) if hour == 12 and noon >= 0 else (hour, hour + 12) if 0 < hour < 12 else (hour,)
        return next((h for h in candidates if first <= h % 24 <= last), None)

    return read


def _at_night(hour: int) -> int | None:
    return _part(0, 5, 0)(hour) if hour in {0, 1, 2, 3, 4, 5, 12} else _part(21, 23, -1)(hour)


STANDING: dict[str, Hour] = {
    **dict.fromkeys(MORNINGS, _part(3, 11, -1)),
    **dict.fromkeys(MIDDAYS | LUNCHES, _part(11, 18, 12)),
    **dict.fromkeys(EVENINGS, _part(16, 23, -1)),
    **dict.fromkeys(NIGHTS, _at_night),
}
"""Parts of the day that stand by themselves: "зранку о 9", "tonight at 8"."""
USUAL = {
    **dict.fromkeys(MORNINGS, 9),
    **dict.fromkeys(LUNCHES, 13),
    **dict.fromkeys(MIDDAYS, 14),
    **dict.fromkeys(EVENINGS, 19),
    **dict.fromkeys(NIGHTS, 23),
}
"""The hour that is proposed for a part of the day of which none is said."""
PARTS: dict[str, Hour] = {
    **dict.fromkeys(_words("am"), _part(0, 11, 0)),
    **dict.fromkeys(_words("pm"), _part(12, 23, 12)),
    **dict.fromkeys(_words("morning"), _part(3, 11, -1)),
    **dict.fromkeys(_words("afternoon"), _part(11, 18, 12)),
    **dict.fromkeys(_words("evening"), _part(16, 23, -1)),
    **dict.fromkeys(_words("night"), _at_night),
}

VOCABULARY = frozenset(
    {
        *MINUTES,
        *DAYS_LONG,
        *MONTHS_LONG,
        *YEARS_LONG,
        *HALF_YEARS,
        *HALF,
        *HALF_HOURS,
        *ONE_AND_A_HALF,
        *ARTICLE,
        *IN,
        *AT,
        *ON,
        *CLOCK_WORD,
    }
    | {*YEAR, *NOON, *MIDNIGHT, *AND, *DAYS, *THIS, *NEXT, *OF, *STANDING, *DAY_OF_MONTH, *COUNTED, *QUARTER, *PAST}
    | {*TOWARDS, *BEFORE, *WITHOUT, *WEEKDAYS, *MONTHS, *PARTS}
)
"""Every single word that may stand in a time by itself."""
IN_PHRASES = frozenset(word for phrase in PHRASES for word in phrase.split())
KNOWN = VOCABULARY | IN_PHRASES | NOW | NEVER | FROM | UNTIL | ZONES | TIME
"""Every word that is no slip of the pen."""


def senses(word: str) -> frozenset[tuple[str, int]]:
    """Return which weekday, month, day or number a word names."""
    tables = {"weekday": WEEKDAYS, "month": MONTHS, "day": DAYS, "number": {w: int(n) for w, n in COUNTED.items()}}
    return frozenset((name, table[word]) for name, table in tables.items() if word in table)
