"""The reader's own screens: welcome, topics, when and how news comes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.model.desk import Role
from bot.model.matching import EVERYTHING, MatchKey, MatchKind, topic_key
from bot.model.news import Topic
from bot.model.readers import Choices, Instantly, Reader, ReaderState, Reason
from bot.readers.preferences import (
    SETTINGS,
    SettingName,
    SettingsScreen,
    news_language_words,
    schedule_words,
    state_lines,
)
from bot.screens.callbacks import (
    Leave,
    Only,
    OpenSettings,
    SettingTap,
    Show,
    Tick,
)
from bot.screens.card import Button, Card, Row, in_rows
from bot.screens.commands import HIDDEN, Command, commands_for
from bot.screens.headlines import source_name
from bot.screens.questions import asked
from bot.screens.rules import reason_text
from bot.screens.screen_refs import ChosenScreen
from bot.screens.timetable import DigestNow, quiet_card, schedule_card, way_out
from bot.screens.topic_pages import TurnTopics, topics_on, turner_of
from bot.screens.verbs import TopicsPlace
from bot.text.languages import LANGUAGES, known
from bot.text.phrasebook import Phrasebook, phrases
from bot.text.styled import Styled, bold, join
from bot.timing.stored_zones import stored_zone
from bot.timing.zones import OFFERED, city_of

_ON, _OFF = "✅ ", "▫️ "


def welcome_card(
    reader: Reader,
    topics: Sequence[Topic],
    choices: Choices,
    newsroom: str,
    page: int = 0,
    *,
    greeting: str = "",
    note: str = "",
) -> Card:
    """Return the first thing a newcomer sees: two lines, and topics to tap.

    `greeting` stands in place of the newcomer's, for who is none; `note` comes after it.
    """
    say = phrases(reader.language)
    title = bold(greeting or say("welcome-title", newsroom=source_name(newsroom, say)))
    coming = _coming(reader, choices, say)
    text = join("\n\n", [title, note, coming]) if note else join("\n", [title, coming])
    more = (
        Button(say("button-latest"), Show(ChosenScreen())),
        Button(say("button-settings"), OpenSettings(SettingsScreen.SETTINGS)),
    )
    own = reader.language if reader.language in LANGUAGES else ""
    only = reader.news_language == own
    label = (_ON if only else _OFF) + say("only-language", code=own, language=known(own).name)
    languages = (Button(label, Only("" if only else own)),) if own else ()
    return Card(text, (*_topic_rows(say, topics, choices, TopicsPlace.WELCOME, page), languages, more))


def _coming(reader: Reader, choices: Choices, say: Phrasebook) -> str:
    """Return when news comes and what to do here, as it is for this reader now."""
    if reader.state is ReaderState.PAUSED:
        return say("welcome-paused")
    if reader.state is ReaderState.LEFT:
        return say("left-mark")
    if not choices.has_topics:
        return _no_topics(choices, say, nothing="welcome-nothing")
    if isinstance(reader.schedule, Instantly):
        return say("welcome-text")
    return say("welcome-scheduled", when=schedule_words(reader.schedule, say))


def topics_card(
    reader: Reader, topics: Sequence[Topic], choices: Choices, page: int = 0, muted: Sequence[str] = ()
) -> Card:
    """Return a page of the topics, to choose from; `muted` are lines on what is."""
    say = phrases(reader.language)
    if EVERYTHING in choices.wanted:
        summary = say("topics-all")
    elif choices.has_topics:
        summary = say("topics-some")
    else:
        summary = _no_topics(choices, say, nothing="topics-none")
    text = join("\n", [bold(say("topics-title")), *state_lines(reader, say), summary, *muted])
    return Card(text, (*_topic_rows(say, topics, choices, TopicsPlace.TOPICS, page), _back(say)))


def _no_topics(choices: Choices, say: Phrasebook, *, nothing: str) -> str:
    """Return why no news of a topic comes; `nothing` is what is said to who has chosen nothing at all."""
    if not choices.wanted:
        return say("topics-resting" if choices.resting else nothing)
    resting = any(key.kind in {MatchKind.TOPIC, MatchKind.EVERYTHING} for key in choices.resting)
    return say("topics-rules-resting" if resting else "topics-rules-only")


def _topic_rows(
    say: Phrasebook, topics: Sequence[Topic], choices: Choices, place: TopicsPlace, page: int
) -> tuple[Row, ...]:
    def box(topic_id: int, key: MatchKey, name: str) -> Button:
        on = key in choices.wanted
        return Button((_ON if on else _OFF) + name, Tick(topic_id, place, on=not on))

    buttons = [
        box(topic.id, topic_key(topic.id), f"{topic.emoji} {topic.name(say.language)}".strip())
        for topic in topics_on(topics, page)
    ]
    turn = turner_of(topics, page, say, lambda other: TurnTopics(place, other))
    return ((box(0, EVERYTHING, say("topics-everything")),), *in_rows(buttons, 2), *turn)


def settings_card(reader: Reader, reasons: Sequence[Reason], muted: Sequence[str] = ()) -> Card:
    """Return the one screen that shows every setting and leads to changing it; `muted` are lines on what is."""
    say = phrases(reader.language)
    lines = [(say("setting-news"), news_text(reasons, say))]
    lines += [(say(setting.title), setting.words(reader, say)) for setting in SETTINGS if setting.title]
    text = [bold(say("settings-title")), *(join("", [f"{name}: ", bold(value)]) for name, value in lines)]
    text += map(Styled, muted)
    text[1:1] = map(Styled, state_lines(reader, say))
    topics = Button(say("setting-topics"), OpenSettings(SettingsScreen.TOPICS))
    rows: list[Row] = [*in_rows([topics, *_ways(say)], 2)]
    rows.append((Button(say("setting-rules"), OpenSettings(SettingsScreen.RULES)),))
    rows += [(switch,) for switch in _switches(reader, say)]
    if reader.next_digest_at is not None:
        rows.append((Button(say("button-digest-now"), DigestNow()),))
    stopped = reader.state in {ReaderState.PAUSED, ReaderState.LEFT}
    pause = Button(
        say("button-resume" if stopped else "button-pause"), SettingTap(SettingName.STATE, "on" if stopped else "off")
    )
    leave = () if reader.state is ReaderState.LEFT else (Button(say("button-leave"), Leave(sure=False)),)
    rows.append((pause, *leave))
    return Card(join("\n", text), tuple(rows))


def _ways(say: Phrasebook) -> list[Button]:
    """Return the buttons that lead to where a setting is chosen."""
    return [Button(say(setting.title), OpenSettings(setting.screen)) for setting in SETTINGS if setting.screen]


def _switches(reader: Reader, say: Phrasebook) -> list[Button]:
    """Return the buttons that turn a setting; each says how it is now."""
    return [
        Button(
            f"{say(setting.title)}: {setting.words(reader, say)}",
            SettingTap(setting.name, "0" if setting.is_on(reader) else "1"),
        )
        for setting in SETTINGS
        if setting.is_on
    ]


def news_text(reasons: Sequence[Reason], say: Phrasebook) -> str:
    """Return what a reader follows, in a few words."""
    if not reasons:
        return say("topics-nothing")
    return ", ".join(reason_text(reason, say) for reason in reasons[:8]) + ("…" if len(reasons) > 8 else "")


def timezone_card(reader: Reader, now: datetime) -> Card:
    """Return the choice of the time zone; a typed city works too."""
    say = phrases(reader.language)
    clock = f"{now.astimezone(stored_zone(reader.zone)):%H:%M}"
    here = say("timezone-here", city=city_of(reader.zone, reader.language), zone=reader.zone, time=clock)
    buttons = [
        Button(
            (_ON if zone == reader.zone else "") + city_of(zone, reader.language), SettingTap(SettingName.ZONE, zone)
        )
        for zone in OFFERED
    ]
    hint = asked(say("timezone-text"), reader, f"/timezone {city_of('Europe/Warsaw', reader.language)}")
    text = join("\n\n", [join("\n", [bold(say("timezone-title")), here]), hint])
    return Card(text, (*in_rows(buttons, 3), way_out(reader)))


def language_card(reader: Reader) -> Card:
    """Return the choice of the interface language."""
    say = phrases(reader.language)
    buttons = [
        Button((_ON if code == reader.language else "") + known(code).name, SettingTap(SettingName.LANGUAGE, code))
        for code in LANGUAGES
    ]
    return Card(bold(say("language-title")), (tuple(buttons), _back(say)))


def news_language_card(reader: Reader) -> Card:
    """Return the choice of the language news must be in."""
    say = phrases(reader.language)
    buttons = [
        Button(
            (_ON if code == reader.news_language else "") + news_language_words(code, say),
            SettingTap(SettingName.NEWS_LANGUAGE, code),
        )
        for code in ("", *LANGUAGES)
    ]
    text = join("\n", [bold(say("news-language-title")), say("news-language-text")])
    return Card(text, (*in_rows(buttons, 1), _back(say)))


def sources_setting_card(reader: Reader) -> Card:
    """Return the choice of what becomes of news that another source told already."""
    say = phrases(reader.language)
    buttons = [
        Button((_ON if on == reader.fold_sources else "") + say(label), SettingTap(SettingName.FOLD_SOURCES, value))
        for on, value, label in ((False, "0", "sources-send"), (True, "1", "sources-fold"))
    ]
    text = join("\n", [bold(say("sources-setting-title")), say("sources-setting-text")])
    return Card(text, (*in_rows(buttons, 1), _back(say)))


CHOICES: Mapping[SettingsScreen, Callable[[Reader, datetime], Card]] = {
    SettingsScreen.SCHEDULE: schedule_card,
    SettingsScreen.TIMEZONE: timezone_card,
    SettingsScreen.LANGUAGE: lambda reader, _: language_card(reader),
    SettingsScreen.NEWS_LANGUAGE: lambda reader, _: news_language_card(reader),
    SettingsScreen.SOURCES: lambda reader, _: sources_setting_card(reader),
    SettingsScreen.QUIET: quiet_card,
}
"""The screens on which the value of a setting is chosen; they need nothing but the reader."""


def leave_card(reader: Reader) -> Card:
    """Return the question whether somebody really wants to leave."""
    say = phrases(reader.language)
    rows = (
        (
            Button(say("button-leave-sure"), Leave(sure=True), style="danger"),
            Button(say("button-stay"), OpenSettings(SettingsScreen.SETTINGS)),
        ),
    )
    return Card(join("\n", [bold(say("leave-title")), say("leave-text")]), rows)


def help_card(language: str, role: Role, *, private: bool = True) -> Card:
    """Return what can be done, by role; outside a `private` chat what can be done there."""
    say = phrases(language)
    groups: list[Styled | str] = [bold(say("help-title"))]
    shown = [c for c in commands_for(role) if private or c.in_groups]
    reader = [c for c in shown if c.role is Role.READER and c.name not in HIDDEN]
    desk = [c for c in commands_for(role) if c.role > Role.READER]
    groups.append("\n".join(_command_line(command, say) for command in reader))
    if desk:
        groups.append(join("\n", [bold(say("help-desk")), *(_command_line(command, say) for command in desk)]))
        groups.append(say("help-desk-text"))
    named = {"read": say("button-read"), "related": say("button-related")}
    groups.append(say("help-text") if private else say("help-among-others", **named))
    return Card(join("\n\n", groups))


def _command_line(command: Command, say: Phrasebook) -> str:
    return f"/{command.name}{say('apart')}{say('command-' + command.name)}"


def _back(say: Phrasebook) -> Row:
    return (Button(say("button-back"), OpenSettings(SettingsScreen.SETTINGS)),)
