"""Every sentence the product says, by language: Fluent files, with the plurals of each language."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("uk", "en")
_FOLDER = Path(__file__).with_name("phrases")


class Phrasebook:
    """The phrases of one language. Calling it with a key and its variables gives the sentence."""

    def __init__(self, language: str, sources: Iterable[str]) -> None:
        self.language = language
        # Isolation marks round variables are for mixed directions; Telegram shows them as stray characters.
        self._bundle = FluentBundle([language], use_isolating=False)
        for source in sources:
            self._bundle.add_resource(FluentResource(source))

    def __call__(self, key: str, **variables: str | float) -> str:
        """Return the sentence.

        Raises:
            KeyError: there is no such phrase, or a variable it needs was not given. Both are mistakes of a
                programmer, and a test looks for them.

        """
        if not self._bundle.has_message(key):
            raise KeyError(f"no phrase {key!r} in {self.language}")
        pattern = self._bundle.get_message(key).value
        assert pattern is not None
        text, errors = self._bundle.format_pattern(pattern, variables)
        if errors:
            raise KeyError(f"phrase {key!r} in {self.language}: {errors}")
        return str(text)

    def has(self, key: str) -> bool:
        """Tell whether there is such a phrase."""
        return bool(self._bundle.has_message(key))


@cache
def phrases(language: str) -> Phrasebook:
    """Return the phrases of a language; of Ukrainian for a language there are none of."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    files = sorted((_FOLDER / known).glob("*.ftl"))
    return Phrasebook(known, (file.read_text(encoding="utf-8") for file in files))


def interface_language(code: str | None, default: str) -> str:
    """Return the interface language for Telegram's `language_code`: Ukrainian, else English, else `default`.

    Anybody whose Telegram is in neither language is better served by English than by the newsroom's own.
    """
    if not code:
        return default
    primary = code.split("-")[0].lower()
    return primary if primary in LANGUAGES else "en"
