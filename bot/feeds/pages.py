"""An agency's page, copied from a browser as text: source, time, title, reading time, text, and lists round it."""

from collections.abc import Iterator

import regex

from bot.feeds.encodings import decoded
from bot.feeds.findings import Finding, Record

_CLOCK = regex.compile(r"^(\d{1,2}):(\d{2}) (\d{1,2})\.(\d{1,2})\.(\d{4})$")
_READING = regex.compile(r"^\d+ (хв|мин|min)\b.{0,20}$")
_BEYOND = frozenset({"ще за темою", "останнє", "реклама", "читайте також", "more on this topic", "latest"})


def page_records(place: str, content: bytes) -> Iterator[Record]:
    """Yield the one article of a page.

    Raises:
        Unreadable: it has no encoding that is known.

    """
    text, guessed = decoded(content)
    fields = page_fields(text)
    if fields is None:
        yield Record(place=place, end=len(content), problem="import-not-a-page")
        return
    notes = (Finding("import-guessed", {"encoding": guessed}),) if guessed else ()
    yield Record(place=place, end=len(content), fields=fields, notes=notes)


def page_fields(text: str) -> dict[str, object] | None:
    """Return what a page says, by the names of a record; None when it is no agency's page."""
    lines = [line.strip() for line in text.replace("\ufeff", "").splitlines()]
    lines = [line for line in lines if line]
    clock = next((n for n, line in enumerate(lines[:6]) if _CLOCK.match(line)), None)
    if clock is None or clock + 1 >= len(lines):
        return None
    when = _CLOCK.match(lines[clock])
    assert when is not None
    title = lines[clock + 1]
    body: list[str] = []
    for line in lines[clock + 2 :]:
        if line.casefold() in _BEYOND:
            break
        if line != title and not _READING.match(line):
            body.append(line)
    return {
        "title": title,
        "text": "\n\n".join(body),
        "source": lines[clock - 1] if clock else "",
        "published_at": f"{when[5]}-{int(when[4]):02}-{int(when[3]):02} {int(when[1]):02}:{when[2]}",
    }
