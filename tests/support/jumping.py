"""A bot whose machine's clock can be set: `python -m tests.support.jumping FILE`; the file holds seconds to add.

Only what asks for the time of day sees it: the product's clock, and APScheduler.
"""

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.cron
import apscheduler.triggers.interval

import bot.timing.clock
from bot.__main__ import main

OFFSET = Path(sys.argv[1])


class Set(datetime):
    """The time of day as somebody has set it."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=float(OFFSET.read_text(encoding="utf-8") or 0))


if __name__ == "__main__":
    for module in (
        bot.timing.clock,
        apscheduler.executors.base,
        apscheduler.schedulers.base,
        apscheduler.triggers.cron,
        apscheduler.triggers.interval,
    ):
        module.datetime = Set  # type: ignore[attr-defined]
    sys.exit(main(["run"]))
