"""`python -m bot export-reader` and `erase-reader`: what is stored about somebody, handed out and erased."""

import os
import sys
from pathlib import Path

from bot.cli.bars import bar
from bot.cli.language import shell_phrases
from bot.cli.lines import complain, tell
from bot.cli.newsroom import opened
from bot.errors import OnDesk
from bot.faults import code_of
from bot.model.personal_data import PersonalRecords
from bot.readers.personal_data import as_json
from bot.text.phrasebook import Phrasebook
from bot.timing.clock import SystemClock
from storage.delivery.personal_data import PersonalData

_MOST_DIGITS = 18


async def export_reader(who: str, to: str) -> int:
    """Write everything about a chat to a file, or to standard output; returns 0, or 1 when there is nothing."""
    say = shell_phrases()
    if (chat_id := _chat(who)) is None:
        return _failed(say("data-who", who=who))
    async with opened() as database:
        records = await PersonalData(database).export(chat_id)
    if not records:
        return _failed(say("data-nothing", chat=str(chat_id)))
    content = as_json(chat_id, records, SystemClock().now())
    if not to:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    try:
        _write(Path(to), content)
    except OSError as error:
        return _failed(say("data-cannot-write", path=to, code=code_of(error)))
    tell(say("data-written", path=to))
    return 0


def _write(path: Path, content: bytes) -> None:
    """Write a file that nobody else on this machine can read, whole or not at all.

    Raises OSError, also where there is one already.
    """
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def erase_reader(who: str, *, sure: bool) -> int:
    """Erase everything about a chat, after asking; returns 0, or 1 when nothing was erased."""
    say, now = shell_phrases(), SystemClock().now
    if (chat_id := _chat(who)) is None:
        return _failed(say("data-who", who=who))
    async with opened() as database:
        data = PersonalData(database)
        records = await data.export(chat_id)
        if not records:
            while await data.sweep(now()):  # what is left where somebody was erased and that was cut off
                pass
            return _failed(say("data-nothing", chat=str(chat_id)))
        if "editor" in records and any(row.get("user_id") == chat_id for row in records["editor"]):
            return _failed(say("data-staff", chat=str(chat_id)))
        if not sure and not _agreed(chat_id, records, say):
            return 1
        try:
            await data.erase(chat_id, now())
        except OnDesk:
            return _failed(say("data-staff", chat=str(chat_id)))
        with bar(say("data-sweeping")):
            while await data.sweep(now()):
                pass
    tell(say("data-erased", chat=str(chat_id)))
    if chat_id < 0:
        tell(say("data-in-chat"))
    return 0


def _agreed(chat_id: int, records: PersonalRecords, say: Phrasebook) -> bool:
    """Ask whoever sits at the terminal."""
    if not sys.stdin.isatty():
        return not _failed(say("data-no-terminal", chat=str(chat_id)))
    names = [str(row["name"]) for row in records.get("reader", ()) if row.get("name")]
    complain(say("data-ask", chat=str(chat_id), name=", ".join(names) or "?", word=say("data-yes")))
    if sys.stdin.readline().strip().casefold() != say("data-yes"):
        return not _failed(say("data-left"))
    return True


def _chat(who: str) -> int | None:
    digits = who.removeprefix("-")
    return int(who) if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS and int(digits) else None


def _failed(sentence: str) -> int:
    complain(sentence)
    return 1
