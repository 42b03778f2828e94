"""`python -m bot compare`: pairs of texts on standard input, a verdict on each on standard output, line by line."""

import sys
from collections.abc import Mapping
from typing import Any

import orjson

from bot.cli.lines import put
from bot.related.comparing import compare_texts

_MOST_HOURS = 1e6


def compare() -> int:
    """Answer each line as it comes; returns 1 when one of them could not be read."""
    failed = False
    for line in iter(sys.stdin.buffer.readline, b""):
        if not line.strip():
            continue
        try:
            answer = _answer(orjson.loads(line))
        except (ValueError, TypeError) as problem:
            failed = True
            answer = {"error": str(problem) or "not understood"}
        put(answer)
    return int(failed)


def _answer(pair: object) -> dict[str, object]:
    if not isinstance(pair, dict):
        raise TypeError("not an object")
    hours = pair.get("hours_apart", 0) or 0
    if isinstance(hours, bool) or not isinstance(hours, (int, float)):
        raise TypeError("hours_apart is not a number")
    verdict = compare_texts(_article(pair, "a"), _article(pair, "b"), min(abs(hours), _MOST_HOURS))
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
