"""Why nothing could be had from an address, in words that say what to do."""

from bot.fetch.answers import Failed
from bot.screens.look import Look


def failure_text(failed: Failed, look: Look) -> str:
    """Return the reason and what to do about it, in one or two sentences."""
    return look.say(f"fetch-{failed.reason}", detail=failed.detail or "—")
