"""Titles of feeds: a title is a text, and its sign "<" mostly is one; but some sources mark titles up."""

from html import unescape
from html.entities import html5

import regex

from bot.text.cleaning import clean_line, with_halves_joined

_INLINE = (
    "abbr|acronym|a|big|bdi|b|cite|code|del|em|font|ins|i|kbd|mark|nobr|q|samp|small|span|strike|strong|sub|sup|s|tt|u"
)
_PAIR = regex.compile(rf"<({_INLINE})(?:\s[^<>]*)?>((?:(?!<\1[\s>])[^\0])*?)</\1\s*>", regex.IGNORECASE)
_BREAK = regex.compile(r"<(?:br|wbr)\s*/>", regex.IGNORECASE)
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", regex.IGNORECASE)
# What programs escape once too often, Cyrillic letters too. Of what a headline may be about (&lt;, &nbsp;) nothing is
# decoded twice.
_ESCAPED_AGAIN = regex.compile(
    r"&(?:amp|quot|apos|[lr]aquo|[lrb][ds]quo|[mn]dash|hellip|#0?3[49]|#x2[27]|#82(?:0[2-9]|1\d|2[0-6]|30)"
    r"|#17[1]|#187|#1(?:0[2-9]|1\d|2[0-7])\d|#x4[0-9a-f]{2});",
    regex.IGNORECASE,
)
_TWICE = regex.compile(rf"&(?:amp;)+(?={_ESCAPED_AGAIN.pattern[1:]})", regex.IGNORECASE)
_WRAPPED = regex.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", regex.DOTALL)
_REFERENCE = regex.compile(r"&(?:amp;)*(#\d{1,7}|#x[0-9a-f]{1,6});?", regex.IGNORECASE)
_LONGEST = 5_000  # characters of a title that are looked at; all that is kept is far less


def title_text(title: str) -> str:
    """Return the text of a feed's title: inline tags that are closed are markup, anything else stays what it is."""
    text = _BREAK.sub(" ", unwrapped(with_halves_joined(title[:_LONGEST])))
    for _ in range(5):  # tags in tags, from the inside out
        text, found = _PAIR.subn(r"\2", text)
        if not found:
            break
    return clean_line(_ESCAPED_AGAIN.sub(_meant, _ESCAPED_AGAIN.sub(_meant, without_entities(text))))


def unwrapped(text: str) -> str:
    """Return a text without the marks of a CDATA section round all of it: it was wrapped up twice."""
    found = _WRAPPED.fullmatch(text) if "<![CDATA[" in text else None
    return str(found[1]) if found else text


def less_escaped(text: str) -> str:
    """Return HTML with what was escaped once too often escaped once; it stays where the text shows HTML as such."""
    if "&amp;" not in text or "<code" in text or "<pre" in text:
        return text
    return str(_TWICE.sub("&", text))


def _meant(found: "regex.Match[str]") -> str:
    return unescape(str(found[0]))


def without_empty_references(text: str) -> str:
    """Return a text without the numbers of characters that there are none of ("&#0;"), or that stand for a lost one."""
    if "&" not in text:
        return text
    return str(_REFERENCE.sub(lambda found: "" if unescape(f"&{found[1]};") == "\ufffd" else found[0], text))


def without_entities(text: str) -> str:
    """Return a text with entities that end as such ("&amp;", not "?a&copy=1") as the characters they stand for."""
    return str(_ENTITY.sub(_entity, text))


def _entity(found: "regex.Match[str]") -> str:
    """Return the character of an entity; a name that none has stays, though it may begin as another does."""
    name = found[0][1:]
    return unescape(found[0]) if name.startswith("#") or name in html5 else found[0]
