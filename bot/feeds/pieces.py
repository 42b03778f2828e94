"""A feed's XML, cut into its items before anything is parsed: one that is broken or cut off spoils only itself.

It also bounds what a parser holds at a time.
"""

from dataclasses import dataclass
from html.entities import html5

import regex

from bot.text.cleaning import with_halves_joined

_PROLOG = regex.compile(r"\A(?:\s++|<\?.*?\?>|<!--.*?-->)*+", regex.DOTALL)
_DOCTYPE = regex.compile(r"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*+(?P<own>\[)?", regex.IGNORECASE)
_ENTITY = regex.compile(r"<!ENTITY", regex.IGNORECASE)
_STEP = regex.compile(
    r"<!--(?:.*?-->|.*+)|<!\[CDATA\[(?:.*?\]\]>|.*+)"
    r"|<(?P<open>(?:\w+:)?(?:item|entry))(?=[\s/>])(?P<inside>[^<>]*+)(?P<ends>>?)"
    r"|</(?P<close>(?:\w+:)?(?:item|entry))\s*>|</(?P<root>(?:\w+:)?(?:channel|rss|feed|RDF))\s*>",
    regex.DOTALL | regex.IGNORECASE,
)
_TAG = regex.compile(
    r"<!--(?:.*?-->|.*+)|<!\[CDATA\[(?:.*?\]\]>|.*+)|<\?(?:.*?\?>|.*+)|<(/?)([A-Za-z_][\w:.-]*)[^<>]{0,10000}+>",
    regex.DOTALL,
)
_NO_LINK = regex.compile(r"<link\s*+(?:/>|>\s*+</link\s*+>)", regex.IGNORECASE)
_DECLARATION = regex.compile(r"\A\s*<\?xml.*?\?>", regex.DOTALL)
_BEGINNING = regex.compile(r"<\?xml\s|<!--|<!DOCTYPE\s|<(?:rss|feed|rdf:RDF|channel|item|entry)\b", regex.IGNORECASE)
_LONGEST_JUNK = 10_000  # characters
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_AMPERSAND = regex.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*+)"
    r"|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31})|(?P<number>#(?:\d{1,7}|x[0-9A-Fa-f]{1,6})));|&",
    regex.DOTALL,
)
_FORBIDDEN = regex.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    regex.IGNORECASE,
)
LONGEST_HEAD = 100_000
"""Characters before the first item; no feed has so many, and each group of items is parsed with them."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A feed in pieces: where its items stand in its text, what is before them, and what comes last.

    `head` is all before the first item, `closers` are the ends of what it opens, `tail` what follows the last item.
    `cut` is whether the file ends in the middle of an item, `ends_early` whether it ends before the feed does.
    """

    text: str
    head: str
    closers: str
    tail: str
    spans: tuple[tuple[int, int], ...]
    cut: bool
    ends_early: bool

    def document(self, items: str = "") -> str:
        """Return a whole document with only these items."""
        return f"{self.head}{items}{self.closers}"


def cleaned(text: str) -> str:
    """Return a feed's text as a parser of XML takes it.

    Without what XML forbids, without what stands above the document (a server's complaint), and without what it says of
    its encoding: it is decoded. Signs "&" that begin nothing are escaped, and the names of HTML for characters
    ("&nbsp;"), which XML does not have, become those characters.
    """
    # An empty one keeps the parser from taking the item's id for its address.
    text = _NO_LINK.sub("", text)
    # What is said of a picture or a film is not what the item says; the parser would take it for that.
    text = text.replace("<media:description", "<media:caption").replace("</media:description", "</media:caption")
    plain = str(_FORBIDDEN.sub("", with_halves_joined(text.removeprefix("\ufeff"))))
    if (begun := _BEGINNING.search(plain, endpos=_LONGEST_JUNK)) is not None:
        plain = plain[begun.start() :]
    return str(_AMPERSAND.sub(_escaped, _DECLARATION.sub("", plain, count=1))).lstrip()


def _escaped(found: "regex.Match[str]") -> str:
    whole, name = str(found[0]), found["name"]
    if name in _OF_XML or whole.startswith("<"):
        return whole
    if number := found["number"]:
        digits = number[1:]
        return whole if _is_character(int(f"0{digits}", 16) if digits[0] in "xX" else int(digits)) else ""
    character = html5.get(f"{name};", "") if name else ""
    return character if character and character not in '<>&"' else f"&amp;{whole[1:]}"


def _is_character(number: int) -> bool:
    """Tell whether a number stands for a character; half of one, for which a parser has no bytes, does not."""
    return number <= 0x10FFFF and not 0xD800 <= number < 0xE000 and number not in {0xFFFE, 0xFFFF}


def defines_entities(text: str) -> bool:
    """Tell whether a document defines entities of its own, or reads some from elsewhere: before its root element only.

    What stands in its text is text, whatever it looks like.
    """
    start = _PROLOG.match(text.removeprefix("\ufeff"))
    assert start is not None
    rest = text.removeprefix("\ufeff")[start.end() :]
    doctype = _DOCTYPE.match(rest)
    return bool(_ENTITY.match(rest)) or (doctype is not None and doctype["own"] is not None)


def in_pieces(text: str) -> Pieces:
    """Cut the text of a feed into its items. An item that is not closed ends where the next one begins."""
    spans: list[tuple[int, int]] = []
    begun, over, first = -1, False, -1
    for step in _STEP.finditer(text):
        if step["open"]:
            first = step.start() if first < 0 else first
            if begun >= 0:
                spans.append((begun, step.start()))
            begun = step.start()
            if step["inside"].endswith("/") and step["ends"]:
                spans.append((begun, step.end()))
                begun = -1
        elif step["close"] and begun >= 0:
            spans.append((begun, step.end()))
            begun = -1
        elif step["root"]:
            over = True
            if begun >= 0:
                spans.append((begun, step.start()))
                begun = -1
    head = text[:first] if first >= 0 else text
    last = spans[-1][1] if spans else len(head)
    return Pieces(
        text,
        head,
        _closers(head) if spans and len(head) <= LONGEST_HEAD else "",
        text[last:] if begun < 0 else "",
        tuple(spans),
        cut=begun >= 0,
        ends_early=begun < 0 and not over,
    )


def _closers(head: str) -> str:
    """Return the end tags of what the beginning of a document leaves open."""
    opened: list[str] = []
    for tag in _TAG.finditer(head):
        name = tag[2]
        if name is None or tag[0].endswith("/>"):
            continue
        if not tag[1]:
            opened.append(name)
        elif name in opened:
            while opened.pop() != name:
                pass
    return "".join(f"</{name}>" for name in reversed(opened))
