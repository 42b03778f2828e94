"""What the real server would refuse: texts, entities, keyboards, rich messages. Every refusal is its own words."""

import re
from html.parser import HTMLParser
from typing import Any

Json = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RICH_LIMIT = 32_768
RICH_BLOCKS = 500
RICH_DEPTH = 16
_BUTTON_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "pay", "disabled", "callback_game",
)  # fmt: skip
_TEXT_BLOCKS = frozenset({"paragraph", "heading", "pre", "footer", "pullquote", "expandable_blockquote"})
_NESTING_BLOCKS = frozenset({"blockquote", "details"})
_MEDIA_BLOCKS = frozenset({"photo", "video", "animation", "audio", "document", "voice_note"})
_OTHER_BLOCKS = frozenset(
    {"divider", "list", "table", "collage", "slideshow", "map", "anchor", "buttons", "mathematical_expression",
     "thinking"}
)  # fmt: skip
_HTML_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "code": "code",
    "pre": "pre", "blockquote": "blockquote", "a": "text_link", "tg-emoji": "custom_emoji", "span": "spoiler",
}  # fmt: skip


class Refusal(Exception):
    """A 400 with its description."""


def text_of(payload: Json, field: str = "text", limit: int = TEXT_LIMIT) -> tuple[str, list[Json]]:
    """Return the text and entities a request means; parse_mode wins over entities, as on the real server."""
    text = str(payload.get(field) or "")
    entities = list(payload.get("caption_entities" if field == "caption" else "entities") or ())
    if len(text.encode()) > 32_768:
        raise Refusal("text is too long")
    mode = str(payload.get("parse_mode") or "")
    if mode.upper() == "HTML":
        text, entities = _parse_html(text)
    elif mode:
        raise Refusal(f"unsupported parse_mode {mode} in the sandbox")
    _check_entities(text, entities)
    stripped = text.strip()
    if not stripped and field == "text":
        raise Refusal("message text is empty" if not text else "text must be non-empty")
    if len(stripped) > limit:
        raise Refusal("message caption is too long" if field == "caption" else "message is too long")
    lead = len(text[: len(text) - len(text.lstrip())].encode("utf-16-le")) // 2
    kept = [e | {"offset": e["offset"] - lead} for e in entities if e["offset"] >= lead]
    return stripped, kept[:100]


def _check_entities(text: str, entities: list[Json]) -> None:
    encoded = text.encode("utf-16-le")
    for entity in entities:
        start, end = int(entity["offset"]), int(entity["offset"]) + int(entity["length"])
        if start < 0 or entity["length"] <= 0 or end * 2 > len(encoded):
            raise Refusal("can't parse entities: entity is out of bounds")
        for edge in (start, end):
            if (
                edge * 2 < len(encoded)
                and 0xDC00 <= int.from_bytes(encoded[edge * 2 : edge * 2 + 2], "little") < 0xE000
            ):
                raise Refusal("can't parse entities: entity begins or ends in a middle of a UTF-16 symbol")
        if entity["type"] == "custom_emoji" and not str(entity.get("custom_emoji_id", "")).isdigit():
            raise Refusal("can't parse entities: invalid custom emoji identifier specified")
        if entity["type"] == "text_link" and not str(entity.get("url", "")):
            raise Refusal("can't parse entities: empty URL")


def _parse_html(text: str) -> tuple[str, list[Json]]:
    parser = _Html()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise Refusal(f"can't parse entities: can't find end tag corresponding to start tag \"{parser.open[-1][0]}\"")
    return parser.text, parser.entities


class _Html(HTMLParser):
    """parse_mode=HTML with the few tags plain messages know."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self.open: list[tuple[str, int, str]] = []

    def _at(self) -> int:
        return len(self.text.encode("utf-16-le")) // 2

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HTML_TAGS:
            raise Refusal(f'can\'t parse entities: unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        self.open.append((tag, self._at(), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise Refusal(
                f'can\'t parse entities: unmatched end tag at byte offset {self.getpos()[1]}, found "</{tag}>"'
            )
        name, start, href = self.open.pop()
        if self._at() > start:
            entity: Json = {"type": _HTML_TAGS[name], "offset": start, "length": self._at() - start}
            self.entities.append(entity | ({"url": href} if href else {}))

    def handle_data(self, data: str) -> None:
        self.text += data


def check_keyboard(markup: Json | None) -> None:
    """Refuse a keyboard the real server would refuse."""
    if markup is None or "inline_keyboard" not in markup:
        return
    rows = markup["inline_keyboard"]
    if sum(len(row) for row in rows) > 100 or any(len(row) > 8 for row in rows) or len(str(markup).encode()) > 20_000:
        raise Refusal("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise Refusal("BUTTON_TEXT_EMPTY: text buttons are unallowed in the inline keyboard")
        if sum(name in button for name in _BUTTON_ACTIONS) != 1:
            raise Refusal("text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
            raise Refusal("BUTTON_DATA_INVALID")
        if "url" in button and "://" not in str(button["url"]):
            raise Refusal(f"inline keyboard button URL '{button['url']}' is invalid: wrong HTTP URL")


def check_album(media: Any) -> list[Json]:
    """Refuse an album the real server would refuse; returns its items."""
    items = list(media or ())
    kinds = {str(item.get("type")) for item in items}
    if not 2 <= len(items) <= 10:
        raise Refusal("wrong number of items in the media group: must have 2-10 items")
    if not any(kinds <= together for together in ({"photo", "video"}, {"document"}, {"audio"})):
        raise Refusal("wrong type of the media group")
    return items


def check_inline(answer: Json) -> None:
    """Refuse an answer to an inline query that the real server would refuse."""
    results = list(answer.get("results") or ())
    names = [str(result.get("id", "")) for result in results]
    if len(results) > 50 or len(set(names)) < len(names):
        raise Refusal("RESULTS_TOO_MUCH" if len(results) > 50 else "RESULT_ID_DUPLICATE")
    if not all(1 <= len(name.encode()) <= 64 for name in names):
        raise Refusal("RESULT_ID_INVALID")
    for result in results:
        if not str(result.get("title", "")).strip():
            raise Refusal('can\'t parse inline query result: Field "title" must be of type String')
        content = result.get("input_message_content") or {}
        text_of({**content, "text": content.get("message_text")})
        check_keyboard(result.get("reply_markup"))
    if len(str(answer.get("next_offset", "")).encode()) > 64:
        raise Refusal("NEXT_OFFSET_INVALID")
    button = answer.get("button")
    if button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(button.get("start_parameter", ""))):
        raise Refusal("START_PARAM_INVALID")


def check_rich(rich: Json) -> list[Json]:
    """Refuse a rich message the real server would refuse; returns its blocks."""
    given = [name for name in ("html", "markdown", "blocks") if rich.get(name)]
    if len(given) != 1:
        raise Refusal("exactly one of the fields html, markdown, and blocks must be used in a rich message")
    if given != ["blocks"]:
        raise Refusal("the sandbox reads rich messages as blocks only")
    blocks = list(rich["blocks"])
    size, count = _measure(blocks, 1)
    if size > RICH_LIMIT:
        raise Refusal("rich message is too long")
    if count > RICH_BLOCKS:
        raise Refusal("rich message has too many blocks")
    if not size and not any(block["type"] in _MEDIA_BLOCKS for block in blocks):
        raise Refusal("rich message must be non-empty")
    return blocks


def _measure(blocks: list[Json], depth: int) -> tuple[int, int]:  # noqa: C901  one case a kind of block
    """Return the characters and the number of blocks."""
    if depth > RICH_DEPTH:
        raise Refusal("rich message is nested too deep")
    size, count = 0, 0
    for block in blocks:
        kind = block.get("type")
        count += 1
        if kind in _TEXT_BLOCKS:
            size += _rich_size(block.get("text"), depth)
            if kind == "heading" and not 1 <= int(block.get("size", 0)) <= 6:
                raise Refusal("heading size must be between 1 and 6")
        elif kind in _NESTING_BLOCKS:
            inner, number = _measure(block["blocks"], depth + 1)
            size, count = size + inner + _rich_size(block.get("summary", ""), depth), count + number
        elif kind == "list":
            for item in block["items"]:
                inner, number = _measure(item["blocks"], depth + 1)
                size, count = size + inner, count + number + 1
        elif kind in _MEDIA_BLOCKS:
            media = block.get(str(kind), {})
            if not media.get("media"):
                raise Refusal("wrong file identifier/HTTP URL specified")
            size += _rich_size(block.get("caption", {}).get("text", ""), depth)
        elif kind not in _OTHER_BLOCKS:
            raise Refusal(f"unknown rich block type {kind}")
    return size, count


def _rich_size(text: Any, depth: int) -> int:
    if depth > RICH_DEPTH:
        raise Refusal("rich message is nested too deep")
    if isinstance(text, str):
        return len(text)
    if isinstance(text, list):
        return sum(_rich_size(part, depth) for part in text)
    if isinstance(text, dict):
        if text.get("type") == "url" and not str(text.get("url", "")).strip():
            raise Refusal("empty URL in a rich text")
        if text.get("type") == "custom_emoji":
            return len(text["alternative_text"])
        return _rich_size(text.get("text", ""), depth + 1)
    raise Refusal("rich text must be a string, an array or an object")
