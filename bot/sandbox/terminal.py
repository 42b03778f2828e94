"""The demo without a browser: two people at one terminal, a reader and an editor."""

import asyncio
import contextlib
import os
import threading

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.sandbox.client import typed_messages
from bot.sandbox.world import Chat, Json, World

_LONGEST_LINE = 16 * 2**20  # bytes: a whole page may be pasted


async def sit_at_terminal(world: World, reader: int, editor: int, stop: asyncio.Event, how: str) -> None:
    """Show both chats and take what is typed, until `q`, the end of input, or `stop`; `how` says how to."""
    console = Console()
    seats = {"r": world.chats[reader], "e": world.chats[editor]}
    Seat(world, seats, console).listen()
    console.print(Panel(how, title="Вісник · Visnyk"))
    for chat in seats.values():
        _act(world, chat, "/start")
    typed = asyncio.StreamReader(_LONGEST_LINE)
    _listen_to_keyboard(asyncio.get_running_loop(), typed, stop)
    async with asyncio.TaskGroup() as tasks:
        leaving = tasks.create_task(_leave(typed, stop))
        while (line := await _line(typed)) is not None and line.strip() != "q":
            letter, _, words = line.partition(" ")
            if letter in seats and words.strip():
                _act(world, seats[letter], words.strip())
            elif line.strip():
                console.print(how)
        stop.set()
        await leaving


def _listen_to_keyboard(loop: asyncio.AbstractEventLoop, typed: asyncio.StreamReader, stop: asyncio.Event) -> None:
    """Read standard input in a thread that nobody waits for: nothing wakes it but a key."""

    def take(chunk: bytes) -> None:
        if stop.is_set():
            return
        if chunk:
            typed.feed_data(chunk)
        else:
            typed.feed_eof()

    def read() -> None:
        chunk = b"-"
        with contextlib.suppress(RuntimeError, OSError):  # the demo is over
            while chunk:
                chunk = os.read(0, 65_536)  # not sys.stdin: its lock would be held while Python ends
                loop.call_soon_threadsafe(take, chunk)

    threading.Thread(target=read, daemon=True).start()


async def _leave(typed: asyncio.StreamReader, stop: asyncio.Event) -> None:
    await stop.wait()
    typed.feed_eof()


async def _line(typed: asyncio.StreamReader) -> str | None:
    """Return a line, None at the end; one that ends in a backslash goes on in the next."""
    lines: list[str] = []
    while raw := await typed.readline():
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if not line.endswith("\\"):
            return "\n".join([*lines, line])
        lines.append(line[:-1])
    return "\n".join(lines) if lines else None


def _act(world: World, chat: Chat, words: str) -> None:
    assert chat.person is not None
    newest = next((m for m in reversed(list(chat.messages.values())) if _buttons(m)), None)
    if words.isdigit() and newest is not None and 0 < int(words) <= len(_buttons(newest)):
        button = _buttons(newest)[int(words) - 1]
        if "callback_data" in button:
            world.taps_on(chat.person, chat, newest, button["callback_data"])
        return
    command: list[Json] = []
    if words.startswith("/"):
        command = [{"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}]
    for content in typed_messages(words, command):
        world.says(chat.person, chat, content)


def _buttons(message: Json) -> list[Json]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for button in row]


class Seat:
    """Prints what the bot says to either of the two."""

    def __init__(self, world: World, seats: dict[str, Chat], console: Console) -> None:
        self._seats = {chat.id: letter for letter, chat in seats.items()}
        self._console = console
        self._before = world.changed
        self._world = world

    def listen(self) -> None:
        """Begin to print."""
        self._world.changed = self._show

    def _show(self, event: Json) -> None:
        self._before(event)
        letter = self._seats.get(event.get("chat", 0))
        if letter is None or event["kind"] not in {"message", "edit", "answer"}:
            return
        if event["kind"] == "answer":
            if event.get("text"):
                self._console.print(f"[{letter}] {event['text']}", style="italic")
            return
        message = event["message"]
        if not message.get("from", {}).get("is_bot"):
            return
        text = Text(plain_text(message))
        for number, button in enumerate(_buttons(message), 1):
            copied = button.get("copy_text", {}).get("text", "")  # a terminal has no clipboard: it is there to be seen
            text.append(f"\n  [{number}] {button['text']} {copied}".rstrip(), style="cyan")
        title = {"r": "читач · reader", "e": "редактор · editor"}[letter]
        changed = " ✎" if event["kind"] == "edit" else ""
        self._console.print(Panel(text, title=title + changed, border_style="blue" if letter == "r" else "green"))


def plain_text(message: Json) -> str:
    """Return what a message says, rich or plain."""
    if "rich_message" in message:
        return "\n\n".join(_block(block) for block in message["rich_message"]["blocks"])
    file = f"📎 {message['document']['file_name']}\n" if "file_name" in message.get("document", {}) else ""
    return file + str(message.get("text") or message.get("caption") or "")


def _block(block: Json) -> str:
    parts = [_inline(block["text"])] if "text" in block else []
    parts += [_block(inner) for inner in block.get("blocks", ())]
    parts += ["• " + _block(inner) for item in block.get("items", ()) for inner in item["blocks"]]
    if block["type"] == "photo":
        parts.append("🖼 " + _inline(block.get("caption", {}).get("text", "")))
    return "\n".join(parts)


def _inline(text: object) -> str:
    if isinstance(text, list):
        return "".join(map(_inline, text))
    return _inline(text.get("text", "")) if isinstance(text, dict) else str(text)
