"""Time zones as people name them: by a city, in Ukrainian or English, with a slip of the pen."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.dates import get_timezone_location
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import BadZone

# What most readers of a Ukrainian newsroom need, in the order of likelihood.
OFFERED = (
    "Europe/Kyiv", "Europe/Warsaw", "Europe/Berlin", "Europe/Prague", "Europe/Rome", "Europe/Madrid",
    "Europe/London", "Europe/Lisbon", "America/New_York", "America/Toronto", "America/Los_Angeles", "Asia/Jerusalem",
)  # fmt: skip

_CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
_KYIV = frozenset({"Europe/Kyiv", "Europe/Kiev"})  # the Unicode tables know only the old name, and no Ukrainian one

# Cities whose name is not the zone's.
_CITIES = {
    "Europe/Kyiv": "Київ Киев Kyiv Kiev Україна Ukraine Харків Kharkiv Одеса Odesa Odessa Дніпро Dnipro Львів Lviv "
    "Запоріжжя Zaporizhzhia Вінниця Vinnytsia Полтава Poltava Чернігів Chernihiv Черкаси Cherkasy Суми Sumy Житомир "
    "Zhytomyr Хмельницький Khmelnytskyi Рівне Rivne Тернопіль Ternopil Луцьк Lutsk Ужгород Uzhhorod Чернівці "
    "Chernivtsi Миколаїв Mykolaiv Херсон Kherson Маріуполь Mariupol Донецьк Donetsk Луганськ Luhansk Сімферополь",
    "Europe/Warsaw": "Варшава Краків Kraków Krakow Вроцлав Wrocław Wroclaw Гданськ Gdańsk Gdansk Познань Poznań Польща",
    "Europe/Berlin": "Берлін Мюнхен München Munich Гамбург Hamburg Кельн Köln Cologne Франкфурт Frankfurt Німеччина",
    "Europe/Prague": "Прага Брно Brno Чехія",
    "Europe/Rome": "Рим Мілан Milan Milano Неаполь Naples Італія",
    "Europe/Madrid": "Мадрид Барселона Barcelona Валенсія Valencia Іспанія",
    "Europe/London": "Лондон Манчестер Manchester Единбург Edinburgh Британія",
    "Europe/Paris": "Париж Ліон Lyon Марсель Marseille Ніцца Nice Франція",
    "Europe/Zurich": "Цюрих Женева Geneva Берн Bern Базель Basel Швейцарія",
    "Europe/Amsterdam": "Амстердам Роттердам Rotterdam Гаага Нідерланди",
    "Europe/Lisbon": "Лісабон Порту Porto Португалія",
    "America/New_York": "Нью-Йорк Вашингтон Washington Бостон Boston Філадельфія Philadelphia Маямі Miami Атланта",
    "America/Toronto": "Торонто Оттава Ottawa Монреаль Montreal",
    "America/Los_Angeles": "Лос-Анджелес Сан-Франциско Сіетл Seattle Сакраменто Sacramento Портленд Portland",
    "America/Edmonton": "Едмонтон Калгарі Calgary",
    "Asia/Jerusalem": "Єрусалим Тель-Авів Хайфа Haifa Ізраїль",
    "Asia/Kolkata": "Делі Delhi Мумбаї Mumbai",
}


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
    if zone in _KYIV:
        return "Київ" if language == "uk" else "Kyiv"
    place = get_timezone_location(zone, locale=Locale(language), return_city=True)
    return str(place) if place else zone.rpartition("/")[2].replace("_", " ")


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    zones = [zone for zone in available_timezones() if zone.partition("/")[0] in _CONTINENTS]
    # Many zones are old names of others; the one that is called like its city is the one that is meant.
    zones.sort(key=lambda zone: (_folded(zone.rpartition("/")[2]) != _folded(city_of(zone, "en")), zone))
    for zone in zones:
        for name in (zone, zone.rpartition("/")[2], city_of(zone, "en"), city_of(zone, "uk")):
            names.setdefault(_folded(name), zone)
    for zone, cities in _CITIES.items():
        names.update({_folded(city): zone for city in cities.split()})
    return names


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").replace("'", "").replace("’", "").split())
