"""Time zones as people name them: by a city, in any of the languages, with a slip of the pen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import regex
from babel import Locale
from babel.dates import get_timezone_location
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import BadZone
from bot.text.languages import ALL, COMMON, LANGUAGES, cities, known
from bot.timing import time_words as words_of
from bot.timing.stored_zones import stored_zone

# What most readers of a Ukrainian newsroom need, in the order of likelihood.
OFFERED = (
    "Europe/Kyiv", "Europe/Warsaw", "Europe/Berlin", "Europe/Prague", "Europe/Rome", "Europe/Madrid",
    "Europe/London", "Europe/Lisbon", "America/New_York", "America/Toronto", "America/Los_Angeles", "Asia/Jerusalem",
)  # fmt: skip

_OFFSET = regex.compile(
    r"(?P<clock>UTC|GMT)?\s*(?:(?P<sign>[+−–-])\s*(?P<hours>[0-9]{1,2})(?::?00)?)?", regex.IGNORECASE
)
_ETC = regex.compile(r"Etc/(?:UTC|GMT(?P<sign>[+-])(?P<hours>[0-9]{1,2}))")
_CASE = 3  # letters that an ending may change: Київ, Києвом
_CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)


def find_zone(text: str) -> str:
    """Return the IANA zone for a zone's name or a city.

    Raises:
        BadZone: nothing is near enough to what was asked for.

    """
    asked = _folded(text)
    names = _names()
    if zone := _offset_zone(text):
        return zone
    if asked in names:
        return names[asked]
    try:
        zone = ZoneInfo(text.strip()).key if "/" in text else _nearest(asked, text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadZone(text=text.strip()[:40]) from None
    if zone not in _everywhere():  # what only some machines have: "right/Europe/Kyiv"
        raise BadZone(text=text.strip()[:40])
    return zone


def _offset_zone(text: str) -> str:
    """Return the zone that is whole hours off the world's clock, "UTC+2", "GMT"; "" for no such."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None or not (found["clock"] or found["sign"]):
        return ""
    hours = int(found["hours"] or 0)
    if not hours:
        return "Etc/UTC"
    zone = f"Etc/GMT{'-' if found['sign'] == '+' else '+'}{hours}"  # there the signs are the other way round
    return zone if zone in _everywhere() else ""


@cache
def _everywhere() -> frozenset[str]:
    return frozenset(available_timezones())


def _nearest(asked: str, text: str) -> str:
    if len(asked) >= 4:
        found = process.extractOne(asked, _names().keys(), scorer=OSA.distance, score_cutoff=1 + len(asked) // 8)
        if found is not None:
            return _names()[found[0]]
    raise BadZone(text=text.strip()[:40])


def city_of(zone: str, language: str) -> str:
    """Return the zone's city in a language, "Київ"; of one without a city how far it is off, "UTC+2"."""
    if off := _ETC.fullmatch(zone):
        return f"UTC{'+' if off['sign'] == '-' else '−'}{off['hours']}" if off["hours"] else "UTC"
    if shown := cities(known(language).code)["shown"].get(zone):
        return str(shown)
    try:
        place = get_timezone_location(zone, locale=Locale.parse(known(language).locale), return_city=True)
    except LookupError:  # this machine does not know the zone; another one did
        place = ""
    return str(place) if place else zone.rpartition("/")[2].replace("_", " ")


def tells_another_clock(words: Sequence[str], zone_name: str, now: datetime) -> bool:
    """Tell whether words beside a time say that another zone's clock shows it: "EST", "Warsaw", "за Лондоном".

    Words are small and without signs. Behind "за" or "in" whatever is not known as a city of the zone is elsewhere.
    """
    own = {(now + timedelta(days=days)).astimezone(stored_zone(zone_name)).tzname() for days in (0, 182)}
    names = {name.casefold() for name in own if name}
    for n, word in enumerate(words):
        before, behind = words[n - 1] if n else "", words[n + 1] if n + 1 < len(words) else ""
        if word in words_of.ZONES and word not in names:
            return True
        if (before in words_of.IN | words_of.UNTIL or behind in words_of.TIME) and word not in words_of.ZONES:
            place = _zone_near(word)
            here = _has_same_clock(place, zone_name, now) if place else _is_city_of(zone_name, word)
            if not here:
                return True
        near = _zone_near(word) if before in words_of.AT | words_of.ON else None
        place = near or _names().get(word) or _names().get(f"{before} {word}")
        if place is not None and not _has_same_clock(place, zone_name, now):
            return True
    return False


def _zone_near(word: str) -> str | None:
    try:
        return find_zone(word)
    except BadZone:
        return None


def _has_same_clock(zone: str, other: str, now: datetime) -> bool:
    return now.astimezone(stored_zone(zone)).utcoffset() == now.astimezone(stored_zone(other)).utcoffset()


def _is_city_of(zone: str, word: str) -> bool:
    """Tell whether a word is a city of the zone in some case: Києвом, київським."""
    typed = (city for language in ALL for city in cities(language.code)["typed"].get(zone, ()))
    for city in map(_folded, (zone.rpartition("/")[2], *(city_of(zone, code) for code in LANGUAGES), *typed)):
        begins = word.startswith(city[: max(2, len(city) - 2)])
        if word.startswith(city) or (begins and OSA.distance(word, city) <= _CASE):
            return True
    return False


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    zones = [zone for zone in available_timezones() if zone.partition("/")[0] in _CONTINENTS]
    # Many zones are old names of others; the one that is called like its city is the one that is meant.
    zones.sort(key=lambda zone: (_folded(zone.rpartition("/")[2]) != _folded(city_of(zone, COMMON)), zone))
    for zone in zones:
        for name in (zone, zone.rpartition("/")[2], *(city_of(zone, code) for code in (COMMON, *LANGUAGES))):
            names.setdefault(_folded(name), zone)
    for language in reversed(ALL):  # what the first says, holds
        for zone, typed in cities(language.code)["typed"].items():
            names.update({_folded(city): zone for city in typed})
    return names


def _folded(text: str) -> str:
    plain = text.casefold().replace("ґ", "г")  # Чікаґо is typed Чикаго
    return " ".join(plain.replace("_", " ").replace("-", " ").replace("'", "").replace("’", "").split())
