"""Logging: structured, to standard error, and never a secret."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import regex
import structlog

# A bot token, a password in an address, an owner's code: none of them may be written down, wherever it comes from.
_TOKEN = regex.compile(r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_PASSWORD = regex.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")


def redacted(text: str) -> str:
    """Return the text without secrets."""
    return str(_PASSWORD.sub("***", _TOKEN.sub("***", text)))


def _redact(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redacted(value) if isinstance(value, str) else value for key, value in event.items()}


def _render_values(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    plain = (str, int, float, bool, type(None))
    return {key: value if isinstance(value, plain) else redacted(repr(value)) for key, value in event.items()}


def set_up(level: str, form: Literal["auto", "text", "json"]) -> None:
    """Send all logging of the process, aiogram's too, to standard error. May be repeated."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    machine = structlog.processors.JSONRenderer(ensure_ascii=False)
    renderer: Any = structlog.dev.ConsoleRenderer() if as_text else machine
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _render_values,
            _redact,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("apscheduler", "aiogram.event", "asyncio", "aiosqlite"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
