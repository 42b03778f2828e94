"""Plain messages: text with spans over it, measured the way Telegram measures it, in UTF-16 units."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

MESSAGE_LIMIT = 4096  # Bot API, sendMessage: characters after entities parsing; units are the stricter count
CAPTION_LIMIT = 1024


def units(text: str) -> int:
    """Return the length in UTF-16 code units: a character beyond the basic plane counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting of a stretch of text. `kind` is the Bot API's entity type; `offset` and `length` are units.

    `emoji` is the number of a custom emoji.
    """

    kind: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    emoji: str = ""

    @property
    def end(self) -> int:
        """The first unit after the span."""
        return self.offset + self.length

    def as_entity(self) -> dict[str, object]:
        """Return the span as a Bot API MessageEntity."""
        entity: dict[str, object] = {"type": self.kind, "offset": self.offset, "length": self.length}
        if self.url:
            entity["url"] = self.url
        if self.language:
            entity["language"] = self.language
        if self.emoji:
            entity["custom_emoji_id"] = self.emoji
        return entity


@dataclass(frozen=True, slots=True)
class Styled:
    """A text with its spans; values can be added up. A plain string joins as it is."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Styled | str") -> "Styled":
        """Put `other` behind this text."""
        if isinstance(other, str):
            return Styled(self.text + other, self.spans)
        shift = units(self.text)
        return Styled(self.text + other.text, self.spans + tuple(shifted(other.spans, shift)))

    def __len__(self) -> int:
        """Return the length in UTF-16 units."""
        return units(self.text)

    def entities(self) -> list[dict[str, object]]:
        """Return the spans as Bot API entities, outer ones first."""
        return [span.as_entity() for span in sorted(self.spans, key=lambda s: (s.offset, -s.length))]


def shifted(spans: Iterable[Span], by: int) -> Iterable[Span]:
    """Return the spans moved by that many units."""
    return (replace(span, offset=span.offset + by) for span in spans)


def styled(text: "Styled | str", kind: str, *, url: str = "", language: str = "", emoji: str = "") -> Styled:
    """Return the text with one span of `kind` over all of it; an empty text gets none."""
    inner = Styled(text) if isinstance(text, str) else text
    if not inner.text:
        return inner
    return Styled(inner.text, (Span(kind, 0, len(inner), url, language, emoji), *inner.spans))


def bold(text: Styled | str) -> Styled:
    """Return the text in bold."""
    return styled(text, "bold")


def italic(text: Styled | str) -> Styled:
    """Return the text in italics."""
    return styled(text, "italic")


def link(text: Styled | str, url: str) -> Styled:
    """Return the text as a link, or as it is when there is no address."""
    return styled(text, "text_link", url=url) if url else join("", [text])


def join(separator: str, parts: Iterable[Styled | str]) -> Styled:
    """Return the parts that are not empty, with `separator` between them."""
    texts: list[str] = []
    spans: list[Span] = []
    length, between = 0, units(separator)
    for part in parts:
        piece = Styled(part) if isinstance(part, str) else part
        if not piece.text:
            continue
        length += between if texts else 0
        texts.append(piece.text)
        spans += shifted(piece.spans, length)
        length += len(piece)
    return Styled(separator.join(texts), tuple(spans))
