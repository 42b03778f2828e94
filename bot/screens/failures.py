"""Why nothing could be had from an address, in words that say what to do."""

from bot.fetch.answers import Failed, Reason
from bot.fetch.damage import damage_in
from bot.screens.look import Look


def failure_text(failed: Failed, look: Look) -> str:
    """Return the reason and what to do about it, in one or two sentences."""
    said = look.say(f"fetch-{failed.reason}", detail=failed.detail or "—")
    if failed.reason is not Reason.DAMAGED:
        return said
    kinds = zip(("fetch-damaged-taken", "fetch-damaged-refused"), damage_in(failed.detail), strict=True)
    return " ".join([said, *(look.say(key, titles=titles) for key, titles in kinds if titles)])
