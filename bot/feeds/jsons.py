"""JSON: lines, arrays, JSON Feed, and Telegram Desktop's export; also where the file was cut off."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

import orjson
import regex

from bot.feeds.encodings import Unreadable, decoded
from bot.feeds.findings import Finding, Record, Surroundings
from bot.feeds.telegram_export import chat_records, chats_of

MOST_LINE = 5_000_000  # bytes
_LISTS = ("items", "articles", "posts", "entries", "news", "results", "records", "data")
_TITLES = ("title", "headline", "text", "html", "content", "body", "content_html", "content_text")
_TOKEN = regex.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', regex.DOTALL)
_OF_JSON_FEED = frozenset({"content_html", "content_text", "attachments", "external_url"})
_NOT = object()
_BEGINNING = 20_000  # characters
_ACCOUNT = regex.compile(r'"chats"\s*:\s*\{')
_OF_ACCOUNT = frozenset({3, 5})  # a chat, and a message of one


def line_records(place: str, file: IO[bytes]) -> Iterator[Record]:
    """Yield what the lines of a stream hold, one object each; the stream is read line by line."""
    end = number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        start = len(line)
        if start > MOST_LINE:
            while rest := file.readline(MOST_LINE):
                start += len(rest)
                if rest.endswith(b"\n"):
                    break
            end += start
            yield Record(place=f"{place}:{number}", end=end, problem="import-long-line")
            continue
        end += start
        if line.strip():
            yield _line(f"{place}:{number}", end, line, number)


def _line(place: str, end: int, line: bytes, number: int) -> Record:
    try:
        text, guessed = decoded(line)
    except Unreadable:
        return Record(place=place, end=end, problem="import-encoding")
    found = loads(text)
    if found is _NOT:
        cut = not line.endswith(b"\n") and text.lstrip().startswith("{")
        problem, values = ("import-cut", {"n": number}) if cut else ("import-not-json", {})
        return Record(place=place, end=end, problem=problem, values=values)
    if not isinstance(found, dict):
        return Record(place=place, end=end, problem="import-not-object")
    notes = (Finding("import-guessed", {"encoding": guessed}),) if guessed else ()
    return Record(place=place, end=end, fields=found, notes=notes)


def loads(text: str) -> Any:
    """Return what a text of JSON says; lone surrogates and raw control characters, which JSON forbids, are let in."""
    try:
        return orjson.loads(text)
    except (ValueError, UnicodeError):
        pass
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _NOT


def json_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield what a file of JSON holds, in any of the forms that carry news.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    size = len(content)
    text, guessed = decoded(content)
    found, cut = loads(text), False
    if found is _NOT and _in_lines(text):
        yield from _text_lines(place, text, size)
        return
    if found is _NOT:
        repaired, cut = _without_the_end(text), True
        found = loads(repaired) if repaired else _NOT
    if found is _NOT:
        problem = "import-cut" if text.lstrip().startswith(("[", "{")) else "import-not-json-file"
        yield Record(place=place, end=size, problem=problem, values={"n": 1})
        return
    if guessed:
        yield Record(place=place, notes=(Finding("import-guessed", {"encoding": guessed}),))
    count = 0
    for count, record in enumerate(_of(place, size, found), 1):  # noqa: B007  how many there were is asked below
        yield record
    if cut:
        yield Record(place=place, end=size, problem="import-cut", values={"n": count + 1})


def _in_lines(text: str) -> bool:
    first = text.lstrip().split("\n", 1)
    return len(first) > 1 and isinstance(loads(first[0]), dict)


def _text_lines(place: str, text: str, size: int) -> Iterator[Record]:
    length, behind = max(1, len(text)), 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        behind += len(line)
        if line.strip():
            content = line.encode("utf-8", "surrogatepass")
            yield _line(f"{place}:{number}", size * behind // length, content, number)


def _of(place: str, size: int, found: Any) -> Iterator[Record]:
    if isinstance(found, dict) and (chats := chats_of(found)):
        for chat in chats:
            yield from chat_records(place, size, chat)
        return
    around, items = _listed(found)
    if not items or not any(isinstance(item, dict) and _says_something(item) for item in items):
        yield Record(place=place, end=size, problem="import-no-items")
        return
    name = found.get("title", "") if isinstance(found, dict) and found is not items[0] else ""
    for number, item in enumerate(items, 1):
        at = f"{place}#{number}"
        if isinstance(item, dict):
            yield Record(place=at, end=size * number // len(items), fields=_fields(item, name), around=around)
        else:
            yield Record(place=at, end=size * number // len(items), problem="import-not-object")


def _listed(found: Any) -> tuple[Surroundings, list[Any]]:
    if isinstance(found, list):
        return Surroundings(), found
    if not isinstance(found, dict):
        return Surroundings(), []
    lists = [found[name] for name in _LISTS if isinstance(found.get(name), list)]
    if not lists:
        return Surroundings(), [found]
    bases = tuple(str(found.get(name) or "") for name in ("feed_url", "home_page_url"))
    return Surroundings(bases=bases, language=str(found.get("language") or "")), lists[0]


def _says_something(item: Mapping[str, Any]) -> bool:
    return any(isinstance(item.get(name), str) and item[name].strip() for name in _TITLES)


def _fields(item: Mapping[str, Any], name: object) -> Mapping[str, Any]:
    """Return an item's fields by the names that a line of JSON has them by; JSON Feed has some of its own."""
    fields = dict(item)
    if _OF_JSON_FEED & item.keys():
        fields["html"] = item.get("content_html") or item.get("content_text")
        address = item.get("url") or item.get("external_url") or item.get("id")
        fields["url"] = address if isinstance(address, str) and ("url" in item or "://" in address) else ""
        fields["photo"] = item.get("image") or item.get("banner_image")
        attached = [
            one for one in item.get("attachments") or () if isinstance(one, dict) and isinstance(one.get("url"), str)
        ]
        pictures = [one["url"] for one in attached if str(one.get("mime_type")).startswith("image/")]
        fields["photo"] = fields["photo"] or next(iter(pictures), None)
        fields["url"] = fields["url"] or next((one["url"] for one in attached), "")
    if name and not any(item.get(one) for one in ("source", "publisher")):
        fields["source"] = name
    return fields


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
