"""Logging: structured, to standard error, never a secret, and never in anybody's way."""

from bot.logs.redaction import redacted
from bot.logs.setup import flush, set_up

__all__ = ["flush", "redacted", "set_up"]
