"""The sandbox in each language: its people, and the words of its page, from the folders of the languages."""

from collections.abc import Mapping

import orjson

from bot.sandbox.world import Json, Person
from bot.text.languages import BY_CODE, COMMON, LANGUAGES, Language

READERS = {code: 1001 + place for place, code in enumerate(LANGUAGES)}
EDITORS = {code: 2001 + place for place, code in enumerate(LANGUAGES)}


def people() -> list[Person]:
    """Return a reader and an editor for each language."""
    return [
        Person(number, _of(BY_CODE[code], role), code)
        for role, numbers in (("reader", READERS), ("editor", EDITORS))
        for code, number in numbers.items()
    ]


def page_languages() -> list[Json]:
    """Return what the page knows of each language: its switch, how browsers call it, its words."""
    return [_shown(BY_CODE[code]) for code in LANGUAGES]


def _shown(language: Language) -> Json:
    return {
        "code": language.code,
        "name": language.name,
        "short": language.sandbox.get("short", language.code.upper()),
        "locale": language.sandbox.get("locale", language.locale),
        "words": words(language.code),
    }


def _of(language: Language, name: str) -> str:
    return language.sandbox.get(name) or BY_CODE[COMMON].sandbox[name]


def words(code: str) -> Mapping[str, str]:
    """Return the words of the page in a language; what it does not say, it says as the common one."""
    return {**_words(BY_CODE[COMMON]), **_words(BY_CODE[code])}


def _words(language: Language) -> Mapping[str, str]:
    file = language.folder / "page.json"
    words: Mapping[str, str] = orjson.loads(file.read_bytes()) if file.is_file() else {}
    return words
