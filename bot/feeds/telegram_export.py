"""Telegram Desktop's `result.json`: the messages of a channel, with their formatting, as articles."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.errors import Empty
from bot.feeds.encodings import LOST, is_spoilt
from bot.feeds.findings import Finding, Record, Surroundings
from bot.text.entities import Entity
from bot.text.intake import read_post
from bot.text.markup import to_html
from bot.text.styled import units

_KINDS = {
    "bold": "bold", "italic": "italic", "underline": "underline", "strikethrough": "strikethrough",
    "spoiler": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "link": "url",
    "text_link": "text_link", "email": "email",
}  # fmt: skip
_MEDIA = ("photo", "file", "thumbnail")


def chats_of(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the chats of an export: the one it is of, or those of a whole account; none when it is no export."""
    if _is_chat(found):
        return [found]
    parts = [found.get(name) for name in ("chats", "left_chats")]
    listed = [part["list"] for part in parts if isinstance(part, Mapping) and isinstance(part.get("list"), list)]
    chats = [chat for part in listed for chat in part if isinstance(chat, Mapping) and _is_chat(chat)]
    # Of an account there are private talks among them, which nobody means to publish.
    return [{**chat, "of_account": True} for chat in chats]


def _is_chat(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("messages"), list) and "type" in found


def chat_records(place: str, size: int, chat: Mapping[str, Any]) -> Iterator[Record]:
    """Yield the messages of a chat as records; service messages are passed over, media are named."""
    name, messages = str(chat.get("name") or ""), chat["messages"]
    if chat.get("of_account") and "channel" not in str(chat["type"]):
        yield Record(place=place, problem="import-private-chat", values={"chat": name or "?"})
        return
    if not any(isinstance(one, Mapping) and one.get("type", "message") == "message" for one in messages):
        yield Record(place=place, end=size, problem="import-no-items")
    for number, message in enumerate(messages, 1):
        end = size * number // len(messages)
        if not isinstance(message, Mapping):
            yield Record(place=f"{place}#{number}", end=end, problem="import-not-object")
        elif message.get("type", "message") == "message":
            yield _message(f"{place}#{message.get('id', number)}", end, message, (name, str(chat.get("id", ""))))


def _message(place: str, end: int, message: Mapping[str, Any], chat: tuple[str, str]) -> Record:
    media = [str(message[name]) for name in _MEDIA[:2] if isinstance(message.get(name), str)]
    poll = message.get("poll")
    question = str(poll.get("question") or "")[:200] if isinstance(poll, Mapping) else ""
    notes = tuple(Finding("import-media", {"file": file[:200]}) for file in media)
    notes += (Finding("import-poll", {"question": question}),) if question else ()
    text, entities = _text(message)
    if is_spoilt(text):
        return Record(place=place, end=end, problem="import-spoilt")
    notes += (Finding("import-damaged"),) if LOST in text else ()
    try:
        post = read_post(text, entities)
    except Empty:
        problem = "import-only-media" if media else "import-only-poll" if question else "import-no-text"
        values = {"file": ", ".join(media)[:200], "question": question}
        return Record(place=place, end=end, problem=problem, values=values)
    name, number = chat
    fields = {
        "id": f"urn:telegram:{number}:{message.get('id')}" if number and "id" in message else "",
        "title": post.title,
        "lead": post.lead,
        "html": to_html(post.body),
        "source": str(message.get("forwarded_from") or name),
        "published_at": message.get("date_unixtime"),
        "date": message.get("date"),
    }
    return Record(place=place, end=end, fields=fields, around=Surroundings(), notes=notes)


def _text(message: Mapping[str, Any]) -> tuple[str, list[Entity]]:
    """Return the text of a message and its formatting, which an export holds as a list of pieces."""
    held = message.get("text_entities") or message.get("text")
    text, offset = "", 0
    entities: list[Entity] = []
    for piece in held if isinstance(held, list) else [held]:
        about = piece if isinstance(piece, Mapping) else {"text": piece if isinstance(piece, str) else ""}
        said, kind = str(about.get("text") or ""), _KINDS.get(str(about.get("type")))
        if kind == "blockquote" and about.get("collapsed"):
            kind = "expandable_blockquote"
        length = units(said)
        if kind is not None and length:
            href, language = (str(about.get(name) or "") for name in ("href", "language"))
            entities.append(Entity(kind, offset, length, href, language))
        text, offset = text + said, offset + length
    return text, entities
