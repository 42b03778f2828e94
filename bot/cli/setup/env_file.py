"""The operator's `.env`: some settings changed, everything else in it kept as it stands."""

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

_PLAIN = re.compile(r"[A-Za-z0-9_.:/@+-]+")
_VALUE = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\r\n]*?"""


def with_settings(text: str, values: Mapping[str, str]) -> str:
    """Return the text of an `.env` with these settings in it, each where it stood, or under its comment, or at the end.

    Raises:
        ValueError: a value cannot be written so that it is read back as it is.

    """
    for name, value in values.items():
        if read(text).get(name) != value:
            text = _with_setting(text, name, value)
        if read(text).get(name) != value:
            raise ValueError(name)
    return text


def read(text: str) -> dict[str, str | None]:
    """Return the settings of an `.env`, as they are read at a start."""
    return dotenv_values(stream=StringIO(text))


def _with_setting(text: str, name: str, value: str) -> str:
    line = f"{name}={_quoted(value)}"
    before_it, after_it = rf"^([ \t]*(?:export[ \t]+)?){name}[ \t]*=[ \t]*", r"([ \t]+#[^\r\n]*)?(?=\r?$)"
    standing = [*re.finditer(f"{before_it}(?:{_VALUE}){after_it}", text, re.MULTILINE)]
    if standing:  # where a setting stands twice, the last one counts
        last = standing[-1]
        return f"{text[: last.start()]}{last[1]}{line}{last[2] or ''}{text[last.end() :]}"
    shown = re.search(rf"^# ?{name}=[^\r\n]*(\r?\n|$)", text, re.MULTILINE)
    end = shown.end() if shown else len(text)
    before, after = text[:end], text[end:]
    between = "" if not before or before.endswith("\n") else "\n"
    return f"{before}{between}{line}\n{after}"


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    if "'" not in value and "\\" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write(path: Path, text: str) -> None:
    """Put a text in place of a file, whole or not at all; only its owner may read it then. Raises OSError."""
    place = path.resolve()  # a link goes on leading where it leads
    number, name = tempfile.mkstemp(dir=place.parent, prefix=".env.")  # which nobody else may read
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(number)
            if place.exists() and hasattr(os, "fchown"):  # whoever sets up as root leaves the service its file
                with contextlib.suppress(PermissionError):
                    os.fchown(number, place.stat().st_uid, place.stat().st_gid)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
