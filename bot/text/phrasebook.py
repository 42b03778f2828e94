"""Every sentence the product says, by language: Fluent files, with the plurals of each language."""

from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import Any

import regex
from fluent.runtime import FluentBundle, FluentLocalization, FluentResource
from fluent.runtime.fallback import AbstractResourceLoader

from bot.errors import ConfigError, VisnykError
from bot.text.languages import BY_CODE, COMMON, LANGUAGES
from bot.text.quoting import quoted_inside

_PHRASE = regex.compile(r"^([a-z][\w-]*) =((?:.*\n?)(?:(?:[ \t}].*)?\n)*)", regex.MULTILINE)
_QUOTED = regex.compile(r"[«“„\"]\{ \$(\w+) \}")


class Phrasebook:
    """The phrases of one language. Calling it with a key and its variables gives the sentence.

    What a language lacks is said in the common one.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        folders = list(dict.fromkeys((language, COMMON)))
        files = sorted({file.name for code in folders for file in BY_CODE[code].folder.glob("*.ftl")})
        # Isolation marks round variables are for mixed directions; Telegram shows them as stray characters.
        self._said: dict[str, str] = {}  # most sentences have no variables, and are worked out once
        self._quoted = {key: names for code in reversed(folders) for key, names in _quoted_in(code).items()}
        self._fluent = FluentLocalization(folders, files, _Folders(), use_isolating=False, bundle_class=_Strict)

    def __call__(self, key: str, **variables: str | float) -> str:
        """Return the sentence; what it has in quotation marks has the inner ones in the place of its own.

        Raises:
            KeyError: there is no such phrase, or a variable it needs was not given. Both are mistakes of a
                programmer, and a test looks for them.

        """
        if not variables and key in self._said:
            return self._said[key]
        for name in self._quoted.get(key, frozenset()) & variables.keys():
            if isinstance(value := variables[name], str):
                variables[name] = quoted_inside(value, self.language)
        text = str(self._fluent.format_value(key, variables))
        if text == key:  # what Fluent answers to a key it does not know; no phrase says its own key
            raise KeyError(f"no phrase {key!r} in {self.language}")
        if not variables:
            self._said[key] = text
        return text


class _Strict(FluentBundle):
    """A bundle that answers a mistake with an exception; the library's own writes it into the sentence."""

    def format_pattern(self, pattern: Any, args: Any = None) -> tuple[Any, list[Exception]]:
        text, errors = super().format_pattern(pattern, args)
        if errors:
            raise KeyError(f"phrase in {self.locales[0]}: {text!r}: {errors}")
        return text, errors


class _Folders(AbstractResourceLoader):
    """The phrases in a language's folder. The library's own loader leaves its files open."""

    def resources(self, locale: str, resource_ids: Sequence[str]) -> Generator[list[Any], None, None]:
        files = [BY_CODE[locale].folder / name for name in resource_ids]
        yield [FluentResource(file.read_text(encoding="utf-8")) for file in files if file.is_file()]


@cache
def _quoted_in(code: str) -> Mapping[str, frozenset[str]]:
    """Return the phrases of a language that have variables in quotation marks, with those variables."""
    found = dict[str, frozenset[str]]()
    for file in BY_CODE[code].folder.glob("*.ftl"):
        for phrase in _PHRASE.finditer(file.read_text(encoding="utf-8")):
            if names := frozenset(_QUOTED.findall(phrase[2])):
                found[phrase[1]] = names
    return found


def told(error: VisnykError, say: Phrasebook) -> str:
    """Return what an error says, for whoever started a command."""
    if isinstance(error, ConfigError) and error.faults:
        return say(error.phrase, what="; ".join(told(fault, say) for fault in error.faults))
    return say(error.phrase, **error.variables)


@cache
def phrases(language: str) -> Phrasebook:
    """Return the phrases of a language; of the first for a language there are none of."""
    return Phrasebook(language if language in LANGUAGES else LANGUAGES[0])


def interface_language(code: str | None, default: str) -> str:
    """Return the interface language for Telegram's `language_code`: one there is, else the common one, else `default`.

    Anybody whose Telegram is in another language is better served by English than by the newsroom's own.
    """
    if not code:
        return default
    primary = code.split("-")[0].lower()
    return primary if primary in LANGUAGES else COMMON
