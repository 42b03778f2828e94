"""`python -m bot compare`: pairs of texts on standard input, a verdict on each on standard output, line by line."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import orjson

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
            answer = _answer(orjson.loads(line), alike)
        except (ValueError, TypeError) as problem:
            failed = True
            answer = {"error": str(problem) or "not understood"}
        put(answer)
    return int(failed)


def _answer(pair: object, alike: Alike) -> dict[str, object]:
    if not isinstance(pair, dict):
        raise TypeError("not an object")
    hours = pair.get("hours_apart", 0) or 0
    if isinstance(hours, bool) or not isinstance(hours, (int, float)):
        raise TypeError("hours_apart is not a number")
    a, b = _article(pair, "a"), _article(pair, "b")
    verdict = compare_texts(a, b, min(abs(hours), _MOST_HOURS), alike(a, b))
    return {"duplicate": verdict.duplicate, "same_story": verdict.same_story, "score": verdict.score}


def _article(pair: Mapping[str, Any], name: str) -> dict[str, str]:
    article = pair.get(name)
    if isinstance(article, str):
        article = {"text": article}
    if not isinstance(article, dict):
        raise TypeError(f"{name} is missing")
    parts = {}
    for part in ("title", "text"):
        value = article.get(part) or ""
        if not isinstance(value, str):
            raise TypeError(f"{name}.{part} is not a text")
        parts[part] = value
    if not parts["title"].strip() and not parts["text"].strip():
        raise TypeError(f"{name} has neither a title nor a text")
    return parts
