"""When news comes, as cards: the hours of digests and the quiet ones, tapped or typed, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

from babel.dates import format_date

from bot.model.readers import AtHours, ChatKind, Choices, Hourly, Instantly, Quiet, Reader, ReaderState
from bot.readers.preferences import (
    SettingName,
    SettingsScreen,
    quiet_words,
    schedule_saved,
    schedule_words,
    state_lines,
)
from bot.screens.callbacks import Action, OpenSettings, SettingTap
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.questions import asked
from bot.text.languages import known
from bot.text.phrasebook import phrases
from bot.text.styled import Styled, bold, join
from bot.timing.schedules import next_gap
from bot.timing.stored_zones import stored_zone
from bot.timing.zones import city_of

_ON, _OFF = "✅ ", "▫️ "
QUIET_OFFERED = (Quiet(time(22), time(7)), Quiet(time(23), time(8)), Quiet(time(0), time(9)))
_HOURS = tuple(time(hour) for hour in (*range(6, 24), *range(6)))


@dataclass(frozen=True, slots=True)
class AskHours(Action):
    """Ask for hours of one's own, of the setting that is chosen on that screen; from a button of an older version."""

    code = "qh"
    screen: SettingsScreen


@dataclass(frozen=True, slots=True)
class PickQuiet(Action):
    """Choose when quiet hours begin, or with `chosen` when they end that begin at minute `start` of the day."""

    code = "qp"
    start: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class DigestNow(Action):
    """Send what waits for the reader's next digest."""

    code = "qd"


@dataclass(frozen=True, slots=True)
class Revert(Action):
    """Set a setting to what it was, which is `kept` by number."""

    code = "qr"
    kept: int


def schedule_card(reader: Reader, now: datetime) -> Card:
    """Return the choice of when news comes."""
    say, schedule = phrases(reader.language), reader.schedule
    at_once = (_ON if isinstance(schedule, Instantly) else _OFF) + say("schedule-now")
    hourly = (_ON if isinstance(schedule, Hourly) else _OFF) + say("schedule-hourly")
    chosen = schedule.times if isinstance(schedule, AtHours) else ()
    buttons = [
        Button(
            ("✅" if at in chosen else "") + f"{at:%H:%M}",
            SettingTap(SettingName.HOUR, f"{'-' if at in chosen else '+'}{at.hour * 60 + at.minute}"),
        )
        for at in sorted({*_HOURS, *chosen}, key=lambda t: (t.hour < 6, t))
    ]
    text: list[Styled | str] = [
        bold(say("schedule-title")),
        schedule_words(schedule, say),
        "",
        say("schedule-text", city=city_of(reader.zone, reader.language)),
        "",
        asked(say("hours-ask"), reader, "/schedule 8 13 19:30"),
    ]
    head: Row = (
        Button(at_once, SettingTap(SettingName.SCHEDULE, "now")),
        Button(hourly, SettingTap(SettingName.SCHEDULE, "hourly")),
    )
    now_too = [(Button(say("button-digest-now"), DigestNow()),)] if reader.next_digest_at is not None else []
    body = join("\n", [*text, *_gap_lines(chosen, reader, now)])
    return Card(body, (head, *in_rows(buttons, 6), *now_too, way_out(reader)))


def quiet_card(reader: Reader, now: datetime) -> Card:
    """Return the choice of quiet hours: a few that many have, others hour by hour, any that are typed."""
    say = phrases(reader.language)
    offered = [q for q in QUIET_OFFERED if q != reader.quiet]
    if reader.quiet:
        offered.insert(0, reader.quiet)
    buttons = [Button((_OFF if reader.quiet else _ON) + say("quiet-off"), SettingTap(SettingName.QUIET, "off"))]
    buttons += [
        Button(
            (_ON if q == reader.quiet else _OFF) + f"{q.start:%H:%M}–{q.end:%H:%M}",
            SettingTap(SettingName.QUIET, f"{q.start:%H%M}-{q.end:%H%M}"),
        )
        for q in offered
    ]
    own = (Button(say("button-pick-hours"), PickQuiet(0, chosen=False)),)
    times = (reader.quiet.start, reader.quiet.end) if reader.quiet else ()
    text: list[Styled | str] = [bold(say("quiet-title")), quiet_words(reader.quiet, say), "", say("quiet-text")]
    text += ["", asked(say("quiet-ask"), reader, "/quiet 22:30–7:15")]
    return Card(join("\n", [*text, *_gap_lines(times, reader, now)]), (*in_rows(buttons, 2), own, way_out(reader)))


def pick_quiet_card(reader: Reader, tap: PickQuiet) -> Card:
    """Return the choice of the hour at which quiet hours begin, or end."""
    say = phrases(reader.language)
    start = time(tap.start // 60 % 24, tap.start % 60)
    question = say("quiet-pick-end", start=f"{start:%H:%M}") if tap.chosen else say("quiet-pick-start")

    def action(at: time) -> Action:
        if tap.chosen:
            return SettingTap(SettingName.QUIET, f"{start:%H%M}-{at:%H%M}")
        return PickQuiet(at.hour * 60, chosen=True)

    first = 0 if tap.chosen else 18  # evenings first for a beginning, mornings for an end
    hours = [time(hour % 24) for hour in range(first, first + 24)]
    back = Button(say("button-back"), OpenSettings(SettingsScreen.QUIET))
    rows = in_rows([Button(f"{at:%H:%M}", action(at)) for at in hours], 6)
    leave = (back,) if reader.kind is ChatKind.CHANNEL else (back, *way_out(reader))
    typed = asked(say("quiet-or-typed"), reader, "/quiet 22:30–7:15")
    return Card(join("\n", [bold(say("quiet-title")), question, "", typed]), (*rows, leave))


def saved_card(text: str, times: Iterable[time], reader: Reader, now: datetime) -> Card:
    """Return the note that other hours hold now; what hinders news from coming at them is told with it."""
    say = phrases(reader.language)
    settings = (Button(say("button-settings"), OpenSettings(SettingsScreen.SETTINGS)),)
    return Card(join("\n", [text, *state_lines(reader, say), *_gap_lines(times, reader, now)]), (settings,))


def schedule_saved_card(reader: Reader, choices: Choices, now: datetime) -> Card:
    """Return the note of when news comes from now on; to who gets none as it is only what was set, and why."""
    say, schedule = phrases(reader.language), reader.schedule
    nothing = () if choices.wanted else (say("topics-resting" if choices.resting else "topics-none"),)
    text = schedule_saved(schedule, say)
    if nothing or reader.state is not ReaderState.ACTIVE:
        text = f"{say('setting-schedule')}: {schedule_words(schedule, say)}"
    times = schedule.times if isinstance(schedule, AtHours) else ()
    card = saved_card("\n".join([text, *nothing]), times, reader, now)
    topics = Button(say("setting-topics"), OpenSettings(SettingsScreen.TOPICS))
    return replace(card, rows=((topics,), *card.rows)) if nothing else card


def _gap_lines(times: Iterable[time], reader: Reader, now: datetime) -> list[Styled | str]:
    """Return what is to be known of an hour that the clock will jump over, if there is one."""
    gap = next_gap(times, reader.zone, now)
    if gap is None:
        return []
    at, instead = gap[0], gap[1].astimezone(stored_zone(reader.zone))
    date = format_date(instead, "d MMMM", locale=known(reader.language).locale)
    say = phrases(reader.language)
    return ["", say("hours-jumped-over", date=date, time=f"{at:%H:%M}", instead=f"{instead:%H:%M}")]


def way_out(reader: Reader) -> Row:
    """Return the way from a screen on which something may be typed, back to all settings."""
    phrase = "button-back" if reader.kind is ChatKind.CHANNEL else "button-cancel"  # a channel is asked nothing
    return (Button(phrases(reader.language)(phrase), OpenSettings(SettingsScreen.SETTINGS)),)
