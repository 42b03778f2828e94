"""Buttons: what they mean survives their 64 bytes, and what nobody made means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.matching import EVERYTHING, MatchKey, MatchKind
from bot.screens.callbacks import (
    CALLBACK_LIMIT,
    Action,
    Cancel,
    Compose,
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
    ScreenRef,
    SettingTap,
    Show,
    StaffTap,
    StoryTap,
    Toggle,
    Why,
    decode,
)
from bot.timing.zones import OFFERED

ids = st.integers(0, 10**10)
_plain = st.builds(ScreenRef, st.sampled_from("hlmsdyc"), ids, st.integers(0, 5000), ids)
roots = _plain | st.builds(
    ScreenRef,
    st.just("r"),
    ids,
    st.sampled_from([0, 1]),
    st.integers(0, 86_400),
    st.none() | st.builds(ScreenRef, st.sampled_from("hd"), ids),
)
keys = st.just(EVERYTHING) | st.builds(
    MatchKey, st.sampled_from([kind for kind in MatchKind if kind is not MatchKind.EVERYTHING]), ids
)
actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(Open, ids, roots, st.integers(0, 99)),
    st.builds(Related, ids, _plain, st.sampled_from([0, 1])),
    st.builds(Show, roots),
    st.builds(Why, ids),
    st.builds(Mute, ids, keys, st.sampled_from([0, 1, 7])),
    st.builds(Drop, ids, keys),
    st.builds(Toggle, ids, st.sampled_from(["welcome", "topics"])),
    st.builds(OpenSettings, st.just("settings")),
    st.builds(SettingTap, st.just("zone"), st.sampled_from(OFFERED)),
    st.builds(Leave, st.sampled_from([0, 1])),
    st.builds(Desk, ids, st.integers(0, 9999), st.sampled_from(["h", "go"]), st.sampled_from(["", "u", "t19"])),
    st.builds(DeskList, st.sampled_from(["drafts", "published"]), st.integers(0, 99999)),
    st.builds(StaffTap, st.just("role"), ids, st.integers(0, 3)),
    st.builds(Compose, ids),
    st.builds(StoryTap, st.sampled_from(["ask", "join"]), ids, _plain, ids),
    st.builds(RelatedTap, st.sampled_from(["show", "pin"]), ids, ids, _plain),
    st.builds(Only, st.sampled_from(["", "uk"])),
    st.just(Cancel()),
)


@given(actions)
def test_a_button_means_what_it_was_made_for(action: Action) -> None:
    data = action.encode()
    assert len(data.encode()) <= CALLBACK_LIMIT
    assert decode(data) == action


@given(st.text(max_size=64))
def test_any_other_data_means_nothing_or_something_and_never_breaks(data: str) -> None:
    decode(data)


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
        "b:h1.2.3.4.5",
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


def test_the_most_particular_key_comes_first() -> None:
    texts = ["*", "t10", "t2", "s1", "y7", "k3"]
    assert [key.encode() for key in sorted(map(MatchKey.parse, texts))] == ["k3", "y7", "s1", "t2", "t10", "*"]
