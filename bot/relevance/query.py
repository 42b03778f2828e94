"""What somebody typed into the search, taken apart: words, exact phrases, minus-words, topic, source, date.

    міст "зведений міст" -ремонт topic:економіка source:Вісник after:2026-11-01

Nothing that can be typed is an error; what is not understood is looked for as words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import regex

from bot.relevance.lemmas import lemmas, tokens
from bot.relevance.weights import STEM
from bot.relevance.written_forms import asked, plain_letters, put_together
from bot.text.language import detect_language

MOST_CHARACTERS = 400
MOST_WORDS = 12
_PART = regex.compile(
    r"""(?P<minus>(?<!\S)[-−–])?(?:
        (?P<name>topic|тема|source|джерело|after|після):(?:"(?P<quoted>[^"]*)"|«(?P<guillemets>[^»]*)»|(?P<value>\S+))
        | ["“„](?P<phrase>[^"“”„]+)["”“] | «(?P<exact>[^»]+)»
        | (?P<word>\S+))""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NAMES = {"тема": "topic", "джерело": "source", "після": "after"}
_ISO = regex.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?|([0-9]{4})")
_DAY_FIRST = regex.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `words` and `without` are lemmas, `phrases` the words of each phrase as they were typed."""

    words: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    topic: str = ""
    source: str = ""
    after: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether it asks for a topic, a source or a time."""
        return bool(self.topic or self.source or self.after)

    @property
    def filtered(self) -> bool:
        """Whether what has the words is looked through once more."""
        return bool(self.phrases or self.narrowed)

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.words or self.narrowed)


def parse_query(text: str) -> Query:
    """Return what a text asks for; an empty query when it says nothing."""
    text = put_together(text[:MOST_CHARACTERS])
    language = detect_language(text)
    plain: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[str] = []
    narrow: dict[str, str] = {}
    for kind, value in _parts(text):
        if kind == "minus":
            without += _asked(value, language)
        elif kind == "phrase":
            plain.append(value)
            if len(exact := tuple(tokens(value))) > 0:
                phrases.append(exact)
        elif kind == "word" or (kind == "after" and _day(value) is None):
            plain.append(value)
        else:
            narrow[kind] = value.strip()
    words = {lemma: typed for typed in plain for lemma in _asked(typed, language)}
    wanted = [lemma for lemma in words if lemma not in without][:MOST_WORDS]
    return Query(
        tuple(wanted),
        tuple(words[lemma] for lemma in wanted),
        tuple(phrases[:4]),
        tuple(dict.fromkeys(without))[:MOST_WORDS],
        narrow.get("topic", ""),
        narrow.get("source", ""),
        _day(narrow.get("after", "")),
    )


def spoken_parts(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the words of a query as they were typed, and each of its minus-words."""
    parts = list(_parts(text[:MOST_CHARACTERS]))
    plain = " ".join(value.strip() for kind, value in parts if kind in {"word", "phrase"})
    return plain, tuple(dict.fromkeys(value.strip() for kind, value in parts if kind == "minus" and value.strip()))


def asked_lemmas(text: str) -> list[str]:
    """Return the lemmas that the words of a text are looked for by, each once, however many: what is followed."""
    language = detect_language(text)
    return list(dict.fromkeys(lemma for word in put_together(text).split() for lemma in _asked(word, language)))


def _asked(typed: str, language: str) -> list[str]:
    return [plain_letters(lemma) for lemma in lemmas(asked(typed), language)]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for match in _PART.finditer(text):
        found = match.groupdict()
        if found["name"]:
            name = found["name"].casefold()
            value = found["quoted"] or found["guillemets"] or found["value"] or ""
            yield ("minus" if found["minus"] else _NAMES.get(name, name)), value
        else:
            phrase = found["phrase"] or found["exact"]
            kind = "minus" if found["minus"] else "phrase" if phrase else "word"
            yield kind, phrase or found["word"] or ""


def _day(text: str) -> date | None:
    try:
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _ISO.fullmatch(text):
            return date(int(match[1] or match[4]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return None


def beginning(lemma: str) -> list[str]:
    """Return the token under which other words of the same beginning are found; none for short words."""
    return [f"5:{lemma[:STEM]}"] if len(lemma) >= STEM else []


def has_phrase(phrase: tuple[str, ...], text: str) -> bool:
    """Tell whether the words of a phrase stand in a text, one after the other and in this form."""
    inside = f" {' '.join(tokens(text))} "
    return f" {' '.join(phrase)} " in inside
