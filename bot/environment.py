"""Where settings are written: the environment, and `.env`, which other programs may read, too."""

import logging
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream
from pydantic_settings import EnvSettingsSource
from rapidfuzz.distance import OSA

from bot.errors import ConfigError

logging.getLogger("dotenv").setLevel(logging.ERROR)  # it tells of each line again and again; see `unread_lines`

ENV_FILE = Path(".env")
_LOCALES = re.compile(r"|[A-Za-z_.@:0-9-]*[_:][A-Za-z_.@:0-9-]*")
_REFERENCE = re.compile(r"\$\{([^}:]+)\}")  # one with a default, ${NAME:-default}, has a value anyway
_SHORT = 7  # letters of a name in which a second slip makes another word
# Names of other programs, which may stand in the same file: of the database's image, of compose, of a system.
_OTHERS = re.compile(
    r"(POSTGRES|PG|COMPOSE|DOCKER|PODMAN|BUILDKIT|PYTHON|PIP|UV|LC|XDG|SSL|OPENSSL|SERVICE|KUBERNETES)_?|"
    r"(HTTPS?|ALL|NO|FTP)_PROXY$|LANG$|TZ$"
)


class Environment(EnvSettingsSource):
    """The environment without a LANGUAGE that lists locales ("en_US:en"): desktops set that for every program."""

    def __call__(self) -> dict[str, Any]:
        """Return the settings in it."""
        return {n: v for n, v in super().__call__().items() if n != "language" or not _LOCALES.fullmatch(str(v))}


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A name that is no setting, and the setting that it is nearly called like."""

    name: str
    meant: str


def unread_lines() -> list[int]:
    """Return the numbers of the lines of `.env` that say nothing: a quotation mark is open, or there is no "="."""
    return [one.original.line for one in _bindings() if one.error or (one.key is not None and one.value is None)]


def written() -> Mapping[str, str | None]:
    """Return what `.env` sets, by the names as they are written there; nothing where it cannot be read."""
    try:
        return dotenv_values(ENV_FILE, encoding="utf-8")
    except (OSError, ValueError):
        return {}


def set_twice(settings: Collection[str]) -> tuple[str, ...]:
    """Return the settings that stand in `.env` more than once, with different values; the last one counts."""
    known, seen = {name.upper() for name in settings}, dict[str, set[str]]()
    for one in _bindings():
        if one.key is not None and one.key.upper() in known:
            seen.setdefault(one.key.upper(), set()).add(one.value or "")
    return tuple(name for name, values in seen.items() if len(values) > 1)


def unfilled(settings: Collection[str]) -> tuple[str, ...]:
    """Return the settings in `.env` whose value names a variable, as `${NAME}`, that is set nowhere."""
    known, bindings = {name.upper() for name in settings}, _bindings()
    there = {one.key for one in bindings} | set(os.environ)
    return tuple(
        one.key
        for one in bindings
        if one.key is not None
        and one.key.upper() in known
        and not there.issuperset(_REFERENCE.findall(one.value or ""))
    )


def _bindings() -> list[Binding]:
    try:
        with ENV_FILE.open(encoding="utf-8") as file:
            return list(parse_stream(file))
    except (OSError, ValueError):
        return []


def is_emptied(setting: str) -> bool:
    """Tell whether a setting is written somewhere, and nowhere with a value."""
    values = [
        value or "" for place in (os.environ, written()) for name, value in place.items() if name.upper() == setting
    ]
    return bool(values) and not any(value.strip() for value in values)


def misspelt(settings: Collection[str]) -> tuple[Misspelt, ...]:
    """Return the names in `.env` that nearly are settings; where there is no such file, those of the environment."""
    return misspelt_in(written() if ENV_FILE.exists() else os.environ, settings)


def misspelt_in(names: Iterable[str], settings: Collection[str]) -> tuple[Misspelt, ...]:
    """Return the names that nearly are those of settings; either may be in small letters.

    A name that is near none is another program's, and so are those of the same families as `POSTGRES_PASSWORD`.
    """
    known = {name.upper() for name in settings}
    there = {name.upper(): name for name in names}
    strangers = [name for name in there if name not in known and not _OTHERS.match(name)]
    found = ((there[name], _nearest(name, known, there)) for name in strangers)
    return tuple(Misspelt(name, meant) for name, meant in found if meant)


def _nearest(name: str, known: Collection[str], there: Collection[str]) -> str:
    """Return the setting that a name is within a slip or two of, or that it has all the words of; "" for none."""
    plain = name.replace("_", "").replace("-", "")
    slips = {one: OSA.distance(plain, one.replace("_", "")) for one in known}
    nearest = min(sorted(known), key=slips.__getitem__)
    if slips[nearest] <= (1 if len(plain) < _SHORT else 2):
        return nearest
    words = set(name.replace("-", "_").split("_"))
    # What has a word more, TELEGRAM_BOT_TOKEN, may be another program's where the setting itself is there.
    within = [one for one in known if "_" in one and set(one.split("_")) <= words and one not in there]
    return max(sorted(within), key=len, default="")


def without_token(settings: Collection[str]) -> ConfigError:
    """Return why there is no token: nobody has set one, or its line or its name is wrong."""
    lines = unread_lines()
    if lines:
        return ConfigError("config-no-token-read", line=lines[0])
    names = [one.name for one in misspelt(settings) if one.meant.startswith("BOT_TOKEN")]
    names += [name for name in written() if "TOKEN" in name.upper() and name.lower() not in settings]
    return ConfigError("config-no-token-named", name=names[0]) if names else ConfigError("config-no-token")
