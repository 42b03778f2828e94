"""Instants as a reader's own clock shows them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.text.languages import known
from bot.text.phrasebook import phrases


def moment(at: datetime, now: datetime, zone: str, language: str) -> str:
    """Return the instant in words: "14:32" today, "вчора, 14:32", "25 листопада, 14:32", with the year if not this."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    say = phrases(language)
    if local.date() == today.date() - timedelta(days=1):
        return say("moment-yesterday", time=clock)
    if local.date() == today.date() + timedelta(days=1):
        return say("moment-tomorrow", time=clock)
    pattern = "d MMMM" if local.year == today.year else "d MMMM y"
    return say("moment-date", date=format_date(local, pattern, locale=known(language).locale), time=clock)


def duration(seconds: float, language: str) -> str:
    """Return how long something takes, rounded to what a person needs: "45 с", "12 хв", "2 год 10 хв"."""
    say = phrases(language)
    whole = max(1, round(seconds))
    if whole < 90:
        return say("duration-seconds", n=whole)
    minutes = round(whole / 60)
    if minutes < 90:
        return say("duration-minutes", n=minutes)
    return say("duration-hours", hours=minutes // 60, minutes=minutes % 60)
