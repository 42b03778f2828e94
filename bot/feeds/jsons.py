"""JSON: lines, arrays, JSON Feed, and Telegram Desktop's export; also where the file was cut off."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from bot.feeds.attachments import left_out, left_out_pictures, of_json_feed
from bot.feeds.broken_json import NOT, Repaired, loads, repaired
from bot.feeds.encodings import Unreadable, decoded
from bot.feeds.fields import LEADS, PUBLISHERS, TEXTS, TITLES, string_of, with_known_names
from bot.feeds.findings import Finding, Record, Surroundings
from bot.feeds.telegram_export import chat_records, chats_of
from bot.text.cleaning import clean_paragraphs
from bot.text.entities import parse_message
from bot.text.markup import to_html

MOST_LINE = 5_000_000  # bytes
_LISTS = ("items", "articles", "posts", "entries", "news", "results", "records", "data")
_WRAPPERS = ("data", "response", "result", "feed", "channel", "news")
_TITLES = (*TITLES, *TEXTS, "content_html", "content_text")
_OF_JSON_FEED = frozenset({"content_html", "content_text", "attachments", "external_url"})


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
        lone = b"\r" in line.rstrip(b"\r\n")  # no text in JSON has one: it ends a line, too
        for part in line.splitlines(keepends=True) if lone else (line,):
            if part.strip():
                yield _line(f"{place}:{number}", end, part, number)


def _line(place: str, end: int, line: bytes, number: int) -> Record:
    try:
        read = decoded(line)
    except Unreadable:
        return Record(place=place, end=end, problem="import-encoding")
    found = loads(read.text)
    if found is NOT:
        cut = not line.endswith((b"\n", b"\r")) and read.text.lstrip().startswith("{")
        problem, values = ("import-cut", {"n": number}) if cut else ("import-not-json", {})
        return Record(place=place, end=end, problem=problem, values=values)
    if not isinstance(found, dict):
        return Record(place=place, end=end, problem="import-not-object")
    return Record(place=place, end=end, fields=with_known_names(found), notes=read.findings)


def json_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield what a file of JSON holds, in any of the forms that carry news.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    size = len(content)
    whole = decoded(content)
    text = whole.text
    read = Repaired(loads(text))
    if read.found is NOT and _in_lines(text):
        yield from _text_lines(place, text, size)
        return
    if read.found is NOT:
        read = repaired(text)
    if read.found is NOT:
        problem = "import-cut" if _is_cut(text) else "import-not-json-file"
        yield Record(place=place, end=size, problem=problem, values={"n": 1})
        return
    if whole.findings:
        yield Record(place=place, notes=whole.findings)
    count = 0
    for record in _of(place, size, read.found):
        if not (read.cut and record.problem == "import-no-items"):  # that it ends early says as much
            count += 1
            yield record
    for number in read.broken:
        yield Record(place=f"{place}#{number}", end=size, problem="import-broken", values={"n": number})
    if read.cut:
        yield Record(place=place, end=size, problem="import-cut", values={"n": count + 1})


def _is_cut(text: str) -> bool:
    """Tell whether a text that is no JSON is one that ends early."""
    return text.lstrip().startswith(("[", "{")) and not text.rstrip().endswith(("]", "}"))


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
    found = _with_small_names(found)
    around, items = _listed(found)
    # One object with a description and no more is a server's error rather than news.
    names = _TITLES if items and items[0] is found else (*_TITLES, *LEADS)
    if not any(isinstance(item, dict) and _says_something(item, names) for item in items):
        yield Record(place=place, end=size, problem="import-no-items")
        return
    name = found.get("title", "") if isinstance(found, dict) and found is not items[0] else ""
    for number, item in enumerate(items, 1):
        at = f"{place}#{number}"
        if isinstance(item, dict):
            fields, left = _fields(item, name)
            yield Record(place=at, end=size * number // len(items), fields=fields, around=around, notes=left)
        else:
            yield Record(place=at, end=size * number // len(items), problem="import-not-object")


def _with_small_names(found: Any) -> Any:
    """Return an object that has its names in small letters, too."""
    return (
        {**{name.casefold(): found[name] for name in reversed([*found])}, **found} if isinstance(found, dict) else found
    )


def _listed(found: Any) -> tuple[Surroundings, list[Any]]:
    if isinstance(found, list):
        return Surroundings(), found
    if not isinstance(found, dict):
        return Surroundings(), []
    lists = [found[name] for name in _LISTS if isinstance(found.get(name), list)]
    if not lists and not _says_something(found):
        inner = [_with_small_names(found[name]) for name in _WRAPPERS if isinstance(found.get(name), dict)]
        lists = [one[name] for one in inner for name in _LISTS if isinstance(one.get(name), list)]
    if not lists:
        return Surroundings(), [found]
    bases = tuple(str(found.get(name) or "") for name in ("feed_url", "home_page_url"))
    return Surroundings(bases=bases, language=str(found.get("language") or "")), lists[0]


def is_one_item(found: Any) -> bool:
    """Tell whether JSON is an item by itself, and no list of any."""
    if not isinstance(found, dict) or chats_of(found):
        return False
    small = _with_small_names(found)
    return any(one is small for one in _listed(small)[1])


def _says_something(item: Mapping[str, Any], names: Iterable[str] = _TITLES) -> bool:
    known = with_known_names(item)
    return any(string_of(known, name) for name in names)


def _fields(item: Mapping[str, Any], name: object) -> tuple[Mapping[str, Any], tuple[Finding, ...]]:
    """Return an item's fields by the names that a line of JSON has them by, and what is left out of it.

    JSON Feed has some names of its own.
    """
    fields, left = dict(with_known_names(item)), left_out(())
    if _OF_JSON_FEED & item.keys():
        plain = fields.get("content_text")
        # It is plain by its name, whatever it looks like.
        as_html = to_html(parse_message(clean_paragraphs(plain))) if isinstance(plain, str) else ""
        fields["html"] = fields.get("content_html") or as_html or fields.get("html")
        address = fields.get("url") or fields.get("external_url") or fields.get("id")
        fields["url"] = address if isinstance(address, str) and ("url" in fields or "://" in address) else ""
        fields["photo"] = fields.get("photo") or fields.get("image") or fields.get("banner_image")
        attached = of_json_feed(item)
        pictures = [address for address, kind in attached if kind == "image"]
        fields["photo"] = fields["photo"] or next(iter(pictures), None)
        others = [address for address, kind in attached if kind != "image"]
        fields["url"] = fields["url"] or next(iter([*others, *pictures]), "")
        left = (
            *left_out(one for one in others if one != fields["url"]),
            *left_out_pictures(pictures, str(fields["photo"] or "")),
        )
    if name and not string_of(fields, *PUBLISHERS):
        fields["source"] = name
    return fields, left
