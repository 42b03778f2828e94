"""Quotation marks inside quotation marks, as each language has them."""

import regex

from bot.text.languages import known

_QUOTED = regex.compile(r'«([^«»]*)»|“([^“”]*)”|„([^„“”]*)[“”]|"([^"]*)"')


def quoted_inside(text: str, language: str) -> str:
    """Return a text as it stands inside quotation marks of a language: with inner ones in the place of its own."""
    inner = known(language).quotes
    return str(_QUOTED.sub(lambda match: inner.format(next(part for part in match.groups() if part is not None)), text))
