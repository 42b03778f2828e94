"""A process that is killed between two commits of a handler: once the update is handled again, all is kept as in peace.

Each act is done in a newsroom of its own, once in peace, and once more killed behind one of its commits, another one
each day; behind each of them with `VISNYK_FAULTS=all`. What is kept afterwards, in rows and in the newest message, is the
same. So commits that belong together need not be one: what a kill leaves of them, the second try heals.
"""

import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox.world import Chat
from storage.schema.tables import (
    article,
    article_topic,
    audit,
    dialog,
    editor,
    reader,
    revision,
    shown,
    story,
    subscription,
)
from tests.support.depth import SAMPLE, WHOLE
from tests.support.killing import Kills
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.people import Json, Somebody, buttons_of, text_of
from tests.support.waiting import until

pytestmark = pytest.mark.wide

_TABLES = (
    article, article_topic, audit, dialog, editor, reader, revision, shown, story, subscription
)  # fmt: skip
_PASSING = {"at", "added_at", "created_at", "updated_at", "since", "started_at", "finished_at", "reported", "tried"}
_NUMBERS = {"card", "asked", "shown", "message_id"}  # of messages: another one when it is sent anew
Kept = Mapping[str, list[str]]
Act = Callable[[Somebody], Awaitable[object]]

POST = "Міст відкрили\n\nМіст відкрили о восьмій ранку. Ремонт тривав пів року."
LONG = "Довга новина\n\n" + "Речення про міст. " * 300


@dataclass(frozen=True)
class Scene:
    """What somebody does, killed in the last of it: a word with ">" in front is said, any other is tapped."""

    steps: tuple[str | Act, ...]
    by_editor: bool = True


def _edits(words: str, text: str, *, what: str = "text") -> Act:
    async def edit(somebody: Somebody) -> None:
        somebody.edits(words, **{what: text})

    return edit


async def _shows(somebody: Somebody) -> None:
    await somebody.sends_photo()


async def _shows_and_says(somebody: Somebody) -> None:
    await somebody.sends_photo(POST)


async def _pastes(somebody: Somebody) -> None:
    await somebody.pastes(f"/post {LONG}")


def _draft(*steps: str | Act) -> Scene:
    return Scene((f">/post {POST}", *steps))


def _read(*steps: str) -> Scene:
    return Scene((">/start", *steps), by_editor=False)


SCENES = {
    "a draft": Scene((f">/post {POST}",)),
    "a draft without a command": Scene((f">{POST}",)),
    "a picture": Scene((_shows,)),
    "a picture's words": Scene((_shows, f">{POST}")),
    "a paste": Scene((_pastes,)),
    "a paste apart": Scene((_pastes, "Розділити")),
    "a message edited": Scene((f">{POST}", _edits("відкрили", f"{POST} Ще."))),
    "a caption edited": Scene((_shows_and_says, _edits("відкрили", f"{POST} Ще.", what="caption"))),
    "a part of a paste edited": Scene((_pastes, _edits("Довга", "/post Довга\n\n" + "Речення про міст. " * 200))),
    "an edit taken after all": Scene((f">{POST}", "🏷", "Спорт", _edits("відкрили", f"{POST} Ще."), "Взяти текст")),
    "an answer": _draft("✏️ Заголовок", ">Новий заголовок"),
    "an answer edited": _draft("✏️ Заголовок", ">Новий заголовок", _edits("Новий", "Найновіший заголовок")),
    "a text": _draft("✏️ Текст", ">Новий текст.\n\nІ ще."),
    "a question": _draft("✏️ Заголовок"),
    "a topic": _draft("🏷", "Спорт"),
    "another language": _draft("Українська"),
    "a draft discarded": _draft("🗑 Відкинути", "Так, відкинути"),
    "a plan": _draft("🕒", ">завтра о 9:00"),
    "an offer": Scene((">Міст відкрили о восьмій",)),
    "a draft of an offer": Scene((">Міст відкрили о восьмій", "чернетк")),
    "words to follow": _read(">/words міст, -ремонт"),
    "all news": _read(">/topics", "Усі новини"),
    "leaving": _read(">/stop"),
}


def _plain(value: Any, says: Callable[[int], object], name: str = "") -> object:
    """Return a value without what passes, and with what a message says in the place of its number."""
    if isinstance(value, Mapping):
        return {key: _plain(one, says, key) for key, one in sorted(value.items()) if key not in _PASSING}
    if isinstance(value, (list, tuple)):
        return [_plain(one, says) for one in value]
    return says(value) if name in _NUMBERS and isinstance(value, int) else value


def _seen(message: Json) -> object:
    return text_of(message), [button["text"] for button in buttons_of(message)]


def _is_mark(row: Mapping[str, Any]) -> bool:
    """Tell whether a row only says which message has answered last: whose question that was, nobody asks."""
    return "data" in row and row["state"] is None and row["data"].keys() <= {"answer"}


async def _kept(room: Newsroom, somebody: Somebody) -> Kept:
    messages = somebody.chat.messages
    says: Callable[[int], object] = lambda number: _seen(messages[number]) if number in messages else number  # noqa: E731
    kept = {"the newest message": [repr(_seen(somebody.last))]}
    async with room.database.read() as connection:
        for table in _TABLES:
            rows = (await connection.execute(select(table))).mappings().all()
            kept[table.name] = sorted({repr(_plain(dict(row), says)) for row in rows if not _is_mark(row)})
    return kept


async def _does(somebody: Somebody, step: str | Act) -> None:
    if not isinstance(step, str):
        await step(somebody)
    elif step.startswith(">"):
        await somebody.says(step[1:])
    else:
        await somebody.taps(step)


async def _played(room: Newsroom, somebody: Somebody, steps: tuple[str | Act, ...], kill: int) -> tuple[Kills, Kept]:
    """Do all of it, killed at a step of the last of it, or at none; returns what is kept."""
    for step in steps[:-1]:
        await _does(somebody, step)
        await room.heard()
    await until(lambda: room.app._receiver is not None, "nobody receives", 60)
    kills = Kills(room)
    room.clock.advance(minutes=1)
    kills.at(kill)
    await _does(somebody, steps[-1])
    await room.heard()
    kills.at_rest()
    return kills, await _kept(room, somebody)


async def _in_a_newsroom(database: Path, scene: Scene, kill: int) -> tuple[Kills, Kept]:
    async with open_newsroom(f"sqlite:///{database}") as room:
        return await _played(room, room.owner() if scene.by_editor else room.person(), scene.steps, kill)


async def _in_a_group(database: Path, kill: int) -> tuple[Kills, Kept]:
    async with open_newsroom(f"sqlite:///{database}") as room:
        admin, group = room.person(), room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
        boss = room.member(admin, group, admin=True)
        return await _played(room, boss, (">/topics",), kill)


Played = Callable[[Path, int], Awaitable[tuple[Kills, Kept]]]
PLAYED: dict[str, Played] = {
    **{name: lambda path, kill, scene=scene: _in_a_newsroom(path, scene, kill) for name, scene in SCENES.items()},  # type: ignore[misc]
    "a group that begins": _in_a_group,
}


@pytest.mark.parametrize("name", PLAYED)
async def test_what_two_commits_keep_is_kept_whichever_a_kill_comes_behind(
    name: str, sqlite_template: Path, tmp_path: Path
) -> None:
    async def play(kill: int) -> tuple[Kills, Kept]:
        shutil.copy(sqlite_template, path := tmp_path / f"{kill}.db")
        return await PLAYED[name](path, kill)

    peace, wanted = await play(0)
    commits = [number for number, step in enumerate(peace.passed, 1) if step == "committed"]
    for number in commits if WHOLE else commits[SAMPLE % max(1, len(commits)) :][:1]:
        kills, kept = await play(number)
        assert kills.step == "committed"
        assert kept == wanted, f"killed at step {number} of {peace.passed}"
