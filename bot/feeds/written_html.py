"""Whether a text is HTML: what has tags that are HTML's, and what was escaped as a whole."""

import regex

from bot.feeds.titles import less_escaped, unwrapped, without_entities

_ALWAYS = regex.compile(
    r"<(p|br|div|a|b|i|strong|em|ul|ol|li|h\d|img|blockquote|table|figure|hr|iframe\s|video\s|audio\s)\b[^>]*>",
    regex.IGNORECASE,
)
# What a text may also speak of; it is markup where it is closed.
_CLOSED = regex.compile(
    r"<(abbr|address|article|aside|big|center|cite|code|dd|del|details|dl|dt|figcaption|font|footer|header|ins|kbd|main"
    r"|mark|pre|q|s|samp|section|small|span|strike|sub|summary|sup|td|th|time|tr|tt|u)\b[^>]*>",
    regex.IGNORECASE,
)
_ESCAPED = regex.compile(r"\s*&lt;(p|div|h\d|ul|ol|table|blockquote|figure|section|article)\b", regex.IGNORECASE)


def is_markup(text: str) -> bool:
    """Tell whether a text is HTML, and not one that speaks of "<iframe>" or "vector<int>"."""
    if "<" not in text:
        return False
    end = text.rfind(">") + 1  # so whatever begins a tag ends it, too, and no text is read to its end for each "<b"
    if _ALWAYS.search(text, endpos=end):
        return True
    small = text.lower()
    return any(f"</{name.lower()}" in small for name in set(_CLOSED.findall(text, endpos=end)))


def escaped_whole(text: str) -> str:
    """Return a feed's text as it was before a program escaped or wrapped up all of it once too often."""
    text = less_escaped(unwrapped(text))
    found = _ESCAPED.match(text)
    if found is None or "<" in text or f"&lt;/{found[1].lower()}" not in text.lower():
        return text
    return without_entities(text)
