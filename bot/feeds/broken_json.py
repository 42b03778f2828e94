"""JSON, also where it was cut off, or is not quite JSON: what is whole in it is read."""

import json
from typing import Any, NamedTuple

import orjson
import regex

_TEXT = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'  # one without an end goes on to the end of all
_TOKEN = regex.compile(rf"{_TEXT}|[\[\]{{}}]", regex.DOTALL)
_COMMA = regex.compile(rf"{_TEXT}|,(?=\s*[\]}}])", regex.DOTALL)
"""A comma behind the last of a list, which JSON does not have; and all texts, in which one is a comma."""
_GAP = regex.compile(r"[\s,]*+")
NOT = object()
"""What a text says that is no JSON."""
_BEGINNING = 20_000  # characters
_ACCOUNT = regex.compile(r'"chats"\s*:\s*\{')
_OF_ACCOUNT = frozenset({3, 5})  # a chat, and a message of one
_BETWEEN = regex.compile(r"\}\s*,\s*(?=\{)")


class Repaired(NamedTuple):
    """What could be read of a file of JSON, NOT for nothing; whether it was cut off, and which records are broken."""

    found: Any
    cut: bool = False
    broken: tuple[int, ...] = ()


def loads(text: str) -> Any:
    """Return what a text of JSON says; lone surrogates and raw control characters, which JSON forbids, are let in."""
    try:
        return orjson.loads(text)
    except (ValueError, UnicodeError):
        pass
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return NOT


def repaired(text: str) -> Repaired:
    """Return what is whole in a text that is no JSON: it has a comma too many, was cut off, or one record is broken."""
    text = str(_COMMA.sub(lambda sign: sign[0].removeprefix(","), text))
    if (found := loads(text)) is not NOT:
        return Repaired(found)
    several, rest = _in_a_row(text)
    if several:
        return Repaired(several, cut=bool(rest))
    ended = _without_the_end(text)
    if ended and (found := loads(ended)) is not NOT:
        return Repaired(found, cut=True)
    return _one_by_one(text)


def _one_by_one(text: str) -> Repaired:
    """Return the whole records of an array, and the numbers of those that are not."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    broken: list[int] = []
    rest = text.strip()
    if not rest.startswith("["):
        return Repaired(NOT)
    at = len(str(_GAP.match(rest, 1)[0])) + 1
    while rest.startswith("{", at):
        try:
            value, at = decoder.raw_decode(rest, at)
            found.append(value)
        except (ValueError, RecursionError):
            broken.append(len(found) + len(broken) + 1)
            later = _BETWEEN.search(rest, at)
            at = later.end() if later else len(rest)
        at += len(str(_GAP.match(rest, at)[0]))
    return Repaired(found, broken=tuple(broken)) if found else Repaired(NOT)


def _in_a_row(text: str) -> tuple[list[Any], str]:
    """Return objects that stand one behind the other, as some programs print them, and what is no such thing."""
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    rest = text.strip()
    if not rest.startswith("{"):
        return [], rest
    try:
        while at < len(rest):
            value, at = decoder.raw_decode(rest, at)
            found.append(value)
            at += len(_GAP.match(rest, at)[0])
    except (ValueError, RecursionError):
        pass
    return found, rest[at:]


def _without_the_end(text: str) -> str:
    """Return a text of JSON that was cut off without its last, unfinished record, and with everything closed."""
    opened: list[str] = []
    kept, closers = 0, ""
    levels = _record_levels(text)
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "{[":
            opened.append("}" if sign == "{" else "]")
        elif sign in "}]":
            if not opened or opened.pop() != sign:
                return ""
            if sign == "}" and len(opened) in levels and opened[-1] == "]":
                kept, closers = token.end(), "".join(reversed(opened))
    return f"{text[:kept]}{closers}" if kept and opened else ""


def _record_levels(text: str) -> frozenset[int]:
    """Return how many brackets are open round the records of a file, by how it begins.

    Inside of records there are lists of objects, too, which are none.
    """
    beginning = text[:_BEGINNING].lstrip()
    if beginning.startswith("["):
        return frozenset({1})
    return _OF_ACCOUNT if _ACCOUNT.search(beginning) else frozenset({2})
