"""How servers that people name are asked; without anything of Telegram's, for commands of the shell."""

from bot import __version__
from bot.config import Settings
from bot.fetch.fetcher import Fetcher
from bot.fetch.networks import allowed
from bot.timing.clock import Clock


def make_fetcher(settings: Settings, clock: Clock) -> Fetcher:
    """Return what asks servers that nobody here knows; it tells them who asks."""
    return Fetcher(
        clock=clock,
        agent=agent_of(settings),
        allowed=allowed(settings.fetch_allow),
        proxy=settings.fetch_proxy,
    )


def agent_of(settings: Settings) -> str:
    """Return who asks, as servers are told."""
    contact = f"+{settings.fetch_contact}" if settings.fetch_contact else "a newsroom inside Telegram"
    return f"Visnyk/{__version__} ({contact})"
