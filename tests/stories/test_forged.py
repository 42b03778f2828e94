"""Buttons and links that somebody made up, with the largest numbers there is room for: nothing of theirs breaks."""

import itertools
from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Any, get_args

import pytest

from bot.model.matching import MatchKey
from bot.screens.callbacks import ACTIONS, CALLBACK_LIMIT
from bot.screens.codes import fields_of
from bot.screens.screen_refs import SCREENS
from bot.text.phrasebook import phrases
from tests.support.depth import SAMPLE, each
from tests.support.newsroom import open_newsroom
from tests.support.people import Somebody

_LARGEST, _LARGER = "9" * 18, "9" * 40  # the largest that is a number of ours, and one that no column holds
_PANIC = phrases("uk")("error-unexpected")


def _values(kind: Any, number: str) -> list[str]:
    if isinstance(kind, UnionType):
        screens = [one for one in SCREENS.values() if one in get_args(kind)]
        return [f"{one.code}{'0.' if one.nothing_in_front else ''}{number}" for one in screens]
    if kind is MatchKey:
        return [f"{letter}{number}" for letter in "kyst"]
    if kind is bool:
        return ["0", "1"]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return [number] if kind is int else [number, "²"]


def _made_up() -> Iterator[str]:
    for kind in ACTIONS.values():
        slots = fields_of(kind)
        every = itertools.product(*(_values(slot.type, _LARGEST) for slot in slots))
        larger = tuple(_values(slot.type, _LARGER)[0] for slot in slots)
        for values in (*every, larger):
            data = ":".join([kind.code, *values])
            if len(data.encode()) <= CALLBACK_LIMIT:
                yield data


async def _panics(somebody: Somebody, data: str) -> bool:
    before = len(somebody.got)
    await somebody.presses(data, somebody.got[0])
    said = [somebody.toast.get("text", ""), *(str(one) for one in somebody.got[before:])]
    return any(_PANIC in words for words in said)


@pytest.mark.timeout(300)
@pytest.mark.thorough
async def test_made_up_numbers_break_nobodys_screens(database_url: str) -> None:
    async with open_newsroom(database_url) as room:
        editor, reader = room.owner(), room.person()
        await editor.publishes("Міст відкрили\n\nРух мостом відкрили зранку.")
        await reader.says("/start")
        await editor.says("/post Дощ")
        broken = [data for topic in (_LARGEST, "²", "7" * 15) if await _panics(editor, data := f"e:2:0:t:{topic}")]
        for number, data in enumerate([*_made_up()][each(18)]):
            room.clock.advance(seconds=5)  # so much at once would be a flood
            if await _panics((reader, editor)[number % 2], data):
                broken.append(data)
        assert broken == [], f"VISNYK_SAMPLE={SAMPLE}"
        for link, number in itertools.product(("a_", "t_", "s_", ""), (_LARGEST, _LARGER)):
            room.clock.advance(seconds=5)
            await reader.says(f"/start {link}{number}")
            assert _PANIC not in reader.screen
        for command in ("/start", "/settings", "/topics", "/latest", "/help"):
            await reader.says(command)
            assert _PANIC not in reader.screen, command
