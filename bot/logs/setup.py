"""Setting logging up: one line an event, for people or for machines, without secrets, through the writer's thread."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

from bot.logs.redaction import is_secret, redacted
from bot.logs.writer import LineWriter

_LAST_SECONDS = 1.0  # for what is not written yet when the process ends

_writing: "LineHandler | None" = None


class LineHandler(logging.Handler):
    """Hands formatted lines to the writer."""

    def __init__(self) -> None:
        super().__init__()
        self.writer = LineWriter(sys.stderr, self._dropped)

    def emit(self, record: logging.LogRecord) -> None:
        """Format here, where the event happens, and go on at once."""
        try:
            self.writer.put(self.format(record) + "\n")
        except Exception:  # noqa: BLE001  logging never breaks what it tells of
            self.handleError(record)

    def close(self) -> None:
        """Write what is left, for a moment at most."""
        self.writer.close(_LAST_SECONDS)
        super().close()

    def _dropped(self, number: int) -> str:
        record = logging.LogRecord(
            "bot.logs", logging.WARNING, "", 0, "lines of the log were dropped: %d; nobody reads it fast enough",
            (number,), None,
        )  # fmt: skip
        return self.format(record) + "\n"


def flush(seconds: float = _LAST_SECONDS) -> bool:
    """Wait until everything that was logged is written, but no longer than that; returns whether it is."""
    return _writing is None or _writing.writer.flush(seconds)


def _redact(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: "***" if is_secret(key) else redacted(value) if isinstance(value, str) else value
        for key, value in event.items()
    }


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
    global _writing  # noqa: PLW0603  a process has one log
    _writing = handler = LineHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("apscheduler", "aiogram.event", "asyncio", "aiosqlite", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
