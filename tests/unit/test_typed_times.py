"""Times as people type them, written down with what they mean before they were tried: no wrong one is taken for sure."""

from pathlib import Path

from bot.errors import BadTime, NoSuchDate, PastTime
from bot.timing.guesses import meaning
from tests.unit.test_typed import KYIV, NOW

_MOST_MISSED = 6
_NONE = "none"


def _read(text: str) -> tuple[list[str], bool]:
    try:
        found = meaning(text, NOW, KYIV.key)
    except (BadTime, NoSuchDate, PastTime):
        return [_NONE], True
    return [f"{when.at.astimezone(KYIV):%Y-%m-%d %H:%M}" for when in found.whens], found.sure


def test_what_is_taken_for_sure_is_right_and_of_guesses_one_is() -> None:
    wrong, missed = [], []
    lines = (Path(__file__).with_name("typed_times.txt")).read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        text, _, meant = line.rpartition(" | ")
        right = meant.split(";")
        found, sure = _read(text)
        if found == [_NONE] and _NONE not in right:
            missed.append(text)
        elif (sure and found[0] not in right) or not set(found) & set(right):
            wrong.append((text, found, right))
    assert wrong == []
    assert len(missed) <= _MOST_MISSED, missed
