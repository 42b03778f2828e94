"""Phrases: every sentence exists in every language, is used, and needs the same variables in each."""

import re
from datetime import time
from itertools import pairwise
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, Placeable, TextElement, VariableReference
from fluent.syntax.visitor import Visitor

from bot import errors
from bot.model.readers import AtHours, Quiet
from bot.readers.preferences import quiet_words, schedule_words
from bot.screens.commands import COMMANDS
from bot.text.languages import BY_CODE, LANGUAGES
from bot.text.phrasebook import interface_language, phrases
from tests.unit.test_doctor import PLANTED

ROOT = Path(__file__).parents[2]


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802  the library's naming
        self.found.add(node.id.name)


def _messages(language: str) -> dict[str, set[str]]:
    found = {}
    for path in BY_CODE[language].folder.glob("*.ftl"):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert type(entry).__name__ != "Junk", f"{path.name}: {entry.content}"  # type: ignore[attr-defined]
            if isinstance(entry, Message):
                visitor = _Variables()
                visitor.visit(entry)
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                found[entry.id.name] = visitor.found
    return found


def _code() -> str:
    files = [
        p
        for folder in ("bot", "handlers", "storage")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in {".py", ".html"}
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_phrases_with_the_same_variables(language: str) -> None:
    assert _messages(language) == _messages(LANGUAGES[0])


def test_every_phrase_is_used() -> None:
    code, computed = _code(), _computed()
    unused = [key for key in _messages("uk") if f'"{key}"' not in code and key not in computed]
    assert unused == []


def _computed() -> set[str]:
    """Return the phrases whose keys the code puts together."""
    patterns = [
        r"command-.*", r"reason-.*", r"role-.*", r"preset-.*", r"list-.*", r"doubts-(digest|note)",
        r"gate-(deliveries|planned|unfinished)", r"disk-(gone|replaced|damaged|unwritable|full|failing)",
        # Each of these is planted in tests/unit/test_doctor.py.
        *(f"doctor-{name}" for name, _ in PLANTED),
        r"ask-.*", r"outside-(telegram|token)", r"progress-(left|failed|uncertain|expired|held|unreachable)", r"policy-.*", r"change-(title|lead|body)",
        r"(read|related|story)-usage", r"error-.*-unquoted", r"fix-(typo|correction|retraction)", r"fetch-.*", r"listener-(failing|disabled|recovered)-text", r"listener-why-.*", r"feed-mode-.*", r"feed-(active|paused|ended|offered)", r"control-(pause|resume|stop|undo)",
        r"token-(may-)?(draft|publish|correct)",
        r"system-reason", r"act-(order|cancel|discard)",
    ]  # fmt: skip
    return {key for key in _messages("uk") if any(re.fullmatch(p, key) for p in patterns)}


def test_every_phrase_the_code_names_exists() -> None:
    named = set(re.findall(r'\bsay\("([a-z0-9-]+)"', _code())) | set(
        re.findall(r'phrases\([^)]*\)\("([a-z0-9-]+)"', _code())
    )
    assert named <= set(_messages("uk"))


def _all_errors(base: type[errors.VisnykError]) -> list[type[errors.VisnykError]]:
    return [base] + [e for sub in base.__subclasses__() for e in _all_errors(sub)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_and_every_command_has_its_sentence(language: str) -> None:
    said = _messages(language)
    assert [e for e in _all_errors(errors.VisnykError) if e.phrase not in said] == []
    assert [c.name for c in COMMANDS if f"command-{c.name}" not in said] == []


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 новина"), (2, "2 новини"), (5, "5 новин"), (11, "11 новин"), (21, "21 новина"), (104, "104 новини")],
)
def test_ukrainian_plurals(number: int, words: str) -> None:
    assert words in phrases("uk")("digest-title", time="08:00", n=number)


def test_ukrainian_typography() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in BY_CODE["uk"].folder.glob("*.ftl"))
    body = re.sub(r"^#.*$|\{[^}]*\}", "", text, flags=re.MULTILINE)
    assert '"' not in body, "quotation marks are «»"
    assert "'" not in body, "the apostrophe is ’"
    assert not re.search(r"[ \xa0]-[ \xa0]", body)
    assert not re.search(r"[ \xa0]–[ \xa0]", body), "the dash is —"
    assert not re.search(r"[ыэёъ]", body)


def test_english_typography() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in BY_CODE["en"].folder.glob("*.ftl"))
    body = re.sub(r"^#.*$|\{[^}]*\}", "", text, flags=re.MULTILINE)
    assert '"' not in body
    assert "'" not in body
    assert not re.search(r"[ \xa0]-[ \xa0]", body)
    assert not re.search(r"[ \xa0]—[ \xa0]", body), "the dash is –"


_SEVERAL = frozenset(
    {
        "config-passphrase-short", "token-cli-name", "setup-name-long", "webhooks-cli-taken",  # the same number each time
        "doctor-few-connections", "import-shared-address", "import-repeated-id", "error-too-many-words", "error-too-much-at-once",
    }
)  # fmt: skip
"""Phrases whose number is never one."""


def test_an_english_noun_behind_a_number_has_both_its_forms() -> None:
    wrong = [
        entry.id.name
        for path in BY_CODE["en"].folder.glob("*.ftl")
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body
        if isinstance(entry, Message) and entry.value is not None and entry.id.name not in _SEVERAL
        for number, words in pairwise(entry.value.elements)
        if isinstance(number, Placeable)
        and isinstance(number.expression, VariableReference)
        and number.expression.id.name in {"n", "number", "length"}
        and isinstance(words, TextElement)
        and re.match(r" (\w+ )?[a-z]{3,}s\b", words.value)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "language"), [("uk", "uk"), ("uk-UA", "uk"), ("en-GB", "en"), ("de", "en"), (None, "uk"), ("", "uk")]
)
def test_the_interface_follows_telegrams_language(code: str | None, language: str) -> None:
    assert interface_language(code, "uk") == language


def test_a_missing_phrase_or_variable_is_a_loud_mistake() -> None:
    with pytest.raises(KeyError):
        phrases("uk")("no-such-phrase")
    with pytest.raises(KeyError):
        phrases("uk")("moment-yesterday")


def test_a_title_with_quotation_marks_has_the_inner_ones_within_others() -> None:
    for language, written, said in (
        ("uk", 'Компанія «Нафтогаз» і "Укрнафта"', "«Компанія „Нафтогаз“ і „Укрнафта“»"),
        ("uk", "Компанія „Нафтогаз“", "«Компанія „Нафтогаз“»"),
        ("en", "He said “no” to “Visnyk”", "“He said ‘no’ to ‘Visnyk’”"),
        ("en", "He said ‘no’", "“He said ‘no’”"),
    ):
        assert said in phrases(language)("resembles", title=written)
        assert said in phrases(language)("error-not-there", text=written)


def test_eleven_begins_with_a_vowel() -> None:
    uk, en = phrases("uk"), phrases("en")
    for hour, said in ((11, "об 11:05"), (8, "о 08:05"), (1, "о 01:05"), (21, "о 21:05")):
        at = time(hour, 5)
        assert schedule_words(AtHours((at, time(23))), uk) == f"{said} і 23:00"
        assert quiet_words(Quiet(at, at), uk).endswith(said)
        assert schedule_words(AtHours((at,)), en) == f"at {said[-5:]}"
