"""Mending a part of an article by what was wrong in it alone: "було -> стало"."""

from bot.errors import NotThere, ThereTwice
from bot.model.news import Article
from bot.text.document import Document, Paragraph, Run
from bot.text.ellipsis import cut
from bot.text.markup import stored_document, to_html
from bot.text.replacements import Replacement, occurrences, replaced, replaced_line, replacements_in

_QUOTED = 80  # characters of what is said back


def mended_line(line: str, text: str) -> str | None:
    """Return a title or a lead with what a message replaces in it; None when the message is a new one.

    One line with an arrow whose left side does not stand there is: "41 -> 42" may be news.

    Raises:
        NotThere: of several lines one replaces what does not stand there.
        ThereTwice: what it replaces stands there more than once.

    """
    found = replacements_in(text)
    for number, one in enumerate(found):
        may_be_new = len(found) == 1 or (one.plain and number == 0)
        if not _stands_once((Paragraph((Run(line),)),), one, may_be_new=may_be_new):
            return None
        line = replaced_line(line, one)
    return line if found else None


def mended_body(html: str, text: str) -> str | None:
    """Return a body with what a message replaces in it, its formatting kept; None when the message is a new one.

    `html` is canonical, and so is what is returned. Raises NotThere and ThereTwice: one line is no new text, unless its
    arrow is one that people print.
    """
    found, document = replacements_in(text), stored_document(html)
    for number, one in enumerate(found):
        if not _stands_once(document, one, may_be_new=one.plain and number == 0):
            return None
        document = replaced(document, one)
    return to_html(document) if found else None


def mends(article: Article, part: str, text: str) -> bool:
    """Tell whether a message changes only what it names of a part; raises as `mended_line`."""
    if part == "body":
        return mended_body(article.body, text) is not None
    return part in {"title", "lead"} and mended_line(getattr(article, part), text) is not None


def taken_whole(before: Article, part: str, text: str) -> str:
    """Return what a message says was there where it was not, in a title or a lead, which it is all of now; else "".

    Somebody may have mistyped what they wanted to mend. Who types an arrow that people print means it.
    """
    found = replacements_in(text) if part in {"title", "lead"} else ()
    if len(found) != 1 or found[0].plain:
        return ""
    stands = occurrences((Paragraph((Run(getattr(before, part)),)),), found[0].old)
    return "" if stands else cut(found[0].old, _QUOTED)


def is_mended(article: Article, part: str, text: str) -> bool:
    """Tell whether a part is what a message mends it to.

    What takes the place of something stands there, and that does not any more, but within it.
    """
    found = replacements_in(text) if part in {"title", "lead", "body"} else ()
    now = getattr(article, part) if found else ""
    document = stored_document(now) if part == "body" else (Paragraph((Run(now),)),)
    return bool(found) and all(_is_replaced(document, one) for one in found)


def _is_replaced(document: Document, one: Replacement) -> bool:
    new = occurrences(document, one.new) if one.new else 0
    within = occurrences((Paragraph((Run(one.new),)),), one.old)
    return (new > 0 or not one.new) and occurrences(document, one.old) <= new * within


def _stands_once(document: Document, one: Replacement, *, may_be_new: bool) -> bool:
    """Tell whether it is a replacement; what does not stand there is the beginning of a new text where it may be."""
    number = occurrences(document, one.old)
    if number == 1:
        return True
    if number:
        raise ThereTwice(text=cut(one.old, _QUOTED))
    if may_be_new:
        return False
    raise NotThere(text=cut(one.old, _QUOTED))
