"""The languages there are: each is a folder of data files beside this one, found by listing. docs/LANGUAGES.md.

A language with phrases is *spoken*: it can be chosen. One without is only *read*: its stop words and letters are known,
because articles and searches come in it.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.errors import ConfigError

# A newsroom's own languages, beside these or in the place of one of them. Read once, with the process.
_OWN = os.environ.get("VISNYK_LANGUAGES", "")
ROOTS = (*([Path(_OWN)] if _OWN else []), Path(__file__).parent)

_LATER = 100  # the place of a language that names none: behind those that do


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What `language.toml` says of a language; all but its name has a default.

    `locale` is how Babel's tables know it, `dictionary` how simplemma does ("" for none), `script` its letters' name in
    Unicode, `letters` a pattern of what only it has among the languages of its script. Articles are named beside one
    another within a `family`. `keyboard` is what the keys of a keyboard give, row by row, the same place the same key.
    `columns` are names of fields, `records` what stands in them, in the tables and records of other systems; `page` is
    what stands round an article on a page.
    """

    code: str
    folder: Path
    name: str
    order: int = _LATER
    common: bool = False
    locale: str = ""
    script: str = "Latin"
    letters: str = ""
    dictionary: str = ""
    family: str = ""
    quotes: str = "‘{}’"
    keyboard: str = ""
    apostrophe: tuple[str, str] = ("", "")
    latin: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sandbox: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def spoken(self) -> bool:
        """Whether people can choose it."""
        return any(self.folder.glob("*.ftl"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWords:
    """What a language says of a topic: its name, words of articles that belong there, how other newsrooms call it."""

    name: str = ""
    words: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


def _read(folder: Path) -> Language:
    known = _table(folder / "language.toml")
    apostrophe = known.pop("apostrophe", {})
    times, columns, records, page = (
        _word_lists(known.pop(name, {})) for name in ("times", "columns", "records", "page")
    )
    code = folder.name
    try:
        return Language(
            code=code,
            folder=folder,
            locale=known.pop("locale", code),
            family=known.pop("family", code),
            apostrophe=(apostrophe.get("after", ""), apostrophe.get("before", "")),
            times=times,
            columns=columns,
            records=records,
            page=page,
            **known,
        )
    except TypeError as error:  # a key nobody knows, or no name
        raise ConfigError("config-language-file", file=str(folder / "language.toml"), reason=str(error)) from None


def _folded(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in table.get(name, ()))


def _word_lists(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: _folded(table, name) for name in table}


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise ConfigError("config-language-file", file=str(file), reason=str(error)) from None


def _found() -> tuple[Language, ...]:
    """Return every language, the first one first; a newsroom's own folder wins over one of the same name here."""
    if _OWN and not Path(_OWN).is_dir():
        raise ConfigError("config-no-languages", folder=_OWN)
    folders = {file.parent.name: file.parent for root in reversed(ROOTS) for file in root.glob("*/language.toml")}
    return tuple(sorted(map(_read, folders.values()), key=lambda language: (language.order, language.code)))


ALL = _found()
BY_CODE = {language.code: language for language in ALL}
LANGUAGES = tuple(language.code for language in ALL if language.spoken)
# What people get whose own language is none of these.
COMMON = next((language.code for language in ALL if language.common), LANGUAGES[0])


def known(code: str) -> Language:
    """Return a language, or the common one for a code that is none of these."""
    return BY_CODE.get(code) or BY_CODE[COMMON]


def language_after(code: str) -> str:
    """Return the next of the languages people can choose, the first after the last and after any other."""
    place = LANGUAGES.index(code) + 1 if code in LANGUAGES else 0
    return LANGUAGES[place % len(LANGUAGES)]


def family_of(code: str) -> str:
    """Return the family of a language; one nobody knows counts with the first."""
    return (BY_CODE.get(code) or ALL[0]).family


def columns_for(field_name: str) -> tuple[str, ...]:
    """Return how languages call a field of a record ("title"), small, the first language first."""
    return tuple(name for language in ALL for name in language.columns.get(field_name, ()))


def record_words(name: str) -> tuple[str, ...]:
    """Return what records of other systems say ("kept_back", "yes", "no") in every language, small."""
    return tuple(word for language in ALL for word in language.records.get(name, ()))


def page_words(name: str) -> tuple[str, ...]:
    """Return what pages say round an article ("lists", "buttons") in every language, small."""
    return tuple(word for language in ALL for word in language.page.get(name, ()))


def words_for(name: str) -> Iterator[tuple[str, Language]]:
    """Yield the words people type for something ("tomorrow", "hourly"), of every language, the first one first."""
    return ((word, language) for language in ALL for word in language.times.get(name, ()))


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing about what a text is about, as they stand after normalisation."""
    return frozenset().union(*(stop_words_of(language.code) for language in ALL))


@cache
def stop_words_of(code: str) -> frozenset[str]:
    """Return those of one language."""
    file = BY_CODE[code].folder / "stopwords.txt"
    return frozenset(file.read_text(encoding="utf-8").split()) if file.is_file() else frozenset()


@cache
def contrasts(code: str) -> Mapping[str, Any]:
    """Return the words by which a language tells one piece of news from another that reads almost the same."""
    return _table(BY_CODE[code].folder / "contrasts.toml")


@cache
def topic_words(code: str) -> Mapping[str, TopicWords]:
    """Return what a language says of the topics a newsroom starts with, by their slugs."""
    return {
        slug: TopicWords(name=said.get("name", ""), words=tuple(said.get("words", ())), called=_folded(said, "called"))
        for slug, said in _table(BY_CODE[code].folder / "topics.toml").items()
        if slug != "headings"
    }


@cache
def headings(code: str) -> tuple[str, ...]:
    """Return what newsrooms file articles under that is a heading of a page, and no topic."""
    return _folded(_table(BY_CODE[code].folder / "topics.toml"), "headings")


@cache
def cities(code: str) -> Mapping[str, Mapping[str, Any]]:
    """Return a language's cities by time zone: `typed` lists what people write, `shown` is what they see."""
    table = _table(BY_CODE[code].folder / "cities.toml")
    return {"typed": table.get("typed", {}), "shown": table.get("shown", {})}
