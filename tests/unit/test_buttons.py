"""Buttons: what they mean survives their 64 bytes, and what nobody made means nothing."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import handlers
from bot.model.desk import Role
from bot.model.matching import EVERYTHING, LONGEST_KEY, MatchKey, MatchKind, keyword_key, topic_key
from bot.readers.preferences import SettingName, SettingsScreen
from bot.screens.backlog import BacklogTap
from bot.screens.callbacks import (
    ACTIONS,
    CALLBACK_LIMIT,
    Action,
    Compose,
    CorrectionTap,
    Desk,
    DeskList,
    Drop,
    Leave,
    Mute,
    Only,
    Open,
    OpenSettings,
    Related,
    RelatedTap,
    SettingTap,
    Show,
    StaffTap,
    StoryTap,
    Tick,
    Toggle,
    Why,
    decode,
)
from bot.screens.questions import Cancel
from bot.screens.screen_refs import (
    SCREENS,
    ChosenScreen,
    CorrectionsScreen,
    DigestScreen,
    HeadlineScreen,
    LatestScreen,
    RelatedScreen,
    Screen,
    SearchScreen,
    StoryScreen,
)
from bot.screens.sends import Control, UndoHeld
from bot.screens.topic_pages import TurnTopics
from bot.screens.verbs import (
    BacklogVerb,
    CorrectionVerb,
    DeskListName,
    DeskVerb,
    RelatedVerb,
    SendVerb,
    StaffVerb,
    StoryVerb,
    TopicsPlace,
)
from bot.timing.zones import OFFERED

assert handlers.make_router  # whoever answers buttons has declared them
MOST = {"offset": 5000, "page": 99, "made_at_second": 86_400, "version": 9999, "days": 365, "user": 2**52}
WORDS = {"language": ["", "uk"], "value": [*OFFERED, "t19", "23:15", ""]}

keys = st.just(EVERYTHING) | st.builds(
    MatchKey, st.sampled_from([kind for kind in MatchKind if kind is not MatchKind.EVERYTHING]), st.integers(0, 10**10)
)


def _field(name: str, kind: Any, largest: int) -> st.SearchStrategy[Any]:
    """Return values for a field of that name and type; numbers of rows are `largest` at most."""
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(0, most := MOST.get(name, largest)) | st.just(most)
    if kind is str:
        return st.sampled_from(WORDS[name])
    if kind is MatchKey:
        return keys | st.builds(topic_key, st.integers(0, largest))
    if kind is NoneType:
        return st.none()
    if kind is datetime:
        return st.integers(1, 10**10 - 1).map(lambda second: datetime.fromtimestamp(second, UTC))
    if isinstance(kind, UnionType):
        return st.one_of([_field(name, one, largest) for one in get_args(kind)])
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return _made(kind, largest)


def _made(kind: Any, largest: int) -> st.SearchStrategy[Any]:
    """Return instances of a kind of action or screen."""
    return st.builds(kind, **{slot.name: _field(slot.name, slot.type, largest) for slot in fields(kind)})


actions: st.SearchStrategy[Action] = st.one_of([_made(kind, 10**9 - 1) for kind in ACTIONS.values()])
long_actions: st.SearchStrategy[Action] = st.one_of([_made(kind, 2**52) for kind in ACTIONS.values()])


@given(actions)
def test_a_button_means_what_it_was_made_for(action: Action) -> None:
    data = action.encode()
    assert len(data.encode()) <= CALLBACK_LIMIT
    meant = decode(data)
    if meant != action:  # a story that was opened from an article of a list has no room beside the largest numbers
        assert any(_from_article(getattr(action, slot.name)) for slot in fields(action))
        assert type(meant) is type(action)


def _from_article(screen: object) -> bool:
    inside = screen.outer if isinstance(screen, RelatedScreen) else screen
    return isinstance(inside, StoryScreen) and bool(inside.article or inside.outer)


def _nearer(screen: Screen, action: Action) -> list[Screen]:
    """Return what a screen may become where it has no room."""
    found: list[Screen] = [HeadlineScreen(getattr(action, "article", 0))]
    if isinstance(screen, (RelatedScreen, StoryScreen)):
        found.append(replace(screen, outer=None))
    if isinstance(screen, StoryScreen):
        found.append(replace(screen, outer=None, article=0))
    return found


@settings(max_examples=1000)
@given(long_actions)
def test_a_button_with_the_largest_numbers_fits_and_means_the_same_but_for_the_way_back(action: Action) -> None:
    data = action.encode()
    assert len(data.encode()) <= CALLBACK_LIMIT
    meant = decode(data)
    assert type(meant) is type(action)
    for slot in fields(action):
        before, after = getattr(action, slot.name), getattr(meant, slot.name)
        if isinstance(before, Screen) and before != after:
            assert after in _nearer(before, action)
        else:
            assert after == before


def test_a_button_that_has_no_room_leads_back_to_the_list_it_is_in() -> None:
    large = 2**52
    here = RelatedScreen(large, opened=True, made_at_second=86_400, outer=LatestScreen(large, 5000, large))
    assert decode(Open(large, here).encode()) == Open(large, replace(here, outer=None))
    assert decode(RelatedTap(RelatedVerb.SHOW, large, large, LatestScreen(large, 5, large)).encode()) == RelatedTap(
        RelatedVerb.SHOW, large, large, HeadlineScreen(large)
    )


@given(st.text(max_size=64))
def test_any_other_data_means_nothing_or_something_and_never_breaks(data: str) -> None:
    action = decode(data)
    assert action is None or isinstance(action, Action)


SEEN = datetime(2026, 11, 20, 10, 30, 5, tzinfo=UTC)

OLD = [
    ("o:12:h12:0", Open(12, HeadlineScreen(12))),
    ("o:12:l0.5.991:3", Open(12, LatestScreen(0, 5, 991), 3)),
    ("o:9:r7.1.300~d4.15:0", Open(9, RelatedScreen(7, opened=True, made_at_second=300, outer=DigestScreen(4, 15)))),
    ("o:9:r7.0.86400:0", Open(9, RelatedScreen(7, made_at_second=86_400))),
    ("r:12:h12:0", Related(12, HeadlineScreen(12))),
    ("r:12:s8.0.1:1", Related(12, SearchScreen(8, newest=True), opened=True)),
    ("b:h12", Show(HeadlineScreen(12))),
    ("b:l0", Show(LatestScreen())),
    ("b:l3.5.991", Show(LatestScreen(3, 5, 991))),
    ("b:m0", Show(ChosenScreen())),
    ("b:m0.5.991", Show(ChosenScreen(5, 991))),
    ("b:s8", Show(SearchScreen(8))),
    ("b:s8.5.1", Show(SearchScreen(8, 5, newest=True))),
    ("b:c0", Show(CorrectionsScreen())),
    ("b:c0.8", Show(CorrectionsScreen(8))),
    ("b:d4", Show(DigestScreen(4))),
    ("b:d4.15", Show(DigestScreen(4, 15))),
    ("b:y6", Show(StoryScreen(6))),
    (f"b:y6.5.{int(SEEN.timestamp())}", Show(StoryScreen(6, 5, SEEN))),
    (f"b:y6.0.{int(SEEN.timestamp())}", Show(StoryScreen(6, 0, SEEN))),
    ("b:r7~d4", Show(RelatedScreen(7, outer=DigestScreen(4)))),
    ("b:r7.1.300~m0.5.991", Show(RelatedScreen(7, opened=True, made_at_second=300, outer=ChosenScreen(5, 991)))),
    ("b:r7.1.300.1~d4", Show(RelatedScreen(7, opened=True, made_at_second=300, rest=True, outer=DigestScreen(4)))),
    ("y:12", Why(12)),
    ("m:12:t5:1", Mute(12, topic_key(5), 1)),
    ("x:12:k9", Drop(12, keyword_key(9))),
    ("uh:5:1764331200", UndoHeld(5, 1_764_331_200)),
    ("ti:0:welcome:1", Tick(0, TopicsPlace.WELCOME, on=True)),
    ("ti:4:topics:0", Tick(4, TopicsPlace.TOPICS, on=False)),
    ("t:0:welcome", Toggle(0, TopicsPlace.WELCOME)),
    ("t:4:topics", Toggle(4, TopicsPlace.TOPICS)),
    ("tp:topics:9", TurnTopics(TopicsPlace.TOPICS, 9)),
    ("e:12:3:tp:1", Desk(12, 3, DeskVerb.CHOOSE_TOPICS, "1")),
    ("j:", Only("")),
    ("j:uk", Only("uk")),
    ("c:zone:Europe/Kyiv", SettingTap(SettingName.ZONE, "Europe/Kyiv")),
    ("c:quiet:2200-0700", SettingTap(SettingName.QUIET, "2200-0700")),
    ("c:news:", SettingTap(SettingName.NEWS_LANGUAGE, "")),
    ("c:urgent:1", SettingTap(SettingName.URGENT_BREAKS, "1")),
    ("c:follow:8", SettingTap(SettingName.FOLLOW, "8")),
    ("c:story:6", SettingTap(SettingName.STORY, "6")),
    ("c:drop:k9", SettingTap(SettingName.DROP, "k9")),
    ("q:0", Leave(sure=False)),
    ("q:1", Leave(sure=True)),
    ("e:12:3:go:u0", Desk(12, 3, DeskVerb.PUBLISH, "u0")),
    ("e:12:3:at:t19", Desk(12, 3, DeskVerb.SCHEDULE, "t19")),
    ("e:12:0:o:", Desk(12, 0, DeskVerb.OPEN)),
    ("e:12:3:t:4", Desk(12, 3, DeskVerb.TOGGLE_TOPIC, "4")),
    ("u:add:0:0", StaffTap(StaffVerb.ADD)),
    ("u:role:7000000001:3", StaffTap(StaffVerb.APPOINT, 7_000_000_001, Role.OWNER)),
    ("u:show:7000000001:0", StaffTap(StaffVerb.SHOW, 7_000_000_001)),
    ("n", Cancel()),
    ("w:8", Compose(8)),
    ("s:ask:12:y6.5:0", StoryTap(StoryVerb.ASK_TO_CUT, 12, StoryScreen(6, 5))),
    ("s:join:12:h12:13", StoryTap(StoryVerb.JOIN, 12, HeadlineScreen(12), 13)),
    ("i:pin:12:13:l0.5.991", RelatedTap(RelatedVerb.PIN, 12, 13, LatestScreen(0, 5, 991))),
]
OLD_WORDS: list[tuple[str, str, dict[str, Action]]] = [
    ("e:12:3:", ":", {
        "qt": Desk(12, 3, DeskVerb.ASK_TITLE), "ql": Desk(12, 3, DeskVerb.ASK_LEAD),
        "qb": Desk(12, 3, DeskVerb.ASK_BODY), "qs": Desk(12, 3, DeskVerb.ASK_SOURCE),
        "qp": Desk(12, 3, DeskVerb.ASK_PHOTO), "tp": Desk(12, 3, DeskVerb.CHOOSE_TOPICS),
        "lg": Desk(12, 3, DeskVerb.CHANGE_LANGUAGE), "ds": Desk(12, 3, DeskVerb.ASK_TO_DISCARD),
        "dd": Desk(12, 3, DeskVerb.DISCARD), "pb": Desk(12, 3, DeskVerb.CONFIRM),
        "ur": Desk(12, 3, DeskVerb.CONFIRM_URGENT), "sc": Desk(12, 3, DeskVerb.ASK_WHEN),
        "un": Desk(12, 3, DeskVerb.UNSCHEDULE), "h": Desk(12, 3, DeskVerb.SHOW_HEADLINE),
        "f": Desk(12, 3, DeskVerb.SHOW_FULL), "pf": Desk(12, 3, DeskVerb.SHOW_PUBLISHED_FULL),
    }),
    ("p:", ":5", {
        "back": Control(SendVerb.SHOW, 5), "pause": Control(SendVerb.PAUSE, 5), "resume": Control(SendVerb.RESUME, 5),
        "undo": Control(SendVerb.UNDO, 5), "stop": Control(SendVerb.ASK_TO_STOP, 5),
        "stopped": Control(SendVerb.STOP, 5), "doubts": Control(SendVerb.SHOW_DOUBTS, 5),
        "resend": Control(SendVerb.RESEND_DOUBTS, 5), "drop": Control(SendVerb.DROP_DOUBTS, 5),
    }),
    ("z:", ":12:3", {
        "fix": CorrectionTap(CorrectionVerb.CHOOSE, 12, 3), "title": CorrectionTap(CorrectionVerb.ASK_TITLE, 12, 3),
        "lead": CorrectionTap(CorrectionVerb.ASK_LEAD, 12, 3), "body": CorrectionTap(CorrectionVerb.ASK_BODY, 12, 3),
        "retract": CorrectionTap(CorrectionVerb.ASK_REASON, 12, 3),
        "typo": CorrectionTap(CorrectionVerb.SEND_AS_TYPO, 12, 3),
        "correction": CorrectionTap(CorrectionVerb.ASK_NOTE, 12, 3),
        "gone": CorrectionTap(CorrectionVerb.RETRACT, 12, 3), "none": CorrectionTap(CorrectionVerb.LEAVE, 12, 3),
    }),
    ("s:", ":12:y6:0", {
        "cut": StoryTap(StoryVerb.CUT, 12, StoryScreen(6)), "put": StoryTap(StoryVerb.PUT_BACK, 12, StoryScreen(6)),
        "near": StoryTap(StoryVerb.SHOW_NEAR, 12, StoryScreen(6)),
    }),
    ("i:", ":12:0:h12", {
        "show": RelatedTap(RelatedVerb.SHOW, 12, 0, HeadlineScreen(12)),
        "ban": RelatedTap(RelatedVerb.BAN, 12, 0, HeadlineScreen(12)),
        "p": RelatedTap(RelatedVerb.SAY_PINNED, 12, 0, HeadlineScreen(12)),
        "b": RelatedTap(RelatedVerb.SAY_BANNED, 12, 0, HeadlineScreen(12)),
        "u": RelatedTap(RelatedVerb.UNSAY, 12, 0, HeadlineScreen(12)),
        "add": RelatedTap(RelatedVerb.ADD, 12, 0, HeadlineScreen(12)),
    }),
    ("u:", ":0:0", {"list": StaffTap(StaffVerb.LIST), "remove": StaffTap(StaffVerb.REMOVE)}),
    ("f:", "", {"send": BacklogTap(BacklogVerb.SEND), "drop": BacklogTap(BacklogVerb.DROP)}),
    ("k:", ":8", {
        "drafts": DeskList(DeskListName.DRAFTS, 8), "scheduled": DeskList(DeskListName.SCHEDULED, 8),
        "published": DeskList(DeskListName.PUBLISHED, 8),
    }),
    ("g:", "", {
        "settings": OpenSettings(SettingsScreen.SETTINGS), "topics": OpenSettings(SettingsScreen.TOPICS),
        "schedule": OpenSettings(SettingsScreen.SCHEDULE), "timezone": OpenSettings(SettingsScreen.TIMEZONE),
        "language": OpenSettings(SettingsScreen.LANGUAGE), "news": OpenSettings(SettingsScreen.NEWS_LANGUAGE),
        "quiet": OpenSettings(SettingsScreen.QUIET), "rules": OpenSettings(SettingsScreen.RULES),
    }),
    ("c:", ":1", {
        "schedule": SettingTap(SettingName.SCHEDULE, "1"), "hour": SettingTap(SettingName.HOUR, "1"),
        "language": SettingTap(SettingName.LANGUAGE, "1"), "plain": SettingTap(SettingName.PLAIN, "1"),
        "state": SettingTap(SettingName.STATE, "1"),
    }),
]  # fmt: skip
OLD += [(head + word + tail, action) for head, tail, words in OLD_WORDS for word, action in words.items()]


@pytest.mark.parametrize(("data", "action"), OLD, ids=[data for data, _ in OLD])
def test_a_button_of_a_message_sent_long_ago_still_means_the_same(data: str, action: Action) -> None:
    assert decode(data) == action
    assert action.encode() == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "o",
        "o:1",
        "o:x:h1:0",
        "o:1:z9:0",
        "o:1:h1:0:5",
        "zz:1",
        "o:-1:h1:0",
        "o:1:r1~r2:0",
        "o:1:h1~h2:0",
        "o:1:r1~:0",
        "o:1::0",
        "o:1:h:0",
        "b:h1.2.3.4.5",
        "b:m7.5",
        "b:s8.0.2",
        "b:y6.0.999999999999999999",
        "r:12:r7~d4:0",
        "r:12:h12:2",
        "q:2",
        "e:12:3:zz:",
        "p:end:5",
        "g:elsewhere",
        "c:colour:red",
        "k:all:0",
        "t:4:elsewhere",
        "u:role:7:9",
        "o:१:h1:0",
        "x:1:t",
        "x:1:*5",
        "x:1:z5",
        "x:1:t-5",
        "x:1:t१",
        "x:1:t" + "9" * 40,
    ],
)
def test_forged_data_means_nothing(data: str) -> None:
    assert decode(data) is None


@given(keys)
def test_a_match_key_means_the_same_as_text(key: MatchKey) -> None:
    assert MatchKey.parse(key.encode()) == key


def test_no_key_is_longer_than_what_is_looked_through_in_the_database() -> None:
    longest = MatchKey(MatchKind.TOPIC, 10**18 - 1)
    assert MatchKey.parse(longest.encode()) == longest
    assert len(longest.encode()) == LONGEST_KEY


def test_the_most_particular_key_comes_first() -> None:
    texts = ["*", "t10", "t2", "s1", "y7", "k3"]
    assert [key.encode() for key in sorted(map(MatchKey.parse, texts))] == ["k3", "y7", "s1", "t2", "t10", "*"]


@pytest.mark.parametrize(("base", "code"), [(Action, "o"), (Action, ""), (Screen, "h"), (Screen, "")])
def test_a_code_is_one_kinds_own(base: type, code: str) -> None:
    before = dict(ACTIONS), dict(SCREENS)
    with pytest.raises(TypeError, match="needs a code of its own"):
        type("Another", (base,), {"code": code})
    assert before == (ACTIONS, SCREENS)


@pytest.mark.parametrize("made_up", ["", "t", "x1", "*5", "t-1", "t1 ", "t²", "t١", "tab", "t" + "1" * 40])
def test_what_is_no_match_key_is_refused(made_up: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(made_up)}$"):
        MatchKey.parse(made_up)
