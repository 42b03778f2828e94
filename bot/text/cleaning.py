"""Cleaning what comes from outside: characters that Telegram or a reader's eyes cannot deal with."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import regex

SCHEMES = frozenset({"http", "https", "mailto", "tel", "tg"})

# Controls other than tab and line feed; where a word may be divided; explicit direction overrides and isolates (a
# headline must not be able to turn round what stands behind it); tags and variation characters that only hide text;
# lone surrogates; what is no character and never will be, as far as XML minds; what stands for characters that were
# lost before they came here.
_UNWANTED = regex.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufff9-\uffff"
    r"\ud800-\udfff\U000e0001]"
)
# Letters that nobody sees, which people call themselves by; where there is nothing else, there is nothing.
_BLANKS = regex.compile(r"[\u115f\u1160\u180e\u2800\u3164\uffa0]")
# Between letters of these scripts nothing has to be joined or kept apart; in Arabic or in an emoji it does.
_JOINERS = regex.compile(r"(?<=[\p{Latin}\p{Cyrillic}])[\u200c\u200d]+(?=[\p{Latin}\p{Cyrillic}])")
_MARKS = regex.compile(r"(\p{M}{4})\p{M}+")  # no language stacks more than four marks on a letter
# Nothing is to be done to a text of these: signs of ASCII, and letters and punctuation that are one character each.
_CLEAN = re.compile("[\n\t -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2116]*")
_LINE_ENDS = "\r\v\f\x85\u2028"
# A character beyond the first 65 536, written as the two halves that UTF-16 has for it, escaped once or oftener.
_HALVES = regex.compile(
    r"&(?:amp;)*#(?:(\d{5})|x([0-9a-f]{4}));\s*&(?:amp;)*#(?:(\d{5})|x([0-9a-f]{4}));", regex.IGNORECASE
)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_SPACES = regex.compile(r"[^\S\n]+")
_BROKEN_OFF = str.maketrans("", "", "\t\n\r")
_LINES = regex.compile(r"\n{3,}")
_REMEMBERED_LENGTH = 300


def clean(text: str) -> str:
    """Return text that is safe to store and show: normalised (NFC), line ends as "\\n", no invisible controls."""
    if _CLEAN.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n").replace("\u2029", "\n\n")
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    text = _JOINERS.sub("", _UNWANTED.sub("", _BLANKS.sub(" ", text)))
    return str(_MARKS.sub(r"\1", unicodedata.normalize("NFC", text)))


def with_halves_joined(text: str) -> str:
    """Return a text with "&#55357;&#56832;", which is no XML and no HTML, as the one character that is meant."""
    return str(_HALVES.sub(_joined, text)) if "&" in text else text


def _joined(found: "regex.Match[str]") -> str:
    high, low = (int(found[n]) if found[n] else int(found[n + 1], 16) for n in (1, 3))
    if high not in _HIGH or low not in _LOW:
        return str(found[0])
    return chr(0x10000 + ((high - _HIGH.start) << 10) + (low - _LOW.start))


def clean_line(text: str) -> str:
    """Return cleaned text on one line, with single spaces: a title, a name."""
    return " ".join(clean(text).split())


def clean_paragraphs(text: str) -> str:
    """Return cleaned text with single spaces and at most one empty line in a row."""
    lines = (_SPACES.sub(" ", line).strip() for line in clean(text).split("\n"))
    return str(_LINES.sub("\n\n", "\n".join(lines))).strip("\n")


def without_spaces(address: str) -> str:
    """Return an address as browsers read one: line ends and tabs in it are nothing, and spaces are written "%20".

    Several addresses stay several, and so none.
    """
    text = address.strip()
    if any("://" in part for part in text.split()[1:]):
        return text
    return text.translate(_BROKEN_OFF).replace(" ", "%20")


def safe_url(address: str) -> str:
    """Return the address when it is one that may be opened from a message, else ""."""
    return _safe_url(address) if len(address) > _REMEMBERED_LENGTH else _remembered_url(address)


def _safe_url(address: str) -> str:
    address = clean(address).strip()
    if len(address.split()) > 1 or len(address) > 2048:
        return ""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return ""
    if parts.scheme.lower() not in SCHEMES:
        return ""
    if parts.scheme.lower() in {"http", "https"} and not parts.hostname:
        return ""
    return address


@lru_cache(maxsize=1_000)
def _remembered_url(address: str) -> str:
    """Return the same: a feed names its own address with each of its items."""
    return _safe_url(address)
