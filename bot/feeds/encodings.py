"""Bytes to text: what a file's encoding is, whatever it says of itself, and where a few of its bytes fit none."""

import codecs
from dataclasses import dataclass, replace

import regex

from bot.feeds.findings import Finding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_CYRILLIC = ("cp1251", "koi8-u")
_OF_PROGRAMS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})  # no file is in one
_DECLARED = regex.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META = regex.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", regex.IGNORECASE)
_HEAD = 8_000  # bytes in which a page names its encoding; browsers look at an eighth of that
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’ʼ-][\p{L}\p{M}]+)*")
_SHAPE = regex.compile(r"\p{Lu}?\p{Ll}*|\p{Lu}+")
_OTHER = frozenset("«»„“”‘’‚‹›–—…№§©®™°·•±€¬ \u00a0\u00ad")
_VOWELS = frozenset("аеєиіїоуюяёыэ")
_FREQUENT = frozenset("оаинеітврслкдму")
_SOUTHERN = frozenset("ЂЃЉЊЋЌЏЅЈђѓљњћќџѕј")
_EASTERN = frozenset("ЙЩЫЬЭЮЯЪЁЄІЇҐйщыьэюяъёєіїґ")
"""Letters of Serbian and Macedonian, and letters that those do not have: no language has both."""
_TAKEN_FOR = ("cp1252", "cp1251")  # also for latin-1, whose signs the first has, or their numbers
_AS_IT_IS = "visnyk-as-it-is"
# Three Cyrillic letters as UTF-8, read as Windows-1252 or Windows-1251: each one of two letters, and some other sign.
_TWICE = regex.compile(
    r"(?:[ÐÑ][\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]){3}"
    r"|(?:[РС][\x80-\xbfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈҐЁЄЇІіґё№єјЅѕї]){3}"
)
_FIELD = regex.compile(r"[^<>\"\t\n]+")
_TELLING_WORD = regex.compile(r"\p{Cyrillic}{3}")
_TELLING = 20  # letters, from which on their shares say something
_ENOUGH = 0.85  # of the words must look like words; names such as "УкрІнформ" do not
_HARDLY = 0.5  # of the words, where it is no Cyrillic text at all
LOST = "\ufffd"
"""Stands where bytes could not be read."""
_NUMBER_LOST = regex.compile(rf"\d[.,]?{LOST}|{LOST}[.,]?\d")
_LOST_FEW, _LOST_SHARE = 2, 20  # lost characters: so many may be lost of any text, of a longer one one in so many
_SURELY, _LIKELY = 10, 3
"""So many characters of several bytes for each place that is no UTF-8 show that a text is UTF-8 all the same."""
_FEW, _FAR_BETWEEN = 3, 300  # places that may be lost of a text in ASCII, and its bytes for each
_SELDOM = 50  # characters for each place that is lost, where the encoding is known otherwise


class Unreadable(Exception):
    """No encoding that is known makes words of the bytes."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding that was guessed for it, "" when nothing had to be guessed.

    `lost` is in how many places its bytes fit nothing; `LOST` stands there. `twice` says that it was encoded twice.
    """

    text: str
    guessed: str = ""
    lost: int = 0
    twice: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of the file."""
        found = [Finding("import-guessed", {"encoding": self.guessed})] if self.guessed else []
        found += [Finding("import-encoded-twice")] if self.twice else []
        found += [Finding("import-lost-places", {"n": self.lost})] if self.lost else []
        return tuple(found)


def decoded(content: bytes) -> Decoded:
    """Return the text of a file: by its mark, else as UTF-8, else as it says, else as what makes Cyrillic words of it.

    A few bytes that fit nothing cost only themselves. Where a file was cut off, the end may stand in the middle of a
    character, which is left out.

    Raises:
        Unreadable: nothing fits.

    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _nearly(content[len(mark) :], name)
    if (wide := _wide(content)) is not None:
        return _nearly(content, wide)
    try:
        return _once(_strictly(content, "utf-8"))
    except Unreadable:
        damaged, shown = _damaged_utf_8(content)
    if shown >= _SURELY * damaged.lost:
        return damaged
    try:
        return _guessed(content)
    except Unreadable:
        few = damaged.lost <= min(_FEW, len(content) // _FAR_BETWEEN)
        if shown >= _LIKELY * damaged.lost or few:
            return damaged
        raise


def decoded_page(content: bytes) -> Decoded:
    """Return the text of a page of the web: as any file's, and where that tells nothing in the encoding it names.

    Raises:
        Unreadable: nothing fits.

    """
    named = _META.search(content, endpos=_HEAD)
    return decoded(in_utf_8(content, named[1].decode("ascii")) if named else content)


def in_utf_8(content: bytes, charset: str) -> bytes:
    """Return what is said to be in some encoding (`charset`, "" for nothing said) in UTF-8; as it is where not so.

    A mark counts before that, and so does what the bytes show: servers say one thing of all they have, and pages what
    their template said once.
    """
    said = _known(charset) if charset else ""
    if not said or said.startswith("utf") or is_wide(content):
        return content
    damaged, shown = _damaged_utf_8(content)
    if shown >= damaged.lost:
        return content
    other = max(_cyrillic(content, name)[0] for name in _CYRILLIC if name != said)
    own, whole, _ = _cyrillic(content, said)
    if not own:  # no Cyrillic words in that encoding: then in no other one either
        text = _plainly(content, said) if other < _HARDLY else ""
        return text.encode() if text and (said in _CYRILLIC or not _LETTER.search(text)) else content
    return whole.text.encode() if own >= other or other < _ENOUGH else content


def _once(text: str) -> Decoded:
    """Return a text; one that a program took for another encoding, and encoded again, as it was meant."""
    for name in () if text.isascii() else _TAKEN_FOR:
        try:
            meant = text.encode(name, _AS_IT_IS).decode("utf-8")
        except UnicodeError:
            continue
        if _TELLING_WORD.search(meant):
            return Decoded(meant, twice=True)
    if _TWICE.search(text) is None:
        return Decoded(text)
    meant = str(_FIELD.sub(lambda part: _part_once(part[0]), text))  # a program did so with its titles only
    return Decoded(meant, twice=meant != text)


def _part_once(part: str) -> str:
    for name in _TAKEN_FOR if _TWICE.search(part) else ():
        try:
            return part.encode(name, _AS_IT_IS).decode("utf-8")
        except UnicodeError:
            continue
    return part


def _as_it_is(error: UnicodeError) -> tuple[bytes, int]:
    """Encode what an encoding has no character for as programs do that read it: as the byte of that number."""
    if isinstance(error, UnicodeEncodeError):
        part = error.object[error.start : error.end]
        if all("\x80" <= character <= "\x9f" for character in part):
            return part.encode("latin-1"), error.end
    raise error


codecs.register_error(_AS_IT_IS, _as_it_is)


def is_spoilt(text: str) -> bool:
    """Tell whether more of a text is lost than may be left out: much of it, or a part of a number."""
    lost = text.count(LOST)
    return (lost > _LOST_FEW and lost * _LOST_SHARE > len(text)) or _NUMBER_LOST.search(text) is not None


def is_wide(content: bytes) -> bool:
    """Tell whether a file has several bytes for each character, so that it has no lines before it is decoded."""
    marked = any(content.startswith(mark) for mark, name in _BOMS if name != "utf-8")
    return marked or _wide(content) is not None


def _strictly(content: bytes, name: str) -> str:
    """Return the text in this encoding; bytes that fit nowhere are an error but for a character cut off at the end."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        return decoder.decode(content)
    except UnicodeError as error:
        raise Unreadable from error


def _replacing(content: bytes, name: str) -> Decoded:
    """Return the text in this encoding, with a sign in each place where the bytes do not fit."""
    text = codecs.getincrementaldecoder(name)("replace").decode(content)
    return Decoded(text, lost=text.count(LOST))


def _nearly(content: bytes, name: str) -> Decoded:
    """Return the text in an encoding that is known; it is none when the bytes do not fit in more than a few places."""
    try:
        return Decoded(_strictly(content, name))
    except Unreadable:
        damaged = _replacing(content, name)
        if damaged.lost > max(1, len(damaged.text) // _SELDOM):
            raise
        return damaged


def _damaged_utf_8(content: bytes) -> tuple[Decoded, int]:
    """Return a text as UTF-8, which it is not throughout, and how many characters of several bytes it has.

    In another encoding hardly any bytes happen to make such a character.
    """
    damaged = _replacing(content, "utf-8")
    return damaged, len(damaged.text) - len(damaged.text.encode("ascii", "ignore")) - damaged.lost


def _wide(content: bytes) -> str | None:
    """Return the encoding of a file without a mark that begins with two characters of ASCII in two or four bytes."""
    start = content[:8]
    if len(start) < 4 or not any(start):
        return None
    nul = [byte == 0 for byte in start]
    if nul[:4] == [False, True, True, True]:
        return "utf-32-le"
    if nul[:4] == [True, True, True, False]:
        return "utf-32-be"
    if nul[:4] == [False, True, False, True]:
        return "utf-16-le"
    if nul[:4] == [True, False, True, False]:
        return "utf-16-be"
    return None


def _guessed(content: bytes) -> Decoded:
    declared = _DECLARED.match(content)
    said = _known(declared[1].decode("ascii")) if declared else ""
    text = _as_said(content, said)
    if text and _LETTER.search(text):
        return Decoded(text)
    # What it says of itself makes no Cyrillic of it: often a program has written that under everything.
    best = max((_cyrillic(content, name) for name in _CYRILLIC), key=lambda one: one[0])
    if best[0] < _ENOUGH:
        if text:
            return Decoded(text)
        raise Unreadable
    return replace(best[1], guessed="" if best[2] == said else best[2])


def _as_said(content: bytes, said: str) -> str:
    """Return the text in the encoding a file says it has, "" where that cannot be."""
    return "" if not said or said in {"utf-8", *_CYRILLIC} else _plainly(content, said)


def _plainly(content: bytes, name: str) -> str:
    """Return the text in this encoding, "" where any of it does not fit."""
    try:
        text = _strictly(content, name)
    except Unreadable:
        return ""
    return "" if _CONTROLS.search(text) else text


_LETTER = regex.compile(r"\p{Cyrillic}")
_CONTROLS = regex.compile(r"[\x80-\x9f\ufffd]")


def _known(name: str) -> str:
    """Return Python's name of an encoding of text, "" for one it does not have."""
    try:
        found = codecs.lookup(regex.sub(r"^x-", "", name, flags=regex.IGNORECASE)).name
        "".encode(found)
    except (LookupError, UnicodeError):
        return ""
    if found in _OF_PROGRAMS:
        return ""
    # As browsers do: each has all that the other has, and what it lacks is written nevertheless.
    return {"koi8-r": "koi8-u", "iso8859-1": "cp1252", "ascii": "cp1252"}.get(found, found)


def _cyrillic(content: bytes, name: str) -> tuple[float, Decoded, str]:
    """Return how far the text reads as Cyrillic words in this encoding: 0 not at all, 1 all of it."""
    try:
        whole = _nearly(content, name)
    except Unreadable:
        return 0.0, Decoded(""), name
    text = whole.text
    sample = text[:200_000]
    foreign = [c for c in sample if c > "\x7f"]
    letters = [c for c in foreign if "\u0400" <= c <= "\u04ff"]
    if not letters or len(letters) + sum(c in _OTHER for c in foreign) < 0.98 * len(foreign):
        return 0.0, whole, name
    if sum(c in _SOUTHERN for c in letters) > 0.01 * len(letters) and any(c in _EASTERN for c in letters):
        return 0.0, whole, name
    words = [word for word in _WORD.findall(sample) if any(c > "\x7f" for c in word)]
    good = sum(_reads(word) for word in words) / len(words)
    vowels = sum(c.lower() in _VOWELS for c in letters) / len(letters)
    if len(letters) >= _TELLING and not 0.2 <= vowels <= 0.7:
        return 0.0, whole, name
    # In the other encoding the letters are other ones, seldom ones among them, in words of the same shapes.
    frequent = sum(c.lower() in _FREQUENT for c in letters) / len(letters)
    small = sum(c.islower() for c in letters) / len(letters)
    return (good if good < _ENOUGH else _ENOUGH + frequent + small / 10), whole, name


def _reads(word: str) -> bool:
    parts = regex.split(r"['’ʼ-]", word)
    return all(_SHAPE.fullmatch(part) and all("\u0400" <= c <= "\u04ff" for c in part) for part in parts)
