"""The first owner: a code that was printed at the start, good for an hour, and who tries others."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.errors import BadCode
from bot.model.desk import Editor, Role
from tests.support.killing import Kills
from tests.support.newsroom import Newsroom, open_newsroom

pytestmark = pytest.mark.wide


@pytest.fixture
async def unclaimed(sqlite_url: str) -> AsyncIterator[Newsroom]:
    """A newsroom without an owner."""
    async with open_newsroom(sqlite_url, admins="") as opened:
        yield opened


async def test_the_code_makes_an_owner_once(unclaimed: Newsroom) -> None:
    code = unclaimed.app.code
    first, second = unclaimed.person(), unclaimed.person("Андрій", 2)
    await first.says(f"/claim {code}")
    await first.sees("Тепер ви власник цієї редакції")
    await second.says(f"/claim {code}")
    await second.sees("Код не підходить")


async def test_a_claim_that_failed_or_is_handled_again_is_no_wrong_code(unclaimed: Newsroom) -> None:
    code, first, second = unclaimed.app.code, unclaimed.person(), unclaimed.person("Андрій", 2)
    away = "CREATE TRIGGER away BEFORE INSERT ON editor BEGIN SELECT RAISE(ABORT, 'away'); END"
    async with unclaimed.database.write() as connection:
        await connection.execute(text(away))
    await first.says(f"/claim {code}")
    async with unclaimed.database.write() as connection:
        await connection.execute(text("DROP TRIGGER away"))
    for _ in range(2):
        await first.says(f"/claim {code}")
        await first.sees_now("Тепер ви власник цієї редакції")
    await second.says(f"/claim {code}")
    await second.sees("Код не підходить")
    assert await first.count("Код не підходить") == 0


@pytest.mark.parametrize("command", ["/claim {}", "/start c_{}"])
async def test_who_became_the_owner_before_a_kill_is_told_so_after_it(unclaimed: Newsroom, command: str) -> None:
    first, kills = unclaimed.person(), Kills(unclaimed)
    code = unclaimed.app.code
    kills.on("sendMessage, before")
    await first.says(command.format(code))
    assert kills.step, "nobody was killed"
    assert "Тепер ви власник цієї редакції" in first.screen


@pytest.mark.parametrize(
    ("language", "old", "wrong"),
    [("uk", "Цей код застарів", "Код не підходить"), ("en", "This code has expired", "The code doesn’t work")],
)
async def test_the_code_is_good_for_an_hour_and_the_next_start_prints_another(
    language: str, old: str, wrong: str, unclaimed: Newsroom
) -> None:
    somebody, code = unclaimed.person(language=language), unclaimed.app.code
    unclaimed.clock.advance(minutes=61)
    await somebody.says("/claim nonsense")
    await somebody.sees(wrong)
    await somebody.says(f"/claim {code}")
    await somebody.sees(old)
    await unclaimed.restart()
    assert unclaimed.app.code != code
    await somebody.says(f"/claim {code}")
    assert await somebody.count(old) == 1, "what was printed before is a wrong code now"
    await somebody.says(f"/claim {unclaimed.app.code}")
    await somebody.sees("Тепер ви власник" if language == "uk" else "You are now the owner")


@pytest.mark.parametrize(
    ("language", "words"), [("uk", "надіслано 100 хибних кодів"), ("en", "100 wrong codes were sent")]
)
async def test_hundreds_of_wrong_codes_are_told_to_the_owner_and_not_each_hundred(
    room: Newsroom, language: str, words: str
) -> None:
    owner = room.owner(language)
    await owner.says("/start")
    stranger = Editor(7, Role.AUTHOR, "Хтось")
    for number in range(999):
        with pytest.raises(BadCode):
            await room.app.parts.desk.owner_code.claim(f"guess {number}", stranger)
    await owner.sees(words)
    assert await owner.count("🔑") == 1
