"""Files with secrets that everybody on the machine can read."""

import os
import stat
from pathlib import Path

from bot.config import Settings
from bot.environment import ENV_FILE


def open_to_others(settings: Settings) -> list[Path]:
    """Return the files with secrets that everybody on this machine can read."""
    if os.name == "nt":  # there the file's own rights say nothing
        return []
    files = [ENV_FILE, settings.bot_token_file, settings.backup_passphrase_file]
    return [file for file in files if file is not None and file.is_file() and file.stat().st_mode & stat.S_IROTH]
