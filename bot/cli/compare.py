"""`python -m bot compare`: pairs of texts on standard input, a verdict on each on standard output, line by line."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bot.cli.language import shell_phrases
from bot.cli.lines import put
from bot.errors import ConfigError
from bot.relevance.embeddings import cosine_to, embedded_text
from bot.relevance.model import load_model
from bot.relevance.similarity import compare_texts

_MOST_HOURS = 1e6
Alike = Callable[[Mapping[str, str], Mapping[str, str]], float | None]
"""How alike in meaning two articles are, -1 to 1, or None where nobody can tell."""


def compare_semantic() -> int:
    """Answer as `compare` does, with the optional model in this process.

    Raises:
        ConfigError: it is not installed.

    """
    try:
        vector = load_model()
    except ImportError:
        raise ConfigError("semantic-missing") from None

    def read(article: Mapping[str, str]) -> bytes:
        return vector(embedded_text(article["title"], article["text"]))

    return compare(lambda a, b: cosine_to(read(a))(read(b)))


def compare(alike: Alike = lambda _a, _b: None) -> int:
    """Answer each line as it comes; returns 1 when one of them could not be read."""
    failed = False
    for line in iter(sys.stdin.buffer.readline, b""):
        if not line.strip():
            continue
        try:
            answer = _answer(_read(line), alike)
        except _OddPair as odd:
            failed = True
            answer = {"error": odd.name, "says": shell_phrases()("shell-odd-pair", what=odd.name, part=odd.part)}
        put(answer)
    return int(failed)


class _OddPair(Exception):
    """A line that is no pair: by a name for scripts, and the part of it that is wrong."""

    def __init__(self, name: str, part: str = "") -> None:
        super().__init__(name)
        self.name, self.part = name, part


def _read(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except ValueError:
        raise _OddPair("no-json") from None


def _answer(pair: object, alike: Alike) -> dict[str, object]:
    if not isinstance(pair, dict):
        raise _OddPair("no-object")
    hours = pair.get("hours_apart", 0) or 0
    if isinstance(hours, bool) or not isinstance(hours, (int, float)):
        raise _OddPair("no-number", "hours_apart")
    a, b = _article(pair, "a"), _article(pair, "b")
    verdict = compare_texts(a, b, min(abs(hours), _MOST_HOURS), alike(a, b))
    return {"duplicate": verdict.duplicate, "same_story": verdict.same_story, "score": verdict.score}


def _article(pair: Mapping[str, Any], name: str) -> dict[str, str]:
    article = pair.get(name)
    if isinstance(article, str):
        article = {"text": article}
    if not isinstance(article, dict):
        raise _OddPair("missing", name)
    parts = {}
    for part in ("title", "text"):
        value = article.get(part) or ""
        if not isinstance(value, str):
            raise _OddPair("no-text", f"{name}.{part}")
        parts[part] = value
    if not parts["title"].strip() and not parts["text"].strip():
        raise _OddPair("empty", name)
    return parts
