"""Words that are more than their letters: WHO is no pronoun, G7 is one name, Wi-Fi is WiFi, C++ one; Ґ is found as Г.

They are told of an article beside its plain words, so that what was asked and followed before is found as it was.
"""

from collections.abc import Callable, Iterator

import regex

# Letters in capitals alone are a name when the words beside them are not all in capitals, too.
_CAPITALS = regex.compile(r"(?<!\p{Lu}\p{Lu}\s)(?<!\w)[A-Z]{2,5}(?!\w)(?!['’]\w)(?!\s\p{Lu}{2})")
_WITH_DIGITS = regex.compile(
    r"(?<![\w.,-])(?:(?P<letters>\p{L}{1,3})(?P<digits>[0-9]{1,4})|(?P<before>\p{Lu}{1,3})[-–](?P<number>[0-9]{1,4})"
    r"|(?P<first>[0-9]{1,3})(?P<last>[A-Za-z]{1,2}))(?![\w])(?![.,][0-9])"
)
_HYPHEN = regex.compile(r"(?<![\w-])(\p{Latin}{1,4})[-‑–](\p{Latin}{1,4})(?![\w-])")
# A letter that is a name by the signs at it: C++, C#, R&D. One letter by itself is none.
_WITH_SIGNS = regex.compile(r"(?<![\w&])(\p{L})(?:(\+\+)|(#)|&(\p{L}))(?![\w&+#])")
# What a sign makes of words and numbers that alone are others: .NET, Disney+, 5G+, 24/7, 1+1, №1.
_BEHIND_DOT = regex.compile(r"(?<![\w.])\.(\p{Latin}{2,10})(?![\w.])")
_BEFORE_PLUS = regex.compile(r"(?<![\w+])(\p{L}[\p{L}\p{N}]{1,19}|\p{N}{1,3}\p{L}{0,2})\+(?![\w+])")
_TWO_NUMBERS = regex.compile(r"(?<![\w+/.,-])([0-9]{1,3})([+/])([0-9]{1,3})(?![\w+/-])(?![.,][0-9])")
_NUMBERED = regex.compile(r"(?<!\w)(?:№|#|[Nn]o\.)\s*([0-9]{1,4})(?![.,]?\w)")
# "О’Коннор", "О Коннор", "ОКоннор": the first letter belongs to the name.
_LETTER_NAME = regex.compile(r"(?<![\w'’ʼ`‘′.-])([ОO])(['’ʼ`‘′]|[ \u00a0‑-]?)(\p{Lu}\p{Ll}{2,})")
# As people type it: "о коннор"; of a text that is read, it could be anything.
_TYPED_SMALL = regex.compile(r"(?<![\w'’ʼ`‘′.-])([оo])([ \u00a0‑-])(\p{Ll}{4,})(?![\w-])")
_ABOUT = regex.compile(r"[еєиіїйоуюяыэмх]$")
_SAID_IN_CYRILLIC = str.maketrans("abcdefghiklmnoprstuvyz", "абкдефггіклмнопрстувіз")
_SAID_IN_LATIN = str.maketrans("абвгдеєзиіїйклмнопрстуф", "abvhdeeziiiyclmnoprstuf")
_QUOTED = regex.compile(r"""(["“„«][^"”»]*["”»])""")
# Letters that look alike in both scripts, some of them only as capitals, which are small by the time this is asked:
# a word of one script with a stray letter of the other is a slip or a trick.
LATIN_LOOKS = str.maketrans("abcehikmoptxy", "авсенікмортху")

_CYRILLIC_LOOKS = {cyrillic: latin for latin, cyrillic in LATIN_LOOKS.items()}


def more_words(text: str, says_nothing: Callable[[str], bool]) -> Iterator[str]:
    """Yield what the words of a text are as well, small, in no order that says anything.

    In capitals they are also what `says_nothing` otherwise.
    """
    for found in _CAPITALS.findall(text):
        if says_nothing(word := found.casefold()):
            yield word
    for match in _WITH_DIGITS.finditer(text):
        yield "".join(part for part in match.groups() if part).casefold().translate(LATIN_LOOKS)
    for letter, plus, sharp, other in _WITH_SIGNS.findall(text):
        said = "plusplus" if plus else "sharp" if sharp else f"and{other}"
        yield f"{letter}{said}".casefold().translate(_CYRILLIC_LOOKS)
    for one, other in _HYPHEN.findall(text):
        yield f"{one}{other}".casefold()
    yield from _with_marks(text)
    for letter, mark, name in _LETTER_NAME.findall(text):
        whole = f"{letter}{name}".casefold()
        if mark.isspace() or mark in {"-", "‑"}:
            yield whole
        yield whole.translate(_SAID_IN_CYRILLIC if whole.isascii() else _SAID_IN_LATIN)


def _with_marks(text: str) -> Iterator[str]:
    for word in _BEHIND_DOT.findall(text):
        yield f"dot{word}".casefold()
    for word in _BEFORE_PLUS.findall(text):
        whole = word.casefold()
        yield f"{whole if whole.isalpha() else whole.translate(LATIN_LOOKS)}plus"
    for one, mark, other in _TWO_NUMBERS.findall(text):
        yield f"{one}{'plus' if mark == '+' else 'slash'}{other}"
    for number in _NUMBERED.findall(text):
        yield f"number{number}"


def asked(text: str) -> str:
    """Return what somebody types as it is looked for: in the form that every article's words have."""
    # A name that is asked in one script is asked in no other; small, it is told of none.
    name = _LETTER_NAME.sub(lambda found: f"{found[1]}{found[3]}".casefold(), text)
    return plain_letters(str(_HYPHEN.sub(r"\1\2", name)))


def put_together(text: str) -> str:
    """Return what somebody types with what is one word written as one, but for phrases: "О Коннор", "№ 1"."""
    parts = _QUOTED.split(text)
    for n in range(0, len(parts), 2):
        for name in (_LETTER_NAME, _TYPED_SMALL):
            parts[n] = name.sub(lambda found: found[0] if _is_about(found) else f"{found[1]}{found[3]}", parts[n])
        parts[n] = _NUMBERED.sub(r"№\1", parts[n])
    return "".join(parts)


def _is_about(found: "regex.Match[str]") -> bool:
    """Tell whether it may be "about" in Russian, and the word behind it in the case for that: "О Путине"."""
    return found[2].isspace() and bool(_ABOUT.search(found[3]))


def plain_letters(lemma: str) -> str:
    """Return a word with the letters that are taken for another one put so."""
    return lemma.replace("ґ", "г").replace("Ґ", "Г")
