"""Which language the shell speaks: the one that is set, else the terminal's, else the usual one."""

import os

from dotenv import dotenv_values

from bot.text.languages import LANGUAGES
from bot.text.phrasebook import Phrasebook, phrases

_TERMINAL = ("LC_ALL", "LC_MESSAGES", "LANG")


def spoken() -> str:
    """Return the language; known also where the settings are wrong, or cannot be read."""
    for name in (_set_in_environment(), _set_in_file(), _of_terminal()):
        if name in LANGUAGES:
            return name
    return LANGUAGES[0]


def shell_phrases() -> Phrasebook:
    """Return the phrases that the shell speaks."""
    return phrases(spoken())


def _set_in_environment() -> str:
    return next((value for name, value in os.environ.items() if name.upper() == "LANGUAGE"), "")


def _set_in_file() -> str:
    try:
        return dotenv_values(".env", encoding="utf-8").get("LANGUAGE") or ""
    except (OSError, ValueError):  # what is wrong with it is said by whoever needs more of it
        return ""


def _of_terminal() -> str:
    return next((value for name in _TERMINAL if (value := os.environ.get(name))), "")[:2].lower()
