"""Beginning a sitting, and ending one that is broken off."""

from collections.abc import Callable, Coroutine
from typing import Any

from bot.cli.language import spoken
from bot.cli.setup.terminal import Terminal, the_terminal
from bot.config import Settings, load_settings
from bot.environment import ENV_FILE
from bot.errors import ConfigError

_BROKEN_OFF = 130  # what a shell calls the end by Ctrl+C


def set_up(
    loop: Callable[[Coroutine[Any, Any, Any]], Any],
    *,
    offer: bool,
    sitting: Callable[[], Terminal | None] = the_terminal,
) -> int:
    """Set the bot up; with `offer` only if it has no token and somebody agrees. Returns 0, or 130 when broken off.

    Raises:
        ConfigError: nobody sits at a terminal, there is no token in the end, or the settings do not fit.

    """
    settings, terminal = load_settings(), sitting()
    if offer and (terminal is None or settings.bot_token_file is not None or _has_token(settings)):
        settings.token()  # nothing is installed and nothing starts without one
        return 0
    if terminal is None:
        raise ConfigError("setup-no-terminal")
    from bot.cli.setup.wizard import Wizard  # with aiogram, which a start that asks nothing need not wait for twice

    wizard = Wizard(terminal, loop, settings, ENV_FILE, spoken())
    try:
        if offer and not wizard.agreed():
            settings.token()
            return 0
        return wizard.run()
    except (KeyboardInterrupt, EOFError):
        terminal.say("\n" + wizard.say("setup-broken-off", written="yes" if wizard.written else "no"))
        return _BROKEN_OFF


def _has_token(settings: Settings) -> bool:
    return settings.bot_token is not None and bool(settings.bot_token.get_secret_value().strip())
