"""Why a setting, or the system, refuses: what others say of it, as phrases have it."""

import errno
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.errors import BadSetting, ConfigError

_NUMBERS = {
    "float_parsing": "value-number",
    "finite_number": "value-number",
    "int_parsing": "value-whole",
    "int_parsing_size": "value-whole",
    "int_from_float": "value-whole",
    "ip_any_network": "value-network",
}
_BOUNDS = {
    "greater_than": ("value-above", "gt"),
    "greater_than_equal": ("value-least", "ge"),
    "less_than_equal": ("value-most", "le"),
}


def faults_of(error: ValidationError) -> Iterator[BadSetting]:
    """Yield what is wrong, a fault for each setting; none has its value in it, which may be a secret."""
    for item in error.errors():
        yield _fault(str(item["loc"][0]).upper(), item)


def _fault(setting: str, item: ErrorDetails) -> BadSetting:
    kind, context = item["type"], item.get("ctx", {})
    if isinstance(ours := context.get("error"), BadSetting):
        return BadSetting(ours.phrase, setting=setting, **ours.variables)
    if kind in _BOUNDS:
        phrase, name = _BOUNDS[kind]
        return BadSetting(phrase, setting=setting, n=f"{float(context[name]):g}")
    if kind == "literal_error":
        choices = ", ".join(re.findall(r"'([^']*)'", str(context["expected"])))
        return BadSetting("value-choice", setting=setting, choices=choices)
    return BadSetting(_NUMBERS.get(kind, "value-odd"), setting=setting)


def code_of(error: OSError) -> str:
    """Return why the system refused something, as the variable `code` of phrases: its own short name, "" for none."""
    return errno.errorcode.get(error.errno or 0, "")


def secret_in(file: Path, setting: str) -> str:
    """Return what a file holds that a setting names; raises ConfigError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise ConfigError("config-unreadable", setting=setting, code=code_of(error)) from None
