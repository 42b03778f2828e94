"""Instants as a reader's own clock shows them."""

from datetime import datetime, timedelta

from babel.dates import format_date

from bot.text.languages import known
from bot.text.phrasebook import phrases
from bot.timing.stored_zones import stored_zone
from bot.timing.zones import city_of

_MANY_HOURS = 48  # from there on days say more


def moment(at: datetime, now: datetime, zone: str, language: str) -> str:
    """Return the instant in words: "14:32" today, "вчора, 14:32", "25 листопада, 14:32", with the year if not this."""
    local, today = at.astimezone(stored_zone(zone)), now.astimezone(stored_zone(zone))
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


def in_full(at: datetime, now: datetime, zone: str, language: str) -> str:
    """Return an instant so that nobody takes it for another: weekday, date, time, whose time, and how far off it is."""
    local = at.astimezone(stored_zone(zone))
    date = format_date(local, "EEEE, d MMMM y", locale=known(language).locale)
    left = duration((at - now).total_seconds(), language)
    place = city_of(zone, language)
    return phrases(language)("moment-in-full", date=date, time=f"{local:%H:%M}", place=place, left=left)


def duration(seconds: float, language: str) -> str:
    """Return how long something takes, rounded to what a person needs: "45 с", "12 хв", "2 год 10 хв"."""
    say = phrases(language)
    whole = max(1, round(seconds))
    if whole < 90:
        return say("duration-seconds", n=whole)
    minutes = round(whole / 60)
    if minutes < 90:
        return say("duration-minutes", n=minutes)
    if minutes >= _MANY_HOURS * 60:
        return say("duration-days", n=round(minutes / 1440))
    return say("duration-hours", hours=minutes // 60, minutes=minutes % 60)
