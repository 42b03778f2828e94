"""Time zones as people name them: by a city, in any of the languages, with a slip of the pen."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.dates import get_timezone_location
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import BadZone
from bot.text.languages import ALL, COMMON, LANGUAGES, cities, known

# What most readers of a Ukrainian newsroom need, in the order of likelihood.
OFFERED = (
    "Europe/Kyiv", "Europe/Warsaw", "Europe/Berlin", "Europe/Prague", "Europe/Rome", "Europe/Madrid",
    "Europe/London", "Europe/Lisbon", "America/New_York", "America/Toronto", "America/Los_Angeles", "Asia/Jerusalem",
)  # fmt: skip

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
    if asked in names:
        return names[asked]
    try:
        return ZoneInfo(text.strip()).key if "/" in text else _nearest(asked, text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadZone(text=text.strip()[:40]) from None


def _nearest(asked: str, text: str) -> str:
    if len(asked) >= 4:
        found = process.extractOne(asked, _names().keys(), scorer=OSA.distance, score_cutoff=1 + len(asked) // 8)
        if found is not None:
            return _names()[found[0]]
    raise BadZone(text=text.strip()[:40])


def city_of(zone: str, language: str) -> str:
    """Return the zone's city in a language: "Київ"."""
    if shown := cities(known(language).code)["shown"].get(zone):
        return str(shown)
    place = get_timezone_location(zone, locale=Locale.parse(known(language).locale), return_city=True)
    return str(place) if place else zone.rpartition("/")[2].replace("_", " ")


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
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").replace("'", "").replace("’", "").split())
