"""What some content is, by how it begins."""

import regex

from bot.feeds.encodings import Unreadable, decoded

_START = 4_000  # bytes that tell what it is
_LONGEST_JUNK = 10_000  # characters of a server's complaint, above a feed
ROOT = regex.compile(
    r"\A(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*+<(?P<root>(?:\w+:)?\w+)", regex.DOTALL | regex.IGNORECASE
)
_FEED = regex.compile(r"<(?:\w{1,20}:)?(?:rss|feed|RDF|channel)\b", regex.IGNORECASE)
_PAGE = regex.compile(r"\A\s*(?:<!--.*?-->\s*)*(?:<!DOCTYPE\s+html|<html\b)", regex.DOTALL | regex.IGNORECASE)
FEED, JSON, PAGE, OUTLINES = "feed", "json", "page", "outlines"


def beginning(content: bytes) -> str:
    """Return the first characters of a content without what stands before any; ASCII of one that cannot be decoded."""
    try:
        return decoded(content).text.lstrip("\ufeff \t\r\n")
    except Unreadable:  # the rest may help to tell; what is sought is ASCII
        return content.decode("ascii", "replace").lstrip()


def kind_in(content: bytes) -> str:
    """Return what was fetched: a feed of XML, JSON, a page, a list of feeds; "" for none of these."""
    start = beginning(content[:_START])
    if start.startswith(("{", "[")):
        return JSON
    if _PAGE.match(start):
        return PAGE
    root = ROOT.match(start)
    if root is not None and root["root"].lower() == "opml":
        return OUTLINES
    if root is not None and root["root"].lower() == "html":
        return PAGE
    return FEED if _FEED.search(beginning(content[: 2 * _LONGEST_JUNK]), endpos=_LONGEST_JUNK) else ""
