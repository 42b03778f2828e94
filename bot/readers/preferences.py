"""A reader's settings, each one row of a table: the card of settings, its buttons and the handlers read it.

A new setting is a field of `Reader` with a column of the same name, and a row here; phrases name it and its values. One
that is on or off needs nothing else to be seen and changed; one with more values has a screen to choose on
(`bot/screens/settings.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from babel.lists import format_list

from bot.errors import NotFound
from bot.model.readers import AtHours, Hourly, Instantly, Quiet, Reader, ReaderState, Schedule
from bot.text.languages import LANGUAGES, known, words_for
from bot.text.phrasebook import Phrasebook
from bot.timing.hours import parse_clock_times
from bot.timing.schedules import parse_schedule, schedule_text
from bot.timing.zones import city_of, find_zone


class SettingName(StrEnum):
    """What one button of a reader's settings changes. The values stand in callback data and never change."""

    SCHEDULE = "schedule"
    HOUR = "hour"  # of the schedule, more or less
    ZONE = "zone"
    LANGUAGE = "language"
    NEWS_LANGUAGE = "news"
    PLAIN = "plain"
    TITLES_ONLY = "titles"
    URGENT_BREAKS = "urgent"
    FOLD_SOURCES = "sources"
    QUIET = "quiet"
    STATE = "state"
    FOLLOW = "follow"  # the words of a search
    UNFOLLOW = "unfollow"  # the words of a search
    STORY = "story"  # to follow
    UNSTORY = "unstory"  # not to follow any more
    DROP = "drop"  # a rule, or of an older version a mute
    UNMUTE = "unmute"  # of what is muted


_MOST_HOURS = 48  # of a schedule; one of full hours, and as many that were typed
_OF_BUTTONS: dict[str, Schedule] = {"now": Instantly(), "hourly": Hourly()}
_TYPED = {word: schedule for name, schedule in _OF_BUTTONS.items() for word, _ in words_for(name)}


def schedule_named(text: str) -> Schedule:
    """Return the schedule somebody typed: "now", "hourly", "08:00 19:00". Raises BadTime."""
    word = text.strip().casefold()
    return _TYPED[word] if word in _TYPED else AtHours(parse_clock_times(text))


class SettingsScreen(StrEnum):
    """Which screen of a reader's settings."""

    SETTINGS = "settings"  # the one with everything
    TOPICS = "topics"
    SCHEDULE = "schedule"
    TIMEZONE = "timezone"
    LANGUAGE = "language"
    NEWS_LANGUAGE = "news"
    SOURCES = "sources"
    QUIET = "quiet"
    RULES = "rules"


Change = Callable[[Reader, str], Reader | None]
"""A reader and the value of a button → the changed reader, or None for a value that no button of ours has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting; `name` is what its buttons call it.

    On the card of all settings it is a line, unless `title` is "": the phrase `title`, and the value in `words`. It is
    chosen on `screen`; where that is None and it `is_on` or off, the card has a button that says the value and turns
    it. After a change the screen `then` is shown; where `value` says what a button would set it to now, with the way
    back: not every value has a button of its own.
    """

    name: SettingName
    change: Change
    title: str = ""
    words: Callable[[Reader, Phrasebook], str] = lambda _, __: ""
    screen: SettingsScreen | None = None
    then: SettingsScreen = SettingsScreen.SETTINGS
    is_on: Callable[[Reader], bool] | None = None
    value: Callable[[Reader], str] | None = None

    def changed(self, reader: Reader, value: str) -> Reader:
        """Return the reader as a button with this value makes them.

        Raises:
            NotFound: no button of ours has this value.
            BadZone: no city or zone of that name.

        """
        changed = self.change(reader, value)
        if changed is None:
            raise NotFound
        return changed


def setting_named(name: str) -> Setting:
    """Return a setting by the name its buttons carry; raises NotFound."""
    for setting in SETTINGS:
        if setting.name == name:
            return setting
    raise NotFound


def news_language_words(code: str, say: Phrasebook) -> str:
    """Return which language news must be in, in words; "" is any."""
    return say("news-language-only", code=code, language=known(code).name) if code else say("news-language-any")


def state_lines(reader: Reader, say: Phrasebook) -> list[str]:
    """Return that a reader gets nothing now, whatever they choose, in words; nothing for who gets what they chose."""
    marks = {ReaderState.PAUSED: "paused-mark", ReaderState.LEFT: "left-mark"}
    return [say(marks[reader.state])] if reader.state in marks else []


def schedule_words(schedule: Schedule, say: Phrasebook) -> str:
    """Return when news comes, in words."""
    match schedule:
        case Instantly():
            return say("schedule-now")
        case Hourly():
            return say("schedule-hourly")
        case AtHours(times):
            listed = format_list([f"{t:%H:%M}" for t in times], locale=known(say.language).locale)
            return say("schedule-hours", times=listed, hour=times[0].hour if times else 0)


def quiet_words(quiet: Quiet | None, say: Phrasebook) -> str:
    """Return the quiet hours, in words; those that end when they begin are the whole day."""
    if quiet is None:
        return say("quiet-off")
    if quiet.start == quiet.end:
        return say("quiet-all-day", time=f"{quiet.end:%H:%M}", hour=quiet.end.hour)
    return f"{quiet.start:%H:%M}–{quiet.end:%H:%M}"


def schedule_saved(schedule: Schedule, say: Phrasebook) -> str:
    """Return the note of when news comes from now on."""
    if isinstance(schedule, Instantly):
        return say("schedule-saved-now")
    return say("schedule-saved", when=schedule_words(schedule, say))


def quiet_saved(quiet: Quiet | None, say: Phrasebook) -> str:
    """Return the note of which hours are quiet from now on."""
    return say("quiet-saved", hours=quiet_words(quiet, say))


def _schedule(reader: Reader, value: str) -> Reader | None:
    """Set a schedule: "now", "hourly", or minutes of the day, "480,1140"."""
    hours = value.split(",")
    known_hours = len(hours) <= _MOST_HOURS and all(_is_minute(hour) for hour in hours)
    return replace(reader, schedule=parse_schedule(value)) if value in {"now", "hourly"} or known_hours else None


def _is_minute(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and int(text) < 24 * 60


def _hour(reader: Reader, value: str) -> Reader | None:
    """Choose one hour more ("+480"), or give it up ("-480"): a minute of the day. "480" of old is either."""
    sign, minute = ("", value) if value[:1] not in {"+", "-"} else (value[0], value[1:])
    if not _is_minute(minute):
        return None
    at = time(int(minute) // 60, int(minute) % 60)
    chosen = isinstance(reader.schedule, AtHours) and at in reader.schedule.times
    schedule = reader.schedule if sign == ("+" if chosen else "-") else _toggled(reader.schedule, at)
    too_many = isinstance(schedule, AtHours) and len(schedule.times) > _MOST_HOURS
    return None if too_many else replace(reader, schedule=schedule)


def _toggled(current: Schedule, at: time) -> Schedule:
    """Return the schedule with one hour more or less; without any hour left, news comes at once."""
    times = {*current.times} ^ {at} if isinstance(current, AtHours) else {at}
    return AtHours(tuple(sorted(times))) if times else Instantly()


def _quiet(reader: Reader, value: str) -> Reader | None:
    """Set quiet hours, "2200-0700", or "off"."""
    if value == "off":
        return replace(reader, quiet=None)
    digits = value.replace("-", "", 1)
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    hours = [int(digits[n : n + 2]) for n in (0, 2, 4, 6)]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59:
        return None
    return replace(reader, quiet=Quiet(time(hours[0], hours[1]), time(hours[2], hours[3])))


def _language(reader: Reader, value: str) -> Reader | None:
    return replace(reader, language=value) if value in LANGUAGES else None


def _news_language(reader: Reader, value: str) -> Reader | None:
    return replace(reader, news_language=value) if value in {"", *LANGUAGES} else None


def _state(reader: Reader, value: str) -> Reader | None:
    states = {"on": ReaderState.ACTIVE, "off": ReaderState.PAUSED}
    if value == "off" and reader.state is ReaderState.LEFT:  # they get nothing as it is, and would come back as paused
        return reader
    return replace(reader, state=states[value]) if value in states else None


def _switch(turn: Callable[[Reader, bool], Reader]) -> Change:
    """Return the change of a setting that is on ("1") or off ("0")."""
    return lambda reader, value: turn(reader, value == "1") if value in {"0", "1"} else None


SETTINGS = (
    Setting(
        name=SettingName.SCHEDULE,
        change=_schedule,
        title="setting-schedule",
        words=lambda reader, say: schedule_words(reader.schedule, say),
        screen=SettingsScreen.SCHEDULE,
        then=SettingsScreen.SCHEDULE,
        value=lambda reader: schedule_text(reader.schedule),
    ),
    Setting(name=SettingName.HOUR, change=_hour, then=SettingsScreen.SCHEDULE),
    Setting(
        name=SettingName.QUIET,
        change=_quiet,
        title="setting-quiet",
        words=lambda reader, say: quiet_words(reader.quiet, say),
        screen=SettingsScreen.QUIET,
        then=SettingsScreen.QUIET,
        value=lambda reader: f"{reader.quiet.start:%H%M}-{reader.quiet.end:%H%M}" if reader.quiet else "off",
    ),
    Setting(
        name=SettingName.URGENT_BREAKS,
        change=_switch(lambda reader, on: replace(reader, urgent_breaks=on)),
        title="setting-urgent",
        words=lambda reader, say: say("urgent-at-once") if reader.urgent_breaks else say("urgent-like-others"),
        is_on=lambda reader: reader.urgent_breaks,
    ),
    Setting(
        name=SettingName.ZONE,
        change=lambda reader, value: replace(reader, zone=find_zone(value)),
        title="setting-zone",
        words=lambda reader, _: city_of(reader.zone, reader.language),
        screen=SettingsScreen.TIMEZONE,
        then=SettingsScreen.TIMEZONE,
        value=lambda reader: reader.zone,
    ),
    Setting(
        name=SettingName.LANGUAGE,
        change=_language,
        title="setting-language",
        words=lambda reader, _: known(reader.language).name,
        screen=SettingsScreen.LANGUAGE,
    ),
    Setting(
        name=SettingName.NEWS_LANGUAGE,
        change=_news_language,
        title="setting-news-language",
        words=lambda reader, say: news_language_words(reader.news_language, say),
        screen=SettingsScreen.NEWS_LANGUAGE,
    ),
    Setting(
        name=SettingName.FOLD_SOURCES,
        change=_switch(lambda reader, on: replace(reader, fold_sources=on)),
        title="setting-sources",
        words=lambda reader, say: say("sources-folded" if reader.fold_sources else "sources-sent"),
        screen=SettingsScreen.SOURCES,
    ),
    Setting(
        name=SettingName.PLAIN,
        change=_switch(lambda reader, on: replace(reader, plain=on)),
        title="setting-look",
        words=lambda reader, say: say("look-plain") if reader.plain else say("look-rich"),
        is_on=lambda reader: reader.plain,
    ),
    Setting(
        name=SettingName.TITLES_ONLY,
        change=_switch(lambda reader, on: replace(reader, titles_only=on)),
        title="setting-titles",
        words=lambda reader, say: say("titles-only") if reader.titles_only else say("titles-whole"),
        is_on=lambda reader: reader.titles_only,
    ),
    Setting(name=SettingName.STATE, change=_state),
)
"""In the order of the card."""
