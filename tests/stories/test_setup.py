"""The wizard at the terminal, against the stand-in: what it asks, what it writes, and what it leaves when it goes wrong."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.cli.setup.begin import set_up
from bot.cli.setup.env_file import read
from bot.cli.setup.terminal import Terminal
from bot.config import load_settings
from bot.model.desk import Editor, Role
from bot.sandbox.faults import Fault
from storage.engine.database import Database
from storage.store import Store
from tests.support.newsroom import open_newsroom
from tests.support.process import ROOT
from tests.support.refusals import refused
from tests.support.standin import TOKEN, StandIn, open_standin

pytestmark = pytest.mark.wide

HERE, ENV, EXAMPLE, REAL, ELSEWHERE, PICTURE = map(
    Path, ("", ".env", ".env.example", "deep/real", "token", "our bot.jpg")
)
JPEG = b"\xff\xd8\xff\xe0 a picture"
OTHER = "123:" + "A" * 35
Answer = str | type[BaseException] | Callable[[], str]


@dataclass
class Person:
    """Somebody who answers in order, and what they saw. Nothing more to say is Ctrl+D."""

    answers: list[Answer]
    seen: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def ask(self, words: str) -> str:
        self.seen.append(words)
        answer = self.answers.pop(0) if self.answers else EOFError
        if isinstance(answer, type):
            raise answer
        return answer if isinstance(answer, str) else answer()

    def ask_secretly(self, words: str) -> str:
        self.secrets.append(answer := self.ask(words))
        return answer

    @property
    def all(self) -> str:
        return "\n".join(self.seen)

    async def sits(self, *, offer: bool = False) -> int:
        terminal = Terminal(self.ask, self.ask_secretly, self.seen.append)
        return await asyncio.to_thread(set_up, asyncio.run, offer=offer, sitting=lambda: terminal)


@pytest.fixture
async def standin(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    """A stand-in, an empty folder to set up in, and a shell that speaks Ukrainian."""
    async with open_standin() as opened:
        monkeypatch.chdir(tmp_path)
        for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "BOT_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", "uk_UA.UTF-8")
        monkeypatch.setenv("TELEGRAM_API_URL", opened.address)
        monkeypatch.setenv("DATABASE_URL", sqlite_url)
        yield opened


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_from_a_token_to_the_owner(standin: StandIn, sqlite_url: str) -> None:
    person = Person(["", "не токен", OTHER, f" {TOKEN} ", "Марс", "Київ", "н" * 65])
    PICTURE.write_bytes(JPEG)
    EXAMPLE.write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert await person.sits() == 130, "the name was not given yet"
    assert not ENV.exists()
    assert not [call for call in standin.api.log if call.method != "getMe"]
    assert "Це не токен" in person.all
    assert "Telegram не знає такого токена" in person.all
    assert "Назва має від 1 до 64 знаків" in person.all
    assert "Міста або поясу «Марс» не знайдено" in person.all
    assert "Нічого не змінено" in person.seen[-1]

    person = Person(["2", TOKEN, "", 'Family O\'Neil # "today" №5 \\ ’', "none.jpg", ".env.example", f"'{PICTURE}'"])
    assert await person.sits() == 0
    settings = load_settings()
    assert (settings.token(), settings.language, settings.timezone) == (TOKEN, "en", "Europe/Kyiv")
    assert settings.newsroom == standin.world.bot_name == 'Family O\'Neil # "today" №5 \\ ’'
    assert _mode(ENV) == 0o600
    assert TOKEN not in person.all
    assert "Only you can read it" in person.all
    methods = {call.method for call in standin.api.log}
    assert methods == {"getMe", "setMyName", "setMyCommands", "setMyDescription", "setMyShortDescription", "setChatMenuButton", "setMyProfilePhoto"}  # fmt: skip
    assert person.all.count("It has to be a JPEG file") == 2
    brought = standin.api.log[-1].payload
    assert brought["photo"]["type"] == "static"
    assert ("bot.jpg", JPEG) in brought.values()
    link = next(line for line in person.seen if line.startswith("Your bot: "))
    code = link.rpartition("?start=c_")[2]
    assert f"/claim {code}" in person.all
    assert "▀" in person.all

    async with open_newsroom(sqlite_url, admins="") as room:
        (first, second), printed = (room.person(), room.person("Андрій", 2)), room.app.code
        await first.says(f"/start c_{code}")
        await first.sees("Тепер ви власник цієї редакції")
        for other in (f"/start c_{code}", f"/claim {printed}"):
            await second.says(other)
        await second.sees("Код не підходить")
        await room.settled()
        assert await second.count("Код не підходить") == 2


async def test_what_stood_in_the_file_stays(standin: StandIn) -> None:
    kept = f"# моє\r\nexport SEND_RATE=20  # повільно\r\n\r\nTIMEZONE='Europe/Warsaw' # тут\r\nBOT_TOKEN={TOKEN}\r\n# NEWSROOM=Вісник\r\nADMINS=1"
    REAL.parent.mkdir()
    REAL.write_bytes(kept.encode())
    ENV.symlink_to("deep/real")
    assert await Person(["", "так", "Прага", "Вісник", ""]).sits() == 0
    written = REAL.read_bytes().decode()
    assert ENV.is_symlink()
    assert _mode(REAL) == 0o600
    assert written.startswith("# моє\r\nexport SEND_RATE=20  # повільно\r\n\r\nTIMEZONE=Europe/Prague # тут\r\n")
    assert "# NEWSROOM=Вісник\r\nNEWSROOM='Вісник'\n" in written
    assert read(written)["ADMINS"] == "1"
    assert read(written)["LANGUAGE"] == "uk"
    assert list(REAL.parent.iterdir()) == [REAL]
    # The same again changes nothing.
    assert await Person(["", "", "", "", ""]).sits() == 0
    assert REAL.read_bytes().decode() == written


async def test_a_token_that_stands_elsewhere_is_not_copied(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("NEWSROOM", "Звідси")
    monkeypatch.setenv("LANGUAGE", "en_US:en")
    person = Person(["", "", "", ""])
    assert await person.sits() == 0
    assert "Зауважте: NEWSROOM задано ще й у середовищі" not in person.all, "it is the same"
    person = Person(["2", "", "Інша", ""])
    assert await person.sits() == 0
    assert "Note: NEWSROOM is also set in the environment" in person.all
    assert load_settings().language == "en", "a desktop's LANGUAGE is nobody's choice"
    assert "BOT_TOKEN" not in read(ENV.read_text(encoding="utf-8"))
    assert TOKEN not in person.all
    ELSEWHERE.write_text(OTHER, encoding="utf-8")
    monkeypatch.setenv("BOT_TOKEN_FILE", "token")
    with refused("BOT_TOKEN_FILE"):
        await Person([""]).sits()


async def test_while_telegram_is_away_nothing_is_lost_and_nothing_half_done(standin: StandIn) -> None:
    loop = asyncio.get_running_loop()

    def comes_back() -> str:
        asyncio.run_coroutine_threadsafe(standin.come_back(), loop).result()
        return ""

    await standin.go_away()
    person = Person(["", TOKEN, KeyboardInterrupt])
    assert await person.sits() == 130
    assert "Telegram (127.0.0.1) звідси недоступний" in person.all
    assert not ENV.exists()

    PICTURE.write_bytes(JPEG)
    standin.faults.order(Fault("answer", method="setMyName", status=429, retry_after=90_000))
    standin.faults.order(Fault("answer", method="setMyProfilePhoto", status=400, description="Bad Request"))
    person = Person(["", TOKEN, comes_back, "", "Інша назва", str(PICTURE)])
    assert await person.sits() == 0
    assert "Telegram не прийняв назви" in person.all
    assert "Telegram не прийняв фото" in person.all
    assert load_settings().newsroom == "Інша назва"


async def test_what_cannot_be_written_is_said(standin: StandIn) -> None:
    ENV.write_bytes(b"NEWSROOM=\xff\n")
    with refused(r"\.env"):
        await Person(["", TOKEN, "", "Вісник", ""]).sits()
    assert ENV.read_bytes() == b"NEWSROOM=\xff\n"
    assert [path for path in HERE.iterdir() if path.name.startswith(".env")] == [ENV]


async def test_it_is_offered_only_to_somebody_who_sits_there_and_has_no_token(standin: StandIn) -> None:
    person = Person(["ні"])
    with refused("BOT_TOKEN is not set"):  # `make run` installs and starts nothing then
        await person.sits(offer=True)
    assert len(person.seen) == 1
    with refused("BOT_TOKEN is not set"):
        set_up(asyncio.run, offer=True, sitting=lambda: None)
    with refused("термінала тут немає", "uk"):
        set_up(asyncio.run, offer=False, sitting=lambda: None)
    ENV.write_text(f"BOT_TOKEN={TOKEN}\n", encoding="utf-8")
    person = Person([])
    assert (await person.sits(offer=True), person.seen) == (0, [])


async def test_a_newsroom_that_has_an_owner_gets_no_code(standin: StandIn, sqlite_url: str) -> None:
    person = Person(["", TOKEN, "", "", ""])
    assert await person.sits() == 0
    database = Database(sqlite_url)
    store = Store(database, "test")
    await store.editors.appoint(Editor(7, Role.OWNER, "Хтось"), 7, standin.world.now())
    await database.close()
    person = Person(["", "", "", "", ""])
    assert await person.sits() == 0
    assert "Редакція вже має власника." in person.all
    assert "start=c_" not in person.all
