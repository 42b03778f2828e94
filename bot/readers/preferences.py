"""A reader's settings as buttons name them: which button changes which field, and to what."""

from datetime import time
from enum import StrEnum

from bot.model.readers import AtHours, Hourly, Instantly, Quiet, Reader, ReaderState, Schedule
from bot.text.languages import LANGUAGES, words_for
from bot.timing.typed import parse_clock_times
from bot.timing.zones import find_zone


class SettingName(StrEnum):
    """What one button of a reader's settings changes. The values stand in callback data and never change."""

    SCHEDULE = "schedule"
    HOUR = "hour"  # of the schedule, more or less
    ZONE = "zone"
    LANGUAGE = "language"
    NEWS_LANGUAGE = "news"
    PLAIN = "plain"
    URGENT_BREAKS = "urgent"
    QUIET = "quiet"
    STATE = "state"
    FOLLOW = "follow"  # the words of a search
    STORY = "story"  # to follow
    DROP = "drop"  # a rule


_OF_BUTTONS: dict[str, Schedule] = {"now": Instantly(), "hourly": Hourly()}
_TYPED = {word: schedule for name, schedule in _OF_BUTTONS.items() for word, _ in words_for(name)}


def schedule_named(text: str) -> Schedule:
    """Return the schedule somebody typed: "now", "hourly", "08:00 19:00". Raises BadTime."""
    word = text.strip().casefold()
    return _TYPED[word] if word in _TYPED else AtHours(parse_clock_times(text))


def changes_of(reader: Reader, name: SettingName, value: str) -> dict[str, object] | None:  # noqa: C901  one case a setting
    """Return the fields of the reader that a button changes, or None for a button nobody made. Raises BadZone."""
    match name, value:
        case SettingName.SCHEDULE, ("now" | "hourly"):
            return {"schedule": _OF_BUTTONS[value]}
        case SettingName.HOUR, _ if value.isascii() and value.isdigit() and int(value) < 24 * 60:
            return {"schedule": _toggled(reader.schedule, time(int(value) // 60, int(value) % 60))}
        case SettingName.ZONE, _:
            return {"zone": find_zone(value)}
        case SettingName.LANGUAGE, _ if value in LANGUAGES:
            return {"language": value}
        case SettingName.NEWS_LANGUAGE, _ if value in {"", *LANGUAGES}:
            return {"news_language": value}
        case SettingName.PLAIN, ("0" | "1"):
            return {"plain": value == "1"}
        case SettingName.URGENT_BREAKS, ("0" | "1"):
            return {"urgent_breaks": value == "1"}
        case SettingName.QUIET, "off":
            return {"quiet": None}
        case SettingName.QUIET, _ if (quiet := _quiet(value)) is not None:
            return {"quiet": quiet}
        case SettingName.STATE, ("on" | "off"):
            return {"state": ReaderState.ACTIVE if value == "on" else ReaderState.PAUSED}
        case _:
            return None


def _toggled(current: Schedule, at: time) -> Schedule:
    """Return the schedule with one hour more or less; without any hour left, news comes at once."""
    times = {*current.times} ^ {at} if isinstance(current, AtHours) else {at}
    return AtHours(tuple(sorted(times))) if times else Instantly()


def _quiet(value: str) -> Quiet | None:
    digits = value.replace("-", "", 1)
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    hours = [int(digits[n : n + 2]) for n in (0, 2, 4, 6)]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59:
        return None
    return Quiet(time(hours[0], hours[1]), time(hours[2], hours[3]))
