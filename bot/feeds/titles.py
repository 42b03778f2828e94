"""Titles of feeds: a title is a text, and its sign "<" mostly is one; but some sources mark titles up."""

from html import unescape

import regex

from bot.text.cleaning import clean_line

_INLINE = (
    "abbr|acronym|a|big|bdi|b|cite|code|del|em|font|ins|i|kbd|mark|nobr|q|samp|small|span|strike|strong|sub|sup|s|tt|u"
)
_PAIR = regex.compile(rf"<({_INLINE})(?:\s[^<>]*)?>((?:(?!<\1[\s>])[^\0])*?)</\1\s*>", regex.IGNORECASE)
_BREAK = regex.compile(r"<(?:br|wbr)\s*/>", regex.IGNORECASE)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", regex.IGNORECASE)
_LONGEST = 5_000  # characters of a title that are looked at; all that is kept is far less


def title_text(title: str) -> str:
    """Return the text of a feed's title: inline tags that are closed are markup, anything else stays what it is."""
    text = _BREAK.sub(" ", title[:_LONGEST])
    for _ in range(5):  # tags in tags, from the inside out
        text, found = _PAIR.subn(r"\2", text)
        if not found:
            break
    return clean_line(without_entities(text))


def without_entities(text: str) -> str:
    """Return a text with entities that end as such ("&amp;", not "?a&copy=1") as the characters they stand for."""
    return str(_ENTITY.sub(lambda found: unescape(found[0]), text))
