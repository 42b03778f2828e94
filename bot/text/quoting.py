"""Quotation marks inside quotation marks, as each language has them."""

import regex

_INNER = {"uk": "„{}“", "en": "‘{}’"}
_QUOTED = regex.compile(r'«([^«»]*)»|“([^“”]*)”|„([^„“”]*)[“”]|"([^"]*)"')


def quoted_inside(text: str, language: str) -> str:
    """Return a text as it stands inside quotation marks of a language: with inner ones in the place of its own."""
    inner = _INNER.get(language, _INNER["en"])
    return str(_QUOTED.sub(lambda match: inner.format(next(part for part in match.groups() if part is not None)), text))
